// SPDX-License-Identifier: Apache-2.0
//
// Jobs that a policy did something to, from their records: what was done, by which rule, why. The list is read in parts, the newest first.

import { useEffect, useState } from "preact/hooks";
import { Badge } from "../components/badge";
import { Empty } from "../components/empty";
import { Icon } from "../components/icon";
import { Link } from "../components/link";
import { PageHead } from "../components/page-head";
import { ProblemNote } from "../components/problem-note";
import { Table, type Column } from "../components/table";
import { TypedField } from "../components/typed-field";
import { Count, Text } from "../components/unknown";
import { shortTime } from "../format";
import { t } from "../language";
import { policyApi, rulings, type Violation } from "../policy/api";
import { TenantChoice, useTenant } from "../policy/state";
import { tOf } from "../policy/words";
import { asProblem, type Problem } from "../problem";
import { goTo, place } from "../router";
import { useStore } from "../store";

const filters = ["action", "rule", "user", "queue"] as const;
const atOnce = "200";
const tones: Record<string, "bad" | "warn" | "good" | "plain"> = { denied: "bad", held: "warn", asked: "warn", redirected: "plain", converted: "good" };

export function Violations() {
    const { query } = useStore(place);
    const { tenant, tenants, list } = useTenant();
    const [items, setItems] = useState<Violation[]>([]);
    const [next, setNext] = useState<string | null>(null);
    const [problem, setProblem] = useState<Problem | null>(null);
    const [busy, setBusy] = useState(true);
    const chosen = Object.fromEntries(filters.flatMap((name) => (query.get(name) ? [[name, query.get(name)!]] : []))) as Record<string, string>;
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

    function show(name: string, value: string): void {
        const address = new URLSearchParams({ ...chosen, [name]: value });
        if (!value) address.delete(name);
        if (tenants.length > 1) address.set("tenant", tenant);
        goTo(`/violations?${address}`, { replace: true });
    }

    const columns: Column<Violation>[] = [
        { id: "time", title: t("violations.time"), cell: (one) => <time dateTime={one.time}>{shortTime(one.time)}</time> },
        {
            id: "action",
            title: t("violations.action"),
            cell: (one) => <Badge tone={tones[one.policy.action ?? ""] ?? "plain"} text={tOf("policy.ruling", one.policy.action ?? "")} />,
        },
        { id: "rule", title: t("violations.rule"), cell: (one) => one.policy.rule || t("violations.default"), whole: (one) => one.policy.rule },
        { id: "user", title: t("violations.user"), cell: (one) => <Text value={one.user} />, whole: (one) => one.user ?? undefined },
        {
            id: "document",
            title: t("violations.document"),
            cell: (one) => <Link to={`/jobs?${new URLSearchParams({ q: one.document ?? "" })}`}>{one.document ?? "–"}</Link>,
            whole: (one) => one.document ?? undefined,
        },
        { id: "queue", title: t("violations.queue"), cell: (one) => <Text value={one.queue} />, whole: (one) => one.queue ?? undefined },
        { id: "pages", title: t("violations.pages"), kind: "number", cell: (one) => <Count value={one.pages} /> },
        { id: "why", title: t("violations.why"), cell: (one) => <span lang="en">{one.policy.explanation ?? one.policy.message}</span>, whole: (one) => one.policy.explanation },
    ];

    return (
        <>
            <PageHead title={t("page.violations")}>
                <div class="head-acts">
                    <TenantChoice tenant={tenant} tenants={tenants} path="/violations" />
                    <button type="button" class="button" disabled={items.length === 0} onClick={() => saveCsv(items)}>
                        {t("violations.csv")}
                    </button>
                </div>
            </PageHead>
            {(list.problem || problem) && <ProblemNote problem={(list.problem ?? problem)!} retry={list.reload} />}
            <search class="filters filters-open">
                <span class="search">
                    <Icon name="search" />
                    <TypedField label={t("violations.user")} value={chosen.user ?? ""} onValue={(value) => show("user", value)} />
                    <kbd aria-hidden="true">/</kbd>
                </span>
                <select aria-label={t("violations.action")} class={chosen.action ? "set" : ""} value={chosen.action ?? ""} onChange={(event) => show("action", event.currentTarget.value)}>
                    <option value="">{t("violations.action.any")}</option>
                    {rulings
                        .filter((name) => name !== "printed")
                        .map((name) => (
                            <option key={name} value={name}>
                                {tOf("policy.ruling", name)}
                            </option>
                        ))}
                </select>
                <TypedField label={t("violations.rule")} class={chosen.rule ? "set" : ""} value={chosen.rule ?? ""} onValue={(value) => show("rule", value)} />
                <TypedField label={t("violations.queue")} class={chosen.queue ? "set" : ""} value={chosen.queue ?? ""} onValue={(value) => show("queue", value)} />
            </search>
            {!busy && items.length === 0 && !problem && (
                <Empty icon="check" title={t("violations.none")}>
                    <p>{t("violations.none.text")}</p>
                </Empty>
            )}
            {items.length > 0 && (
                <Table<Violation>
                    name="violations"
                    label={t("page.violations")}
                    columns={columns}
                    rows={items}
                    keyOf={(one) => `${one.agent} ${one.seq}`}
                    sort={{ by: "", order: "asc" }}
                    onSort={() => undefined}
                    busy={busy}
                />
            )}
            {next && (
                <p class="more">
                    <button type="button" class="button" disabled={busy} onClick={() => void read(next, AbortSignal.timeout(30_000))}>
                        {t("violations.older")}
                    </button>
                </p>
            )}
        </>
    );
}

/** What is on the screen, as a file. A cell that a spreadsheet would take for a formula gets an apostrophe. */
function saveCsv(items: readonly Violation[]): void {
    const cell = (value: unknown): string => {
        const text = String(value ?? "");
        const safe = /^[=+\-@\t]/.test(text) ? `\u2019${text}` : text;
        return /[",;\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
    };
    const head = ["time", "action", "rule", "user", "machine", "queue", "document", "pages", "color_pages", "account", "explanation"];
    const lines = items.map((one) =>
        [one.time, one.policy.action, one.policy.rule, one.user, one.machine, one.queue, one.document, one.pages, one.color_pages, one.policy.account, one.policy.explanation]
            .map(cell)
            .join(","),
    );
    const address = URL.createObjectURL(new Blob(["\ufeff", [head.join(","), ...lines].join("\r\n"), "\r\n"], { type: "text/csv" }));
    const link = Object.assign(document.createElement("a"), { href: address, download: "violations.csv" });
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
