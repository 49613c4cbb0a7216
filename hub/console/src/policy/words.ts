// SPDX-License-Identifier: Apache-2.0
//
// Policies in words: a rule in one line, a job that shows something, what the proof found. Everything goes through the table of texts.

import { texts } from "../i18n";
import { t, type TextKey } from "../language";
import type { Finding } from "./api";
import { fields, isGroup, readActions, readConditions, type Condition, type Conditions, type Json, type Rule } from "./model";

/** The text of a word of the language; a word that only a newer hub knows is shown as it came. */
export function tOf(group: "policy.field" | "policy.word" | "policy.action" | "policy.ruling" | "policy.scope", word: string): string {
    const key = `${group}.${word}`;
    return key in texts ? t(key as TextKey) : word;
}

const list = (value: Json, word: (one: string) => string): string =>
    (Array.isArray(value) ? value : [value]).map((one) => word(String(one))).join(", ");

function conditionWords(one: Condition): string {
    const name = tOf("policy.field", one.field);
    const value = one.value;
    const range = typeof value === "object" && value !== null && !Array.isArray(value) ? value : null;
    switch (fields[one.field].kind) {
        case "flag":
            return `${name}: ${t(value ? "policy.is.yes" : "policy.is.no")}`;
        case "words":
            return `${name}: ${list(value, (word) => tOf("policy.word", word))}`;
        case "time":
        case "date":
            return range ? `${name} ${range.from as string}–${range.to as string}` : `${name} ${value as string}`;
        case "again":
            return `${name} (${String(range?.within)} min)`;
        case "percent":
            return `${name} ${String(range?.quota)} ${[range?.min !== undefined && `≥ ${String(range.min)} %`, range?.max !== undefined && `≤ ${String(range.max)} %`].filter(Boolean).join(" ")}`;
        case "number":
        case "money":
            if (!range) return `${name} = ${String(value)}`;
            if (range.min !== undefined && range.max !== undefined) return `${name} ${String(range.min)}–${String(range.max)}`;
            return range.max !== undefined ? `${name} ≤ ${String(range.max)}` : `${name} ≥ ${String(range.min)}`;
        default:
            return `${name}: ${list(value, (word) => word)}`;
    }
}

function groupWords(group: Conditions): string {
    const parts = group.items.map((item) => (isGroup(item) ? `(${groupWords(item)})` : conditionWords(item)));
    if (group.kind === "none") return t("policy.words.none", { list: parts.join(", ") });
    return parts.join(group.kind === "all" ? ` ${t("policy.and")} ` : ` ${t("policy.or")} `);
}

/** A rule in one line. */
export function ruleWords(rule: Rule): string {
    const group = readConditions(rule.when);
    const actions = readActions(rule.then);
    const when = !group ? t("policy.words.json") : group.items.length ? groupWords(group) : t("policy.words.always");
    const then = !actions ? t("policy.words.json") : actions.map((action) => tOf("policy.action", action.name)).join(", ");
    return `${when} → ${then || "–"}`;
}

/** A job as the proof writes it (queue=HQ pages=120 user="A B"), in the words of the chosen language. */
export function jobWords(witness: string): string {
    const parts = witness.match(/[a-z_:]+=("[^"]*"|\S*)/g) ?? [];
    const words = parts.map((part) => {
        const [name, value] = [part.slice(0, part.indexOf("=")), part.slice(part.indexOf("=") + 1).replace(/^"|"$/g, "")];
        const shown = value === "?" ? t("unknown") : value === "true" ? t("policy.is.yes") : value === "false" ? t("policy.is.no") : tOf("policy.word", value);
        return `${tOf("policy.field", name)}: ${shown}`;
    });
    return words.length ? words.join(", ") : t("policy.words.anyjob");
}

/** What was found, for a person; kinds of a newer hub in its own words. */
export function findingWords(finding: Finding): string {
    const rule = finding.rule ?? finding.quota ?? "";
    const other = finding.other ?? "";
    const key = `policy.found.${finding.kind}${finding.kind === "shadowed" && other ? ".by" : ""}`;
    return key in texts ? t(key as TextKey, { rule, other }) : finding.words;
}
