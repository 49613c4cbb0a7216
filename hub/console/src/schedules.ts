// SPDX-License-Identifier: Apache-2.0
//
// Reports that go out by mail by themselves, typed as docs/api.md has them.

import { call } from "./api";

export const everies = ["day", "week", "month"] as const;
export const scheduleDays = ["yesterday", "7-days", "30-days", "last-week", "last-month"] as const;

export interface ScheduleBody {
    name: string;
    enabled: boolean;
    report: string;
    group: string | null;
    days: (typeof scheduleDays)[number];
    every: (typeof everies)[number];
    weekday: number | null;
    day: number | null;
    hour: number;
    zone: string;
    format: "csv" | "pdf";
    language: "en" | "fr" | "de";
    to: string[];
}

export interface Schedule extends ScheduleBody {
    id: string;
    tenant: string;
    author: string | null;
    next: string | null;
    last_due: string | null;
    last_at: string | null;
    outcome: "none" | "sent" | "failed";
    reason: string | null;
    mails: { to: string; state: "waits" | "sent" | "given-up"; attempts: number; reason: string | null }[];
}

export interface ScheduleList {
    items: Schedule[];
    zones: string[];
    mail_there: boolean;
    mail_server: boolean;
}

const at = (id: string): string => `/schedules/${encodeURIComponent(id)}`;

export const scheduleApi = {
    list: (signal: AbortSignal): Promise<ScheduleList> => call("GET", "/schedules", { signal }),
    make: (tenant: string, body: ScheduleBody): Promise<{ id: string }> => call("POST", `/schedules?${new URLSearchParams({ tenant })}`, { body }),
    put: (id: string, body: ScheduleBody): Promise<void> => call("PUT", at(id), { body }),
    drop: (id: string): Promise<void> => call("DELETE", at(id)),
    send: (id: string): Promise<void> => call("POST", `${at(id)}/send`, { body: {} }),
};
