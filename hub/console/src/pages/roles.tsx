// SPDX-License-Identifier: Apache-2.0
//
// Which role gives which rights, as one table. The hub's own roles are fixed; the operator's people make others by ticking.

import { useState } from "preact/hooks";
import { accessApi, type Role } from "../access/api";
import { RightsChoice } from "../access/rights-choice";
import { ofOperator, ownRights, rightWord, roleWord, within } from "../access/words";
import { ConfirmDialog } from "../components/confirm-dialog";
import { FormDialog } from "../components/form-dialog";
import { Icon } from "../components/icon";
import { PageHead } from "../components/page-head";
import { ProblemNote } from "../components/problem-note";
import { toast } from "../components/toast";
import { number } from "../format";
import { t } from "../language";
import { useResource } from "../resource";

export function Roles() {
    const list = useResource("roles", (signal) => accessApi.roles(signal));
    const [editing, setEditing] = useState<Role | "new" | null>(null);
    const [removing, setRemoving] = useState<Role | null>(null);

    function done(text: string): void {
        toast(text);
        setEditing(null);
        setRemoving(null);
        list.reload();
    }

    return (
        <>
            <PageHead title={t("page.roles")}>
                {ofOperator() && (
                    <div class="head-acts">
                        <button type="button" class="button button-primary" onClick={() => setEditing("new")}>
                            {t("roles.add")}
                        </button>
                    </div>
                )}
            </PageHead>
            <p class="lead page-lead">{t("roles.text")}</p>
            {list.problem && <ProblemNote problem={list.problem} retry={list.reload} />}
            {!list.value && !list.problem && <p class="quiet-start">{t("loading")}</p>}
            {list.value && <Matrix roles={list.value.items} rights={list.value.all} edit={setEditing} remove={setRemoving} />}
            {editing && (
                <RoleDialog role={editing === "new" ? null : editing} close={() => setEditing(null)} saved={(name) => done(t("roles.saved", { name }))} />
            )}
            {removing && (
                <ConfirmDialog
                    title={t("roles.remove.of", { name: removing.name })}
                    act={t("users.remove")}
                    run={() => accessApi.removeRole(removing.name)}
                    close={(gone) => (gone ? done(t("roles.removed", { name: removing.name })) : setRemoving(null))}
                >
                    <p>{t("roles.remove.text")}</p>
                </ConfirmDialog>
            )}
        </>
    );
}

function Matrix(props: { roles: readonly Role[]; rights: readonly string[]; edit(role: Role): void; remove(role: Role): void }) {
    return (
        <div class="matrix-scroll" tabIndex={0} role="region" aria-label={t("page.roles")}>
            <table class="matrix" aria-label={t("page.roles")}>
                <thead>
                    <tr>
                        <th scope="col">{t("rights")}</th>
                        {props.roles.map((role) => (
                            <th key={role.name} scope="col" class={role.custom ? "matrix-custom" : ""}>
                                {roleWord(role.name)}
                                {role.custom && <small>{t("roles.users", { n: number(role.users ?? 0) }, role.users ?? 0)}</small>}
                            </th>
                        ))}
                    </tr>
                </thead>
                <tbody>
                    {props.rights.map((right) => (
                        <tr key={right}>
                            <th scope="row">
                                {rightWord(right)}
                                <small>
                                    <code>{right}</code>
                                </small>
                            </th>
                            {props.roles.map((role) => (
                                <td key={role.name}>
                                    {role.rights.includes(right) ? (
                                        <>
                                            <Icon name="check" />
                                            <span class="sr-only">{t("roles.has")}</span>
                                        </>
                                    ) : (
                                        <span class="sr-only">{t("roles.has.not")}</span>
                                    )}
                                </td>
                            ))}
                        </tr>
                    ))}
                    {ofOperator() && props.roles.some((role) => role.custom) && (
                        <tr>
                            <th scope="row">{t("agent.act")}</th>
                            {props.roles.map((role) => (
                                <td key={role.name}>{role.custom && within(role.rights) && <RoleActs role={role} edit={props.edit} remove={props.remove} />}</td>
                            ))}
                        </tr>
                    )}
                </tbody>
            </table>
        </div>
    );
}

function RoleActs(props: { role: Role; edit(role: Role): void; remove(role: Role): void }) {
    const { role } = props;
    return (
        <span class="matrix-acts">
            <button type="button" class="button button-small" aria-label={t("roles.change.of", { name: role.name })} onClick={() => props.edit(role)}>
                {t("change")}
            </button>
            <button type="button" class="button button-small" aria-label={t("roles.remove.of", { name: role.name })} onClick={() => props.remove(role)}>
                {t("users.remove")}
            </button>
        </span>
    );
}

function RoleDialog(props: { role: Role | null; close(): void; saved(name: string): void }) {
    const { role } = props;
    const [name, setName] = useState(role?.name ?? "");
    const [rights, setRights] = useState<string[]>(role?.rights ?? []);

    async function send(): Promise<void> {
        await accessApi.putRole(name.trim(), rights);
        props.saved(name.trim());
    }

    return (
        <FormDialog title={role ? t("roles.change.of", { name: role.name }) : t("roles.add")} submit={t(role ? "users.save" : "users.create")} ready={rights.length > 0} close={props.close} send={send}>
            {!role && (
                <label class="field">
                    <span>{t("users.name")}</span>
                    <input value={name} required maxLength={31} pattern="[^\/]+" onInput={(event) => setName(event.currentTarget.value)} />
                </label>
            )}
            <RightsChoice all={ownRights()} chosen={rights} change={setRights} />
        </FormDialog>
    );
}
