// SPDX-License-Identifier: Apache-2.0
//
// The question before an agent is shut out: what it means, and how the machine would come back.

import { useEffect, useRef, useState } from "preact/hooks";
import { api, type Agent } from "../api";
import { Dialog } from "../components/dialog";
import { ProblemNote } from "../components/problem-note";
import { toast } from "../components/toast";
import { t } from "../language";
import { asProblem, type Problem } from "../problem";

export function RevokeDialog(props: { agent: Agent; close(revoked: boolean): void }) {
    const { agent } = props;
    const [problem, setProblem] = useState<Problem | null>(null);
    const [busy, setBusy] = useState(false);
    const cancel = useRef<HTMLButtonElement>(null);

    useEffect(() => cancel.current?.focus(), []);

    async function revoke(): Promise<void> {
        setBusy(true);
        setProblem(null);
        try {
            await api.revoke(agent.id);
            toast(t("revoke.done", { machine: agent.machine }));
            props.close(true);
        } catch (error) {
            setProblem(asProblem(error));
            setBusy(false);
        }
    }

    return (
        <Dialog title={t("revoke.title", { machine: agent.machine })} close={() => props.close(false)}>
            {problem && <ProblemNote problem={problem} />}
            <p>{t("revoke.text")}</p>
            <p>{t("revoke.back")}</p>
            <dl class="facts">
                <div>
                    <dt>{t("tenant")}</dt>
                    <dd>{agent.tenant}</dd>
                </div>
                <div>
                    <dt>{t("record.agent")}</dt>
                    <dd>
                        <code>{agent.id}</code>
                    </dd>
                </div>
            </dl>
            <footer class="dialog-acts">
                <button ref={cancel} type="button" class="button" onClick={() => props.close(false)}>
                    {t("cancel")}
                </button>
                <button type="button" class="button button-danger" disabled={busy} onClick={() => void revoke()}>
                    {t("revoke")}
                </button>
            </footer>
        </Dialog>
    );
}
