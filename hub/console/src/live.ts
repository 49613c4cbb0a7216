// SPDX-License-Identifier: Apache-2.0
//
// The event stream of the hub: who wants to know of new jobs, and whether the stream stands. A lost stream
// is opened again after 1, 2, 4 ... 30 seconds, at once when the browser is back online or a person asks.
// Events missed meanwhile are not repeated by the hub: listeners are told count 0 after a reconnection and
// look for themselves.

import { useEffect, useRef } from "preact/hooks";
import { eventsAddress } from "./api";
import { askSession } from "./session";
import { Store } from "./store";

/** "opening" covers the first try and the first retry: a short gap is not worth a word. */
export type LiveState = "off" | "opening" | "live" | "lost";

export const live = new Store<LiveState>("off");

const longest = 30_000;
const kinds = ["jobs", "devices"] as const;
type Kind = (typeof kinds)[number];
const listeners: Record<Kind, Set<(count: number) => void>> = { jobs: new Set(), devices: new Set() };
let stream: EventSource | null = null;
let retry = 0;
let failures = 0;
let missed = false;

export function startLive(): void {
    if (live.value === "off") open();
}

export function stopLive(): void {
    close();
    failures = 0;
    missed = false;
    live.set("off");
}

/** For the person who does not want to wait, and for the browser that is back online. */
export function reconnect(): void {
    if (live.value === "off" || live.value === "live") return;
    close();
    open();
}

/** Calls `heard` with the number of new jobs; 0 says that some may have been missed. */
export function useNewJobs(heard: (count: number) => void): void {
    useNews("jobs", heard);
}

/** The same for readings of devices. */
export function useNewReadings(heard: (count: number) => void): void {
    useNews("devices", heard);
}

function useNews(kind: Kind, heard: (count: number) => void): void {
    const latest = useRef(heard);
    latest.current = heard;
    useEffect(() => {
        const listener = (count: number): void => latest.current(count);
        listeners[kind].add(listener);
        return () => void listeners[kind].delete(listener);
    }, [kind]);
}

function open(): void {
    if (live.value !== "lost") live.set("opening");
    stream = new EventSource(eventsAddress);
    stream.addEventListener("open", () => {
        failures = 0;
        live.set("live");
        if (missed) kinds.forEach((kind) => tell(kind, 0));
        missed = false;
    });
    for (const kind of kinds) stream.addEventListener(kind, (event) => tell(kind, countOf((event as MessageEvent<string>).data)));
    stream.addEventListener("error", () => fail());
}

function close(): void {
    clearTimeout(retry);
    stream?.close();
    stream = null;
}

function fail(): void {
    close();
    missed = true;
    failures++;
    live.set(failures > 1 || !navigator.onLine ? "lost" : "opening");
    retry = setTimeout(open, Math.min(longest, 1000 * 2 ** (failures - 1)));
    if (failures > 1) void askSession(); // a stream refused with 401 says only "error"
}

function tell(kind: Kind, count: number): void {
    for (const listener of [...listeners[kind]]) listener(count);
}

function countOf(data: string): number {
    try {
        const count: unknown = (JSON.parse(data) as { count?: unknown }).count;
        return typeof count === "number" ? count : 0;
    } catch {
        return 0;
    }
}

addEventListener("online", reconnect);
addEventListener("offline", () => {
    if (live.value === "live" || live.value === "opening") fail();
});
