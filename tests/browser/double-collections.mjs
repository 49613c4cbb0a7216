// SPDX-License-Identifier: Apache-2.0
//
// What agents are set to read of the network, for double.mjs: secrets are kept apart and never shown, each save has a new serial, and the agent takes it
// at once unless it is away. A few of the hub's rules, in its words; all of them are the hub's, and tested there.

const limits = { discovery: [10, 10080], meters: [30, 20160], supplies: [30, 10080], errors: [30, 10080], attributes: [60, 20160] };
const secrets = ["community", "auth_password", "priv_password"];

/** `away`: the agents do not come for it. `sent`: the bodies as they came. `report`: changes to what the agent says. */
export function makeCollections() {
    return { set: new Map(), kept: new Map(), sent: [], serial: 40, away: false, report: {} };
}

const open = (one) => Object.fromEntries(Object.entries(one).filter(([name]) => !secrets.includes(name)));
const nameOf = (one) => `${one.name} ${one.kind} ${one.user ?? ""}`;

function shown(all, agent) {
    const collection = all.set.get(agent.id) ?? null;
    const now = new Date().toISOString();
    const results = (collection?.credentials ?? []).map((one, i) =>
        i ? { name: one.name, printers: 12, refused: 0, why: null } : { name: one.name, printers: 0, refused: 3, why: "the authentication password or its algorithm is wrong" });
    const held = all.away ? 0 : (collection?.serial ?? 0);
    const report = { serial: held, refused: 0, problem: null, source: held ? "hub" : "local", addresses: 254, words: null, credentials: held ? results : [], ...all.report };
    return {
        agent: agent.id, machine: agent.machine, collection, unreadable: false, addresses: collection ? 253 : null, author: collection ? "admin" : null,
        changed: collection ? now : null, report, reported: now,
    };
}

/** What the hub would say against it; undefined: nothing. */
function fault(all, id, body) {
    for (const range of body.ranges) {
        const wrong = range.addresses.find((text) => /^[\d./-]+$/.test(text) && text.split(/[./-]/).some((part) => Number(part) > 255));
        if (wrong) return `The range ${range.name}: '${wrong}': no address, block or span of addresses, and no name.`;
        if (!range.credentials.length) return `The range ${range.name} has no credentials: choose what its printers are asked with.`;
    }
    for (const [name, [least, most]] of Object.entries(limits))
        if (body.minutes[name] < least || body.minutes[name] > most) return `${name[0].toUpperCase()}${name.slice(1)} is a whole number from ${least} to ${most}.`;
    const bare = body.credentials.find((one) => one.kind === "community" && !one.community && !all.kept.get(id)?.has(nameOf(one)));
    return bare && `The credential ${bare.name} has no community: enter it.`;
}

function put(all, agent, body) {
    all.sent.push(body);
    if (body.serial !== (all.set.get(agent.id)?.serial ?? 0)) return [409, { title: "It was changed meanwhile", detail: "Somebody else has set this agent's ranges since you loaded them.", type: "changed-meanwhile" }];
    const detail = fault(all, agent.id, body);
    if (detail) return [422, { title: "These settings cannot be used", detail, type: "collection" }];
    all.kept.set(agent.id, new Set(body.credentials.map(nameOf)));
    all.set.set(agent.id, { ...body, serial: ++all.serial, credentials: body.credentials.map(open) });
    return [200, shown(all, agent)];
}

/** [status, body] of a call about one; undefined: it is none. */
export function answerCollections(all, agents, call, body) {
    const [, method, id] = /^(GET|PUT|DELETE) \/agents\/(\w+)\/collection$/.exec(call) ?? [];
    if (!method) return undefined;
    const agent = agents.find((one) => one.id === id);
    if (!agent) return [404, { title: "There is no such agent", type: "not-found" }];
    if (method === "PUT") return put(all, agent, body);
    if (method === "GET") return [200, shown(all, agent)];
    all.kept.delete(id);
    return all.set.delete(id) ? [204] : [404, { title: "Nothing is set for this agent", type: "not-found" }];
}

/** The dialog of the first agent, as somebody opens it. */
export async function openCollection(page) {
    await page.goto("/agents");
    await page.locator(".table tbody tr").first().locator(".row-acts button").nth(1).click();
    await page.locator("dialog .collection").waitFor();
}

export const collectionFaces = {
    "collection form": openCollection,
    "collection form, filled": async (page) => {
        await openCollection(page);
        const buttons = page.locator("dialog .collection > .button");
        await buttons.first().click();
        await page.locator("dialog .collection-part input").first().fill("floor");
        await page.locator("dialog .collection-part select").first().selectOption("user");
        await page.locator("dialog .collection-part select").nth(1).selectOption("sha256");
        await page.locator("dialog .collection-part select").nth(2).selectOption("aes128");
        await buttons.first().click();
        await page.locator("dialog .collection-part").nth(1).locator("input").first().fill("old printers");
        await buttons.last().click();
        await page.locator("dialog .collection-part").nth(2).locator("select").first().selectOption({ index: 1 });
    },
};
