// SPDX-License-Identifier: Apache-2.0
//
// From when to when: a usual period, or two days. Days are whole days of the browser's zone; the address and
// the hub get their first and last instant, so that a shared link means the same jobs in every zone.

import { useState } from "preact/hooks";
import { fullTime } from "../format";
import { t } from "../language";

interface Period {
    from: string;
    to: string;
}

const usual = { today: 1, week: 7, month: 30 } as const;
const names = ["any", "today", "week", "month", "days"] as const;
type Name = (typeof names)[number];

export function PeriodField(props: Period & { change(period: Partial<Period>): void }) {
    const { from, to, change } = props;
    const [typing, setTyping] = useState(false);
    const name = typing ? "days" : nameOf(props);

    function choose(wanted: Name): void {
        setTyping(wanted === "days");
        if (wanted === "any") change({ from: "", to: "" });
        else if (wanted !== "days") change({ from: startOf(usual[wanted]), to: "" });
    }

    return (
        <>
            <select
                aria-label={t("filter.period")}
                value={name}
                class={name === "any" ? "" : "set"}
                onChange={(event) => choose(event.currentTarget.value as Name)}
            >
                {names.map((one) => (
                    <option key={one} value={one}>
                        {t(`period.${one}`)}
                    </option>
                ))}
            </select>
            {name === "days" && (
                <>
                    <DayField label={t("filter.from")} value={from} end={false} onValue={(instant) => change({ from: instant })} />
                    <DayField label={t("filter.to")} value={to} end={true} onValue={(instant) => change({ to: instant })} />
                </>
            )}
        </>
    );
}

/** One end of the range: the first instant of a day, or (`end`) the last one. */
function DayField(props: { label: string; value: string; end: boolean; onValue(instant: string): void }) {
    return (
        <label class="field-inline" title={props.value && fullTime(props.value)}>
            <span>{props.label}</span>
            <input
                type="date"
                min="2000-01-01"
                max="2099-12-31"
                class={props.value ? "set" : ""}
                value={props.value && dayOf(new Date(props.value))}
                onChange={(event) => {
                    const field = event.currentTarget;
                    if (field.validity.valid) props.onValue(field.value && instantOf(field.value, props.end));
                }}
            />
        </label>
    );
}

function nameOf(period: Period): Name {
    if (!period.from && !period.to) return "any";
    const days = (["today", "week", "month"] as const).find((name) => period.from === startOf(usual[name]));
    return !period.to && days ? days : "days";
}

/** The first instant of the period of so many days that ends today. */
function startOf(days: number): string {
    const start = new Date();
    start.setHours(0, 0, 0, 0);
    start.setDate(start.getDate() - (days - 1));
    return start.toISOString();
}

function dayOf(when: Date): string {
    const two = (value: number): string => String(value).padStart(2, "0");
    return `${when.getFullYear()}-${two(when.getMonth() + 1)}-${two(when.getDate())}`;
}

function instantOf(day: string, end: boolean): string {
    return new Date(`${day}T${end ? "23:59:59.999" : "00:00:00.000"}`).toISOString();
}
