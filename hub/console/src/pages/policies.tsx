// SPDX-License-Identifier: Apache-2.0
//
// The policies page: the sets and where they are in force, which PCs have them, groups of PCs; and, with a set in the address, its editor. Who may
// not change policies sees no button that would be refused.

import { useState } from "preact/hooks";
import { Badge } from "../components/badge";
import { ConfirmDialog } from "../components/confirm-dialog";
import { Empty } from "../components/empty";
import { FormDialog } from "../components/form-dialog";
import { Link } from "../components/link";
import { PageHead } from "../components/page-head";
import { ProblemNote } from "../components/problem-note";
import { Table, type Column } from "../components/table";
import { toast } from "../components/toast";
import { Text } from "../components/unknown";
import { fullTime, number, shortTime } from "../format";
import { t } from "../language";
import { policyApi, type Assignment, type PolicyAgent, type PolicyList, type PolicySet, type PolicySetDetails } from "../policy/api";
import { Editor } from "../policy/editor";
import { emptySet, writeSet } from "../policy/model";
import { PcGroups } from "../policy/pc-groups";
import { PublishDialog } from "../policy/publish-dialog";
import { Versions } from "../policy/versions";
import { AssignmentBadge, TenantChoice, TenantGate } from "../policy/state";
import { useResource } from "../resource";
import { goTo, place } from "../router";
import { holds } from "../session";
import { useStore } from "../store";

export function Policies() {
    const set = useStore(place).query.get("set");
    return (
        <TenantGate title={t("page.policies")}>
            {(tenant, tenants) => (set ? <OneSet key={`${tenant} ${set}`} tenant={tenant} id={set} /> : <Sets key={tenant} tenant={tenant} tenants={tenants} />)}
        </TenantGate>
    );
}

/** Only read any more: its name, who removed it, and its versions. */
function RemovedSet(props: { tenant: string; set: PolicySetDetails }) {
    const { set } = props;
    return (
        <>
            <PageHead title={set.name} />
            <p class="note note-info">{t("policy.removed.by", { name: set.removed_by ?? "", time: fullTime(set.removed!) })}</p>
            <Versions tenant={props.tenant} set={set} draft={set.draft ?? ""} assignments={[]} />
        </>
    );
}

const standing = (list: PolicyList): PolicySet[] => list.sets.filter((set) => !set.removed);

function OneSet(props: { tenant: string; id: string }) {
    const set = useResource(props.id, (signal) => policyApi.set(props.tenant, props.id, signal));
    const list = useResource(props.id, (signal) => policyApi.list(props.tenant, signal));
    const groups = useResource(props.tenant, (signal) => policyApi.groups(props.tenant, signal));
    const problem = set.problem ?? list.problem;
    if (problem) return <ProblemNote problem={problem} retry={set.reload} />;
    if (!set.value) return <p class="quiet-start">{t("loading")}</p>;
    if (set.value.removed) return <RemovedSet tenant={props.tenant} set={set.value} />;
    return (
        <Editor
            tenant={props.tenant}
            set={set.value}
            assignments={list.value?.assignments ?? []}
            groups={new Map((groups.value?.items ?? []).map((one) => [one.id, one.name]))}
            reload={() => {
                set.reload();
                list.reload();
            }}
        />
    );
}

function Sets(props: { tenant: string; tenants: readonly string[] }) {
    const { tenant } = props;
    const list = useResource(tenant, (signal) => policyApi.list(tenant, signal));
    const agents = useResource(tenant, (signal) => policyApi.agents(tenant, signal));
    const groups = useResource(tenant, (signal) => policyApi.groups(tenant, signal));
    const [making, setMaking] = useState(false);
    const change = holds("policies.change");
    const names = new Map((groups.value?.items ?? []).map((one) => [one.id, one.name]));
    return (
        <>
            <PageHead title={t("page.policies")}>
                <div class="head-acts">
                    <TenantChoice tenant={tenant} tenants={props.tenants} path="/policies" />
                    {change && (
                        <button type="button" class="button button-primary" onClick={() => setMaking(true)}>
                            {t("policy.new")}
                        </button>
                    )}
                </div>
            </PageHead>
            {list.problem && <ProblemNote problem={list.problem} retry={list.reload} />}
            {list.value && standing(list.value).length === 0 && (
                <Empty icon="jobs" title={t("policy.none")}>
                    <p>{t(change ? "policy.none.text" : "policy.readonly.none")}</p>
                </Empty>
            )}
            {list.value && standing(list.value).length > 0 && <SetCards tenant={tenant} list={list.value} agents={agents.value?.items ?? []} groups={names} reload={list.reload} />}
            {list.value && <RemovedSets tenant={tenant} sets={list.value.sets.filter((set) => set.removed)} />}
            {agents.value && agents.value.items.length > 0 && list.value && list.value.serial > 0 && <Fleet list={list.value} agents={agents.value.items} />}
            {groups.value && agents.value && (
                <PcGroups
                    tenant={tenant}
                    groups={groups.value.items}
                    agents={agents.value.items}
                    changed={() => {
                        groups.reload();
                        list.reload();
                    }}
                />
            )}
            {making && <NewSet tenant={tenant} close={() => setMaking(false)} />}
        </>
    );
}

interface CardsProps {
    tenant: string;
    list: PolicyList;
    agents: readonly PolicyAgent[];
    groups: ReadonlyMap<string, string>;
    reload(): void;
}

function SetCards(props: CardsProps) {
    const { list } = props;
    const [open, setOpen] = useState<{ kind: "withdraw" | "rollout"; assignment: Assignment } | null>(null);
    const close = (done: boolean): void => {
        setOpen(null);
        if (done) props.reload();
    };
    const [removing, setRemoving] = useState<PolicySet | null>(null);
    const nameOf = (set: string): string => list.sets.find((one) => one.id === set)?.name ?? set;
    return (
        <>
            <ul class="sets">
                {standing(list).map((set) => (
                    <SetCard key={set.id} {...props} set={set} remove={setRemoving} open={(kind, assignment) => setOpen({ kind, assignment })} />
                ))}
            </ul>
            {open?.kind === "withdraw" && (
                <ConfirmDialog
                    title={t("policy.withdraw.of", { name: nameOf(open.assignment.set) })}
                    act={t("policy.withdraw")}
                    mild
                    run={() => policyApi.withdraw(props.tenant, open.assignment)}
                    close={close}
                >
                    <p>{t("policy.withdraw.text")}</p>
                </ConfirmDialog>
            )}
            {removing && (
                <ConfirmDialog
                    title={t("policy.remove.of", { name: removing.name })}
                    act={t("policy.remove")}
                    run={() => policyApi.remove(props.tenant, removing.id)}
                    close={(gone) => {
                        setRemoving(null);
                        if (gone) toast(t("policy.remove.done", { name: removing.name }));
                        close(gone);
                    }}
                >
                    <p>{t("policy.remove.text")}</p>
                </ConfirmDialog>
            )}
            {open?.kind === "rollout" && (
                <PublishDialog
                    tenant={props.tenant}
                    set={open.assignment.set}
                    name={nameOf(open.assignment.set)}
                    out={open.assignment}
                    warnings={0}
                    close={(published) => {
                        if (published) toast(t("policy.published", { n: published.version }));
                        close(published !== null);
                    }}
                />
            )}
        </>
    );
}

/** Sets that are only read any more: records name them. */
function RemovedSets(props: { tenant: string; sets: readonly PolicySet[] }) {
    if (props.sets.length === 0) return null;
    return (
        <details class="removed-sets">
            <summary>{t("policy.removed", { n: number(props.sets.length) }, props.sets.length)}</summary>
            <ul>
                {props.sets.map((set) => (
                    <li key={set.id}>
                        <Link to={`/policies?${new URLSearchParams({ tenant: props.tenant, set: set.id })}`}>{set.name}</Link>{" "}
                        <span class="soft">{t("policy.removed.by", { name: set.removed_by ?? "", time: fullTime(set.removed!) })}</span>
                    </li>
                ))}
            </ul>
        </details>
    );
}

function SetCard(props: CardsProps & { set: PolicySet; remove(set: PolicySet): void; open(kind: "withdraw" | "rollout", assignment: Assignment): void }) {
    const { set, list } = props;
    const own = list.assignments.filter((one) => one.set === set.id);
    const having = props.agents.filter((one) => one.set === set.id);
    return (
        <li class="card set">
            <h2>
                <Link to={`/policies?${new URLSearchParams({ tenant: props.tenant, set: set.id })}`}>{set.name}</Link>
            </h2>
            <p class="soft">
                {set.latest ? t("policy.version", { n: set.latest }) : t("policy.state.draft")}
                {set.draft_at && ` · ${t("policy.draft.of", { name: set.draft_by ?? "", time: fullTime(set.draft_at) })}`}
            </p>
            <ul class="set-states">
                {own.length === 0 && (
                    <li>
                        <Badge tone="plain" text={t("policy.not.assigned")} />
                    </li>
                )}
                {own.map((one) => (
                    <li key={one.scope + (one.group ?? "")}>
                        <AssignmentBadge assignment={one} groups={props.groups} />
                        <span class="soft">{t("policy.version", { n: one.version })}</span>
                        {one.state === "shadow" && <Link to={`/violations?${new URLSearchParams({ tenant: props.tenant, shadow: "true" })}`}>{t("policy.shadow.results")}</Link>}
                        {holds("policies.change") && (
                            <span class="row-acts">
                                <button type="button" class="button button-small" onClick={() => props.open("rollout", one)}>
                                    {t("policy.rollout")}
                                </button>
                                <button type="button" class="button button-small button-quiet" onClick={() => props.open("withdraw", one)}>
                                    {t("policy.withdraw")}
                                </button>
                            </span>
                        )}
                    </li>
                ))}
            </ul>
            <p class="soft">{t("policy.agents.have", { n: number(having.length) }, having.length)}</p>
            {own.length === 0 && holds("policies.change") && (
                <p>
                    <button type="button" class="button button-small button-quiet" aria-label={t("policy.remove.of", { name: set.name })} onClick={() => props.remove(set)}>
                        {t("policy.remove")}
                    </button>
                </p>
            )}
        </li>
    );
}

/** Which PC has which version; those with a problem first. */
function Fleet(props: { list: PolicyList; agents: readonly PolicyAgent[] }) {
    const names = new Map(props.list.sets.map((set) => [set.id, set.name]));
    const behind = (one: PolicyAgent): boolean => one.serial !== props.list.serial;
    const rank = (one: PolicyAgent): number => (one.problem ? 0 : behind(one) ? 1 : 2);
    const rows = [...props.agents].sort((a, b) => rank(a) - rank(b) || (a.machine ?? "").localeCompare(b.machine ?? "")).slice(0, 200);
    const current = props.agents.filter((one) => !behind(one)).length;
    const columns: Column<PolicyAgent>[] = [
        { id: "machine", title: t("agent.machine"), cell: (one) => one.machine ?? one.agent, whole: (one) => one.machine ?? one.agent },
        { id: "set", title: t("policy.set"), cell: (one) => <Text value={one.set && (names.get(one.set) ?? one.set)} /> },
        { id: "version", title: t("policy.version.short"), kind: "number", cell: (one) => (one.version === null ? "–" : number(one.version)) },
        {
            id: "state",
            title: t("policy.state"),
            cell: (one) =>
                one.problem ? (
                    <Badge tone="bad" text={t("policy.agent.refused")} title={one.problem} />
                ) : behind(one) ? (
                    <Badge tone="warn" text={t("policy.agent.behind")} />
                ) : (
                    <Badge tone="good" text={t("policy.agent.current")} />
                ),
        },
        { id: "why", title: t("policy.agent.problem"), cell: (one) => one.problem && <span lang="en">{one.problem}</span>, whole: (one) => one.problem ?? undefined },
        { id: "at", title: t("policy.agent.at"), cell: (one) => one.at && <time dateTime={one.at} title={fullTime(one.at)}>{shortTime(one.at)}</time> },
    ];
    return (
        <section class="fleet">
            <h2>{t("policy.fleet", { n: number(current), all: number(props.agents.length) })}</h2>
            <Table<PolicyAgent>
                name="policy-agents"
                label={t("policy.fleet.label")}
                columns={columns}
                rows={rows}
                keyOf={(one) => one.agent}
                sort={{ by: "", order: "asc" }}
                onSort={() => undefined}
                busy={false}
            />
        </section>
    );
}

function NewSet(props: { tenant: string; close(): void }) {
    const [name, setName] = useState("");
    async function send(): Promise<void> {
        const { id } = await policyApi.make(props.tenant, name.trim(), writeSet(emptySet()));
        goTo(`/policies?${new URLSearchParams({ tenant: props.tenant, set: id })}`);
    }
    return (
        <FormDialog title={t("policy.new")} submit={t("policy.make")} ready={name.trim() !== ""} close={props.close} send={send}>
            <label class="field">
                <span>{t("policy.name")}</span>
                <input value={name} maxLength={100} required onInput={(event) => setName(event.currentTarget.value)} />
            </label>
        </FormDialog>
    );
}
