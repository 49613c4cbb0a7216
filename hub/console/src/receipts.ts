// SPDX-License-Identifier: Apache-2.0
//
// Receipts of a month's meters, typed as docs/api.md and docs/erp.md have them, and the plans by which the hub issues them.

import { call } from "./api";

export interface Receipt {
    id: string;
    kind: "meters" | "supplies";
    period: string;
    tenant: string | null;
    issued: string;
    /** null: the hub by itself. */
    who: string | null;
    devices: number | null;
    gaps: number | null;
    counted: number | null;
    replaces: string | null;
    reason: string | null;
    replaced_by: string | null;
}

export interface ReceiptPage {
    items: Receipt[];
    /** null: these were the last. */
    next: string | null;
}

export interface ReceiptRow {
    device: number;
    site: string | null;
    make: string | null;
    model: string | null;
    serial: string | null;
    name: string | null;
    meter: string;
    unit: string;
    first: number;
    last: number;
    counted: number;
    target: number | null;
    gaps: string[];
}

export interface ReceiptPlan {
    tenant: string;
    automatic: boolean;
    hours: number;
    next: string | null;
    due: string | null;
    last_at: string | null;
    reason: string | null;
}

export interface ReceiptOrder {
    period: string;
    replaces?: string;
    reason?: string;
    target?: number;
}

const whose = (tenant: string): string => `${new URLSearchParams({ tenant })}`;

export const receiptApi = {
    /** A page of them; `after`: the cursor of the next one. */
    list: (query: URLSearchParams, after: string | null, signal: AbortSignal): Promise<ReceiptPage> =>
        call("GET", `/issued?${query}${after === null ? "" : `&cursor=${encodeURIComponent(after)}`}`, { signal }),
    one: (id: string, signal: AbortSignal): Promise<{ receipt: { rows: ReceiptRow[] } }> => call("GET", `/issued/${encodeURIComponent(id)}`, { signal }),
    issue: (tenant: string, order: ReceiptOrder): Promise<Receipt> => call("POST", `/issued?${whose(tenant)}`, { body: { kind: "meters", ...order } }),
    plans: (signal: AbortSignal): Promise<{ items: ReceiptPlan[] }> => call("GET", "/receipt-plans", { signal }),
    plan: (tenant: string, body: { automatic: boolean; hours: number }): Promise<void> => call("PUT", `/receipt-plans?${whose(tenant)}`, { body }),
};

export const fileName = (one: Receipt, form: "json" | "pdf" | "csv"): string => `receipt-${one.period}-${one.id}.${form}`;

/** An address that the browser downloads by itself. */
export const receiptFile = (one: Receipt, form: "json" | "pdf" | "csv", language: string): string =>
    `/api/v1/issued/${one.id}?${new URLSearchParams({ format: form, lang: language })}`;

/** The months (UTC) that are over, the last one first. */
export function monthsBefore(now: Date, n: number): string[] {
    return Array.from({ length: n }, (_, back) => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1 - back, 1)).toISOString().slice(0, 7));
}
