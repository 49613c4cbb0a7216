// SPDX-License-Identifier: Apache-2.0
//
// An administrator gives somebody units of a quota for this period, takes some away, or begins the period anew. What PCs hold stays theirs.

import { useState } from "preact/hooks";
import { FormDialog } from "../components/form-dialog";
import { toast } from "../components/toast";
import { t } from "../language";
import { peopleApi, type Quota, type QuotaUse } from "./api";
import { quotaWords, unitsText } from "./words";

interface GiveProps {
    tenant: string;
    quota: Quota;
    owner: string | null;
    /** Absent: nothing of it was used yet. */
    use?: QuotaUse;
    close(done: boolean): void;
}

const ways = ["give", "take", "reset"] as const;

/** The units of a typed amount; NaN where it is none. */
function unitsOf(typed: string, quota: Quota): number {
    const text = typed.trim().replace(",", ".");
    if (quota.unit !== "cost") return /^\d{1,12}$/.test(text) ? Number(text) : NaN;
    return /^\d{1,9}(\.\d{1,6})?$/.test(text) ? Math.round(Number(text) * 1_000_000) : NaN;
}

export function GiveDialog(props: GiveProps) {
    const { quota, owner, use } = props;
    const [way, setWay] = useState<(typeof ways)[number]>("give");
    const [typed, setTyped] = useState("");
    const units = unitsOf(typed, quota);
    const left = use?.left ?? quota.limit + quota.overdraft;
    const whose = owner ?? quota.group ?? quota.id;

    async function send(): Promise<void> {
        await peopleApi.change(props.tenant, { quota: quota.quota, owner, ...(way === "reset" ? { reset: true } : { units: way === "give" ? units : -units }) });
        toast(t("quota.changed", { name: whose }));
        props.close(true);
    }

    return (
        <FormDialog title={t("quota.change.of", { name: whose })} submit={t("quota.change")} ready={way === "reset" || units > 0} close={() => props.close(false)} send={send}>
            <p>
                <strong>{quota.id}</strong>: {quotaWords(quota)}. {t("quota.left.now", { n: unitsText(left, quota.unit) })}
            </p>
            <fieldset>
                <legend>{t("quota.way")}</legend>
                {ways.map((name) => (
                    <label key={name} class="choice">
                        <input type="radio" name="way" checked={way === name} onChange={() => setWay(name)} />
                        <span>
                            {t(`quota.way.${name}`)}
                            <small>{t(`quota.way.${name}.text`)}</small>
                        </span>
                    </label>
                ))}
            </fieldset>
            {way !== "reset" && (
                <label class="field">
                    <span>{t("quota.units", { unit: t(`quota.unit.${quota.unit}`) })}</span>
                    <input inputMode={quota.unit === "cost" ? "decimal" : "numeric"} value={typed} required onInput={(event) => setTyped(event.currentTarget.value)} />
                </label>
            )}
            {use && use.leased > 0 && <p class="soft">{t("quota.leased.stays", { n: unitsText(use.leased, quota.unit) })}</p>}
        </FormDialog>
    );
}
