// SPDX-License-Identifier: Apache-2.0
//
// Numbers, sizes and times as the chosen language writes them. Unknown values never come here: the caller
// draws them with components/unknown.tsx. Times are shown in the browser's zone unless a name says UTC.

import { locale } from "./language";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

export function number(value: number): string {
    return new Intl.NumberFormat(locale()).format(value);
}

export function percent(share: number): string {
    return new Intl.NumberFormat(locale(), { style: "percent", maximumFractionDigits: 0 }).format(share);
}

export function size(bytes: number): string {
    const units = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];
    let value = bytes;
    let step = 0;
    while (value >= 1000 && step < units.length - 1) {
        value /= 1000;
        step++;
    }
    return new Intl.NumberFormat(locale(), {
        style: "unit",
        unit: units[step]!,
        unitDisplay: step === 0 ? "long" : "short",
        maximumFractionDigits: value < 10 && step > 0 ? 1 : 0,
    }).format(value);
}

/** Short, for table cells: the year only where it is not the current one. */
export function shortTime(instant: string): string {
    const when = new Date(instant);
    return new Intl.DateTimeFormat(locale(), {
        ...(when.getFullYear() === new Date().getFullYear() ? {} : { year: "2-digit" }),
        month: "short",
        day: "2-digit",
        hour: "2-digit",
        minute: "2-digit",
        hourCycle: "h23",
    }).format(when);
}

/** Complete, with the zone, for titles and details. */
export function fullTime(instant: string): string {
    return new Intl.DateTimeFormat(locale(), {
        year: "numeric",
        month: "long",
        day: "numeric",
        hour: "2-digit",
        minute: "2-digit",
        second: "2-digit",
        hourCycle: "h23",
        timeZoneName: "short",
    }).format(new Date(instant));
}

export function date(instant: string): string {
    return new Intl.DateTimeFormat(locale(), { year: "numeric", month: "short", day: "numeric" }).format(new Date(instant));
}

/** "3 minutes ago", "in 12 days": in the largest unit that fits. */
export function relative(instant: string, now: number): string {
    const distance = new Date(instant).getTime() - now;
    const away = Math.abs(distance);
    const format = new Intl.RelativeTimeFormat(locale(), { numeric: "auto" });
    if (away < 45_000) return format.format(0, "second");
    if (away < hour) return format.format(Math.round(distance / minute), "minute");
    if (away < day) return format.format(Math.round(distance / hour), "hour");
    if (away < 60 * day) return format.format(Math.round(distance / day), "day");
    return format.format(Math.round(distance / (30.44 * day)), "month");
}

/** The hour of a day as the axis of the chart writes it. */
export function clockHour(value: number): string {
    return `${String(value).padStart(2, "0")}:00`;
}
