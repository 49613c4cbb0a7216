// SPDX-License-Identifier: Apache-2.0
//
// The jobs page: the table, its filters and pages, what arrives while it is open, and the panel with one
// job. What is shown stands in the address (jobs-view.ts); this file only ties the parts together.

import { useEffect, useRef, useState } from "preact/hooks";
import { api, type Job } from "../api";
import { Empty } from "../components/empty";
import { EnrolSteps } from "../components/enrol-steps";
import { PageHead } from "../components/page-head";
import { Pager } from "../components/pager";
import { ProblemNote } from "../components/problem-note";
import { moveRow, SortChoice, Table } from "../components/table";
import { useFresh } from "../fresh";
import { number } from "../format";
import { useKeys } from "../keys";
import { t } from "../language";
import { useNewJobs } from "../live";
import type { Problem } from "../problem";
import { useResource } from "../resource";
import { goTo, place } from "../router";
import { useStore } from "../store";
import { useGently } from "../gently";
import { JobPanel } from "./job-panel";
import { jobColumns } from "./jobs-columns";
import { JobsFilters } from "./jobs-filters";
import { addressOfView, askAllOf, askOf, isFiltered, isNewest, keyOf, newestFirst, readView, type JobsView } from "./jobs-view";
import { ListExport } from "./list-export";

/** Cursors of the pages before the shown one, oldest first; the browser keeps them with its history. */
interface Memory {
    cursors: string[];
}

export function Jobs() {
    const { query, memory } = useStore(place);
    const view = readView(query);
    const ask = askOf(view);
    const list = useResource(ask, (signal) => api.jobs(ask, signal));
    const rows = list.value?.items ?? [];
    const cursors = (memory as Memory | null)?.cursors;

    const [arrived, setArrived] = useState(0);
    const [unsaved, setUnsaved] = useState<Problem | null>(null);
    const newest = isNewest(view);
    const reloadGently = useGently(list.reload);
    useEffect(() => setArrived(0), [ask]);
    useNewJobs((count) => {
        if (newest) reloadGently();
        else setArrived((before) => before + count);
    });
    const fresh = useFresh(list.answers ?? "", list.answers === null ? null : rows.map(keyOf));

    /** Shows the view after a change; anything but the panel's job starts at the first page again. */
    function show(change: Partial<JobsView>, options: { replace?: boolean } = {}): void {
        goTo(addressOfView({ ...view, cursor: "", page: 1, ...change }), options);
    }
    function turn(cursor: string, page: number, before: string[]): void {
        goTo(addressOfView({ ...view, cursor, page, job: "" }), { memory: { cursors: before } satisfies Memory });
    }
    function open(job: string, replace: boolean): void {
        if (job !== view.job) goTo(addressOfView({ ...view, job }), { replace, memory });
    }

    const closing = useRef<string>("");
    function close(): boolean {
        if (!view.job) return false;
        closing.current = view.job;
        open("", false);
        return true;
    }
    useEffect(() => {
        // Once the panel is gone, the keyboard goes on where it was opened.
        if (view.job || !closing.current) return;
        document.querySelector<HTMLElement>(`tr[data-key="${CSS.escape(closing.current)}"]`)?.focus();
        closing.current = "";
    }, [view.job]);

    const arrow = (step: 1 | -1) => (): boolean => {
        const at = document.activeElement;
        return (at === document.body || at?.matches("main, .table tr") === true) && moveRow(step);
    };
    useKeys({
        j: () => moveRow(1),
        k: () => moveRow(-1),
        ArrowDown: arrow(1),
        ArrowUp: arrow(-1),
        Escape: close,
    });

    const tenants = useRef(false);
    tenants.current ||= new Set(rows.map((job) => job.tenant)).size > 1;
    const columns = jobColumns((job) => addressOfView({ ...view, job: keyOf(job) }), tenants.current);
    const sortBy = (sort: JobsView["sort"]): void => show({ sort });
    const next = list.value?.next;
    const previous = cursors?.at(-1);

    return (
        <>
            <PageHead title={t("page.jobs")}>
                {arrived > 0 && (
                    <button class="chip" onClick={() => (setArrived(0), show({ sort: newestFirst }))}>
                        {t("jobs.arrived", { n: number(arrived) }, arrived)}
                    </button>
                )}
                {rows.length > 0 && (
                    <div class="head-acts">
                        <ListExport query={askAllOf(view)} part={api.jobsFile} file="jobs.csv" title={t("jobs.csv.title")} onProblem={setUnsaved} />
                    </div>
                )}
            </PageHead>
            {unsaved && <ProblemNote problem={unsaved} />}
            {!(list.value && list.value.total === 0 && !isFiltered(view)) && (
                <JobsFilters view={view} change={(change, typed) => show(change, { replace: typed })} />
            )}
            {list.problem && (
                <ProblemNote
                    problem={list.problem}
                    // A cursor whose row is gone (400) stays wrong: the first page is the way on.
                    retry={list.problem.status === 400 && view.cursor ? () => turn("", 1, []) : list.reload}
                />
            )}
            {!list.value && !list.problem && <p class="quiet-start">{t("loading")}</p>}
            {list.value && rows.length === 0 && <NoJobs filtered={isFiltered(view)} />}
            {rows.length > 0 && (
                <>
                    <SortChoice columns={columns} sort={view.sort} onSort={sortBy} />
                    <Table<Job>
                        name="jobs"
                        label={t("page.jobs")}
                        columns={columns}
                        rows={rows}
                        keyOf={keyOf}
                        sort={view.sort}
                        onSort={sortBy}
                        busy={list.busy && list.answers !== ask}
                        opened={view.job || undefined}
                        fresh={fresh}
                        onOpen={(job) => open(keyOf(job), view.job !== "")}
                        onReach={(job) => view.job && open(keyOf(job), true)}
                    />
                    <Pager
                        first={(view.page - 1) * view.size + 1}
                        shown={rows.length}
                        total={list.value?.total ?? 0}
                        more={list.value?.total_capped}
                        size={view.size}
                        onSize={(size) => show({ size })}
                        toFirst={view.page > 1 ? () => turn("", 1, []) : null}
                        toPrevious={previous === undefined ? null : () => turn(previous, view.page - 1, cursors!.slice(0, -1))}
                        toNext={next ? () => turn(next, view.page + 1, [...(cursors ?? []), view.cursor]) : null}
                    />
                </>
            )}
            {view.job && <JobPanel job={view.job} close={close} />}
        </>
    );
}

function NoJobs(props: { filtered: boolean }) {
    if (props.filtered) {
        return (
            <Empty icon="filter" title={t("jobs.none.filtered")}>
                <p>{t("jobs.none.filtered.text")}</p>
            </Empty>
        );
    }
    return (
        <Empty icon="jobs" title={t("jobs.none")}>
            <p>{t("jobs.none.text")}</p>
            <EnrolSteps />
        </Empty>
    );
}
