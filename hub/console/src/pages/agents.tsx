// SPDX-License-Identifier: Apache-2.0
//
// The agents page: which machines report to the hub, how fresh and how complete, and the way to shut one out. The hub finds, sorts and pages them.

import { useState } from "preact/hooks";
import { api, type Agent } from "../api";
import { useNow } from "../clock";
import { Empty } from "../components/empty";
import { EnrolSteps } from "../components/enrol-steps";
import { Icon } from "../components/icon";
import { Link } from "../components/link";
import { PageHead } from "../components/page-head";
import { Pager } from "../components/pager";
import { ProblemNote } from "../components/problem-note";
import { SortChoice, Table } from "../components/table";
import { TypedField } from "../components/typed-field";
import { t } from "../language";
import type { Problem } from "../problem";
import { useResource } from "../resource";
import { goTo, place } from "../router";
import { useStore } from "../store";
import { agentColumns } from "./agents-columns";
import { addressOfAgents, agentStates, askAllOfAgents, askOfAgents, isFilteredAgents, readAgentsView, type AgentFilter, type AgentsView } from "./agents-view";
import { CollectionDialog } from "./collection";
import { ListExport } from "./list-export";
import { ReadNowDialog } from "./read-now";
import { RevokeDialog } from "./revoke-dialog";

/** Cursors of the pages before the shown one, oldest first; the browser keeps them with its history. */
interface Memory {
    cursors: string[];
}

export function Agents() {
    const { query, memory } = useStore(place);
    const view = readAgentsView(query);
    const ask = askOfAgents(view);
    const now = useNow(15_000);
    // What an agent tells sends no event: the half minute in the question asks again.
    const list = useResource(`${ask} ${Math.floor(now / 30_000)}`, (signal) => api.agents(ask, signal));
    const [unsaved, setUnsaved] = useState<Problem | null>(null);
    const [revoking, setRevoking] = useState<Agent | null>(null);
    const [reading, setReading] = useState<Agent | null>(null);
    const [collecting, setCollecting] = useState<Agent | null>(null);

    const rows = list.value?.items ?? [];
    const cursors = (memory as Memory | null)?.cursors;
    const filtered = isFilteredAgents(view);
    const columns = agentColumns(now, setRevoking, setReading, setCollecting);

    function show(change: Partial<AgentsView>, replace = false): void {
        goTo(addressOfAgents({ ...view, cursor: "", page: 1, ...change }), { replace });
    }
    function turn(cursor: string, page: number, before: string[]): void {
        goTo(addressOfAgents({ ...view, cursor, page }), { memory: { cursors: before } satisfies Memory });
    }
    const sortBy = (sort: AgentsView["sort"]): void => show({ sort });
    const next = list.value?.next;
    const previous = cursors?.at(-1);

    return (
        <>
            <PageHead title={t("page.agents")}>
                {rows.length > 0 && (
                    <div class="head-acts">
                        <ListExport
                            query={askAllOfAgents(view)}
                            part={api.agentsFile}
                            file="agents.csv"
                            title={t("agents.csv.title")}
                            onProblem={setUnsaved}
                        />
                    </div>
                )}
            </PageHead>
            {unsaved && <ProblemNote problem={unsaved} />}
            {list.problem && (
                <ProblemNote problem={list.problem} retry={list.problem.status === 400 && view.cursor ? () => turn("", 1, []) : list.reload} />
            )}
            {!list.value && !list.problem && <p class="quiet-start">{t("loading")}</p>}
            {list.value && (list.value.total > 0 || filtered) && <Filters view={view} change={show} />}
            {list.value && rows.length === 0 && <NoAgents filtered={filtered} />}
            {rows.length > 0 && (
                <>
                    <SortChoice columns={columns} sort={view.sort} onSort={sortBy} />
                    <Table<Agent>
                        name="agents"
                        label={t("page.agents")}
                        columns={columns}
                        rows={rows}
                        keyOf={(agent) => agent.id}
                        sort={view.sort}
                        onSort={sortBy}
                        busy={list.busy && list.answers?.split(" ")[0] !== ask}
                    />
                    <Pager
                        first={(view.page - 1) * view.size + 1}
                        shown={rows.length}
                        total={list.value?.total ?? 0}
                        more={list.value?.total_capped}
                        size={view.size}
                        onSize={(size) => show({ size })}
                        toFirst={view.page > 1 ? () => turn("", 1, []) : null}
                        toPrevious={previous === undefined ? null : () => turn(previous, view.page - 1, cursors!.slice(0, -1))}
                        toNext={next ? () => turn(next, view.page + 1, [...(cursors ?? []), view.cursor]) : null}
                    />
                </>
            )}
            {collecting && <CollectionDialog agent={collecting} close={() => setCollecting(null)} />}
            {reading && <ReadNowDialog agent={reading} close={() => setReading(null)} />}
            {revoking && (
                <RevokeDialog
                    agent={revoking}
                    close={(revoked) => {
                        setRevoking(null);
                        if (revoked) list.reload();
                    }}
                />
            )}
        </>
    );
}

function Filters(props: { view: AgentsView; change(change: Partial<AgentsView>, typed?: boolean): void }) {
    const { view, change } = props;
    return (
        <search class="filters filters-open">
            <span class="search">
                <Icon name="search" />
                <TypedField label={t("agents.search")} value={view.search} onValue={(search) => change({ search }, true)} />
                <kbd aria-hidden="true">/</kbd>
            </span>
            <select
                aria-label={t("agents.state")}
                value={view.state}
                class={view.state ? "set" : ""}
                onChange={(event) => change({ state: event.currentTarget.value as AgentFilter })}
            >
                <option value="">{t("agents.state.any")}</option>
                {agentStates.map((state) => (
                    <option key={state} value={state}>
                        {t(`agents.state.${state}`)}
                    </option>
                ))}
            </select>
        </search>
    );
}

function NoAgents(props: { filtered: boolean }) {
    if (props.filtered) {
        return (
            <Empty icon="filter" title={t("agents.none.filtered")}>
                <p>
                    <Link to="/agents">{t("agents.none.filtered.text")}</Link>
                </p>
            </Empty>
        );
    }
    return (
        <Empty icon="agents" title={t("agents.none")}>
            <p>{t("agents.none.text")}</p>
            <EnrolSteps />
        </Empty>
    );
}
