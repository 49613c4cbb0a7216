// SPDX-License-Identifier: Apache-2.0
//
// Made-up agents and jobs for double.mjs: the same ones in every run but for their times, which count back
// from now. Some jobs have unknown pages, as real ones do; records and hashes are as docs/protocol.md 2 says.

import { createHash } from "node:crypto";

const minute = 60_000;
const day = 24 * 60 * minute;

const people = ["a.keller", "b.moreau", "c.okafor", "d.lindqvist", "e.rossi", "f.nowak", "g.yilmaz", "h.schneider", "i.dubois", "j.o'brien", "k.müller", "l.santos"];
const documents = [
    "Quarterly report Q3.docx", "Lieferschein 2024-11871.pdf", "Facture 88213 – Atelier Lumière.pdf", "Invoice_INV-004417.pdf",
    "Microsoft Word - Minutes of the works council.docx", "Präsentation Vertrieb.pptx", "Étiquettes expédition.xlsx", "boarding-pass.pdf",
    "Drawing A-1043 rev C.dwg", "https://intranet.example/holiday-request", "Untitled - Notepad", "Budget 2026 (final) (2).xlsx",
    "Sicherheitsdatenblatt Aceton.pdf", "Contrat de maintenance.docx", "SAPscript ZRV_DELIVERY 0080114423", "photo_0231.jpg",
    "Test Page", "Very long document title that somebody typed into the first line of a letter and that never seems to end at all.docx",
];
const queues = [
    ["PRN-BER-02-Canon", "PLT_10.12.4.21"], ["PRN-BER-03-Kyocera", "PLT_10.12.4.22"], ["PRN-LYO-Accueil", "PLT_10.31.0.9"],
    ["Warehouse labels", "PLT_USB001"], ["FollowMe", "PLT_FOLLOWME"], ["HP LaserJet M507 (HR)", "PLT_10.12.7.40"],
];
const languages = ["PCL XL", "PCL XL", "PostScript", "PCL 5", "PDF", "XPS"];
const machines = [
    "BER-PC-0112", "BER-PC-0117", "BER-PC-0123", "BER-PS-01", "LYO-PC-0031", "LYO-PC-0044", "LYO-PS-01",
    "WH-TERM-07", "WH-TERM-08", "BER-NB-2291", "BER-NB-2304", "LYO-NB-0107", "BER-PC-0201", "BER-PC-0202",
];
const outcomes = [["printed", 88], ["cancelled", 4], ["failed", 4], ["refused", 3], ["aborted", 1]];
const confidences = [["exact", 70], ["declared", 14], ["estimated", 8], ["unknown", 8]];

/** A small generator with a seed (mulberry32): the same jobs in every run. */
function randomFrom(seed) {
    return () => {
        seed = (seed + 0x6d2b79f5) | 0;
        let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
        mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    };
}

export function makeFleet(counts) {
    const random = randomFrom(20260);
    const any = (list) => list[Math.floor(random() * list.length)];
    const weighted = (pairs) => {
        let rest = random() * pairs.reduce((sum, [, weight]) => sum + weight, 0);
        return pairs.find(([, weight]) => (rest -= weight) < 0)[0];
    };
    const hex = (digits) => Array.from({ length: digits }, () => Math.floor(random() * 16).toString(16)).join("");

    const agents = Array.from({ length: counts.agents }, (_, index) => makeAgent(index, hex));
    const jobs = [];
    const chain = new Map();

    function makeJob(time, fields = {}) {
        const agent = agents[Math.floor(random() * Math.max(1, agents.length - 2))];
        const [queue, port] = any(queues);
        const confidence = weighted(confidences);
        const counted = confidence !== "unknown";
        const pages = counted ? 1 + Math.floor(random() ** 4 * 120) : null;
        const copies = counted ? (random() < 0.9 ? 1 : 2 + Math.floor(random() * 4)) : null;
        const duplex = counted ? weighted([["none", 4], ["long", 5], ["short", 1]]) : null;
        const color = counted && confidence !== "estimated" ? (random() < 0.4 ? Math.ceil(pages * random()) : 0) : null;
        const job = {
            agent: agent.id, seq: ++agent.durable, uid: hex(32), tenant: agent.tenant,
            time: new Date(time).toISOString(), received: new Date(time + 2000 + random() * 9000).toISOString(),
            machine: agent.machine, user: any(people), queue, port, document: random() < 0.03 ? null : any(documents),
            outcome: weighted(outcomes), bytes: Math.floor(8000 + random() ** 3 * 9e6), language: counted ? any(languages) : null,
            pages, copies, impressions: counted ? pages * copies : null,
            sheets: counted ? Math.ceil(pages / (duplex === "none" ? 1 : 2)) * copies : null,
            color_pages: color, duplex, paper: counted ? any(["A4", "A4", "A4", "A3", "Letter"]) : null,
            confidence, source: random() < 0.95 ? "pipe" : "journal", ...fields,
        };
        jobs.push(job);
        writeRecord(chain, job);
        return job;
    }

    const times = Array.from({ length: counts.jobs }, () => Date.now() - 3 * minute - random() ** 1.6 * 9 * day).sort((a, b) => a - b);
    for (const time of times) makeJob(time);

    return {
        agents,
        jobs,
        addJobs: (count, fields) => Array.from({ length: count }, () => makeJob(Date.now(), fields)),
        recordOf: (job) => chain.get(`${job.agent}/${job.seq}`),
    };
}

function makeAgent(index, hex) {
    const machine = machines[index % machines.length] + (index < machines.length ? "" : `-${Math.floor(index / machines.length)}`);
    const seen = [40_000, 20_000, 3 * minute, 8_000, 50_000, 26 * 60 * minute, 15_000][index % 7];
    const left = index === 1 ? 12 : index === 4 ? -1 : 200 + index * 9;
    return {
        id: hex(16), machine,
        os: machine.includes("-PS-") ? "Windows Server 2022" : ["Windows 11 23H2", "Windows 10 22H2"][index % 2],
        version: index % 5 === 2 ? "0.9.4" : "0.10.0",
        tenant: machine.startsWith("LYO") ? "Atelier Lumière" : "Nordwind Logistik",
        enrolled: new Date(Date.now() - (60 + index) * day).toISOString(),
        last_seen: index === 12 ? null : new Date(Date.now() - seen).toISOString(),
        durable: 1000 + index * 337, certificate_expires: new Date(Date.now() + left * day).toISOString(),
        revoked: index === 13,
    };
}

/** Why jobs ended so: with codes, with some that only a newer agent has, and with somebody else's words. */
const ends = {
    refused: {
        error: "Please use the print room.",
        policy: {
            version: 3, rule: "long-colour", action: "denied", explanation: 'rule "long-colour" (2 of 2) denies: cost 12.50 is 10.00 or more', message: "Please use the print room.", user_notified: true,
            because: "denies long-colour;at-least cost 12.50 10.00;matches queue *%20colour*", cost: 0, note: "this PC's clock is 2 h behind the time that rules go by",
        },
    },
    cancelled: { error: "It was cancelled on the console by h.weber.", why: "cancelled-by h.weber" },
    failed: { error: "The printer's port did not take it (Windows error 1722).", why: "port-failed 1722" },
    aborted: { error: "The printer is in another time zone.", why: "other-zone 3" },
};

function writeRecord(chain, job) {
    const before = chain.get(`${job.agent}/${job.seq - 1}`);
    const record = JSON.stringify({
        v: 1, seq: job.seq, prev: before?.hash ?? "0".repeat(64), type: "job", uid: job.uid, at: job.time,
        job: {
            queue: job.queue, port: job.port, job_id: String(job.seq % 500), document: job.document ?? undefined, user: job.user,
            machine: job.machine, datatype: "RAW", begun: job.time, ended: job.time, bytes: job.bytes, outcome: job.outcome, source: job.source, ...ends[job.outcome],
            driver: { copies: job.copies, color: true, duplex: job.duplex, paper: job.paper },
            analysis: {
                language: job.language, producer: null, pages: job.pages, copies: job.copies, impressions: job.impressions,
                sheets: job.sheets, color_pages: job.color_pages, mono_pages: null, blank_pages: null, duplex: job.duplex,
                paper: job.paper, confidence: job.confidence, reason: null,
            },
        },
    });
    chain.set(`${job.agent}/${job.seq}`, { record, hash: createHash("sha256").update(record).digest("hex") });
}
