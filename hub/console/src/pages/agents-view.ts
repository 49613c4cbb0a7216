// SPDX-License-Identifier: Apache-2.0
//
// What the agents page shows, as the address bar has it and as the hub is asked for it. Anything in an address that makes no sense is read as its
// default.

import { defaultSize, readPaging, type Paging } from "../paging";
import { addressOf } from "../router";

export const agentStates = ["active", "silent", "revoked", "expiring", "attention"] as const;
export type AgentFilter = (typeof agentStates)[number] | "";

export interface AgentsView extends Paging {
    search: string;
    state: AgentFilter;
}

const sortable = ["machine", "tenant", "seen", "version", "os", "certificate"];

export function readAgentsView(query: URLSearchParams): AgentsView {
    const text = (name: string): string => query.get(name) ?? "";
    return {
        search: text("q"),
        state: agentStates.find((state) => state === text("state")) ?? "",
        ...readPaging(query, sortable, { by: "machine", order: "asc" }),
    };
}

export function askOfAgents(view: AgentsView): string {
    return parameters(view).toString();
}

/** All agents of the view, from the first on: what a download asks for. */
export function askAllOfAgents(view: AgentsView): string {
    return parameters({ ...view, cursor: "", size: defaultSize }).toString();
}

export function addressOfAgents(view: AgentsView): string {
    const query = parameters(view);
    if (view.page > 1) query.set("page", String(view.page));
    return addressOf("/agents", query);
}

export function isFilteredAgents(view: AgentsView): boolean {
    return Boolean(view.search || view.state);
}

function parameters(view: AgentsView): URLSearchParams {
    const query = new URLSearchParams();
    if (view.search) query.set("q", view.search);
    if (view.state) query.set("state", view.state);
    if (view.sort.by !== "machine") query.set("sort", view.sort.by);
    if (view.sort.order !== "asc") query.set("order", view.sort.order);
    if (view.size !== defaultSize) query.set("limit", String(view.size));
    if (view.cursor) query.set("cursor", view.cursor);
    return query;
}
