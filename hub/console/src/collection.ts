// SPDX-License-Identifier: Apache-2.0
//
// What an agent is set to read of the network: its form and the calls. Secrets go to the hub and never come back: a field that is left empty leaves
// what is there.

import { call } from "./api";

export interface Credential {
    name: string;
    kind: "community" | "user";
    community?: string;
    user?: string;
    auth?: string;
    priv?: string;
    weak?: boolean;
    auth_password?: string;
    priv_password?: string;
}

export interface Range {
    name: string;
    addresses: string[];
    credentials: string[];
}

/** [least, most, usual] minutes, as the hub has them (docs/readings.md). */
export const intervals = { discovery: [10, 10080, 60], meters: [30, 20160, 1440], supplies: [30, 10080, 240], errors: [30, 10080, 60], attributes: [60, 20160, 1440] } as const;
export type Interval = keyof typeof intervals;
export const intervalNames = Object.keys(intervals) as Interval[];

export interface Collection {
    serial: number;
    ranges: Range[];
    exclude: string[];
    credentials: Credential[];
    minutes: Record<Interval, number>;
    rate: number;
    mask: boolean;
}

export interface CollectionReport {
    serial: number | null;
    refused: number | null;
    problem: string | null;
    source: "none" | "local" | "hub" | "policy";
    addresses: number | null;
    words: string | null;
    credentials: { name: string; printers: number; refused: number; why: string | null }[];
}

export interface AgentCollection {
    agent: string;
    collection: Collection | null;
    unreadable: boolean;
    addresses: number | null;
    report: CollectionReport | null;
    reported: string | null;
}

const of = (agent: string): string => `/agents/${encodeURIComponent(agent)}/collection`;

export const collectionApi = {
    get: (agent: string, signal?: AbortSignal): Promise<AgentCollection> => call("GET", of(agent), { signal }),
    put: (agent: string, body: Collection): Promise<AgentCollection> => call("PUT", of(agent), { body }),
    drop: (agent: string): Promise<void> => call("DELETE", of(agent)),
};

/** While it is typed in: lists are text, and a range holds its credentials by key, so that a name can change. 0: not chosen. */
export interface CredentialForm extends Credential {
    key: number;
}

export interface RangeForm {
    key: number;
    name: string;
    addresses: string;
    order: number[];
}

export interface CollectionForm {
    serial: number;
    ranges: RangeForm[];
    exclude: string;
    credentials: CredentialForm[];
    minutes: Record<Interval, number>;
    rate: number;
    mask: boolean;
}

let lastKey = 0;
export const newKey = (): number => ++lastKey;

const usual: Collection = {
    serial: 0,
    ranges: [],
    exclude: [],
    credentials: [],
    minutes: Object.fromEntries(intervalNames.map((name) => [name, intervals[name][2]])) as Record<Interval, number>,
    rate: 500,
    mask: false,
};

export function formOf(set: Collection | null): CollectionForm {
    const from = set ?? usual;
    const credentials = from.credentials.map((one) => ({ ...one, key: newKey() }));
    const keyOf = (name: string): number => credentials.find((one) => one.name === name)?.key ?? 0;
    return {
        ...from,
        credentials,
        ranges: from.ranges.map((one) => ({ key: newKey(), name: one.name, addresses: one.addresses.join("\n"), order: one.credentials.map(keyOf) })),
        exclude: from.exclude.join("\n"),
    };
}

const words = (text: string): string[] => text.split(/[\s,;]+/).filter(Boolean);

function bodyOfCredential(one: CredentialForm): Credential {
    const name = one.name.trim();
    if (one.kind === "community") return { name, kind: one.kind, community: one.community ?? "" };
    const auth = one.auth ?? "none";
    const priv = one.priv ?? "none";
    return {
        name,
        kind: one.kind,
        user: one.user ?? "",
        auth,
        priv,
        weak: one.weak ?? false,
        auth_password: auth === "none" ? "" : (one.auth_password ?? ""),
        priv_password: priv === "none" ? "" : (one.priv_password ?? ""),
    };
}

export function bodyOf(form: CollectionForm): Collection {
    const nameOf = (key: number): string => form.credentials.find((one) => one.key === key)?.name.trim() ?? "";
    return {
        ...form,
        credentials: form.credentials.map(bodyOfCredential),
        ranges: form.ranges.map((one) => ({ name: one.name.trim(), addresses: words(one.addresses), credentials: one.order.map(nameOf).filter(Boolean) })),
        exclude: words(form.exclude),
    };
}

/** Does the hub keep secrets for it? Of the credential of that name, kind and user. */
export function isKept(set: Collection | null, one: Credential): boolean {
    return set?.credentials.some((old) => old.name === one.name.trim() && old.kind === one.kind && (one.kind === "community" || old.user === one.user)) ?? false;
}
