// SPDX-License-Identifier: Apache-2.0
//
// Whose units are meant: a name that may not have used any yet.

import { useState } from "preact/hooks";
import { FormDialog } from "../components/form-dialog";
import { t } from "../language";
import type { Quota, QuotaUse } from "./api";

export function WhoDialog(props: { quota: Quota; rows: readonly QuotaUse[]; close(): void; chosen(owner: string, use: QuotaUse | undefined): void }) {
    const { quota } = props;
    const [name, setName] = useState("");
    /** As accounts of quotas have a user: without the domain, ASCII letters small. */
    const owner = quota.of === "user" ? name.trim().replace(/^.*\\/, "").replace(/[A-Z]/g, (letter) => letter.toLowerCase()) : name.trim();
    const use = props.rows.find((one) => one.quota === quota.quota && one.owner === owner);
    return (
        <FormDialog title={t("quota.who", { name: quota.id })} submit={t("quota.next")} ready={owner !== ""} close={props.close} send={async () => props.chosen(owner, use)}>
            <label class="field">
                <span>{t(quota.of === "account" ? "quota.who.account" : "quota.who.user")}</span>
                <input value={name} maxLength={256} required onInput={(event) => setName(event.currentTarget.value)} />
            </label>
        </FormDialog>
    );
}
