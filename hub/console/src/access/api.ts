// SPDX-License-Identifier: Apache-2.0
//
// The calls of docs/api.md about people: users, roles, tenants, tokens, the audit log, one's own account. Secrets pass through here once
// and are kept nowhere.

import { call } from "../api";

export interface User {
    name: string;
    role: string;
    /** null: the operator's own. */
    tenant: string | null;
    rights: string[];
    disabled: boolean;
    second_factor: boolean;
    must_change_password: boolean;
    /** How many names it prints under. */
    print_names: number;
    last_sign_in: string | null;
}

/** A name that somebody prints under in a tenant. */
export interface PrintName {
    tenant: string;
    name: string;
    from: "hand" | "sign-on";
}

export interface NewPassword {
    user: User;
    one_time_password: string;
}

export interface Role {
    name: string;
    custom: boolean;
    /** null for the hub's own: not counted. */
    users: number | null;
    rights: string[];
}

export interface RoleList {
    items: Role[];
    all: string[];
}

export const levels = ["dealer", "customer", "site", "group"] as const;
export type Level = (typeof levels)[number];

export interface Tenant {
    id: number;
    parent: number | null;
    name: string;
    level: Level;
    created: string;
    agents: number;
}

export interface Token {
    id: string;
    label: string;
    user: string;
    rights: string[];
    created: string;
    expires: string | null;
    last_used: string | null;
    revoked: boolean;
}

export interface AuditLine {
    seq: number;
    prev: string;
    at: string;
    who: string | null;
    how: string | null;
    address: string | null;
    action: string;
    object: string | null;
    detail: string | null;
}

export interface AuditPage {
    items: AuditLine[];
    next: number | null;
}

export interface ChainCheck {
    whole: boolean;
    /** The first line that is there: those before it went after their time. */
    from: number;
    lines: number | null;
    wrong: number | null;
}

export interface OpenSession {
    id: string;
    address: string | null;
    client: string | null;
    created: string;
    last_used: string;
    this: boolean;
}

/** A tenant's provider of single sign-on. */
export interface Provider {
    label: string;
    issuer: string;
    client_id: string;
    client_secret_set: boolean;
    console: string;
    ca: string | null;
    group_claim: string | null;
    name_claim: string | null;
    roles: { group: string; role: string }[];
    provision: boolean;
}

type Signal = AbortSignal;
type Items<T> = Promise<{ items: T[] }>;
const piece = encodeURIComponent;
const of = (path: string, tenant: string): string => path + (tenant && `?${new URLSearchParams({ tenant })}`);

export const accessApi = {
    users: (signal: Signal): Items<User> => call("GET", "/users", { signal }),
    addUser: (user: { name: string; role: string; tenant: string | null }): Promise<NewPassword> => call("POST", "/users", { body: user }),
    changeUser: (name: string, change: { role?: string; tenant?: string | null; disabled?: boolean }): Promise<unknown> =>
        call("PUT", `/users/${piece(name)}`, { body: change }),
    removeUser: (name: string): Promise<void> => call("DELETE", `/users/${piece(name)}`),
    printNames: (name: string, signal: Signal): Items<PrintName> => call("GET", `/users/${piece(name)}/print-names`, { signal }),
    putPrintNames: (name: string, items: { tenant: string; name: string }[]): Items<PrintName> => call("PUT", `/users/${piece(name)}/print-names`, { body: { items } }),
    resetUser: (name: string): Promise<NewPassword> => call("POST", `/users/${piece(name)}/reset`, { body: {} }),

    roles: (signal: Signal): Promise<RoleList> => call("GET", "/roles", { signal }),
    putRole: (name: string, rights: string[]): Promise<void> => call("PUT", `/roles/${piece(name)}`, { body: { rights } }),
    removeRole: (name: string): Promise<void> => call("DELETE", `/roles/${piece(name)}`),

    tenants: (signal: Signal): Items<Tenant> => call("GET", "/tenants", { signal }),
    addTenant: (tenant: { name: string; level: Level; parent?: string }): Promise<Tenant> => call("POST", "/tenants", { body: tenant }),
    /** parent null: the operator's own. */
    changeTenant: (id: number, change: { name?: string; parent?: string | null; shorter_times?: true }): Promise<Tenant> => call("PUT", `/tenants/${id}`, { body: change }),

    tokens: (signal: Signal): Items<Token> => call("GET", "/tokens", { signal }),
    addToken: (token: { label: string; rights: string[]; days: number }): Promise<{ item: Token; token: string }> =>
        call("POST", "/tokens", { body: token }),
    revokeToken: (id: string): Promise<void> => call("DELETE", `/tokens/${piece(id)}`),

    audit: (query: string, signal: Signal): Promise<AuditPage> => call("GET", `/audit${query && `?${query}`}`, { signal }),
    auditCsv: (query: string): string => `/api/v1/audit?${query}${query && "&"}format=csv`,
    checkChain: (): Promise<ChainCheck> => call("GET", "/audit/check"),

    provider: (tenant: string, signal: Signal): Promise<{ provider: Provider | null }> => call("GET", of("/sso", tenant), { signal }),
    putProvider: (tenant: string, provider: Omit<Provider, "client_secret_set"> & { client_secret?: string }): Promise<unknown> =>
        call("PUT", of("/sso", tenant), { body: { ...provider, ca: provider.ca ?? "", group_claim: provider.group_claim ?? "", name_claim: provider.name_claim ?? "" } }),
    removeProvider: (tenant: string): Promise<void> => call("DELETE", of("/sso", tenant)),
    /** What the sign-in page offers before anybody is known. */
    offer: (tenant: string, signal: Signal): Promise<{ label: string | null }> => call("GET", of("/sso/offer", tenant), { signal }),
    beginAddress: (tenant: string): string => `/api/v1${of("/sso/begin", tenant)}`,

    sessions: (signal: Signal): Items<OpenSession> => call("GET", "/sessions", { signal }),
    endSession: (id: string): Promise<void> => call("DELETE", `/sessions/${piece(id)}`),
    offerFactor: (): Promise<{ secret: string; uri: string }> => call("POST", "/session/factor", { body: {} }),
    takeFactor: (secret: string, code: string): Promise<{ recovery_codes: string[] }> =>
        call("PUT", "/session/factor", { body: { secret, code } }),
    dropFactor: (password: string): Promise<void> => call("DELETE", "/session/factor", { body: { password }, meanings: { 401: "problem.old" } }),
};
