// SPDX-License-Identifier: Apache-2.0
//
// What the jobs page shows, as the address bar has it and as the hub is asked for it. Anything in an
// address that makes no sense is read as its default, so an old or mistyped link still opens.

import { outcomes, type Job } from "../api";
import type { Sort } from "../components/table";
import { defaultSize, readPaging, type Paging } from "../paging";
import { addressOf } from "../router";

export interface JobsView extends Paging {
    search: string;
    user: string;
    queue: string;
    machine: string;
    account: string;
    outcome: string;
    /** Instants, RFC 3339; both ends belong to the range. */
    from: string;
    to: string;
    /** Key of the job in the panel. */
    job: string;
}

const sortable = ["time", "user", "queue", "document", "pages", "machine"];

export const newestFirst: Sort = { by: "time", order: "desc" };

export function readView(query: URLSearchParams): JobsView {
    const text = (name: string): string => query.get(name) ?? "";
    const instant = (name: string): string => (Number.isNaN(Date.parse(text(name))) ? "" : text(name));
    return {
        search: text("q"),
        user: text("user"),
        queue: text("queue"),
        machine: text("machine"),
        account: text("account"),
        outcome: outcomes.find((outcome) => outcome === text("outcome")) ?? "",
        from: instant("from"),
        to: instant("to"),
        ...readPaging(query, sortable, newestFirst),
        job: text("job"),
    };
}

/** The query string for the hub; `view.page` and `view.job` are the console's own. */
export function askOf(view: JobsView): string {
    return parameters(view, true).toString();
}

/** All of the list, from its first job on. */
export function askAllOf(view: JobsView): string {
    const query = parameters({ ...view, cursor: "" }, true);
    query.delete("limit");
    return query.toString();
}

export function addressOfView(view: JobsView): string {
    const query = parameters(view, false);
    if (view.page > 1) query.set("page", String(view.page));
    if (view.job) query.set("job", view.job);
    return addressOf("/jobs", query);
}

export function isFiltered(view: JobsView): boolean {
    return [view.search, view.user, view.queue, view.machine, view.account, view.outcome, view.from, view.to].some(Boolean);
}

export function isNewest(view: JobsView): boolean {
    return view.page === 1 && view.sort.by === newestFirst.by && view.sort.order === newestFirst.order;
}

export function keyOf(job: Pick<Job, "agent" | "seq">): string {
    return `${job.agent}/${job.seq}`;
}

/** A key taken apart; the sequence number follows the last slash. */
export function partsOf(key: string): { agent: string; seq: string } {
    const at = key.lastIndexOf("/");
    return { agent: key.slice(0, at), seq: key.slice(at + 1) };
}

/** An address shows only what differs from the default; the hub is always told everything that is asked. */
function parameters(view: JobsView, complete: boolean): URLSearchParams {
    const query = new URLSearchParams();
    const set = (name: string, value: string, usual = ""): void => {
        if (value && (complete || value !== usual)) query.set(name, value);
    };
    set("q", view.search);
    set("user", view.user);
    set("queue", view.queue);
    set("machine", view.machine);
    set("account", view.account);
    set("outcome", view.outcome);
    set("from", view.from);
    set("to", view.to);
    set("sort", view.sort.by, "time");
    set("order", view.sort.order, "desc");
    set("limit", String(view.size), String(defaultSize));
    set("cursor", view.cursor);
    return query;
}
