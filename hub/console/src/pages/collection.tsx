// SPDX-License-Identifier: Apache-2.0
//
// What an agent reads of the network, in a dialog of the agents page: what the agent makes of it, then credentials, ranges and intervals. It never
// shows a secret: the hub gives none.

import { useState } from "preact/hooks";
import type { Agent } from "../api";
import { useNow } from "../clock";
import { bodyOf, collectionApi, formOf, isKept, newKey, type AgentCollection, type CollectionForm, type CollectionReport } from "../collection";
import { ConfirmDialog } from "../components/confirm-dialog";
import { Dialog } from "../components/dialog";
import { FormDialog } from "../components/form-dialog";
import { ProblemNote } from "../components/problem-note";
import { toast } from "../components/toast";
import { number, relative } from "../format";
import { t } from "../language";
import { useResource } from "../resource";
import { holds } from "../session";
import { useUnsaved } from "../unsaved";
import { CredentialFields, Intervals, Lines, RangeFields } from "./collection-fields";

export function CollectionDialog(props: { agent: Agent; close(): void }) {
    const found = useResource(props.agent.id, (signal) => collectionApi.get(props.agent.id, signal));
    if (found.value) return <Form agent={props.agent} found={found.value} close={props.close} />;
    return (
        <Dialog title={t("collection.of", { machine: props.agent.machine })} close={props.close}>
            {found.problem ? <ProblemNote problem={found.problem} retry={found.reload} /> : <p class="quiet-start">{t("loading")}</p>}
        </Dialog>
    );
}

type Line = readonly [tone: "plain" | "open" | "good" | "bad", text: string];

/** Does what is set here hold on the machine? */
function standing({ collection, report }: AgentCollection): Line[] {
    if (report?.problem && (!report.refused || report.refused === collection?.serial)) return [["bad", t("collection.refused", { why: report.problem })]];
    if (collection && report?.serial !== collection.serial) return [["open", t("collection.waits")]];
    if (report?.source === "policy") return [["plain", t("collection.by.policy")]];
    if (report?.source === "local") return [["plain", t("collection.by.local")]];
    return report?.source === "hub" ? [["good", t("collection.in.force")]] : [];
}

function answers(report: CollectionReport): Line[] {
    return report.credentials.flatMap((one): Line[] => [
        [one.printers ? "good" : "plain", t("collection.answers", { name: one.name, count: number(one.printers) }, one.printers)],
        ...(one.refused ? [["bad", t("collection.refuses", { name: one.name, count: number(one.refused), why: one.why ?? "" }, one.refused)] as const] : []),
    ]);
}

/** What is set, and what the agent says of it. */
function Said(props: { found: AgentCollection }) {
    const { collection, unreadable, addresses, report, reported } = props.found;
    const now = useNow(15_000);
    const lines: Line[] = [];
    if (unreadable) lines.push(["bad", t("collection.unreadable")]);
    else lines.push(["plain", collection ? t("collection.set", { count: number(addresses ?? 0) }, addresses ?? 0) : t("collection.unset")]);
    lines.push(...standing(props.found));
    if (report && report.addresses !== null && reported)
        lines.push(["plain", t("collection.asked", { count: number(report.addresses), when: relative(reported, now) }, report.addresses)]);
    if (report) lines.push(...answers(report));
    if (report?.words) lines.push(["bad", report.words]);
    return (
        <div role="status">
            <ul class="reads">
                {lines.map(([tone, text], i) => (
                    <li key={i} class={`read read-${tone}`}>
                        {text}
                    </li>
                ))}
            </ul>
        </div>
    );
}

function Form(props: { agent: Agent; found: AgentCollection; close(): void }) {
    const { agent, found } = props;
    const [form, setForm] = useState<CollectionForm>(() => formOf(found.collection));
    const [touched, setTouched] = useState(false);
    const [dropping, setDropping] = useState(false);
    const may = holds("devices.change");
    useUnsaved(touched);

    async function send(): Promise<void> {
        const saved = await collectionApi.put(agent.id, bodyOf(form));
        toast(t("collection.saved", { count: number(saved.addresses ?? 0) }, saved.addresses ?? 0));
        props.close();
    }

    if (dropping)
        return (
            <ConfirmDialog
                title={t("collection.drop.of", { machine: agent.machine })}
                act={t("collection.drop")}
                run={() => collectionApi.drop(agent.id)}
                close={(done) => (done ? props.close() : setDropping(false))}
            >
                <p>{t("collection.drop.text")}</p>
            </ConfirmDialog>
        );
    return (
        <FormDialog title={t("collection.of", { machine: agent.machine })} submit={t("collection.save")} ready={may} close={props.close} send={send}>
            <Said found={found} />
            <p class="soft">{t("collection.text")}</p>
            <fieldset
                class="collection"
                disabled={!may}
                aria-label={t("collection")}
                onInput={() => setTouched(true)}
            >
                <Parts
                    form={form}
                    found={found}
                    put={(change) => {
                        setTouched(true);
                        setForm({ ...form, ...change });
                    }}
                />
            </fieldset>
            {may && (found.collection || found.unreadable) && (
                <button type="button" class="button button-small collection-drop" onClick={() => setDropping(true)}>
                    {t("collection.drop")}
                </button>
            )}
        </FormDialog>
    );
}

const replaced = <T extends { key: number }>(list: readonly T[], key: number, change: Partial<T>): T[] => list.map((one) => (one.key === key ? { ...one, ...change } : one));
const without = <T extends { key: number }>(list: readonly T[], key: number): T[] => list.filter((one) => one.key !== key);

function Parts(props: { form: CollectionForm; found: AgentCollection; put(change: Partial<CollectionForm>): void }) {
    const { form, found, put } = props;

    function dropCredential(key: number): void {
        put({ credentials: without(form.credentials, key), ranges: form.ranges.map((range) => ({ ...range, order: range.order.filter((one) => one !== key) })) });
    }

    return (
        <>
            {form.credentials.map((one, i) => (
                <CredentialFields
                    key={one.key}
                    n={i + 1}
                    credential={one}
                    kept={isKept(found.collection, one)}
                    put={(change) => put({ credentials: replaced(form.credentials, one.key, change) })}
                    drop={() => dropCredential(one.key)}
                />
            ))}
            <button type="button" class="button button-small" onClick={() => put({ credentials: [...form.credentials, { key: newKey(), name: "", kind: "community" }] })}>
                {t("collection.credential.add")}
            </button>
            {form.ranges.map((one, i) => (
                <RangeFields
                    key={one.key}
                    n={i + 1}
                    range={one}
                    credentials={form.credentials}
                    put={(change) => put({ ranges: replaced(form.ranges, one.key, change) })}
                    drop={() => put({ ranges: without(form.ranges, one.key) })}
                />
            ))}
            <button type="button" class="button button-small" onClick={() => put({ ranges: [...form.ranges, { key: newKey(), name: "", addresses: "", order: [] }] })}>
                {t("collection.range.add")}
            </button>
            <Lines label={t("collection.exclude")} value={form.exclude} set={(exclude) => put({ exclude })} />
            <Intervals minutes={form.minutes} put={(name, minutes) => put({ minutes: { ...form.minutes, [name]: minutes } })} />
            <label class="field collection-rate">
                <span>{t("collection.rate")}</span>
                <input type="number" min={1} max={100000} required value={form.rate} onInput={(event) => put({ rate: event.currentTarget.valueAsNumber || 0 })} />
            </label>
            <label class="check">
                <input type="checkbox" checked={form.mask} onChange={(event) => put({ mask: event.currentTarget.checked })} />
                <span>{t("collection.mask")}</span>
            </label>
        </>
    );
}
