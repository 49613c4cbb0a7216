// SPDX-License-Identifier: Apache-2.0
//
// A price list as the forms see it. The JSON text is what counts (docs/policy.md, "Costs"): the forms read it and write it, and what they do not know
// in it stays as it was. Amounts stay texts, so that no digit is lost.

import type { Json, JsonObject } from "../policy/model";

export interface PriceRow extends JsonObject {
    id: string;
}

export interface PriceTable extends JsonObject {
    from: string;
    rows: PriceRow[];
}

export interface PriceList extends JsonObject {
    currency: string;
    tables: PriceTable[];
}

/** What a row is chosen by, and what it charges: in the order of the columns. */
export const choosers = ["queue", "device", "model", "paper"] as const;
export const amounts = ["mono_page", "color_page", "sheet", "job"] as const;

const isObject = (value: unknown): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);
const isRow = (value: unknown): boolean => isObject(value) && typeof value.id === "string";
const isTable = (value: unknown): boolean => isObject(value) && typeof value.from === "string" && Array.isArray(value.rows) && value.rows.every(isRow);

/** The list in a text; null where it is none that the forms can show. */
export function readList(text: string): PriceList | null {
    try {
        const list = JSON.parse(text) as unknown;
        const good = isObject(list) && list.v === 1 && typeof list.currency === "string" && Array.isArray(list.tables) && list.tables.every(isTable);
        return good ? (list as PriceList) : null;
    } catch {
        return null;
    }
}

export const writeList = (list: PriceList): string => JSON.stringify(list, null, 2);

export const today = (): string => {
    const now = new Date();
    const two = (value: number): string => String(value).padStart(2, "0");
    return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
};

/** What a tenant without prices begins with. */
export const firstList = (): PriceList => ({
    v: 1,
    currency: "EUR",
    tables: [{ from: `${today().slice(0, 4)}-01-01`, rows: [{ id: "all", mono_page: "0.03", color_page: "0.12", duplex_discount: 0 }] }],
});

/** The table that counts on a day; -1: the list begins later. */
export const tableOn = (list: PriceList, day: string): number => list.tables.reduce((found, table, at) => (table.from <= day ? at : found), -1);

export const withTable = (list: PriceList, at: number, table: PriceTable): PriceList => ({ ...list, tables: list.tables.map((old, index) => (index === at ? table : old)) });

/** New prices from a day on: a copy of those that count until then, in its place by date. A table of that very day is there already. */
export function withDate(list: PriceList, from: string): { list: PriceList; at: number } {
    const before = tableOn(list, from);
    if (list.tables[before]?.from === from) return { list, at: before };
    const rows = (list.tables[before] ?? list.tables[0])?.rows ?? [{ id: "all", mono_page: "0.03" }];
    return { list: { ...list, tables: [...list.tables.slice(0, before + 1), { from, rows }, ...list.tables.slice(before + 1)] }, at: before + 1 };
}

export const withoutTable = (list: PriceList, at: number): PriceList => ({ ...list, tables: list.tables.filter((_, index) => index !== at) });

/** The row with this member, or without it where the text is empty. */
export function having(row: PriceRow, name: string, value: Json): PriceRow {
    const copy: PriceRow = { ...row };
    if (value === "" || value === undefined) delete copy[name];
    else copy[name] = value;
    return copy;
}

/** Patterns in one field, parted by semicolons. */
export const patternsText = (value: Json | undefined): string => (Array.isArray(value) ? value.join("; ") : String(value ?? ""));

export function patternsOf(text: string): Json {
    const list = text.split(";").map((one) => one.trim()).filter(Boolean);
    return list.length > 1 ? list : (list[0] ?? "");
}

/** A name that no row of the table has yet. */
export function freshRow(table: PriceTable): string {
    const taken = new Set(table.rows.map((row) => row.id));
    let n = table.rows.length + 1;
    while (taken.has(`row-${n}`)) n++;
    return `row-${n}`;
}

/** Where a mistake is: "tables[1].rows[2].mono_page: ..." */
export function placeOf(error: string | null): { table: number; row: number } {
    const found = /^tables\[(\d+)\](?:\.rows\[(\d+)\])?/.exec(error ?? "");
    return { table: Number(found?.[1] ?? -1), row: Number(found?.[2] ?? -1) };
}
