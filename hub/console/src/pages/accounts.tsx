// SPDX-License-Identifier: Apache-2.0
//
// What jobs are charged to: clients, matters, projects. By hand or by CSV; a PIN is typed here and never shown.

import { useRef, useState } from "preact/hooks";
import { Badge } from "../components/badge";
import { Dialog } from "../components/dialog";
import { Empty } from "../components/empty";
import { Icon } from "../components/icon";
import { PageHead } from "../components/page-head";
import { ProblemNote } from "../components/problem-note";
import { Table, type Column } from "../components/table";
import { toast } from "../components/toast";
import { TypedField } from "../components/typed-field";
import { number } from "../format";
import { t } from "../language";
import { policyApi, type Account } from "../policy/api";
import { TenantChoice, useTenant } from "../policy/state";
import { tOf } from "../policy/words";
import { asProblem, type Problem } from "../problem";
import { useResource } from "../resource";

const shownAtOnce = 500;

export function Accounts() {
    const { tenant, tenants, list } = useTenant();
    if (list.problem) return <ProblemNote problem={list.problem} retry={list.reload} />;
    if (!list.value) return <p class="quiet-start">{t("loading")}</p>;
    if (!tenant) {
        return (
            <>
                <PageHead title={t("page.accounts")} />
                <Empty icon="agents" title={t("policy.no.tenant")}>
                    <p>{t("policy.no.tenant.text")}</p>
                </Empty>
            </>
        );
    }
    return <AccountList key={tenant} tenant={tenant} tenants={tenants} />;
}

function AccountList(props: { tenant: string; tenants: readonly string[] }) {
    const { tenant } = props;
    const list = useResource(tenant, (signal) => policyApi.accounts(tenant, signal));
    const [search, setSearch] = useState("");
    const [editing, setEditing] = useState<Account | "new" | null>(null);
    const [problem, setProblem] = useState<Problem | null>(null);
    const file = useRef<HTMLInputElement>(null);
    const all = list.value?.items ?? [];
    const wanted = search.toLowerCase();
    const rows = all.filter((one) => `${one.code} ${one.name} ${one.parent ?? ""}`.toLowerCase().includes(wanted));

    async function attempt(what: () => Promise<string>): Promise<void> {
        try {
            toast(await what());
            setProblem(null);
            list.reload();
        } catch (error) {
            setProblem(asProblem(error));
        }
    }
    async function load(input: HTMLInputElement): Promise<void> {
        const csv = await input.files?.[0]?.text();
        input.value = "";
        if (csv === undefined) return;
        await attempt(async () => {
            const done = await policyApi.importAccounts(tenant, csv);
            return t("accounts.imported", { added: number(done.added), changed: number(done.changed) });
        });
    }

    const columns: Column<Account>[] = [
        { id: "code", title: t("accounts.code"), cell: (one) => <code>{one.code}</code>, whole: (one) => one.code },
        { id: "name", title: t("accounts.name"), cell: (one) => one.name, whole: (one) => one.name },
        { id: "kind", title: t("accounts.kind"), cell: (one) => tOf("policy.word", one.kind) },
        { id: "parent", title: t("accounts.parent"), cell: (one) => one.parent && <code>{one.parent}</code> },
        { id: "pin", title: t("accounts.pin"), cell: (one) => one.pin && <Badge tone="plain" text={t("accounts.pin.set")} /> },
        {
            id: "act",
            title: t("agent.act"),
            cell: (one) => (
                <span class="row-acts">
                    <button type="button" class="button button-small" aria-label={t("accounts.edit.of", { name: one.name })} onClick={() => setEditing(one)}>
                        {t("accounts.edit")}
                    </button>
                    <button
                        type="button"
                        class="button button-small"
                        aria-label={t("accounts.remove.of", { name: one.name })}
                        onClick={() => void attempt(() => policyApi.removeAccount(tenant, one.code).then(() => t("accounts.removed", { name: one.name })))}
                    >
                        {t("accounts.remove")}
                    </button>
                </span>
            ),
        },
    ];

    return (
        <>
            <PageHead title={t("page.accounts")}>
                <div class="head-acts">
                    <TenantChoice tenant={tenant} tenants={props.tenants} path="/accounts" />
                    <input ref={file} type="file" accept=".csv,text/csv" class="sr-only" aria-label={t("accounts.import")} tabIndex={-1} onChange={(event) => void load(event.currentTarget)} />
                    <button type="button" class="button" onClick={() => file.current?.click()}>
                        {t("accounts.import")}
                    </button>
                    <a class="button" href={policyApi.accountsCsv(tenant)} download="accounts.csv">
                        {t("accounts.export")}
                    </a>
                    <button type="button" class="button button-primary" onClick={() => setEditing("new")}>
                        {t("accounts.add")}
                    </button>
                </div>
            </PageHead>
            {problem && <ProblemNote problem={problem} />}
            {list.problem && <ProblemNote problem={list.problem} retry={list.reload} />}
            {list.value && all.length === 0 && (
                <Empty icon="table" title={t("accounts.none")}>
                    <p>{t("accounts.none.text")}</p>
                    <p>
                        <code>code,name,kind,parent,pin</code>
                    </p>
                </Empty>
            )}
            {all.length > 0 && (
                <>
                    <search class="filters filters-open">
                        <span class="search">
                            <Icon name="search" />
                            <TypedField label={t("accounts.search")} value={search} onValue={setSearch} />
                            <kbd aria-hidden="true">/</kbd>
                        </span>
                    </search>
                    <Table<Account>
                        name="accounts"
                        label={t("page.accounts")}
                        columns={columns}
                        rows={rows.slice(0, shownAtOnce)}
                        keyOf={(one) => one.code}
                        sort={{ by: "", order: "asc" }}
                        onSort={() => undefined}
                        busy={list.busy && !list.value}
                    />
                    <p class="soft">{t("accounts.shown", { n: number(Math.min(rows.length, shownAtOnce)), all: number(all.length) })}</p>
                </>
            )}
            {editing && (
                <AccountDialog
                    tenant={tenant}
                    account={editing === "new" ? null : editing}
                    all={all}
                    close={(name) => {
                        setEditing(null);
                        if (!name) return;
                        toast(t("accounts.saved", { name }));
                        list.reload();
                    }}
                />
            )}
        </>
    );
}

function AccountDialog(props: { tenant: string; account: Account | null; all: readonly Account[]; close(saved: string | null): void }) {
    const { account } = props;
    const [problem, setProblem] = useState<Problem | null>(null);
    const [form, setForm] = useState({ code: account?.code ?? "", name: account?.name ?? "", kind: account?.kind ?? "client", parent: account?.parent ?? "", pin: "" });
    const put = (change: Partial<typeof form>): void => setForm({ ...form, ...change });
    async function save(event: Event): Promise<void> {
        event.preventDefault();
        try {
            await policyApi.putAccount(props.tenant, form);
            props.close(form.name);
        } catch (error) {
            setProblem(asProblem(error));
        }
    }
    return (
        <Dialog title={t(account ? "accounts.edit" : "accounts.add")} close={() => props.close(null)}>
            <form class="publish" autocomplete="off" onSubmit={(event) => void save(event)}>
                {problem && <ProblemNote problem={problem} />}
                <label class="field">
                    <span>{t("accounts.code")}</span>
                    <input value={form.code} readOnly={account !== null} required maxLength={64} onInput={(event) => put({ code: event.currentTarget.value })} />
                </label>
                <label class="field">
                    <span>{t("accounts.name")}</span>
                    <input value={form.name} required maxLength={200} onInput={(event) => put({ name: event.currentTarget.value })} />
                </label>
                <label class="field">
                    <span>{t("accounts.kind")}</span>
                    <select value={form.kind} onChange={(event) => put({ kind: event.currentTarget.value as Account["kind"] })}>
                        {["client", "matter", "project"].map((kind) => (
                            <option key={kind} value={kind}>
                                {tOf("policy.word", kind)}
                            </option>
                        ))}
                    </select>
                </label>
                <label class="field">
                    <span>{t("accounts.parent")}</span>
                    <input value={form.parent} list="account-codes" maxLength={64} onInput={(event) => put({ parent: event.currentTarget.value })} />
                    <datalist id="account-codes">
                        {props.all.slice(0, shownAtOnce).map((one) => (
                            <option key={one.code} value={one.code}>
                                {one.name}
                            </option>
                        ))}
                    </datalist>
                </label>
                <label class="field">
                    <span>{t(account?.pin ? "accounts.pin.keep" : "accounts.pin")}</span>
                    <input type="password" autocomplete="new-password" value={form.pin} minLength={4} maxLength={32} onInput={(event) => put({ pin: event.currentTarget.value })} />
                </label>
                <footer class="dialog-acts">
                    <button type="button" class="button" onClick={() => props.close(null)}>
                        {t("cancel")}
                    </button>
                    <button type="submit" class="button button-primary">
                        {t("policy.save.short")}
                    </button>
                </footer>
            </form>
        </Dialog>
    );
}
