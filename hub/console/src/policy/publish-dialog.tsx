// SPDX-License-Identifier: Apache-2.0
//
// Who gets a version, and whether it acts or only watches: a new one of the draft, which is saved first, so that what goes out is what is seen; an older
// text as a new one; or, for a roll-out that goes on, a version that is out already.

import { useState } from "preact/hooks";
import { Dialog } from "../components/dialog";
import { ProblemNote } from "../components/problem-note";
import { t } from "../language";
import { asProblem, type Problem } from "../problem";
import { useResource } from "../resource";
import { policyApi, type Assignment, type Scope, type State } from "./api";
import { tOf } from "./words";

interface PublishProps {
    tenant: string;
    set: string;
    name: string;
    /** The draft's text; undefined: an older version is published anew. */
    text?: string;
    from?: number;
    /** A version that was published, with whom it is for so far. */
    out?: Assignment;
    warnings: number;
    close(published: { version: number } | null): void;
}

const scopes: readonly Scope[] = ["all", "percent", "group"];

export function PublishDialog(props: PublishProps) {
    const groups = useResource(props.tenant, (signal) => policyApi.groups(props.tenant, signal));
    const [scope, setScope] = useState<Scope>(props.out?.scope ?? "all");
    const [state, setState] = useState<State>(props.out?.state ?? "live");
    const [share, setShare] = useState(props.out?.percent ?? 10);
    const [group, setGroup] = useState(props.out?.group ?? "");
    const [note, setNote] = useState("");
    const [busy, setBusy] = useState(false);
    const [problem, setProblem] = useState<Problem | null>(null);
    const all = groups.value?.items ?? [];
    const chosen = group || all[0]?.id || "";

    const title = props.out
        ? t("policy.rollout.title", { n: props.out.version })
        : props.from
          ? t("policy.rollback.title", { n: props.from })
          : t("policy.publish.title", { name: props.name });

    async function publish(event: Event): Promise<void> {
        event.preventDefault();
        setBusy(true);
        setProblem(null);
        try {
            if (props.text !== undefined) await policyApi.save(props.tenant, props.set, props.name, props.text);
            const done = await policyApi.publish(props.tenant, props.set, {
                scope,
                state,
                ...(note && { note }),
                ...(scope === "percent" && { percent: share }),
                ...(scope === "group" && { group: chosen }),
                ...(props.from && { from: props.from }),
                ...(props.out && { version: props.out.version }),
            });
            props.close(done);
        } catch (error) {
            setProblem(asProblem(error));
            setBusy(false);
        }
    }

    return (
        <Dialog title={title} close={() => props.close(null)}>
            <form class="publish" onSubmit={(event) => void publish(event)}>
                {problem && <ProblemNote problem={problem} />}
                {props.warnings > 0 && <p class="note note-warn">{t("policy.publish.warnings", { n: props.warnings }, props.warnings)}</p>}
                <fieldset>
                    <legend>{t("policy.publish.whom")}</legend>
                    {scopes.map((name) => (
                        <label key={name} class="choice">
                            <input type="radio" name="scope" checked={scope === name} disabled={name === "group" && all.length === 0} onChange={() => setScope(name)} />
                            <span>{tOf("policy.scope", name)}</span>
                        </label>
                    ))}
                    {scope === "percent" && (
                        <label class="publish-share">
                            <input type="range" min="1" max="99" value={share} onInput={(event) => setShare(Number(event.currentTarget.value))} />
                            <output>{share} %</output>
                            <span class="sr-only">{t("policy.publish.share")}</span>
                        </label>
                    )}
                    {scope === "group" && (
                        <select aria-label={t("policy.scope.group")} value={chosen} onChange={(event) => setGroup(event.currentTarget.value)}>
                            {all.map((one) => (
                                <option key={one.id} value={one.id}>
                                    {t("policy.group.agents", { name: one.name, n: one.agents }, one.agents)}
                                </option>
                            ))}
                        </select>
                    )}
                </fieldset>
                <fieldset>
                    <legend>{t("policy.publish.how")}</legend>
                    {(["live", "shadow"] as const).map((name) => (
                        <label key={name} class="choice">
                            <input type="radio" name="state" checked={state === name} onChange={() => setState(name)} />
                            <span>
                                {t(`policy.publish.${name}`)}
                                <small>{t(`policy.publish.${name}.text`)}</small>
                            </span>
                        </label>
                    ))}
                </fieldset>
                {!props.out && (
                    <label class="field">
                        <span>{t("policy.publish.note")}</span>
                        <input value={note} maxLength={400} onInput={(event) => setNote(event.currentTarget.value)} />
                    </label>
                )}
                <footer class="dialog-acts">
                    <button type="button" class="button" onClick={() => props.close(null)}>
                        {t("cancel")}
                    </button>
                    <button type="submit" class="button button-primary" disabled={busy}>
                        {t(props.out ? "policy.rollout.do" : "policy.publish")}
                    </button>
                </footer>
            </form>
        </Dialog>
    );
}
