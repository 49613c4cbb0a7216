// SPDX-License-Identifier: Apache-2.0
//
// A meter over time: what was counted a day, or the counter itself. A count that spans days without a reading is one broad
// bar over them, as high as its mean: nothing is shown on a day that nobody read. Widths are percentages of its box.

import { useState } from "preact/hooks";
import { meterName, type DeviceMeter, type MeterDay } from "../device";
import { date, number } from "../format";
import { t } from "../language";
import { niceTop, scaleLines } from "../scale";

export type MeterView = "days" | "counter";

const plot = { top: 10, height: 150, axis: 22 };
const full = plot.top + plot.height + plot.axis;
const day = 24 * 60 * 60_000;
const narrowest = 0.25; // percent

interface Span {
    from: number;
    to: number;
    value: number;
    of: MeterDay;
}

/** The days that a count stands for: from the day of the reading before, not counting it, unless it was the same day. */
function spanOf(one: MeterDay): Span {
    const to = Date.parse(one.day) + day;
    const since = Math.floor(Date.parse(one.since) / day) * day + day;
    const from = Math.min(Date.parse(one.day), since);
    return { from, to, value: one.counted / ((to - from) / day), of: one };
}

export function MeterChart(props: { meter: DeviceMeter; view: MeterView; from: number; to: number }) {
    const { meter, view, from, to } = props;
    const [tip, setTip] = useState<{ text: string; left: number } | null>(null);
    const spans = meter.days.map(spanOf);
    const counts = meter.points.map((point) => point.count);
    const low = view === "days" ? 0 : floorOf(Math.min(...counts), Math.max(...counts));
    const top = low + niceTop((view === "days" ? Math.max(0, ...spans.map((span) => span.value)) : Math.max(...counts)) - low);
    const x = (at: number): number => Math.min(100, Math.max(0, ((at - from) / (to - from)) * 100));
    const y = (value: number): number => plot.top + plot.height * (1 - (value - low) / (top - low));
    const scale = scaleLines(top - low).map((value) => value + low);
    const ticks = [0, 1, 2, 3].map((part) => from + ((to - from) * part) / 3);
    return (
        <div class="bars" onPointerLeave={() => setTip(null)}>
            <svg class="bars-scale-field meter-scale" height={full} aria-hidden="true">
                {scale.map((value) => (
                    <text key={value} class="bars-scale" x="62" y={y(value) + 4}>
                        {number(value)}
                    </text>
                ))}
            </svg>
            <div class="bars-field">
                <svg class="bars-drawing" height={full} role="img" aria-label={summary(meter, view, from, to)}>
                    {scale.map((value) => (
                        <line key={value} class="bars-line" x1="0" x2="100%" y1={y(value)} y2={y(value)} />
                    ))}
                    {view === "days" &&
                        spans.map((span) => (
                            <rect
                                key={span.of.day}
                                class={`meter-bar ${span.to - span.from > day ? "meter-bar-span" : ""} ${span.of.gap ? "meter-bar-gap" : ""}`}
                                x={`${x(span.from)}%`}
                                width={`${Math.max(narrowest, (x(span.to) - x(span.from)) * 0.86)}%`}
                                y={y(span.value)}
                                height={Math.max(1, plot.top + plot.height - y(span.value))}
                                onPointerEnter={() => setTip({ text: tipOf(span), left: x(span.from) })}
                            />
                        ))}
                    {view === "counter" && <Steps meter={meter} x={x} y={y} tell={(text, left) => setTip({ text, left })} />}
                    {ticks.map((at, index) => (
                        <text key={at} class={`bars-hour ${["meter-tick-first", "bars-hour-minor", "bars-hour-minor", "meter-tick-last"][index]}`} x={`${x(at)}%`} y={plot.top + plot.height + 16}>
                            {date(new Date(at).toISOString())}
                        </text>
                    ))}
                </svg>
                {tip && (
                    <p class="bars-tip" style={tip.left < 50 ? { left: `${tip.left + 2}%` } : { right: `${100 - tip.left}%` }}>
                        {tip.text}
                    </p>
                )}
            </div>
        </div>
    );
}

/** One line a run of readings; a reset or an impossible number breaks it. */
function Steps(props: { meter: DeviceMeter; x(at: number): number; y(value: number): number; tell(text: string, left: number): void }) {
    const { meter, x, y } = props;
    const points = meter.points.map((point) => ({ point, left: x(Date.parse(point.at)), height: y(point.count) }));
    return (
        <>
            {points.slice(1).map(({ point, left, height }, index) => {
                const before = points[index]!;
                if (["reset", "impossible"].includes(point.change)) return null;
                return <line key={point.at} class="meter-line" x1={`${before.left}%`} y1={before.height} x2={`${left}%`} y2={height} />;
            })}
            {points.map(({ point, left, height }) => (
                <circle
                    key={point.at}
                    class={["reset", "impossible"].includes(point.change) ? "meter-dot meter-dot-gap" : "meter-dot"}
                    cx={`${left}%`}
                    cy={height}
                    r="3"
                    onPointerEnter={() => props.tell(t("meters.tip", { n: number(point.count), day: date(point.at) }), left)}
                />
            ))}
        </>
    );
}

function tipOf(span: Span): string {
    const last = date(span.of.day);
    if (span.to - span.from <= day) return t("meters.tip", { n: number(span.of.counted), day: last });
    return t("meters.tip.span", { n: number(span.of.counted), from: date(new Date(span.from).toISOString()), day: last });
}

function summary(meter: DeviceMeter, view: MeterView, from: number, to: number): string {
    const name = meterName(meter.meter);
    const days = Math.round((to - from) / day);
    if (view === "counter") {
        return t("meters.summary.counter", { name, days, first: number(meter.points[0]?.count ?? 0), last: number(meter.points.at(-1)?.count ?? 0) });
    }
    return t("meters.summary", { name, days, n: number(meter.counted), most: number(Math.max(0, ...meter.days.map((one) => one.counted))) });
}

/** Where the scale of a counter begins: 0, unless its growth would be a flat line then. */
function floorOf(least: number, most: number): number {
    const range = most - least;
    if (range <= 0 || least < range) return 0;
    const unit = 10 ** Math.floor(Math.log10(range));
    return Math.floor(least / unit) * unit;
}
