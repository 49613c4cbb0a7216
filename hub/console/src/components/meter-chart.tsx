// SPDX-License-Identifier: Apache-2.0
//
// A meter over time: what was counted a day, or the counter itself. A count that spans days without a reading is one broad
// bar over them, as high as its mean: nothing is shown on a day that nobody read. Days are UTC, as the hub counts them.

import type { ComponentChildren } from "preact";
import { meterName, type DeviceMeter, type MeterDay } from "../device";
import { fullTime, number } from "../format";
import { t } from "../language";
import { utcDay } from "../report";
import { niceTop } from "../scale";
import { Chart, tickY, yOf, type Scale } from "./chart";

export type MeterView = "days" | "counter";

const day = 24 * 60 * 60_000;
const narrowest = 0.25; // percent
const broken = ["reset", "impossible"];

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
    const x = (at: number): number => Math.min(100, Math.max(0, ((at - from) / (to - from)) * 100));
    const label = summary(meter, view, from, to);
    // The last day, not the end of it, which is the next one's beginning.
    const ticks = [0, 1, 2, 3].map((part) => from + Math.round((to - day - from) / day / 3 * part) * day);
    const days = (scale: Scale): ComponentChildren =>
        ticks.map((at, index) => (
            <text key={at} class={`bars-hour ${["tick-first", "bars-hour-minor", "bars-hour-minor", "tick-last"][index]}`} x={`${index === 3 ? 100 : x(at)}%`} y={tickY(scale)}>
                {utcDay(new Date(at).toISOString(), "day")}
            </text>
        ));
    return view === "days" ? <Days meter={meter} label={label} x={x} ticks={days} /> : <Counter meter={meter} label={label} x={x} ticks={days} />;
}

interface ViewProps {
    meter: DeviceMeter;
    label: string;
    x(at: number): number;
    ticks(scale: Scale): ComponentChildren;
}

function Days(props: ViewProps) {
    const { meter, x } = props;
    const spans = meter.days.map(spanOf);
    const scale = { low: 0, top: niceTop(Math.max(0, ...spans.map((span) => span.value))), height: 150 };
    const marks = spans.map((span) => ({ left: x(span.from), width: Math.max(narrowest, x(span.to) - x(span.from)), words: wordsOf(span) }));
    return (
        <>
            <Chart label={props.label} scale={scale} wide marks={marks}>
                {spans.map((span, index) => (
                    <rect
                        key={span.of.day}
                        class={`meter-bar ${isLong(span) ? "meter-bar-span" : ""} ${span.of.gap ? "meter-bar-gap" : ""}`}
                        x={`${marks[index]!.left}%`}
                        width={`${Math.max(narrowest, marks[index]!.width * 0.86)}%`}
                        y={yOf(scale, span.value)}
                        height={Math.max(1, yOf(scale, 0) - yOf(scale, span.value))}
                    />
                ))}
                {props.ticks(scale)}
            </Chart>
            {spans.some(isLong) && (
                <p class="meter-legend">
                    <span class="meter-legend-span" aria-hidden="true" />
                    {t("meters.legend.span")}
                </p>
            )}
        </>
    );
}

/** One line a run of readings; a reset or an impossible number breaks it. */
function Counter(props: ViewProps) {
    const { meter, x } = props;
    const counts = meter.points.map((point) => point.count);
    const most = Math.max(...counts);
    const low = floorOf(Math.min(...counts), most);
    const scale = { low, top: low + niceTop(most - low), height: 150 };
    const points = meter.points.map((point) => ({ point, left: x(Date.parse(point.at)), height: yOf(scale, point.count) }));
    // A point's field reaches half the way to its neighbours.
    const edges = [0, ...points.slice(1).map(({ left }, index) => (points[index]!.left + left) / 2), 100];
    const marks = points.map(({ point }, index) => ({ left: edges[index]!, width: edges[index + 1]! - edges[index]!, words: [fullTime(point.at), number(point.count)] as const }));
    return (
        <Chart label={props.label} scale={scale} wide marks={marks}>
            {points.slice(1).map(({ point, left, height }, index) => {
                const before = points[index]!;
                if (broken.includes(point.change)) return null;
                return <line key={point.at} class="meter-line" x1={`${before.left}%`} y1={before.height} x2={`${left}%`} y2={height} />;
            })}
            {points.map(({ point, left, height }) => (
                <circle key={point.at} class={broken.includes(point.change) ? "meter-dot meter-dot-gap" : "meter-dot"} cx={`${left}%`} cy={height} r="3" />
            ))}
            {props.ticks(scale)}
        </Chart>
    );
}

const isLong = (span: Span): boolean => span.to - span.from > day;

function wordsOf(span: Span): readonly [string, ...string[]] {
    const last = utcDay(span.of.day, "day");
    const n = t("meters.counted", { n: number(span.of.counted) });
    if (!isLong(span)) return [last, n];
    return [t("meters.tip.span", { from: utcDay(new Date(span.from).toISOString(), "day"), day: last }), n, t("meters.tip.none")];
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
