// SPDX-License-Identifier: Apache-2.0
//
// The model catalogue as the hub tells of it (docs/catalogue.md). What an entry does not say is not there: it is never filled in.

import { call } from "./api";

export interface CatalogueSupply {
    kind: string;
    part: string;
    color?: string;
    yield?: number;
    basis?: string;
    slot?: string;
    /** Where part and yield were read, if not where the model was. */
    source?: string;
}

export interface CatalogueModel {
    make: string;
    model: string;
    source: string;
    names?: string[];
    introduced?: string;
    color?: boolean;
    duplex?: boolean;
    a3?: boolean;
    ppm?: number;
    ppm_color?: number;
    monthly_pages?: number;
    monthly_most?: number;
    supplies?: CatalogueSupply[];
}

/** The catalogue in force. */
export interface Catalogue {
    items: CatalogueModel[];
    version: number | null;
    models: number;
    author: string | null;
    note: string | null;
    changed: string | null;
    changeable: boolean;
}

export interface MissingModel {
    make: string | null;
    model: string | null;
    devices: number;
}

export interface CatalogueVersion {
    version: number;
    created: string;
    from: number | null;
    models: number;
    author: string | null;
    note: string | null;
}

/** The set of models that comes with the hub; date null: none does. */
export interface CatalogueStarter {
    date: string | null;
    models: number;
    missing: number;
    text: string | null;
}

type Done = Promise<{ version: number; models: number }>;

const path = "/catalogue";

const textOf = (version: number, signal?: AbortSignal): Promise<{ version: number; text: string }> => call("GET", `${path}/versions/${version}`, { signal });

/** All models of a version; of version 0, before the first one, none. */
async function modelsOf(version: number, signal: AbortSignal): Promise<CatalogueModel[]> {
    if (version === 0) return [];
    return (JSON.parse((await textOf(version, signal)).text) as { models: CatalogueModel[] }).models;
}

export const catalogueApi = {
    /** The models come with one version's document, so that none is missing or there twice when another one comes into force meanwhile. */
    now: async (signal: AbortSignal): Promise<Catalogue> => {
        const state = await call<Catalogue>("GET", `${path}?limit=1`, { signal });
        return { ...state, items: await modelsOf(state.version ?? 0, signal) };
    },
    modelsOf,
    missing: (signal: AbortSignal): Promise<{ items: MissingModel[]; more: number; without: number; with: number }> => call("GET", `${path}/missing`, { signal }),
    versions: (signal: AbortSignal): Promise<{ items: CatalogueVersion[] }> => call("GET", `${path}/versions`, { signal }),
    text: textOf,
    put: (text: string, older: boolean, note: string, on: number | null): Done => call("PUT", path, { body: { text, older, note, on: on ?? 0 } }),
    back: (from: number, on: number): Done => call("PUT", path, { body: { from, on } }),
    starter: (signal: AbortSignal): Promise<CatalogueStarter> => call("GET", `${path}/starter`, { signal }),
    /** Adds what is missing. */
    takeStarter: (on: number | null): Done => call("PUT", path, { body: { starter: true, on: on ?? 0 } }),
    putModel: (model: CatalogueModel, was: CatalogueModel | null, on: number | null): Done =>
        call("PUT", `${path}/models`, { body: { model, was: was && { make: was.make, model: was.model }, on: on ?? 0 } }),
    dropModel: ({ make, model }: CatalogueModel, on: number | null): Done => call("POST", `${path}/models/remove`, { body: { make, model, on: on ?? 0 } }),
};

export const modelName = (one: { make: string | null; model: string | null }): string => [one.make, one.model].filter(Boolean).join(" ");

/** Whole years since the model came out, by its year alone; null: it does not say, or it is of this year or to come. */
export function ageOf(introduced: string | undefined, now: Date): number | null {
    if (!introduced) return null;
    const [year = 0, month = 1, day = 1] = introduced.split("-").map(Number);
    const here = [now.getFullYear(), now.getMonth() + 1, now.getDate()] as const;
    const early = here[1] < month || (here[1] === month && here[2] < day);
    const years = here[0] - year - (early ? 1 : 0);
    return years > 0 ? years : null;
}

export interface Difference {
    name: string;
    kind: "added" | "removed" | "changed";
    before: CatalogueModel | null;
    after: CatalogueModel | null;
}

/** Which models two versions differ in, by name. A model under another name is another model. */
export function differencesOf(before: readonly CatalogueModel[], after: readonly CatalogueModel[]): Difference[] {
    const old = new Map(before.map((model) => [modelName(model), model]));
    const out: Difference[] = [];
    for (const model of after) {
        const name = modelName(model);
        const was = old.get(name);
        old.delete(name);
        if (!was) out.push({ name, kind: "added", before: null, after: model });
        else if (JSON.stringify(was) !== JSON.stringify(model)) out.push({ name, kind: "changed", before: was, after: model });
    }
    for (const [name, model] of old) out.push({ name, kind: "removed", before: model, after: null });
    return out.sort((a, b) => a.name.localeCompare(b.name));
}

/** What taking an entry of the starter set would change. What only the catalogue has is none of its business. */
export function differencesOfStarter(now: readonly CatalogueModel[], starter: CatalogueStarter): Difference[] {
    if (!starter.text) return [];
    return differencesOf(now, (JSON.parse(starter.text) as { models: CatalogueModel[] }).models).filter((one) => one.kind !== "removed");
}
