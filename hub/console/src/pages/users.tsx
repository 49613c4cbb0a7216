// SPDX-License-Identifier: Apache-2.0
//
// Who may sign in, with which role and for which tenant. What the hub would refuse is not offered: one's own account, and accounts that
// hold more than oneself.

import { useState } from "preact/hooks";
import { accessApi, type User } from "../access/api";
import { levelWord, ownName, rightsOfName, roleWord, within } from "../access/words";
import { useNow } from "../clock";
import { Badge } from "../components/badge";
import { ConfirmDialog } from "../components/confirm-dialog";
import { Dialog } from "../components/dialog";
import { Empty } from "../components/empty";
import { Icon } from "../components/icon";
import { PageHead } from "../components/page-head";
import { ProblemNote } from "../components/problem-note";
import { SecretOnce } from "../components/secret-once";
import { Table, type Column } from "../components/table";
import { toast } from "../components/toast";
import { TypedField } from "../components/typed-field";
import { fullTime, relative } from "../format";
import { t } from "../language";
import { useResource } from "../resource";
import { UserDialog } from "./user-dialog";

type Open = { kind: "edit"; user: User | null } | { kind: "reset" | "remove"; user: User } | { kind: "password"; name: string; secret: string };

export function Users() {
    const list = useResource("users", (signal) => accessApi.users(signal));
    const [search, setSearch] = useState("");
    const [open, setOpen] = useState<Open | null>(null);
    const now = useNow(60_000);
    const wanted = search.toLowerCase();
    const all = list.value?.items ?? [];
    const rows = all.filter((user) => `${user.name} ${roleWord(user.role)} ${user.tenant ?? ""}`.toLowerCase().includes(wanted));

    function done(text: string): void {
        toast(text);
        setOpen(null);
        list.reload();
    }

    return (
        <>
            <PageHead title={t("page.users")}>
                <div class="head-acts">
                    <button type="button" class="button button-primary" onClick={() => setOpen({ kind: "edit", user: null })}>
                        {t("users.add")}
                    </button>
                </div>
            </PageHead>
            {list.problem && <ProblemNote problem={list.problem} retry={list.reload} />}
            {!list.value && !list.problem && <p class="quiet-start">{t("loading")}</p>}
            {all.length > 0 && (
                <search class="filters filters-open">
                    <span class="search">
                        <Icon name="search" />
                        <TypedField label={t("users.search")} value={search} onValue={setSearch} />
                        <kbd aria-hidden="true">/</kbd>
                    </span>
                </search>
            )}
            {all.length > 0 && rows.length === 0 && (
                <Empty icon="filter" title={t("users.none")}>
                    <p>{t("users.none.text")}</p>
                </Empty>
            )}
            {rows.length > 0 && (
                <Table<User>
                    name="users"
                    label={t("page.users")}
                    columns={userColumns(now, setOpen)}
                    rows={rows}
                    keyOf={(user) => user.name}
                    sort={{ by: "", order: "asc" }}
                    onSort={() => undefined}
                    busy={list.busy && !list.value}
                />
            )}
            {open?.kind === "edit" && (
                <UserDialog
                    user={open.user}
                    close={() => setOpen(null)}
                    saved={(name) => done(t("users.saved", { name }))}
                    made={({ user, one_time_password }) => {
                        list.reload();
                        setOpen({ kind: "password", name: user.name, secret: one_time_password });
                    }}
                />
            )}
            {open?.kind === "reset" && <ResetDialog user={open.user} close={() => setOpen(null)} made={(secret) => setOpen({ kind: "password", name: open.user.name, secret })} />}
            {open?.kind === "remove" && (
                <ConfirmDialog
                    title={t("users.remove.of", { name: open.user.name })}
                    act={t("users.remove")}
                    run={() => accessApi.removeUser(open.user.name)}
                    close={(gone) => (gone ? done(t("users.removed", { name: open.user.name })) : setOpen(null))}
                >
                    <p>{t("users.remove.text")}</p>
                </ConfirmDialog>
            )}
            {open?.kind === "password" && (
                <Dialog title={t("users.password.of", { name: open.name })} close={() => (setOpen(null), list.reload())}>
                    <SecretOnce label={t("password.onetime")} secret={open.secret} why={t("users.password.why")} />
                </Dialog>
            )}
        </>
    );
}

function ResetDialog(props: { user: User; close(): void; made(secret: string): void }) {
    const { name } = props.user;
    let secret = "";
    return (
        <ConfirmDialog
            title={t("users.reset.of", { name })}
            act={t("users.reset")}
            run={async () => (secret = (await accessApi.resetUser(name)).one_time_password)}
            close={(given) => (given ? props.made(secret) : props.close())}
        >
            <p>{t("users.reset.text")}</p>
        </ConfirmDialog>
    );
}

function userColumns(now: number, open: (what: Open) => void): Column<User>[] {
    return [
        { id: "name", title: t("users.name"), cell: (user) => <UserName user={user} />, whole: (user) => user.name },
        { id: "role", title: t("users.role"), cell: (user) => roleWord(user.role), whole: (user) => user.rights.join(", ") },
        { id: "tenant", title: t("tenant"), cell: (user) => user.tenant ?? levelWord("operator"), whole: (user) => user.tenant ?? levelWord("operator") },
        { id: "state", title: t("users.state"), cell: (user) => <UserState user={user} /> },
        { id: "factor", title: t("users.factor"), cell: (user) => user.second_factor && <Badge tone="good" text={t("users.factor.on")} /> },
        {
            id: "seen",
            title: t("users.seen"),
            cell: (user) =>
                user.last_sign_in ? (
                    <time dateTime={user.last_sign_in} title={fullTime(user.last_sign_in)}>
                        {relative(user.last_sign_in, now)}
                    </time>
                ) : (
                    t("users.seen.never")
                ),
        },
        { id: "act", title: t("agent.act"), cell: (user) => <UserActs user={user} open={open} /> },
    ];
}

function UserName(props: { user: User }) {
    const { name, print_names } = props.user;
    return (
        <span class="alert-where">
            <strong>{name}</strong>
            {print_names > 0 && <small class="soft">{t("names.count", { n: print_names }, print_names)}</small>}
        </span>
    );
}

function UserState(props: { user: User }) {
    const { disabled, must_change_password } = props.user;
    if (disabled) return <Badge tone="bad" text={t("users.state.disabled")} />;
    if (must_change_password) return <Badge tone="warn" text={t("users.state.onetime")} title={t("users.state.onetime.why")} />;
    return <Badge tone="good" text={t("users.state.active")} />;
}

function UserActs(props: { user: User; open(what: Open): void }) {
    const { user, open } = props;
    if (user.name === ownName()) return <span class="soft">{t("users.own")}</span>;
    if (!within(user.rights) || (user.print_names > 0 && !within(rightsOfName))) return <span class="soft">{t("users.more")}</span>;
    const acts = [
        { kind: "edit", text: t("change"), label: t("users.change.of", { name: user.name }) },
        { kind: "reset", text: t("users.reset.short"), label: t("users.reset.of", { name: user.name }) },
        { kind: "remove", text: t("users.remove"), label: t("users.remove.of", { name: user.name }) },
    ] as const;
    return (
        <span class="row-acts">
            {acts.map(({ kind, text, label }) => (
                <button key={kind} type="button" class="button button-small" aria-label={label} onClick={() => open({ kind, user })}>
                    {text}
                </button>
            ))}
        </span>
    );
}
