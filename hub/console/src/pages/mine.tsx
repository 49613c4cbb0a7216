// SPDX-License-Identifier: Apache-2.0
//
// What whoever is signed in printed: jobs that wait for them, to release or cancel, and what became of the last ones. The hub finds them by the
// print names of the account; without one the page says what to do.

import { OutcomeBadge } from "../components/badge";
import { Empty } from "../components/empty";
import { PageHead } from "../components/page-head";
import { ProblemNote } from "../components/problem-note";
import { Count, Text } from "../components/unknown";
import { fullTime, shortTime } from "../format";
import { actOnOwn, ownHeldJobs, ownJobs } from "../held";
import { t } from "../language";
import { useResource } from "../resource";
import { HeldTable, useAgain } from "./held-rows";

export function Mine() {
    const held = useResource("own held", ownHeldJobs);
    const { reload } = held;
    useAgain(reload);
    const known = held.value;
    // A job that leaves the list of held ones is soon among the last ones.
    const waiting = known?.items.map((job) => `${job.uid} ${String(job.held)}`).join() ?? "";
    return (
        <>
            <PageHead title={t("page.mine")}>{known && known.names.length > 0 && <p class="soft">{t("mine.as", { names: known.names.map((one) => one.name).join(", ") })}</p>}</PageHead>
            {held.problem && <ProblemNote problem={held.problem} retry={reload} />}
            {!known && !held.problem && <p class="quiet-start">{t("loading")}</p>}
            {known && known.names.length === 0 && (
                <Empty icon="key" title={t("mine.nobody")}>
                    <p>{t("mine.nobody.text")}</p>
                </Empty>
            )}
            {known && known.names.length > 0 && (
                <>
                    {known.items.length === 0 ? (
                        <Empty icon="check" title={t("mine.none")}>
                            <p>{t("mine.none.text")}</p>
                        </Empty>
                    ) : (
                        <HeldTable rows={known.items} own may run={actOnOwn} reload={reload} />
                    )}
                    <LastOwn waiting={waiting} />
                </>
            )}
        </>
    );
}

function LastOwn(props: { waiting: string }) {
    const list = useResource(`own jobs ${props.waiting}`, ownJobs);
    const jobs = list.value?.items ?? [];
    return (
        <section class="card mine-last">
            <header class="card-head">
                <h2>{t("mine.last")}</h2>
            </header>
            {list.problem && <ProblemNote problem={list.problem} retry={list.reload} />}
            {list.value && jobs.length === 0 && <p class="card-empty">{t("mine.last.none")}</p>}
            <ul class="last">
                {jobs.map((job) => (
                    <li key={`${job.agent} ${job.seq}`}>
                        <time dateTime={job.time} title={fullTime(job.time)}>
                            {shortTime(job.time)}
                        </time>
                        <span class="last-document">{job.document || t("job.untitled")}</span>
                        <span class="last-queue">
                            <Text value={job.queue} />
                        </span>
                        <span class="last-pages">{job.pages === null ? <Count value={null} /> : t("last.pages", { n: job.pages }, job.pages)}</span>
                        <OutcomeBadge outcome={job.outcome} />
                    </li>
                ))}
            </ul>
        </section>
    );
}
