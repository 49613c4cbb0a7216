// SPDX-License-Identifier: Apache-2.0
//
// The day by hour, as bars or as a table. The hub's days and hours are UTC, and so is the axis.

import { useState } from "preact/hooks";
import type { HourOfDay } from "../api";
import { clockHour, number } from "../format";
import { t } from "../language";
import { niceTop } from "../scale";
import { AsTable, Chart, FigureTable, tickY, yOf } from "./chart";

type Measure = "pages" | "jobs";

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
                <AsTable on={asTable} set={setAsTable} />
            </header>
            {asTable ? (
                <FigureTable
                    label={t("chart.title")}
                    columns={[{ title: t("chart.column.hour") }, { title: t("chart.jobs"), number: true }, { title: t("chart.pages"), number: true }]}
                    rows={props.hours.map((hour) => [clockHour(hour.hour), number(hour.jobs), number(hour.pages)])}
                />
            ) : (
                <Bars hours={props.hours} measure={measure} />
            )}
        </section>
    );
}

function Bars(props: { hours: readonly HourOfDay[]; measure: Measure }) {
    const { hours, measure } = props;
    const most = Math.max(...hours.map((hour) => hour[measure]), 0);
    const scale = { low: 0, top: niceTop(most), height: 170 };
    const now = new Date().getUTCHours();
    const width = 100 / hours.length;
    const marks = hours.map((hour, index) => ({
        left: index * width,
        width,
        words: [
            t("chart.hour", { from: clockHour(hour.hour), to: clockHour((hour.hour + 1) % 24) }),
            t("chart.tip.pages", { n: number(hour.pages) }, hour.pages),
            t("chart.tip.jobs", { n: number(hour.jobs) }, hour.jobs),
        ] as const,
    }));
    return (
        <Chart label={summary(hours, measure, most)} scale={scale} marks={marks} start={hours.findIndex((hour) => hour.hour === now)}>
            {hours.map((hour, index) => (
                <g key={hour.hour} class={hour.hour === now ? "bar-now" : ""}>
                    <rect class="bar-value" x={`${(index + 0.18) * width}%`} width={`${width * 0.64}%`} y={yOf(scale, hour[measure])} height={yOf(scale, 0) - yOf(scale, hour[measure])} rx="2" />
                    <text class={hour.hour % 3 === 0 ? "bars-hour" : "bars-hour bars-hour-minor"} x={`${(index + 0.5) * width}%`} y={tickY(scale)}>
                        {String(hour.hour).padStart(2, "0")}
                    </text>
                </g>
            ))}
        </Chart>
    );
}

function summary(hours: readonly HourOfDay[], measure: Measure, most: number): string {
    const peak = hours.find((hour) => hour[measure] === most);
    if (!peak || most === 0) return t("chart.summary.none");
    const name = t(`chart.${measure}`);
    return t("chart.summary", { name, n: number(most), hour: clockHour(peak.hour) });
}
