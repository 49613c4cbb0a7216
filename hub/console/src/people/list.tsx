// SPDX-License-Identifier: Apache-2.0
//
// Who printed, and how much: the report by user of a period, each with a way to the person's own page.

import { useState } from "preact/hooks";
import { Empty } from "../components/empty";
import { Icon } from "../components/icon";
import { Link } from "../components/link";
import { ProblemNote } from "../components/problem-note";
import { Table, type Column } from "../components/table";
import { TypedField } from "../components/typed-field";
import { number } from "../format";
import { t } from "../language";
import { reportApi, type Report } from "../report";
import { useResource } from "../resource";
import { personAddress } from "./quotas";

const shownAtOnce = 500;
const periods = [30, 90, 365] as const;
const figures = ["jobs", "pages", "color_pages", "sheets"] as const;

interface Row {
    user: string;
    figures: (number | null)[];
}

/** Rows with a name: what was erased, or never had one, is nobody's page. */
function rowsOf(report: Report): Row[] {
    const at = (id: string): number => report.columns.findIndex((column) => column.id === id);
    return report.rows.flatMap((row) => {
        const user = row.cells[at("user")];
        return user ? [{ user: String(user), figures: figures.map((id) => row.cells[at(id)] as number | null) }] : [];
    });
}

export function PeopleList(props: { tenant: string }) {
    const [days, setDays] = useState<number>(30);
    const [search, setSearch] = useState("");
    const from = new Date(Date.now() - (days - 1) * 86_400_000).toISOString().slice(0, 10);
    const query = new URLSearchParams({ tenant: props.tenant, from }).toString();
    const list = useResource(query, (signal) => reportApi.one("usage-users", query, signal));
    if (list.problem) return <ProblemNote problem={list.problem} retry={list.reload} />;
    if (!list.value) return <p class="quiet-start">{t("loading")}</p>;
    const all = rowsOf(list.value);
    const rows = all.filter((row) => row.user.toLowerCase().includes(search.toLowerCase()));
    const columns: Column<Row>[] = [
        { id: "user", title: t("people.user"), cell: (row) => <Link to={personAddress(props.tenant, row.user)}>{row.user}</Link>, whole: (row) => row.user },
        ...figures.map((id, at): Column<Row> => ({
            id,
            title: t(`people.${id}`),
            kind: "number",
            cell: (row) => (row.figures[at] === null ? "–" : number(row.figures[at]!)),
        })),
    ];
    return (
        <>
            <search class="filters filters-open">
                <span class="search">
                    <Icon name="search" />
                    <TypedField label={t("people.search")} value={search} onValue={setSearch} />
                    <kbd aria-hidden="true">/</kbd>
                </span>
                <select aria-label={t("policy.test.period")} value={days} onChange={(event) => setDays(Number(event.currentTarget.value))}>
                    {periods.map((n) => (
                        <option key={n} value={n}>
                            {t("policy.test.days", { n })}
                        </option>
                    ))}
                </select>
            </search>
            {all.length === 0 && (
                <Empty icon="people" title={t("people.none")}>
                    <p>{t("people.none.text")}</p>
                </Empty>
            )}
            {all.length > 0 && rows.length === 0 && <p class="soft">{t("people.filtered")}</p>}
            {rows.length > 0 && (
                <Table<Row> name="people" label={t("page.people")} columns={columns} rows={rows.slice(0, shownAtOnce)} keyOf={(row) => row.user} sort={{ by: "", order: "asc" }} onSort={() => undefined} busy={list.busy} />
            )}
            {(rows.length > shownAtOnce || list.value.more) && (
                <p class="soft">{t("people.shown", { n: number(Math.min(shownAtOnce, rows.length)), all: number(rows.length) + (list.value.more ? "+" : "") })}</p>
            )}
        </>
    );
}
