// SPDX-License-Identifier: Apache-2.0
//
// The policies' part of the hub's double: one set with two rules of which one never acts, versions, PCs, accounts, violations. What it says
// of a set is made up and the same for each; that a real hub proves it is tests/e2e/policy_console_test.py's business.

const set = {
    v: 2, version: 3, default: "allow",
    quotas: [{ id: "students", of: "user", per: "month", unit: "pages", limit: 500 }],
    rules: [
        { id: "boss", when: { user: "ACME\\boss" }, then: "allow" },
        { id: "long-colour", when: { all: [{ queue: ["*color*", "HQ-*"] }, { color_pages: { min: 50 } }, { any: [{ weekday: ["mon", "workday"] }, { time: { from: "18:00", to: "07:00" } }] }] },
          then: ["deny", { notify: ["user", "administrator"] }], message: "Please use the print room for more than 50 colour pages." },
        { id: "eco", when: { none: [{ duplex: "any" }, { cost: { max: "0.50" } }] }, then: [{ duplex: { how: "offer", edge: "long" } }, { account: { ask: ["client", "matter"], pin: true } }, { hold: { hours: 12 } }], shadow: true },
        { id: "quota", when: { quota_percent: { quota: "students", min: 80 } }, then: { warn: { seconds: 60 } } },
    ],
};
const id = "00c0ffee00c0ffee";
const text = JSON.stringify(set, null, 2);
const ago = (hours) => new Date(Date.now() - hours * 3_600_000).toISOString();
const sum = (jobs) => ({ jobs, pages: jobs * 7, color_pages: jobs * 2, sheets: jobs * 5, cost: jobs * 300_000 });
const trial = (denied) => ({
    all: sum(1000), saved: sum(denied), co2_mg: denied * 90_000, unknown_pages: 3, unknown_cost: 0, skipped: 12, rules: { "long-colour": denied },
    outcomes: { printed: sum(860 - denied), converted: sum(80), asked: sum(40), redirected: sum(0), held: sum(20), denied: sum(denied) },
});
const versions = [
    { version: 2, created: ago(30), from: 1, author: "admin", note: "the colour rule was too hard" },
    { version: 1, created: ago(60), from: null, author: "admin", note: null },
];
const head = { id, name: "Head office", created: ago(90), draft_by: "admin", draft_at: ago(2), latest: 2, removed: null, removed_by: null };
const spare = { ...head, id: "00c0ffee00c0ffef", name: "Ward 3, tried in spring", latest: 0 };
const gone = { ...head, id: "00c0ffee00c0ffe0", name: "Before the move", removed: ago(400), removed_by: "admin" };
const assignments = [
    { scope: "all", group: null, percent: null, set: id, version: 1, state: "live", author: "admin", created: ago(60) },
    { scope: "percent", group: null, percent: 25, set: id, version: 2, state: "shadow", author: "admin", created: ago(30) },
];
const check = {
    compiles: true, error: null, rules: 4, proved: true, live: 3, dead: 1, undecided: 0, witnesses: {},
    findings: [
        { kind: "contradicts", rule: "long-colour", other: "boss", words: "", witness: null },
        { kind: "clash", rule: "eco", other: "quota", words: "", witness: 'queue="HQ Color" pages=120 duplex=none color=true' },
    ],
};

/** True when the call was one of these. */
export function answerPolicy(state, call, query, body, json, response) {
    const { fleet } = state;
    const group = "1111111111111111";
    if (call === `POST /policies/${id}/publish`) state.published = body;
    if (call === `PUT /groups/${group}`) state.group = body;
    if (call === `PUT /policies/${id}/draft`) Object.assign((state.set ??= {}), body);
    if (call === `DELETE /policies/${spare.id}`) {
        if (state.setInForce) {
            response.writeHead(409, { "Content-Type": "application/problem+json" });
            response.end(JSON.stringify({ type: "policy-in-force", title: "The policy set is in force", status: 409, detail: state.setInForce, remedy: "Withdraw it there first." }));
            return true;
        }
        state.removedSet = true;
    }
    if (call === "PUT /accounts") state.account = body;
    if (call === "PUT /retention/audit") state.logDays = body.days;
    if (call === "PUT /retention") body.inherited ? delete state.retention : Object.assign((state.retention ??= {}), body, { saved: ago(0) });
    const kept = (days, usual, due) => ({
        days, default_days: usual, oldest: ago(24 * 50), next: days === null ? null : new Date(Date.now() + (days - 50) * 86_400_000).toISOString(), due: days !== null && days < (usual === null ? 100 : 50) ? due : 0, due_capped: due >= 1_000_000,
    });
    const times = (days) => ({ titles: kept(days.titles_days, 60, 1234), jobs: kept(days.jobs_days, 730, 1_000_000), readings: kept(days.readings_days ?? null, null, 5678) });
    // Acme's own times, else its dealer's where it has some, else the defaults.
    const above = state.dealerTimes ?? { titles_days: 60, jobs_days: 730 };
    const sourced = (days, own) => ({
        ...times(days), inherited: !own && !!state.dealerTimes, from: own ? "Acme" : state.dealerTimes ? "Nordwind Vertrieb" : null, below: state.dealerTimes ? 2 : 0,
        author: own ? (days.saved ? "admin" : null) : state.dealerTimes ? "dealer" : null, changed: own ? (days.saved ?? null) : state.dealerTimes ? ago(100) : null,
    });
    const shadow = query.get("shadow") === "true";
    const replies = {
        "GET /policies": { tenant: "Acme", serial: 7, sets: [head, ...(state.removedSet ? [] : [spare]), gone, ...(state.removedSet ? [{ ...spare, removed: ago(0), removed_by: "admin" }] : [])], assignments },
        [`GET /policies/${id}`]: { ...head, ...(state.set && { name: state.set.name }), draft: state.set?.text ?? text, versions },
        [`PUT /policies/${id}/draft`]: { id },
        [`GET /policies/${id}/versions/1`]: { version: 1, text: JSON.stringify({ ...set, default: "deny" }) },
        [`GET /policies/${id}/versions/2`]: { version: 2, text },
        [`GET /policies/${gone.id}`]: { ...gone, draft: text, versions },
        [`GET /policies/${gone.id}/versions/1`]: { version: 1, text: JSON.stringify({ ...set, default: "deny" }) },
        [`GET /policies/${gone.id}/versions/2`]: { version: 2, text },
        [`DELETE /policies/${spare.id}`]: {},
        "PUT /accounts": { added: 0, changed: 1 },
        "GET /retention": sourced(state.retention ?? above, !!state.retention),
        "POST /retention/preview": body?.titles_days === undefined ? sourced(above, false) : sourced(body, true), // every reply is made for every call
        "PUT /retention": {},
        "GET /retention/audit": { days: state.logDays ?? null, from: 1, oldest: ago(24 * 400), due: query.get("days") ? 4321 : 0, due_capped: false },
        "PUT /retention/audit": {},
        "POST /policy/check": check,
        "POST /policy/backtest": {
            jobs: 1000, capped: true, not_read: 0, currency: "EUR", after: trial(120), before: trial(40), moved: [],
            users: [{ name: "a.keller", jobs: 70, denied: 60 }, { name: "ein.sehr.langer.benutzername@beispiel.example", jobs: 20, denied: 1 }],
            queues: [{ name: "PRN-BER-02-Canon", jobs: 90, denied: 60 }],
        },
        "GET /policy/agents": {
            items: fleet.agents.slice(0, 4).map((agent, n) => ({
                agent: agent.id, machine: agent.machine, last_seen: ago(1), share: n * 20, serial: n === 3 ? null : n === 2 ? 6 : 7, set: n === 3 ? null : id,
                version: n === 3 ? null : 1, state: "live", at: ago(1),
                problem: n === 1 ? "The policy from the hub is refused: the content is not what was signed. What was in force stays in force." : null,
            })),
        },
        [`POST /policies/${id}/publish`]: { version: body?.version ?? 3, serial: 8 },
        "GET /groups": { items: [{ id: group, name: "Ward 3", agents: 2 }] },
        [`GET /groups/${group}`]: { agents: fleet.agents.slice(0, 2).map((agent) => agent.id) },
        [`PUT /groups/${group}`]: {},
        [`DELETE /groups/${group}`]: {},
        "GET /accounts": {
            items: [
                { code: "1000", name: "Northwind Trading", kind: "client", parent: null, pin: false },
                { code: "1000-12", name: "Lease of the warehouse", kind: "matter", parent: "1000", pin: true },
            ],
        },
        "GET /violations": {
            items: ["denied", "converted", "asked", "held", "redirected"].map((action, n) => ({
                agent: fleet.agents[0]?.id ?? "0", seq: n + 1, time: ago(n + 1), user: "a.keller", machine: "BER-PC-0112", queue: "PRN-BER-02-Canon",
                server: "BER-PRINT-01", port: "IP_10.0.0.7", document: "Quarterly report Q3.docx", outcome: "printed", pages: n ? 12 : null, impressions: n ? 12 : null, color_pages: 3, sheets: 6, duplex: "long", set_name: "Head office",
                policy: {
                    version: 3, rule: n === 4 ? "" : "long-colour", ...(shadow ? { action: "printed", would: action } : { action }), explanation: `${action} by long-colour`,
                    ...(n < 4 && { [shadow ? "would_because" : "because"]: `${["denies", "duplex", "warns", "holds"][n]} long-colour;at-least color_pages 72 50;is weekday sat,sun` }),
                    message: "Please use the print room.", user_notified: true, answer: "print", cost: 420_000, currency: "EUR",
                },
            })),
            next: null,
        },
    };
    if (!(call in replies)) return false;
    json(response, replies[call]);
    return true;
}

/** The faces of these pages, for look.test.mjs. */
export const policyFaces = {
    policies: async (page) => (await page.goto("/policies"), await page.locator(".table-policy-agents tbody tr").first().waitFor()),
    "policy editor": async (page) => {
        await page.goto(`/policies?set=${id}`);
        await page.locator(".found").first().waitFor();
        await page.locator(".rule-title").nth(1).click();
        await page.locator(".condition").nth(2).waitFor();
    },
    "policy actions": async (page) => {
        await policyFaces["policy editor"](page);
        await page.locator(".rule-title").nth(2).click();
        await page.locator(".action").nth(2).waitFor();
    },
    "back-test": async (page) => (await policyFaces["policy editor"](page), await page.locator(".back-test .button").click(), await page.locator(".top").first().waitFor()),
    "policy JSON": async (page) => (await policyFaces["policy editor"](page), await page.locator(".editor-bar .segments button").nth(1).click(), await page.locator("textarea").waitFor()),
    "policy versions": async (page) => {
        await policyFaces["policy editor"](page);
        await page.locator(".editor-bar .segments button").nth(2).click();
        await page.locator(".version-acts button").first().click();
        await page.locator(".diff-in").first().waitFor();
    },
    "publish dialog": async (page) => {
        await policyFaces["policy editor"](page);
        await page.locator(".head-acts .button-primary").click();
        await page.locator("dialog input[type=radio]").nth(1).check();
    },
    "new group": async (page) => (await policyFaces.policies(page), await page.locator(".pc-groups .forms-head .button").click(), await page.locator("dialog input").first().waitFor()),
    "a violation": async (page) => (await policyFaces.violations(page), await page.locator(".table-violations td.cell-time").first().click(), await page.locator("dialog .facts").waitFor()),
    violations: async (page) => (await page.goto("/violations"), await page.locator(".table-violations tbody tr").first().waitFor()),
    "remove set": async (page) => (await policyFaces.policies(page), await page.getByRole("button", { name: /^(Remove Ward|Supprimer Ward|Ward 3, .* entfernen)/ }).click(), await page.locator("dialog .button-danger").waitFor()),
    "a removed set": async (page) => (await page.goto(`/policies?set=${gone.id}`), await page.locator(".version-acts button").first().click(), await page.locator(".diff-in").first().waitFor()),
    retention: async (page) => (await page.goto("/retention"), await page.locator(".retention input").first().waitFor()),
    "inherited retention": async (page, double) => {
        double.state.dealerTimes = { titles_days: 14, jobs_days: 365 };
        double.state.retention = { titles_days: 60, jobs_days: 730, saved: "2026-01-01T00:00:00Z" };
        await policyFaces.retention(page);
        await page.locator(".retention .button:not(.button-primary)").first().click();
        await page.locator("dialog li").first().waitFor();
    },
    "shorter retention": async (page) => {
        await policyFaces.retention(page);
        await page.locator(".retention input[type=number]").first().fill("7");
        await page.locator(".retention .button-primary").first().click();
        await page.locator("dialog .button-danger").waitFor();
    },
    "account with a PIN": async (page) => (await policyFaces.accounts(page), await page.locator(".table-accounts tbody tr").nth(1).locator("button").first().click(), await page.locator("dialog input[type=checkbox]").waitFor()),
    accounts: async (page) => (await page.goto("/accounts"), await page.locator(".table-accounts tbody tr").first().waitFor()),
    "account dialog": async (page) => (await policyFaces.accounts(page), await page.locator(".head-acts .button-primary").click(), await page.locator("dialog input").first().waitFor()),
};
