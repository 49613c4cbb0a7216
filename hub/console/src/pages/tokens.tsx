// SPDX-License-Identifier: Apache-2.0
//
// API tokens: one's own, or those of everybody in the scope for who manages users. The secret is shown once, when a token is made.

import { useState } from "preact/hooks";
import { accessApi, type Token } from "../access/api";
import { RightsChoice } from "../access/rights-choice";
import { ownRights, rightWord } from "../access/words";
import { useNow } from "../clock";
import { Badge } from "../components/badge";
import { ConfirmDialog } from "../components/confirm-dialog";
import { Dialog } from "../components/dialog";
import { Empty } from "../components/empty";
import { FormDialog } from "../components/form-dialog";
import { PageHead } from "../components/page-head";
import { ProblemNote } from "../components/problem-note";
import { SecretOnce } from "../components/secret-once";
import { Table, type Column } from "../components/table";
import { toast } from "../components/toast";
import { date, fullTime, number, relative } from "../format";
import { t } from "../language";
import { useResource } from "../resource";

const terms = [7, 30, 90, 365, 730] as const;

type Open = { kind: "add" } | { kind: "secret"; label: string; secret: string } | { kind: "revoke"; token: Token };

export function Tokens() {
    const list = useResource("tokens", (signal) => accessApi.tokens(signal));
    const [open, setOpen] = useState<Open | null>(null);
    const now = useNow(60_000);
    const all = list.value?.items ?? [];

    return (
        <>
            <PageHead title={t("page.tokens")}>
                <div class="head-acts">
                    <button type="button" class="button button-primary" onClick={() => setOpen({ kind: "add" })}>
                        {t("tokens.add")}
                    </button>
                </div>
            </PageHead>
            <p class="lead page-lead">{t("tokens.text")}</p>
            {list.problem && <ProblemNote problem={list.problem} retry={list.reload} />}
            {!list.value && !list.problem && <p class="quiet-start">{t("loading")}</p>}
            {list.value && all.length === 0 && (
                <Empty icon="key" title={t("tokens.none")}>
                    <p>{t("tokens.none.text")}</p>
                </Empty>
            )}
            {all.length > 0 && (
                <Table<Token>
                    name="tokens"
                    label={t("page.tokens")}
                    columns={tokenColumns(now, (token) => setOpen({ kind: "revoke", token }))}
                    rows={all}
                    keyOf={(token) => token.id}
                    sort={{ by: "", order: "asc" }}
                    onSort={() => undefined}
                    busy={list.busy && !list.value}
                />
            )}
            {open?.kind === "add" && (
                <TokenDialog
                    close={() => setOpen(null)}
                    made={(label, secret) => {
                        list.reload();
                        setOpen({ kind: "secret", label, secret });
                    }}
                />
            )}
            {open?.kind === "secret" && (
                <Dialog title={open.label} close={() => setOpen(null)}>
                    <SecretOnce label={t("tokens.token")} secret={open.secret} why={t("tokens.once")} />
                </Dialog>
            )}
            {open?.kind === "revoke" && (
                <ConfirmDialog
                    title={t("tokens.revoke.of", { label: open.token.label })}
                    act={t("revoke")}
                    run={() => accessApi.revokeToken(open.token.id)}
                    close={(done) => {
                        setOpen(null);
                        if (!done) return;
                        toast(t("tokens.revoked.done", { label: open.token.label }));
                        list.reload();
                    }}
                >
                    <p>{t("tokens.revoke.text")}</p>
                </ConfirmDialog>
            )}
        </>
    );
}

function tokenColumns(now: number, revoke: (token: Token) => void): Column<Token>[] {
    const over = (token: Token): boolean => token.expires !== null && Date.parse(token.expires) <= now;
    return [
        { id: "label", title: t("tokens.label"), cell: (token) => <strong>{token.label}</strong>, whole: (token) => token.label },
        { id: "user", title: t("tokens.user"), cell: (token) => token.user, whole: (token) => token.user },
        { id: "rights", title: t("rights"), cell: (token) => token.rights.map(rightWord).join(", "), whole: (token) => token.rights.map(rightWord).join(", ") },
        {
            id: "state",
            title: t("users.state"),
            cell: (token) =>
                token.revoked ? <Badge tone="bad" text={t("tokens.revoked")} /> : over(token) ? <Badge tone="warn" text={t("tokens.over")} /> : <Badge tone="good" text={t("tokens.good")} />,
        },
        { id: "expires", title: t("tokens.expires"), cell: (token) => token.expires && date(token.expires), whole: (token) => (token.expires ? fullTime(token.expires) : undefined) },
        { id: "used", title: t("tokens.used"), cell: (token) => (token.last_used ? relative(token.last_used, now) : t("users.seen.never")) },
        {
            id: "act",
            title: t("agent.act"),
            cell: (token) =>
                !token.revoked && (
                    <button type="button" class="button button-small" aria-label={t("tokens.revoke.of", { label: token.label })} onClick={() => revoke(token)}>
                        {t("revoke")}
                    </button>
                ),
        },
    ];
}

function TokenDialog(props: { close(): void; made(label: string, secret: string): void }) {
    const [label, setLabel] = useState("");
    const [days, setDays] = useState<number>(90);
    const [rights, setRights] = useState<string[]>([]);

    async function send(): Promise<void> {
        const made = await accessApi.addToken({ label: label.trim(), rights, days });
        props.made(made.item.label, made.token);
    }

    return (
        <FormDialog title={t("tokens.add")} submit={t("users.create")} ready={rights.length > 0} close={props.close} send={send}>
            <label class="field">
                <span>{t("tokens.label")}</span>
                <input value={label} required maxLength={64} placeholder={t("tokens.label.hint")} onInput={(event) => setLabel(event.currentTarget.value)} />
            </label>
            <label class="field">
                <span>{t("tokens.term")}</span>
                <select value={days} onChange={(event) => setDays(Number(event.currentTarget.value))}>
                    {terms.map((one) => (
                        <option key={one} value={one}>
                            {t("tokens.days", { n: number(one) })}
                        </option>
                    ))}
                </select>
            </label>
            <RightsChoice all={ownRights()} chosen={rights} change={setRights} />
        </FormDialog>
    );
}
