// SPDX-License-Identifier: Apache-2.0
//
// The policies page: the sets and where they are in force, which PCs have them, groups of PCs; and, with a set in the address, its editor.

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Badge } from "../components/badge";
import { Dialog } from "../components/dialog";
import { Empty } from "../components/empty";
import { Link } from "../components/link";
import { PageHead } from "../components/page-head";
import { ProblemNote } from "../components/problem-note";
import { Table, type Column } from "../components/table";
import { Text } from "../components/unknown";
import { fullTime, number, shortTime } from "../format";
import { t } from "../language";
import { policyApi, type Assignment, type PolicyAgent, type PolicyList, type PolicySet } from "../policy/api";
import { Editor } from "../policy/editor";
import { emptySet, writeSet } from "../policy/model";
import { AssignmentBadge, TenantChoice, useTenant } from "../policy/state";
import { asProblem, type Problem } from "../problem";
import { useResource } from "../resource";
import { goTo, place } from "../router";
import { useStore } from "../store";

export function Policies() {
    const { query } = useStore(place);
    const { tenant, tenants, list } = useTenant();
    const set = query.get("set");
    if (list.problem) return <ProblemNote problem={list.problem} retry={list.reload} />;
    if (!list.value) return <p class="quiet-start">{t("loading")}</p>;
    if (tenants.length === 0) {
        return (
            <>
                <PageHead title={t("page.policies")} />
                <Empty icon="agents" title={t("policy.no.tenant")}>
                    <p>{t("policy.no.tenant.text")}</p>
                </Empty>
            </>
        );
    }
    return set ? <OneSet key={`${tenant} ${set}`} tenant={tenant} id={set} /> : <Sets key={tenant} tenant={tenant} tenants={tenants} />;
}

function OneSet(props: { tenant: string; id: string }) {
    const set = useResource(props.id, (signal) => policyApi.set(props.tenant, props.id, signal));
    const list = useResource(props.id, (signal) => policyApi.list(props.tenant, signal));
    const groups = useResource(props.tenant, (signal) => policyApi.groups(props.tenant, signal));
    const problem = set.problem ?? list.problem;
    if (problem) return <ProblemNote problem={problem} retry={set.reload} />;
    if (!set.value) return <p class="quiet-start">{t("loading")}</p>;
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
    const [making, setMaking] = useState<"set" | "group" | null>(null);
    const names = new Map((groups.value?.items ?? []).map((one) => [one.id, one.name]));
    const done = (): void => {
        setMaking(null);
        list.reload();
        groups.reload();
    };
    return (
        <>
            <PageHead title={t("page.policies")}>
                <div class="head-acts">
                    <TenantChoice tenant={tenant} tenants={props.tenants} path="/policies" />
                    <button type="button" class="button" onClick={() => setMaking("group")}>
                        {t("policy.group.new")}
                    </button>
                    <button type="button" class="button button-primary" onClick={() => setMaking("set")}>
                        {t("policy.new")}
                    </button>
                </div>
            </PageHead>
            {list.problem && <ProblemNote problem={list.problem} retry={list.reload} />}
            {list.value?.sets.length === 0 && (
                <Empty icon="jobs" title={t("policy.none")}>
                    <p>{t("policy.none.text")}</p>
                </Empty>
            )}
            {list.value && list.value.sets.length > 0 && <SetCards tenant={tenant} list={list.value} agents={agents.value?.items ?? []} groups={names} reload={list.reload} />}
            {agents.value && agents.value.items.length > 0 && list.value && list.value.serial > 0 && <Fleet list={list.value} agents={agents.value.items} />}
            {making === "set" && <NewSet tenant={tenant} close={() => setMaking(null)} />}
            {making === "group" && <NewGroup tenant={tenant} agents={agents.value?.items ?? []} close={done} />}
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
    const [problem, setProblem] = useState<Problem | null>(null);
    async function withdraw(assignment: Assignment): Promise<void> {
        try {
            await policyApi.withdraw(props.tenant, assignment);
            props.reload();
        } catch (error) {
            setProblem(asProblem(error));
        }
    }
    return (
        <>
            {problem && <ProblemNote problem={problem} />}
            <ul class="sets">
                {list.sets.map((set) => (
                    <SetCard key={set.id} {...props} set={set} withdraw={(one) => void withdraw(one)} />
                ))}
            </ul>
        </>
    );
}

function SetCard(props: CardsProps & { set: PolicySet; withdraw(assignment: Assignment): void }) {
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
                        <button type="button" class="button button-small button-quiet" onClick={() => props.withdraw(one)}>
                            {t("policy.withdraw")}
                        </button>
                    </li>
                ))}
            </ul>
            <p class="soft">{t("policy.agents.have", { n: number(having.length) }, having.length)}</p>
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

/** A dialog that makes something with a name. */
function MakeDialog(props: { title: string; make(name: string): Promise<void>; close(): void; children?: ComponentChildren }) {
    const [name, setName] = useState("");
    const [problem, setProblem] = useState<Problem | null>(null);
    async function make(event: Event): Promise<void> {
        event.preventDefault();
        try {
            await props.make(name.trim());
        } catch (error) {
            setProblem(asProblem(error));
        }
    }
    return (
        <Dialog title={props.title} close={props.close}>
            <form class="publish" onSubmit={(event) => void make(event)}>
                {problem && <ProblemNote problem={problem} />}
                <label class="field">
                    <span>{t("policy.name")}</span>
                    <input value={name} maxLength={100} required onInput={(event) => setName(event.currentTarget.value)} />
                </label>
                {props.children}
                <footer class="dialog-acts">
                    <button type="button" class="button" onClick={props.close}>
                        {t("cancel")}
                    </button>
                    <button type="submit" class="button button-primary" disabled={!name.trim()}>
                        {t("policy.make")}
                    </button>
                </footer>
            </form>
        </Dialog>
    );
}

function NewSet(props: { tenant: string; close(): void }) {
    async function make(name: string): Promise<void> {
        const { id } = await policyApi.make(props.tenant, name, writeSet(emptySet()));
        goTo(`/policies?${new URLSearchParams({ tenant: props.tenant, set: id })}`);
    }
    return <MakeDialog title={t("policy.new")} make={make} close={props.close} />;
}

function NewGroup(props: { tenant: string; agents: readonly PolicyAgent[]; close(): void }) {
    const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
    async function make(name: string): Promise<void> {
        await policyApi.makeGroup(props.tenant, name, [...chosen]);
        props.close();
    }
    function choose(agent: string, is: boolean): void {
        const next = new Set(chosen);
        if (is) next.add(agent);
        else next.delete(agent);
        setChosen(next);
    }
    return (
        <MakeDialog title={t("policy.group.new")} make={make} close={props.close}>
            <fieldset class="members">
                <legend>{t("policy.group.members")}</legend>
                {props.agents.map((one) => (
                    <label key={one.agent} class="check">
                        <input type="checkbox" checked={chosen.has(one.agent)} onChange={(event) => choose(one.agent, event.currentTarget.checked)} />
                        {one.machine ?? one.agent}
                    </label>
                ))}
            </fieldset>
        </MakeDialog>
    );
}
