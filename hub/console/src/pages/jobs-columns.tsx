// SPDX-License-Identifier: Apache-2.0
//
// The columns of the jobs table.

import type { Job } from "../api";
import { OutcomeBadge } from "../components/badge";
import { Confidence } from "../components/confidence";
import { Link } from "../components/link";
import type { Column } from "../components/table";
import { Count, Text } from "../components/unknown";
import { fullTime, shortTime } from "../format";
import { t, type TextKey } from "../language";

/** `linkTo` is the address at which a job's details are open. */
export function jobColumns(linkTo: (job: Job) => string, withTenant: boolean): Column<Job>[] {
    return [
        {
            id: "time",
            title: t("job.time"),
            sortable: true,
            firstOrder: "desc",
            cell: (job) => <time dateTime={job.time}>{shortTime(job.time)}</time>,
            whole: (job) => fullTime(job.time),
        },
        ...(withTenant ? [textColumn("tenant", "tenant", (job) => job.tenant)] : []),
        { ...textColumn("user", "job.user", (job) => job.user), sortable: true },
        {
            ...textColumn("document", "job.document", (job) => job.document),
            sortable: true,
            cell: (job) => (
                <Link to={linkTo(job)} tabIndex={-1}>
                    {job.document || t("job.untitled")}
                </Link>
            ),
        },
        { ...textColumn("queue", "job.queue", (job) => job.queue), sortable: true },
        { ...textColumn("machine", "job.machine", (job) => job.machine), sortable: true },
        {
            id: "pages",
            title: t("job.pages"),
            kind: "number",
            sortable: true,
            firstOrder: "desc",
            cell: (job) => <Count value={job.pages} />,
        },
        {
            id: "color",
            title: t("job.color"),
            hint: t("job.color.hint"),
            kind: "number",
            cell: (job) => (
                <span class={job.color_pages ? "in-color" : ""}>
                    <Count value={job.color_pages} />
                </span>
            ),
        },
        { id: "copies", title: t("job.copies"), kind: "number", cell: (job) => <Count value={job.copies} /> },
        { ...textColumn("language", "job.language", (job) => job.language), hint: t("job.language.hint") },
        { id: "outcome", title: t("job.outcome"), cell: (job) => <OutcomeBadge outcome={job.outcome} /> },
        {
            id: "confidence",
            title: t("job.confidence.short"),
            hint: t("job.confidence.hint"),
            kind: "mark",
            cell: (job) => <Confidence value={job.confidence} />,
        },
    ];
}

function textColumn(id: string, title: TextKey, read: (job: Job) => string | null | undefined): Column<Job> {
    return { id, title: t(title), cell: (job) => <Text value={read(job)} />, whole: (job) => read(job) ?? undefined };
}
