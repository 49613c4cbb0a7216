// SPDX-License-Identifier: Apache-2.0
//
// What a rule does: its actions, each with the settings it has. A setting that is not chosen is not written.

import { t, type TextKey } from "../language";
import { Icon } from "../components/icon";
import { Count } from "./condition-row";
import { EditField } from "./edit-field";
import { actionNames, firstSettings, type Action, type ActionName, type Json, type JsonObject } from "./model";
import { tOf } from "./words";

type Setting =
    | { name: string; kind: "choice"; words: readonly string[] }
    | { name: string; kind: "several"; words: readonly string[] }
    | { name: string; kind: "number" }
    | { name: string; kind: "flag" }
    | { name: string; kind: "text" };

/** A warning that cannot be shown has no warning to fall back on. */
const otherwise = { name: "else", kind: "choice", words: ["allow", "deny"] } as const;
const anyOtherwise = { name: "else", kind: "choice", words: ["allow", "warn", "deny"] } as const;

/** In the order of docs/policy.md, "Actions". */
const settings: Record<ActionName, readonly Setting[]> = {
    allow: [],
    deny: [],
    record: [],
    warn: [{ name: "seconds", kind: "number" }, { name: "silence", kind: "choice", words: ["print", "cancel"] }, otherwise],
    account: [
        { name: "ask", kind: "several", words: ["client", "matter", "project"] },
        { name: "required", kind: "flag" },
        { name: "pin", kind: "flag" },
        { name: "seconds", kind: "number" },
        anyOtherwise,
    ],
    duplex: [{ name: "how", kind: "choice", words: ["force", "offer"] }, { name: "edge", kind: "choice", words: ["long", "short"] }, anyOtherwise],
    grey: [{ name: "how", kind: "choice", words: ["force", "offer"] }, anyOtherwise],
    hold: [{ name: "hours", kind: "number" }, anyOtherwise],
    redirect: [{ name: "queue", kind: "text" }, anyOtherwise],
    notify: [{ name: "tell", kind: "several", words: ["user", "manager", "administrator"] }],
};

export function Actions(props: { actions: Action[]; change(actions: Action[]): void }) {
    const { actions } = props;
    const has = (name: ActionName): boolean => actions.some((action) => action.name === name);
    const left = actionNames.filter((name) => !has(name) && !(name === "allow" && has("deny")) && !(name === "deny" && has("allow")));
    return (
        <div class="actions">
            <ul class="condition-list">
                {actions.map((action, index) => (
                    <li key={action.name} class="action">
                        <strong class="action-name">{tOf("policy.action", action.name)}</strong>
                        {settings[action.name].map((setting) => (
                            <SettingField
                                key={setting.name}
                                setting={setting}
                                value={action.settings[setting.name]}
                                set={(value) => {
                                    const next: JsonObject = { ...action.settings };
                                    if (value === undefined) delete next[setting.name];
                                    else next[setting.name] = value;
                                    props.change(actions.map((old, i) => (i === index ? { ...old, settings: next } : old)));
                                }}
                            />
                        ))}
                        <button
                            type="button"
                            class="button button-icon"
                            aria-label={t("policy.action.remove", { name: tOf("policy.action", action.name) })}
                            title={t("policy.action.remove", { name: tOf("policy.action", action.name) })}
                            onClick={() => props.change(actions.filter((_, i) => i !== index))}
                        >
                            <Icon name="close" />
                        </button>
                    </li>
                ))}
            </ul>
            <select
                aria-label={t("policy.action.add")}
                class="action-add"
                value=""
                onChange={(event) => {
                    const name = event.currentTarget.value as ActionName;
                    if (name) props.change([...actions, { name, settings: firstSettings(name) }]);
                    event.currentTarget.value = "";
                }}
            >
                <option value="">{t("policy.action.add")}</option>
                {left.map((name) => (
                    <option key={name} value={name}>
                        {tOf("policy.action", name)}
                    </option>
                ))}
            </select>
        </div>
    );
}

function SettingField(props: { setting: Setting; value: Json | undefined; set(value: Json | undefined): void }) {
    const { setting, value } = props;
    const label = t(`policy.setting.${setting.name}` as TextKey);
    if (setting.kind === "flag") {
        return (
            <label class="check">
                <input type="checkbox" checked={value === true} onChange={(event) => props.set(event.currentTarget.checked || undefined)} />
                {label}
            </label>
        );
    }
    if (setting.kind === "several") {
        const chosen = Array.isArray(value) ? (value as string[]) : value === undefined ? [] : [String(value)];
        return (
            <fieldset class="condition-words">
                <legend class="sr-only">{label}</legend>
                {setting.words.map((word) => (
                    <label key={word} class={chosen.includes(word) ? "chip chip-on" : "chip"}>
                        <input
                            type="checkbox"
                            checked={chosen.includes(word)}
                            onChange={(event) => {
                                const next = setting.words.filter((one) => (one === word ? event.currentTarget.checked : chosen.includes(one)));
                                if (next.length) props.set(next.length === 1 ? next[0]! : [...next]);
                            }}
                        />
                        {tOf("policy.word", word)}
                    </label>
                ))}
            </fieldset>
        );
    }
    return (
        <label class="field-inline">
            <span>{label}</span>
            {setting.kind === "choice" ? (
                <select value={String(value ?? "")} onChange={(event) => props.set(event.currentTarget.value || undefined)}>
                    <option value="">{t("policy.setting.usual")}</option>
                    {setting.words.map((word) => (
                        <option key={word} value={word}>
                            {tOf("policy.word", word)}
                        </option>
                    ))}
                </select>
            ) : setting.kind === "number" ? (
                <Count label={label} value={value ?? ""} set={(n) => props.set(n)} />
            ) : (
                <EditField class="condition-text" value={String(value ?? "")} commit={(text) => props.set(text)} />
            )}
        </label>
    );
}
