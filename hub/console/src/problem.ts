// SPDX-License-Identifier: Apache-2.0
//
// What went wrong with a call, as a person should read it: title and remedy. The hub's own words
// (application/problem+json) come first; where they are missing, or in another language than the chosen one
// and the status says enough, the console's own words stand in.

import { texts } from "./i18n";
import { language, t, type TextKey } from "./language";

interface Body {
    type?: unknown;
    title?: unknown;
    detail?: unknown;
    remedy?: unknown;
}

/** A text that has a remedy beside it. */
type Meaning = {
    [Key in TextKey]: `${Key}.remedy` extends TextKey ? Key : never;
}[TextKey];

/** What a status means on one call, where that is narrower than in general. */
export type Meanings = Readonly<Record<number, Meaning>>;

const general: Meanings = {
    403: "problem.403",
    404: "problem.404",
    409: "problem.409",
    429: "problem.429",
    500: "problem.500",
    502: "problem.502",
    503: "problem.502",
    504: "problem.502",
};

export class Problem extends Error {
    private constructor(
        /** HTTP status; 0 when no reply came. */
        readonly status: number,
        readonly title: string,
        readonly detail: string,
        readonly remedy: string,
        /** Seconds that the hub asks to wait (429), else 0. */
        readonly wait = 0,
        /** The hub's word for what it is (docs/api.md), else "". */
        readonly type = "",
        /** Numbers that came with it. */
        readonly numbers: Readonly<Record<string, number | null>> = {},
    ) {
        super(title);
    }

    static from(reply: Response, text: string, narrower: Meanings = {}): Problem {
        const wait = waitOf(reply.headers.get("Retry-After"));
        const body = parse(reply, text);
        const type = words(body?.type);
        const meaning = meaningOf(type) ?? narrower[reply.status] ?? general[reply.status];
        const numbers = Object.fromEntries(Object.entries(body ?? {}).filter(([, value]) => value === null || typeof value === "number")) as Record<string, number | null>;
        const foreign = (reply.headers.get("Content-Language") ?? "en").slice(0, 2).toLowerCase() !== language.value;
        if (body && words(body.title) && !(foreign && meaning)) {
            return new Problem(reply.status, words(body.title), words(body.detail), words(body.remedy), wait, type, numbers);
        }
        if (meaning) return new Problem(reply.status, t(meaning), "", t(`${meaning}.remedy`), wait, type, numbers);
        return new Problem(reply.status, t("problem.other", { status: reply.status }), "", t("problem.other.remedy"), wait, type);
    }

    /** What the console itself refuses, before the hub is asked. */
    static of(title: string, detail: string, remedy: string): Problem {
        return new Problem(400, title, detail, remedy);
    }

    static unreachable(): Problem {
        return new Problem(0, t("problem.unreachable"), "", t("problem.unreachable.remedy"));
    }

    static unreadable(status: number): Problem {
        return new Problem(status, t("problem.unreadable"), "", t("problem.unreadable.remedy"));
    }
}

/** The console's own words for one of the hub's types, where there are some. */
function meaningOf(type: string): Meaning | undefined {
    const key = `problem.${type}`;
    return type && key in texts && `${key}.remedy` in texts ? (key as Meaning) : undefined;
}

/** Any thrown value as a Problem; anything else than a Problem is a fault of the console itself. */
export function asProblem(error: unknown): Problem {
    if (error instanceof Problem) return error;
    throw error;
}

function parse(reply: Response, text: string): Body | null {
    if (!/^application\/(problem\+)?json/.test(reply.headers.get("Content-Type") ?? "")) return null;
    try {
        const body: unknown = JSON.parse(text);
        return typeof body === "object" && body !== null ? body : null;
    } catch {
        return null;
    }
}

function words(value: unknown): string {
    return typeof value === "string" ? value : "";
}

/** Retry-After is seconds or an HTTP date. */
function waitOf(header: string | null): number {
    if (!header) return 0;
    const seconds = Number(header);
    if (Number.isFinite(seconds)) return Math.max(0, Math.ceil(seconds));
    const until = Date.parse(header);
    return Number.isNaN(until) ? 0 : Math.max(0, Math.ceil((until - Date.now()) / 1000));
}
