// SPDX-License-Identifier: Apache-2.0
//
// The double's reports: figures that are made up but fit together, so that sums can be checked on the page.

const day = 86_400_000;
const queues = ["Büro 2. OG", "Empfang", "Buchhaltung", "Lager", "A3 Farbe", ""];
const column = (id, kind = "count", unit = null) => ({ id, kind, unit });

export const reportNames = ["usage-queues", "usage-groups", "usage-users", "rates", "costs", "environment", "violations", "meters", "supplies", "agents"];

function period(query) {
    const today = Math.floor(Date.now() / day) * day;
    const to = query.get("to") ? Date.parse(query.get("to")) : today + day;
    const from = query.get("from") ? Date.parse(query.get("from")) : to - 30 * day;
    return { from, to };
}

function sum(rows, columns) {
    return columns.map((one, at) => (one.kind === "count" ? rows.reduce((all, row) => all + (row[at] ?? 0), 0) : ""));
}

const makers = {
    "usage-queues": ({ days }) => {
        const columns = [column("queue", "text"), column("jobs"), column("pages"), column("color_pages"), column("sheets"), column("before")];
        const rows = queues.map((name, at) => [name, 40 * (6 - at), 2371 * (6 - at), 311 * (6 - at), 1502 * (6 - at), 2000 * (6 - at)]);
        return { columns, rows, before: 2000 * 21, trend: days };
    },
    "usage-groups": () => ({
        columns: [column("group", "text"), column("site", "text"), column("people"), column("jobs"), column("pages"), column("color_pages"), column("sheets"), column("before")],
        rows: [["Sales & service", "Acme", 12, 410, 6120, 1804, 4011, 5800], ["Works council", "Acme", 3, 22, 190, 0, 101, 240]],
        before: 6040,
    }),
    rates: () => ({
        columns: [column("queue", "text"), column("pages"), column("color_pages"), column("color_rate", "rate", "%"), column("duplex_pages"), column("duplex_rate", "rate", "%")],
        rows: queues.slice(0, 5).map((name, at) => [name, 1000, 250 + at, 2500 + 10 * at, at ? 400 : null, at ? 4000 : null]),
    }),
    costs: () => ({
        columns: [column("account", "text"), column("currency", "text"), column("jobs"), column("pages"), column("cost", "money"), column("unpriced")],
        rows: [["4711", "EUR", 12, 420, 12_345_678, 0], ["", "", 3, 9, 0, 3]],
    }),
    environment: () => ({
        columns: [column("site", "text"), column("pages"), column("sheets"), column("trees", "milli"), column("co2", "milli", "kg"), column("water", "milli", "l")],
        rows: [["Acme", 12_000, 8333, 1000, 105_829, 16_666_000]],
    }),
    violations: () => ({
        columns: [column("rule", "text"), column("action", "word"), column("outcome", "word"), column("jobs"), column("pages")],
        rows: [["no-mail-in-colour", "denied", "refused", 7, 310], ["duplex", "converted", "printed", 120, 5400]],
    }),
    meters: () => ({
        columns: [column("device"), column("name", "text"), column("model", "text"), column("serial", "text"), column("site", "text"), column("meter", "text"), column("first_at", "time"), column("first"), column("last_at", "time"), column("last"), column("counted"), column("note", "word")],
        rows: [[1, "PRN-BER-01", "HP Color LaserJet", "VNB3K00001", "Acme", "total", "2026-01-01T06:00:00.000Z", 18_400, "2026-02-01T00:00:00.000Z", 19_950, 1550, ""], [2, "PRN-BER-02", "Kyocera", "K22", "Acme", "total", "2026-01-03T06:00:00.000Z", 900, "2026-02-01T00:00:00.000Z", 40, 40, "reset"]],
    }),
    supplies: () => ({
        columns: [column("device"), column("name", "text"), column("model", "text"), column("serial", "text"), column("site", "text"), column("supply", "text"), column("percent", "count", "%"), column("days"), column("read_at", "time"), column("part", "text"), column("pages_left")],
        rows: [[1, "PRN-BER-01", "HP Color LaserJet", "VNB3K00001", "Acme", "Black Cartridge HP 410X", 4, 6, "2026-01-31T06:00:00.000Z", "EX-410A / EX-410X", null]],
        state: true,
    }),
    agents: () => ({
        columns: [column("machine", "text"), column("site", "text"), column("os", "text"), column("version", "text"), column("state", "word"), column("last_seen", "time"), column("records"), column("certificate_to", "time")],
        rows: [["PC-BER-001", "Acme", "Windows 11", "1.0", "active", "2026-01-31T06:00:00.000Z", 812, "2026-12-31T06:00:00.000Z"], ["PC-BER-002", "Acme", "Windows 10", "1.0", "silent", null, 0, null]],
        state: true,
    }),
};

function link(name, row, { from, to }) {
    if (name === "agents") return `/agents?${new URLSearchParams({ q: row[0] })}`;
    if (name === "meters" || name === "supplies") return `/devices/${row[0]}`;
    if (name === "usage-groups") return `/reports/usage-users?${new URLSearchParams({ people: row[0], tenant: row[1], from: new Date(from).toISOString(), to: new Date(to).toISOString() })}`;
    if (name === "usage-queues" && row[0]) return `/jobs?${new URLSearchParams({ queue: row[0], from: new Date(from).toISOString(), to: new Date(to).toISOString() })}`;
    return null;
}

/** The reply to a call, or null when it is not about reports. */
export function answerReport(call, query) {
    if (call === "GET /reports") return { items: reportNames.map((name) => ({ name, state: name === "supplies" || name === "agents", by_device: name === "meters" || name === "supplies", by_person: name === "usage-users" })) };
    const name = /^GET \/reports\/(.+)$/.exec(call)?.[1];
    if (!makers[name]) return null;
    const { from, to } = period(query);
    const days = [];
    for (let at = from; at < to && at <= Date.now(); at += day) if (new Date(at).getUTCDay() % 6) days.push({ at: new Date(at).toISOString(), pages: 500 + ((at / day) % 7) * 90 });
    const made = makers[name]({ days });
    const empty = query.get("tenant") === "Beta";
    const rows = empty ? [] : made.rows;
    return {
        report: name,
        from: new Date(from).toISOString(),
        to: new Date(to).toISOString(),
        made: new Date().toISOString(),
        state: made.state ?? false,
        columns: made.columns,
        rows: rows.map((cells) => ({ cells, link: link(name, cells, { from, to }) })),
        more: false,
        ...(!made.state && name !== "meters" && { total: sum(rows, made.columns) }),
        ...(made.before && { before_from: new Date(2 * from - to).toISOString(), before_pages: made.before }),
        trend_by: "day",
        trend: made.trend ?? [],
    };
}

/** The faces of these pages, for look.test.mjs. */
export const reportFaces = {
    report: async (page) => (await page.goto("/reports/usage-queues?from=2026-01-05&to=2026-01-12"), await page.locator(".table-report tbody tr").first().waitFor()),
    "report of meters": async (page) => (await page.goto("/reports/meters"), await page.locator(".table-report tbody tr").first().waitFor()),
    "report of nothing": async (page) => (await page.goto("/reports/usage-queues?tenant=Beta"), await page.locator(".empty").waitFor()),
};
