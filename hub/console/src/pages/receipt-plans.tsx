// SPDX-License-Identifier: Apache-2.0
//
// Whose receipts the hub issues by itself, when the next one comes, and why the last one did not.

import { useState } from "preact/hooks";
import { Badge } from "../components/badge";
import { FormDialog } from "../components/form-dialog";
import { Options } from "../components/options";
import { toast } from "../components/toast";
import { number, shortTime } from "../format";
import { t } from "../language";
import { receiptApi, type ReceiptPlan } from "../receipts";

export function Plans(props: { plans: readonly ReceiptPlan[]; tenants: readonly string[]; reload(): void }) {
    const [open, setOpen] = useState<ReceiptPlan | "new" | null>(null);
    const others = props.tenants.filter((name) => props.plans.every((plan) => plan.tenant !== name));
    function done(saved: string | null): void {
        setOpen(null);
        if (!saved) return;
        toast(t("receipts.plan.saved", { tenant: saved }));
        props.reload();
    }
    return (
        <section class="receipt-plans">
            <h2>{t("receipts.plans")}</h2>
            <p class="soft">{t("receipts.plans.text")}</p>
            <ul class="sets">
                {props.plans.map((plan) => (
                    <Card key={plan.tenant} plan={plan} open={() => setOpen(plan)} />
                ))}
            </ul>
            {others.length > 0 && (
                <button type="button" class="button button-small" onClick={() => setOpen("new")}>
                    {t("receipts.plan.add")}
                </button>
            )}
            {open && <PlanForm plan={open === "new" ? null : open} tenants={others} close={done} />}
        </section>
    );
}

function Card(props: { plan: ReceiptPlan; open(): void }) {
    const { plan } = props;
    return (
        <li class="card set">
            <h3>{plan.tenant}</h3>
            <p>
                <Badge tone={plan.automatic ? "good" : "plain"} text={t(plan.automatic ? "receipts.plan.on" : "receipts.plan.off")} />{" "}
                {plan.next && plan.due && t("receipts.plan.next", { period: plan.next, when: shortTime(plan.due) })}
            </p>
            {plan.reason && (
                <p class="receipt-gap" lang="en">
                    {plan.reason}
                </p>
            )}
            <p class="soft">
                {t("receipts.plan.after", { n: number(plan.hours) })}
                {plan.last_at && ` · ${t("receipts.plan.last", { when: shortTime(plan.last_at) })}`}
            </p>
            <span class="row-acts">
                <button type="button" class="button button-small" aria-label={t("receipts.plan.edit.of", { tenant: plan.tenant })} onClick={props.open}>
                    {t("receipts.plan.edit")}
                </button>
            </span>
        </li>
    );
}

function PlanForm(props: { plan: ReceiptPlan | null; tenants: readonly string[]; close(saved: string | null): void }) {
    const [tenant, setTenant] = useState(props.plan?.tenant ?? props.tenants[0] ?? "");
    const [automatic, setAutomatic] = useState(props.plan?.automatic ?? true);
    const [hours, setHours] = useState(props.plan?.hours ?? 24);
    async function send(): Promise<void> {
        await receiptApi.plan(tenant, { automatic, hours });
        props.close(tenant);
    }
    return (
        <FormDialog title={props.plan ? t("receipts.plan.edit.of", { tenant }) : t("receipts.plan.add")} submit={t("policy.save.short")} close={() => props.close(null)} send={send}>
            {!props.plan && (
                <label class="field">
                    <span>{t("tenant")}</span>
                    <select value={tenant} onChange={(event) => setTenant(event.currentTarget.value)}>
                        <Options of={props.tenants} />
                    </select>
                </label>
            )}
            <label class="check">
                <input type="checkbox" checked={automatic} onChange={(event) => setAutomatic(event.currentTarget.checked)} />
                <span>{t("receipts.plan.automatic")}</span>
            </label>
            <label class="field">
                <span>{t("receipts.plan.hours")}</span>
                <input type="number" required min={0} max={240} value={hours} onInput={(event) => setHours(event.currentTarget.valueAsNumber || 0)} />
            </label>
        </FormDialog>
    );
}
