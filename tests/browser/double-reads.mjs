// SPDX-License-Identifier: Apache-2.0
//
// Orders to read for double.mjs: what is asked for goes on by itself, a step each time that somebody looks. `state.reads.end` is how it ends,
// `state.reads.away` keeps it asked. The rules are the hub's, and tested there.

const ago = (ms) => new Date(Date.now() - ms).toISOString();

export function makeReads() {
    return { orders: new Map(), away: false, end: { state: "done", printers: 3, reason: null }, no: 40 };
}

function ask(reads, key, agent, what) {
    const before = reads.orders.get(key);
    if (before && ["asked", "reading"].includes(before.state)) return before;
    const order = {
        agent: agent.id, machine: agent.machine, what, no: ++reads.no, state: "asked", asked: ago(reads.away ? 20_000 : 0), changed: ago(0), until: ago(-15 * 60_000),
        printers: null, reason: null,
    };
    reads.orders.set(key, order);
    return order;
}

function step(reads, order) {
    if (reads.away || !order) return order;
    if (order.state === "reading") Object.assign(order, reads.end, { changed: ago(0), until: null });
    if (order.state === "asked") order.state = "reading";
    return order;
}

/** [status, body] of a call about orders; undefined: it is none. */
export function answerReads(state, call, body) {
    const [, method, kind, id] = /^(GET|POST) \/(agents|devices)\/(\w+)\/read$/.exec(call) ?? [];
    if (!method) return undefined;
    const { agents } = state.fleet;
    const agent = kind === "agents" ? agents.find((one) => one.id === id) : agents[3];
    if (!agent) return [404, "There is no such agent"];
    const lanes = kind === "devices" ? ["net"] : method === "GET" || body?.what === "all" ? ["usb", "net"] : [body?.what];
    const of = (what) => `${kind} ${id} ${what}`;
    if (method === "POST") return [200, { items: lanes.map((what) => ask(state.reads, of(what), agent, what)) }];
    return [200, { items: lanes.map((what) => step(state.reads, state.reads.orders.get(of(what)))).filter(Boolean) }];
}
