// SPDX-License-Identifier: Apache-2.0
//
// The day by hour, as bars or as a table. Hand-made SVG: widths are percentages, so it follows its box
// without being measured. The hub's days and hours are UTC, and so is the axis.

import { useState } from "preact/hooks";
import type { HourOfDay } from "../api";
import { clockHour, number } from "../format";
import { t } from "../language";
import { niceTop, scaleLines } from "../scale";
import { Icon } from "./icon";

type Measure = "pages" | "jobs";

const plot = { top: 14, height: 170, axis: 22 };

export function HourChart(props: { hours: readonly HourOfDay[] }) {
    const [measure, setMeasure] = useState<Measure>("pages");
    const [asTable, setAsTable] = useState(false);
    return (
        <section class="card chart">
            <header class="card-head">
                <h2>{t("chart.title")}</h2>
                {!asTable && (
                    <div class="segments" role="group" aria-label={t("chart.measure")}>
                        {(["pages", "jobs"] as const).map((name) => (
                            <button key={name} type="button" aria-pressed={measure === name} onClick={() => setMeasure(name)}>
                                {t(`chart.${name}`)}
                            </button>
                        ))}
                    </div>
                )}
                <button type="button" class="button button-small" onClick={() => setAsTable(!asTable)}>
                    <Icon name={asTable ? "overview" : "table"} />
                    {t(asTable ? "chart.as.bars" : "chart.as.table")}
                </button>
            </header>
            {asTable ? <HourTable hours={props.hours} /> : <Bars hours={props.hours} measure={measure} />}
        </section>
    );
}

function Bars(props: { hours: readonly HourOfDay[]; measure: Measure }) {
    const { hours, measure } = props;
    const [at, setAt] = useState<number | null>(null);
    const most = Math.max(...hours.map((hour) => hour[measure]), 0);
    const top = niceTop(most);
    const now = new Date().getUTCHours();
    const y = (value: number): number => plot.top + plot.height * (1 - value / top);
    const width = 100 / hours.length;
    const shown = hours.find((hour) => hour.hour === at);
    const full = plot.top + plot.height + plot.axis;
    const scale = scaleLines(top);
    return (
        <div class="bars" onPointerLeave={() => setAt(null)}>
            <svg class="bars-scale-field" height={full} aria-hidden="true">
                {scale.map((value) => (
                    <text key={value} class="bars-scale" x="36" y={y(value) + 4}>
                        {number(value)}
                    </text>
                ))}
            </svg>
            <div class="bars-field">
                <svg class="bars-drawing" height={full} role="img" aria-label={summary(hours, measure, most)}>
                    {scale.map((value) => (
                        <line key={value} class="bars-line" x1="0" x2="100%" y1={y(value)} y2={y(value)} />
                    ))}
                    {hours.map((hour, index) => (
                        <g key={hour.hour} class={hour.hour === now ? "bar-now" : ""} onPointerEnter={() => setAt(hour.hour)}>
                            <rect
                                class="bar-field"
                                x={`${index * width}%`}
                                width={`${width}%`}
                                y={plot.top}
                                height={plot.height + plot.axis}
                            />
                            <rect
                                class="bar-value"
                                x={`${(index + 0.18) * width}%`}
                                width={`${width * 0.64}%`}
                                y={y(hour[measure])}
                                height={plot.top + plot.height - y(hour[measure])}
                                rx="2"
                            />
                            <text
                                class={hour.hour % 3 === 0 ? "bars-hour" : "bars-hour bars-hour-minor"}
                                x={`${(index + 0.5) * width}%`}
                                y={plot.top + plot.height + 16}
                            >
                                {String(hour.hour).padStart(2, "0")}
                            </text>
                        </g>
                    ))}
                </svg>
                {shown && (
                    <p class="bars-tip" style={besides(hours.indexOf(shown), hours.length)}>
                        <strong>{t("chart.hour", { from: clockHour(shown.hour), to: clockHour((shown.hour + 1) % 24) })}</strong>
                        <span>{t("chart.tip.pages", { n: number(shown.pages) }, shown.pages)}</span>
                        <span>{t("chart.tip.jobs", { n: number(shown.jobs) }, shown.jobs)}</span>
                    </p>
                )}
            </div>
        </div>
    );
}

/** To the right of a bar in the left half, to its left in the right half: never over it, never off the edge. */
function besides(index: number, bars: number): { left: string } | { right: string } {
    if (index < bars / 2) return { left: `${((index + 1) / bars) * 100}%` };
    return { right: `${(1 - index / bars) * 100}%` };
}

function HourTable(props: { hours: readonly HourOfDay[] }) {
    return (
        <div class="hours-scroll" tabIndex={0}>
            <table class="hours">
                <thead>
                    <tr>
                        <th scope="col">{t("chart.column.hour")}</th>
                        <th scope="col" class="number">{t("chart.jobs")}</th>
                        <th scope="col" class="number">{t("chart.pages")}</th>
                    </tr>
                </thead>
                <tbody>
                    {props.hours.map((hour) => (
                        <tr key={hour.hour}>
                            <th scope="row">{clockHour(hour.hour)}</th>
                            <td class="number">{number(hour.jobs)}</td>
                            <td class="number">{number(hour.pages)}</td>
                        </tr>
                    ))}
                </tbody>
            </table>
        </div>
    );
}

function summary(hours: readonly HourOfDay[], measure: Measure, most: number): string {
    const peak = hours.find((hour) => hour[measure] === most);
    if (!peak || most === 0) return t("chart.summary.none");
    const name = t(`chart.${measure}`);
    return t("chart.summary", { name, n: number(most), hour: clockHour(peak.hour) });
}
