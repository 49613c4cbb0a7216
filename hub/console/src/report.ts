// SPDX-License-Identifier: Apache-2.0
//
// A report as the hub gives it, its period, and how its cells are written.

import { call } from "./api";
import { meterName } from "./device";
import { date, number, shortTime } from "./format";
import { locale, t, tWord } from "./language";

export type CellKind = "text" | "word" | "count" | "rate" | "milli" | "money" | "time";
export type Cell = string | number | null;

export interface ReportColumn {
    id: string;
    kind: CellKind;
    unit: string | null;
}

export interface ReportRow {
    cells: Cell[];
    /** Where the rows behind its figures are listed. */
    link: string | null;
}

export interface Report {
    report: string;
    from: string;
    to: string;
    made: string;
    /** It tells how things are now; the period says nothing. */
    state: boolean;
    columns: ReportColumn[];
    rows: ReportRow[];
    more: boolean;
    total?: Cell[];
    before_from?: string;
    before_pages?: number;
    trend_by: "day" | "month";
    trend: { at: string; pages: number }[];
}

export interface ReportName {
    name: string;
    state: boolean;
    /** It can be asked for one group of devices. */
    by_device: boolean;
    /** ... for one group of people, by its name. */
    by_person: boolean;
}

export const reportApi = {
    list: (signal: AbortSignal): Promise<{ items: ReportName[] }> => call("GET", "/reports", { signal }),
    one: (name: string, query: string, signal: AbortSignal): Promise<Report> => call("GET", `/reports/${name}?${query}`, { signal }),
};

/** An address that the browser downloads by itself. */
export const reportFile = (name: string, query: string, format: "csv" | "pdf", language: string): string =>
    `/api/v1/reports/${name}?${query}${query && "&"}${new URLSearchParams({ format, lang: language })}`;

/* ---- periods: days of the hub, which are UTC ---- */

export const periods = ["recent", "month", "last", "year", "days"] as const;
export type Period = (typeof periods)[number];

const dayText = (year: number, month: number, day: number): string => new Date(Date.UTC(year, month, day)).toISOString().slice(0, 10);

/** The first day, and the first day that is none of it. */
export function daysOf(period: Period, now: Date): { from: string; to: string } {
    const [year, month] = [now.getUTCFullYear(), now.getUTCMonth()];
    if (period === "month") return { from: dayText(year, month, 1), to: dayText(year, month + 1, 1) };
    if (period === "last") return { from: dayText(year, month - 1, 1), to: dayText(year, month, 1) };
    if (period === "year") return { from: dayText(year, 0, 1), to: dayText(year + 1, 0, 1) };
    return { from: "", to: "" };
}

export function periodOf(from: string, to: string, now: Date): Period {
    return periods.find((one) => daysOf(one, now).from === from && daysOf(one, now).to === to) ?? "days";
}

/** The day before or after one of the form 2026-01-31. */
export function dayBeside(day: string, step: 1 | -1): string {
    const time = Date.parse(day) + step * 86_400_000;
    return Number.isNaN(time) ? "" : new Date(time).toISOString().slice(0, 10);
}

/** A day as the hub means it: without the browser's zone. */
export function utcDay(instant: string, by: "day" | "month"): string {
    return new Intl.DateTimeFormat(locale(), {
        timeZone: "UTC",
        year: "numeric",
        month: "short",
        ...(by === "day" && { day: "numeric" }),
    }).format(new Date(instant));
}

/* ---- cells ---- */

export const isFigure = (kind: CellKind): boolean => kind === "count" || kind === "rate" || kind === "milli" || kind === "money";

export function columnTitle(column: ReportColumn): string {
    const title = tWord("report.column", column.id);
    return column.unit && column.unit !== "%" ? `${title} (${column.unit})` : title;
}

/** The cell in words; null: not known. */
export function cellText(column: ReportColumn, value: Cell): string | null {
    if (value === null) return null;
    const format = (least: number, most: number, one: number): string =>
        new Intl.NumberFormat(locale(), { minimumFractionDigits: least, maximumFractionDigits: most }).format(Number(value) / one);
    switch (column.kind) {
        case "text":
            if (column.id === "meter") return meterName(String(value));
            return String(value) || t("reports.nameless");
        case "word":
            return value ? tWord("report.word", String(value)) : "";
        case "time":
            return column.id === "last_seen" ? shortTime(String(value)) : date(String(value));
        case "rate":
            return new Intl.NumberFormat(locale(), { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(Number(value) / 10_000);
        case "milli":
            return format(1, 1, 1000);
        case "money":
            return format(2, 2, 1_000_000);
        case "count":
            if (column.id === "device") return String(value);
            return column.unit === "%" ? `${number(Number(value))} %` : number(Number(value));
    }
}
