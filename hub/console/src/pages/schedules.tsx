// SPDX-License-Identifier: Apache-2.0
//
// Reports by mail: a card for each schedule with what became of its last one, and the form behind it.

import { useState } from "preact/hooks";
import { Badge } from "../components/badge";
import { ConfirmDialog } from "../components/confirm-dialog";
import { ownNames } from "../components/choices";
import { Empty } from "../components/empty";
import { FormDialog } from "../components/form-dialog";
import { GroupChoice } from "../components/group-choice";
import { Link } from "../components/link";
import { PageHead } from "../components/page-head";
import { ProblemNote } from "../components/problem-note";
import { toast } from "../components/toast";
import { shortTime } from "../format";
import { language, languages, locale, t, tWord } from "../language";
import { TenantChoice, useTenant } from "../policy/state";
import { asProblem, type Problem } from "../problem";
import { reportApi, type ReportName } from "../report";
import { useResource } from "../resource";
import { everies, scheduleApi, scheduleDays, type Schedule, type ScheduleBody } from "../schedules";

type Open = { kind: "new" } | { kind: "edit"; schedule: Schedule } | { kind: "remove"; schedule: Schedule };

export function Schedules() {
    const list = useResource("schedules", (signal) => scheduleApi.list(signal));
    const reports = useResource("reports", (signal) => reportApi.list(signal));
    const { tenant, tenants } = useTenant();
    const [open, setOpen] = useState<Open | null>(null);
    const [problem, setProblem] = useState<Problem | null>(null);
    const items = list.value?.items ?? [];

    function done(text: string | null): void {
        setOpen(null);
        if (!text) return;
        toast(text);
        list.reload();
    }
    async function send(schedule: Schedule): Promise<void> {
        try {
            setProblem(null);
            await scheduleApi.send(schedule.id);
            done(t("schedules.sending", { name: schedule.name }));
        } catch (error) {
            setProblem(asProblem(error));
        }
    }

    return (
        <>
            <PageHead title={t("page.schedules")}>
                {list.value && (
                    <div class="head-acts">
                        <TenantChoice tenant={tenant} tenants={tenants} path="/schedules" />
                        <button type="button" class="button button-primary" disabled={!list.value.mail_there || !reports.value} onClick={() => setOpen({ kind: "new" })}>
                            {t("schedules.new")}
                        </button>
                    </div>
                )}
            </PageHead>
            <p class="crumbs">
                <Link to="/reports">{t("page.reports")}</Link>
            </p>
            <p class="lead page-lead">{t("schedules.text")}</p>
            {(list.problem ?? problem) && <ProblemNote problem={(list.problem ?? problem)!} retry={list.reload} />}
            {!list.value && !list.problem && <p class="quiet-start">{t("loading")}</p>}
            {list.value && !list.value.mail_there && <p class="note note-info">{t("schedules.no.mail")}</p>}
            {list.value?.mail_there && !list.value.mail_server && <p class="note note-info">{t("schedules.no.server")}</p>}
            {list.value && items.length === 0 && (
                <Empty icon="chart" title={t("schedules.none")}>
                    <p>{t("schedules.none.text")}</p>
                </Empty>
            )}
            <ul class="sets">
                {items.map((one) => (
                    <Card key={one.id} schedule={one} send={() => void send(one)} open={(kind) => setOpen({ kind, schedule: one })} />
                ))}
            </ul>
            {open && open.kind !== "remove" && reports.value && (
                <ScheduleForm
                    tenant={tenant}
                    schedule={open.kind === "edit" ? open.schedule : null}
                    reports={reports.value.items}
                    zones={list.value?.zones ?? []}
                    close={(name) => done(name && t("schedules.saved", { name }))}
                />
            )}
            {open?.kind === "remove" && (
                <ConfirmDialog
                    title={t("schedules.remove.of", { name: open.schedule.name })}
                    act={t("devicegroups.remove")}
                    run={() => scheduleApi.drop(open.schedule.id)}
                    close={(gone) => done(gone ? t("schedules.removed", { name: open.schedule.name }) : null)}
                >
                    <p>{t("schedules.remove.text")}</p>
                </ConfirmDialog>
            )}
        </>
    );
}

function Card(props: { schedule: Schedule; send(): void; open(kind: "edit" | "remove"): void }) {
    const one = props.schedule;
    const bad = one.mails.filter((mail) => mail.state !== "sent" && mail.reason);
    return (
        <li class="card set">
            <h2>{one.name}</h2>
            <p>
                <Outcome schedule={one} /> {tWord("report", one.report)}
            </p>
            <p class="soft">
                {one.tenant} · {t(`schedules.every.${one.every}`)} · {one.format.toUpperCase()} · {one.to.join(", ")}
            </p>
            {one.outcome === "failed" && one.reason && <p>{one.reason}</p>}
            {bad.map((mail) => (
                <p key={mail.to}>{t("schedules.mail.bad", { to: mail.to, reason: mail.reason ?? "" })}</p>
            ))}
            <p class="soft">
                {one.next ? t("schedules.next", { when: shortTime(one.next) }) : t("schedules.off")}
                {one.last_due && ` · ${t("schedules.last", { when: shortTime(one.last_due) })}`}
                {one.author && ` · ${t("schedules.author", { name: one.author })}`}
            </p>
            <span class="row-acts">
                <button type="button" class="button button-small" aria-label={t("schedules.send.of", { name: one.name })} onClick={props.send}>
                    {t("schedules.send")}
                </button>
                <button type="button" class="button button-small" aria-label={t("schedules.edit.of", { name: one.name })} onClick={() => props.open("edit")}>
                    {t("devicegroups.edit")}
                </button>
                <button type="button" class="button button-small" aria-label={t("schedules.remove.of", { name: one.name })} onClick={() => props.open("remove")}>
                    {t("devicegroups.remove")}
                </button>
            </span>
        </li>
    );
}

/** Of the last one: made, and gone to each of its addresses. */
function Outcome(props: { schedule: Schedule }) {
    const { outcome, mails } = props.schedule;
    if (outcome === "none") return <Badge tone="plain" text={t("schedules.outcome.none")} />;
    if (outcome === "failed") return <Badge tone="bad" text={t("schedules.outcome.failed")} />;
    if (mails.some((mail) => mail.state === "given-up")) return <Badge tone="bad" text={t("schedules.outcome.partly")} />;
    if (mails.some((mail) => mail.state === "waits")) return <Badge tone="warn" text={t("schedules.outcome.waits")} />;
    return <Badge tone="good" text={t("schedules.outcome.sent")} />;
}

function begin(reports: readonly ReportName[], zones: readonly string[]): ScheduleBody {
    const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
    return {
        name: "", enabled: true, report: reports[0]?.name ?? "", group: null, days: "last-month", every: "month", weekday: 1, day: 1, hour: 6,
        zone: zones.includes(own) ? own : "UTC", format: "pdf", language: language.value, to: [],
    };
}

/** What the hub takes: a weekday of weeks and a day of months only, a group for reports that know it. */
function bodyOf(form: ScheduleBody, to: string, reports: readonly ReportName[]): ScheduleBody {
    const { name, enabled, report, group, days, every, weekday, day, hour, zone, format, language: speech } = form;
    const grouped = reports.find((one) => one.name === report)?.by_device;
    return {
        name: name.trim(), enabled, report, group: grouped ? group : null, days, every, weekday: every === "week" ? weekday : null, day: every === "month" ? day : null,
        hour, zone, format, language: speech, to: to.split(/[\s,;]+/).filter(Boolean),
    };
}

interface FormProps {
    tenant: string;
    schedule: Schedule | null;
    reports: readonly ReportName[];
    zones: readonly string[];
    close(saved: string | null): void;
}

function ScheduleForm(props: FormProps) {
    const { schedule, reports, zones } = props;
    const [form, setForm] = useState<ScheduleBody>(schedule ?? begin(reports, zones));
    const [to, setTo] = useState(form.to.join("\n"));
    const put = (change: Partial<ScheduleBody>): void => setForm({ ...form, ...change });

    async function send(): Promise<void> {
        const body = bodyOf(form, to, reports);
        if (schedule) await scheduleApi.put(schedule.id, body);
        else await scheduleApi.make(props.tenant, body);
        props.close(body.name);
    }

    return (
        <FormDialog title={schedule ? t("schedules.edit.of", { name: schedule.name }) : t("schedules.new")} submit={t("policy.save.short")} close={() => props.close(null)} send={send}>
            <label class="field">
                <span>{t("devicegroups.name")}</span>
                <input value={form.name} required maxLength={120} onInput={(event) => put({ name: event.currentTarget.value })} />
            </label>
            <div class="alert-numbers">
                <Choice label={t("schedules.report")} value={form.report} of={reports.map((one) => [one.name, tWord("report", one.name)])} set={(report) => put({ report })} />
                <Choice label={t("schedules.days")} value={form.days} of={scheduleDays.map((one) => [one, t(`schedules.days.${one}`)])} set={(days) => put({ days })} />
            </div>
            {reports.find((one) => one.name === form.report)?.by_device && <GroupChoice labelled chosen={form.group ?? ""} change={(group) => put({ group: group || null })} />}
            <When form={form} put={put} zones={zones} />
            <div class="alert-numbers">
                <Choice label={t("schedules.format")} value={form.format} of={[["pdf", "PDF"], ["csv", "CSV"]] as const} set={(format) => put({ format })} />
                <Choice label={t("language")} value={form.language} of={languages.map((one) => [one, ownNames[one]])} set={(speech) => put({ language: speech })} />
            </div>
            <label class="field">
                <span>{t("schedules.to")}</span>
                <textarea rows={3} required value={to} onInput={(event) => setTo(event.currentTarget.value)} />
            </label>
            <label class="check">
                <input type="checkbox" checked={form.enabled} onChange={(event) => put({ enabled: event.currentTarget.checked })} />
                <span>{t("schedules.on")}</span>
            </label>
        </FormDialog>
    );
}

/** 2024 began on a Monday. */
const weekdayName = (n: number): string => new Intl.DateTimeFormat(locale(), { weekday: "long", timeZone: "UTC" }).format(Date.UTC(2024, 0, n));

function When(props: { form: ScheduleBody; put(change: Partial<ScheduleBody>): void; zones: readonly string[] }) {
    const { form, put, zones } = props;
    const hours = Array.from({ length: 24 }, (_, hour) => [String(hour), `${String(hour).padStart(2, "0")}:00`] as const);
    return (
        <div class="alert-numbers">
            <Choice label={t("schedules.every")} value={form.every} of={everies.map((one) => [one, t(`schedules.every.${one}`)])} set={(every) => put({ every, weekday: form.weekday ?? 1, day: form.day ?? 1 })} />
            {form.every === "week" && (
                <Choice label={t("schedules.weekday")} value={String(form.weekday)} of={[1, 2, 3, 4, 5, 6, 7].map((n) => [String(n), weekdayName(n)])} set={(n) => put({ weekday: Number(n) })} />
            )}
            {form.every === "month" && (
                <label class="field">
                    <span>{t("schedules.day")}</span>
                    <input type="number" required min={1} max={28} value={form.day ?? 1} onInput={(event) => put({ day: event.currentTarget.valueAsNumber || 1 })} />
                </label>
            )}
            <Choice label={t("schedules.hour")} value={String(form.hour)} of={hours} set={(hour) => put({ hour: Number(hour) })} />
            <label class="field">
                <span>{t("alerts.rule.zone")}</span>
                <input value={form.zone} list="schedule-zones" required maxLength={60} onInput={(event) => put({ zone: event.currentTarget.value })} />
                <datalist id="schedule-zones">
                    {zones.map((name) => (
                        <option key={name} value={name} />
                    ))}
                </datalist>
            </label>
        </div>
    );
}

function Choice<Value extends string>(props: { label: string; value: Value; of: readonly (readonly [Value, string])[]; set(value: Value): void }) {
    return (
        <label class="field">
            <span>{props.label}</span>
            <select value={props.value} onChange={(event) => props.set(event.currentTarget.value as Value)}>
                {props.of.map(([value, text]) => (
                    <option key={value} value={value}>
                        {text}
                    </option>
                ))}
            </select>
        </label>
    );
}
