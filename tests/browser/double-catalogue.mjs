// SPDX-License-Identifier: Apache-2.0
//
// The double's model catalogue. A device finds its entry by make and whole name alone, and a document is refused for its JSON and its number only: the
// rules are the hub's, and tested there. Part numbers are made up.

const source = "made up for the console’s tests";
const ago = (days) => new Date(Date.now() - days * 86_400_000).toISOString();
const nameOf = (one) => `${one.make} ${one.model}`;

export function makeCatalogue() {
    const toner = (color, part, more) => ({ kind: "toner_cartridge", color, part, ...more });
    const models = [
        { make: "Brother", model: "HL-L5200DW", source, introduced: "2016", color: false, duplex: true, ppm: 40, supplies: [toner("black", "EX-3430", { yield: 3000 }), { kind: "opc", part: "EX-DR34", yield: 30000 }] },
        {
            make: "HP", model: "Color LaserJet Pro M454dn", names: ["Color LaserJet Pro M454*"], source, introduced: "2019-04", color: true, duplex: true, a3: false, ppm: 27, ppm_color: 27, monthly_pages: 4000, monthly_most: 50000,
            supplies: [toner("black", "EX-415A", { yield: 2400, basis: "ISO/IEC 19798" }), toner("black", "EX-415X", { yield: 7500, basis: "ISO/IEC 19798" }), toner("cyan", "EX-411", { yield: 2100, basis: "ISO/IEC 19798" })],
        },
    ];
    return { models, versions: [{ version: 2, created: ago(1), from: null, models: 2, author: "admin", note: "from the data sheets", was: models }, { version: 1, created: ago(30), from: null, models: 1, author: "admin", note: null, was: [{ ...models[1], ppm: 26 }] }], changeable: true, starter: true };
}

/** The set that comes with the double: one model that is nowhere else, one as the catalogue has it, one that says more. */
export function makeStarter() {
    const [brother, hp] = makeCatalogue().models;
    const ricoh = { make: "Ricoh", model: "IM C3000", source: "the maker’s PPD file: https://example.com/Ricoh-IM_C3000.ppd", color: true, a3: true, ppm: 30, supplies: [{ kind: "toner_cartridge", color: "black", part: "EX-C3000K", yield: 31000, source: "a data sheet, page 2: https://example.com/IM_C3000.pdf" }] };
    return { v: 1, version: 20261126, models: [brother, { ...hp, ppm: 28 }, ricoh] };
}

/** The page of a device with its entry. */
export function withEntry(catalogue, told) {
    const entry = catalogue.models.find((one) => nameOf(one) === nameOf(told)) ?? null;
    const supplies = told.supplies.map((supply) => {
        const row = told.values.supplies.find((one) => one.index === supply.index);
        const parts = (entry?.supplies ?? []).filter((one) => one.color === row.color).map((one) => ({ part: one.part, yield: one.yield ?? null, basis: one.basis ?? null }));
        const left = parts.length === 1 && supply.percent !== null ? Math.floor((parts[0].yield * supply.percent) / 100) : null;
        return { ...supply, parts, pages_left: left };
    });
    return { ...told, catalogue: entry && { by: entry.model, entry }, supplies };
}

function step(catalogue, models, from = null, note = null) {
    const version = (catalogue.versions[0]?.version ?? 0) + 1;
    catalogue.models = models;
    catalogue.versions.unshift({ version, created: ago(0), from, models: models.length, author: "admin", note, was: models });
    return [200, { version, models: models.length }];
}

function imported(catalogue, body) {
    let document;
    try {
        document = JSON.parse(body.text);
    } catch {
        return [422, { title: "The catalogue cannot be used", detail: "line 1 is not JSON; look for a missing comma, quote or bracket there", type: "catalogue-invalid" }];
    }
    if (document.version <= catalogue.versions[0]?.version && !body.older) return [409, { title: "The document is not newer than the catalogue", detail: `The document is version ${document.version}.`, type: "catalogue-older" }];
    return step(catalogue, document.models, null, body.note || null);
}

function missing(catalogue, rows) {
    const counts = new Map();
    for (const row of rows) counts.set(nameOf(row), { make: row.make, model: row.model, devices: (counts.get(nameOf(row))?.devices ?? 0) + 1 });
    const without = [...counts.values()].filter((one) => catalogue.models.every((model) => nameOf(model) !== nameOf(one))).sort((a, b) => b.devices - a.devices);
    const n = without.reduce((sum, one) => sum + one.devices, 0);
    return { items: without, more: 0, without: n, with: rows.length - n };
}

/** [status, body] of a call about the catalogue; undefined: it is none. */
export function answerCatalogue(catalogue, rows, call, query, body) {
    const latest = catalogue.versions[0];
    const version = /^GET \/catalogue\/versions\/(\d+)$/.exec(call);
    if (version) {
        const found = catalogue.versions.find((one) => one.version === Number(version[1]));
        return [200, { version: found.version, text: JSON.stringify({ v: 1, version: found.version, models: found.was }) }];
    }
    if (/^(PUT|POST) \/catalogue/.test(call) && (body.on ?? 0) !== (latest?.version ?? 0)) return [409, { title: "Somebody else changed the catalogue in the meantime", type: "catalogue-changed" }];
    const lacking = makeStarter().models.filter((one) => catalogue.models.every((model) => nameOf(model) !== nameOf(one)));
    switch (call) {
        case "GET /catalogue/starter":
            return [200, catalogue.starter ? { date: "2026-11-26", models: 3, missing: lacking.length, text: JSON.stringify(makeStarter()) } : { date: null, models: 0, missing: 0, text: null }];
        case "GET /catalogue": {
            const found = catalogue.models.filter((one) => nameOf(one).toLowerCase().includes((query.get("q") ?? "").toLowerCase()));
            const { version = null, author = null, note = null, created = null } = latest ?? {};
            return [200, { items: found.slice(0, Number(query.get("limit"))), next: null, count: found.length, version, models: catalogue.models.length, author, note, changed: created, changeable: catalogue.changeable }];
        }
        case "GET /catalogue/missing":
            return [200, missing(catalogue, rows)];
        case "GET /catalogue/versions":
            return [200, { items: catalogue.versions.map(({ was, ...one }) => one) }];
        case "PUT /catalogue":
            if (body.starter) return step(catalogue, [...catalogue.models, ...lacking], null, "starter set 2026-11-26");
            return body.from ? step(catalogue, catalogue.versions.find((one) => one.version === body.from).was, body.from) : imported(catalogue, body);
        case "PUT /catalogue/models":
            return step(catalogue, [...catalogue.models.filter((one) => !body.was || nameOf(one) !== nameOf(body.was)), body.model]);
        case "POST /catalogue/models/remove":
            return step(catalogue, catalogue.models.filter((one) => nameOf(one) !== nameOf(body)));
        default:
            return undefined;
    }
}

const rows = (page) => page.locator(".table-catalogue tbody tr");

export const catalogueFaces = {
    catalogue: async (page) => (await page.goto("/catalogue"), await rows(page).first().waitFor(), await page.locator(".catalogue-missing li").first().waitFor(), await page.locator(".versions li").first().waitFor()),
    "catalogue form": async (page) => (await catalogueFaces.catalogue(page), await page.locator(".table-catalogue .row-acts button").nth(2).click(), await page.locator("dialog .catalogue-supply").first().waitFor()),
    "catalogue entry": async (page) => (await catalogueFaces.catalogue(page), await rows(page).nth(1).focus(), await page.keyboard.press("Enter"), await page.locator("dialog .entry-supplies").waitFor()),
    "catalogue difference": async (page) => (await catalogueFaces.catalogue(page), await page.locator(".version-acts button").first().click(), await page.locator(".catalogue-changes .diff").first().waitFor()),
    "catalogue starter": async (page) => (await catalogueFaces.catalogue(page), await page.locator(".catalogue-starter [aria-expanded]").click(), await page.locator(".catalogue-starter .diff").first().waitFor()),
    "catalogue import": async (page) => (await catalogueFaces.catalogue(page), await page.locator(".head-acts .button").nth(1).click(), await page.locator("dialog input[type=file]").waitFor()),
    "device with entry": async (page) => (await page.goto("/devices/1"), await page.locator(".entry-supplies li").first().waitFor()),
};
