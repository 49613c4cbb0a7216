// SPDX-License-Identifier: Apache-2.0
//
// The columns of the agents table. What they say of a time depends on `now`.

import { certificateOf, stateOf } from "../agent-state";
import type { Agent } from "../api";
import { Badge } from "../components/badge";
import { Link } from "../components/link";
import type { Column } from "../components/table";
import { Text, Unknown } from "../components/unknown";
import { date, fullTime, number, relative } from "../format";
import { t } from "../language";
import { holds } from "../session";

export function agentColumns(now: number, revoke: (agent: Agent) => void, readNow: (agent: Agent) => void, collect: (agent: Agent) => void): Column<Agent>[] {
    return [
        {
            id: "machine",
            title: t("agent.machine"),
            sortable: true,
            cell: (agent) => {
                const machine = agent.machine;
                return (
                    <Link to={`/jobs?${new URLSearchParams({ machine })}`} title={t("agent.jobs", { machine })}>
                        {machine || agent.id}
                    </Link>
                );
            },
        },
        { id: "state", title: t("agents.state"), cell: (agent) => <StateBadge agent={agent} now={now} /> },
        {
            id: "seen",
            title: t("agent.seen"),
            sortable: true,
            firstOrder: "desc",
            cell: (agent) => <LastSeen instant={agent.last_seen} now={now} />,
        },
        { id: "tenant", title: t("tenant"), sortable: true, cell: (agent) => agent.tenant, whole: (agent) => agent.tenant },
        {
            id: "os",
            title: t("agent.os"),
            sortable: true,
            cell: (agent) => <Text value={agent.os} />,
            whole: (agent) => agent.os ?? undefined,
        },
        { id: "version", title: t("agent.version"), sortable: true, cell: (agent) => <Text value={agent.version} /> },
        {
            id: "durable",
            title: t("agent.durable"),
            hint: t("agent.durable.hint"),
            kind: "number",
            cell: (agent) => number(agent.durable),
        },
        {
            id: "certificate",
            title: t("agent.certificate"),
            sortable: true,
            cell: (agent) => <Certificate agent={agent} now={now} />,
        },
        {
            id: "act",
            title: t("agent.act"),
            cell: (agent) =>
                !agent.revoked && (
                    <span class="row-acts">
                        {holds("devices.change") && (
                            <button class="button button-small" aria-label={t("readnow.of", { machine: agent.machine })} onClick={() => readNow(agent)}>
                                {t("readnow")}
                            </button>
                        )}
                        {holds("devices") && (
                            <button class="button button-small" aria-label={t("collection.of", { machine: agent.machine })} onClick={() => collect(agent)}>
                                {t("collection")}
                            </button>
                        )}
                        <button
                            class="button button-small"
                            aria-label={t("revoke.of", { machine: agent.machine })}
                            onClick={() => revoke(agent)}
                        >
                            {t("revoke")}
                        </button>
                    </span>
                ),
        },
    ];
}

function StateBadge(props: { agent: Agent; now: number }) {
    const state = stateOf(props.agent, props.now);
    const tone = { active: "good", silent: "warn", revoked: "plain" } as const;
    return <Badge tone={tone[state]} text={t(`agents.state.${state}`)} title={t(`agents.state.${state}.why`)} />;
}

function LastSeen(props: { instant: string | null; now: number }) {
    if (props.instant === null) return <>{t("agent.never")}</>;
    return (
        <time dateTime={props.instant} title={fullTime(props.instant)}>
            {relative(props.instant, props.now)}
        </time>
    );
}

function Certificate(props: { agent: Agent; now: number }) {
    const expires = props.agent.certificate_expires;
    if (expires === null) return <Unknown why={t("agent.certificate.none")} />;
    const state = certificateOf(props.agent, props.now);
    return (
        <span class={`certificate certificate-${state}`} title={fullTime(expires)}>
            <time dateTime={expires}>{date(expires)}</time>
            {state === "soon" && <Badge tone="warn" text={relative(expires, props.now)} title={t("agent.certificate.soon")} />}
            {state === "expired" && <Badge tone="bad" text={t("agent.certificate.expired")} title={t("agent.certificate.soon")} />}
        </span>
    );
}
