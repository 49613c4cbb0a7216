// SPDX-License-Identifier: Apache-2.0
//
// What printing costs: price tables by date, their rows, and what one job would cost by them. The hub's engine checks the list as one types; nothing
// is in force before it is saved. Who may only look can still try another list.

import { useState } from "preact/hooks";
import { ConfirmDialog } from "../components/confirm-dialog";
import { Empty } from "../components/empty";
import { FormDialog } from "../components/form-dialog";
import { Icon } from "../components/icon";
import { PageHead } from "../components/page-head";
import { ProblemNote } from "../components/problem-note";
import { toast } from "../components/toast";
import { date, fullTime } from "../format";
import { t } from "../language";
import { EditField } from "../policy/edit-field";
import { TenantChoice, TenantGate } from "../policy/state";
import { priceApi, type PriceText } from "../prices/api";
import { firstList, freshRow, placeOf, readList, tableOn, today, withDate, withoutTable, withTable, writeList, type PriceList } from "../prices/model";
import { PriceHistory } from "../prices/history";
import { PriceRows } from "../prices/table";
import { factsOf, firstJob, Trial } from "../prices/trial";
import { asProblem, type Problem } from "../problem";
import { useResource } from "../resource";
import { holds } from "../session";
import { useSettled } from "../settled";
import { useUnsaved } from "../unsaved";

export function Prices() {
    return <TenantGate title={t("page.prices")}>{(tenant, tenants) => <OfTenant key={tenant} tenant={tenant} tenants={tenants} />}</TenantGate>;
}

function OfTenant(props: { tenant: string; tenants: readonly string[] }) {
    const list = useResource(props.tenant, (signal) => priceApi.get(props.tenant, signal));
    const [begun, setBegun] = useState(false);
    if (list.problem) return <ProblemNote problem={list.problem} retry={list.reload} />;
    if (!list.value) return <p class="quiet-start">{t("loading")}</p>;
    if (!list.value.text && !begun) {
        return (
            <>
                <PageHead title={t("page.prices")}>
                    <div class="head-acts">
                        <TenantChoice tenant={props.tenant} tenants={props.tenants} path="/prices" />
                    </div>
                </PageHead>
                <Empty icon="coins" title={t("prices.none")}>
                    <p>{t("prices.none.text")}</p>
                    <button type="button" class="button button-primary" onClick={() => setBegun(true)}>
                        {t(holds("policies.change") ? "prices.begin" : "prices.begin.try")}
                    </button>
                </Empty>
            </>
        );
    }
    return <Editor key={list.value.version} {...props} saved={list.value} reload={list.reload} />;
}

function Editor(props: { tenant: string; tenants: readonly string[]; saved: PriceText; reload(): void }) {
    const { saved } = props;
    const change = holds("policies.change");
    const [text, setText] = useState(saved.text ?? writeList(firstList()));
    const [json, setJson] = useState(false);
    const [job, setJob] = useState(firstJob);
    const [problem, setProblem] = useState<Problem | null>(null);
    const facts = factsOf(job);
    const check = useSettled(JSON.stringify([text, facts]), (signal) => priceApi.check(text, facts, signal));
    const dirty = text !== saved.text;
    const bad = check.value !== null && !check.value.compiles;

    useUnsaved(dirty && change);

    async function save(): Promise<void> {
        try {
            await priceApi.put(props.tenant, text, saved.version);
            setProblem(null);
            toast(t("prices.saved"));
            props.reload();
        } catch (error) {
            setProblem(asProblem(error));
        }
    }

    return (
        <>
            <PageHead title={t("page.prices")}>
                <div class="head-acts">
                    <TenantChoice tenant={props.tenant} tenants={props.tenants} path="/prices" />
                    {saved.text && dirty && (
                        <button type="button" class="button" onClick={() => setText(saved.text!)}>
                            {t("prices.discard")}
                        </button>
                    )}
                    {change && (
                        <button type="button" class="button button-primary" disabled={!dirty || bad || !check.current} onClick={() => void save()}>
                            {t("prices.save")}
                        </button>
                    )}
                </div>
            </PageHead>
            <p class="page-lead soft">{saved.changed ? t("prices.changed", { name: saved.author ?? "", time: fullTime(saved.changed) }) : t("prices.unsaved")}</p>
            {!change && <p class="note note-info">{t("prices.readonly")}</p>}
            {problem && <ProblemNote problem={problem} />}
            {check.problem && <ProblemNote problem={check.problem} />}
            <div class="editor-bar">
                <div class="segments" role="group" aria-label={t("policy.view")}>
                    <button type="button" aria-pressed={!json} onClick={() => setJson(false)}>
                        {t("prices.view.tables")}
                    </button>
                    <button type="button" aria-pressed={json} onClick={() => setJson(true)}>
                        {t("policy.view.json")}
                    </button>
                </div>
                <p class={`proof proof-${!check.value || !check.current ? "wait" : bad ? "bad" : "good"}`} role="status">
                    {check.value && check.current && <Icon name={bad ? "alert" : "check"} />}
                    {t(!check.value || !check.current ? "policy.checking" : bad ? "policy.check.bad" : "prices.check.good")}
                </p>
            </div>
            {bad && (
                <p class="note note-bad" lang="en">
                    {check.value!.error}
                </p>
            )}
            {json ? (
                <div class="json-view">
                    <textarea aria-label={t("policy.view.json")} spellcheck={false} value={text} onInput={(event) => setText(event.currentTarget.value)} />
                </div>
            ) : (
                <Tables text={text} error={bad ? check.value!.error : null} set={(next) => setText(writeList(next))} />
            )}
            <Trial text={text} job={job} change={setJob} check={check} />
            {saved.version !== null && <PriceHistory tenant={props.tenant} latest={saved.version} reload={props.reload} />}
        </>
    );
}

function Tables(props: { text: string; error: string | null; set(list: PriceList): void }) {
    const list = readList(props.text);
    const now = list ? tableOn(list, today()) : -1;
    const [chosen, setChosen] = useState<string | null>(null); // by its day: tables come and go
    const [open, setOpen] = useState<"date" | "remove" | null>(null);
    if (!list) return <p class="note note-info">{t("policy.not.forms")}</p>;
    const found = list.tables.findIndex((table) => table.from === chosen);
    const at = found >= 0 ? found : Math.max(now, 0);
    const table = list.tables[at];
    const wrong = placeOf(props.error);
    return (
        <>
            <div class="forms-head">
                <div class="price-dates" role="group" aria-label={t("prices.tables")}>
                    {list.tables.map((one, index) => (
                        <button key={one.from} type="button" class="button" aria-pressed={index === at} onClick={() => setChosen(one.from)}>
                            {t("prices.since", { day: date(one.from) })}
                            {index === now && <small>{t("prices.now")}</small>}
                            {index > now && <small>{t("prices.later")}</small>}
                        </button>
                    ))}
                </div>
                <button type="button" class="button" onClick={() => setOpen("date")}>
                    {t("prices.date.new")}
                </button>
            </div>
            {table && (
                <>
                    <PriceRows table={table} wrong={wrong.table === at ? wrong.row : -1} set={(next) => props.set(withTable(list, at, next))} />
                    <div class="price-acts">
                        <button type="button" class="button" onClick={() => props.set(withTable(list, at, { ...table, rows: [...table.rows, { id: freshRow(table), mono_page: "0.03" }] }))}>
                            {t("prices.row.add")}
                        </button>
                        <label class="field-inline">
                            <span>{t("prices.currency")}</span>
                            <EditField class="price-currency" value={list.currency} maxLength={3} commit={(text) => props.set({ ...list, currency: text.trim().toUpperCase() })} />
                        </label>
                        {list.tables.length > 1 && (
                            <button type="button" class="button button-quiet" onClick={() => setOpen("remove")}>
                                {t("prices.date.remove")}
                            </button>
                        )}
                    </div>
                </>
            )}
            <p class="soft">{t("prices.order")}</p>
            {open === "date" && (
                <NewDate
                    close={() => setOpen(null)}
                    make={(from) => {
                        props.set(withDate(list, from).list);
                        setChosen(from);
                        setOpen(null);
                    }}
                />
            )}
            {open === "remove" && table && (
                <ConfirmDialog
                    title={t("prices.date.remove.of", { day: date(table.from) })}
                    act={t("prices.date.remove")}
                    mild
                    run={async () => props.set(withoutTable(list, at))}
                    close={() => setOpen(null)}
                >
                    <p>{t(at < now || at === now ? "prices.date.remove.past" : "prices.date.remove.later")}</p>
                </ConfirmDialog>
            )}
        </>
    );
}

function NewDate(props: { make(from: string): void; close(): void }) {
    const [from, setFrom] = useState(today());
    return (
        <FormDialog title={t("prices.date.new")} submit={t("policy.make")} ready={/^\d{4}-\d\d-\d\d$/.test(from)} close={props.close} send={async () => props.make(from)}>
            <p>{t("prices.date.text")}</p>
            <label class="field">
                <span>{t("prices.date")}</span>
                <input type="date" value={from} required onInput={(event) => setFrom(event.currentTarget.value)} />
            </label>
        </FormDialog>
    );
}
