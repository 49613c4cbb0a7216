// SPDX-License-Identifier: Apache-2.0
//
// The double's reports by mail: one that went out, one that did not reach everybody, one that could not be made. Those that are made are kept.

const tenant = "Nordwind Logistik";
const hour = 3_600_000;
const at = (hours) => new Date(Date.now() + hours * hour).toISOString();

const schedule = (n, more) => ({
    id: n.toString(16).padStart(16, "0"), tenant, name: "", enabled: true, report: "meters", group: null, days: "last-month", every: "month", weekday: null, day: 1, hour: 6,
    zone: "Europe/Berlin", format: "pdf", language: "de", to: ["accounts@example.org"], author: "admin", changed: at(-900), next: at(200), last_due: at(-400), last_at: at(-400),
    outcome: "sent", reason: null, mails: [{ to: "accounts@example.org", state: "sent", attempts: 1, reason: null }], ...more,
});

export function makeSchedules() {
    return [
        schedule(1, { name: "Meters for the accounts" }),
        schedule(2, {
            name: "What to buy", report: "supplies", every: "week", weekday: 1, day: null, days: "7-days", format: "csv", to: ["buyer@example.org", "gone@example.org"],
            mails: [{ to: "buyer@example.org", state: "sent", attempts: 1, reason: null }, { to: "gone@example.org", state: "given-up", attempts: 1, reason: "550 5.1.1 Recipient address rejected" }],
        }),
        schedule(3, { name: "Usage of the warehouse", report: "usage-queues", outcome: "failed", reason: "its author’s account was removed: somebody else saves it", mails: [] }),
    ];
}

/** [status, body] of a call about schedules; undefined: it is none. */
export function answerSchedules(all, call, body) {
    if (call === "GET /schedules") return [200, { items: all, zones: ["UTC", "Europe/Berlin", "Europe/Paris"], mail_there: true, mail_server: false }];
    if (call === "POST /schedules") {
        all.push(schedule(0x10 + all.length, { ...body, last_due: null, last_at: null, outcome: "none", mails: [] }));
        return [200, { id: all.at(-1).id }];
    }
    const [, method, id, send] = /^(PUT|DELETE|POST) \/schedules\/(\w+)(\/send)?$/.exec(call) ?? [];
    if (!method) return undefined;
    const one = all.find((other) => other.id === id);
    if (!one) return [404, "There is no such schedule"];
    if (method === "PUT") Object.assign(one, body);
    if (method === "DELETE") all.splice(all.indexOf(one), 1);
    if (send) one.outcome = "sent";
    return [204];
}

export const scheduleFaces = {
    schedules: async (page) => (await page.goto("/schedules"), await page.locator(".set").first().waitFor()),
    "schedule form": async (page) => (await scheduleFaces.schedules(page), await page.locator(".set .row-acts button").nth(4).click(), await page.locator("dialog textarea").waitFor()),
};
