// SPDX-License-Identifier: Apache-2.0
//
// Reports: one of the list, of a period and perhaps one site, as a chart and a table. Each figure leads to the rows behind it.

import { useState } from "preact/hooks";
import { Empty } from "../components/empty";
import { GroupChoice } from "../components/group-choice";
import { Link } from "../components/link";
import { Options } from "../components/options";
import { PageHead } from "../components/page-head";
import { ProblemNote } from "../components/problem-note";
import { Table, type Column } from "../components/table";
import { TrendChart } from "../components/trend-chart";
import { Unknown } from "../components/unknown";
import { fullTime, number, percent, shortTime } from "../format";
import { language, t, tWord } from "../language";
import { useTenant } from "../policy/state";
import { cellText, columnTitle, dayBeside, daysOf, isFigure, periodOf, periods, reportApi, reportFile, type Cell, type Period, type Report, type ReportColumn, type ReportName } from "../report";
import { useResource } from "../resource";
import { addressOf, goTo, place } from "../router";
import { holds } from "../session";
import { useStore } from "../store";

const shownAtOnce = 500;

export function Reports() {
    const list = useResource("reports", (signal) => reportApi.list(signal));
    const { path } = useStore(place);
    if (list.problem) return <ProblemNote problem={list.problem} retry={list.reload} />;
    if (!list.value) return <p class="quiet-start">{t("loading")}</p>;
    const names = list.value.items;
    const chosen = names.find((one) => path === `/reports/${one.name}`) ?? names[0];
    if (!chosen) {
        return (
            <>
                <PageHead title={t("page.reports")} />
                <Empty icon="chart" title={t("reports.nothing")}>
                    {null}
                </Empty>
            </>
        );
    }
    return <OneReport key={chosen.name} chosen={chosen} names={names} />;
}

function OneReport(props: { chosen: ReportName; names: readonly ReportName[] }) {
    const { chosen, names } = props;
    const { query } = useStore(place);
    const { tenants } = useTenant();
    const speech = useStore(language);
    const asked = new URLSearchParams();
    for (const name of ["from", "to", "tenant", ...(chosen.by_device ? ["group"] : []), ...(chosen.by_person ? ["people"] : [])]) {
        const value = query.get(name);
        if (value) asked.set(name, name === "from" || name === "to" ? value.slice(0, 10) : value); // links name moments
    }
    const text = asked.toString();
    const reply = useResource(`${chosen.name}?${text}`, (signal) => reportApi.one(chosen.name, text, signal));
    const report = reply.value;

    function show(change: Record<string, string>): void {
        const next = new URLSearchParams(asked);
        for (const [name, value] of Object.entries(change)) {
            if (value) next.set(name, value);
            else next.delete(name);
        }
        goTo(addressOf(`/reports/${chosen.name}`, next), { replace: true });
    }

    return (
        <>
            <PageHead title={tWord("report", chosen.name)}>
                <div class="head-acts">
                    {holds("schedules") && (
                        <Link class="button" to="/schedules">
                            {t("schedules.link")}
                        </Link>
                    )}
                    <a class="button" href={reportFile(chosen.name, text, "csv", speech)} download={`${chosen.name}.csv`} title={t("reports.csv.title")}>
                        {t("reports.csv")}
                    </a>
                    <a class="button" href={reportFile(chosen.name, text, "pdf", speech)} download={`${chosen.name}.pdf`} title={t("reports.pdf.title")}>
                        {t("reports.pdf")}
                    </a>
                </div>
            </PageHead>
            <div class="filters filters-open report-filters">
                <select
                    aria-label={t("reports.choose")}
                    value={chosen.name}
                    onChange={(event) => goTo(addressOf(`/reports/${event.currentTarget.value}`, asked))}
                >
                    {names.map((one) => (
                        <option key={one.name} value={one.name}>
                            {tWord("report", one.name)}
                        </option>
                    ))}
                </select>
                {!chosen.state && <PeriodChoice from={asked.get("from") ?? ""} to={asked.get("to") ?? ""} change={show} />}
                {tenants.length > 1 && (
                    <select aria-label={t("tenant")} value={asked.get("tenant") ?? ""} onChange={(event) => show({ tenant: event.currentTarget.value })}>
                        <option value="">{t("reports.all.sites")}</option>
                        <Options of={tenants} />
                    </select>
                )}
                {asked.has("people") && (
                    <button class="chip" title={t("reports.people.any")} onClick={() => show({ people: "" })}>
                        {t("reports.people", { group: asked.get("people") ?? "" })} <span aria-hidden="true">×</span>
                    </button>
                )}
                {chosen.by_device && <GroupChoice chosen={asked.get("group") ?? ""} change={(group) => show({ group })} />}
            </div>
            {reply.problem && <ProblemNote problem={reply.problem} retry={reply.reload} />}
            {report && <ReportBody report={report} busy={reply.busy} />}
        </>
    );
}

function PeriodChoice(props: { from: string; to: string; change(days: { from: string; to: string }): void }) {
    const { from, to, change } = props;
    const now = new Date();
    const [typing, setTyping] = useState(false);
    const period = typing ? "days" : periodOf(from, to, now);

    function choose(wanted: Period): void {
        setTyping(wanted === "days");
        if (wanted !== "days") change(daysOf(wanted, now));
        else if (!from) change({ from: new Date(now.getTime() - 29 * 86_400_000).toISOString().slice(0, 10), to: dayBeside(now.toISOString().slice(0, 10), 1) });
    }

    return (
        <>
            <select aria-label={t("filter.period")} value={period} onChange={(event) => choose(event.currentTarget.value as Period)}>
                {periods.map((one) => (
                    <option key={one} value={one}>
                        {t(`reports.period.${one}`)}
                    </option>
                ))}
            </select>
            {period === "days" && (
                <>
                    <label class="field-inline">
                        <span>{t("reports.from")}</span>
                        <input type="date" value={from} max={dayBeside(to, -1)} onChange={(event) => event.currentTarget.value && change({ from: event.currentTarget.value, to })} />
                    </label>
                    <label class="field-inline">
                        <span>{t("reports.to")}</span>
                        <input
                            type="date"
                            value={dayBeside(to, -1)}
                            min={from}
                            onChange={(event) => event.currentTarget.value && change({ from, to: dayBeside(event.currentTarget.value, 1) })}
                        />
                    </label>
                </>
            )}
        </>
    );
}

interface Line {
    key: string;
    cells: Report["total"] & object;
    link: string | null;
    total?: boolean;
}

function ReportBody(props: { report: Report; busy: boolean }) {
    const { report } = props;
    if (report.rows.length === 0) {
        return (
            <Empty icon="chart" title={t("reports.none")}>
                <p>{t("reports.none.text")}</p>
            </Empty>
        );
    }
    const words = beside(report);
    const lines: Line[] = report.rows.slice(0, shownAtOnce).map((row, index) => ({ key: String(index), cells: row.cells, link: row.link }));
    if (report.total) lines.unshift({ key: "total", cells: report.total, link: null, total: true });
    const columns: Column<Line>[] = report.columns.map((column, index) => ({
        id: `report-${column.id}`,
        title: columnTitle(column),
        kind: isFigure(column.kind) ? ("number" as const) : undefined,
        cell: (line) => <OneCell line={line} column={column} index={index} report={report} />,
        whole: (line) => wholeText(column, line.cells[index] ?? null),
    })) as Column<Line>[];
    return (
        <>
            {words && <p class="soft report-beside">{words}</p>}
            <TrendChart report={report} />
            <Table<Line>
                name="report"
                label={tWord("report", report.report)}
                columns={columns}
                rows={lines}
                keyOf={(line) => line.key}
                sort={{ by: "", order: "asc" }}
                onSort={() => undefined}
                busy={props.busy}
            />
            {report.rows.length > shownAtOnce && <p class="soft">{t("reports.shown", { n: number(shownAtOnce), all: number(report.rows.length) })}</p>}
            {report.more && <p class="soft">{t("reports.more")}</p>}
            {report.report === "environment" && <p class="soft">{t("reports.impact")}</p>}
        </>
    );
}

function OneCell(props: { line: Line; column: ReportColumn; index: number; report: Report }) {
    const { line, column, index, report } = props;
    if (line.total && index === 0) return <strong>{t("reports.total")}</strong>;
    const value = line.cells[index] ?? null;
    if (line.total && (value === null || value === "")) return null;
    const text = cellText(column, value);
    if (text === null) return <Unknown />;
    if (line.total) return <strong>{text}</strong>;
    if (!line.link || !text || column.kind === "time") return <>{text}</>;
    return (
        <Link to={column.id === "before" ? linkBefore(line.link, report) : line.link} title={t("reports.rows")}>
            {text}
        </Link>
    );
}

/** Where the cell may be too narrow for it. */
function wholeText(column: ReportColumn, value: Cell): string | undefined {
    if (value === null || isFigure(column.kind)) return undefined;
    return column.kind === "time" ? fullTime(String(value)) : (cellText(column, value) ?? undefined);
}

/** The same rows, of the period before. */
function linkBefore(link: string, report: Report): string {
    const [path, query] = link.split("?");
    const asked = new URLSearchParams(query);
    asked.set("from", report.before_from ?? report.from);
    asked.set("to", report.from);
    return addressOf(path!, asked);
}

/** What stands above the chart: how it was before, or of when it is. */
function beside(report: Report): string {
    if (report.state) return t("reports.now", { when: shortTime(report.made) });
    const pages = report.columns.findIndex((column) => column.id === "pages");
    const now = Number(report.total?.[pages] ?? 0);
    if (report.before_pages === undefined || !report.before_pages) return "";
    const share = (now - report.before_pages) / report.before_pages;
    return t("reports.before", { pages: number(report.before_pages), change: `${share > 0 ? "+" : ""}${percent(share)}` });
}
