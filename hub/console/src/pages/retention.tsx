// SPDX-License-Identifier: Apache-2.0
//
// How long a tenant keeps what. Before a shorter time is saved, the hub says how much of it goes.

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { ofOperator } from "../access/words";
import { call } from "../api";
import { ConfirmDialog } from "../components/confirm-dialog";
import { PageHead } from "../components/page-head";
import { ProblemNote } from "../components/problem-note";
import { toast } from "../components/toast";
import { fullTime, number } from "../format";
import { t } from "../language";
import { TenantChoice, TenantGate } from "../policy/state";
import { asProblem, type Problem } from "../problem";
import { useResource } from "../resource";
import { useUnsaved } from "../unsaved";

interface Kept {
    /** null: for ever. */
    days: number | null;
    default_days: number | null;
    oldest: string | null;
    next: string | null;
    /** null: too many to be counted in time. */
    due: number | null;
    due_capped: boolean;
}

const classes = ["titles", "jobs", "readings"] as const;
type Class = (typeof classes)[number];
type Days = Record<Class, number | null>;
type Times = Record<Class, Kept>;
interface Keeping extends Times {
    inherited: boolean;
    /** Whose times they are; null: the defaults, or those of somebody above whom one does not see. */
    from: string | null;
    /** Tenants below that go by them. */
    below: number;
    author: string | null;
    changed: string | null;
}
type Body = ReturnType<typeof bodyOf> | { inherited: true };

const at = (path: string, tenant: string): string => `${path}?${new URLSearchParams({ tenant })}`;
const bodyOf = (days: Days) => ({ titles_days: days.titles, jobs_days: days.jobs, readings_days: days.readings });
/** Days that a class has at least, and where "for ever" is taken off and nothing is usual. */
const least = (name: Class): number => (name === "readings" ? 90 : 1);
const proposed = 730;
/** Readings do not go: they are thinned. */
const thins = (name: Class): boolean => name === "readings";

export function Retention() {
    return <TenantGate title={t("page.retention")}>{(tenant, tenants) => <OfTenant key={tenant} tenant={tenant} tenants={tenants} />}</TenantGate>;
}

function OfTenant(props: { tenant: string; tenants: readonly string[] }) {
    const { tenant } = props;
    const kept = useResource(tenant, (signal) => call<Keeping>("GET", at("/retention", tenant), { signal }));
    return (
        <>
            <PageHead title={t("page.retention")}>
                <div class="head-acts">
                    <TenantChoice tenant={tenant} tenants={props.tenants} path="/retention" />
                </div>
            </PageHead>
            <p class="lead page-lead">{t("retention.text")}</p>
            {kept.problem && <ProblemNote problem={kept.problem} retry={kept.reload} />}
            {!kept.value && !kept.problem && <p class="quiet-start">{t("loading")}</p>}
            {kept.value && (
                <>
                    <p class="soft page-lead">{sourceOf(kept.value)}</p>
                    <Below kept={kept.value} />
                    <Form key={`${kept.value.from} ${kept.value.changed}`} tenant={tenant} kept={kept.value} reload={kept.reload} />
                </>
            )}
            <AuditLog />
        </>
    );
}

const sourceOf = (kept: Keeping): string => {
    if (kept.inherited) return kept.from === null ? t("retention.from.above") : t("retention.from", { name: kept.from });
    return kept.changed ? t("retention.changed", { name: kept.author ?? "", time: fullTime(kept.changed) }) : t("retention.usual");
};

function Below({ kept }: { kept: Keeping }) {
    return kept.below ? <p class="soft page-lead">{t("retention.below", { n: number(kept.below) }, kept.below)}</p> : null;
}

const isShorter = (days: number | null, before: number | null): boolean => days !== null && (before === null || days < before);

function Form(props: { tenant: string; kept: Keeping; reload(): void }) {
    const { tenant, kept } = props;
    const [days, setDays] = useState<Days>({ titles: kept.titles.days, jobs: kept.jobs.days, readings: kept.readings.days });
    const [problem, setProblem] = useState<Problem | null>(null);
    const [asked, setAsked] = useState<{ body: Body; then: Keeping } | null>(null);
    const own = !kept.inherited && kept.from !== null;
    const dirty = classes.some((name) => days[name] !== kept[name].days);
    useUnsaved(dirty);

    const put = (body: Body): Promise<unknown> => call("PUT", at("/retention", tenant), { body });
    function saved(): void {
        toast(t("retention.saved"));
        props.reload();
    }
    async function send(body: Body): Promise<void> {
        setProblem(null);
        try {
            const then = await call<Keeping>("POST", at("/retention/preview", tenant), { body });
            if (classes.some((name) => isShorter(then[name].days, kept[name].days))) setAsked({ body, then });
            else {
                await put(body);
                saved();
            }
        } catch (error) {
            setProblem(asProblem(error));
        }
    }
    function submit(event: Event): void {
        event.preventDefault();
        void send(bodyOf(days));
    }

    return (
        <form class="card retention" autocomplete="off" onSubmit={submit}>
            {problem && <ProblemNote problem={problem} />}
            {classes.map((name) => (
                <ClassRow key={name} name={name} kept={kept[name]} days={days[name]} set={(value) => setDays({ ...days, [name]: value })} />
            ))}
            {(["sums", "receipts"] as const).map((name) => (
                <section key={name}>
                    <h2>{t(`retention.${name}`)}</h2>
                    <p class="soft">{t("retention.always")}</p>
                </section>
            ))}
            <footer class="dialog-acts">
                {own && (
                    <button type="button" class="button" onClick={() => void send({ inherited: true })}>
                        {t("retention.inherit")}
                    </button>
                )}
                <button type="submit" class="button button-primary" disabled={own && !dirty}>
                    {own ? t("retention.save") : t("retention.save.own")}
                </button>
            </footer>
            {asked && (
                <Shorter run={() => put(asked.body)} close={() => setAsked(null)} saved={saved}>
                    {asked.then.inherited && <p>{sourceOf(asked.then)}</p>}
                    <ul>
                        {classes.map((name) => (
                            <li key={name}>{willOf(name, asked.then[name])}</li>
                        ))}
                    </ul>
                    <Below kept={asked.then} />
                </Shorter>
            )}
        </form>
    );
}

/** What is kept for a shorter time goes: it is asked once more. */
function Shorter(props: { run(): Promise<unknown>; close(): void; saved(): void; children: ComponentChildren }) {
    return (
        <ConfirmDialog
            title={t("retention.confirm")}
            act={t("retention.confirm.act")}
            run={props.run}
            close={(done) => {
                props.close();
                if (done) props.saved();
            }}
        >
            {props.children}
            <p>{t("retention.back")}</p>
        </ConfirmDialog>
    );
}

const willOf = (name: Class, then: Kept): string => {
    const text = t(`retention.${name}`);
    const what = then.days === null ? text : t("retention.what", { name: text, n: number(then.days) });
    if (then.due === 0) return t(thins(name) ? "retention.thin.not" : "retention.will.not", { what });
    return t(thins(name) ? "retention.thin" : "retention.will", { what, n: countOf(then) });
};

function countOf(kept: Pick<Kept, "due" | "due_capped">): string {
    if (kept.due === null) return t("unknown");
    return kept.due_capped ? t("retention.more", { n: number(kept.due) }) : number(kept.due);
}

function comes(name: Class, kept: Kept): string {
    if (!kept.oldest) return t("retention.none");
    if (!kept.next) return t("retention.stays");
    if (kept.due) return t(thins(name) ? "retention.thin.due" : "retention.due", { n: countOf(kept) }, kept.due);
    return t(thins(name) ? "retention.thin.next" : "retention.next", { time: fullTime(kept.next) });
}

function ClassRow(props: { name: Class; kept: Kept; days: number | null; set(days: number | null): void }) {
    const { kept, days } = props;
    const name = t(`retention.${props.name}`);
    return (
        <section>
            <h2>{name}</h2>
            <p class="soft">
                {t(`retention.${props.name}.text`)} {kept.default_days === null ? t("retention.default.ever") : t("retention.default", { n: number(kept.default_days) })}
            </p>
            <div class="retention-days">
                <label class="field-inline">
                    <span>{t("retention.days")}</span>
                    <input type="number" aria-label={t("retention.days.of", { name })} min={least(props.name)} max={36500} required={days !== null} disabled={days === null} value={days ?? ""}
                        onInput={(event) => props.set(Number(event.currentTarget.value))} />
                </label>
                <label class="check">
                    <input type="checkbox" aria-label={t("retention.ever.of", { name })} checked={days === null} onChange={(event) => props.set(event.currentTarget.checked ? null : (kept.default_days ?? proposed))} />
                    <span>{t("retention.ever")}</span>
                </label>
            </div>
            <p>{comes(props.name, kept)}</p>
        </section>
    );
}

interface KeptLog {
    days: number | null;
    from: number;
    oldest: string | null;
    due: number;
    due_capped: boolean;
}
const leastLog = 90;
const usualLog = 730;

/** The log of the whole hub: everybody with the right reads its time, the operator's people set it. */
function AuditLog() {
    const kept = useResource("audit", (signal) => call<KeptLog>("GET", "/retention/audit", { signal }));
    return (
        <>
            {kept.problem && <ProblemNote problem={kept.problem} retry={kept.reload} />}
            {kept.value && <LogForm key={kept.value.days} kept={kept.value} reload={kept.reload} />}
        </>
    );
}

function LogForm(props: { kept: KeptLog; reload(): void }) {
    const { kept } = props;
    const [days, setDays] = useState(kept.days);
    const [problem, setProblem] = useState<Problem | null>(null);
    const [asked, setAsked] = useState<KeptLog | null>(null);
    const name = t("retention.audit");
    const dirty = days !== kept.days;
    const shorter = days !== null && (kept.days === null || days < kept.days);
    useUnsaved(dirty);

    const put = (): Promise<unknown> => call("PUT", "/retention/audit", { body: { days } });
    function saved(): void {
        toast(t("retention.saved"));
        props.reload();
    }
    async function send(event: Event): Promise<void> {
        event.preventDefault();
        setProblem(null);
        try {
            if (shorter) setAsked(await call<KeptLog>("GET", `/retention/audit?days=${days}`));
            else {
                await put();
                saved();
            }
        } catch (error) {
            setProblem(asProblem(error));
        }
    }

    return (
        <form class="card retention" autocomplete="off" onSubmit={(event) => void send(event)}>
            {problem && <ProblemNote problem={problem} />}
            <section>
                <h2>{name}</h2>
                <p class="soft">
                    {t("retention.audit.text", { n: number(leastLog) })} {!ofOperator() && t("retention.audit.operator")}
                </p>
                <div class="retention-days">
                    <label class="field-inline">
                        <span>{t("retention.days")}</span>
                        <input type="number" aria-label={t("retention.days.of", { name })} min={leastLog} max={36500} required={days !== null} disabled={days === null || !ofOperator()} value={days ?? ""}
                            onInput={(event) => setDays(Number(event.currentTarget.value))} />
                    </label>
                    <label class="check">
                        <input type="checkbox" aria-label={t("retention.ever.of", { name })} checked={days === null} disabled={!ofOperator()} onChange={(event) => setDays(event.currentTarget.checked ? null : usualLog)} />
                        <span>{t("retention.ever")}</span>
                    </label>
                </div>
                <p>{kept.due ? t("retention.due", { n: countOf(kept) }, kept.due) : kept.days === null ? t("retention.stays") : null}</p>
            </section>
            {ofOperator() && (
                <footer class="dialog-acts">
                    <button type="submit" class="button button-primary" disabled={!dirty}>
                        {t("retention.audit.save")}
                    </button>
                </footer>
            )}
            {asked && (
                <Shorter run={put} close={() => setAsked(null)} saved={saved}>
                    <p>{asked.due ? t("retention.will", { what: name, n: countOf(asked) }) : t("retention.will.not", { what: name })}</p>
                </Shorter>
            )}
        </form>
    );
}
