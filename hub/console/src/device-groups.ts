// SPDX-License-Identifier: Apache-2.0
//
// Groups of devices, typed as docs/api.md has them.

import { call } from "./api";
import { useResource, type Resource } from "./resource";
import { holds } from "./session";

export interface DeviceGroup {
    id: string;
    tenant: string;
    name: string;
    rules: number;
    devices: number;
}

/** What all devices of a rule have; "" anything. */
export interface GroupRule {
    model: string;
    name: string;
    location: string;
    site: string;
}

export interface GroupMember {
    no: number;
    tenant: string;
    name: string | null;
    make: string | null;
    model: string | null;
    merged_into: number | null;
}

type Told<T> = { [Key in keyof T]: T[Key] | null };

export interface GroupDetails {
    id: string;
    tenant: string;
    name: string;
    count: number;
    rules: Told<GroupRule>[];
    devices: GroupMember[];
}

export interface GroupBody {
    name: string;
    rules: GroupRule[];
    devices: number[];
}

const at = (id: string): string => `/device-groups/${encodeURIComponent(id)}`;

export const groupApi = {
    list: (signal: AbortSignal): Promise<{ items: DeviceGroup[] }> => call("GET", "/device-groups", { signal }),
    one: (id: string, signal: AbortSignal): Promise<GroupDetails> => call("GET", at(id), { signal }),
    make: (tenant: string, body: GroupBody): Promise<{ id: string }> => call("POST", `/device-groups?${new URLSearchParams({ tenant })}`, { body }),
    put: (id: string, body: GroupBody): Promise<void> => call("PUT", at(id), { body }),
    drop: (id: string): Promise<void> => call("DELETE", at(id)),
};

/** For whoever may see devices; nobody else is asked about. */
export function useDeviceGroups(): Resource<{ items: DeviceGroup[] }> {
    const may = holds("devices");
    return useResource(may ? "device-groups" : "", (signal) => (may ? groupApi.list(signal) : Promise.resolve({ items: [] })));
}

export const memberName = (one: GroupMember): string => one.name ?? [one.make, one.model].filter(Boolean).join(" ");
