// SPDX-License-Identifier: Apache-2.0
//
// The double's groups of devices. Who is in one is made up in the simplest way (whole texts with * and ?): the rules are the hub's, and tested there.

const tenant = "Nordwind Logistik";

export function makeGroups() {
    return [
        { id: "00000000000000d1", tenant, name: "Berlin", rules: [{ model: null, name: null, location: "Berlin*", site: null }], devices: [] },
        { id: "00000000000000d2", tenant, name: "Kyocera of the warehouse, looked after by the night shift", rules: [{ model: "Kyocera*", name: null, location: null, site: null }], devices: [3, 9] },
    ];
}

const fits = (glob, text) => !glob || new RegExp(`^${glob.replace(/[.+^${}()|[\]\\]/g, "\\$&").replace(/\*/g, ".*").replace(/\?/g, ".")}$`, "i").test(text ?? "");

export function inGroup(groups, id, row) {
    const group = groups.find((one) => one.id === id);
    if (!group) return false;
    return group.devices.includes(row.no) || group.rules.some((rule) => fits(rule.model, `${row.make} ${row.model}`) && fits(rule.name, row.name) && fits(rule.location, row.location));
}

/** [status, body] of a call about groups; undefined: it is none. */
export function answerGroups(groups, rows, call, body) {
    const told = ({ rules, devices, ...rest }) => ({ ...rest, rules: rules.length, devices: devices.length });
    if (call === "GET /device-groups") return [200, { items: groups.map(told) }];
    if (call === "POST /device-groups") {
        const id = (0xe0 + groups.length).toString(16).padStart(16, "0");
        groups.push({ id, tenant, ...body });
        return [200, { id }];
    }
    const [, method, id] = /^(GET|PUT|DELETE) \/device-groups\/(\w+)$/.exec(call) ?? [];
    const group = groups.find((one) => one.id === id);
    if (!method) return undefined;
    if (!group) return [404, "There is no such group of devices"];
    if (method === "PUT") Object.assign(group, body);
    if (method === "DELETE") groups.splice(groups.indexOf(group), 1);
    if (method !== "GET") return [204];
    const members = group.devices.map((no) => rows.find((row) => row.no === no)).map(({ no, name, make, model }) => ({ no, tenant, name, make, model, merged_into: null }));
    return [200, { ...group, count: rows.filter((row) => inGroup(groups, id, row)).length, devices: members }];
}

export const groupFaces = {
    "device groups": async (page) => (await page.goto("/device-groups"), await page.locator(".set").first().waitFor()),
    "device group form": async (page) => (await groupFaces["device groups"](page), await page.locator(".set .row-acts button").nth(2).click(), await page.locator("dialog .group-members li").first().waitFor()),
};
