// SPDX-License-Identifier: Apache-2.0
//
// The last jobs, newest first: of all on the overview, of one person on that person's page.

import { api, type Job } from "../api";
import { OutcomeBadge } from "../components/badge";
import { Link } from "../components/link";
import { ProblemNote } from "../components/problem-note";
import { Count, Text } from "../components/unknown";
import { fullTime, shortTime } from "../format";
import { t } from "../language";
import { useResource } from "../resource";
import { addressOfView, keyOf, readView, type JobsView } from "./jobs-view";

const shown = 8;

export function LastJobs(props: { asked: string }) {
    const list = useResource(props.asked, (signal) => api.jobs(`limit=${shown}&sort=time&order=desc`, signal));
    const view = readView(new URLSearchParams());
    const jobs = list.value?.items ?? [];
    return (
        <section class="card">
            <header class="card-head">
                <h2>{t("last.title")}</h2>
                <Link to="/jobs">{t("last.all")}</Link>
            </header>
            {list.problem && <ProblemNote problem={list.problem} retry={list.reload} />}
            {list.value && jobs.length === 0 && <p class="card-empty">{t("jobs.none.text")}</p>}
            <JobLines jobs={jobs} view={view} />
        </section>
    );
}

/** Jobs, a line each; `view` is the list that their links open. */
export function JobLines(props: { jobs: readonly Job[]; view: JobsView }) {
    return (
        <ul class="last">
            {props.jobs.map((job) => (
                <li key={keyOf(job)}>
                    <time dateTime={job.time} title={fullTime(job.time)}>
                        {shortTime(job.time)}
                    </time>
                    <Link class="last-document" to={addressOfView({ ...props.view, job: keyOf(job) })}>
                        {job.document || t("job.untitled")}
                    </Link>
                    <span class="last-user"><Text value={job.user} /></span>
                    <span class="last-queue"><Text value={job.queue} /></span>
                    <span class="last-pages">
                        {job.pages === null ? <Count value={null} /> : t("last.pages", { n: job.pages }, job.pages)}
                    </span>
                    <OutcomeBadge outcome={job.outcome} />
                </li>
            ))}
        </ul>
    );
}
