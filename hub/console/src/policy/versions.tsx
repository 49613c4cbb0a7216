// SPDX-License-Identifier: Apache-2.0
//
// What was published, by whom and why; how a version differs from the one before or from the draft; the way back.

import { useState } from "preact/hooks";
import { DiffLines } from "../components/diff-lines";
import { Empty } from "../components/empty";
import { ProblemNote } from "../components/problem-note";
import { fullTime } from "../format";
import { t } from "../language";
import { useResource } from "../resource";
import { policyApi, type Assignment, type PolicySetDetails } from "./api";
import { AssignmentBadge } from "./state";

interface VersionsProps {
    tenant: string;
    set: PolicySetDetails;
    draft: string;
    assignments: readonly Assignment[];
    /** Absent: who looks may not publish. */
    rollBack?(version: number): void;
}

export function Versions(props: VersionsProps) {
    const { set } = props;
    const [opened, setOpened] = useState<number | null>(null);
    if (set.versions.length === 0) {
        return (
            <Empty icon="jobs" title={t("policy.versions.none")}>
                <p>{t("policy.versions.none.text")}</p>
            </Empty>
        );
    }
    return (
        <ol class="versions">
            {set.versions.map((version) => (
                <li key={version.version} class="card version">
                    <header class="version-head">
                        <h3>{t("policy.version", { n: version.version })}</h3>
                        {props.assignments
                            .filter((one) => one.set === set.id && one.version === version.version)
                            .map((one) => (
                                <AssignmentBadge key={one.scope + (one.group ?? "")} assignment={one} />
                            ))}
                        <span class="version-who">
                            {version.author} · {version.created && <time dateTime={version.created}>{fullTime(version.created)}</time>}
                        </span>
                    </header>
                    {(version.note || version.from) && (
                        <p class="version-note">
                            {version.from && <em>{t("policy.version.from", { n: version.from })} </em>}
                            {version.note}
                        </p>
                    )}
                    <div class="version-acts">
                        <button
                            type="button"
                            class="button button-small"
                            aria-expanded={opened === version.version}
                            onClick={() => setOpened(opened === version.version ? null : version.version)}
                        >
                            {t("policy.version.diff")}
                        </button>
                        {props.rollBack && (
                            <button type="button" class="button button-small" onClick={() => props.rollBack!(version.version)}>
                                {t("policy.rollback")}
                            </button>
                        )}
                    </div>
                    {opened === version.version && <Difference {...props} version={version.version} />}
                </li>
            ))}
        </ol>
    );
}

function Difference(props: VersionsProps & { version: number }) {
    const [against, setAgainst] = useState<"before" | "draft">("before");
    const first = props.version === 1;
    const texts = useResource(`${props.set.id} ${props.version}`, async (signal) => {
        const get = (n: number): Promise<string> => policyApi.version(props.tenant, props.set.id, n, signal).then((reply) => reply.text);
        return { own: await get(props.version), before: first ? "" : await get(props.version - 1) };
    });
    if (texts.problem) return <ProblemNote problem={texts.problem} retry={texts.reload} />;
    if (!texts.value) return <p class="soft">{t("loading")}</p>;
    return (
        <div>
            <div class="segments" role="group" aria-label={t("policy.version.diff")}>
                {(["before", "draft"] as const).map((name) => (
                    <button key={name} type="button" aria-pressed={against === name} onClick={() => setAgainst(name)}>
                        {t(`policy.diff.${name}`)}
                    </button>
                ))}
            </div>
            {against === "draft" ? <DiffLines before={texts.value.own} after={props.draft} /> : <DiffLines before={texts.value.before} after={texts.value.own} />}
        </div>
    );
}
