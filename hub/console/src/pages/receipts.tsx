// SPDX-License-Identifier: Apache-2.0
//
// Receipts: the list by month, tenant and device, with the months that lack one marked; a receipt's own dialog; the plans. The hub counts and signs,
// the page shows.

import { useState } from "preact/hooks";
import { Badge } from "../components/badge";
import { Empty } from "../components/empty";
import { Options } from "../components/options";
import { PageHead } from "../components/page-head";
import { ProblemNote } from "../components/problem-note";
import { Table, type Column } from "../components/table";
import { toast } from "../components/toast";
import { TypedField } from "../components/typed-field";
import { Count } from "../components/unknown";
import { date, number, shortTime } from "../format";
import { language, t } from "../language";
import { useTenant } from "../policy/state";
import { fileName, monthsBefore, receiptApi, receiptFile, type Receipt, type ReceiptPage, type ReceiptPlan } from "../receipts";
import { asProblem, type Problem } from "../problem";
import { useResource } from "../resource";
import { goTo, place } from "../router";
import { useStore } from "../store";
import { IssueForm, ReceiptDialog } from "./receipt-dialogs";
import { Plans } from "./receipt-plans";

/** A receipt, or a tenant's month that has none. */
type Line = { receipt: Receipt } | { missing: ReceiptPlan };
const filters = ["period", "tenant", "device"] as const;

const atOnce = 100;

/** What is asked for and every page of it that was loaded, one behind the other. */
function usePages(question: string) {
    const first = useResource(question, (signal) => receiptApi.list(new URLSearchParams(question), null, signal));
    const [rest, setRest] = useState<{ of: ReceiptPage; items: Receipt[]; next: string | null } | null>(null);
    const [loading, setLoading] = useState(false);
    const [problem, setProblem] = useState<Problem | null>(null);
    const further = rest && rest.of === first.value ? rest : null; // what followed another first page is not shown
    const next = further ? further.next : (first.value?.next ?? null);

    async function more(): Promise<void> {
        const of = first.value;
        if (!of || next === null) return;
        setLoading(true);
        setProblem(null);
        try {
            const page = await receiptApi.list(new URLSearchParams(question), next, AbortSignal.timeout(30_000));
            setRest({ of, items: [...(further?.items ?? []), ...page.items], next: page.next });
        } catch (error) {
            setProblem(asProblem(error));
        }
        setLoading(false);
    }
    const stale = first.answers !== question;
    return { items: first.value && [...first.value.items, ...(further?.items ?? [])], next: stale ? null : next, problem: first.problem ?? problem, busy: first.busy || loading, more, reload: first.reload };
}

/** Of a chosen month: those who have a plan and no receipt of it, once all of the month's are there. */
function linesOf(receipts: readonly Receipt[], plans: readonly ReceiptPlan[], all: boolean, period: string, tenant: string, device: string): Line[] {
    const lines: Line[] = receipts.map((receipt) => ({ receipt }));
    if (!period || device || !all) return lines;
    const have = new Set(receipts.map((one) => one.tenant));
    const lack = plans.filter((plan) => !have.has(plan.tenant) && (!tenant || plan.tenant === tenant));
    return [...lines, ...lack.map((missing) => ({ missing }))];
}

export function Receipts() {
    const { query } = useStore(place);
    const chosen = Object.fromEntries(filters.map((name) => [name, query.get(name) ?? ""])) as Record<(typeof filters)[number], string>;
    const asked = new URLSearchParams({ kind: "meters", limit: `${atOnce}` });
    for (const name of filters) if (chosen[name]) asked.set(name, chosen[name]);
    const list = usePages(`${asked}`);
    const plans = useResource("plans", (signal) => receiptApi.plans(signal));
    const { tenants } = useTenant();
    const [opened, setOpened] = useState<Receipt | null>(null);
    const [issuing, setIssuing] = useState(false);
    const months = monthsBefore(new Date(), 36);
    const lines = linesOf(list.items ?? [], plans.value?.items ?? [], list.next === null, chosen.period, chosen.tenant, chosen.device);
    const filtered = filters.some((name) => chosen[name]);

    function show(change: Partial<typeof chosen>): void {
        const address = new URLSearchParams(Object.entries({ ...chosen, ...change }).filter(([, value]) => value));
        goTo(`/receipts?${address}`, { replace: true });
    }
    function issued(receipt: Receipt | null): void {
        setIssuing(false);
        if (!receipt) return;
        toast(t("receipts.issued", { period: receipt.period, tenant: receipt.tenant ?? "" }));
        setOpened(receipt);
        list.reload();
    }

    return (
        <>
            <PageHead title={t("page.receipts")}>
                <div class="head-acts">
                    <button type="button" class="button button-primary" disabled={!tenants.length} onClick={() => setIssuing(true)}>
                        {t("receipts.issue")}
                    </button>
                </div>
            </PageHead>
            <p class="lead page-lead">{t("receipts.text")}</p>
            {(list.problem ?? plans.problem) && <ProblemNote problem={(list.problem ?? plans.problem)!} retry={list.reload} />}
            <search class="filters filters-open">
                <select aria-label={t("receipts.month")} class={chosen.period ? "set" : ""} value={chosen.period} onChange={(event) => show({ period: event.currentTarget.value })}>
                    <option value="">{t("receipts.month.any")}</option>
                    {(chosen.period && !months.includes(chosen.period) ? [chosen.period, ...months] : months).map((month) => (
                        <option key={month} value={month}>
                            {month}
                        </option>
                    ))}
                </select>
                {tenants.length > 1 && (
                    <select aria-label={t("tenant")} class={chosen.tenant ? "set" : ""} value={chosen.tenant} onChange={(event) => show({ tenant: event.currentTarget.value })}>
                        <option value="">{t("receipts.tenant.any")}</option>
                        <Options of={tenants} />
                    </select>
                )}
                <TypedField label={t("receipts.device")} class={chosen.device ? "set" : ""} value={chosen.device} onValue={(value) => show({ device: value.replace(/\D/g, "") })} />
            </search>
            {!list.items && !list.problem && <p class="quiet-start">{t("loading")}</p>}
            {list.items && lines.length === 0 && (
                <Empty icon="receipt" title={t(filtered ? "receipts.none.found" : "receipts.none")}>
                    <p>{t(filtered ? "receipts.none.found.text" : "receipts.none.text")}</p>
                </Empty>
            )}
            {lines.length > 0 && (
                <Table<Line>
                    name="receipts"
                    label={t("page.receipts")}
                    columns={columnsOf(chosen.period, chosen.device)}
                    rows={lines}
                    keyOf={(line) => ("receipt" in line ? line.receipt.id : `missing ${line.missing.tenant}`)}
                    sort={{ by: "", order: "asc" }}
                    onSort={() => undefined}
                    busy={list.busy}
                    onOpen={(line) => "receipt" in line && setOpened(line.receipt)}
                />
            )}
            {list.next !== null && (
                <p class="more">
                    <button type="button" class="button" disabled={list.busy} onClick={() => void list.more()}>
                        {t("receipts.older")}
                    </button>
                </p>
            )}
            {plans.value && <Plans plans={plans.value.items} tenants={tenants} reload={plans.reload} />}
            {opened && <ReceiptDialog key={opened.id} receipt={opened} close={() => setOpened(null)} issued={issued} />}
            {issuing && <IssueForm tenants={tenants} months={months} close={issued} />}
        </>
    );
}

function columnsOf(period: string, device: string): Column<Line>[] {
    const of = (line: Line, cell: (receipt: Receipt) => preact.ComponentChildren): preact.ComponentChildren => ("receipt" in line ? cell(line.receipt) : "");
    return [
        { id: "period", title: t("receipts.month"), cell: (line) => ("receipt" in line ? line.receipt.period : period) },
        { id: "tenant", title: t("tenant"), cell: (line) => ("receipt" in line ? line.receipt.tenant : line.missing.tenant) },
        { id: "devices", title: t("receipts.devices"), kind: "number", cell: (line) => of(line, (one) => <Count value={one.devices} />) },
        { id: "counted", title: t("receipts.counted"), kind: "number", cell: (line) => of(line, (one) => <Count value={one.counted} />) },
        { id: "gaps", title: t("receipts.gaps"), cell: (line) => of(line, (one) => <Gaps receipt={one} device={device} />) },
        { id: "issued", title: t("receipts.when"), cell: (line) => of(line, (one) => `${date(one.issued)}, ${one.who ?? t("receipts.by.hub")}`) },
        { id: "state", title: t("receipts.state"), cell: (line) => ("receipt" in line ? <State receipt={line.receipt} /> : <Missing plan={line.missing} period={period} />) },
        { id: "files", title: t("receipts.files"), cell: (line) => of(line, (one) => <Files receipt={one} />) },
    ];
}

function Gaps(props: { receipt: Receipt; device: string }) {
    const { gaps } = props.receipt;
    if (gaps === null) return <Count value={null} />;
    if (gaps === 0) return <>{t("receipts.gaps.none")}</>;
    return <Badge tone="warn" text={props.device ? t("receipts.gaps.one") : t("receipts.gaps.some", { n: number(gaps) }, gaps)} />;
}

function State(props: { receipt: Receipt }) {
    if (props.receipt.replaced_by) return <Badge tone="plain" text={t("receipts.replaced")} title={props.receipt.replaced_by} />;
    return <Badge tone="good" text={t("receipts.in.force")} title={props.receipt.replaces ? `${t("receipts.replaces")} ${props.receipt.replaces}` : undefined} />;
}

/** Still to come where it is the plan's next one; else a gap, with what the hub said of it. */
function Missing(props: { plan: ReceiptPlan; period: string }) {
    const { next, due, reason } = props.plan;
    if (next && due && next <= props.period && !reason?.startsWith(props.period)) return <Badge tone="plain" text={t("receipts.missing.due", { when: shortTime(due) })} />;
    const why = reason?.startsWith(props.period) ? reason : undefined;
    return <Badge tone="bad" text={t("receipts.missing")} title={why} />;
}

export function Files(props: { receipt: Receipt }) {
    const { receipt } = props;
    return (
        <span class="receipt-files">
            {(["pdf", "json", "csv"] as const).map((form) => (
                <a key={form} href={receiptFile(receipt, form, language.value)} download={fileName(receipt, form)} aria-label={t("receipts.file.of", { form: form.toUpperCase(), id: receipt.id })}>
                    {form.toUpperCase()}
                </a>
            ))}
        </span>
    );
}
