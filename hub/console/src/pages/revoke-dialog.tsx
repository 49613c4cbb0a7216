// SPDX-License-Identifier: Apache-2.0
//
// The question before an agent is shut out: what it means, and how the machine would come back.

import { api, type Agent } from "../api";
import { ConfirmDialog } from "../components/confirm-dialog";
import { toast } from "../components/toast";
import { t } from "../language";

export function RevokeDialog(props: { agent: Agent; close(revoked: boolean): void }) {
    const { agent } = props;

    async function revoke(): Promise<void> {
        await api.revoke(agent.id);
        toast(t("revoke.done", { machine: agent.machine }));
    }

    return (
        <ConfirmDialog title={t("revoke.title", { machine: agent.machine })} act={t("revoke")} close={props.close} run={revoke}>
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
        </ConfirmDialog>
    );
}
