// SPDX-License-Identifier: Apache-2.0
//
// Jobs that PCs hold now, and what was done about them in the last hour. What is said of an order is the agent's word; the page asks again while it is seen.

import { useState } from "preact/hooks";
import { Empty } from "../components/empty";
import { PageHead } from "../components/page-head";
import { ProblemNote } from "../components/problem-note";
import { actOn, heldJobs } from "../held";
import { t } from "../language";
import { useResource } from "../resource";
import { holds } from "../session";
import { HeldTable, useAgain } from "./held-rows";

const filters = ["user", "printer", "machine"] as const;
type Filters = Record<(typeof filters)[number], string>;

export function Held() {
    const [wanted, setWanted] = useState<Filters>({ user: "", printer: "", machine: "" });
    const query = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value.trim() !== ""));
    const list = useResource(JSON.stringify(query), (signal) => heldJobs(query, signal));
    const { reload } = list;
    useAgain(reload);
    const page = list.value;
    return (
        <>
            <PageHead title={t("page.held")}>{page && <p class="soft">{t("held.sum", { count: page.items.filter((job) => job.held).length })}</p>}</PageHead>
            <search class="filters filters-open">
                {filters
                    .filter((name) => name !== "user" || holds("persons"))
                    .map((name) => (
                        <label key={name} class="field-inline">
                            <span>{t(`held.${name}`)}</span>
                            <input type="search" maxLength={200} value={wanted[name]} onInput={(event) => setWanted({ ...wanted, [name]: event.currentTarget.value })} />
                        </label>
                    ))}
            </search>
            {list.problem && <ProblemNote problem={list.problem} retry={reload} />}
            {page && page.items.length === 0 && <Nothing filtered={list.answers !== "{}"} />}
            {page && page.items.length > 0 && <HeldTable rows={page.items} may={holds("jobs.release")} run={actOn} reload={reload} />}
            {page?.more && <p class="soft">{t("held.more")}</p>}
        </>
    );
}

function Nothing(props: { filtered: boolean }) {
    return (
        <Empty icon={props.filtered ? "search" : "check"} title={t(props.filtered ? "held.none.found" : "held.none")}>
            <p>{t(props.filtered ? "held.none.found.text" : "held.none.text")}</p>
        </Empty>
    );
}
