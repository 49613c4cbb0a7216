// SPDX-License-Identifier: Apache-2.0
//
// The double's list of agents: filtered, sorted and paged as the hub does it, and the same as CSV in parts.

const silentAfter = 15 * 60_000;
const soon = 30 * 24 * 60 * 60_000;
const collator = new Intl.Collator("en", { numeric: true });

const keys = {
    machine: (agent) => agent.machine.toLowerCase(),
    tenant: (agent) => agent.tenant,
    seen: (agent) => Date.parse(agent.last_seen ?? 0),
    version: (agent) => agent.version ?? "",
    os: (agent) => agent.os ?? "",
    certificate: (agent) => Date.parse(agent.certificate_expires ?? 0),
};

const silent = (agent) => !agent.revoked && !(Date.now() - Date.parse(agent.last_seen) < silentAfter);
const expiring = (agent) => !agent.revoked && agent.certificate_expires !== null && Date.parse(agent.certificate_expires) < Date.now() + soon;
const states = {
    active: (agent) => !agent.revoked && !silent(agent),
    silent,
    revoked: (agent) => agent.revoked,
    expiring,
    attention: (agent) => silent(agent) || expiring(agent),
};

const compare = (a, b) => (typeof a === "number" ? a - b : collator.compare(a, b));

/** null: a cursor of another list. */
export function listAgents(agents, query, usual) {
    const sort = query.get("sort") ?? "machine";
    const sign = query.get("order") === "desc" ? -1 : 1;
    const limit = Math.min(200, Number(query.get("limit") ?? usual));
    const wanted = (query.get("q") ?? "").toLowerCase();
    const key = keys[sort];
    const chosen = agents
        .filter((agent) => states[query.get("state")]?.(agent) ?? true)
        .filter((agent) => [agent.machine, agent.os, agent.version, agent.tenant, agent.id].some((text) => text?.toLowerCase().includes(wanted)))
        .sort((a, b) => sign * (compare(key(a), key(b)) || compare(keys.machine(a), keys.machine(b)) || compare(a.id, b.id)));
    const cursor = query.get("cursor");
    const last = cursor ? chosen.findIndex((agent) => `${sort} ${sign} ${agent.id}` === Buffer.from(cursor, "base64url").toString()) : -1;
    if (cursor && last < 0) return null;
    const items = chosen.slice(last + 1, last + 1 + limit);
    const more = last + 1 + limit < chosen.length;
    return { items, next: more ? Buffer.from(`${sort} ${sign} ${items.at(-1).id}`).toString("base64url") : null, total: chosen.length, total_capped: false };
}

export function agentsCsv(page, query) {
    const lines = page.items.map((agent) => `"${agent.tenant}","${agent.machine}",${agent.id}\r\n`);
    return (query.get("cursor") ? "" : "tenant,machine,agent\r\n") + lines.join("");
}
