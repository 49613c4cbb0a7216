// SPDX-License-Identifier: Apache-2.0
//
// A new account, or another role, tenant or state of one. Only roles and tenants that one may give can be chosen.

import { useState } from "preact/hooks";
import { accessApi, type NewPassword, type User } from "../access/api";
import { levelWord, ofOperator, rightsOfName, roleWord, within } from "../access/words";
import { FormDialog } from "../components/form-dialog";
import { ProblemNote } from "../components/problem-note";
import { t } from "../language";
import { useResource } from "../resource";
import { PrintNames, tenantsUnder, type TypedName } from "./print-names";

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
        const names = user && within(rightsOfName) ? accessApi.printNames(user.name, signal) : { items: [] };
        const [roles, tenants, known] = await Promise.all([accessApi.roles(signal), accessApi.tenants(signal), names]);
        return { roles: roles.items.filter((role) => within(role.rights)), tenants: tenants.items, names: known.items };
    });
    const roles = choices.value?.roles ?? [];
    const tenants = choices.value?.tenants ?? [];
    const [name, setName] = useState(user?.name ?? "");
    const [role, setRole] = useState(user?.role ?? "read-only");
    const [tenant, setTenant] = useState(user?.tenant ?? "");
    const [disabled, setDisabled] = useState(user?.disabled ?? false);
    const known = choices.value?.names ?? [];
    const byHand = known.filter((one) => one.from === "hand").map(({ tenant, name }) => ({ tenant, name }));
    const [typed, setTyped] = useState<TypedName[] | null>(null);
    const names = typed ?? byHand;
    const place = tenant || (ofOperator() ? "" : (tenants[0]?.name ?? ""));

    async function send(): Promise<void> {
        if (!user) return props.made(await accessApi.addUser({ name: name.trim(), role, tenant: place || null }));
        const moved = role !== user.role || place !== (user.tenant ?? "") || disabled !== user.disabled;
        if (moved) await accessApi.changeUser(user.name, { role, tenant: place || null, disabled }); // ends the sessions
        if (typed) await accessApi.putPrintNames(user.name, typed);
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
            {user && choices.value && within(rightsOfName) && (
                <PrintNames names={names} given={known.filter((one) => one.from === "sign-on")} tenants={tenantsUnder(tenants, place)} change={setTyped} />
            )}
            <p class="soft">{t(user ? "users.change.text" : "users.add.text")}</p>
        </FormDialog>
    );
}
