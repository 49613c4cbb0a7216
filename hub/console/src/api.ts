// SPDX-License-Identifier: Apache-2.0
//
// The calls of docs/api.md, typed. Every request of the console goes through call(); nothing else knows an
// address of the hub, the CSRF token or the form of an error.

import type { Device, DeviceMeter, DevicePage, SupplyHistory } from "./device";
import { language } from "./language";
import { Problem, type Meanings } from "./problem";

export interface Session {
    /** `rights`: absent at a hub that knows none. */
    user: { name: string; role: string; tenant?: string | null; second_factor?: boolean; rights?: string[] };
    csrf: string;
    must_change_password: boolean;
}

export type Outcome = "printed" | "failed" | "cancelled" | "refused" | "aborted";
export const outcomes: readonly Outcome[] = ["printed", "failed", "cancelled", "refused", "aborted"];

/** A job as the hub lists it. null or a missing field: not known. */
export interface Job {
    agent: string;
    seq: number;
    uid: string;
    tenant?: string | null;
    time: string;
    received: string;
    machine?: string | null;
    user?: string | null;
    account?: string | null;
    queue?: string | null;
    port?: string | null;
    document?: string | null;
    outcome: Outcome;
    bytes: number | null;
    language?: string | null;
    pages: number | null;
    copies: number | null;
    impressions: number | null;
    sheets: number | null;
    color_pages: number | null;
    duplex?: "none" | "long" | "short" | null;
    paper?: string | null;
    confidence?: "exact" | "declared" | "estimated" | "unknown" | null;
    source?: "pipe" | "journal" | null;
}

export interface JobDetails extends Job {
    /** null: who looks may not see persons. */
    record: string | null;
    hash: string;
}

export interface JobPage {
    items: Job[];
    next: string | null;
    total: number;
    /** There are more than `total`: the hub stopped counting. */
    total_capped?: boolean;
}

export interface Agent {
    id: string;
    machine: string;
    os?: string | null;
    version?: string | null;
    tenant: string;
    enrolled: string;
    last_seen: string | null;
    durable: number;
    certificate_expires: string | null;
    revoked: boolean;
}

export interface AgentPage {
    items: Agent[];
    next: string | null;
    total: number;
    total_capped?: boolean;
}

export interface HourOfDay {
    hour: number;
    jobs: number;
    pages: number;
}

export interface Overview {
    jobs_today: number;
    pages_today: number;
    color_pages_today: number;
    agents: number;
    agents_silent: number;
    /** Absent at a hub that knows no devices. */
    devices?: number;
    devices_attention?: number;
    by_hour: HourOfDay[];
}

/** Addresses that the browser downloads by itself. */
export const devicesCsv = (query: string): string => `/api/v1/devices?${query}${query && "&"}format=csv`;
export const readsCsv = (from: string): string => `/api/v1/meter-reads?${new URLSearchParams({ from })}`;
export const metersCsv = (no: number, from: string): string => `/api/v1/devices/${no}/meters?${new URLSearchParams({ from, format: "csv" })}`;

export const eventsAddress = "/api/v1/events";

/** Called when the hub answers 401 or 403: session.ts asks then whether the session still stands. */
export const refusal = { heard: (): void => undefined };

interface Options {
    body?: unknown;
    accept?: string;
    signal?: AbortSignal;
    meanings?: Meanings;
}

const patience = 30_000;
let csrf = "";

function keepToken(session: Session): Session {
    csrf = session.csrf;
    return session;
}

/** What the hub replied, when it was no problem. */
async function ask(method: string, path: string, options: Options): Promise<{ reply: Response; text: string }> {
    const headers: Record<string, string> = { Accept: options.accept ?? "application/json", "Accept-Language": language.value };
    if (method !== "GET" && csrf) headers["X-CSRF-Token"] = csrf;
    if (options.body !== undefined) headers["Content-Type"] = "application/json";
    const limit = AbortSignal.timeout(patience);
    let reply: Response;
    let text: string;
    try {
        reply = await fetch(`/api/v1${path}`, {
            method,
            headers,
            body: options.body === undefined ? null : JSON.stringify(options.body),
            signal: options.signal ? AbortSignal.any([options.signal, limit]) : limit,
            credentials: "same-origin",
            cache: "no-store",
        });
        text = await reply.text();
    } catch (error) {
        if (options.signal?.aborted) throw error;
        throw Problem.unreachable();
    }
    if (!reply.ok) {
        const asking = path === "/session"; // signing in, or the question itself
        if ((reply.status === 401 || reply.status === 403) && !asking) refusal.heard();
        throw Problem.from(reply, text, options.meanings);
    }
    return { reply, text };
}

/** For the calls below and those of policy/api.ts; no page calls it. */
export async function call<T>(method: string, path: string, options: Options = {}): Promise<T> {
    const { reply, text } = await ask(method, path, options);
    if (reply.status === 204) return undefined as T;
    try {
        return JSON.parse(text) as T;
    } catch {
        throw Problem.unreadable(reply.status);
    }
}

const piece = encodeURIComponent;

/** A part of a list as CSV, and the cursor of the next one. */
export interface FilePart {
    text: string;
    next: string | null;
}

async function filePart(path: string, signal: AbortSignal): Promise<FilePart> {
    const { reply, text } = await ask("GET", path, { signal, accept: "text/csv" });
    return { text, next: reply.headers.get("Next-Cursor") };
}

export const api = {
    session: (): Promise<Session> => call<Session>("GET", "/session").then(keepToken),
    signIn: (name: string, password: string, code: string): Promise<Session> =>
        call<Session>("POST", "/session", { body: { name, password, ...(code && { code }) }, meanings: { 401: "problem.signin" } }).then(keepToken),
    signOut: (): Promise<void> => call("DELETE", "/session"),
    changePassword: (old: string, wanted: string): Promise<void> =>
        call("PUT", "/session/password", { body: { old, new: wanted }, meanings: { 401: "problem.old" } }),
    jobs: (query: string, signal: AbortSignal): Promise<JobPage> => call("GET", `/jobs${query && `?${query}`}`, { signal }),
    jobsFile: (query: string, signal: AbortSignal): Promise<FilePart> => filePart(`/jobs?${query}`, signal),
    job: (agent: string, seq: string, signal: AbortSignal): Promise<JobDetails> =>
        call("GET", `/jobs/${piece(agent)}/${piece(seq)}`, { signal }),
    agents: (query: string, signal: AbortSignal): Promise<AgentPage> => call("GET", `/agents${query && `?${query}`}`, { signal }),
    agentsFile: (query: string, signal: AbortSignal): Promise<FilePart> => filePart(`/agents?${query}`, signal),
    revoke: (id: string): Promise<void> => call("POST", `/agents/${piece(id)}/revoke`),
    overview: (signal: AbortSignal): Promise<Overview> => call("GET", "/overview", { signal }),

    devices: (query: string, signal: AbortSignal): Promise<DevicePage> => call("GET", `/devices${query && `?${query}`}`, { signal }),
    device: (no: string, signal: AbortSignal): Promise<Device> => call("GET", `/devices/${piece(no)}`, { signal }),
    deviceMeters: (no: number, from: string, signal: AbortSignal): Promise<{ items: DeviceMeter[] }> =>
        call("GET", `/devices/${no}/meters?${new URLSearchParams({ from })}`, { signal }),
    deviceSupplies: (no: number, from: string, signal: AbortSignal): Promise<{ items: SupplyHistory[] }> =>
        call("GET", `/devices/${no}/supplies?${new URLSearchParams({ from })}`, { signal }),
    mergeDevice: (no: number, other: number): Promise<void> => call("POST", `/devices/${no}/merge`, { body: { other } }),
    splitDevice: (no: number, ways: number[]): Promise<{ no: number }> => call("POST", `/devices/${no}/split`, { body: { ways } }),
};
