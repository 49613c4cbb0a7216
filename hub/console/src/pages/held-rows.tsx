// SPDX-License-Identifier: Apache-2.0
//
// The table of held jobs, of all that one may see or of one's own: how each stands, and the two things that can be done about it, asked first.

import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useNow } from "../clock";
import { Badge } from "../components/badge";
import { ConfirmDialog } from "../components/confirm-dialog";
import { Table, type Column } from "../components/table";
import { toast } from "../components/toast";
import { fullTime, number, relative } from "../format";
import type { HeldAct, HeldJob, HeldOrder } from "../held";
import { t, type TextKey } from "../language";
import { money } from "../prices/trial";

const again = 3000;
const slow = 5000;

interface HeldTableProps {
    rows: HeldJob[];
    /** They are those of whoever looks. */
    own?: boolean;
    /** Release and cancel are offered. */
    may: boolean;
    run(job: HeldJob, act: HeldAct): Promise<unknown>;
    reload(): void;
}

interface Asking {
    job: HeldJob;
    act: HeldAct;
}

const titleOf = (job: HeldJob): string => job.document ?? t("held.nameless");
const printerOf = (job: HeldJob): string => job.queue ?? job.device ?? t("unknown");

/** Asks anew every few seconds while the page is seen. */
export function useAgain(reload: () => void): void {
    useEffect(() => {
        const timer = setInterval(() => document.hidden || reload(), again);
        return () => clearInterval(timer);
    }, [reload]);
}

export function HeldTable(props: HeldTableProps) {
    const { own, run, reload } = props;
    const [asking, setAsking] = useState<Asking | null>(null);
    const now = useNow(1000);
    return (
        <>
            <Table<HeldJob>
                name="held"
                label={t("page.held")}
                columns={columnsOf(props, now, setAsking)}
                rows={props.rows}
                keyOf={(job) => `${job.agent} ${job.uid}`}
                sort={{ by: "", order: "desc" }}
                onSort={() => undefined}
                busy={false}
            />
            {asking && (
                <AskDialog
                    {...asking}
                    own={own}
                    run={run}
                    close={(done) => {
                        setAsking(null);
                        reload();
                        if (done) toast(t("held.sent"));
                    }}
                />
            )}
        </>
    );
}

function columnsOf(props: HeldTableProps, now: number, ask: (asking: Asking) => void): Column<HeldJob>[] {
    const { own } = props;
    return [
        { id: "document", title: t("held.document"), cell: (job) => <Two main={<b>{job.document ?? "–"}</b>} small={own ? null : job.user} />, whole: (job) => job.document ?? undefined },
        { id: "printer", title: t("held.printer"), cell: (job) => <Two main={printerOf(job)} small={job.device} />, whole: (job) => job.device ?? undefined },
        { id: "machine", title: t("held.machine"), cell: (job) => <Two main={job.pc ?? "–"} small={job.machine === job.pc ? null : job.machine} /> },
        { id: "pages", title: t("held.pages"), cell: (job) => <Two main={job.pages === null ? "–" : number(job.pages)} small={extent(job)} /> },
        {
            id: "age",
            title: t("held.age"),
            cell: (job) => <Two main={<time dateTime={job.since}>{relative(job.since, now)}</time>} small={job.held && job.until ? t("held.until", { when: relative(job.until, now) }) : null} />,
            whole: (job) => fullTime(job.since),
        },
        { id: "state", title: t("held.state"), cell: (job) => <State job={job} now={now} own={own} /> },
        { id: "act", title: t("agent.act"), cell: (job) => <Acts job={job} may={props.may} ask={ask} /> },
    ];
}

function extent(job: HeldJob): string {
    const parts = [];
    if (job.color_pages) parts.push(t("held.color", { count: number(job.color_pages) }));
    if (job.cost !== null && job.currency) parts.push(money(job.cost, job.currency));
    return parts.join(", ");
}

function Two(props: { main: ComponentChildren; small: string | null }) {
    return (
        <span class="alert-where">
            <span>{props.main}</span>
            {props.small && <small class="soft">{props.small}</small>}
        </span>
    );
}

/** What became of an order, in words; its owner is spoken to as such. */
function endOf(order: HeldOrder, own?: boolean): TextKey {
    if (own && order.state === "asks") return "mine.asks";
    return order.state === "asked" || order.state === "done" ? `held.${order.state}.${order.act}` : `held.${order.state}`;
}

function State(props: { job: HeldJob; now: number; own?: boolean }) {
    const { job, now, own } = props;
    const { order } = job;
    const away = order?.state === "asked" && now - Date.parse(order.asked) > slow;
    const good = order?.state === "done" || order?.state === "asks";
    return (
        <span class="alert-where">
            {order ? <Badge tone={good ? "good" : order.state === "asked" ? "plain" : "warn"} text={t(endOf(order, own))} /> : <Badge tone="plain" text={t("held.waits")} />}
            {order && <small class="soft">{t("held.by", { name: order.by ?? "–", when: relative(order.changed, now) })}</small>}
            {away && <small class="soft">{t("held.away")}</small>}
            {!order && job.rule && <small class="soft">{t("held.rule", { rule: job.rule })}</small>}
            {job.held && job.silent && <Badge tone="bad" text={job.last_seen ? t("held.silent", { when: relative(job.last_seen, now) }) : t("held.never")} />}
        </span>
    );
}

function Acts(props: { job: HeldJob; may: boolean; ask(asking: Asking): void }) {
    const { job } = props;
    if (!job.held || job.order?.state === "asked" || !props.may) return null;
    return (
        <span class="held-acts">
            <button type="button" class="button button-small" aria-label={t("held.release.of", { document: titleOf(job) })} onClick={() => props.ask({ job, act: "release" })}>
                {t("held.release")}
            </button>
            <button type="button" class="button button-small" aria-label={t("held.drop.of", { document: titleOf(job) })} onClick={() => props.ask({ job, act: "cancel" })}>
                {t("held.drop")}
            </button>
        </span>
    );
}

function AskDialog(props: Asking & { own?: boolean; run: HeldTableProps["run"]; close(done: boolean): void }) {
    const { job, act, own } = props;
    const release = act === "release";
    return (
        <ConfirmDialog
            title={t(release ? "held.release.of" : "held.drop.of", { document: titleOf(job) })}
            act={t(release ? "held.release" : "held.drop")}
            mild={release}
            close={props.close}
            run={() => props.run(job, act)}
        >
            <p>{release ? t(own ? "mine.release.text" : "held.release.text", { printer: printerOf(job) }) : t(own ? "mine.drop.text" : "held.drop.text")}</p>
            {job.silent && <p>{t("held.away")}</p>}
        </ConfirmDialog>
    );
}
