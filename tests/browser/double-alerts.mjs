// SPDX-License-Identifier: Apache-2.0
//
// The alerts' part of the hub's double: alerts of each kind, rules, channels, messages. Rules and channels that are made are kept.

const ago = (hours) => new Date(Date.now() - hours * 3_600_000).toISOString();
const zones = ["Europe/Berlin", "Europe/Paris", "UTC"];
const rule = (id, name, kind, when, more = {}) => ({
    id, tenant: "Acme", name, kind, enabled: true, scope: {}, when, hold_minutes: 5, clear_minutes: 5, window_minutes: 30, quiet: null, tell_closed: true, channels: [], author: "admin",
    changed: ago(90), open: 1, last_message: ago(2), ...more,
});
const alert = (no, kind, label, detail, more = {}) => ({
    no, tenant: "Acme", rule: `${no}`.padStart(16, "0"), rule_name: "Night watch", kind, state: "open", label, place: "Berlin, 2nd floor", device: kind === "agent" || kind === "policy" ? null : no,
    agent: kind === "agent" ? "00000000000000aa" : null, since: ago(no), opened: ago(no), closed: null, acknowledged: null, acknowledged_by: null, note: null, flaps: 0, detail, ...more,
});

export function makeAlerts() {
    return {
        alerts: [
            alert(6, "status", "PRN-BER-02-Canon", { state: "stopped" }, { flaps: 3 }),
            alert(5, "supply", "ein-sehr-langer-druckername-der-umbrochen-werden-muss", { supply: "Black Toner Cartridge HP W2030X", percent: 7, days: 4 }),
            alert(4, "meter", "lp-reception", { meter: "stuck", moved: ago(200) }, { state: "acknowledged", acknowledged: ago(1), acknowledged_by: "mia", note: "a technician comes on Monday" }),
            alert(3, "agent", "PC-FRONT-17", { why: "certificate", last_seen: ago(60) }),
            alert(2, "policy", "Acme", { count: 27, minutes: 60 }),
        ],
        closed: [alert(1, "meter", "lp-lobby", { meter: "target", total: 100_012, target: 100_000 }, { state: "closed", closed: ago(0.5) })],
        rules: [
            rule("00000000000000f1", "Night watch", "status", { states: ["stopped", "silent"] }, { channels: ["00000000000000c1"], quiet: { from: "22:00", to: "06:00", zone: "Europe/Berlin", weekend: true } }),
            rule("00000000000000f2", "Toner", "supply", { percent: 10, clear_percent: 20, days: 7 }, { open: 0, last_message: null }),
            rule("00000000000000f3", "Old rule", "agent", { hours: 24 }, { enabled: false, open: 0 }),
        ],
        channels: [
            { id: "00000000000000c1", tenant: "Acme", name: "Service desk", kind: "mail", enabled: true, language: "de", to: ["desk@example.org", "on.call@example.org"], url: null, ca: null },
            { id: "00000000000000c2", tenant: "Acme", name: "Ticket system", kind: "webhook", enabled: true, language: "en", to: [], url: "https://tickets.example.org/hooks/platen", ca: null },
        ],
        deliveries: [
            { key: "f1-3-0", rule: "00000000000000f1", channel: "00000000000000c1", target: "desk@example.org", state: "sent", created: ago(2), attempts: 1, reason: null },
            { key: "f1-2-0", rule: "00000000000000f1", channel: "00000000000000c2", target: "https://tickets.example.org/hooks/platen", state: "waits", created: ago(3), attempts: 4, reason: "the receiver answered 503" },
            { key: "f1-1-0", rule: "00000000000000f1", channel: "00000000000000c1", target: "nobody@example.org", state: "given-up", created: ago(4), attempts: 1, reason: "550 5.1.1 no such user" },
        ],
        server: { there: true, host: null, port: null, security: null, user: null, password: false, sender: null, ca: null },
        mailThere: true,
        next: 1,
    };
}

/** True when the call was one of these. */
export function answerAlerts(state, call, url, body, json, response) {
    const one = (path) => call.match(new RegExp(`^${path.replace("{}", "([0-9a-f]+)")}$`))?.[1];
    const done = () => (response.writeHead(204).end(), true);
    let id;
    if (call === "GET /alerts") {
        const kind = url.searchParams.get("kind");
        const from = url.searchParams.get("state") === "closed" ? state.closed : state.alerts;
        const items = from.filter((a) => !kind || a.kind === kind);
        return json(response, { items, next: null, open: state.alerts.length, unacknowledged: state.alerts.filter((a) => a.state === "open").length }), true;
    }
    if ((id = one("POST /alerts/{}/acknowledge"))) {
        Object.assign(state.alerts.find((a) => a.no === Number(id)), { state: "acknowledged", acknowledged: ago(0), acknowledged_by: "admin", note: body.note });
        return done();
    }
    if (call === "GET /alert-rules") return json(response, { items: state.rules, zones }), true;
    if (call === "POST /alert-rules") return state.rules.push(rule(`${state.next++}`.padStart(16, "0"), body.name, body.kind, body.when, { ...body, open: 0, last_message: null })), json(response, { id: "x" }), true;
    if ((id = one("PUT /alert-rules/{}"))) return Object.assign(state.rules.find((r) => r.id === id), body), done();
    if ((id = one("DELETE /alert-rules/{}"))) return (state.rules = state.rules.filter((r) => r.id !== id)), done();
    if (call === "GET /alert-channels") return json(response, { items: state.channels, mail_there: state.mailThere, mail_server: state.server.host !== null }), true;
    if (call === "POST /alert-channels") {
        id = `${state.next++}`.padStart(16, "0");
        state.channels.push({ id, tenant: "Acme", enabled: true, to: [], url: null, ca: null, ...body });
        return json(response, { id, ...(body.kind === "webhook" && { secret: "whsec_abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG" }) }), true;
    }
    if ((id = one("DELETE /alert-channels/{}"))) return (state.channels = state.channels.filter((c) => c.id !== id)), done();
    if ((id = one("POST /alert-channels/{}/test"))) {
        const key = `test-${state.next++}-0`;
        state.deliveries.unshift({ key, rule: null, channel: id, target: "x", state: "given-up", created: ago(0), attempts: 1, reason: "550 5.1.1 no such user" });
        return json(response, { key }), true;
    }
    if (call === "GET /alert-deliveries") return json(response, { items: state.deliveries }), true;
    if (call === "GET /mail-server") return json(response, state.server), true;
    if (call === "PUT /mail-server") return Object.assign(state.server, body, { password: Boolean(body.password) }), done();
    return false;
}

export const alertFaces = {
    alerts: async (page) => (await page.goto("/alerts"), await page.locator(".table-alerts tbody tr").first().waitFor()),
    "take dialog": async (page) => (await alertFaces.alerts(page), await page.locator(".table-alerts tbody button").first().click(), await page.locator("dialog input").first().waitFor()),
    "alert rules": async (page) => (await page.goto("/alerts/rules"), await page.locator(".alert-rule").first().waitFor()),
    "rule form": async (page) => (await alertFaces["alert rules"](page), await page.locator(".alert-rule button").first().click(), await page.locator("dialog input[type=time]").first().waitFor()),
    channels: async (page) => (await page.goto("/alerts/channels"), await page.locator(".table-deliveries tbody tr").first().waitFor()),
    "channel form": async (page) => (await alertFaces.channels(page), await page.locator(".alerts-acts .button-primary").click(), await page.locator("dialog textarea").first().waitFor()),
    "mail server form": async (page) => (await alertFaces.channels(page), await page.locator(".alerts-acts .button").first().click(), await page.locator("dialog input").first().waitFor()),
};
