// SPDX-License-Identifier: Apache-2.0
//
// The double's receipts: months of two customers, one with gaps, one issued anew, one that is missing. What is issued is kept.

const tenants = ["Nordwind Logistik", "Südhafen GmbH"];

/** The month so many before this one (UTC). */
export const monthBack = (n) => {
    const now = new Date();
    return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - n, 1)).toISOString().slice(0, 7);
};
const after = (period, hours) => new Date(Date.UTC(Number(period.slice(0, 4)), Number(period.slice(5)), 1) + hours * 3_600_000).toISOString();

const paper = (n, period, tenant, more) => ({
    id: n.toString(16).padStart(16, "0"), kind: "meters", period, tenant, issued: after(period, 24), who: null, devices: 24, gaps: 0, counted: 48_210 + 17 * n,
    replaces: null, reason: null, replaced_by: null, ...more,
});

export function makeReceipts() {
    const [last, before] = [monthBack(1), monthBack(2)];
    const [first, again] = [paper(4, before, tenants[0], { gaps: 3 }), paper(5, before, tenants[0], { who: "admin", issued: after(before, 240), reason: "three agents had been away" })];
    first.replaced_by = again.id;
    again.replaces = first.id;
    return {
        papers: [paper(1, last, tenants[0], { gaps: 1 }), again, first, paper(2, before, tenants[1], { devices: 6 }), paper(3, monthBack(3), tenants[0], { devices: null, gaps: null, counted: null, who: "admin" })],
        plans: [
            { tenant: tenants[0], automatic: true, hours: 24, next: monthBack(0), due: after(monthBack(0), 24), last_at: after(last, 24), reason: null },
            { tenant: tenants[1], automatic: true, hours: 24, next: monthBack(0), due: after(monthBack(0), 24), last_at: after(last, 24), reason: `${last}: no device was read` },
        ],
    };
}

const row = (device, name, more) => ({
    device, site: tenants[0], make: "HP", model: "Color LaserJet MFP M480", serial: `VNB3K0000${device}`, name, location: "Halle 2", meter: "total", unit: "impressions",
    first_at: after(monthBack(2), 6), first: 18_400, last_at: after(monthBack(1), 0), last: 19_950, counted: 1550, target: null, gaps: [], ...more,
});

/** [status, body] of a call about receipts; undefined: it is none. */
export function answerReceipts(all, call, query, body) {
    if (call === "GET /receipt-plans") return [200, { items: all.plans }];
    if (call === "PUT /receipt-plans") {
        Object.assign(all.plans.find((plan) => plan.tenant === query.get("tenant")), body, body.automatic ? {} : { next: null, due: null });
        return [204];
    }
    if (call === "GET /issued" && query.get("cursor") && all.fails) return [503, "Not now"];
    if (call === "GET /issued") {
        const fits = (one, name) => !query.get(name) || one[name] === query.get(name);
        const items = all.papers.filter((one) => ["kind", "period", "tenant"].every((name) => fits(one, name)));
        const found = query.get("device") ? items.filter((one) => one.devices && query.get("device") === "1") : items;
        const from = query.get("cursor") ? found.findIndex((one) => one.id === query.get("cursor")) + 1 : 0;
        const page = found.slice(from, from + Math.min(Number(query.get("limit") ?? 1000), all.atOnce ?? 1000));
        return [200, { items: page, next: from + page.length < found.length ? page.at(-1).id : null }];
    }
    if (call === "POST /issued") {
        const old = all.papers.find((one) => one.period === body.period && one.tenant === query.get("tenant") && !one.replaced_by);
        if (old && !body.replaces) return [200, old];
        const made = paper(0x10 + all.papers.length, body.period, query.get("tenant"), { who: "admin", replaces: body.replaces ?? null, reason: body.reason ?? null });
        if (old) old.replaced_by = made.id;
        all.papers.unshift(made);
        return [200, made];
    }
    if (!/^GET \/issued\/\w+$/.test(call)) return undefined;
    return [200, { receipt: { rows: [row(1, "PRN-BER-01"), row(1, "PRN-BER-01", { meter: "print.color", counted: 310 }), row(2, "PRN-BER-02", { first: 900, last: 40, counted: 40, gaps: ["reset", "end"] })] }, certificate: "", signature: "" }];
}

export const receiptFaces = {
    receipts: async (page) => (await page.goto("/receipts"), await page.locator(".table-receipts tbody tr").first().waitFor()),
    "receipts of a month": async (page) => (await page.goto(`/receipts?period=${monthBack(1)}`), await page.locator(".table-receipts tbody tr").nth(1).waitFor()),
    "receipt dialog": async (page) => (await receiptFaces.receipts(page), await page.locator(".table-receipts tbody tr").nth(1).locator("td").first().click(), await page.locator("dialog .receipt-rows").waitFor()),
};
