// SPDX-License-Identifier: Apache-2.0
//
// Groups of PCs, to which a version is published: made, changed, removed. Removing one takes its assignment away.

import { useState } from "preact/hooks";
import { ConfirmDialog } from "../components/confirm-dialog";
import { FormDialog } from "../components/form-dialog";
import { ProblemNote } from "../components/problem-note";
import { toast } from "../components/toast";
import { number } from "../format";
import { t } from "../language";
import { useResource } from "../resource";
import { holds } from "../session";
import { policyApi, type Group, type PolicyAgent } from "./api";

interface GroupsProps {
    tenant: string;
    groups: readonly Group[];
    agents: readonly PolicyAgent[];
    changed(): void;
}

export function PcGroups(props: GroupsProps) {
    const { groups } = props;
    const [editing, setEditing] = useState<Group | "new" | null>(null);
    const [removing, setRemoving] = useState<Group | null>(null);
    const change = holds("policies.change");
    const done = (text: string): void => {
        toast(text);
        setEditing(null);
        setRemoving(null);
        props.changed();
    };
    if (groups.length === 0 && !change) return null;
    return (
        <section class="pc-groups">
            <div class="forms-head">
                <h2>{t("policy.groups")}</h2>
                {change && (
                    <button type="button" class="button" onClick={() => setEditing("new")}>
                        {t("policy.group.new")}
                    </button>
                )}
            </div>
            {groups.length === 0 && <p class="soft">{t("policy.groups.none")}</p>}
            <ul class="pc-group-list">
                {groups.map((group) => (
                    <li key={group.id}>
                        <span>{t("policy.group.agents", { name: group.name, n: number(group.agents) }, group.agents)}</span>
                        {change && (
                            <span class="row-acts">
                                <button type="button" class="button button-small" aria-label={t("groups.edit.of", { name: group.name })} onClick={() => setEditing(group)}>
                                    {t("accounts.edit")}
                                </button>
                                <button type="button" class="button button-small" aria-label={t("groups.remove.of", { name: group.name })} onClick={() => setRemoving(group)}>
                                    {t("groups.remove")}
                                </button>
                            </span>
                        )}
                    </li>
                ))}
            </ul>
            {editing && <EditGroup {...props} group={editing === "new" ? null : editing} close={() => setEditing(null)} saved={(name) => done(t("groups.saved", { name }))} />}
            {removing && (
                <ConfirmDialog
                    title={t("groups.remove.of", { name: removing.name })}
                    act={t("groups.remove")}
                    run={() => policyApi.dropGroup(props.tenant, removing.id)}
                    close={(gone) => (gone ? done(t("groups.removed", { name: removing.name })) : setRemoving(null))}
                >
                    <p>{t("policy.group.remove.text")}</p>
                </ConfirmDialog>
            )}
        </section>
    );
}

function EditGroup(props: GroupsProps & { group: Group | null; close(): void; saved(name: string): void }) {
    const { tenant, group } = props;
    const members = useResource(group?.id ?? "", async (signal) => (group ? policyApi.members(tenant, group.id, signal) : { agents: [] }));
    const [name, setName] = useState(group?.name ?? "");
    const [typed, setTyped] = useState<ReadonlySet<string> | null>(null);
    const [search, setSearch] = useState("");
    const chosen = typed ?? new Set(members.value?.agents ?? []);
    const nameOf = (one: PolicyAgent): string => one.machine ?? one.agent;
    const shown = props.agents.filter((one) => nameOf(one).toLowerCase().includes(search.toLowerCase())).slice(0, 200);

    function choose(agents: readonly PolicyAgent[], is: boolean): void {
        const next = new Set(chosen);
        for (const { agent } of agents) {
            if (is) next.add(agent);
            else next.delete(agent);
        }
        setTyped(next);
    }
    async function send(): Promise<void> {
        if (group) await policyApi.changeGroup(tenant, group.id, name.trim(), [...chosen]);
        else await policyApi.makeGroup(tenant, name.trim(), [...chosen]);
        props.saved(name.trim());
    }

    return (
        <FormDialog
            title={group ? t("groups.edit.of", { name: group.name }) : t("policy.group.new")}
            submit={t(group ? "policy.save.short" : "policy.make")}
            ready={name.trim() !== "" && members.value !== null}
            close={props.close}
            send={send}
        >
            {members.problem && <ProblemNote problem={members.problem} retry={members.reload} />}
            <label class="field">
                <span>{t("policy.name")}</span>
                <input value={name} maxLength={100} required onInput={(event) => setName(event.currentTarget.value)} />
            </label>
            <fieldset class="members">
                <legend>{t("policy.group.chosen", { n: number(chosen.size) })}</legend>
                {props.agents.length > 10 && (
                    <div class="members-find">
                        <input type="search" aria-label={t("policy.group.search")} placeholder={t("policy.group.search")} value={search} onInput={(event) => setSearch(event.currentTarget.value)} />
                        <button type="button" class="button button-small" onClick={() => choose(shown, !shown.every((one) => chosen.has(one.agent)))}>
                            {t("policy.group.shown", { n: number(shown.length) })}
                        </button>
                    </div>
                )}
                {props.agents.length === 0 && <p class="soft">{t("policy.group.no.pcs")}</p>}
                {shown.map((one) => (
                    <label key={one.agent} class="check">
                        <input type="checkbox" checked={chosen.has(one.agent)} onChange={(event) => choose([one], event.currentTarget.checked)} />
                        {nameOf(one)}
                    </label>
                ))}
            </fieldset>
        </FormDialog>
    );
}
