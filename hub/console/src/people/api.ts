// SPDX-License-Identifier: Apache-2.0
//
// The calls for people who print: their groups, quotas, usage (docs/api.md, "Policies"), typed.

import { call } from "../api";

export interface Group {
    group: string;
    people: number;
}

export type QuotaUnit = "pages" | "color_pages" | "sheets" | "cost";

/** What a set in force allows. Amounts of cost are millionths. */
export interface Quota {
    /** The name that accounts go by. */
    quota: string;
    id: string;
    of: "user" | "group" | "account";
    group: string | null;
    per: "day" | "week" | "month" | "term";
    unit: QuotaUnit;
    limit: number;
    overdraft: number;
    grace: number;
    rollover: number;
    /** The first day of the next period; null: the last term goes on. */
    resets: string | null;
}

/** What one owner has used. `limit` and `left` are null where no set in force has the quota any more. */
export interface QuotaUse {
    quota: string;
    owner: string | null;
    period: number;
    rolled: number;
    spent: number;
    leased: number;
    limit: number | null;
    left: number | null;
}

export interface Month {
    month: string;
    jobs: number;
    pages: number;
    color_pages: number;
    sheets: number;
}

export interface Person {
    user: string;
    person: string;
    groups: string[];
    quotas: Quota[];
    items: QuotaUse[];
    months: Month[];
}

export interface QuotaChange {
    quota: string;
    owner: string | null;
    units?: number;
    reset?: boolean;
}

const at = (path: string, tenant: string, more: Record<string, string> = {}): string => `${path}?${new URLSearchParams({ ...(tenant && { tenant }), ...more })}`;

type Signal = AbortSignal;
const most = "20000";

export const peopleApi = {
    groups: (tenant: string, signal: Signal): Promise<{ items: Group[] }> => call("GET", at("/directory", tenant), { signal }),
    members: (tenant: string, group: string, signal: Signal): Promise<{ items: string[] }> => call("GET", at("/directory/people", tenant, { group }), { signal }),
    /** All of the group's people; without people the group goes. */
    putGroup: (tenant: string, group: string, people: readonly string[]): Promise<void> => call("PUT", at("/directory", tenant), { body: { group, people } }),
    quotas: (tenant: string, signal: Signal): Promise<{ quotas: Quota[]; items: QuotaUse[]; more: boolean }> =>
        call("GET", at("/quotas", tenant, { limit: most }), { signal }),
    change: (tenant: string, change: QuotaChange): Promise<void> => call("POST", at("/quotas/change", tenant), { body: change }),
    person: (tenant: string, user: string, signal: Signal): Promise<Person> => call("GET", at("/person", tenant, { user }), { signal }),
};
