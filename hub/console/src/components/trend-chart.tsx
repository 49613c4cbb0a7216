// SPDX-License-Identifier: Apache-2.0
//
// Pages by day or by month, as bars. Hand-made SVG like the hours of the overview: widths are percentages. Days without anything have no bar of
// their own in what the hub sends, so they are put in here.

import { useState } from "preact/hooks";
import { number } from "../format";
import { t } from "../language";
import { utcDay, type Report } from "../report";
import { niceTop, scaleLines } from "../scale";

const plot = { top: 14, height: 150, axis: 22 };
const dayLength = 86_400_000;

interface Bar {
    at: string;
    pages: number;
}

/** What a chart takes of a report. */
type Trend = Pick<Report, "trend" | "trend_by" | "from" | "to">;

export function TrendChart(props: { report: Trend }) {
    const { report } = props;
    const bars = filled(report);
    const [at, setAt] = useState<number | null>(null);
    if (bars.length < 2) return null;
    const most = Math.max(...bars.map((bar) => bar.pages));
    const top = niceTop(most);
    const y = (value: number): number => plot.top + plot.height * (1 - value / top);
    const width = 100 / bars.length;
    const every = Math.ceil(bars.length / 5);
    const full = plot.top + plot.height + plot.axis;
    const peak = bars.find((bar) => bar.pages === most)!;
    const name = t(`reports.trend.${report.trend_by}`);
    const shown = at === null ? undefined : bars[at];
    return (
        <section class="card chart report-chart">
            <header class="card-head">
                <h2>{name}</h2>
            </header>
            <div class="bars" onPointerLeave={() => setAt(null)}>
                <svg class="bars-scale-field" height={full} aria-hidden="true">
                    {scaleLines(top).map((value) => (
                        <text key={value} class="bars-scale" x="36" y={y(value) + 4}>
                            {number(value)}
                        </text>
                    ))}
                </svg>
                <div class="bars-field">
                    <svg
                        class="bars-drawing"
                        height={full}
                        role="img"
                        aria-label={t("reports.trend.words", { name, n: number(most), day: utcDay(peak.at, report.trend_by) })}
                    >
                        {scaleLines(top).map((value) => (
                            <line key={value} class="bars-line" x1="0" x2="100%" y1={y(value)} y2={y(value)} />
                        ))}
                        {bars.map((bar, index) => (
                            <g key={bar.at} onPointerEnter={() => setAt(index)}>
                                <rect class="bar-field" x={`${index * width}%`} width={`${width}%`} y={plot.top} height={plot.height + plot.axis} />
                                <rect
                                    class="bar-value"
                                    x={`${(index + 0.18) * width}%`}
                                    width={`${width * 0.64}%`}
                                    y={y(bar.pages)}
                                    height={plot.top + plot.height - y(bar.pages)}
                                    rx="2"
                                />
                                {index % every === 0 && (
                                    <text class={`bars-hour ${index ? "" : "bars-first"} ${(index / every) % 2 ? "bars-hour-minor" : ""}`} x={`${(index + (index ? 0.5 : 0)) * width}%`} y={plot.top + plot.height + 16}>
                                        {utcDay(bar.at, report.trend_by).replace(/[ .,]*\d{4}$/, "")}
                                    </text>
                                )}
                            </g>
                        ))}
                    </svg>
                    {shown && (
                        <p class="bars-tip" style={at! < bars.length / 2 ? { left: `${(at! + 1) * width}%` } : { right: `${100 - at! * width}%` }}>
                            <strong>{utcDay(shown.at, report.trend_by)}</strong>
                            <span>{t("chart.tip.pages", { n: number(shown.pages) }, shown.pages)}</span>
                        </p>
                    )}
                </div>
            </div>
        </section>
    );
}

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
