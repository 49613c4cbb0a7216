// SPDX-License-Identifier: Apache-2.0
//
// A new account, or another role, tenant or state of one. Only roles and tenants that one may give can be chosen.

import { useState } from "preact/hooks";
import { accessApi, type NewPassword, type User } from "../access/api";
import { levelWord, ofOperator, roleWord, within } from "../access/words";
import { FormDialog } from "../components/form-dialog";
import { ProblemNote } from "../components/problem-note";
import { t } from "../language";
import { useResource } from "../resource";

interface UserDialogProps {
    /** null: a new one. */
    user: User | null;
    close(): void;
    saved(name: string): void;
    made(reply: NewPassword): void;
}

export function UserDialog(props: UserDialogProps) {
    const { user } = props;
    const choices = useResource("choices", async (signal) => {
        const [roles, tenants] = await Promise.all([accessApi.roles(signal), accessApi.tenants(signal)]);
        return { roles: roles.items.filter((role) => within(role.rights)), tenants: tenants.items };
    });
    const roles = choices.value?.roles ?? [];
    const tenants = choices.value?.tenants ?? [];
    const [name, setName] = useState(user?.name ?? "");
    const [role, setRole] = useState(user?.role ?? "read-only");
    const [tenant, setTenant] = useState(user?.tenant ?? "");
    const [disabled, setDisabled] = useState(user?.disabled ?? false);
    const place = tenant || (ofOperator() ? "" : (tenants[0]?.name ?? ""));

    async function send(): Promise<void> {
        if (!user) return props.made(await accessApi.addUser({ name: name.trim(), role, tenant: place || null }));
        await accessApi.changeUser(user.name, { role, tenant: place || null, disabled });
        props.saved(user.name);
    }

    return (
        <FormDialog title={user ? t("users.change.of", { name: user.name }) : t("users.add")} submit={t(user ? "users.save" : "users.create")} ready={choices.value !== null} close={props.close} send={send}>
            {choices.problem && <ProblemNote problem={choices.problem} retry={choices.reload} />}
            {!user && (
                <label class="field">
                    <span>{t("users.name")}</span>
                    <input value={name} required maxLength={63} pattern="[^\/]+" autocapitalize="none" spellcheck={false} onInput={(event) => setName(event.currentTarget.value)} />
                </label>
            )}
            <label class="field">
                <span>{t("users.role")}</span>
                <select value={role} onChange={(event) => setRole(event.currentTarget.value)}>
                    {roles.map((one) => (
                        <option key={one.name} value={one.name}>
                            {roleWord(one.name)}
                        </option>
                    ))}
                </select>
            </label>
            <label class="field">
                <span>{t("tenant")}</span>
                <select value={place} onChange={(event) => setTenant(event.currentTarget.value)}>
                    {ofOperator() && <option value="">{levelWord("operator")}</option>}
                    {tenants.map((one) => (
                        <option key={one.id} value={one.name}>
                            {`${one.name} (${levelWord(one.level)})`}
                        </option>
                    ))}
                </select>
            </label>
            {user && (
                <label class="check">
                    <input type="checkbox" checked={disabled} onChange={(event) => setDisabled(event.currentTarget.checked)} />
                    <span>{t("users.disable")}</span>
                </label>
            )}
            <p class="soft">{t(user ? "users.change.text" : "users.add.text")}</p>
        </FormDialog>
    );
}
