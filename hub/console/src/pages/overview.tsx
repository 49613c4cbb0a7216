// SPDX-License-Identifier: Apache-2.0
//
// Today at a glance: figures, the day by hour, the last jobs, and the agents that need a person.

import { useState } from "preact/hooks";
import { api, type Overview as Figures } from "../api";
import { Empty } from "../components/empty";
import { EnrolSteps } from "../components/enrol-steps";
import { HourChart } from "../components/hour-chart";
import { PageHead } from "../components/page-head";
import { ProblemNote } from "../components/problem-note";
import { Tile } from "../components/tile";
import { number, percent } from "../format";
import { useGently } from "../gently";
import { t } from "../language";
import { useNewJobs, useNewReadings } from "../live";
import { useResource } from "../resource";
import { useNow } from "../clock";
import { Attention } from "./attention";
import { LastJobs } from "./last-jobs";

export function Overview() {
    // A day that begins and agents that fall silent send no event: the minute in the question asks again.
    const minute = Math.floor(useNow(20_000) / 60_000);
    const figures = useResource(String(minute), (signal) => api.overview(signal));
    const [news, setNews] = useState(0);
    useNewJobs(useGently(() => (figures.reload(), setNews((n) => n + 1))));
    useNewReadings(useGently(figures.reload));

    return (
        <>
            <PageHead title={t("page.overview")} />
            {figures.problem && <ProblemNote problem={figures.problem} retry={figures.reload} />}
            {!figures.value && !figures.problem && <p class="quiet-start">{t("loading")}</p>}
            {figures.value?.agents === 0 && <NoAgents />}
            {figures.value && figures.value.agents > 0 && <Day figures={figures.value} news={news} minute={minute} />}
        </>
    );
}

function Day(props: { figures: Figures; news: number; minute: number }) {
    const { figures } = props;
    const today = new URLSearchParams({ from: `${new Date().toISOString().slice(0, 10)}T00:00:00.000Z` });
    const share = figures.pages_today > 0 ? percent(figures.color_pages_today / figures.pages_today) : null;
    return (
        <>
            <div class="tiles">
                <Tile name={t("overview.jobs")} value={figures.jobs_today} to={`/jobs?${today}`} note={t("overview.utc")} />
                <Tile name={t("overview.pages")} value={figures.pages_today} note={t("overview.known")} />
                <Tile
                    name={t("overview.color")}
                    value={figures.color_pages_today}
                    note={share === null ? t("overview.known") : t("overview.share", { share })}
                />
                <Tile name={t("overview.agents")} value={figures.agents} to="/agents" note={t("overview.agents.note")} />
                <Tile
                    name={t("overview.silent")}
                    value={figures.agents_silent}
                    to="/agents?state=silent"
                    note={t(figures.agents_silent > 0 ? "overview.silent.note" : "overview.silent.none")}
                    tone={figures.agents_silent > 0 ? "warn" : "good"}
                />
                {(figures.devices ?? 0) > 0 && <DevicesTile all={figures.devices!} attention={figures.devices_attention ?? 0} />}
            </div>
            <div class="overview-columns">
                <HourChart hours={figures.by_hour} />
                <Attention asked={String(Math.floor(props.minute / 5))} />
            </div>
            <LastJobs asked={`${props.minute} ${props.news}`} />
        </>
    );
}

function DevicesTile(props: { all: number; attention: number }) {
    const n = number(props.all);
    return (
        <Tile
            name={t("overview.devices")}
            value={props.attention}
            to={props.attention > 0 ? "/devices?attention=1" : "/devices"}
            note={props.attention > 0 ? t("overview.devices.note", { n }, props.all) : t("overview.devices.none", { n })}
            tone={props.attention > 0 ? "warn" : "good"}
        />
    );
}

function NoAgents() {
    return (
        <Empty icon="agents" title={t("agents.none")}>
            <p>{t("agents.none.text")}</p>
            <EnrolSteps />
        </Empty>
    );
}
