// SPDX-License-Identifier: Apache-2.0
//
// The audit log, the newest first: who changed what, and who looked at names. The address is the view; pages go by a line's number, so that
// lines which arrive meanwhile move nothing. The hub checks the chain; this page only asks it to.

import { useState } from "preact/hooks";
import { accessApi, type AuditLine, type ChainCheck } from "../access/api";
import { Badge } from "../components/badge";
import { Empty } from "../components/empty";
import { Icon } from "../components/icon";
import { PageHead } from "../components/page-head";
import { ProblemNote } from "../components/problem-note";
import { Table, type Column } from "../components/table";
import { TypedField } from "../components/typed-field";
import { fullTime, number, shortTime } from "../format";
import { t } from "../language";
import { asProblem, type Problem } from "../problem";
import { useResource } from "../resource";
import { addressOf, goTo, place } from "../router";
import { useStore } from "../store";

/** What an action's word begins with; each has a text. */
const areas = [
    "session", "users", "roles", "tenants", "tokens", "jobs", "violations", "agents", "devices", "policies", "groups",
    "accounts", "prices", "directory", "quotas", "alerts", "alert-rules", "alert-channels", "mail-server", "reports", "issued", "receipt-plans", "sso",
] as const;
const pageSize = 100;

const dayStart = (day: string): string => new Date(`${day}T00:00:00`).toISOString();
const dayEnd = (day: string): string => {
    const next = new Date(`${day}T00:00:00`);
    next.setDate(next.getDate() + 1);
    return next.toISOString();
};

/** The hub's question from the page's address; days are those of the browser's zone. */
export function auditQuery(view: URLSearchParams): URLSearchParams {
    const query = new URLSearchParams();
    for (const name of ["who", "action"]) if (view.get(name)) query.set(name, view.get(name)!);
    const [from, to] = [view.get("from"), view.get("to")].map((day) => (day && /^\d{4}-\d\d-\d\d$/.test(day) && !Number.isNaN(Date.parse(day)) ? day : ""));
    if (from) query.set("from", dayStart(from));
    if (to) query.set("to", dayEnd(to));
    return query;
}

export function Audit() {
    const view = useStore(place).query;
    const query = auditQuery(view);
    const asked = new URLSearchParams(query);
    asked.set("limit", String(pageSize));
    if (view.get("before")) asked.set("before", view.get("before")!);
    const list = useResource(asked.toString(), (signal) => accessApi.audit(asked.toString(), signal));
    const rows = list.value?.items ?? [];
    const filtered = query.size > 0;

    function show(change: Record<string, string>, replace = false): void {
        const next = new URLSearchParams(view);
        next.delete("before");
        for (const [name, value] of Object.entries(change)) value ? next.set(name, value) : next.delete(name);
        goTo(addressOf("/audit", next), { replace });
    }

    return (
        <>
            <PageHead title={t("page.audit")}>
                <div class="head-acts">
                    <a class="button" href={accessApi.auditCsv(query.toString())} download="audit.csv">
                        <Icon name="download" />
                        {t("audit.csv")}
                    </a>
                </div>
            </PageHead>
            <Chain />
            <search class="filters filters-open">
                <span class="search">
                    <Icon name="search" />
                    <TypedField label={t("audit.who")} value={view.get("who") ?? ""} onValue={(who) => show({ who }, true)} />
                    <kbd aria-hidden="true">/</kbd>
                </span>
                <select aria-label={t("audit.area")} value={view.get("action") ?? ""} class={view.get("action") ? "set" : ""} onChange={(event) => show({ action: event.currentTarget.value })}>
                    <option value="">{t("audit.area.any")}</option>
                    {areas.map((area) => (
                        <option key={area} value={area}>
                            {t(`area.${area}`)}
                        </option>
                    ))}
                </select>
                {(["from", "to"] as const).map((name) => (
                    <label key={name} class="field-inline">
                        <span>{t(`audit.${name}`)}</span>
                        <input type="date" value={view.get(name) ?? ""} onChange={(event) => show({ [name]: event.currentTarget.value })} />
                    </label>
                ))}
            </search>
            {list.problem && <ProblemNote problem={list.problem} retry={list.reload} />}
            {!list.value && !list.problem && <p class="quiet-start">{t("loading")}</p>}
            {list.value && rows.length === 0 && (
                <Empty icon="filter" title={t("audit.none")}>
                    <p>{t(filtered ? "audit.none.filtered" : "audit.none.text")}</p>
                </Empty>
            )}
            {rows.length > 0 && (
                <>
                    <Table<AuditLine>
                        name="audit"
                        label={t("page.audit")}
                        columns={auditColumns()}
                        rows={rows}
                        keyOf={(line) => String(line.seq)}
                        sort={{ by: "", order: "asc" }}
                        onSort={() => undefined}
                        busy={list.busy}
                    />
                    <nav class="pager" aria-label={t("pager")}>
                        <p class="pager-range" role="status">
                            {t("audit.range", { first: number(rows[0]!.seq), last: number(rows.at(-1)!.seq) })}
                        </p>
                        <div class="pager-steps">
                            <button type="button" class="button" disabled={!view.get("before")} onClick={() => show({})}>
                                {t("audit.newest")}
                            </button>
                            <button type="button" class="button" disabled={!list.value?.next} onClick={() => show({ before: String(list.value?.next) })}>
                                {t("audit.older")}
                            </button>
                        </div>
                    </nav>
                </>
            )}
        </>
    );
}

/** The hub checks every line against the one before; what it found stays in sight. */
function Chain() {
    const [found, setFound] = useState<ChainCheck | null>(null);
    const [problem, setProblem] = useState<Problem | null>(null);
    const [busy, setBusy] = useState(false);

    async function check(): Promise<void> {
        setBusy(true);
        setProblem(null);
        setFound(null);
        try {
            setFound(await accessApi.checkChain());
        } catch (error) {
            setProblem(asProblem(error));
        }
        setBusy(false);
    }

    return (
        <section class="chain" aria-label={t("audit.chain")}>
            <button type="button" class="button" disabled={busy} onClick={() => void check()}>
                {t(busy ? "audit.checking" : "audit.check")}
            </button>
            <div class="chain-result" role="status">
                {!found && !problem && <span class="soft">{t("audit.chain.text")}</span>}
                {found?.whole && (
                    <>
                        <Badge tone="good" text={t("audit.whole")} />
                        <span>
                            {t("audit.whole.text", { n: number(found.lines ?? 0) }, found.lines ?? 0)} {found.from > 1 && t("audit.from.text", { n: number(found.from) })}
                        </span>
                    </>
                )}
                {found && !found.whole && (
                    <>
                        <Badge tone="bad" text={t("audit.broken")} />
                        <span>{t("audit.broken.text", { n: number(found.wrong ?? 0) })}</span>
                    </>
                )}
            </div>
            {problem && <ProblemNote problem={problem} retry={() => void check()} />}
        </section>
    );
}

function auditColumns(): Column<AuditLine>[] {
    const how = (line: AuditLine): string => [line.how, line.address].filter(Boolean).join(" · ");
    return [
        { id: "seq", title: t("audit.seq"), kind: "number", cell: (line) => number(line.seq) },
        {
            id: "at",
            title: t("audit.at"),
            cell: (line) => (
                <time dateTime={line.at} title={fullTime(line.at)}>
                    {shortTime(line.at)}
                </time>
            ),
        },
        { id: "who", title: t("audit.who.column"), cell: (line) => line.who, whole: (line) => line.who ?? undefined },
        { id: "action", title: t("audit.action"), cell: (line) => <code>{line.action}</code>, whole: (line) => line.action },
        { id: "object", title: t("audit.object"), cell: (line) => line.object, whole: (line) => line.object ?? undefined },
        { id: "detail", title: t("audit.detail"), cell: (line) => line.detail, whole: (line) => line.detail ?? undefined },
        { id: "how", title: t("audit.how"), cell: how, whole: how },
    ];
}
