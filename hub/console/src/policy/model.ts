// SPDX-License-Identifier: Apache-2.0
//
// A policy set as the forms see it. The JSON text is what counts: the forms read it and write it, and what they do not know in it
// stays as it was. docs/policy.md is the language; the table of fields below follows its table.

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
export type JsonObject = { [name: string]: Json };

export interface Rule extends JsonObject {
    id: string;
}

export interface PolicyText extends JsonObject {
    v: number;
    rules: Rule[];
}

export type FieldKind = "texts" | "words" | "number" | "money" | "flag" | "time" | "date" | "again" | "quota" | "percent";

/** Every condition of the language, in the order in which it is offered. Words: those that may be chosen. */
export const fields = {
    user: { kind: "texts" },
    group: { kind: "texts" },
    workstation: { kind: "texts" },
    queue: { kind: "texts" },
    device: { kind: "texts" },
    server: { kind: "texts" },
    port: { kind: "texts" },
    document: { kind: "texts" },
    document_words: { kind: "texts" },
    document_type: { kind: "words", words: ["text", "spreadsheet", "presentation", "pdf", "mail", "web", "image", "drawing"] },
    application: { kind: "texts" },
    pages: { kind: "number" },
    copies: { kind: "number" },
    impressions: { kind: "number" },
    sheets: { kind: "number" },
    color: { kind: "flag" },
    color_pages: { kind: "number" },
    color_impressions: { kind: "number" },
    duplex: { kind: "words", words: ["none", "long", "short", "any"] },
    nup: { kind: "number" },
    paper: { kind: "texts" },
    language: { kind: "texts" },
    bytes: { kind: "number" },
    cost: { kind: "money" },
    time: { kind: "time" },
    weekday: { kind: "words", words: ["mon", "tue", "wed", "thu", "fri", "sat", "sun", "workday", "weekend"] },
    date: { kind: "date" },
    again: { kind: "again" },
    over_quota: { kind: "quota" },
    quota_percent: { kind: "percent" },
    driver_color: { kind: "flag" },
    driver_duplex: { kind: "words", words: ["none", "long", "short", "any"] },
    driver_copies: { kind: "number" },
    driver_paper: { kind: "texts" },
} as const satisfies Record<string, { kind: FieldKind; words?: readonly string[] }>;

export type FieldName = keyof typeof fields;
export const fieldNames = Object.keys(fields) as FieldName[];

export const groupKinds = ["all", "any", "none"] as const;
export type GroupKind = (typeof groupKinds)[number];

export interface Condition {
    field: FieldName;
    value: Json;
}

export interface Conditions {
    kind: GroupKind;
    items: (Condition | Conditions)[];
}

export const isGroup = (item: Condition | Conditions): item is Conditions => "items" in item;

const isObject = (value: Json | undefined): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);

/** The set in a text; null where the text is no JSON object with rules. */
export function readSet(text: string): PolicyText | null {
    try {
        const set = JSON.parse(text) as Json;
        const good = isObject(set) && set.v === 2 && Array.isArray(set.rules) && set.rules.every((rule) => isObject(rule) && typeof rule.id === "string");
        return good ? (set as PolicyText) : null;
    } catch {
        return null;
    }
}

export function writeSet(set: PolicyText): string {
    return JSON.stringify(set, null, 2);
}

export const emptySet = (): PolicyText => ({ v: 2, version: 1, default: "allow", rules: [] });

/** The conditions of a rule, or null where they are more than the forms can show: then the JSON view is for it. */
export function readConditions(when: Json | undefined): Conditions | null {
    if (when === undefined) return { kind: "all", items: [] };
    const item = readItem(when, 0);
    if (!item) return null;
    return isGroup(item) ? item : { kind: "all", items: [item] };
}

function readItem(value: Json, depth: number): Condition | Conditions | null {
    if (!isObject(value) || depth > 8) return null;
    const names = Object.keys(value);
    if (names.length !== 1) return null;
    const name = names[0]!;
    const inner = value[name]!;
    if ((groupKinds as readonly string[]).includes(name)) {
        if (!Array.isArray(inner)) return null;
        const items = inner.map((one) => readItem(one, depth + 1));
        return items.every((one) => one !== null) ? { kind: name as GroupKind, items: items as (Condition | Conditions)[] } : null;
    }
    return name in fields && fits(name as FieldName, inner) ? { field: name as FieldName, value: inner } : null;
}

/** Has the value a shape that the field's form shows? */
function fits(field: FieldName, value: Json): boolean {
    const text = (one: Json | undefined): boolean => typeof one === "string";
    const bound = (one: Json | undefined): boolean => one === undefined || typeof one === "number" || typeof one === "string";
    switch (fields[field].kind) {
        case "texts":
        case "words":
            return text(value) || (Array.isArray(value) && value.length > 0 && value.every(text));
        case "flag":
            return typeof value === "boolean";
        case "number":
            return typeof value === "number" || (isObject(value) && bound(value.min) && bound(value.max));
        case "money":
            return text(value) || typeof value === "number" || (isObject(value) && bound(value.min) && bound(value.max));
        case "time":
            return isObject(value) && text(value.from) && text(value.to);
        case "date":
            return text(value) || (isObject(value) && text(value.from) && text(value.to));
        case "again":
            return isObject(value) && typeof value.within === "number";
        case "quota":
            return text(value);
        case "percent":
            return isObject(value) && text(value.quota);
    }
}

/** What a rule has as `when`; undefined: nothing, it always matches. */
export function writeConditions(group: Conditions): Json | undefined {
    if (group.items.length === 0) return undefined;
    const only = group.items[0]!;
    return group.kind === "all" && group.items.length === 1 ? writeItem(only) : writeItem(group);
}

function writeItem(item: Condition | Conditions): Json {
    return isGroup(item) ? { [item.kind]: item.items.map(writeItem) } : { [item.field]: item.value };
}

/** A value to begin with. */
export function firstValue(field: FieldName, quotas: readonly string[]): Json {
    switch (fields[field].kind) {
        case "texts":
            return "*";
        case "words":
            return (fields[field] as { words: readonly string[] }).words[0]!;
        case "flag":
            return true;
        case "number":
            return { min: 1 };
        case "money":
            return { min: "1" };
        case "time":
            return { from: "18:00", to: "07:00" };
        case "date": {
            const today = new Date().toISOString().slice(0, 10);
            return { from: today, to: today };
        }
        case "again":
            return { within: 10 };
        case "quota":
            return quotas[0] ?? "";
        case "percent":
            return { quota: quotas[0] ?? "", min: 80 };
    }
}

export const quotasOf = (set: PolicyText): string[] =>
    Array.isArray(set.quotas) ? set.quotas.flatMap((quota) => (isObject(quota) && typeof quota.id === "string" ? [quota.id] : [])) : [];

/* ---- quotas ---- */

export interface QuotaText extends JsonObject {
    id: string;
}

export const quotaChoices = {
    of: ["user", "group", "account"],
    per: ["day", "week", "month", "term"],
    unit: ["pages", "color_pages", "sheets", "cost"],
} as const;
export const quotaAmounts = ["limit", "overdraft", "grace", "rollover"] as const;

/** The quotas of a set; null where the forms cannot show them. */
export function readQuotas(set: PolicyText): QuotaText[] | null {
    if (set.quotas === undefined) return [];
    const good = Array.isArray(set.quotas) && set.quotas.every((one) => isObject(one) && typeof one.id === "string");
    return good ? (set.quotas as QuotaText[]) : null;
}

export function withQuotas(set: PolicyText, quotas: readonly QuotaText[]): PolicyText {
    const { quotas: _, rules, ...rest } = set;
    return { ...rest, ...(quotas.length > 0 && { quotas: [...quotas] }), rules } as PolicyText;
}

export function freshQuota(set: PolicyText): QuotaText {
    const taken = new Set(quotasOf(set));
    let n = taken.size + 1;
    while (taken.has(`quota-${n}`)) n++;
    return { id: `quota-${n}`, of: "user", per: "month", unit: "pages", limit: 500 };
}

/** The set with a quota under another name, in the rules that ask about it, too. */
export function renamedQuota(set: PolicyText, from: string, to: string): PolicyText {
    const inside = (value: Json): Json => {
        if (Array.isArray(value)) return value.map(inside);
        if (!isObject(value)) return value;
        return Object.fromEntries(
            Object.entries(value).map(([name, inner]): [string, Json] => {
                if (name === "over_quota" && inner === from) return [name, to];
                if (name === "quota_percent" && isObject(inner) && inner.quota === from) return [name, { ...inner, quota: to }];
                return [name, inside(inner)];
            }),
        );
    };
    const rules = set.rules.map((rule) => (rule.when === undefined ? rule : { ...rule, when: inside(rule.when) }));
    return withQuotas({ ...set, rules }, (readQuotas(set) ?? []).map((one) => (one.id === from ? { ...one, id: to } : one)));
}

/** Its unit changed: amounts of money are texts, the others whole numbers. */
export function withUnit(quota: QuotaText, unit: string): QuotaText {
    const next: QuotaText = { ...quota, unit };
    for (const name of quotaAmounts) {
        if (quota[name] !== undefined) next[name] = unit === "cost" ? String(quota[name] as number | string) : Math.round(Number(quota[name])) || 0;
    }
    return next;
}

/* ---- actions ---- */

export const actionNames = ["allow", "deny", "warn", "account", "duplex", "grey", "hold", "redirect", "notify", "record"] as const;
export type ActionName = (typeof actionNames)[number];

export interface Action {
    name: ActionName;
    settings: JsonObject;
}

const bare: readonly ActionName[] = ["allow", "deny", "record"];

/** The actions of a rule; null where the forms cannot show them. Short forms are written out. */
export function readActions(then: Json | undefined): Action[] | null {
    const list = Array.isArray(then) ? then : then === undefined ? [] : [then];
    const actions = list.map(readAction);
    return actions.every((action) => action !== null) ? (actions as Action[]) : null;
}

function readAction(value: Json): Action | null {
    const known = (name: string): name is ActionName => (actionNames as readonly string[]).includes(name);
    if (typeof value === "string") return known(value) ? { name: value, settings: {} } : null;
    if (!isObject(value) || Object.keys(value).length !== 1) return null;
    const name = Object.keys(value)[0]!;
    const inner = value[name]!;
    if (!known(name) || bare.includes(name)) return null;
    if (isObject(inner)) return { name, settings: inner };
    const short: Partial<Record<ActionName, string>> = { account: "ask", duplex: "how", grey: "how", redirect: "queue", notify: "tell" };
    return short[name] && (typeof inner === "string" || Array.isArray(inner)) ? { name, settings: { [short[name]]: inner } } : null;
}

export function writeActions(actions: readonly Action[]): Json {
    const list = actions.map((action): Json => {
        if (action.name === "notify") return { notify: action.settings.tell ?? "user" };
        return Object.keys(action.settings).length === 0 ? action.name : { [action.name]: action.settings };
    });
    return list.length === 1 ? list[0]! : list;
}

export function firstSettings(name: ActionName): JsonObject {
    if (name === "account") return { ask: "client" };
    if (name === "redirect") return { queue: "" };
    if (name === "notify") return { tell: "user" };
    return {};
}

/* ---- changing rules ---- */

export function withRule(set: PolicyText, at: number, rule: Rule): PolicyText {
    return { ...set, rules: set.rules.map((old, index) => (index === at ? rule : old)) };
}

export function withoutRule(set: PolicyText, at: number): PolicyText {
    return { ...set, rules: set.rules.filter((_, index) => index !== at) };
}

export function moved(set: PolicyText, from: number, to: number): PolicyText {
    if (to < 0 || to >= set.rules.length || from === to) return set;
    const rules = [...set.rules];
    const [rule] = rules.splice(from, 1);
    rules.splice(to, 0, rule!);
    return { ...set, rules };
}

/** A name that no rule has yet. */
export function freshId(set: PolicyText): string {
    const taken = new Set(set.rules.map((rule) => rule.id));
    let n = set.rules.length + 1;
    while (taken.has(`rule-${n}`)) n++;
    return `rule-${n}`;
}

/** The rule with this member, or without it where the value is undefined. */
export function having(rule: Rule, name: string, value: Json | undefined): Rule {
    const copy: Rule = { ...rule };
    if (value === undefined) delete copy[name];
    else copy[name] = value;
    return copy;
}

/* ---- differences of two texts ---- */

export interface DiffLine {
    sign: " " | "+" | "-";
    text: string;
}

const most = 2000;

/** By lines, by the longest common subsequence; of very long texts only what differs between equal ends is compared as a whole. */
export function differences(before: string, after: string): DiffLine[] {
    const a = linesOf(before);
    const b = linesOf(after);
    let head = 0;
    while (head < a.length && head < b.length && a[head] === b[head]) head++;
    let tail = 0;
    while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
    const middle = compare(a.slice(head, a.length - tail), b.slice(head, b.length - tail));
    const same = (lines: string[]): DiffLine[] => lines.map((text) => ({ sign: " ", text }));
    return [...same(a.slice(0, head)), ...middle, ...same(a.slice(a.length - tail))];
}

function compare(a: string[], b: string[]): DiffLine[] {
    const gone = (text: string): DiffLine => ({ sign: "-", text });
    const come = (text: string): DiffLine => ({ sign: "+", text });
    if (a.length > most || b.length > most) return [...a.map(gone), ...b.map(come)];
    const width = b.length + 1;
    const common = new Uint16Array((a.length + 1) * width);
    for (let i = a.length - 1; i >= 0; i--) {
        for (let j = b.length - 1; j >= 0; j--) {
            common[i * width + j] =
                a[i] === b[j] ? common[(i + 1) * width + j + 1]! + 1 : Math.max(common[(i + 1) * width + j]!, common[i * width + j + 1]!);
        }
    }
    const out: DiffLine[] = [];
    let i = 0;
    let j = 0;
    while (i < a.length || j < b.length) {
        if (i < a.length && j < b.length && a[i] === b[j]) out.push({ sign: " ", text: a[i++]! }), j++;
        else if (i < a.length && (j === b.length || common[(i + 1) * width + j]! >= common[i * width + j + 1]!)) out.push(gone(a[i++]!));
        else out.push(come(b[j++]!));
    }
    return out;
}

/** Two texts that say the same in other spaces do not differ. No text has no line. */
function linesOf(text: string): string[] {
    if (text === "") return [];
    try {
        return JSON.stringify(JSON.parse(text), null, 2).split("\n");
    } catch {
        return text.split("\n");
    }
}
