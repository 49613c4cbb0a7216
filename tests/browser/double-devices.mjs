// SPDX-License-Identifier: Apache-2.0
//
// Made-up devices for double.mjs, in the forms of docs/api.md: the same ones in every run but for their times. What follows from
// the numbers (state, days left, counts) is made up as well: the rules are the hub's, and tested there.

import { inGroup } from "./double-groups.mjs";

const day = 24 * 60 * 60_000;
const ago = (ms) => new Date(Date.now() - ms).toISOString();

const models = [
    ["HP", "Color LaserJet Pro M454dn", 4], ["HP", "LaserJet Enterprise M507", 1], ["Brother", "HL-L5200DW", 1], ["Kyocera", "TASKalfa 3253ci", 4],
    ["Canon", "iR-ADV C3830", 4], ["Lexmark", "MS621dn", 1],
];
const places = ["Berlin, 2nd floor", "Berlin, reception", "Lyon, accueil", "Warehouse, gate 4", null, "Lyon, étage 1"];
const inks = [["Black", "black"], ["Cyan", "cyan"], ["Magenta", "magenta"], ["Yellow", "yellow"]];
const states = ["ready", "ready", "asleep", "ready", "attention", "ready", "printing", "stopped", "ready", "silent", "ready", "gone"];

function makeOne(index, agents) {
    const [make, model, colors] = models[index % models.length];
    const state = states[index % states.length];
    const supplies = inks.slice(0, colors).map(([ink, color], at) => {
        const known = !(make === "Brother");
        const percent = known ? [62, 8, 35, 91, 47, 23, 74, 100][(index * 3 + at * 5) % 8] : null;
        return { index: at + 1, text: `${ink} Cartridge ${make} ${410 + at}X`, color, type: "toner_cartridge", state: known ? null : index % 4 === 2 ? "low" : "ok", percent, low: known ? percent <= 10 : index % 4 === 2 };
    });
    const levels = supplies.map((supply) => supply.percent).filter((level) => level !== null);
    const alerts = state === "stopped" ? 1 : state === "attention" ? 1 : 0;
    const low = supplies.some((supply) => supply.low);
    const agent = agents[index % Math.max(1, agents.length)];
    return {
        no: index + 1, tenant: agent?.tenant ?? "Nordwind Logistik",
        name: index % 5 === 3 ? null : `PRN-${["BER", "LYO", "WH"][index % 3]}-${String(index + 1).padStart(2, "0")}`,
        make, model, serial: index % 7 === 5 ? null : `${make.slice(0, 2).toUpperCase()}B3K${String(10000 + index * 37)}`,
        mac: `3417EB9A${(0xd000 + index).toString(16).toUpperCase()}`, location: places[index % places.length],
        address: index % 6 === 5 ? "USB001" : `10.12.${4 + (index >> 6)}.${20 + (index % 64)}`, state, attention: state !== "gone" && (alerts > 0 || low || ["silent", "stopped", "attention"].includes(state)),
        low, lowest: levels.length ? Math.min(...levels) : null, total: index % 9 === 8 ? null : 18_400 + index * 3_917, alerts, ways: index % 4 === 0 ? 2 : 1,
        first_seen: ago(120 * day), last_seen: ago(["silent", "gone"].includes(state) ? 3 * day : 60_000 * (index + 1)), last_read: ago(60_000 * (index + 1)), supplies,
    };
}

function valuesOf(row) {
    const at = row.last_read;
    const total = row.total ?? { is: "unknown" };
    return {
        v: 1, source: "snmp", at,
        identity: {
            make: row.ways > 1 ? [row.make, { value: row.make === "HP" ? "Hewlett-Packard" : row.make, source: "1284", at: ago(2 * 60 * 60_000) }] : row.make,
            model: row.ways > 1 ? [row.model, { value: `${row.make} ${row.model}`, source: "pml", at: ago(2 * 60 * 60_000) }] : row.model,
            ...(row.serial ? { serial: row.ways > 1 ? [row.serial, { value: row.serial, source: "usb", at: ago(2 * 60 * 60_000), raw: `${row.serial}   ` }] : row.serial } : {}),
            ...(row.name ? { name: row.name } : {}), ...(row.location ? { location: row.location } : {}), mac: row.mac, firmware: "2507116_052481",
        },
        status: { state: row.state },
        meters: [
            { meter: "total", unit: "impressions", count: row.ways > 1 && row.total ? [{ value: row.total, source: "pml", at, raw: String(row.total).padStart(9, "0") }, row.total - 3] : total },
            ...(row.supplies.length > 1 && row.total ? [{ meter: "print.color", unit: "impressions", count: Math.floor(row.total / 3) }, { meter: "print.mono", unit: "impressions", count: row.total - Math.floor(row.total / 3) }] : []),
            ...(row.total ? [{ meter: "duplex", unit: "sheets", count: Math.floor(row.total / 4) }] : []),
        ],
        supplies: row.supplies.map((supply) => ({
            index: supply.index, text: supply.text, color: supply.color, type: supply.type, class: "supply", unit: "percent", part: `${row.make} ${410 + supply.index}X`,
            level: supply.percent ?? { is: "some" }, ...(supply.state ? { state: supply.state } : {}),
        })),
        inputs: [
            { index: 1, name: "Bypass", type: "manual", capacity: 100, level: { is: "some" } },
            { index: 2, name: "Cassette 1", type: "tray", capacity: 550, level: 320, media: "A4" },
            { index: 3, name: "Cassette 2", type: "tray", capacity: 550, level: 0, media: "A3" },
        ],
    };
}

function alertsOf(row) {
    const past = [{ severity: "warning", code: "media_empty", text: "Cassette 1 is empty", remedy: null, opened: ago(9 * day), closed: ago(8.9 * day), way: 1 }];
    if (row.state === "stopped") return [{ severity: "critical", code: "jam", text: "Paper jam in the duplexer", remedy: "Take the paper out of the duplexer.", opened: ago(2 * 60 * 60_000), closed: null, way: 1 }, ...past];
    if (row.state === "attention") return [{ severity: "warning", code: "toner_low", text: "Toner is nearly empty", remedy: "Have a cartridge at hand.", opened: ago(day), closed: null, way: 1 }, ...past];
    return past;
}

function eventsOf(row) {
    const event = (days, kind, detail, other = null) => ({ at: ago(days * day), kind, way: 1, other, detail });
    return [
        ...(row.ways > 1 ? [event(2, "contradiction", { by: "mac", value: row.mac }, (row.no % 24) + 1)] : []),
        event(6, "replaced_early", { supply: 1, text: row.supplies[0].text, was: 31, is: 100, serial_was: null, serial: null }),
        event(11, "meter_reset", { meter: "print.color", was: 80_211, is: 12, source: "snmp" }),
        event(24, "moved", { was: "10.12.4.7", is: row.address }),
        event(40, "renamed", { was: "NPI9AD2C1", is: row.name ?? "" }),
        ...(row.ways > 1 ? [event(60, "way", { via: "usb", by: "serial" })] : []),
        event(120, "found", { via: "net", by: null }),
    ];
}

function waysOf(row, agents) {
    const of = (way, via, address, agent, outcome, pinned) => ({
        way, agent: agent?.id ?? "00", machine: agent?.machine ?? null, via, key: `serial:${row.make}/${row.serial}`, address, first_seen: row.first_seen, last_seen: row.last_seen,
        last_read: row.last_read, outcome, why: outcome === "silent" ? "no answer within 3 tries" : null, pinned, ended: null, home: row.no,
    });
    const outcome = ["silent", "gone"].includes(row.state) ? row.state : "read";
    return [of(row.no * 10, "net", row.address, agents[3], outcome, false), ...(row.ways > 1 ? [of(row.no * 10 + 1, "usb", "USB001", agents[0], "read", true)] : [])];
}

function metersOf(row, from) {
    const first = Math.max(Date.parse(from), Date.now() - 100 * day);
    const midnight = (ms) => Math.floor(ms / day) * day;
    return valuesOf(row).meters.filter(() => row.total).map((meter, which) => {
        const points = [];
        const days = [];
        let count = Math.floor((row.total * (which + 2)) / 4);
        let since = null;
        for (let at = midnight(first) + 0.7 * day; at < Date.now(); at += day) {
            const number = Math.round(at / day);
            if (number % 7 === 3 || number % 7 === 4 || number % 17 < 2) continue; // weekends, and an agent that was away
            const counted = 60 + ((number * 53) % 140);
            count += counted;
            const broken = meter.meter === "print.color" && number % 23 === 5;
            points.push({ at: new Date(at).toISOString(), until: new Date(at + 3_600_000).toISOString(), count, source: "snmp", way: 1, change: points.length === 0 ? "first" : broken ? "reset" : "grew", counted: points.length === 0 ? null : counted });
            if (since) days.push({ day: new Date(midnight(at)).toISOString(), counted, since: new Date(since).toISOString(), gap: broken });
            since = at;
        }
        return { meter: meter.meter, unit: meter.unit, slot: 0, counted: days.reduce((sum, one) => sum + one.counted, 0), gap: days.some((one) => one.gap), points, days };
    });
}

function levelsOf(row) {
    return row.supplies.filter((supply) => supply.percent !== null).map((supply) => ({
        index: supply.index,
        points: Array.from({ length: 12 }, (_, step) => {
            const rest = 11 - step;
            const percent = rest > 7 ? 8 + (rest - 7) * 11 : Math.min(100, supply.percent + rest * 6);
            return { at: ago((rest * 7 + 1) * day), until: ago(rest * 7 * day), percent, serial: null, change: null };
        }),
    }));
}

const keys = { name: (row) => (row.name ?? row.model).toLowerCase(), state: (row) => row.state, location: (row) => row.location ?? "", supply: (row) => row.lowest ?? 101, total: (row) => row.total ?? -1, seen: (row) => Date.parse(row.last_seen) };

function list(rows, query, groups) {
    const wanted = (query.get("q") ?? "").toLowerCase();
    const key = keys[query.get("sort") ?? "name"];
    const sign = query.get("order") === "desc" ? -1 : 1;
    const limit = Number(query.get("limit") ?? 50);
    const chosen = rows
        .filter((row) => [row.name, row.make, row.model, row.serial, row.location, row.address].some((text) => (text ?? "").toLowerCase().includes(wanted)))
        .filter((row) => ["state", "make"].every((name) => !query.get(name) || row[name] === query.get(name)))
        .filter((row) => !query.get("group") || inGroup(groups, query.get("group"), row))
        .filter((row) => (!query.get("attention") || row.attention) && (!query.get("low") || row.low))
        .sort((a, b) => sign * (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : a.no - b.no));
    const start = query.get("cursor") ? chosen.findIndex((row) => row.no === Number(query.get("cursor"))) + 1 : 0;
    const items = chosen.slice(start, start + limit);
    const makes = [...new Set(rows.map((row) => row.make))].sort().map((make) => ({ make, devices: rows.filter((row) => row.make === make).length }));
    return { items, makes, unreadable: [], next: start + limit < chosen.length ? String(items.at(-1).no) : null, total: chosen.length };
}

export function makeDevices(count, agents, groups) {
    const rows = Array.from({ length: count }, (_, index) => makeOne(index, agents));
    const find = (no) => rows.find((row) => row.no === Number(no));

    function details(row) {
        const figures = row.supplies.map((supply) => {
            const days = supply.percent === null || supply.percent > 90 ? null : Math.round(supply.percent / 0.9);
            return { index: supply.index, percent: supply.percent, low: supply.low, days, least: days && Math.floor(days * 0.8), most: days && Math.ceil(days * 1.3), points: days ? 12 : 1 };
        });
        return { ...row, merged_into: null, ways: waysOf(row, agents), values: valuesOf(row), supplies: figures, status_way: 1, supplies_way: 1, alerts_log: alertsOf(row), events: eventsOf(row) };
    }

    return {
        rows,
        sums: () => ({ devices: rows.length, devices_attention: rows.filter((row) => row.attention).length }),
        /** [status, body] of a call about devices; undefined: it is none. */
        answer(call, query, body) {
            if (call === "GET /devices") return [200, query.get("format") === "csv" ? "device\r\n" : list(rows, query, groups)];
            if (call === "GET /meter-reads") return [200, "device\r\n"];
            const [, method, no, rest = ""] = /^(GET|POST) \/devices\/(\w+)(\/\w+)?$/.exec(call) ?? [];
            if (!method) return undefined;
            const row = find(no);
            if (!row) return [404, "There is no such device"];
            if (`${method}${rest}` === "GET") return [200, details(row)];
            if (`${method}${rest}` === "GET/meters") return [200, query.get("format") === "csv" ? "meter\r\n" : { items: metersOf(row, query.get("from")) }];
            if (`${method}${rest}` === "GET/supplies") return [200, { items: levelsOf(row) }];
            if (`${method}${rest}` === "POST/split") {
                row.ways = 1;
                rows.push({ ...row, no: rows.length + 1, name: `${row.name}-2` });
                return [200, { no: rows.length }];
            }
            const other = find(body?.other);
            if (!other || other === row) return [409, "These are not two devices"];
            rows.splice(rows.indexOf(other), 1);
            row.ways++;
            return [204];
        },
    };
}
