// SPDX-License-Identifier: Apache-2.0
//
// What the devices page shows, as the address bar has it and as the hub is asked for it.

import { deviceStates } from "../device";
import { defaultSize, readPaging, type Paging } from "../paging";
import { addressOf } from "../router";

export interface DevicesView extends Paging {
    search: string;
    state: string;
    make: string;
    /** The id of a group of devices. */
    group: string;
    attention: boolean;
    low: boolean;
}

const sortable = ["name", "state", "location", "supply", "total", "seen"];

export function readDevicesView(query: URLSearchParams): DevicesView {
    const text = (name: string): string => query.get(name) ?? "";
    return {
        search: text("q"),
        state: deviceStates.find((state) => state === text("state")) ?? "",
        make: text("make"),
        group: text("group"),
        attention: text("attention") === "1",
        low: text("low") === "1",
        ...readPaging(query, sortable, { by: "name", order: "asc" }),
    };
}

export function askOfDevices(view: DevicesView): string {
    return parameters(view, true).toString();
}

/** The filters alone: what a download of the list asks for. */
export function filtersOfDevices(view: DevicesView): string {
    return parameters({ ...view, cursor: "", size: defaultSize }, false).toString();
}

export function addressOfDevices(view: DevicesView): string {
    const query = parameters(view, false);
    if (view.page > 1) query.set("page", String(view.page));
    return addressOf("/devices", query);
}

export function isFilteredDevices(view: DevicesView): boolean {
    return Boolean(view.search || view.state || view.make || view.group || view.attention || view.low);
}

function parameters(view: DevicesView, complete: boolean): URLSearchParams {
    const query = new URLSearchParams();
    const set = (name: string, value: string, usual = ""): void => {
        if (value !== usual || (complete && usual !== "")) query.set(name, value);
    };
    set("q", view.search);
    set("state", view.state);
    set("make", view.make);
    set("group", view.group);
    set("attention", view.attention ? "1" : "");
    set("low", view.low ? "1" : "");
    set("sort", view.sort.by, "name");
    set("order", view.sort.order, "asc");
    set("limit", String(view.size), String(defaultSize));
    set("cursor", view.cursor);
    return query;
}
