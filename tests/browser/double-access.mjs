// SPDX-License-Identifier: Apache-2.0
//
// The people's part of the hub's double: users, roles, tenants, tokens, sessions, the audit log, a second factor. It keeps the hub's rules as
// far as the console shows them; that a real hub keeps them is tests/e2e/hub_rights_test.py's business.

import { randomBytes } from "node:crypto";

export const everyRight = [
    "jobs", "persons", "agents", "agents.change", "devices", "devices.change", "policies", "policies.change", "accounts", "accounts.change",
    "billing", "users", "tenants", "audit", "erase", "alerts", "alerts.take", "alerts.change", "schedules", "jobs.release",
];
export const roles = {
    administrator: everyRight,
    operator: ["jobs", "jobs.release", "persons", "agents", "agents.change", "devices", "devices.change", "policies", "accounts", "alerts", "alerts.take", "alerts.change", "schedules"],
    billing: ["jobs", "devices", "accounts", "accounts.change", "billing", "schedules"],
    "help desk": ["jobs", "jobs.release", "persons", "agents", "devices", "policies", "alerts", "alerts.take"],
    "read-only": ["jobs", "agents", "devices", "policies", "alerts"],
    "privacy officer": ["jobs", "persons", "audit", "erase"],
};
export const factorCode = "123456";
export const secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";

const ago = (hours) => new Date(Date.now() - hours * 3_600_000).toISOString();
const user = (name, role, tenant, more = {}) => ({
    name, role, tenant, rights: roles[role] ?? ["jobs", "audit"], disabled: false, second_factor: false, must_change_password: false, print_names: 0,
    last_sign_in: ago(30), ...more,
});

export function makePeople() {
    return {
        factor: false,
        printNames: { "anna.keller": [{ tenant: "Acme", name: "ACME\\a.keller", from: "hand" }, { tenant: "Acme Bern", name: "anna.keller@acme.example", from: "sign-on" }] },
        provider: null,
        chainWhole: true,
        custom: [{ name: "auditor", custom: true, users: 1, rights: ["jobs", "audit"] }],
        users: [
            user("admin", "administrator", null, { last_sign_in: ago(0.1) }),
            user("anna.keller", "help desk", "Acme", { second_factor: true, print_names: 2 }),
            user("j.moreau", "read-only", "Beta", { must_change_password: true, last_sign_in: null }),
            user("kassen-terminal", "billing", "Acme", { disabled: true, last_sign_in: ago(9000) }),
            user("odile", "auditor", null),
        ],
        tenants: [
            { id: 1, parent: 3, name: "Acme", level: "customer", created: ago(2000), agents: 11 },
            { id: 2, parent: null, name: "Beta", level: "customer", created: ago(1500), agents: 3 },
            { id: 3, parent: null, name: "Nordwind Vertrieb", level: "dealer", created: ago(3000), agents: 0 },
            { id: 4, parent: 1, name: "Acme Bern", level: "site", created: ago(900), agents: 1 },
        ],
        tokens: [
            { id: "00c0ffee", label: "ERP", user: "admin", rights: ["jobs", "billing"], created: ago(900), expires: ago(-2000), last_used: ago(1), revoked: false },
            { id: "0badf00d", label: "old report", user: "admin", rights: ["jobs"], created: ago(9000), expires: ago(200), last_used: null, revoked: false },
        ],
        sessions: [
            { id: "aaaa000000000001", address: "192.0.2.17", client: "Mozilla/5.0 (X11; Linux x86_64) Chromium", created: ago(2), last_used: ago(0), this: true },
            { id: "aaaa000000000002", address: "2001:db8::17", client: null, created: ago(20), last_used: ago(5), this: false },
        ],
        audit: Array.from({ length: 250 }, (_, n) => ({
            v: 1, seq: n + 1, prev: "0".repeat(64), at: ago((250 - n) / 4), tenant: 0, who: n % 3 ? "admin" : "anna.keller", how: n % 5 ? "session" : "00c0ffee",
            address: "192.0.2.17", action: ["jobs.list", "users.change", "session.begin", "devices.merge"][n % 4], object: n % 4 === 1 ? "j.moreau" : null,
            detail: n % 4 === 1 ? "read-only" : null,
        })),
    };
}

const refuse = (status, type, title) => [status, { type, title }];

function changeTenant(people, call, body) {
    const id = Number(/^PUT \/tenants\/(\d+)$/.exec(call)?.[1]);
    const found = people.tenants.find((one) => one.id === id);
    if (!found) return null;
    if (body.name && people.tenants.some((one) => one !== found && one.name === body.name)) return refuse(409, "exists", "There is a tenant of this name");
    if (body.parent === "Beta" && people.shorterAtBeta && !body.shorter_times)
        return [409, { type: "shorter-times", title: "Less is kept where it goes to", numbers: { titles_days: 7, jobs_days: null, readings_days: null, below: 2 } }];
    if (body.name) found.name = body.name;
    if (body.parent !== undefined) found.parent = people.tenants.find((one) => one.name === body.parent)?.id ?? null;
    return [200, found];
}

function printNames(people, call, body) {
    const [, method, part] = /^(GET|PUT) \/users\/([^/]+)\/print-names$/.exec(call) ?? [];
    if (!method) return null;
    const account = decodeURIComponent(part);
    const found = people.users.find((one) => one.name === account);
    const known = people.printNames[account] ?? [];
    if (method === "GET") return [200, { items: known }];
    for (const [owner, names] of Object.entries(people.printNames)) {
        const taken = owner !== account && body.items.find((one) => names.some((other) => other.tenant === one.tenant && other.name.toLowerCase() === one.name.toLowerCase()));
        if (taken) return [409, { type: "print-name-taken", title: "A print name belongs to one account", detail: `In this tenant ${taken.name} is a name of ${owner}.` }];
    }
    const items = [...body.items.map((one) => ({ ...one, from: "hand" })), ...known.filter((one) => one.from === "sign-on")];
    people.printNames[account] = items;
    found.print_names = items.length;
    return [200, { items }];
}

function changes(people, call, body) {
    const named = /^(PUT|DELETE|POST) \/(users|roles|tokens|sessions)\/([^/]+)(\/reset)?$/.exec(call);
    if (!named) return null;
    const [, method, what, part, reset] = named;
    const name = decodeURIComponent(part);
    if (what === "sessions") people.sessions = people.sessions.filter((one) => one.id !== name);
    if (what === "tokens") people.tokens.find((one) => one.id === name).revoked = true;
    if (what === "roles") {
        const found = people.custom.find((one) => one.name === name);
        if (method === "DELETE" && found.users) return refuse(409, "in-use", "Somebody has this role");
        people.custom = people.custom.filter((one) => one.name !== name);
        if (method === "PUT") people.custom.push({ name, custom: true, users: found?.users ?? 0, rights: body.rights });
    }
    if (what !== "users") return [204];
    const found = people.users.find((one) => one.name === name);
    if (method === "DELETE") people.users = people.users.filter((one) => one !== found);
    if (method === "DELETE") return [204];
    if (reset) return [200, { user: Object.assign(found, { must_change_password: true, second_factor: false }), one_time_password: "k7m2p-x9wqa-4hj8n" }];
    return [200, { user: Object.assign(found, body) }];
}

function audit(people, query) {
    const [who, action, from, to] = ["who", "action", "from", "to"].map((name) => query.get(name) ?? "");
    const limit = Number(query.get("limit") ?? 100);
    const before = Number(query.get("before") ?? Infinity);
    const found = people.audit
        .filter((line) => line.seq < before && (!who || line.who === who.toLowerCase()) && (!action || line.action.startsWith(`${action}.`)))
        .filter((line) => (!from || line.at >= from) && (!to || line.at < to))
        .reverse();
    if (query.get("format") === "csv") return [200, found.map((line) => `${line.seq},"${line.action}"`).join("\r\n")];
    return [200, { items: found.slice(0, limit), next: found.length > limit ? found[limit - 1].seq : null }];
}

/** [status, reply] of a call of the people's API, or null for any other one. */
export function answerAccess(people, call, query, body) {
    switch (call) {
        case "GET /users":
            return [200, { items: people.users }];
        case "POST /users": {
            if (people.users.some((one) => one.name === body.name)) return refuse(409, "exists", "There is a user of this name");
            const made = user(body.name, body.role, body.tenant, { must_change_password: true, last_sign_in: null });
            people.users.push(made);
            return [200, { user: made, one_time_password: "a2b3c-d4e5f-g6h7j" }];
        }
        case "GET /roles":
            return [200, { items: [...Object.entries(roles).map(([name, rights]) => ({ name, custom: false, users: null, rights })), ...people.custom], all: everyRight }];
        case "GET /tenants":
            return [200, { items: people.tenants }];
        case "POST /tenants": {
            const parent = people.tenants.find((one) => one.name === body.parent)?.id ?? null;
            const made = { id: people.tenants.length + 1, parent, name: body.name, level: body.level, created: ago(0), agents: 0 };
            people.tenants.push(made);
            return [200, made];
        }
        case "GET /tokens":
            return [200, { items: people.tokens }];
        case "POST /tokens": {
            const item = { id: randomBytes(4).toString("hex"), label: body.label, user: "admin", rights: body.rights, created: ago(0), expires: ago(-24 * body.days), last_used: null, revoked: false };
            people.tokens.push(item);
            return [200, { item, token: "pltk_doubleAAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJ" }];
        }
        case "GET /sessions":
            return [200, { items: people.sessions }];
        case "GET /sso":
            return [200, { provider: people.provider }];
        case "PUT /sso": {
            if (!body.issuer.startsWith("https://")) return refuse(422, "sso-provider", "The provider cannot be used");
            const { client_secret, ...kept } = body;
            people.provider = { ...kept, client_secret_set: Boolean(client_secret) || Boolean(people.provider?.client_secret_set) };
            return [200, { provider: people.provider }];
        }
        case "DELETE /sso":
            people.provider = null;
            return [204];
        case "GET /audit":
            return audit(people, query);
        case "GET /audit/check":
            return [200, people.chainWhole ? { whole: true, from: 11, lines: 240, wrong: null } : { whole: false, from: 1, lines: null, wrong: 17 }];
        case "POST /session/factor":
            return [200, { secret, uri: `otpauth://totp/Platen:${[..."admin"].map((letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`).join("")}?secret=${secret}&issuer=Platen` }];
        case "PUT /session/factor":
            if (body.code !== factorCode) return refuse(401, "wrong-code", "The code is wrong, or was used already");
            people.factor = true;
            return [200, { recovery_codes: Array.from({ length: 10 }, (_, n) => `abcdefgh-jkmnpqr${n}`) }];
        case "DELETE /session/factor":
            people.factor = false;
            return [204];
    }
    return printNames(people, call, body) ?? changeTenant(people, call, body) ?? changes(people, call, body);
}

/** The people's faces of the console, for tests/browser/look.test.mjs; found without words, for every language. */
export const accessFaces = {
    users: async (page) => (await page.goto("/users"), await page.locator(".table-users tbody tr").first().waitFor()),
    "user dialog": async (page) => (await accessFaces.users(page), await page.locator(".head-acts .button-primary").click(), await page.locator("dialog option").nth(4).waitFor({ state: "attached" })),
    "print names": async (page) => (await accessFaces.users(page), await page.locator(".table-users .cell-act button").first().click(), await page.locator("dialog .signon-row").first().waitFor()),
    "my jobs": async (page) => (await page.goto("/mine"), await page.locator(".mine-last li").first().waitFor()),
    "user removed?": async (page) => (await accessFaces.users(page), await page.locator(".table-users .cell-act button").nth(2).click(), await page.locator("dialog").waitFor()),
    "one-time password": async (page) => (await accessFaces.users(page), await page.locator(".table-users .cell-act button").nth(1).click(), await page.locator("dialog .button-danger").click(), await page.locator(".secret").waitFor()),
    roles: async (page) => (await page.goto("/roles"), await page.locator(".matrix").waitFor()),
    "role dialog": async (page) => (await accessFaces.roles(page), await page.locator(".head-acts .button-primary").click(), await page.locator("dialog").waitFor()),
    tenants: async (page) => (await page.goto("/tenants"), await page.locator(".tree-row").first().waitFor()),
    "tenant dialog": async (page) => (await accessFaces.tenants(page), await page.locator(".tree-row button").nth(1).click(), await page.locator("dialog").waitFor()),
    "tenant renamed or moved": async (page) => (await accessFaces.tenants(page), await page.locator(".tree-row button").nth(2).click(), await page.locator("dialog select").waitFor()),
    "tenant moves": async (page) => (await accessFaces.tenants(page), await page.locator(".tree-row button").nth(4).click(), await page.locator("dialog select").selectOption(""), await page.locator("dialog .soft").waitFor()),
    "single sign-on": async (page) => (await page.goto("/sign-on"), await page.locator(".signon fieldset .button").last().click(), await page.locator(".signon-row").waitFor()),
    tokens: async (page) => (await page.goto("/tokens"), await page.locator(".table-tokens tbody tr").first().waitFor()),
    "token dialog": async (page) => (await accessFaces.tokens(page), await page.locator(".head-acts .button-primary").click(), await page.locator("dialog").waitFor()),
    audit: async (page) => (await page.goto("/audit"), await page.locator(".table-audit tbody tr").first().waitFor()),
    "audit, checked": async (page) => (await accessFaces.audit(page), await page.locator(".chain button").click(), await page.locator(".chain .badge").waitFor()),
    account: async (page) => (await page.goto("/account"), await page.locator(".sessions li").first().waitFor()),
    "second factor": async (page) => (await accessFaces.account(page), await page.locator(".account .card").nth(2).locator("button").first().click(), await page.locator(".qr").waitFor()),
};
