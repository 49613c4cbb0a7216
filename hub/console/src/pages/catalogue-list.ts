// SPDX-License-Identifier: Apache-2.0
//
// Searching, filtering and sorting the models of the catalogue: at most 5,000, and all of them are here. The page keeps its state in the address.

import { modelName, type CatalogueModel } from "../catalogue";
import { pageSizes } from "../components/pager";
import type { Sort } from "../components/table";
import { addressOf } from "../router";

/** Whether a model prints in colour: what it says, or that it says nothing. */
export const colorChoices = ["yes", "no", "open"] as const;
/** What an entry may lack. */
export const lacks = ["ppm", "introduced", "supplies", "yields"] as const;

export interface CatalogueView {
    search: string;
    make: string;
    color: (typeof colorChoices)[number] | "";
    lack: (typeof lacks)[number] | "";
    sort: Sort;
    size: number;
    page: number;
}

const defaultSize = 50;

const sortKeys: Record<string, (model: CatalogueModel) => string | number | undefined> = {
    make: modelName,
    model: (model) => model.model,
    introduced: (model) => model.introduced,
    ppm: (model) => model.ppm ?? model.ppm_color,
    color: (model) => flagKey(model.color),
    duplex: (model) => flagKey(model.duplex),
    a3: (model) => flagKey(model.a3),
    supplies: (model) => model.supplies?.length,
    source: (model) => model.source,
};

function flagKey(said: boolean | undefined): number | undefined {
    return said === undefined ? undefined : Number(said);
}

export function readCatalogueView(query: URLSearchParams): CatalogueView {
    const by = query.get("sort") ?? "";
    const size = Number(query.get("limit"));
    return {
        search: query.get("q") ?? "",
        make: query.get("make") ?? "",
        color: colorChoices.find((choice) => choice === query.get("color")) ?? "",
        lack: lacks.find((lack) => lack === query.get("without")) ?? "",
        sort: { by: by in sortKeys ? by : "make", order: query.get("order") === "desc" ? "desc" : "asc" },
        size: pageSizes.find((known) => known === size) ?? defaultSize,
        page: Math.max(1, Math.trunc(Number(query.get("page"))) || 1),
    };
}

export function addressOfCatalogue(view: CatalogueView): string {
    const query = new URLSearchParams();
    if (view.search) query.set("q", view.search);
    if (view.make) query.set("make", view.make);
    if (view.color) query.set("color", view.color);
    if (view.lack) query.set("without", view.lack);
    if (view.sort.by !== "make") query.set("sort", view.sort.by);
    if (view.sort.order !== "asc") query.set("order", view.sort.order);
    if (view.size !== defaultSize) query.set("limit", String(view.size));
    if (view.page > 1) query.set("page", String(view.page));
    return addressOf("/catalogue", query);
}

export function selectModels(models: readonly CatalogueModel[], view: CatalogueView): CatalogueModel[] {
    const wanted = view.search.toLowerCase();
    const key = sortKeys[view.sort.by]!;
    const sign = view.sort.order === "asc" ? 1 : -1;
    return models
        .filter((model) => (view.make === "" || model.make === view.make) && inColor(model, view.color) && lacking(model, view.lack) && contains(model, wanted))
        .map((model) => ({ model, key: key(model), name: modelName(model) }))
        .sort((a, b) => compare(a.key, b.key, sign) || collator.compare(a.name, b.name))
        .map((entry) => entry.model);
}

function inColor(model: CatalogueModel, choice: CatalogueView["color"]): boolean {
    return choice === "" || model.color === { yes: true, no: false, open: undefined }[choice];
}

function lacking(model: CatalogueModel, lack: CatalogueView["lack"]): boolean {
    switch (lack) {
        case "":
            return true;
        case "ppm":
            return model.ppm === undefined && model.ppm_color === undefined;
        case "introduced":
            return model.introduced === undefined;
        case "supplies":
            return !model.supplies?.length;
        case "yields":
            return model.supplies?.some((one) => one.yield === undefined) ?? false;
    }
}

/** A part number finds the models that take it. */
function contains(model: CatalogueModel, wanted: string): boolean {
    return [modelName(model), ...(model.names ?? []), ...(model.supplies ?? []).map((one) => one.part)].some((text) => text.toLowerCase().includes(wanted));
}

const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

/** What is not said comes last, whichever way it is sorted. */
function compare(a: string | number | undefined, b: string | number | undefined, sign: number): number {
    if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
    return sign * (typeof a === "number" && typeof b === "number" ? a - b : collator.compare(String(a), String(b)));
}
