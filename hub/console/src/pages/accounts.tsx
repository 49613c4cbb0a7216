// SPDX-License-Identifier: Apache-2.0
//
// What jobs are charged to: clients, matters, projects. By hand or by CSV; a PIN is typed here and never shown.

import { useRef, useState } from "preact/hooks";
import { Badge } from "../components/badge";
import { ConfirmDialog } from "../components/confirm-dialog";
import { Empty } from "../components/empty";
import { FormDialog } from "../components/form-dialog";
import { Icon } from "../components/icon";
import { Link } from "../components/link";
import { PageHead } from "../components/page-head";
import { ProblemNote } from "../components/problem-note";
import { Table, type Column } from "../components/table";
import { toast } from "../components/toast";
import { TypedField } from "../components/typed-field";
import { number } from "../format";
import { t } from "../language";
import { policyApi, type Account } from "../policy/api";
import { TenantChoice, TenantGate } from "../policy/state";
import { tOf } from "../policy/words";
import { asProblem, type Problem } from "../problem";
import { useResource } from "../resource";
import { holds } from "../session";

const shownAtOnce = 500;

export function Accounts() {
    return <TenantGate title={t("page.accounts")}>{(tenant, tenants) => <AccountList key={tenant} tenant={tenant} tenants={tenants} />}</TenantGate>;
}

function AccountList(props: { tenant: string; tenants: readonly string[] }) {
    const { tenant } = props;
    const list = useResource(tenant, (signal) => policyApi.accounts(tenant, signal));
    const [search, setSearch] = useState("");
    const [editing, setEditing] = useState<Account | "new" | null>(null);
    const [removing, setRemoving] = useState<Account | null>(null);
    const change = holds("accounts.change");
    const [problem, setProblem] = useState<Problem | null>(null);
    const file = useRef<HTMLInputElement>(null);
    const all = list.value?.items ?? [];
    const wanted = search.toLowerCase();
    const rows = all.filter((one) => `${one.code} ${one.name} ${one.parent ?? ""}`.toLowerCase().includes(wanted));

    async function load(input: HTMLInputElement): Promise<void> {
        const csv = await input.files?.[0]?.text();
        input.value = "";
        if (csv === undefined) return;
        try {
            const done = await policyApi.importAccounts(tenant, csv);
            toast(t("accounts.imported", { added: number(done.added), changed: number(done.changed) }));
            setProblem(null);
            list.reload();
        } catch (error) {
            setProblem(asProblem(error));
        }
    }

    const columns: Column<Account>[] = [
        { id: "code", title: t("accounts.code"), cell: (one) => (holds("jobs") ? <Link to={`/jobs?${new URLSearchParams({ account: one.code })}`}><code>{one.code}</code></Link> : <code>{one.code}</code>), whole: (one) => one.code },
        { id: "name", title: t("accounts.name"), cell: (one) => one.name, whole: (one) => one.name },
        { id: "kind", title: t("accounts.kind"), cell: (one) => tOf("policy.word", one.kind) },
        { id: "parent", title: t("accounts.parent"), cell: (one) => one.parent && <code>{one.parent}</code> },
        { id: "pin", title: t("accounts.pin"), cell: (one) => one.pin && <Badge tone="plain" text={t("accounts.pin.set")} /> },
    ];
    if (change) {
        columns.push({
            id: "act",
            title: t("agent.act"),
            cell: (one) => (
                <span class="row-acts">
                    <button type="button" class="button button-small" aria-label={t("accounts.edit.of", { name: one.name })} onClick={() => setEditing(one)}>
                        {t("accounts.edit")}
                    </button>
                    <button type="button" class="button button-small" aria-label={t("accounts.remove.of", { name: one.name })} onClick={() => setRemoving(one)}>
                        {t("accounts.remove")}
                    </button>
                </span>
            ),
        });
    }

    return (
        <>
            <PageHead title={t("page.accounts")}>
                <div class="head-acts">
                    <TenantChoice tenant={tenant} tenants={props.tenants} path="/accounts" />
                    {change && (
                        <>
                            <input ref={file} type="file" accept=".csv,text/csv" class="sr-only" aria-label={t("accounts.import")} tabIndex={-1} onChange={(event) => void load(event.currentTarget)} />
                            <button type="button" class="button" onClick={() => file.current?.click()}>
                                {t("accounts.import")}
                            </button>
                        </>
                    )}
                    <a class="button" href={policyApi.accountsCsv(tenant)} download="accounts.csv">
                        {t("accounts.export")}
                    </a>
                    {change && (
                        <button type="button" class="button button-primary" onClick={() => setEditing("new")}>
                            {t("accounts.add")}
                        </button>
                    )}
                </div>
            </PageHead>
            {problem && <ProblemNote problem={problem} />}
            {list.problem && <ProblemNote problem={list.problem} retry={list.reload} />}
            {list.value && all.length === 0 && (
                <Empty icon="table" title={t("accounts.none")}>
                    <p>{t(change ? "accounts.none.text" : "accounts.readonly")}</p>
                    {change && (
                        <p>
                            <code>code,name,kind,parent,pin</code>
                        </p>
                    )}
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
            {removing && (
                <ConfirmDialog
                    title={t("accounts.remove.of", { name: removing.name })}
                    act={t("accounts.remove")}
                    run={() => policyApi.removeAccount(tenant, removing.code)}
                    close={(gone) => {
                        setRemoving(null);
                        if (!gone) return;
                        toast(t("accounts.removed", { name: removing.name }));
                        list.reload();
                    }}
                >
                    <p>{t("accounts.remove.text")}</p>
                </ConfirmDialog>
            )}
        </>
    );
}

function AccountDialog(props: { tenant: string; account: Account | null; all: readonly Account[]; close(saved: string | null): void }) {
    const { account } = props;
    const [form, setForm] = useState({ code: account?.code ?? "", name: account?.name ?? "", kind: account?.kind ?? "client", parent: account?.parent ?? "", pin: "" });
    const [off, setOff] = useState(false); // the PIN is to go
    const put = (change: Partial<typeof form>): void => setForm({ ...form, ...change });
    async function send(): Promise<void> {
        await policyApi.putAccount(props.tenant, off ? { ...form, pin: "-" } : form);
        props.close(form.name);
    }
    return (
        <FormDialog title={t(account ? "accounts.edit" : "accounts.add")} submit={t("policy.save.short")} close={() => props.close(null)} send={send}>
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
                <input type="password" autocomplete="new-password" value={off ? "" : form.pin} disabled={off} minLength={4} maxLength={32} onInput={(event) => put({ pin: event.currentTarget.value })} />
            </label>
            {account?.pin && (
                <label class="check">
                    <input type="checkbox" checked={off} onChange={(event) => setOff(event.currentTarget.checked)} />
                    <span>{t("accounts.pin.off")}</span>
                </label>
            )}
        </FormDialog>
    );
}
