// SPDX-License-Identifier: Apache-2.0
//
// Single sign-on: the provider of a tenant, what its groups give, whether accounts are made. The client's secret is typed here and never shown.

import { useState } from "preact/hooks";
import { accessApi, type Provider } from "../access/api";
import { levelWord, ofOperator, rightsOfName, roleWord, within } from "../access/words";
import { ConfirmDialog } from "../components/confirm-dialog";
import { PageHead } from "../components/page-head";
import { ProblemNote } from "../components/problem-note";
import { toast } from "../components/toast";
import { t } from "../language";
import { asProblem, type Problem } from "../problem";
import { useResource } from "../resource";
import { goTo, place } from "../router";
import { useStore } from "../store";

const fresh: Provider = {
    label: "", issuer: "", client_id: "", client_secret_set: false, console: location.origin, ca: "", group_claim: "groups", name_claim: "", roles: [], provision: false,
};

export function SignOn() {
    const tenant = useStore(place).query.get("tenant") ?? "";
    const tenants = useResource("tenants", (signal) => accessApi.tenants(signal));
    const list = useResource(tenant, async (signal) => ({ tenant, ...(await accessApi.provider(tenant, signal)) }));
    const known = list.value && list.value.tenant === tenant ? list.value : null;
    return (
        <>
            <PageHead title={t("page.signon")}>
                <div class="head-acts">
                    <label class="field-inline">
                        <span>{t("tenant")}</span>
                        <select value={tenant} onChange={(event) => goTo(`/sign-on${event.currentTarget.value && `?${new URLSearchParams({ tenant: event.currentTarget.value })}`}`)}>
                            <option value="">{ofOperator() ? levelWord("operator") : t("signon.own")}</option>
                            {(tenants.value?.items ?? []).map((one) => (
                                <option key={one.id} value={one.name}>
                                    {one.name}
                                </option>
                            ))}
                        </select>
                    </label>
                </div>
            </PageHead>
            <p class="lead page-lead">{t("signon.text")}</p>
            {list.problem && <ProblemNote problem={list.problem} retry={list.reload} />}
            {!known && !list.problem && <p class="quiet-start">{t("loading")}</p>}
            {known && <ProviderForm key={`${tenant} ${String(known.provider !== null)}`} tenant={tenant} provider={known.provider} changed={list.reload} />}
        </>
    );
}

function ProviderForm(props: { tenant: string; provider: Provider | null; changed(): void }) {
    const [form, setForm] = useState<Provider>(props.provider ?? fresh);
    const [secret, setSecret] = useState("");
    const [problem, setProblem] = useState<Problem | null>(null);
    const [busy, setBusy] = useState(false);
    const [removing, setRemoving] = useState(false);
    const put = (change: Partial<Provider>): void => setForm({ ...form, ...change });
    const back = `${form.console}/api/v1/sso/callback`;

    async function save(event: Event): Promise<void> {
        event.preventDefault();
        setBusy(true);
        setProblem(null);
        try {
            const { client_secret_set: _, ...body } = form;
            await accessApi.putProvider(props.tenant, { ...body, ...(secret && { client_secret: secret }) });
            setSecret("");
            toast(t("signon.saved"));
            props.changed();
        } catch (error) {
            setProblem(asProblem(error));
        }
        setBusy(false);
    }

    return (
        <form class="card signon" autocomplete="off" onSubmit={(event) => void save(event)}>
            {problem && <ProblemNote problem={problem} />}
            <TextField label={t("signon.label")} value={form.label} max={64} change={(label) => put({ label })} />
            <TextField label={t("signon.issuer")} value={form.issuer} max={255} hint="https://" change={(issuer) => put({ issuer })} />
            <TextField label={t("signon.client")} value={form.client_id} max={255} change={(client_id) => put({ client_id })} />
            <label class="field">
                <span>{t(form.client_secret_set ? "signon.secret.keep" : "signon.secret")}</span>
                <input type="password" autocomplete="new-password" maxLength={255} value={secret} onInput={(event) => setSecret(event.currentTarget.value)} />
            </label>
            <TextField label={t("signon.console")} value={form.console} max={400} change={(console) => put({ console })} />
            <p class="soft">
                {t("signon.redirect")} <code>{back}</code>
            </p>
            <label class="field">
                <span>{t("signon.ca")}</span>
                <textarea rows={3} value={form.ca ?? ""} maxLength={8000} placeholder="-----BEGIN CERTIFICATE-----" onInput={(event) => put({ ca: event.currentTarget.value })} />
            </label>
            <TextField label={t("signon.claim")} value={form.group_claim ?? ""} max={64} change={(group_claim) => put({ group_claim })} />
            {(within(rightsOfName) || form.name_claim) && (
                <>
                    <TextField label={t("signon.names")} value={form.name_claim ?? ""} max={64} optional change={(name_claim) => put({ name_claim })} />
                    <p class="soft">{t("signon.names.text")}</p>
                </>
            )}
            <GroupTable rows={form.roles} change={(roles) => put({ roles })} />
            <label class="check">
                <input type="checkbox" checked={form.provision} onChange={(event) => put({ provision: event.currentTarget.checked })} />
                <span>{t("signon.provision")}</span>
            </label>
            <footer class="dialog-acts">
                {props.provider && (
                    <button type="button" class="button" onClick={() => setRemoving(true)}>
                        {t("users.remove")}
                    </button>
                )}
                <button type="submit" class="button button-primary" disabled={busy}>
                    {t(busy ? "signon.asking" : "users.save")}
                </button>
            </footer>
            {removing && (
                <ConfirmDialog title={t("signon.remove")} act={t("users.remove")} run={() => accessApi.removeProvider(props.tenant)} close={(gone) => (setRemoving(false), gone && props.changed())}>
                    <p>{t("signon.remove.text")}</p>
                </ConfirmDialog>
            )}
        </form>
    );
}

function TextField(props: { label: string; value: string; max: number; hint?: string; optional?: boolean; change(value: string): void }) {
    return (
        <label class="field">
            <span>{props.label}</span>
            <input value={props.value} required={!props.optional} maxLength={props.max} placeholder={props.hint} spellcheck={false} onInput={(event) => props.change(event.currentTarget.value.trim())} />
        </label>
    );
}

function GroupTable(props: { rows: Provider["roles"]; change(rows: Provider["roles"]): void }) {
    const { rows, change } = props;
    const roles = useResource("roles", (signal) => accessApi.roles(signal));
    const offered = (roles.value?.items ?? []).filter((role) => within(role.rights)).map((role) => role.name);
    const set = (at: number, part: Partial<Provider["roles"][number]>): void => change(rows.map((row, n) => (n === at ? { ...row, ...part } : row)));
    return (
        <fieldset>
            <legend>{t("signon.roles")}</legend>
            <p class="soft">{t("signon.roles.text")}</p>
            {rows.map((row, at) => (
                <div key={at} class="signon-row">
                    <input aria-label={t("signon.group", { n: at + 1 })} required value={row.group} onInput={(event) => set(at, { group: event.currentTarget.value })} />
                    <select aria-label={t("signon.group.role", { n: at + 1 })} value={row.role} onChange={(event) => set(at, { role: event.currentTarget.value })}>
                        {[...new Set([row.role, ...offered])].map((name) => (
                            <option key={name} value={name}>
                                {roleWord(name)}
                            </option>
                        ))}
                    </select>
                    <button type="button" class="button button-small" aria-label={t("signon.group.remove", { n: at + 1 })} onClick={() => change(rows.filter((_, n) => n !== at))}>
                        {t("users.remove")}
                    </button>
                </div>
            ))}
            <button type="button" class="button button-small" onClick={() => change([...rows, { group: "", role: "read-only" }])}>
                {t("signon.group.add")}
            </button>
        </fieldset>
    );
}
