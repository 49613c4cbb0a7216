// SPDX-License-Identifier: Apache-2.0
//
// The editor of a set. The text is what counts: forms and JSON view are two ways to change it. What the hub proves of it comes a moment
// after each change and stands beside the rule that it is about.

import { useState } from "preact/hooks";
import { FormDialog } from "../components/form-dialog";
import { Icon } from "../components/icon";
import { Link } from "../components/link";
import { PageHead } from "../components/page-head";
import { ProblemNote } from "../components/problem-note";
import { toast } from "../components/toast";
import { t } from "../language";
import { asProblem, type Problem } from "../problem";
import { holds } from "../session";
import { useSettled } from "../settled";
import { useUnsaved } from "../unsaved";
import { policyApi, type Assignment, type Check, type PolicySetDetails } from "./api";
import { BackTestPanel } from "./back-test";
import { emptySet, freshId, moved, quotasOf, readSet, withoutRule, withRule, writeSet, type PolicyText } from "./model";
import { PublishDialog } from "./publish-dialog";
import { QuotaForms, quotaOf } from "./quota-forms";
import { RuleCard } from "./rule-card";
import { AssignmentBadge } from "./state";
import { Versions } from "./versions";

interface EditorProps {
    tenant: string;
    set: PolicySetDetails;
    assignments: readonly Assignment[];
    groups: ReadonlyMap<string, string>;
    reload(): void;
}

const views = ["forms", "json", "versions"] as const;
const trusts = ["exact", "declared", "estimated"] as const;
/** The rule that a mistake is in: "rules[3].when: ..." */
const ruleOf = (error: string | null): number => Number(/^rules\[(\d+)\]/.exec(error ?? "")?.[1] ?? -1);

export function Editor(props: EditorProps) {
    const { set } = props;
    const saved = set.draft ?? writeSet(emptySet());
    const [text, setText] = useState(saved);
    const [view, setView] = useState<(typeof views)[number]>("forms");
    const [publishing, setPublishing] = useState<{ from?: number } | null>(null);
    const [renaming, setRenaming] = useState(false);
    const [problem, setProblem] = useState<Problem | null>(null);
    const { value: check, current, problem: checkProblem } = useSettled(text, (signal) => policyApi.check(text, signal));
    const change = holds("policies.change");
    const dirty = text !== saved;
    const findings = check?.findings ?? [];

    useUnsaved(dirty && change);

    async function save(): Promise<void> {
        try {
            await policyApi.save(props.tenant, set.id, set.name, text);
            setProblem(null);
            toast(t("policy.saved"));
            props.reload();
        } catch (error) {
            setProblem(asProblem(error));
        }
    }

    const bad = check && !check.compiles;
    return (
        <>
            <PageHead title={set.name}>
                <div class="head-acts">
                    {props.assignments
                        .filter((one) => one.set === set.id)
                        .map((one) => (
                            <AssignmentBadge key={one.scope + (one.group ?? "")} assignment={one} groups={props.groups} />
                        ))}
                    {change && (
                        <>
                            <button type="button" class="button" onClick={() => setRenaming(true)}>
                                {t("policy.rename")}
                            </button>
                            <button type="button" class="button" disabled={!dirty} onClick={() => void save()}>
                                {t("policy.save")}
                            </button>
                            <button type="button" class="button button-primary" disabled={!check?.compiles || !current} onClick={() => setPublishing({})}>
                                {t("policy.publish")}
                            </button>
                        </>
                    )}
                </div>
            </PageHead>
            <p class="crumbs">
                <Link to={`/policies?${new URLSearchParams({ tenant: props.tenant })}`}>{t("policy.back")}</Link>
            </p>
            {!change && <p class="note note-info">{t("policy.readonly")}</p>}
            {problem && <ProblemNote problem={problem} />}
            {checkProblem && <ProblemNote problem={checkProblem} />}
            <div class="editor-bar">
                <div class="segments" role="group" aria-label={t("policy.view")}>
                    {views.map((name) => (
                        <button key={name} type="button" aria-pressed={view === name} onClick={() => setView(name)}>
                            {t(`policy.view.${name}`)}
                        </button>
                    ))}
                </div>
                <p class={`proof proof-${!check || !current ? "wait" : bad ? "bad" : findings.length ? "warn" : "good"}`} role="status">
                    {check && current && <Icon name={bad || findings.length ? "alert" : "check"} />}
                    {!check || !current
                        ? t("policy.checking")
                        : bad
                          ? t("policy.check.bad")
                          : findings.length
                            ? t("policy.check.found", { n: findings.length }, findings.length)
                            : t(check.proved ? "policy.check.good" : "policy.check.large")}
                </p>
            </div>
            {view === "forms" && <Forms text={text} change={setText} check={check} />}
            {view === "json" && (
                <div class="json-view">
                    {bad && (
                        <p class="note note-bad" lang="en">
                            {check.error}
                        </p>
                    )}
                    <textarea aria-label={t("policy.view.json")} spellcheck={false} value={text} onInput={(event) => setText(event.currentTarget.value)} />
                </div>
            )}
            {view === "versions" && (
                <Versions tenant={props.tenant} set={set} draft={text} assignments={props.assignments} {...(change && { rollBack: (from: number) => setPublishing({ from }) })} />
            )}
            {view !== "versions" && <BackTestPanel tenant={props.tenant} set={set.id} text={text} against={set.latest} />}
            {renaming && (
                <Rename
                    name={set.name}
                    close={() => setRenaming(false)}
                    send={async (name) => {
                        await policyApi.save(props.tenant, set.id, name, saved); // the draft as the hub has it: what is typed here is not saved by this
                        setRenaming(false);
                        props.reload();
                    }}
                />
            )}
            {publishing && (
                <PublishDialog
                    tenant={props.tenant}
                    set={set.id}
                    name={set.name}
                    {...(publishing.from ? { from: publishing.from } : { text })}
                    warnings={publishing.from ? 0 : findings.length}
                    close={(published) => {
                        setPublishing(null);
                        if (!published) return;
                        toast(t("policy.published", { n: published.version }));
                        props.reload();
                    }}
                />
            )}
        </>
    );
}

function Rename(props: { name: string; close(): void; send(name: string): Promise<void> }) {
    const [name, setName] = useState(props.name);
    return (
        <FormDialog title={t("policy.rename")} submit={t("policy.save.short")} ready={name.trim() !== "" && name.trim() !== props.name} close={props.close} send={() => props.send(name.trim())}>
            <label class="field">
                <span>{t("policy.name")}</span>
                <input value={name} maxLength={100} required onInput={(event) => setName(event.currentTarget.value)} />
            </label>
        </FormDialog>
    );
}

function Forms(props: { text: string; change(text: string): void; check: Check | null }) {
    const [open, setOpen] = useState(0);
    const set = readSet(props.text);
    if (!set) return <p class="note note-info">{t("policy.not.forms")}</p>;
    const put = (next: PolicyText): void => props.change(writeSet(next));
    const quotas = quotasOf(set);
    const error = props.check?.compiles === false ? props.check.error : null;
    const wrong = props.check?.compiles === false ? ruleOf(props.check.error) : -1;
    function move(from: number, to: number): void {
        put(moved(set!, from, to));
        if (open === from) setOpen(to);
    }
    return (
        <div class="forms">
            <div class="forms-head">
                <label class="field-inline">
                    <span>{t("policy.default")}</span>
                    <select value={String(set.default)} onChange={(event) => put({ ...set, default: event.currentTarget.value })}>
                        <option value="allow">{t("policy.default.allow")}</option>
                        <option value="deny">{t("policy.default.deny")}</option>
                    </select>
                </label>
                <label class="field-inline" title={t("policy.trust.hint")}>
                    <span>{t("policy.trust")}</span>
                    <select value={String(set.trust ?? "declared")} onChange={(event) => put({ ...set, trust: event.currentTarget.value })}>
                        {trusts.map((name) => (
                            <option key={name} value={name}>
                                {t(`policy.trust.${name}`)}
                            </option>
                        ))}
                    </select>
                </label>
                {set.shadow === true && (
                    <label class="check">
                        <input type="checkbox" checked={true} onChange={() => put({ ...set, shadow: false })} />
                        {t("policy.shadow.set")}
                    </label>
                )}
                <button
                    type="button"
                    class="button"
                    onClick={() => {
                        put({ ...set, rules: [...set.rules, { id: freshId(set), when: { queue: "*" }, then: "record" }] });
                        setOpen(set.rules.length);
                    }}
                >
                    {t("policy.rule.add")}
                </button>
            </div>
            {error && wrong < 0 && quotaOf(error) < 0 && (
                <p class="note note-bad" lang="en">
                    {error}
                </p>
            )}
            {set.rules.length === 0 && <p class="soft">{t("policy.rules.none")}</p>}
            <ol class="policy-rules">
                {set.rules.map((rule, at) => (
                    <RuleCard
                        key={at}
                        rule={rule}
                        at={at}
                        count={set.rules.length}
                        open={open === at}
                        quotas={quotas}
                        findings={(props.check?.findings ?? []).filter((finding) => finding.rule === rule.id)}
                        error={wrong === at ? (props.check?.error ?? null) : null}
                        toggle={() => setOpen(open === at ? -1 : at)}
                        change={(next) => put(withRule(set, at, next))}
                        remove={() => put(withoutRule(set, at))}
                        move={(to) => to >= 0 && to < set.rules.length && move(at, to)}
                        moveFrom={(from) => move(from, at)}
                    />
                ))}
            </ol>
            <QuotaForms set={set} error={error} findings={props.check?.findings ?? []} change={put} />
        </div>
    );
}
