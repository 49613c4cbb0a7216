// SPDX-License-Identifier: Apache-2.0
//
// A rule as a form. What each kind asks is a table; the hub has the last word on every number.

import { useState } from "preact/hooks";
import { t, type TextKey } from "../language";
import { useResource } from "../resource";
import { alertApi, alertKinds, deviceStates, type AlertKind, type Rule, type RuleBody } from "./api";
import { FormDialog } from "../components/form-dialog";
import { GroupChoice } from "../components/group-choice";

interface Ask {
    name: string;
    text: TextKey;
    least: number;
    most: number;
    /** Of a meter rule: only with this choice. */
    what?: string;
}

const asks: Record<AlertKind, { begin: Record<string, unknown>; numbers: readonly Ask[] }> = {
    status: { begin: { states: ["stopped", "broken", "offline", "silent"] }, numbers: [] },
    supply: {
        begin: { percent: 10, clear_percent: 20, days: 0 },
        numbers: [
            { name: "percent", text: "alerts.rule.percent", least: 0, most: 99 },
            { name: "clear_percent", text: "alerts.rule.clear", least: 1, most: 100 },
            { name: "days", text: "alerts.rule.days", least: 0, most: 365 },
        ],
    },
    meter: {
        begin: { what: "stuck", days: 7 },
        numbers: [
            { name: "count", text: "alerts.rule.target", least: 1, most: 1e12, what: "target" },
            { name: "days", text: "alerts.rule.still", least: 1, most: 365, what: "stuck" },
        ],
    },
    agent: { begin: { hours: 24 }, numbers: [{ name: "hours", text: "alerts.rule.hours", least: 1, most: 8760 }] },
    policy: {
        begin: { count: 20, clear_count: 10, minutes: 60 },
        numbers: [
            { name: "count", text: "alerts.rule.count", least: 1, most: 10000 },
            { name: "clear_count", text: "alerts.rule.count.clear", least: 0, most: 9999 },
            { name: "minutes", text: "alerts.rule.minutes", least: 5, most: 1440 },
        ],
    },
};

const times: readonly { name: "hold_minutes" | "clear_minutes" | "window_minutes"; text: TextKey; least: number; most: number }[] = [
    { name: "hold_minutes", text: "alerts.rule.hold", least: 0, most: 10080 },
    { name: "clear_minutes", text: "alerts.rule.clearing", least: 0, most: 10080 },
    { name: "window_minutes", text: "alerts.rule.window", least: 1, most: 1440 },
];

function begin(): RuleBody {
    return { name: "", kind: "status", enabled: true, scope: {}, when: asks.status.begin, hold_minutes: 5, clear_minutes: 5, window_minutes: 30, quiet: null, tell_closed: true, channels: [] };
}

function bodyOf(rule: Rule): RuleBody {
    const { name, kind, enabled, scope, when, hold_minutes, clear_minutes, window_minutes, quiet, tell_closed, channels } = rule;
    return { name, kind, enabled, scope, when, hold_minutes, clear_minutes, window_minutes, quiet, tell_closed, channels };
}

export function RuleForm(props: { tenant: string; rule: Rule | null; zones: readonly string[]; close(saved: string | null): void }) {
    const [form, setForm] = useState<RuleBody>(props.rule ? bodyOf(props.rule) : begin());
    const channels = useResource("channels", (signal) => alertApi.channels(signal));
    const put = (change: Partial<RuleBody>): void => setForm({ ...form, ...change });

    async function send(): Promise<void> {
        if (props.rule) await alertApi.putRule(props.rule.id, form);
        else await alertApi.makeRule(props.tenant, form);
        props.close(form.name);
    }

    return (
        <FormDialog title={t(props.rule ? "alerts.rule.edit" : "alerts.rule.new")} submit={t("policy.save.short")} close={() => props.close(null)} send={send}>
            <label class="field">
                <span>{t("alerts.rule.name")}</span>
                <input value={form.name} required maxLength={120} onInput={(event) => put({ name: event.currentTarget.value })} />
            </label>
            <label class="field">
                <span>{t("alerts.filter.kind")}</span>
                <select
                    value={form.kind}
                    onChange={(event) => {
                        const kind = event.currentTarget.value as AlertKind;
                        put({ kind, when: asks[kind].begin, scope: {} });
                    }}
                >
                    {alertKinds.map((kind) => (
                        <option key={kind} value={kind}>
                            {t(`alerts.kind.${kind}`)}
                        </option>
                    ))}
                </select>
            </label>
            {(form.kind === "status" || form.kind === "supply" || form.kind === "meter") && (
                <GroupChoice
                    labelled
                    chosen={form.scope.device_group ?? ""}
                    change={(group) => {
                        const { device_group: _, ...rest } = form.scope;
                        put({ scope: group ? { ...rest, device_group: group } : rest });
                    }}
                />
            )}
            <When form={form} put={put} />
            <div class="alert-numbers">
                {times.map((one) => (
                    <Figure key={one.name} text={one.text} value={form[one.name]} least={one.least} most={one.most} set={(n) => put({ [one.name]: n })} />
                ))}
            </div>
            <QuietField form={form} put={put} zones={props.zones} />
            <fieldset>
                <legend>{t("alerts.rule.channels")}</legend>
                {channels.value?.items.length === 0 && <p class="soft">{t("alerts.rule.channels.none")}</p>}
                {channels.value?.items.map((one) => (
                    <Check key={one.id} text={one.name} on={form.channels.includes(one.id)} set={(on) => put({ channels: on ? [...form.channels, one.id] : form.channels.filter((id) => id !== one.id) })} />
                ))}
                <Check text={t("alerts.rule.tell")} on={form.tell_closed} set={(on) => put({ tell_closed: on })} />
                <Check text={t("alerts.rule.on")} on={form.enabled} set={(on) => put({ enabled: on })} />
            </fieldset>
        </FormDialog>
    );
}

function Check(props: { text: string; on: boolean; set(on: boolean): void }) {
    return (
        <label class="check">
            <input type="checkbox" checked={props.on} onChange={(event) => props.set(event.currentTarget.checked)} />
            <span>{props.text}</span>
        </label>
    );
}

function Figure(props: { text: TextKey; value: number; least: number; most: number; set(n: number): void }) {
    return (
        <label class="field">
            <span>{t(props.text)}</span>
            <input type="number" required min={props.least} max={props.most} value={props.value} onInput={(event) => props.set(event.currentTarget.valueAsNumber || 0)} />
        </label>
    );
}

interface Part {
    form: RuleBody;
    put(change: Partial<RuleBody>): void;
}

function When({ form, put }: Part) {
    const set = (change: Record<string, unknown>): void => put({ when: { ...form.when, ...change } });
    const states = (form.when.states as string[] | undefined) ?? [];
    const what = form.when.what as string | undefined;
    return (
        <>
            {form.kind === "status" && (
                <fieldset class="alert-states">
                    <legend>{t("alerts.rule.states")}</legend>
                    {deviceStates.map((name) => (
                        <Check key={name} text={t(`alerts.word.${name}`)} on={states.includes(name)} set={(on) => set({ states: on ? [...states, name] : states.filter((one) => one !== name) })} />
                    ))}
                </fieldset>
            )}
            {form.kind === "meter" && (
                <label class="field">
                    <span>{t("alerts.rule.what")}</span>
                    <select value={what} onChange={(event) => put({ when: { what: event.currentTarget.value, ...(event.currentTarget.value === "target" ? { count: 100_000 } : { days: 7 }) } })}>
                        {(["target", "stuck", "reset"] as const).map((name) => (
                            <option key={name} value={name}>
                                {t(`alerts.rule.what.${name}`)}
                            </option>
                        ))}
                    </select>
                </label>
            )}
            {form.kind === "policy" && (
                <Check text={t("notices.only")} on={form.when.notify === true} set={(on) => put({ when: on ? { notify: true, count: 1, clear_count: 0, minutes: 60 } : asks.policy.begin })} />
            )}
            <div class="alert-numbers">
                {asks[form.kind].numbers
                    .filter((one) => !one.what || one.what === what)
                    .map((one) => (
                        <Figure key={one.name} text={one.text} value={Number(form.when[one.name] ?? 0)} least={one.least} most={one.most} set={(n) => set({ [one.name]: n })} />
                    ))}
            </div>
        </>
    );
}

function QuietField({ form, put, zones }: Part & { zones: readonly string[] }) {
    const quiet = form.quiet;
    const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const zone = zones.includes(own) ? own : "UTC";
    return (
        <fieldset>
            <legend>{t("alerts.rule.quiet")}</legend>
            <Check text={t("alerts.rule.quiet")} on={quiet !== null} set={(on) => put({ quiet: on ? { from: "22:00", to: "06:00", zone, weekend: false } : null })} />
            {quiet && (
                <div class="alert-numbers">
                    <label class="field">
                        <span>{t("alerts.rule.from")}</span>
                        <input type="time" required value={quiet.from} onInput={(event) => put({ quiet: { ...quiet, from: event.currentTarget.value } })} />
                    </label>
                    <label class="field">
                        <span>{t("alerts.rule.to")}</span>
                        <input type="time" required value={quiet.to} onInput={(event) => put({ quiet: { ...quiet, to: event.currentTarget.value } })} />
                    </label>
                    <label class="field">
                        <span>{t("alerts.rule.zone")}</span>
                        <input value={quiet.zone} list="alert-zones" required maxLength={60} onInput={(event) => put({ quiet: { ...quiet, zone: event.currentTarget.value } })} />
                        <datalist id="alert-zones">
                            {zones.map((name) => (
                                <option key={name} value={name} />
                            ))}
                        </datalist>
                    </label>
                    <Check text={t("alerts.rule.weekend")} on={quiet.weekend} set={(on) => put({ quiet: { ...quiet, weekend: on } })} />
                </div>
            )}
        </fieldset>
    );
}
