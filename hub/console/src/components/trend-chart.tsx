// SPDX-License-Identifier: Apache-2.0
//
// Pages by day or by month, as bars or as a table. Days without anything have no bar of their own in what the hub sends, so they are put in here.

import { useState } from "preact/hooks";
import { number } from "../format";
import { t } from "../language";
import { utcDay, type Report } from "../report";
import { niceTop } from "../scale";
import { AsTable, Chart, FigureTable, tickY, yOf } from "./chart";

const dayLength = 86_400_000;
const ticks = 5;

interface Bar {
    at: string;
    pages: number;
}

/** What a chart takes of a report. */
type Trend = Pick<Report, "trend" | "trend_by" | "from" | "to">;

export function TrendChart(props: { report: Trend }) {
    const { report } = props;
    const [asTable, setAsTable] = useState(false);
    const bars = filled(report);
    if (bars.length < 2) return null;
    const name = t(`reports.trend.${report.trend_by}`);
    return (
        <section class="card chart report-chart">
            <header class="card-head">
                <h2>{name}</h2>
                <AsTable on={asTable} set={setAsTable} />
            </header>
            {asTable ? (
                <FigureTable
                    label={name}
                    columns={[{ title: t(`reports.trend.column.${report.trend_by}`) }, { title: t("chart.pages"), number: true }]}
                    rows={bars.map((bar) => [utcDay(bar.at, report.trend_by), number(bar.pages)])}
                />
            ) : (
                <Bars name={name} bars={bars} by={report.trend_by} />
            )}
        </section>
    );
}

function Bars(props: { name: string; bars: readonly Bar[]; by: Trend["trend_by"] }) {
    const { bars, by } = props;
    const most = Math.max(...bars.map((bar) => bar.pages));
    const scale = { low: 0, top: niceTop(most), height: 150 };
    const width = 100 / bars.length;
    const every = Math.ceil(bars.length / ticks);
    const peak = bars.find((bar) => bar.pages === most)!;
    /** Words below a narrow bar at an end keep within the field. */
    const edge = (index: number): string => (width > 15 ? "" : index === 0 ? "tick-first" : index === bars.length - 1 ? "tick-last" : "");
    const years = yearOf(bars[0]!) !== yearOf(bars.at(-1)!);
    const marks = bars.map((bar, index) => ({
        left: index * width,
        width,
        words: [utcDay(bar.at, by), t("chart.tip.pages", { n: number(bar.pages) }, bar.pages)] as const,
    }));
    return (
        <Chart label={t("reports.trend.words", { name: props.name, n: number(most), day: utcDay(peak.at, by) })} scale={scale} marks={marks}>
            {bars.map((bar, index) => (
                <g key={bar.at}>
                    <rect class="bar-value" x={`${(index + 0.18) * width}%`} width={`${width * 0.64}%`} y={yOf(scale, bar.pages)} height={yOf(scale, 0) - yOf(scale, bar.pages)} rx="2" />
                    {index % every === 0 && (
                        <text class={`bars-hour ${edge(index)} ${(index / every) % 2 ? "bars-hour-minor" : ""}`} x={`${edge(index) ? (index ? 100 : 0) : (index + 0.5) * width}%`} y={tickY(scale)}>
                            {years ? utcDay(bar.at, by) : utcDay(bar.at, by).replace(/[ .,]*\d{4}$/, "")}
                        </text>
                    )}
                </g>
            ))}
        </Chart>
    );
}

const yearOf = (bar: Bar): string => bar.at.slice(0, 4);

function filled(report: Trend): Bar[] {
    const known = new Map(report.trend.map((bar) => [Date.parse(bar.at), bar.pages]));
    const bars: Bar[] = [];
    const [from, to] = [new Date(report.from), Date.parse(report.to)];
    if (report.trend_by === "month") from.setUTCDate(1);
    for (const at = from; at.getTime() < to && bars.length < 1000; ) {
        bars.push({ at: at.toISOString(), pages: known.get(at.getTime()) ?? 0 });
        if (report.trend_by === "month") at.setUTCMonth(at.getUTCMonth() + 1);
        else at.setTime(at.getTime() + dayLength);
    }
    return bars.some((bar) => bar.pages > 0) ? bars : [];
}
