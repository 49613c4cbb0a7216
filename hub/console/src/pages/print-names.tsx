// SPDX-License-Identifier: Apache-2.0
//
// The names that an account prints under, in the dialog of a user: those that are set by hand are fields, those of the sign-on are said.

import type { PrintName, Tenant } from "../access/api";
import { Options } from "../components/options";
import { t } from "../language";

export interface TypedName {
    tenant: string;
    name: string;
}

const most = 16;

interface PrintNamesProps {
    names: TypedName[];
    /** What the sign-on gave: not to be changed here. */
    given: readonly PrintName[];
    tenants: readonly string[];
    change(names: TypedName[]): void;
}

/** The tenants that an account of this one sees; "": of the operator. */
export function tenantsUnder(tenants: readonly Tenant[], place: string): string[] {
    const seen = (one: Tenant | undefined): boolean => one !== undefined && (one.name === place || seen(tenants.find((other) => other.id === one.parent)));
    return tenants.filter((one) => !place || seen(one)).map((one) => one.name);
}

export function PrintNames(props: PrintNamesProps) {
    const { names, tenants, change } = props;
    const set = (at: number, part: Partial<TypedName>): void => change(names.map((one, n) => (n === at ? { ...one, ...part } : one)));
    return (
        <fieldset>
            <legend>{t("names.title")}</legend>
            <p class="soft">{t("names.text")}</p>
            {names.map((one, at) => (
                <div key={at} class="signon-row">
                    <input
                        aria-label={t("names.name", { n: at + 1 })}
                        required
                        maxLength={255}
                        placeholder="DOMAIN\\user"
                        autocapitalize="none"
                        spellcheck={false}
                        value={one.name}
                        onInput={(event) => set(at, { name: event.currentTarget.value })}
                    />
                    {(tenants.length > 1 || !tenants.includes(one.tenant)) && (
                        <select aria-label={t("names.tenant", { n: at + 1 })} required value={one.tenant} onChange={(event) => set(at, { tenant: event.currentTarget.value })}>
                            {!tenants.includes(one.tenant) && <option value="">{t("names.choose")}</option>}
                            <Options of={tenants} />
                        </select>
                    )}
                    <button type="button" class="button button-small" aria-label={t("names.remove", { n: at + 1 })} onClick={() => change(names.filter((_, n) => n !== at))}>
                        {t("users.remove")}
                    </button>
                </div>
            ))}
            {props.given.map((one) => (
                <p key={`${one.tenant} ${one.name}`} class="soft">
                    <code>{one.name}</code> {t("names.given", { tenant: one.tenant })}
                </p>
            ))}
            {names.length < most && (
                <button type="button" class="button button-small" onClick={() => change([...names, { tenant: tenants[0] ?? "", name: "" }])}>
                    {t("names.add")}
                </button>
            )}
        </fieldset>
    );
}
