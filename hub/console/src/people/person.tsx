// SPDX-License-Identifier: Apache-2.0
//
// One person: quotas and what is left of them, groups, what was printed month by month, the last jobs, and what policies did to them.

import { useState } from "preact/hooks";
import { api } from "../api";
import { Link } from "../components/link";
import { PageHead } from "../components/page-head";
import { ProblemNote } from "../components/problem-note";
import { Tile } from "../components/tile";
import { TrendChart } from "../components/trend-chart";
import { t } from "../language";
import { addressOfView, readView } from "../pages/jobs-view";
import { JobLines } from "../pages/last-jobs";
import { useResource } from "../resource";
import { holds } from "../session";
import { peopleApi, type Person, type Quota, type QuotaUse } from "./api";
import { GiveDialog } from "./give-dialog";
import { QuotaTable } from "./quotas";
import { quotaWords } from "./words";

const lastJobs = 10;

export function OnePerson(props: { tenant: string; user: string }) {
    const { tenant, user } = props;
    const person = useResource(`${tenant} ${user}`, (signal) => peopleApi.person(tenant, user, signal));
    return (
        <>
            <PageHead title={user} />
            <p class="crumbs">
                <Link to={`/people?${new URLSearchParams({ tenant })}`}>{t("people.back")}</Link>
            </p>
            {person.problem && <ProblemNote problem={person.problem} retry={person.reload} />}
            {!person.value && !person.problem && <p class="quiet-start">{t("loading")}</p>}
            {person.value && (
                <>
                    <Usage person={person.value} />
                    <Quotas tenant={tenant} person={person.value} reload={person.reload} />
                    <Groups person={person.value} />
                </>
            )}
            {holds("jobs") && <Jobs tenant={tenant} user={user} />}
        </>
    );
}

function Usage(props: { person: Person }) {
    const { months } = props.person;
    const now = new Date();
    const monthAt = (step: number): string => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + step, 1)).toISOString();
    const of = (month: string) => months.find((one) => month.startsWith(one.month));
    const [current, before] = [of(monthAt(0)), of(monthAt(-1))];
    const figures = ["pages", "color_pages", "sheets", "jobs"] as const;
    return (
        <>
            <div class="tiles person-tiles">
                {figures.map((name) => (
                    <Tile key={name} name={t(`people.${name}`)} value={current?.[name] ?? 0} note={t("people.month.before", { n: before?.[name] ?? 0 })} />
                ))}
            </div>
            {months.length === 0 && <p class="soft">{t("people.months.none")}</p>}
            <TrendChart
                report={{ trend_by: "month", trend: months.map((one) => ({ at: `${one.month}-01T00:00:00Z`, pages: one.pages })), from: monthAt(-12), to: monthAt(1) }}
            />
        </>
    );
}

function Quotas(props: { tenant: string; person: Person; reload(): void }) {
    const { person } = props;
    const [giving, setGiving] = useState<{ quota: Quota; use?: QuotaUse } | null>(null);
    const unused = person.quotas.filter((quota) => quota.of === "user" && !person.items.some((use) => use.quota === quota.quota));
    return (
        <section class="person-part">
            <h2>{t("people.tab.quotas")}</h2>
            {person.items.length === 0 && <p class="soft">{t(person.quotas.length ? "people.quota.unused" : "people.quota.none")}</p>}
            {person.items.length > 0 && <QuotaTable ofOne tenant={props.tenant} quotas={person.quotas} rows={person.items} give={(quota, use) => setGiving({ quota, use })} />}
            {holds("policies.change") && unused.length > 0 && (
                <p class="person-more">
                    {unused.map((quota) => (
                        <button key={quota.quota} type="button" class="button button-small" title={quotaWords(quota)} onClick={() => setGiving({ quota })}>
                            {t("quota.change.of", { name: quota.id })}
                        </button>
                    ))}
                </p>
            )}
            {giving && (
                <GiveDialog
                    tenant={props.tenant}
                    {...giving}
                    owner={person.person}
                    close={(done) => {
                        setGiving(null);
                        if (done) props.reload();
                    }}
                />
            )}
        </section>
    );
}

function Groups(props: { person: Person }) {
    const { groups } = props.person;
    return (
        <section class="person-part">
            <h2>{t("people.tab.groups")}</h2>
            {groups.length === 0 && <p class="soft">{t("people.groups.none")}</p>}
            <ul class="person-groups">
                {groups.map((group) => (
                    <li key={group} class="badge badge-plain">
                        {group}
                    </li>
                ))}
            </ul>
        </section>
    );
}

function Jobs(props: { tenant: string; user: string }) {
    const { tenant, user } = props;
    const query = new URLSearchParams({ user, limit: String(lastJobs), sort: "time", order: "desc" }).toString();
    const list = useResource(query, (signal) => api.jobs(query, signal));
    const view = { ...readView(new URLSearchParams()), user };
    const jobs = list.value?.items ?? [];
    return (
        <section class="card person-part">
            <header class="card-head">
                <h2>{t("last.title")}</h2>
                {holds("policies") && <Link to={`/violations?${new URLSearchParams({ tenant, user })}`}>{t("page.violations")}</Link>}
                <Link to={addressOfView(view)}>{t("last.all")}</Link>
            </header>
            {list.problem && <ProblemNote problem={list.problem} retry={list.reload} />}
            {list.value && jobs.length === 0 && <p class="card-empty">{t("people.jobs.none")}</p>}
            <JobLines jobs={jobs} view={view} />
        </section>
    );
}
