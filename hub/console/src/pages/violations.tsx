// SPDX-License-Identifier: Apache-2.0
//
// Jobs that a policy did something to, from their records: what was done, by which rule, why. The list is read in parts, the newest first.

import { useEffect, useState } from "preact/hooks";
import { Empty } from "../components/empty";
import { Icon } from "../components/icon";
import { Link } from "../components/link";
import { PageHead } from "../components/page-head";
import { ProblemNote } from "../components/problem-note";
import { Reason } from "../components/reason";
import { Table, type Column } from "../components/table";
import { TypedField } from "../components/typed-field";
import { Count, Text } from "../components/unknown";
import { shortTime } from "../format";
import { t } from "../language";
import { policyApi, rulings, type Violation } from "../policy/api";
import { TenantChoice, useTenant } from "../policy/state";
import { Ruling, ViolationDialog } from "../policy/violation";
import { tOf } from "../policy/words";
import { asProblem, type Problem } from "../problem";
import { goTo, place } from "../router";
import { holds } from "../session";
import { useStore } from "../store";
import { sayWhy } from "../why";
import { PeriodField } from "./period-field";

const filters = ["action", "rule", "user", "queue", "from", "to", "shadow"] as const;
const atOnce = "200";

export function Violations() {
    const { query } = useStore(place);
    const { tenant, tenants, list } = useTenant();
    const [items, setItems] = useState<Violation[]>([]);
    const [next, setNext] = useState<string | null>(null);
    const [problem, setProblem] = useState<Problem | null>(null);
    const [busy, setBusy] = useState(true);
    const chosen = Object.fromEntries(filters.flatMap((name) => (query.get(name) ? [[name, query.get(name)!]] : []))) as Record<string, string>;
    const shadow = chosen.shadow === "true";
    const [opened, setOpened] = useState<Violation | null>(null);
    const question = JSON.stringify([tenant, chosen]);

    async function read(cursor: string | null, signal: AbortSignal): Promise<void> {
        setBusy(true);
        try {
            const part = await policyApi.violations(tenant, { ...chosen, limit: atOnce, ...(cursor && { cursor }) }, signal);
            setItems((before) => (cursor ? [...before, ...part.items] : part.items));
            setNext(part.next);
            setProblem(null);
        } catch (error) {
            if (signal.aborted) return;
            setProblem(asProblem(error));
        }
        setBusy(false);
    }
    useEffect(() => {
        if (!tenant) return;
        const control = new AbortController();
        void read(null, control.signal);
        return () => control.abort();
    }, [question]);

    function show(change: Record<string, string>): void {
        const address = new URLSearchParams({ ...chosen, ...change });
        for (const [name, value] of Object.entries(change)) if (!value) address.delete(name);
        if (tenants.length > 1) address.set("tenant", tenant);
        goTo(`/violations?${address}`, { replace: true });
    }

    const codes = (one: Violation): string | undefined => (shadow ? one.policy.would_because : one.policy.because);
    const columns: Column<Violation>[] = [
        { id: "time", title: t("violations.time"), cell: (one) => <time dateTime={one.time}>{shortTime(one.time)}</time> },
        {
            id: "action",
            title: t(shadow ? "violations.would" : "violations.action"),
            cell: (one) => <Ruling word={(shadow ? one.policy.would : one.policy.action) ?? ""} />,
        },
        { id: "rule", title: t("violations.rule"), cell: (one) => one.policy.rule || t("violations.default"), whole: (one) => one.policy.rule ?? undefined },
        { id: "user", title: t("violations.user"), cell: (one) => <Text value={one.user} />, whole: (one) => one.user ?? undefined },
        {
            id: "document",
            title: t("violations.document"),
            cell: (one) => <Link to={`/jobs?${new URLSearchParams({ q: one.document ?? "" })}`}>{one.document ?? "–"}</Link>,
            whole: (one) => one.document ?? undefined,
        },
        { id: "queue", title: t("violations.queue"), cell: (one) => <Text value={one.queue} />, whole: (one) => one.queue ?? undefined },
        { id: "pages", title: t("violations.pages"), kind: "number", cell: (one) => <Count value={one.impressions} /> },
        {
            id: "why",
            title: t("violations.why"),
            cell: (one) => <Reason why={codes(one)} english={one.policy.explanation ?? one.policy.message} />,
            whole: (one) => sayWhy(codes(one)) ?? one.policy.explanation,
        },
    ];

    return (
        <>
            <PageHead title={t("page.violations")}>
                <div class="head-acts">
                    <TenantChoice tenant={tenant} tenants={tenants} path="/violations" />
                    <div class="segments" role="group" aria-label={t("violations.what")}>
                        {[false, true].map((one) => (
                            <button key={String(one)} type="button" aria-pressed={one === shadow} onClick={() => show({ shadow: one ? "true" : "", action: "", rule: "" })}>
                                {t(one ? "violations.shadow" : "violations.done")}
                            </button>
                        ))}
                    </div>
                    {tenant && (
                        <a class="button" href={policyApi.violationsCsv(tenant, chosen)} download={shadow ? "shadow.csv" : "violations.csv"}>
                            <Icon name="download" />
                            {t("violations.csv")}
                        </a>
                    )}
                </div>
            </PageHead>
            {shadow && <p class="page-lead soft">{t("violations.shadow.text")}</p>}
            {(list.problem || problem) && <ProblemNote problem={(list.problem ?? problem)!} retry={list.reload} />}
            <search class="filters filters-open">
                {holds("persons") && (
                    <span class="search">
                        <Icon name="search" />
                        <TypedField label={t("violations.user")} value={chosen.user ?? ""} onValue={(value) => show({ user: value })} />
                        <kbd aria-hidden="true">/</kbd>
                    </span>
                )}
                <select aria-label={t("violations.action")} class={chosen.action ? "set" : ""} value={chosen.action ?? ""} onChange={(event) => show({ action: event.currentTarget.value })}>
                    <option value="">{t("violations.action.any")}</option>
                    {rulings
                        .filter((name) => shadow || name !== "printed")
                        .map((name) => (
                            <option key={name} value={name}>
                                {tOf("policy.ruling", name)}
                            </option>
                        ))}
                </select>
                {!shadow && <TypedField label={t("violations.rule")} class={chosen.rule ? "set" : ""} value={chosen.rule ?? ""} onValue={(value) => show({ rule: value })} />}
                <TypedField label={t("violations.queue")} class={chosen.queue ? "set" : ""} value={chosen.queue ?? ""} onValue={(value) => show({ queue: value })} />
                <PeriodField from={chosen.from ?? ""} to={chosen.to ?? ""} change={show} />
            </search>
            {!busy && items.length === 0 && !problem && (
                <Empty icon="check" title={t(shadow ? "violations.shadow.none" : "violations.none")}>
                    <p>{t(shadow ? "violations.shadow.none.text" : "violations.none.text")}</p>
                </Empty>
            )}
            {items.length > 0 && (
                <Table<Violation>
                    name="violations"
                    label={t("page.violations")}
                    columns={columns.filter((column) => !shadow || column.id !== "rule")} // a record names the rule of what was done
                    rows={items}
                    keyOf={(one) => `${one.agent} ${one.seq}`}
                    sort={{ by: "", order: "asc" }}
                    onSort={() => undefined}
                    busy={busy}
                    onOpen={setOpened}
                />
            )}
            {next && (
                <p class="more">
                    <button type="button" class="button" disabled={busy} onClick={() => void read(next, AbortSignal.timeout(30_000))}>
                        {t("violations.older")}
                    </button>
                </p>
            )}
            {opened && <ViolationDialog violation={opened} close={() => setOpened(null)} />}
        </>
    );
}
