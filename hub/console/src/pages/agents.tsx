// SPDX-License-Identifier: Apache-2.0
//
// The agents page: which machines report to the hub, how fresh and how complete, and the way to shut one out.

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
import { useResource } from "../resource";
import { goTo, place } from "../router";
import { useStore } from "../store";
import { agentColumns } from "./agents-columns";
import { addressOfAgents, agentStates, readAgentsView, selectAgents, type AgentFilter, type AgentsView } from "./agents-list";
import { CollectionDialog } from "./collection";
import { ReadNowDialog } from "./read-now";
import { RevokeDialog } from "./revoke-dialog";

export function Agents() {
    const view = readAgentsView(useStore(place).query);
    const now = useNow(15_000);
    const list = useResource(String(Math.floor(now / 30_000)), (signal) => api.agents(signal));
    const [revoking, setRevoking] = useState<Agent | null>(null);
    const [reading, setReading] = useState<Agent | null>(null);
    const [collecting, setCollecting] = useState<Agent | null>(null);

    const all = list.value?.items ?? [];
    const selected = selectAgents(all, view, now);
    const page = Math.min(view.page, Math.max(1, Math.ceil(selected.length / view.size)));
    const first = (page - 1) * view.size;
    const rows = selected.slice(first, first + view.size);
    const columns = agentColumns(now, setRevoking, setReading, setCollecting);

    function show(change: Partial<AgentsView>, replace = false): void {
        goTo(addressOfAgents({ ...view, page: 1, ...change }), { replace });
    }
    const sortBy = (sort: AgentsView["sort"]): void => show({ sort });
    const turn = (to: number): (() => void) | null =>
        to >= 1 && (to - 1) * view.size < selected.length && to !== page ? () => show({ page: to }) : null;

    return (
        <>
            <PageHead title={t("page.agents")} />
            {list.problem && <ProblemNote problem={list.problem} retry={list.reload} />}
            {!list.value && !list.problem && <p class="quiet-start">{t("loading")}</p>}
            {list.value && all.length === 0 && (
                <Empty icon="agents" title={t("agents.none")}>
                    <p>{t("agents.none.text")}</p>
                    <EnrolSteps />
                </Empty>
            )}
            {all.length > 0 && (
                <search class="filters filters-open">
                    <span class="search">
                        <Icon name="search" />
                        <TypedField label={t("agents.search")} value={view.search} onValue={(search) => show({ search }, true)} />
                        <kbd aria-hidden="true">/</kbd>
                    </span>
                    <select
                        aria-label={t("agents.state")}
                        value={view.state}
                        class={view.state ? "set" : ""}
                        onChange={(event) => show({ state: event.currentTarget.value as AgentFilter })}
                    >
                        <option value="">{t("agents.state.any")}</option>
                        {agentStates.map((state) => (
                            <option key={state} value={state}>
                                {t(`agents.state.${state}`)}
                            </option>
                        ))}
                    </select>
                </search>
            )}
            {all.length > 0 && rows.length === 0 && (
                <Empty icon="filter" title={t("agents.none.filtered")}>
                    <p>
                        <Link to="/agents">{t("agents.none.filtered.text")}</Link>
                    </p>
                </Empty>
            )}
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
                        busy={list.busy && !list.value}
                    />
                    <Pager
                        first={first + 1}
                        shown={rows.length}
                        total={selected.length}
                        size={view.size}
                        onSize={(size) => show({ size })}
                        toFirst={page > 1 ? turn(1) : null}
                        toPrevious={turn(page - 1)}
                        toNext={turn(page + 1)}
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
