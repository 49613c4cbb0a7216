// SPDX-License-Identifier: Apache-2.0
//
// A device as the hub tells of it (docs/api.md), and its model (docs/device.md) read: a value there is bare, or an
// object with source, time and raw form, or a list of what several sources say, the believed one first.

import type { CatalogueModel } from "./catalogue";
import { t, tWord } from "./language";
import type { TextKey } from "./language";

export interface SupplyBar {
    index: number;
    text: string | null;
    color: string | null;
    type: string | null;
    state: string | null;
    percent: number | null;
    low: boolean;
}

export interface DeviceRow {
    no: number;
    tenant: string;
    name: string | null;
    make: string | null;
    model: string | null;
    serial: string | null;
    mac: string | null;
    location: string | null;
    address: string | null;
    state: string;
    attention: boolean;
    low: boolean;
    lowest: number | null;
    total: number | null;
    alerts: number;
    ways: number;
    first_seen: string;
    last_seen: string | null;
    last_read: string | null;
    supplies: SupplyBar[];
}

export interface DevicePage {
    items: DeviceRow[];
    next: string | null;
    total: number;
    makes: { make: string; devices: number }[];
    unreadable: { at: string; detail: { agent: string; seq: number; why: string } }[];
}

export interface Way {
    way: number;
    agent: string;
    machine: string | null;
    via: string;
    key: string;
    address: string | null;
    first_seen: string;
    last_seen: string | null;
    last_read: string | null;
    outcome: string;
    why: string | null;
    pinned: boolean;
    ended: string | null;
    home: number;
}

export interface DeviceAlert {
    severity: string | null;
    code: string | null;
    text: string | null;
    remedy: string | null;
    opened: string;
    closed: string | null;
}

export interface DeviceEvent {
    at: string;
    kind: string;
    other: number | null;
    detail: Record<string, string | number | null>;
}

export interface SupplyFigures {
    index: number;
    percent: number | null;
    low: boolean;
    days: number | null;
    least: number | null;
    most: number | null;
    points: number;
    /** What the catalogue has for it; several where it does not tell which. Absent at a hub that knows no catalogue. */
    parts?: { part: string; yield: number | null; basis: string | null }[];
    pages_left?: number | null;
}

export interface Device extends Omit<DeviceRow, "supplies" | "ways"> {
    merged_into: number | null;
    catalogue?: { by: string; entry: CatalogueModel } | null;
    ways: Way[];
    values: Model;
    supplies: SupplyFigures[];
    alerts_log: DeviceAlert[];
    events: DeviceEvent[];
}

export interface MeterPoint {
    at: string;
    until: string;
    count: number;
    source: string;
    change: string;
    counted: number | null;
}

export interface MeterDay {
    day: string;
    counted: number;
    since: string;
    gap: boolean;
}

export interface DeviceMeter {
    meter: string;
    unit: string;
    slot: number;
    counted: number;
    gap: boolean;
    points: MeterPoint[];
    days: MeterDay[];
}

export interface SupplyHistory {
    index: number;
    points: { at: string; until: string; percent: number; change: string | null }[];
}

// ---- the model ----

type Raw = string | number | RawObject | RawObject[] | (string | number | RawObject)[];
interface RawObject {
    value?: string | number;
    is?: string;
    source?: string;
    at?: string;
    raw?: string;
}
type RawRow = Record<string, Raw | undefined>;

export interface Model {
    source: string;
    at: string;
    identity?: RawRow;
    status?: RawRow;
    meters?: RawRow[];
    supplies?: RawRow[];
    inputs?: RawRow[];
    alerts?: RawRow[];
}

/** What one source said. `value` null: it said that it has no number ("some", "unknown", "other" in `is`). */
export interface Said {
    value: string | number | null;
    is?: string;
    source: string;
    at: string;
    raw?: string;
}

/** All that was said of a field, the believed one first; empty: nothing. */
export function saidOf(model: Model, row: RawRow | undefined, field: string): Said[] {
    const raw = row?.[field];
    if (raw === undefined) return [];
    return (Array.isArray(raw) ? raw : [raw]).map((one) => {
        const object: RawObject = typeof one === "object" ? one : { value: one };
        return {
            value: object.value ?? null,
            source: object.source ?? model.source,
            at: object.at ?? model.at,
            ...(object.is === undefined ? {} : { is: object.is }),
            ...(object.raw === undefined ? {} : { raw: object.raw }),
        };
    });
}

export function textOf(model: Model, row: RawRow | undefined, field: string): string {
    const value = saidOf(model, row, field)[0]?.value;
    return value === null || value === undefined ? "" : String(value);
}

export function numberOf(model: Model, row: RawRow | undefined, field: string): number | null {
    const value = saidOf(model, row, field)[0]?.value;
    return typeof value === "number" ? value : null;
}

export function rowOf(rows: RawRow[] | undefined, index: number): RawRow | undefined {
    return rows?.find((row) => row["index"] === index);
}

// ---- names ----

export function nameOf(device: Pick<DeviceRow, "no" | "name" | "make" | "model">): string {
    return device.name || modelOf(device) || t("device.unnamed", { no: device.no });
}

/** "HP LaserJet M404": without the maker twice. */
export function modelOf(device: Pick<DeviceRow, "make" | "model">): string {
    const { make, model } = device;
    if (!make || model?.toLowerCase().startsWith(make.toLowerCase())) return model ?? "";
    return [make, model].filter(Boolean).join(" ");
}

/** "print.color" -> "Print, colour". */
export function meterName(meter: string): string {
    const words = meter.split(".").map((part) => tWord("meterpart", part));
    const name = words.join(", ");
    return name.charAt(0).toUpperCase() + name.slice(1);
}

export const deviceStates = ["ready", "printing", "busy", "asleep", "warming", "attention", "stopped", "broken", "offline", "silent", "refused", "gone", "unknown"] as const;

export function stateTone(state: string): "good" | "warn" | "bad" | "plain" {
    if (["stopped", "broken"].includes(state)) return "bad";
    if (["attention", "offline", "silent", "refused"].includes(state)) return "warn";
    return ["ready", "printing", "busy", "warming"].includes(state) ? "good" : "plain";
}

export function stateWhy(state: string): string | undefined {
    return (deviceStates as readonly string[]).includes(state) ? t(`devstate.${state}.why` as TextKey) : undefined;
}

const inks = ["cyan", "magenta", "yellow", "red", "green", "blue", "gray", "orange"] as const;

/** The class of a supply's colour; what no word tells is plain. */
export function inkOf(color: string | null, text: string | null): string {
    const said = `${color ?? ""} ${text ?? ""}`.toLowerCase().replace("grey", "gray");
    const found = inks.find((ink) => said.includes(ink));
    if (found) return found;
    return /black|noir|schwarz|\bk\b/.test(said) ? "black" : "plain";
}
