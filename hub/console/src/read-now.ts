// SPDX-License-Identifier: Apache-2.0
//
// Orders to read: their form, the calls, and how a page follows one until it is over.

import { useEffect } from "preact/hooks";
import { call } from "./api";
import { useResource, type Resource } from "./resource";

export interface ReadOrder {
    agent: string;
    machine: string | null;
    what: "usb" | "net";
    no: number;
    state: "asked" | "reading" | "done" | "busy" | "failed" | "too-soon" | "off" | "expired" | "lost";
    asked: string;
    changed: string;
    until: string | null;
    printers: number | null;
    reason: string | null;
}

export interface ReadOrders {
    items: ReadOrder[];
}

export type ReadWhat = "usb" | "net" | "all";

const readOf = (path: string): string => `${path}/read`;
export const deviceReads = (no: number): string => `/devices/${no}`;
export const agentReads = (id: string): string => `/agents/${encodeURIComponent(id)}`;
export const askDevice = (no: number): Promise<ReadOrders> => call("POST", readOf(deviceReads(no)), { body: {} });
export const askAgent = (id: string, what: ReadWhat): Promise<ReadOrders> => call("POST", readOf(agentReads(id)), { body: { what } });

export const isOpen = (order: ReadOrder): boolean => order.state === "asked" || order.state === "reading";

const follow = 1500;

/** The last orders of an agent or a device; asked for again when `turn` changes, and again and again while one is open and the page is seen. */
export function useReads(path: string, turn: number): Resource<ReadOrders> {
    const orders = useResource(`${path} ${turn}`, (signal) => call<ReadOrders>("GET", readOf(path), { signal }));
    const open = orders.value?.items.some(isOpen) ?? false;
    const { reload } = orders;
    useEffect(() => {
        if (!open) return;
        const timer = setInterval(() => document.hidden || reload(), follow);
        return () => clearInterval(timer);
    }, [open, reload]);
    return orders;
}
