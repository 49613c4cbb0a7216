// SPDX-License-Identifier: Apache-2.0
//
// The calls for policies (docs/api.md, "Policies"), typed.

import { call } from "../api";

export interface PolicySet {
    id: string;
    name: string;
    created: string | null;
    draft_by: string | null;
    draft_at: string | null;
    latest: number;
    /** Since then it is only read. */
    removed: string | null;
    removed_by: string | null;
}

export type Scope = "all" | "percent" | "group";
export type State = "live" | "shadow";

export interface Assignment {
    scope: Scope;
    group: string | null;
    percent: number | null;
    set: string;
    version: number;
    state: State;
    author: string | null;
    created: string | null;
}

export interface PolicyList {
    tenant: string;
    serial: number;
    sets: PolicySet[];
    assignments: Assignment[];
}

export interface Version {
    version: number;
    created: string | null;
    from: number | null;
    author: string | null;
    note: string | null;
}

export interface PolicySetDetails extends PolicySet {
    draft: string | null;
    versions: Version[];
}

export interface Finding {
    kind: string;
    rule?: string | null;
    quota?: string | null;
    other: string | null;
    words: string;
    witness: string | null;
}

export interface Check {
    compiles: boolean;
    error: string | null;
    rules: number;
    proved: boolean;
    live?: number;
    dead?: number;
    undecided?: number;
    findings?: Finding[];
    witnesses?: Record<string, string>;
}

export interface Sum {
    jobs: number;
    pages: number;
    color_pages: number;
    sheets: number;
    cost: number | null;
}

export const rulings = ["printed", "converted", "asked", "redirected", "held", "denied"] as const;
export type Ruling = (typeof rulings)[number];

export interface Trial {
    all: Sum;
    outcomes: Record<Ruling, Sum>;
    saved: Sum;
    co2_mg: number;
    unknown_pages: number;
    unknown_cost: number;
    skipped: number;
    rules: Record<string, number>;
}

export interface Hits {
    name: string;
    jobs: number;
    denied: number;
}

export interface BackTest {
    jobs: number;
    capped: boolean;
    not_read: number;
    currency: string | null;
    after: Trial;
    before?: Trial;
    moved?: { from: Ruling; to: Ruling; jobs: number }[];
    users: Hits[];
    queues: Hits[];
}

export interface PolicyAgent {
    agent: string;
    machine: string | null;
    last_seen: string | null;
    share: number;
    serial: number | null;
    set: string | null;
    version: number | null;
    state: State | null;
    problem: string | null;
    at: string | null;
}

export interface Group {
    id: string;
    name: string;
    agents: number;
}

export interface Account {
    code: string;
    name: string;
    kind: "client" | "matter" | "project";
    parent: string | null;
    pin: boolean;
}

/** docs/protocol.md, section 2. */
export interface PolicyRecord {
    version?: number;
    published?: number;
    rule?: string | null;
    action?: string;
    would?: string;
    explanation?: string;
    because?: string;
    would_because?: string;
    message?: string;
    user_notified?: boolean;
    answer?: string;
    account?: string;
    cost?: number | null;
    currency?: string | null;
    note?: string;
}

/** What a policy did to a job; later agents may say more. */
export interface Violation {
    agent: string;
    seq: number;
    time: string;
    user: string | null;
    machine: string | null;
    queue: string | null;
    document: string | null;
    outcome: string | null;
    server: string | null;
    port: string | null;
    pages: number | null;
    color_pages: number | null;
    impressions: number | null;
    sheets: number | null;
    duplex: string | null;
    set_name: string | null;
    policy: PolicyRecord;
}

export interface Publication {
    scope: Scope;
    state: State;
    percent?: number;
    group?: string;
    note?: string;
    version?: number;
    from?: number;
}

const piece = encodeURIComponent;

/** Every call names its tenant. */
function at(path: string, tenant: string, more: Record<string, string> = {}): string {
    return `${path}?${new URLSearchParams({ ...(tenant && { tenant }), ...more })}`;
}

type Signal = AbortSignal;

export const policyApi = {
    tenants: (signal: Signal): Promise<{ items: { name: string }[] }> => call("GET", "/tenants", { signal }),
    list: (tenant: string, signal: Signal): Promise<PolicyList> => call("GET", at("/policies", tenant), { signal }),
    make: (tenant: string, name: string, text: string): Promise<{ id: string }> => call("POST", at("/policies", tenant), { body: { name, text } }),
    set: (tenant: string, id: string, signal: Signal): Promise<PolicySetDetails> => call("GET", at(`/policies/${piece(id)}`, tenant), { signal }),
    save: (tenant: string, id: string, name: string, text: string): Promise<{ id: string }> =>
        call("PUT", at(`/policies/${piece(id)}/draft`, tenant), { body: { name, text } }),
    version: (tenant: string, id: string, version: number, signal: Signal): Promise<{ version: number; text: string }> =>
        call("GET", at(`/policies/${piece(id)}/versions/${version}`, tenant), { signal }),
    remove: (tenant: string, id: string): Promise<unknown> => call("DELETE", at(`/policies/${piece(id)}`, tenant)),
    publish: (tenant: string, id: string, how: Publication): Promise<{ version: number; serial: number }> =>
        call("POST", at(`/policies/${piece(id)}/publish`, tenant), { body: how }),
    withdraw: (tenant: string, assignment: Assignment): Promise<unknown> =>
        call("POST", at("/policy/withdraw", tenant), { body: { scope: assignment.scope, group: assignment.group ?? "" } }),
    check: (text: string, signal: Signal): Promise<Check> => call("POST", "/policy/check", { body: { text }, signal }),
    backTest: (tenant: string, body: unknown, signal: Signal): Promise<BackTest> => call("POST", at("/policy/backtest", tenant), { body, signal }),
    agents: (tenant: string, signal: Signal): Promise<{ items: PolicyAgent[] }> => call("GET", at("/policy/agents", tenant), { signal }),
    groups: (tenant: string, signal: Signal): Promise<{ items: Group[] }> => call("GET", at("/groups", tenant), { signal }),
    members: (tenant: string, id: string, signal: Signal): Promise<{ agents: string[] }> => call("GET", at(`/groups/${piece(id)}`, tenant), { signal }),
    makeGroup: (tenant: string, name: string, agents: string[]): Promise<{ id: string }> => call("POST", at("/groups", tenant), { body: { name, agents } }),
    changeGroup: (tenant: string, id: string, name: string, agents: string[]): Promise<unknown> =>
        call("PUT", at(`/groups/${piece(id)}`, tenant), { body: { name, agents } }),
    dropGroup: (tenant: string, id: string): Promise<unknown> => call("DELETE", at(`/groups/${piece(id)}`, tenant)),
    accounts: (tenant: string, signal: Signal): Promise<{ items: Account[] }> => call("GET", at("/accounts", tenant), { signal }),
    accountsCsv: (tenant: string): string => `/api/v1${at("/accounts.csv", tenant)}`,
    putAccount: (tenant: string, account: Record<string, string>): Promise<unknown> => call("PUT", at("/accounts", tenant), { body: account }),
    removeAccount: (tenant: string, code: string): Promise<unknown> => call("POST", at("/accounts/remove", tenant), { body: { code } }),
    importAccounts: (tenant: string, csv: string): Promise<{ added: number; changed: number }> =>
        call("POST", at("/accounts/import", tenant), { body: { csv } }),
    violationsCsv: (tenant: string, query: Record<string, string>): string => `/api/v1${at("/violations", tenant, { ...query, format: "csv" })}`,
    violations: (tenant: string, query: Record<string, string>, signal: Signal): Promise<{ items: Violation[]; next: string | null }> =>
        call("GET", at("/violations", tenant, query), { signal }),
};
