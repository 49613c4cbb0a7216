// SPDX-License-Identifier: Apache-2.0
//
// The hub sends all agents at once; searching, sorting and paging them is done here. Like the jobs page, the
// agents page keeps its state in the address.

import { certificateOf, stateOf } from "../agent-state";
import type { Agent } from "../api";
import { pageSizes } from "../components/pager";
import type { Sort } from "../components/table";
import { addressOf } from "../router";

export const agentStates = ["active", "silent", "revoked", "expiring"] as const;
export type AgentFilter = (typeof agentStates)[number] | "";

export interface AgentsView {
    search: string;
    state: AgentFilter;
    sort: Sort;
    size: number;
    page: number;
}

const defaultSize = 50;

const sortKeys: Record<string, (agent: Agent) => string | number> = {
    machine: (agent) => agent.machine.toLowerCase(),
    os: (agent) => (agent.os ?? "").toLowerCase(),
    version: (agent) => agent.version ?? "",
    tenant: (agent) => agent.tenant.toLowerCase(),
    seen: (agent) => (agent.last_seen === null ? 0 : Date.parse(agent.last_seen)),
    durable: (agent) => agent.durable,
    certificate: (agent) => (agent.certificate_expires === null ? 0 : Date.parse(agent.certificate_expires)),
};

export function readAgentsView(query: URLSearchParams): AgentsView {
    const by = query.get("sort") ?? "";
    const size = Number(query.get("limit"));
    return {
        search: query.get("q") ?? "",
        state: agentStates.find((state) => state === query.get("state")) ?? "",
        sort: { by: by in sortKeys ? by : "machine", order: query.get("order") === "desc" ? "desc" : "asc" },
        size: pageSizes.find((known) => known === size) ?? defaultSize,
        page: Math.max(1, Math.trunc(Number(query.get("page"))) || 1),
    };
}

export function addressOfAgents(view: AgentsView): string {
    const query = new URLSearchParams();
    if (view.search) query.set("q", view.search);
    if (view.state) query.set("state", view.state);
    if (view.sort.by !== "machine") query.set("sort", view.sort.by);
    if (view.sort.order !== "asc") query.set("order", view.sort.order);
    if (view.size !== defaultSize) query.set("limit", String(view.size));
    if (view.page > 1) query.set("page", String(view.page));
    return addressOf("/agents", query);
}

export function selectAgents(agents: readonly Agent[], view: AgentsView, now: number): Agent[] {
    const wanted = view.search.toLowerCase();
    const key = sortKeys[view.sort.by]!;
    const sign = view.sort.order === "asc" ? 1 : -1;
    return agents
        .filter((agent) => inState(agent, view.state, now) && contains(agent, wanted))
        .map((agent) => ({ agent, key: key(agent) }))
        .sort((a, b) => sign * compare(a.key, b.key))
        .map((entry) => entry.agent);
}

function inState(agent: Agent, state: AgentFilter, now: number): boolean {
    if (state === "") return true;
    if (state === "expiring") return ["soon", "expired"].includes(certificateOf(agent, now));
    return stateOf(agent, now) === state;
}

function contains(agent: Agent, wanted: string): boolean {
    return [agent.machine, agent.os, agent.version, agent.tenant, agent.id].some((text) => text?.toLowerCase().includes(wanted));
}

/** Versions and machine names count their digits as numbers: 0.10 after 0.9, PC-10 after PC-9. */
const collator = new Intl.Collator("en", { numeric: true });

function compare(a: string | number, b: string | number): number {
    return typeof a === "number" && typeof b === "number" ? a - b : collator.compare(String(a), String(b));
}
