// SPDX-License-Identifier: Apache-2.0
//
// The double's prices, quotas, people and groups. Prices are added up here in the simplest way, by the first row of the table of the day: that the
// hub's engine does it right is tests/e2e/policy_api_test.py's business.

const month = (step) => {
    const now = new Date();
    return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + step, 1)).toISOString();
};
const year = new Date().getFullYear();

const first = { v: 1, currency: "EUR", tables: [{ from: `${year - 1}-01-01`, rows: [{ id: "all", mono_page: "0.02", color_page: "0.10" }] }] };
const text = JSON.stringify({
    v: 1, currency: "EUR",
    tables: [
        { from: `${year - 1}-01-01`, rows: [{ id: "all", mono_page: "0.02", color_page: "0.10" }] },
        { from: `${year}-01-01`, rows: [
            { id: "a3", device: "Big*", paper: ["A3", "SRA3"], mono_page: "0.06", color_page: "0.24", sheet: "0.01" },
            { id: "all", mono_page: "0.03", color_page: "0.12", job: "0.05", duplex_discount: 10 },
        ] },
    ],
}, null, 2);

export function makePrintingPeople() {
    return {
        prices: { text, version: 2, author: "admin", changed: month(-1) },
        versions: [
            { version: 2, created: month(-1), since: `${year}-01-01`, from: null, author: "admin", note: "The contract of the new year", text },
            { version: 1, created: month(-5), since: null, from: null, author: "b.moreau", note: null, text: JSON.stringify(first, null, 2) },
        ],
        quotas: [
            { quota: "students month pages", id: "students", of: "user", group: "ACME\\Students", per: "month", unit: "pages", limit: 500, overdraft: 10, grace: 20, rollover: 100, resets: month(1).slice(0, 10) },
            { quota: "lab week cost", id: "lab", of: "group", group: "Lab", per: "week", unit: "cost", limit: 12_500_000, overdraft: 0, grace: 0, rollover: 0, resets: month(1).slice(0, 10) },
        ],
        uses: [
            { quota: "students month pages", owner: "a.keller", period: 1, rolled: 0, spent: 430, leased: 40, limit: 500, left: 40 },
            { quota: "students month pages", owner: "ein.sehr.langer.benutzername", period: 1, rolled: 0, spent: 12, leased: 0, limit: 500, left: 498 },
            { quota: "lab week cost", owner: null, period: 1, rolled: 0, spent: 13_000_000, leased: 0, limit: 12_500_000, left: -500_000 },
            { quota: "old day pages", owner: "a.keller", period: 1, rolled: 0, spent: 3, leased: 0, limit: null, left: null },
        ],
        groups: new Map([["ACME\\Students", ["a.keller", "b.moreau"]], ["Lab", ["c.okafor"]]]),
    };
}

function check(body) {
    let list;
    try {
        list = JSON.parse(body.text);
    } catch {
        return { compiles: false, error: "this is no JSON", currency: null };
    }
    for (const [at, table] of list.tables.entries()) {
        for (const [no, row] of table.rows.entries()) {
            const bad = Object.entries(row).find(([name, value]) => /page|sheet|^job$/.test(name) && !/^\d+(\.\d+)?$/.test(value));
            if (bad) return { compiles: false, error: `tables[${at}].rows[${no}].${bad[0]}: "${bad[1]}" is no amount of money`, currency: null };
        }
    }
    const { job } = body;
    const table = list.tables.findLast((one) => one.from <= job.date);
    const row = table?.rows.findLast(() => true);
    const price = (amount) => Math.round(Number(amount ?? 0) * 1_000_000);
    if (!row) return { compiles: true, error: null, currency: list.currency, price: { cost: null, certainty: null, row: null, why: "the price list begins later" } };
    const color = Number(job.color_pages) * Number(job.copies);
    const pages = color * price(row.color_page ?? row.mono_page) + (Number(job.pages) * Number(job.copies) - color) * price(row.mono_page);
    const off = job.duplex === "none" ? 0 : (row.duplex_discount ?? 0);
    const cost = Math.round((pages * (100 - off)) / 100) + Number(job.sheets) * price(row.sheet) + price(row.job);
    return { compiles: true, error: null, currency: list.currency, price: { cost, certainty: "exact", row: row.id, why: null } };
}

function change(people, body) {
    const quota = people.quotas.find((one) => one.quota === body.quota);
    if (!quota) return [404, { title: "No set in force has this quota" }];
    let use = people.uses.find((one) => one.quota === body.quota && one.owner === (body.owner ?? null));
    if (!use) people.uses.push((use = { quota: body.quota, owner: body.owner, period: 1, rolled: 0, spent: 0, leased: 0, limit: quota.limit, left: quota.limit }));
    if (body.reset) {
        use.left += use.spent;
        use.spent = 0;
    }
    use.limit += body.units ?? 0;
    use.left += body.units ?? 0;
    return [204];
}

/** A further version; an earlier one comes again as a new one. */
function save(people, body) {
    const version = people.prices.version + 1;
    const text = body.text ?? people.versions.find((one) => one.version === body.from).text;
    people.prices = { text, version, author: "admin", changed: new Date().toISOString() };
    people.versions.unshift({ version, created: people.prices.changed, since: "2026-01-01", from: body.from ?? null, author: "admin", note: null, text });
    return [200, { version }];
}

/** [status, reply]; undefined: the call is none of these. */
export function answerPrintingPeople(people, call, query, body) {
    const earlier = /^GET \/prices\/versions\/(\d+)$/.exec(call);
    if (earlier) return [200, { version: Number(earlier[1]), text: people.versions.find((one) => one.version === Number(earlier[1])).text }];
    const user = query.get("user") ?? "";
    const group = query.get("group") ?? "";
    switch (call) {
        case "GET /prices":
            return [200, people.prices];
        case "PUT /prices":
            return save(people, body);
        case "GET /prices/versions":
            return [200, { items: people.versions.map(({ text: _, ...one }, at, all) => ({ ...one, until: all[at - 1]?.created ?? null })), next: null }];
        case "POST /prices/check":
            return [200, check(body)];
        case "GET /quotas":
            return [200, { quotas: people.quotas, items: people.uses, more: false }];
        case "POST /quotas/change":
            return change(people, body);
        case "GET /directory":
            return [200, { items: [...people.groups].map(([name, list]) => ({ group: name, people: list.length })) }];
        case "GET /directory/people":
            return [200, { items: people.groups.get(group) ?? [] }];
        case "PUT /directory":
            if (people.refuse === body.group) return [503, { title: "The hub is busy" }];
            if (body.people.length) people.groups.set(body.group, body.people);
            else people.groups.delete(body.group);
            return [204];
        case "GET /person":
            return [200, {
                user, person: user.toLowerCase(), quotas: people.quotas,
                groups: [...people.groups].filter(([, list]) => list.includes(user)).map(([name]) => name),
                items: people.uses.filter((use) => use.owner === user),
                months: [-5, -2, -1, 0].map((step) => ({ month: month(step).slice(0, 7), jobs: 10 - step, pages: 300 + 40 * step, color_pages: 40, sheets: 200 })),
            }];
        case "GET /reports/usage-users": {
            const columns = ["user", "jobs", "pages", "color_pages", "sheets", "before"].map((id, at) => ({ id, kind: at ? "count" : "text", unit: null }));
            const rows = [["a.keller", 31, 470, 60, 300, 400], ["ein.sehr.langer.benutzername@beispiel.example", 2, 12, 0, 6, null], ["", 1, 3, 0, 3, 0]];
            return [200, {
                report: "usage-users", from: `${query.get("from")}T00:00:00.000Z`, to: new Date().toISOString(), made: new Date().toISOString(), state: false, columns,
                rows: rows.map((cells) => ({ cells, link: null })), more: false, trend_by: "day", trend: [],
            }];
        }
    }
}

export const openQuotas = async (page) => (await page.goto("/people/quotas"), await page.locator(".table-quotas tbody tr").first().waitFor());

/** The faces of these pages, for look.test.mjs: where a dialog stands before its page, both are looked at. */
export const peopleFaces = {
    prices: async (page) => (await page.goto("/prices"), await page.locator(".trial-result strong").waitFor()),
    "price history": async (page) => {
        await peopleFaces.prices(page);
        await page.locator(".price-history .version-acts button").first().click();
        await page.locator(".price-history .diff-in").first().waitFor();
    },
    "new prices": async (page) => (await peopleFaces.prices(page), await page.locator(".forms-head > .button").click(), await page.locator("dialog input").waitFor()),
    people: async (page) => (await page.goto("/people"), await page.locator(".table-people tbody tr").first().waitFor()),
    person: async (page) => (await page.goto("/people?user=a.keller"), await page.locator(".table-quotas tbody tr").first().waitFor(), await page.locator(".bars-drawing").waitFor()),
    "a group": async (page) => {
        await page.goto("/people/groups");
        await page.locator(".table-groups .row-acts button").first().click();
        await page.waitForFunction(() => document.querySelector(".group-people")?.value.includes("a.keller"));
    },
    "give units": async (page) => (await openQuotas(page), await page.locator(".table-quotas .cell-act button").first().click(), await page.locator("dialog input[type=radio]").first().waitFor()),
};
