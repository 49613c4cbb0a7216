// SPDX-License-Identifier: Apache-2.0
//
// The overview's list of agents that need a person: silent ones, and certificates that end soon. An agent
// renews its own certificate, so one that is about to end means that the renewal does not work.

import { certificateOf, stateOf } from "../agent-state";
import { api, type Agent } from "../api";
import { Icon } from "../components/icon";
import { Link } from "../components/link";
import { ProblemNote } from "../components/problem-note";
import { number, relative } from "../format";
import { t } from "../language";
import { useResource } from "../resource";

const shown = 6;

export function Attention(props: { asked: string }) {
    const list = useResource(props.asked, (signal) => api.agents(`state=attention&limit=${shown}`, signal));
    const now = Date.now();
    const found = list.value?.items ?? [];
    const more = (list.value?.total ?? 0) - found.length;
    return (
        <section class="card">
            <header class="card-head">
                <h2>{t("attention.title")}</h2>
                <Link to="/agents">{t("attention.all")}</Link>
            </header>
            {list.problem && <ProblemNote problem={list.problem} retry={list.reload} />}
            {list.value && found.length === 0 && (
                <p class="card-empty">
                    <Icon name="check" />
                    {t("attention.none")}
                </p>
            )}
            <ul class="attention">
                {found.map((agent) => (
                    <li key={agent.id}>
                        <Icon name="alert" />
                        <Link to={`/agents?${new URLSearchParams({ q: agent.machine })}`}>{agent.machine}</Link>
                        <span>{reason(agent, now)}</span>
                    </li>
                ))}
            </ul>
            {more > 0 && (
                <p class="card-more">
                    <Link to="/agents?state=attention">{t("attention.more", { n: number(more) }, more)}</Link>
                </p>
            )}
        </section>
    );
}

function reason(agent: Agent, now: number): string | null {
    const certificate = certificateOf(agent, now);
    if (stateOf(agent, now) === "silent") {
        return agent.last_seen === null ? t("attention.never") : t("attention.silent", { when: relative(agent.last_seen, now) });
    }
    if (certificate === "expired") return t("attention.expired");
    if (certificate === "soon") return t("attention.expires", { when: relative(agent.certificate_expires!, now) });
    return null;
}
