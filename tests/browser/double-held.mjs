// SPDX-License-Identifier: Apache-2.0
//
// Held jobs for double.mjs, of all and of one's own: those of `state.held.names`. What is asked for ends at the next look but one, as `state.held.end` says; `state.held.away` keeps it asked. The rules are the hub's, and
// tested there.

const ago = (ms) => new Date(Date.now() - ms).toISOString();
const minute = 60_000;

export function makeHeld(agents) {
    const names = [{ tenant: "Nordwind Logistik", name: "acme\\M.Keller" }];
    if (agents.length < 3) return { away: false, end: "done", no: 20, names, items: [] };
    const row = (n, more) => ({
        agent: agents[n % 3].id, uid: String(n).padStart(32, "0"), tenant: agents[n % 3].tenant, pc: agents[n % 3].machine, machine: agents[n % 3].machine, user: "ACME\\m.keller",
        document: "Angebot Nordwerk.docx", queue: "Etage 2 Farbe", device: "Kyocera TASKalfa 3554ci (R4V9811203)", rule: "big-colour", pages: 12, copies: 1, sheets: 6, color_pages: 4,
        cost: 1_840_000, currency: "EUR", since: ago((3 + n * 7) * minute), until: ago(-(8 * 60 - n * 7) * minute), held: true, told: ago(2 * minute), last_seen: ago(minute), silent: false,
        order: null, ...more,
    });
    const order = (act, state, by, ms) => ({ no: 7, act, state, by, asked: ago(ms), changed: ago(ms), until: null });
    return {
        away: false,
        end: "done",
        no: 20,
        names,
        items: [
            row(0, {}),
            row(1, { document: "Jahresabschluss_2026_Entwurf_mit_Anlagen_und_Kommentaren_der_Revision.pdf", user: "ACME\\b.moreau", queue: "Poststelle", device: null, pages: null, color_pages: 0, cost: null }),
            row(2, { document: "Plan A0.pdf", user: "ACME\\t.ferrari", queue: "Plotter", machine: "TS-04", silent: true, last_seen: ago(5 * 60 * minute) }),
            row(3, { document: "Rundschreiben", held: false, order: order("release", "done", "admin", 4 * minute) }),
            row(4, { document: "Lohnliste.xlsx", held: false, order: order("cancel", "released", "h.weber", 12 * minute) }),
            row(5, { document: "Skript.pdf", order: order("release", "expired", "admin", 20 * minute) }),
        ],
    };
}

const has = (text, part) => (text ?? "").toLowerCase().includes((part ?? "").toLowerCase());

function step(held, one) {
    if (held.away || one.order?.state !== "asked" || !one.looked) return (one.looked = one.order?.state === "asked");
    Object.assign(one.order, { state: held.end, changed: ago(0), until: null });
    one.held = ["failed", "expired"].includes(held.end);
    return true;
}

/** [status, body] of a call about held jobs; undefined: it is none. */
export function answerHeld(held, call, query, body, jobs) {
    const own = (one) => held.names.some(({ name }) => name.toLowerCase() === one.user?.toLowerCase());
    if (call === "GET /me/held") {
        for (const one of held.items) step(held, one);
        return [200, { items: held.items.filter(own).map(({ looked, ...one }) => one), more: false, names: held.names }];
    }
    if (call === "GET /me/jobs") return [200, { items: held.names.length ? jobs.slice(-6).reverse().map((one) => ({ ...one, user: held.names[0].name })) : [] }];
    if (call === "GET /held") {
        for (const one of held.items) step(held, one);
        const items = held.items
            .filter((one) => has(one.user, query.get("user")) && (has(one.queue, query.get("printer")) || has(one.device, query.get("printer"))) && (has(one.pc, query.get("machine")) || has(one.machine, query.get("machine"))))
            .map(({ looked, ...one }) => one);
        return [200, { items, more: false }];
    }
    const [, me, agent, uid] = /^POST (\/me)?\/held\/(\w+)\/(\w+)$/.exec(call) ?? [];
    if (!agent) return undefined;
    const one = held.items.find((item) => item.agent === agent && item.uid === uid && (!me || own(item)));
    if (!one) return [404, "There is no such held job"];
    if (!one.held) return [409, "The job is not held any more"];
    if (one.order?.state !== "asked") one.order = { no: ++held.no, act: body.act, state: "asked", by: "admin", asked: ago(held.away ? 20_000 : 0), changed: ago(0), until: ago(-15 * minute) };
    one.looked = false;
    const { looked, ...shown } = one;
    return [200, shown];
}
