// SPDX-License-Identifier: Apache-2.0
//
// One condition as a row: field, comparison, value. Which controls there are follows from the field's kind.

import { t } from "../language";
import { Icon } from "../components/icon";
import { Options } from "../components/options";
import { EditField } from "./edit-field";
import { fieldNames, fields, firstValue, type Condition, type FieldName, type Json, type JsonObject } from "./model";
import { tOf } from "./words";

interface RowProps {
    condition: Condition;
    quotas: readonly string[];
    change(condition: Condition): void;
    remove(): void;
}

export function ConditionRow(props: RowProps) {
    const { condition } = props;
    const set = (value: Json): void => props.change({ ...condition, value });
    return (
        <li class="condition">
            <select
                aria-label={t("policy.field")}
                class="condition-field"
                value={condition.field}
                onChange={(event) => {
                    const field = event.currentTarget.value as FieldName;
                    props.change({ field, value: firstValue(field, props.quotas) });
                }}
            >
                {fieldNames
                    .filter((name) => props.quotas.length > 0 || name === condition.field || !["quota", "percent"].includes(fields[name].kind))
                    .map((name) => (
                        <option key={name} value={name}>
                            {tOf("policy.field", name)}
                        </option>
                    ))}
            </select>
            <Value field={condition.field} value={condition.value} quotas={props.quotas} set={set} />
            <button type="button" class="button button-icon" aria-label={t("policy.condition.remove")} title={t("policy.condition.remove")} onClick={props.remove}>
                <Icon name="close" />
            </button>
        </li>
    );
}

interface ValueProps {
    field: FieldName;
    value: Json;
    quotas: readonly string[];
    set(value: Json): void;
}

function Value(props: ValueProps) {
    switch (fields[props.field].kind) {
        case "texts":
            return <Texts {...props} />;
        case "words":
            return <Words {...props} />;
        case "number":
        case "money":
            return <Range {...props} />;
        case "flag":
            return (
                <select aria-label={t("policy.value")} value={String(props.value)} onChange={(event) => props.set(event.currentTarget.value === "true")}>
                    <option value="true">{t("policy.is.yes")}</option>
                    <option value="false">{t("policy.is.no")}</option>
                </select>
            );
        case "time":
        case "date":
            return <Span {...props} />;
        case "again":
            return (
                <label class="field-inline">
                    <span>{t("policy.within")}</span>
                    <Count label={t("policy.minutes")} value={(props.value as JsonObject).within ?? 10} set={(within) => props.set({ within })} />
                    <span>{t("policy.minutes")}</span>
                </label>
            );
        case "quota":
            return <Quota value={props.value as string} quotas={props.quotas} set={props.set} />;
        case "percent": {
            const value = props.value as JsonObject;
            return (
                <>
                    <Quota value={String(value.quota ?? "")} quotas={props.quotas} set={(quota) => props.set({ ...value, quota })} />
                    {(["min", "max"] as const).map((end) => (
                        <label key={end} class="field-inline">
                            <span>{t(`policy.number.${end}`)}</span>
                            <Bound label={`${t("policy.percent")}, ${t(`policy.number.${end}`)}`} value={value[end]} set={(percent) => props.set(withEnd(value, end, percent))} />
                            <span>%</span>
                        </label>
                    ))}
                </>
            );
        }
    }
}

/** Several patterns in one field, parted by semicolons. */
function Texts(props: ValueProps) {
    const words = props.field === "document_words";
    const value = Array.isArray(props.value) ? props.value.join("; ") : String(props.value);
    return (
        <>
            <span class="condition-is">{t(words ? "policy.has.words" : "policy.is.like")}</span>
            <EditField
                class="condition-text"
                label={t("policy.value")}
                title={t(words ? "policy.words.hint" : "policy.like.hint")}
                value={value}
                commit={(typed) => {
                    const list = typed
                        .split(";")
                        .map((text) => text.trim())
                        .filter(Boolean);
                    props.set(list.length === 1 ? list[0]! : list.length ? list : "*");
                }}
            />
        </>
    );
}

function Words(props: ValueProps) {
    const chosen = Array.isArray(props.value) ? (props.value as string[]) : [String(props.value)];
    const all = (fields[props.field] as { words: readonly string[] }).words;
    function toggle(word: string, on: boolean): void {
        const next = all.filter((one) => (one === word ? on : chosen.includes(one)));
        if (next.length) props.set(next.length === 1 ? next[0]! : [...next]);
    }
    return (
        <fieldset class="condition-words">
            <legend class="sr-only">{t("policy.value")}</legend>
            {all.map((word) => (
                <label key={word} class={chosen.includes(word) ? "chip chip-on" : "chip"}>
                    <input type="checkbox" checked={chosen.includes(word)} onChange={(event) => toggle(word, event.currentTarget.checked)} />
                    {tOf("policy.word", word)}
                </label>
            ))}
        </fieldset>
    );
}

const comparisons = ["is", "min", "max", "between"] as const;

function Range(props: ValueProps) {
    const money = fields[props.field].kind === "money";
    const value = props.value;
    const range = typeof value === "object" && value !== null && !Array.isArray(value) ? value : null;
    const how = !range ? "is" : range.min !== undefined && range.max !== undefined ? "between" : range.max !== undefined ? "max" : "min";
    const low = range ? (range.min ?? range.max ?? 1) : value;
    const high = range?.max ?? low;
    const put = (kind: string, min: Json, max: Json): void =>
        props.set(kind === "is" ? min : kind === "min" ? { min } : kind === "max" ? { max: kind === how ? max : min } : { min, max });
    return (
        <>
            <select aria-label={t("policy.comparison")} value={how} onChange={(event) => put(event.currentTarget.value, low, high)}>
                {comparisons.map((name) => (
                    <option key={name} value={name}>
                        {t(`policy.number.${name}`)}
                    </option>
                ))}
            </select>
            {how !== "max" && <Count label={t("policy.value")} money={money} value={low} set={(one) => put(how, one, high)} />}
            {how === "between" && <span>{t("policy.and")}</span>}
            {(how === "between" || how === "max") && <Count label={t("policy.value.to")} money={money} value={high} set={(one) => put(how, low, one)} />}
        </>
    );
}

function Span(props: ValueProps) {
    const kind = fields[props.field].kind === "time" ? "time" : "date";
    const range = typeof props.value === "string" ? { from: props.value, to: props.value } : (props.value as JsonObject);
    const field = (name: "from" | "to") => (
        <label class="field-inline">
            <span>{t(`policy.${name}`)}</span>
            <input
                type={kind}
                value={String(range[name] ?? "")}
                onChange={(event) => event.currentTarget.value && props.set({ ...range, [name]: event.currentTarget.value })}
            />
        </label>
    );
    return (
        <>
            {field("from")}
            {field("to")}
        </>
    );
}

function Quota(props: { value: string; quotas: readonly string[]; set(value: string): void }) {
    const all = props.quotas.includes(props.value) ? props.quotas : [props.value, ...props.quotas];
    return (
        <select aria-label={t("policy.quota")} value={props.value} onChange={(event) => props.set(event.currentTarget.value)}>
            <Options of={all} />
        </select>
    );
}

/** One end of a range; an empty field is none. */
function Bound(props: { label: string; value: Json | undefined; set(value: number | undefined): void }) {
    return (
        <EditField
            class="condition-count"
            label={props.label}
            kind="number"
            value={String(props.value ?? "")}
            commit={(text) => /^\d*$/.test(text) && props.set(text === "" ? undefined : Number(text))}
        />
    );
}

/** A range without both ends would always hold: the one that is taken away last becomes 0. */
function withEnd(value: JsonObject, end: "min" | "max", percent: number | undefined): JsonObject {
    const next: JsonObject = { ...value };
    if (percent === undefined) delete next[end];
    else next[end] = percent;
    return next.min === undefined && next.max === undefined ? { ...next, min: 0 } : next;
}

/** A whole number; money stays text, so that no digit is lost. */
export function Count(props: { label: string; value: Json; money?: boolean; set(value: number | string): void }) {
    return (
        <EditField
            class="condition-count"
            label={props.label}
            kind={props.money ? "decimal" : "number"}
            value={String(props.value)}
            commit={(text) => {
                if (props.money) props.set(text.trim().replace(",", "."));
                else if (/^\d+$/.test(text)) props.set(Number(text));
            }}
        />
    );
}
