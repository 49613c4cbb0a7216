// SPDX-License-Identifier: Apache-2.0
//
// The rules: what each looks at in a sentence, how many of its alerts are open, and the form behind it.

import { useState } from "preact/hooks";
import { Badge } from "../components/badge";
import { ConfirmDialog } from "../components/confirm-dialog";
import { Empty } from "../components/empty";
import { ProblemNote } from "../components/problem-note";
import { toast } from "../components/toast";
import { number, shortTime } from "../format";
import { t } from "../language";
import { TenantChoice, useTenant } from "../policy/state";
import { useResource } from "../resource";
import { holds } from "../session";
import { alertApi, type Rule } from "./api";
import { RuleForm } from "./rule-form";

export function RulesView() {
    const { tenant, tenants } = useTenant();
    const list = useResource("rules", (signal) => alertApi.rules(signal));
    const [editing, setEditing] = useState<Rule | "new" | null>(null);
    const [removing, setRemoving] = useState<Rule | null>(null);
    const change = holds("alerts.change");
    const rules = list.value?.items ?? [];

    return (
        <>
            {list.problem && <ProblemNote problem={list.problem} retry={list.reload} />}
            {change && list.value && (
                <div class="alerts-acts">
                    <TenantChoice tenant={tenant} tenants={tenants} path="/alerts/rules" />
                    <button type="button" class="button button-primary" onClick={() => setEditing("new")}>
                        {t("alerts.rule.new")}
                    </button>
                </div>
            )}
            {list.value && rules.length === 0 && (
                <Empty icon="bell" title={t("alerts.no.rules")}>
                    <p>{t("alerts.no.rules.text")}</p>
                </Empty>
            )}
            <ul class="sets">
                {rules.map((rule) => (
                    <li key={rule.id} class="card set alert-rule">
                        <h2>{rule.name}</h2>
                        <p>
                            <Badge tone={!rule.enabled ? "plain" : rule.open > 0 ? "bad" : "good"} text={rule.enabled ? t("alerts.rule.open", { n: number(rule.open) }) : t("alerts.rule.off")} />{" "}
                            {t(`alerts.kind.${rule.kind}`)}
                        </p>
                        <p class="soft">
                            {rule.tenant}
                            {rule.channels.length === 0 && ` · ${t("alerts.rule.console")}`}
                            {rule.last_message && ` · ${t("alerts.rule.last", { time: shortTime(rule.last_message) })}`}
                        </p>
                        {change && (
                            <span class="row-acts">
                                <button type="button" class="button button-small" aria-label={t("alerts.rule.edit.of", { name: rule.name })} onClick={() => setEditing(rule)}>
                                    {t("accounts.edit")}
                                </button>
                                <button type="button" class="button button-small" aria-label={t("alerts.remove.of", { name: rule.name })} onClick={() => setRemoving(rule)}>
                                    {t("alerts.remove")}
                                </button>
                            </span>
                        )}
                    </li>
                ))}
            </ul>
            {removing && (
                <ConfirmDialog
                    title={t("alerts.remove.of", { name: removing.name })}
                    act={t("alerts.remove")}
                    close={(done) => {
                        setRemoving(null);
                        if (!done) return;
                        toast(t("alerts.removed", { name: removing.name }));
                        list.reload();
                    }}
                    run={() => alertApi.dropRule(removing.id)}
                >
                    <p>{t("alerts.remove.rule")}</p>
                </ConfirmDialog>
            )}
            {editing && (
                <RuleForm
                    tenant={tenant}
                    rule={editing === "new" ? null : editing}
                    zones={list.value?.zones ?? []}
                    close={(name) => {
                        setEditing(null);
                        if (!name) return;
                        toast(t("alerts.rule.saved", { name }));
                        list.reload();
                    }}
                />
            )}
        </>
    );
}
