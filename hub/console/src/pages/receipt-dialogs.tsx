// SPDX-License-Identifier: Apache-2.0
//
// One receipt: what it says of each device, what it replaces, how to check it. Issuing one, also anew.

import { useState } from "preact/hooks";
import { CopyButton } from "../components/copy-button";
import { Dialog } from "../components/dialog";
import { FormDialog } from "../components/form-dialog";
import { Link } from "../components/link";
import { Options } from "../components/options";
import { ProblemNote } from "../components/problem-note";
import { meterName } from "../device";
import { fullTime, number } from "../format";
import { t, tWord } from "../language";
import { fileName, receiptApi, type Receipt, type ReceiptOrder, type ReceiptRow } from "../receipts";
import { useResource } from "../resource";
import { Files } from "./receipts";

const shown = 200;

export function ReceiptDialog(props: { receipt: Receipt; close(): void; issued(receipt: Receipt): void }) {
    const { receipt } = props;
    const file = useResource(receipt.id, (signal) => receiptApi.one(receipt.id, signal));
    const [again, setAgain] = useState(false);
    const rows = file.value?.receipt.rows ?? [];
    const command = `platen receipt verify ${fileName(receipt, "json")} --ca ca.pem`;
    if (again) return <AgainForm receipt={receipt} close={(made) => (made ? props.issued(made) : setAgain(false))} />;
    return (
        <Dialog title={t("receipts.title", { period: receipt.period, tenant: receipt.tenant ?? "" })} close={props.close}>
            <dl class="facts">
                <Fact name={t("receipts.number")} value={receipt.id} />
                <Fact name={t("receipts.when")} value={`${fullTime(receipt.issued)}, ${receipt.who ?? t("receipts.by.hub")}`} />
                {receipt.replaces && <Fact name={t("receipts.replaces")} value={receipt.replaces} />}
                {receipt.reason && <Fact name={t("receipts.reason")} value={receipt.reason} />}
                {receipt.replaced_by && <Fact name={t("receipts.replaced.by")} value={receipt.replaced_by} />}
            </dl>
            <p class="receipt-acts">
                <Files receipt={receipt} />
                {!receipt.replaced_by && (
                    <button type="button" class="button button-small" onClick={() => setAgain(true)}>
                        {t("receipts.again")}
                    </button>
                )}
            </p>
            <h3>{t("receipts.rows")}</h3>
            {file.problem && <ProblemNote problem={file.problem} retry={file.reload} />}
            {!file.value && !file.problem && <p class="quiet-start">{t("loading")}</p>}
            {file.value && <Rows rows={rows} />}
            <h3>{t("receipts.verify")}</h3>
            <p class="soft">{t("receipts.verify.text")}</p>
            <p class="receipt-command">
                <code>{command}</code> <CopyButton text={command} label={t("copy")} />
            </p>
        </Dialog>
    );
}

function Fact(props: { name: string; value: string }) {
    return (
        <div>
            <dt>{props.name}</dt>
            <dd>{props.value}</dd>
        </div>
    );
}

function Rows(props: { rows: readonly ReceiptRow[] }) {
    return (
        <div class="receipt-rows">
            <table aria-label={t("receipts.devices")}>
                <thead>
                    <tr>
                        <th scope="col">{t("page.devices")}</th>
                        <th scope="col">{t("report.column.meter")}</th>
                        <th scope="col" class="number">{t("report.column.first")}</th>
                        <th scope="col" class="number">{t("report.column.last")}</th>
                        <th scope="col" class="number">{t("report.column.counted")}</th>
                        <th scope="col">{t("receipts.gaps")}</th>
                    </tr>
                </thead>
                <tbody>
                    {props.rows.slice(0, shown).map((row) => (
                        <tr key={`${row.device} ${row.meter}`}>
                            <td>
                                <Link to={`/devices/${row.device}`}>{row.name ?? row.model ?? `${row.device}`}</Link>
                            </td>
                            <td>{meterName(row.meter)}</td>
                            <td class="number">{number(row.first)}</td>
                            <td class="number">{number(row.last)}</td>
                            <td class="number">{number(row.counted)}</td>
                            <td class={row.gaps.length ? "receipt-gap" : ""}>{row.gaps.map((gap) => tWord("report.word", gap)).join(", ")}</td>
                        </tr>
                    ))}
                </tbody>
            </table>
            {props.rows.length > shown && <p class="soft">{t("receipts.rows.more", { n: number(shown), all: number(props.rows.length) })}</p>}
        </div>
    );
}

/* ---- issuing ---- */

function TargetField(props: { value: string; set(value: string): void }) {
    return (
        <label class="field">
            <span>{t("receipts.target")}</span>
            <input type="number" min={0} max={1_000_000_000} value={props.value} onInput={(event) => props.set(event.currentTarget.value)} />
        </label>
    );
}

const withTarget = (order: ReceiptOrder, target: string): ReceiptOrder => (target ? { ...order, target: Number(target) } : order);

function AgainForm(props: { receipt: Receipt; close(made: Receipt | null): void }) {
    const { receipt } = props;
    const [reason, setReason] = useState("");
    const [target, setTarget] = useState("");
    async function send(): Promise<void> {
        const order = { period: receipt.period, replaces: receipt.id, reason: reason.trim() };
        props.close(await receiptApi.issue(receipt.tenant ?? "", withTarget(order, target)));
    }
    return (
        <FormDialog title={t("receipts.title", { period: receipt.period, tenant: receipt.tenant ?? "" })} submit={t("receipts.issue.send")} ready={reason.trim() !== ""} close={() => props.close(null)} send={send}>
            <p class="soft">{t("receipts.again.text")}</p>
            <label class="field">
                <span>{t("receipts.again.why")}</span>
                <input value={reason} required maxLength={100} onInput={(event) => setReason(event.currentTarget.value)} />
            </label>
            <TargetField value={target} set={setTarget} />
        </FormDialog>
    );
}

export function IssueForm(props: { tenants: readonly string[]; months: readonly string[]; close(made: Receipt | null): void }) {
    const [tenant, setTenant] = useState(props.tenants[0] ?? "");
    const [period, setPeriod] = useState(props.months[0] ?? "");
    const [target, setTarget] = useState("");
    async function send(): Promise<void> {
        props.close(await receiptApi.issue(tenant, withTarget({ period }, target)));
    }
    return (
        <FormDialog title={t("receipts.issue")} submit={t("receipts.issue.send")} close={() => props.close(null)} send={send}>
            <div class="alert-numbers">
                <label class="field">
                    <span>{t("receipts.month")}</span>
                    <select value={period} onChange={(event) => setPeriod(event.currentTarget.value)}>
                        <Options of={props.months} />
                    </select>
                </label>
                <label class="field">
                    <span>{t("tenant")}</span>
                    <select value={tenant} onChange={(event) => setTenant(event.currentTarget.value)}>
                        <Options of={props.tenants} />
                    </select>
                </label>
            </div>
            <TargetField value={target} set={setTarget} />
        </FormDialog>
    );
}
