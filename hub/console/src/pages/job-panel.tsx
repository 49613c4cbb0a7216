// SPDX-License-Identifier: Apache-2.0
//
// One job in full, beside the table: every field, the record as the agent wrote it, and whether that record
// still has the hash that the chain knows it by.

import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { api, type JobDetails } from "../api";
import { OutcomeBadge } from "../components/badge";
import { Confidence } from "../components/confidence";
import { CopyButton } from "../components/copy-button";
import { Icon } from "../components/icon";
import { Link } from "../components/link";
import { ProblemNote } from "../components/problem-note";
import { Reason } from "../components/reason";
import { RecordHash } from "../components/record-hash";
import { Count, Text, Unknown } from "../components/unknown";
import { fullTime, size } from "../format";
import { t, tWord } from "../language";
import type { PolicyRecord } from "../policy/api";
import { useResource } from "../resource";
import { partsOf } from "./jobs-view";

export function JobPanel(props: { job: string; close(): void }) {
    const { agent, seq } = partsOf(props.job);
    const details = useResource(props.job, (signal) => api.job(agent, seq, signal));
    const heading = useRef<HTMLHeadingElement>(null);
    const shown = details.answers === props.job ? details.value : null;

    useEffect(() => {
        // Opened from a row: go on reading here. Opened by an address: the page keeps the focus.
        if (document.activeElement?.closest("tr")) heading.current?.focus();
    }, []);

    return (
        <aside class="panel" aria-label={t("panel")}>
            <header class="panel-head">
                <h2 ref={heading} tabIndex={-1}>
                    {details.value ? details.value.document || t("job.untitled") : t("panel")}
                </h2>
                <button type="button" class="button button-icon" aria-label={t("close")} title={t("close")} onClick={props.close}>
                    <Icon name="close" />
                </button>
            </header>
            <div class="panel-body" aria-busy={details.busy}>
                {details.problem && <ProblemNote problem={details.problem} retry={details.reload} />}
                {details.value && !details.problem && <Details job={details.value} />}
                {shown?.record && !details.problem && <RecordPart job={shown} record={shown.record} />}
            </div>
        </aside>
    );
}

function Details(props: { job: JobDetails }) {
    const { job } = props;
    const when = (instant: string): ComponentChildren => <time dateTime={instant}>{fullTime(instant)}</time>;
    return (
        <>
            <p class="panel-badges">
                <OutcomeBadge outcome={job.outcome} />
                <Confidence value={job.confidence} withText />
            </p>
            <dl class="facts facts-figures">
                <Fact name={t("job.pages")}><Count value={job.pages} /></Fact>
                <Fact name={t("job.color.hint")}><Count value={job.color_pages} /></Fact>
                <Fact name={t("job.copies")}><Count value={job.copies} /></Fact>
                <Fact name={t("job.impressions")}><Count value={job.impressions} /></Fact>
                <Fact name={t("job.sheets")}><Count value={job.sheets} /></Fact>
                <Fact name={t("job.bytes")}>{job.bytes === null ? <Unknown /> : size(job.bytes)}</Fact>
            </dl>
            <dl class="facts">
                <Fact name={t("job.time")}>{when(job.time)}</Fact>
                <Fact name={t("job.received")}>{when(job.received)}</Fact>
                <Fact name={t("job.user")}><Filter name="user" value={job.user} /></Fact>
                {job.account && <Fact name={t("job.account")}><Filter name="account" value={job.account} /></Fact>}
                <Fact name={t("job.queue")}><Filter name="queue" value={job.queue} /></Fact>
                <Fact name={t("job.port")}><Text value={job.port} /></Fact>
                <Fact name={t("job.machine")}><Filter name="machine" value={job.machine} /></Fact>
                <Fact name={t("tenant")}><Text value={job.tenant} /></Fact>
                <Fact name={t("job.language.hint")}><Text value={job.language} /></Fact>
                <Fact name={t("job.duplex")}>{job.duplex ? tWord("duplex", job.duplex) : <Unknown />}</Fact>
                <Fact name={t("job.paper")}><Text value={job.paper} /></Fact>
                <Fact name={t("job.source")}>{job.source ? tWord("source", job.source) : <Unknown why={t("unknown.text")} />}</Fact>
                <Reasons record={job.record} />
            </dl>
        </>
    );
}

/** What its record says of how it ended, of the rules, and of those that are only tried. */
function Reasons(props: { record: string | null }) {
    const { error, why, policy = {} } = useMemo(() => toldBy(props.record), [props.record]);
    const ruled = policy.action && (policy.action !== "printed" || policy.because);
    return (
        <>
            {(why || error) && <Fact name={t("reason.end")}><Reason why={why} english={error} /></Fact>}
            {ruled && <Fact name={t("reason.ruled")}><Reason why={policy.because} english={policy.explanation} /></Fact>}
            {policy.would && <Fact name={t("reason.would")}><Reason why={policy.would_because} english={policy.explanation} /></Fact>}
            {policy.note && <Fact name={t("reason.note")}><span lang="en">{policy.note}</span></Fact>}
        </>
    );
}

interface Told {
    error?: string;
    why?: string;
    policy?: PolicyRecord;
}

function toldBy(record: string | null): Told {
    return record ? ((JSON.parse(record) as { job?: Told }).job ?? {}) : {}; // the hub takes no line that is no record
}

function RecordPart(props: { job: JobDetails; record: string }) {
    const { job, record } = props;
    return (
        <section class="record">
            <h3>{t("record")}</h3>
            <dl class="facts">
                <Fact name={t("record.agent")}><code>{job.agent}</code></Fact>
                <Fact name={t("record.sequence")}><code>{job.seq}</code></Fact>
                <Fact name={t("record.uid")}><code>{job.uid}</code></Fact>
            </dl>
            <RecordHash record={record} hash={job.hash} />
            <div class="record-head">
                <h4>{t("record.line")}</h4>
                <CopyButton text={record} label={t("record.copy")} />
            </div>
            <pre class="record-line" tabIndex={0} aria-label={t("record.line")}>{record}</pre>
        </section>
    );
}

function Fact(props: { name: string; children: ComponentChildren }) {
    return (
        <div>
            <dt>{props.name}</dt>
            <dd>{props.children}</dd>
        </div>
    );
}

/** A value and the way to all jobs that have it. */
function Filter(props: { name: "user" | "queue" | "machine" | "account"; value: string | null | undefined }) {
    if (!props.value) return <Text value={props.value} />;
    const title = t("filter.only", { value: props.value });
    return (
        <>
            {props.value}
            <Link class="fact-filter" to={`/jobs?${new URLSearchParams({ [props.name]: props.value })}`} title={title}>
                <Icon name="filter" />
                <span class="sr-only">{title}</span>
            </Link>
        </>
    );
}
