// SPDX-License-Identifier: Apache-2.0
//
// The quotas of a set: how much, of what, for whom, in which time. A quota does nothing by itself; rules ask about it, and a button makes the rule that
// most people want. What the check finds of a quota stands at its card.

import { Icon } from "../components/icon";
import { date } from "../format";
import { t } from "../language";
import type { Finding } from "./api";
import { EditField } from "./edit-field";
import { Found } from "./found";
import { freshId, freshQuota, quotaAmounts, quotaChoices, readQuotas, renamedQuota, withQuotas, withUnit, type Json, type PolicyText, type QuotaText } from "./model";

interface FormsProps {
    set: PolicyText;
    error: string | null;
    findings: readonly Finding[];
    change(set: PolicyText): void;
}

/** The quota that a mistake is in: "quotas[1].limit: ..." */
export const quotaOf = (error: string | null): number => Number(/^quotas\[(\d+)\]/.exec(error ?? "")?.[1] ?? -1);

export function QuotaForms(props: FormsProps) {
    const { set } = props;
    const quotas = readQuotas(set);
    if (!quotas) return <p class="soft">{t("policy.only.json")}</p>;
    const wrong = quotaOf(props.error);
    const put = (at: number, quota: QuotaText): void => props.change(withQuotas(set, quotas.map((old, index) => (index === at ? quota : old))));
    return (
        <section class="quota-forms" aria-label={t("policy.quotas")}>
            <div class="forms-head">
                <h2>{t("policy.quotas")}</h2>
                <button type="button" class="button" onClick={() => props.change(withQuotas(set, [...quotas, freshQuota(set)]))}>
                    {t("policy.quota.add")}
                </button>
            </div>
            {quotas.length === 0 && <p class="soft">{t("policy.quotas.none")}</p>}
            <ol class="policy-rules">
                {quotas.map((quota, at) => (
                    <li key={at} class="set-rule">
                        <QuotaForm
                            quota={quota}
                            put={(next) => put(at, next)}
                            rename={(to) => !quotas.some((one) => one.id === to) && props.change(renamedQuota(set, quota.id, to))}
                            remove={() => props.change(withQuotas(set, quotas.filter((_, index) => index !== at)))}
                            addRule={() =>
                                props.change({ ...set, rules: [...set.rules, { id: freshId(set), when: { over_quota: quota.id }, then: ["deny", { notify: "user" }], message: t("policy.quota.rule.message") }] })
                            }
                        />
                        <Found error={wrong === at ? props.error : null} findings={props.findings.filter((one) => one.quota === quota.id)} mild={() => true} />
                    </li>
                ))}
            </ol>
        </section>
    );
}

interface FormProps {
    quota: QuotaText;
    put(quota: QuotaText): void;
    rename(to: string): void;
    remove(): void;
    addRule(): void;
}

function QuotaForm(props: FormProps) {
    const { quota, put } = props;
    const per = String(quota.per);
    const choose = (name: "of" | "per" | "unit", value: string): void => {
        if (name === "unit") return put(withUnit(quota, value));
        const { terms, ...rest } = quota;
        if (name === "per" && value === "term") return put({ ...quota, per: value, terms: terms ?? [`${new Date().getFullYear()}-01-01`] });
        put({ ...(name === "per" ? rest : quota), [name]: value } as QuotaText);
    };
    return (
        <div class="quota-form">
            <label class="field">
                <span>{t("policy.quota.name")}</span>
                <EditField value={quota.id} maxLength={64} commit={(text) => text.trim() && props.rename(text.trim())} />
            </label>
            {(["of", "per", "unit"] as const).map((name) => (
                <label key={name} class="field">
                    <span>{t(`policy.quota.${name}`)}</span>
                    <select value={String(quota[name])} onChange={(event) => choose(name, event.currentTarget.value)}>
                        {quotaChoices[name].map((word) => (
                            <option key={word} value={word}>
                                {t(`policy.quota.${name}.${word}` as "policy.quota.of.user")}
                            </option>
                        ))}
                    </select>
                </label>
            ))}
            <label class="field">
                <span>{t(quota.of === "group" ? "policy.quota.group.whose" : "policy.quota.group")}</span>
                <EditField value={groupText(quota.group)} maxLength={1000} title={t("policy.like.hint")} commit={(text) => put(withMember(quota, "group", groupValue(text)))} />
            </label>
            {quotaAmounts.map((name) => (
                <Amount key={name} quota={quota} name={name} put={put} />
            ))}
            {per === "term" && <Terms quota={quota} put={put} />}
            <div class="quota-acts">
                <button type="button" class="button button-small" onClick={props.addRule}>
                    {t("policy.quota.rule")}
                </button>
                <button type="button" class="button button-small button-quiet" aria-label={t("policy.quota.remove.of", { name: quota.id })} onClick={props.remove}>
                    {t("policy.quota.remove")}
                </button>
            </div>
        </div>
    );
}

function withMember(quota: QuotaText, name: string, value: Json | undefined): QuotaText {
    const next: QuotaText = { ...quota };
    if (value === undefined) delete next[name];
    else next[name] = value;
    return next;
}

const groupText = (value: Json | undefined): string => (Array.isArray(value) ? value.join("; ") : String(value ?? ""));

function groupValue(text: string): Json | undefined {
    const list = text.split(";").map((one) => one.trim()).filter(Boolean);
    return list.length > 1 ? list : list[0];
}

/** Money stays text, so that no digit is lost. Empty: not written, but for the limit, which there must be. */
function Amount(props: { quota: QuotaText; name: (typeof quotaAmounts)[number]; put(quota: QuotaText): void }) {
    const { quota, name } = props;
    const money = quota.unit === "cost";
    function commit(text: string): void {
        const typed = text.trim().replace(",", ".");
        if (!typed && name !== "limit") props.put(withMember(quota, name, undefined));
        else if (money || /^\d+$/.test(typed)) props.put(withMember(quota, name, money ? typed || "0" : Number(typed)));
    }
    return (
        <label class="field" title={t(`policy.quota.${name}.hint`)}>
            <span>{t(`policy.quota.${name}`)}</span>
            <EditField kind={money ? "decimal" : "number"} value={String(quota[name] ?? "")} commit={commit} />
        </label>
    );
}

/** The first day of each term, in order. */
function Terms(props: { quota: QuotaText; put(quota: QuotaText): void }) {
    const terms = Array.isArray(props.quota.terms) ? props.quota.terms.map(String) : [];
    const set = (list: readonly string[]): void => props.put({ ...props.quota, terms: [...new Set(list)].sort() });
    return (
        <fieldset class="quota-terms">
            <legend>{t("policy.quota.terms")}</legend>
            {terms.map((day) => (
                <span key={day} class="chip chip-on">
                    {date(day)}
                    <button type="button" class="button button-icon" disabled={terms.length < 2} aria-label={t("policy.quota.term.remove", { day: date(day) })} title={t("policy.quota.term.remove", { day: date(day) })} onClick={() => set(terms.filter((one) => one !== day))}>
                        <Icon name="close" />
                    </button>
                </span>
            ))}
            <label class="field-inline">
                <span>{t("policy.quota.term.add")}</span>
                <input
                    type="date"
                    value=""
                    onChange={(event) => {
                        if (event.currentTarget.value) set([...terms, event.currentTarget.value]);
                        event.currentTarget.value = "";
                    }}
                />
            </label>
        </fieldset>
    );
}
