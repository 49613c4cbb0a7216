// SPDX-License-Identifier: Apache-2.0
//
// The editor of a set. The text is what counts: forms and JSON view are two ways to change it. What the hub proves of it comes a moment
// after each change and stands beside the rule that it is about.

import { useEffect, useState } from "preact/hooks";
import { Icon } from "../components/icon";
import { Link } from "../components/link";
import { PageHead } from "../components/page-head";
import { ProblemNote } from "../components/problem-note";
import { toast } from "../components/toast";
import { t } from "../language";
import { asProblem, type Problem } from "../problem";
import { policyApi, type Assignment, type Check, type PolicySetDetails } from "./api";
import { BackTestPanel } from "./back-test";
import { emptySet, freshId, moved, quotasOf, readSet, withoutRule, withRule, writeSet, type PolicyText } from "./model";
import { PublishDialog } from "./publish-dialog";
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
const checkAfter = 500;

/** Asks the hub about a text that has stood still for a moment. */
function useCheck(text: string): { check: Check | null; current: boolean; problem: Problem | null } {
    const [state, setState] = useState<{ check: Check | null; of: string; problem: Problem | null }>({ check: null, of: "", problem: null });
    useEffect(() => {
        const control = new AbortController();
        const timer = setTimeout(() => {
            policyApi
                .check(text, control.signal)
                .then((check) => setState({ check, of: text, problem: null }))
                .catch((error: unknown) => {
                    if (!control.signal.aborted) setState((old) => ({ ...old, problem: asProblem(error) }));
                });
        }, checkAfter);
        return () => {
            clearTimeout(timer);
            control.abort();
        };
    }, [text]);
    return { check: state.check, current: state.of === text, problem: state.problem };
}

/** The rule that a mistake is in: "rules[3].when: ..." */
const ruleOf = (error: string | null): number => Number(/^rules\[(\d+)\]/.exec(error ?? "")?.[1] ?? -1);

export function Editor(props: EditorProps) {
    const { set } = props;
    const saved = set.draft ?? writeSet(emptySet());
    const [text, setText] = useState(saved);
    const [view, setView] = useState<(typeof views)[number]>("forms");
    const [publishing, setPublishing] = useState<{ from?: number } | null>(null);
    const [problem, setProblem] = useState<Problem | null>(null);
    const { check, current, problem: checkProblem } = useCheck(text);
    const dirty = text !== saved;
    const findings = check?.findings ?? [];

    useEffect(() => {
        if (!dirty) return;
        const warn = (event: BeforeUnloadEvent): void => event.preventDefault();
        addEventListener("beforeunload", warn);
        return () => removeEventListener("beforeunload", warn);
    }, [dirty]);

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
                    <button type="button" class="button" disabled={!dirty} onClick={() => void save()}>
                        {t("policy.save")}
                    </button>
                    <button type="button" class="button button-primary" disabled={!check?.compiles || !current} onClick={() => setPublishing({})}>
                        {t("policy.publish")}
                    </button>
                </div>
            </PageHead>
            <p class="crumbs">
                <Link to={`/policies?${new URLSearchParams({ tenant: props.tenant })}`}>{t("policy.back")}</Link>
            </p>
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
                <Versions tenant={props.tenant} set={set} draft={text} assignments={props.assignments} rollBack={(from) => setPublishing({ from })} />
            )}
            {view !== "versions" && <BackTestPanel tenant={props.tenant} set={set.id} text={text} against={set.latest} />}
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

function Forms(props: { text: string; change(text: string): void; check: Check | null }) {
    const [open, setOpen] = useState(0);
    const set = readSet(props.text);
    if (!set) return <p class="note note-info">{t("policy.not.forms")}</p>;
    const put = (next: PolicyText): void => props.change(writeSet(next));
    const quotas = quotasOf(set);
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
            {props.check?.compiles === false && wrong < 0 && (
                <p class="note note-bad" lang="en">
                    {props.check.error}
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
        </div>
    );
}
