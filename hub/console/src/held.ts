// SPDX-License-Identifier: Apache-2.0
//
// Jobs that are held now: their form and the calls, for all of them and for one's own.

import { call, type Job } from "./api";

export type HeldAct = "release" | "cancel";
export type HeldState = "asked" | "done" | "asks" | "released" | "over" | "unknown" | "failed" | "expired";

export interface HeldOrder {
    no: number;
    act: HeldAct;
    state: HeldState;
    by: string | null;
    asked: string;
    changed: string;
    until: string | null;
}

export interface HeldJob {
    agent: string;
    uid: string;
    tenant: string | null;
    pc: string | null;
    machine: string | null;
    user: string | null;
    document: string | null;
    queue: string | null;
    device: string | null;
    rule: string | null;
    pages: number | null;
    copies: number | null;
    sheets: number | null;
    color_pages: number | null;
    cost: number | null;
    currency: string | null;
    since: string;
    until: string | null;
    held: boolean;
    told: string;
    last_seen: string | null;
    silent: boolean;
    order: HeldOrder | null;
}

export interface HeldJobs {
    items: HeldJob[];
    more: boolean;
}

export const heldJobs = (query: Record<string, string>, signal: AbortSignal): Promise<HeldJobs> => call("GET", `/held?${new URLSearchParams(query)}`, { signal });
export const actOn = (job: HeldJob, act: HeldAct): Promise<HeldJob> => call("POST", `/held/${job.agent}/${job.uid}`, { body: { act } });

/** Those of one's own print names, and the names. */
export interface OwnHeldJobs extends HeldJobs {
    names: { tenant: string; name: string }[];
}

export const ownHeldJobs = (signal: AbortSignal): Promise<OwnHeldJobs> => call("GET", "/me/held", { signal });
export const actOnOwn = (job: HeldJob, act: HeldAct): Promise<HeldJob> => call("POST", `/me/held/${job.agent}/${job.uid}`, { body: { act } });
export const ownJobs = (signal: AbortSignal): Promise<{ items: Job[] }> => call("GET", "/me/jobs", { signal });
