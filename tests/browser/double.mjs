// SPDX-License-Identifier: Apache-2.0
//
// A double for the hub: answers the console's API (docs/api.md) from made-up jobs and agents and serves the
// built console, for tests of the console alone and for working on it without a hub. It is not the hub and
// proves nothing about it; the end-to-end test against the real hub is another one.
//
//   node double.mjs [--port 8091] [--empty] [--password TEXT]
//
// Sign in as admin / one-time-pass; another password has to be chosen then (not with --password,
// which is admin's own password from the start).

import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { answerAccess, everyRight, factorCode, makePeople, roles } from "./double-access.mjs";
import { agentsCsv, listAgents } from "./double-agents.mjs";
import { answerAlerts, makeAlerts } from "./double-alerts.mjs";
import { answerCatalogue, makeCatalogue, withEntry } from "./double-catalogue.mjs";
import { answerCollections, makeCollections } from "./double-collections.mjs";
import { makeDevices } from "./double-devices.mjs";
import { makeFleet } from "./double-fleet.mjs";
import { answerGroups, makeGroups } from "./double-groups.mjs";
import { answerPrintingPeople, makePrintingPeople } from "./double-people.mjs";
import { answerPolicy } from "./double-policy.mjs";
import { answerHeld, makeHeld } from "./double-held.mjs";
import { answerReads, makeReads } from "./double-reads.mjs";
import { answerReport } from "./double-reports.mjs";
import { answerReceipts, makeReceipts } from "./double-receipts.mjs";
import { answerSchedules, makeSchedules } from "./double-schedules.mjs";

const built = process.env.PLATEN_CONSOLE_OUT || fileURLToPath(new URL("../../build/console", import.meta.url));
const types = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };
const silent = 15 * 60_000;
const keepAlive = 15_000;
const failuresAllowed = 5;

export const oneTimePassword = "one-time-pass";

export async function startDouble(options = {}) {
    const state = {
        csp: "default-src 'self'; img-src 'self' data:",
        retryAfter: 30,
        password: options.password ?? oneTimePassword,
        mustChange: options.password === undefined,
        failures: 0,
        blockedUntil: 0,
        eventsRefused: false,
        delay: 0,
        sessions: new Map(),
        streams: new Set(),
        asked: [],
        /** Set: whoever signs in holds these rights, as a role of one's own; or the name of one of the hub's roles. */
        rights: undefined,
        role: undefined,
        people: makePeople(),
        alerts: makeAlerts(),
        catalogue: makeCatalogue(),
        groups: makeGroups(),
        printing: makePrintingPeople(),
        schedules: makeSchedules(),
        receipts: makeReceipts(),
        fleet: makeFleet({ jobs: options.jobs ?? 640, agents: options.agents ?? 14 }),
    };
    state.devices = makeDevices(options.devices ?? 24, state.fleet.agents, state.groups);
    state.reads = makeReads();
    state.held = makeHeld(state.fleet.agents);
    state.collections = makeCollections();
    const server = createServer((request, response) => {
        answer(state, request, response).catch((error) => {
            problem(response, 500, "The double failed", String(error?.stack ?? error));
        });
    });
    await new Promise((done) => server.listen(options.port ?? 0, "127.0.0.1", done));
    return {
        state,
        url: `http://127.0.0.1:${server.address().port}`,
        /** New jobs arrive now; every open stream hears of them. */
        addJobs(count, fields = {}) {
            const jobs = state.fleet.addJobs(count, fields);
            for (const stream of state.streams) stream.write(`event: jobs\ndata: ${JSON.stringify({ count })}\n\n`);
            return jobs;
        },
        /** A reading came: every open stream hears of it. */
        tellDevices(count) {
            for (const stream of state.streams) stream.write(`event: devices\ndata: ${JSON.stringify({ count })}\n\n`);
        },
        /** Every stream breaks; `refuse` keeps new ones from opening. */
        cutStreams(refuse) {
            state.eventsRefused = refuse;
            for (const stream of state.streams) stream.destroy();
        },
        /** A session as if somebody had signed in: the value of the cookie. */
        openSession: () => openSession(state, "admin"),
        async close() {
            for (const stream of state.streams) stream.destroy();
            server.closeAllConnections();
            await new Promise((done) => server.close(done));
        },
    };
}

function openSession(state, name) {
    const id = randomBytes(16).toString("hex");
    state.sessions.set(id, { name, csrf: randomBytes(16).toString("hex") });
    return id;
}

async function answer(state, request, response) {
    const url = new URL(request.url, "http://double");
    if (!url.pathname.startsWith("/api/")) return file(state, url.pathname, response);
    state.asked.push(`${request.method} ${url.pathname}${url.search}`);
    if (state.delay) await new Promise((done) => setTimeout(done, state.delay));
    response.setHeader("Cache-Control", "no-store");

    const id = /(?:^|;\s*)platen_session=([^;]+)/.exec(request.headers.cookie ?? "")?.[1];
    const session = state.sessions.get(id);
    const body = request.method === "GET" ? null : await read(request);
    const call = `${request.method} ${url.pathname.replace("/api/v1", "")}`;

    if (call === "POST /session") return signIn(state, request, response, body);
    if (call === "GET /sso/offer") return json(response, { label: state.people.provider?.label ?? null });
    if (!session) return problem(response, 401, "Not signed in", "", "Sign in first.");
    if (request.method !== "GET" && request.headers["x-csrf-token"] !== session.csrf) {
        return problem(response, 403, "The request does not come from the console", "", "Reload the page.");
    }
    if (call === "GET /session") return json(response, describe(state, session));
    if (call === "DELETE /session") {
        state.sessions.delete(id);
        response.writeHead(204, { "Set-Cookie": cookie("", 0) }).end();
        return;
    }
    if (call === "PUT /session/password") return changePassword(state, response, body);
    if (state.mustChange) {
        return problem(response, 403, "A new password has to be chosen first", "", "Choose one.", "password-change-required");
    }
    const people = answerAccess(state.people, call, url.searchParams, body);
    if (people) return tell(response, ...people);
    const printing = answerPrintingPeople(state.printing, call, url.searchParams, body);
    if (printing) return tell(response, ...printing);
    const collection = answerCollections(state.collections, state.fleet.agents, call, body);
    if (collection) return tell(response, ...collection);
    const catalogue = answerCatalogue(state.catalogue, state.devices.rows, call, url.searchParams, body);
    if (catalogue) return tell(response, ...catalogue);
    const [status, told] = answerGroups(state.groups, state.devices.rows, call, body) ?? answerReads(state, call, body) ?? answerHeld(state.held, call, url.searchParams, body, state.fleet.jobs) ??
        answerSchedules(state.schedules, call, body) ?? answerReceipts(state.receipts, call, url.searchParams, body) ?? state.devices.answer(call, url.searchParams, body) ?? [];
    if (status === 200 && /^GET \/devices\/\d+$/.test(call)) return json(response, withEntry(state.catalogue, told));
    if (status === 204) return void response.writeHead(204).end();
    if (status === 200 && typeof told === "string") return void response.writeHead(200, { "Content-Type": "text/csv; charset=utf-8" }).end(told);
    if (status) return status === 200 ? json(response, told) : problem(response, status, told, "", "Load the list again.");
    if (answerAlerts(state.alerts, call, url, body, json, response)) return;
    return inside(state, call, url, body, request, response);
}

/** A reply, or a problem of the hub's type. */
function tell(response, status, told) {
    if (status === 204) return void response.writeHead(204).end();
    if (typeof told === "string") return void response.writeHead(200, { "Content-Type": "text/csv; charset=utf-8" }).end(told);
    return status === 200 ? json(response, told) : problem(response, status, told.title, told.detail ?? "", "Look at the list again.", told.type, told.numbers);
}

function inside(state, call, url, body, request, response) {
    const { fleet } = state;
    const job = /^GET \/jobs\/([^/]+)\/(\d+)$/.exec(call);
    const revoke = /^POST \/agents\/([^/]+)\/revoke$/.exec(call);
    if (call === "GET /jobs") {
        const asked = request.headers.accept === "text/csv";
        const page = listJobs(fleet.jobs, url.searchParams, asked ? 200 : 50);
        if (page && asked) return part(response, page, url.searchParams);
        return page ? json(response, page) : problem(response, 400, "The query cannot be read", "", "Go back to the list and start again.");
    }
    if (job) {
        const found = fleet.jobs.find((one) => one.agent === decodeURIComponent(job[1]) && one.seq === Number(job[2]));
        if (!found) return problem(response, 404, "No such job", "", "Go back to the list.");
        return json(response, { ...found, ...fleet.recordOf(found) });
    }
    if (call === "GET /agents") {
        const asked = request.headers.accept === "text/csv";
        const page = listAgents(fleet.agents, url.searchParams, asked ? 200 : 50);
        if (!page) return problem(response, 400, "The query cannot be read", "", "Go back to the list and start again.");
        return asked ? csvPart(response, agentsCsv(page, url.searchParams), page.next) : json(response, page);
    }
    if (revoke) {
        const found = fleet.agents.find((one) => one.id === decodeURIComponent(revoke[1]));
        if (!found) return problem(response, 404, "No such agent", "", "Reload the list.");
        found.revoked = true;
        response.writeHead(204).end();
        return;
    }
    if (call === "GET /overview") return json(response, { ...overview(fleet), ...state.devices.sums() });
    if (answerPolicy(state, call, url.searchParams, body, json, response)) return;
    const report = answerReport(call, url.searchParams);
    if (report) return json(response, report);
    if (call === "GET /events") return events(state, request, response);
    return problem(response, 404, "No such call", call, "See docs/api.md.");
}

function signIn(state, request, response, body) {
    if (!request.headers["content-type"]?.startsWith("application/json")) return problem(response, 415, "JSON is required");
    const wait = Math.ceil((state.blockedUntil - Date.now()) / 1000);
    if (wait > 0) {
        response.setHeader("Retry-After", wait);
        return problem(response, 429, "Too many failed attempts", "", `Wait ${wait} seconds, then try again.`);
    }
    if (body?.name !== "admin" || body?.password !== state.password) {
        if (++state.failures >= failuresAllowed) {
            state.failures = 0;
            state.blockedUntil = Date.now() + state.retryAfter * 1000;
        }
        return problem(response, 401, "Name or password is wrong", "", "Check both and try again.");
    }
    if (state.people.factor && !body.code) return problem(response, 401, "A code is needed, too", "", "Type the code.", "code-required");
    if (state.people.factor && body.code !== factorCode) return problem(response, 401, "The code is wrong, or was used already", "", "Type the code that is shown now.", "wrong-code");
    state.failures = 0;
    const id = openSession(state, body.name);
    response.setHeader("Set-Cookie", cookie(id));
    return json(response, describe(state, state.sessions.get(id)));
}

function changePassword(state, response, body) {
    if (body?.old !== state.password) return problem(response, 401, "The old password is wrong", "", "Type it again.");
    if ([...(body?.new ?? "")].length < 12) return problem(response, 400, "The new password is too short", "", "Use 12 characters at least.");
    state.password = body.new;
    state.mustChange = false;
    response.writeHead(204).end();
}

function describe(state, session) {
    const role = state.role ?? (state.rights ? "read-only" : "administrator");
    const user = { name: session.name, role, tenant: state.tenant ?? null, second_factor: state.people.factor, rights: state.rights ?? roles[role] ?? everyRight };
    return { user, csrf: session.csrf, must_change_password: state.mustChange };
}

/** The same as CSV, in parts of 200. */
function part(response, page, query) {
    const lines = page.items.map((job) => `${job.time},"${job.document}"\r\n`);
    if (!query.get("cursor")) lines.unshift("time,document\r\n");
    csvPart(response, lines.join(""), page.next);
}

function csvPart(response, text, next) {
    response.writeHead(200, { "Content-Type": "text/csv; charset=utf-8", ...(next && { "Next-Cursor": next }) }).end(text);
}

/** null: the cursor's row is not there. */
function listJobs(jobs, query, usual) {
    const sort = query.get("sort") ?? "time";
    const sign = query.get("order") === "asc" ? 1 : -1;
    const limit = Math.min(200, Math.max(1, Number(query.get("limit") ?? usual)));
    const wanted = (query.get("q") ?? "").toLowerCase();
    const from = Date.parse(query.get("from") ?? "") || -Infinity;
    const to = Date.parse(query.get("to") ?? "") || Infinity;
    const chosen = jobs
        .filter((job) => ["user", "queue", "machine", "account", "outcome"].every((name) => !query.get(name) || job[name] === query.get(name)))
        .filter((job) => [job.document, job.user, job.queue, job.machine].some((text) => (text ?? "").toLowerCase().includes(wanted)))
        .filter((job) => Date.parse(job.time) >= from && Date.parse(job.time) <= to)
        .sort((a, b) => sign * compare(a[sort], b[sort]) || sign * compare(a.uid, b.uid));
    const cursor = query.get("cursor");
    if (cursor && !chosen.some((job) => job.uid === Buffer.from(cursor, "base64url").toString())) return null;
    const start = cursor ? chosen.findIndex((job) => job.uid === Buffer.from(cursor, "base64url").toString()) + 1 : 0;
    const items = chosen.slice(start, start + limit);
    const more = start + limit < chosen.length;
    return { items, next: more ? Buffer.from(items.at(-1).uid).toString("base64url") : null, total: chosen.length };
}

function compare(a, b) {
    if (a === null || b === null) return (a !== null) - (b !== null);
    return a < b ? -1 : a > b ? 1 : 0;
}

function overview(fleet) {
    const day = new Date().toISOString().slice(0, 10);
    const today = fleet.jobs.filter((job) => job.time.startsWith(day));
    const sum = (jobs, name) => jobs.reduce((total, job) => total + (job[name] ?? 0), 0);
    return {
        jobs_today: today.length,
        pages_today: sum(today, "pages"),
        color_pages_today: sum(today, "color_pages"),
        agents: fleet.agents.length,
        agents_silent: fleet.agents.filter((one) => !one.revoked && !(Date.now() - Date.parse(one.last_seen) < silent)).length,
        by_hour: Array.from({ length: 24 }, (_, hour) => {
            const jobs = today.filter((job) => new Date(job.time).getUTCHours() === hour);
            return { hour, jobs: jobs.length, pages: sum(jobs, "pages") };
        }),
    };
}

function events(state, request, response) {
    if (state.eventsRefused) return problem(response, 503, "Not now");
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    response.write(": open\n\n");
    const timer = setInterval(() => response.write(": alive\n\n"), keepAlive);
    state.streams.add(response);
    response.on("close", () => {
        clearInterval(timer);
        state.streams.delete(response);
    });
}

/** An asset, or for any other path the console's page: its addresses are its own. */
async function file(state, path, response) {
    const asset = normalize(path).startsWith("/assets/") ? path : "/index.html";
    try {
        const content = await readFile(join(built, normalize(asset)));
        response.setHeader("Content-Security-Policy", state.csp);
        response.writeHead(200, { "Content-Type": types[extname(asset)] ?? "application/octet-stream" }).end(content);
    } catch {
        problem(response, 404, "No such file", path, "Build the console first: npm run build in hub/console.");
    }
}

async function read(request) {
    let text = "";
    for await (const chunk of request) text += chunk;
    try {
        return JSON.parse(text);
    } catch {
        return null;
    }
}

function cookie(value, age) {
    return `platen_session=${value}; HttpOnly; SameSite=Strict; Path=/${age === 0 ? "; Max-Age=0" : ""}`; // not Secure: the double has no TLS
}

function json(response, body) {
    response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(body));
}

function problem(response, status, title, detail = "", remedy = "", type = "about:blank", numbers = {}) {
    if (response.headersSent) return response.destroy();
    response.writeHead(status, { "Content-Type": "application/problem+json" }).end(JSON.stringify({ type, title, status, detail, remedy, ...numbers }));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
    const value = (name) => (process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : undefined);
    const empty = process.argv.includes("--empty");
    const double = await startDouble({
        port: Number(value("--port") ?? 8091),
        password: value("--password"),
        ...(empty ? { jobs: 0, agents: 0, devices: 0 } : {}),
    });
    console.log(`the hub's double listens at ${double.url}`);
    if (!empty) setInterval(() => double.addJobs(1 + Math.floor(Math.random() * 3)), 5000);
}
