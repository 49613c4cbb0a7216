// SPDX-License-Identifier: Apache-2.0
//
// The calls about alerts of hub/api.md, typed.

import { call } from "../api";

export const alertKinds = ["status", "supply", "meter", "agent", "policy"] as const;
export type AlertKind = (typeof alertKinds)[number];
export const deviceStates = ["attention", "stopped", "broken", "offline", "silent", "refused", "gone"] as const;

/** What a rule found; which members there are follows from the kind. */
export interface Detail {
    state?: string;
    supply?: string;
    color?: string;
    percent?: number | null;
    days?: number | null;
    meter?: string;
    total?: number;
    target?: number;
    moved?: string;
    reset?: string;
    why?: string;
    last_seen?: string;
    count?: number;
    minutes?: number;
    /** The policy rule that wants somebody told. */
    rule?: string;
}

export interface Alert {
    no: number;
    tenant: string;
    rule: string;
    rule_name: string | null;
    kind: AlertKind;
    state: "open" | "acknowledged" | "closed";
    label: string;
    place: string | null;
    device: number | null;
    agent: string | null;
    since: string;
    opened: string;
    closed: string | null;
    acknowledged: string | null;
    acknowledged_by: string | null;
    note: string | null;
    flaps: number;
    detail: Detail;
}

export interface AlertPage {
    items: Alert[];
    next: number | null;
    open: number;
    unacknowledged: number;
}

export interface Quiet {
    from: string;
    to: string;
    zone: string;
    weekend: boolean;
}

/** What the form edits; `when` as the kind wants it. */
export interface RuleBody {
    name: string;
    kind: AlertKind;
    enabled: boolean;
    scope: { device?: number; device_group?: string; group?: string; queue?: string };
    when: Record<string, unknown>;
    hold_minutes: number;
    clear_minutes: number;
    window_minutes: number;
    quiet: Quiet | null;
    tell_closed: boolean;
    channels: string[];
}

export interface Rule extends RuleBody {
    id: string;
    tenant: string;
    open: number;
    last_message: string | null;
}

export interface Channel {
    id: string;
    tenant: string;
    name: string;
    kind: "mail" | "webhook";
    enabled: boolean;
    language: string;
    to: string[];
    url: string | null;
    ca: string | null;
}

export interface ChannelList {
    items: Channel[];
    /** Was this hub built with mail, and is a server set? */
    mail_there: boolean;
    mail_server: boolean;
}

export interface Delivery {
    key: string;
    channel: string;
    target: string;
    state: "waits" | "sent" | "given-up";
    created: string;
    attempts: number;
    reason: string | null;
}

export interface MailServer {
    there: boolean;
    host: string | null;
    port: number | null;
    security: "starttls" | "tls" | null;
    user: string | null;
    password: boolean;
    sender: string | null;
    ca: string | null;
}

const piece = encodeURIComponent;
const of = (tenant: string): string => (tenant ? `?${new URLSearchParams({ tenant })}` : "");

export const alertApi = {
    list: (query: Record<string, string>, signal: AbortSignal): Promise<AlertPage> => call("GET", `/alerts?${new URLSearchParams(query)}`, { signal }),
    take: (no: number, note: string): Promise<void> => call("POST", `/alerts/${no}/acknowledge`, { body: { note } }),
    rules: (signal: AbortSignal): Promise<{ items: Rule[]; zones: string[] }> => call("GET", "/alert-rules", { signal }),
    makeRule: (tenant: string, body: RuleBody): Promise<{ id: string }> => call("POST", `/alert-rules${of(tenant)}`, { body }),
    putRule: (id: string, body: RuleBody): Promise<void> => call("PUT", `/alert-rules/${piece(id)}`, { body }),
    dropRule: (id: string): Promise<void> => call("DELETE", `/alert-rules/${piece(id)}`),
    channels: (signal: AbortSignal): Promise<ChannelList> => call("GET", "/alert-channels", { signal }),
    makeChannel: (tenant: string, body: unknown): Promise<{ id: string; secret?: string }> => call("POST", `/alert-channels${of(tenant)}`, { body }),
    dropChannel: (id: string): Promise<void> => call("DELETE", `/alert-channels/${piece(id)}`),
    test: (id: string): Promise<{ key: string }> => call("POST", `/alert-channels/${piece(id)}/test`, { body: {} }),
    deliveries: (signal: AbortSignal): Promise<{ items: Delivery[] }> => call("GET", "/alert-deliveries", { signal }),
    mailServer: (signal: AbortSignal): Promise<MailServer> => call("GET", "/mail-server", { signal }),
    putMailServer: (body: unknown): Promise<void> => call("PUT", "/mail-server", { body }),
};
