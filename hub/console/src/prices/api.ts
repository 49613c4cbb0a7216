// SPDX-License-Identifier: Apache-2.0
//
// The calls for prices (docs/api.md, "Accounts"), typed.

import { call } from "../api";

export interface PriceText {
    text: string | null;
    version: number | null;
    author: string | null;
    changed: string | null;
}

/** A list that was saved, without its text. */
export interface PriceVersion {
    version: number;
    created: string;
    /** When the next one came; null: it is in force. */
    until: string | null;
    /** The first day whose prices differ from the version before. */
    since: string | null;
    from: number | null;
    author: string | null;
    note: string | null;
}

export interface Price {
    /** Whole millionths; null: none, and `why` says the reason. */
    cost: number | null;
    certainty: string | null;
    row: string | null;
    why: string | null;
}

export interface PriceCheck {
    compiles: boolean;
    error: string | null;
    currency: string | null;
    price?: Price;
}

const at = (path: string, tenant: string): string => `${path}?${new URLSearchParams(tenant && { tenant })}`;

export const priceApi = {
    get: (tenant: string, signal: AbortSignal): Promise<PriceText> => call("GET", at("/prices", tenant), { signal }),
    /** `on`: the version that was changed; null: there was none. */
    put: (tenant: string, text: string, on: number | null): Promise<{ version: number }> => call("PUT", at("/prices", tenant), { body: { text, on: on ?? 0 } }),
    back: (tenant: string, from: number, on: number): Promise<{ version: number }> => call("PUT", at("/prices", tenant), { body: { from, on } }),
    versions: (tenant: string, before: number | null, signal: AbortSignal): Promise<{ items: PriceVersion[]; next: number | null }> =>
        call("GET", `/prices/versions?${new URLSearchParams({ ...(tenant && { tenant }), ...(before !== null && { before: String(before) }), limit: "20" })}`, { signal }),
    version: (tenant: string, version: number, signal: AbortSignal): Promise<{ version: number; text: string }> => call("GET", at(`/prices/versions/${version}`, tenant), { signal }),
    /** `job`: facts in words, as docs/policy.md names them. */
    check: (text: string, job: Record<string, string>, signal: AbortSignal): Promise<PriceCheck> => call("POST", "/prices/check", { body: { text, job }, signal }),
};
