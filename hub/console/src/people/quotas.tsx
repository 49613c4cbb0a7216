// SPDX-License-Identifier: Apache-2.0
//
// Who has used what of which quota: what each set in force allows, and a row for everybody who used some.

import { useState } from "preact/hooks";
import { Empty } from "../components/empty";
import { Icon } from "../components/icon";
import { Link } from "../components/link";
import { ProblemNote } from "../components/problem-note";
import { Table, type Column } from "../components/table";
import { TypedField } from "../components/typed-field";
import { date, number } from "../format";
import { t } from "../language";
import { useResource } from "../resource";
import { holds } from "../session";
import { peopleApi, type Quota, type QuotaUse } from "./api";
import { GiveDialog } from "./give-dialog";
import { QuotaMeter } from "./quota-meter";
import { WhoDialog } from "./who-dialog";
import { quotaWords, shareOf, unitsText } from "./words";

const shownAtOnce = 500;

export const personAddress = (tenant: string, user: string): string => `/people?${new URLSearchParams({ tenant, user })}`;

export function QuotasView(props: { tenant: string }) {
    const list = useResource(props.tenant, (signal) => peopleApi.quotas(props.tenant, signal));
    const [chosen, setChosen] = useState("");
    const [search, setSearch] = useState("");
    const [giving, setGiving] = useState<{ quota: Quota; owner: string | null; use?: QuotaUse } | null>(null);
    if (list.problem) return <ProblemNote problem={list.problem} retry={list.reload} />;
    if (!list.value) return <p class="quiet-start">{t("loading")}</p>;
    const { quotas, items, more } = list.value;
    const wanted = search.toLowerCase();
    const rows = items
        .filter((use) => (!chosen || use.quota === chosen) && (use.owner ?? "").toLowerCase().includes(wanted))
        .sort((a, b) => shareOf(b) - shareOf(a));
    if (quotas.length === 0 && items.length === 0) {
        return (
            <Empty icon="chart" title={t("quota.none")}>
                <p>{t("quota.none.text")}</p>
                <Link to={`/policies?${new URLSearchParams({ tenant: props.tenant })}`}>{t("quota.none.go")}</Link>
            </Empty>
        );
    }
    return (
        <>
            <ul class="sets">
                {quotas.map((quota) => (
                    <QuotaCard key={quota.quota} quota={quota} used={items.filter((use) => use.quota === quota.quota).length} give={() => setGiving({ quota, owner: quota.of === "group" ? null : "" })} />
                ))}
            </ul>
            <search class="filters filters-open">
                <span class="search">
                    <Icon name="search" />
                    <TypedField label={t("quota.search")} value={search} onValue={setSearch} />
                    <kbd aria-hidden="true">/</kbd>
                </span>
                <select aria-label={t("policy.quota")} class={chosen ? "set" : ""} value={chosen} onChange={(event) => setChosen(event.currentTarget.value)}>
                    <option value="">{t("quota.any")}</option>
                    {[...new Set([...quotas, ...items].map((one) => one.quota))].map((name) => (
                        <option key={name} value={name}>
                            {name}
                        </option>
                    ))}
                </select>
            </search>
            {rows.length === 0 && <p class="soft">{t(items.length ? "quota.rows.filtered" : "quota.rows.none")}</p>}
            {rows.length > 0 && <QuotaTable tenant={props.tenant} quotas={quotas} rows={rows.slice(0, shownAtOnce)} give={(quota, use) => setGiving({ quota, owner: use.owner, use })} />}
            {(rows.length > shownAtOnce || more) && <p class="soft">{t("quota.shown", { n: number(Math.min(shownAtOnce, rows.length)), all: number(rows.length) + (more ? "+" : "") })}</p>}
            {giving && (giving.owner === "" ? (
                <WhoDialog quota={giving.quota} rows={items} close={() => setGiving(null)} chosen={(owner, use) => setGiving({ quota: giving.quota, owner, ...(use && { use }) })} />
            ) : (
                <GiveDialog
                    tenant={props.tenant}
                    {...giving}
                    close={(done) => {
                        setGiving(null);
                        if (done) list.reload();
                    }}
                />
            ))}
        </>
    );
}

function QuotaCard(props: { quota: Quota; used: number; give(): void }) {
    const { quota } = props;
    const more = (["overdraft", "grace", "rollover"] as const).filter((name) => quota[name] > 0);
    return (
        <li class="card set">
            <h2>{quota.id}</h2>
            <p>{quotaWords(quota)}</p>
            <p class="soft">
                {t(`quota.of.${quota.of}`)}
                {quota.group && ` · ${quota.group}`}
            </p>
            {more.length > 0 && <p class="soft">{more.map((name) => `${t(`quota.${name}`)}: ${unitsText(quota[name], quota.unit)}`).join(" · ")}</p>}
            <p class="soft">
                {t("quota.used.by", { n: number(props.used) }, props.used)} · {quota.resets ? t("quota.resets.on", { day: date(quota.resets) }) : t("quota.resets.never")}
            </p>
            {holds("policies.change") && (
                <span class="row-acts">
                    <button type="button" class="button button-small" aria-label={t("quota.change.of", { name: quota.id })} onClick={props.give}>
                        {t("quota.give.somebody")}
                    </button>
                </span>
            )}
        </li>
    );
}

interface TableProps {
    tenant: string;
    quotas: readonly Quota[];
    rows: readonly QuotaUse[];
    /** All rows are of one owner, whom the page names. */
    ofOne?: boolean;
    give(quota: Quota, use: QuotaUse): void;
}

export function QuotaTable(props: TableProps) {
    const of = new Map(props.quotas.map((quota) => [quota.quota, quota]));
    const units = (use: QuotaUse, value: number | null): string => (value === null ? "–" : unitsText(value, of.get(use.quota)?.unit ?? "pages"));
    const whose = (use: QuotaUse): string => use.owner ?? of.get(use.quota)?.group ?? use.quota;
    const columns: Column<QuotaUse>[] = [
        {
            id: "owner",
            title: t("quota.owner"),
            cell: (use) => (use.owner && of.get(use.quota)?.of !== "account" ? <Link to={personAddress(props.tenant, use.owner)}>{use.owner}</Link> : whose(use)),
            whole: whose,
        },
        { id: "quota", title: t("policy.quota"), cell: (use) => of.get(use.quota)?.id ?? use.quota, whole: (use) => use.quota },
        { id: "meter", title: t("quota.used"), cell: (use) => (use.limit === null ? "–" : <QuotaMeter use={use} />) },
        { id: "spent", title: t("quota.spent"), kind: "number", cell: (use) => units(use, use.spent) },
        { id: "leased", title: t("quota.leased"), hint: t("quota.leased.hint"), kind: "number", cell: (use) => units(use, use.leased) },
        { id: "limit", title: t("quota.limit.now"), hint: t("quota.limit.hint"), kind: "number", cell: (use) => units(use, use.limit) },
        { id: "left", title: t("quota.left"), kind: "number", cell: (use) => units(use, use.left) },
        { id: "resets", title: t("quota.resets"), cell: (use) => (of.get(use.quota)?.resets ? date(of.get(use.quota)!.resets!) : "–") },
    ];
    if (holds("policies.change")) {
        columns.push({
            id: "act",
            title: t("agent.act"),
            cell: (use) =>
                of.has(use.quota) ? (
                    <button type="button" class="button button-small" aria-label={t("quota.change.of", { name: whose(use) })} onClick={() => props.give(of.get(use.quota)!, use)}>
                        {t("change")}
                    </button>
                ) : (
                    <span class="soft">{t("quota.gone")}</span>
                ),
        });
    }
    return (
        <Table<QuotaUse> name="quotas" label={t("quota.rows")} columns={columns.filter((column) => !props.ofOne || column.id !== "owner")} rows={props.rows} keyOf={(use) => `${use.quota} ${use.owner ?? ""}`} sort={{ by: "", order: "asc" }} onSort={() => undefined} busy={false} />
    );
}
