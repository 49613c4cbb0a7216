// SPDX-License-Identifier: Apache-2.0
//
// One rule: closed, a line that says it in words; open, its forms. What the proof found of it stands right here. It is moved by
// dragging its handle, by its buttons, or with Alt and the arrow keys on the handle.

import { useState } from "preact/hooks";
import { Badge } from "../components/badge";
import { Icon } from "../components/icon";
import { t } from "../language";
import { Actions } from "./actions";
import type { Finding } from "./api";
import { ConditionGroup } from "./conditions";
import { EditField } from "./edit-field";
import { Found } from "./found";
import { having, readActions, readConditions, writeActions, writeConditions, type Rule } from "./model";
import { ruleWords } from "./words";

interface CardProps {
    rule: Rule;
    at: number;
    count: number;
    open: boolean;
    quotas: readonly string[];
    findings: readonly Finding[];
    error: string | null;
    toggle(): void;
    change(rule: Rule): void;
    remove(): void;
    move(to: number): void;
    moveFrom(from: number): void;
}

/** The focus goes with the rule that the keyboard moved. */
function followFocus(to: number): void {
    requestAnimationFrame(() => document.querySelectorAll<HTMLElement>(".rule-handle")[to]?.focus());
}

const dragType = "application/x-platen-rule";

export function RuleCard(props: CardProps) {
    const { rule, at } = props;
    const [over, setOver] = useState(false);
    const worst = props.error || props.findings.some((one) => one.kind !== "clash");
    return (
        <li
            class={`set-rule${props.open ? " rule-open" : ""}${over ? " rule-over" : ""}`}
            onDragOver={(event) => {
                if (!event.dataTransfer?.types.includes(dragType)) return;
                event.preventDefault();
                setOver(true);
            }}
            onDragLeave={() => setOver(false)}
            onDrop={(event) => {
                setOver(false);
                const from = Number(event.dataTransfer?.getData(dragType));
                if (Number.isInteger(from)) props.moveFrom(from);
            }}
        >
            <div class="rule-head">
                <button
                    type="button"
                    class="rule-handle"
                    draggable
                    aria-label={t("policy.rule.move", { n: at + 1, rule: rule.id })}
                    title={t("policy.rule.move.hint")}
                    onDragStart={(event) => event.dataTransfer?.setData(dragType, String(at))}
                    onKeyDown={(event) => {
                        const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
                        if (!step || !event.altKey) return;
                        event.preventDefault();
                        props.move(at + step);
                        followFocus(at + step);
                    }}
                >
                    {at + 1}
                </button>
                <button type="button" class="rule-title" aria-expanded={props.open} onClick={props.toggle}>
                    <strong>{rule.id}</strong>
                    <span>{ruleWords(rule)}</span>
                </button>
                {rule.shadow === true && <Badge tone="plain" text={t("policy.state.shadow")} title={t("policy.shadow.why")} />}
                {(props.error || props.findings.length > 0) && (
                    <Badge tone={worst ? "bad" : "warn"} text={t(worst ? "policy.rule.wrong" : "policy.rule.look")} />
                )}
                <span class="rule-acts">
                    <button type="button" class="button button-icon" disabled={at === 0} aria-label={t("policy.rule.up", { rule: rule.id })} title={t("policy.rule.up", { rule: rule.id })} onClick={() => props.move(at - 1)}>
                        <Icon name="up" />
                    </button>
                    <button type="button" class="button button-icon" disabled={at === props.count - 1} aria-label={t("policy.rule.down", { rule: rule.id })} title={t("policy.rule.down", { rule: rule.id })} onClick={() => props.move(at + 1)}>
                        <Icon name="down" />
                    </button>
                    <button type="button" class="button button-icon" aria-label={t("policy.rule.remove", { rule: rule.id })} title={t("policy.rule.remove", { rule: rule.id })} onClick={props.remove}>
                        <Icon name="close" />
                    </button>
                </span>
            </div>
            {props.open && <RuleForm {...props} />}
            <Found findings={props.findings} error={props.error} mild={(finding) => finding.kind === "clash"} /> {/* last: what comes late moves nothing under the mouse */}
        </li>
    );
}

function RuleForm(props: CardProps) {
    const { rule } = props;
    const conditions = readConditions(rule.when);
    const actions = readActions(rule.then);
    return (
        <div class="rule-form">
            <label class="field rule-id">
                <span>{t("policy.rule.name")}</span>
                <EditField value={rule.id} maxLength={64} commit={(text) => props.change({ ...rule, id: text.trim() || rule.id })} />
            </label>
            <section>
                <h3>{t("policy.when")}</h3>
                {conditions ? (
                    <ConditionGroup group={conditions} quotas={props.quotas} depth={1} change={(group) => props.change(having(rule, "when", writeConditions(group)))} />
                ) : (
                    <p class="soft">{t("policy.only.json")}</p>
                )}
            </section>
            <section>
                <h3>{t("policy.then")}</h3>
                {actions ? (
                    <Actions actions={actions} change={(next) => props.change(having(rule, "then", writeActions(next)))} />
                ) : (
                    <p class="soft">{t("policy.only.json")}</p>
                )}
            </section>
            <label class="field">
                <span>{t("policy.message")}</span>
                <input
                    value={typeof rule.message === "string" ? rule.message : ""}
                    maxLength={512}
                    onInput={(event) => props.change(having(rule, "message", event.currentTarget.value || undefined))}
                />
            </label>
            <div class="rule-more">
                <label class="field-inline">
                    <span>{t("policy.unknown")}</span>
                    <select
                        value={rule.unknown === "match" ? "match" : "skip"}
                        onChange={(event) => props.change(having(rule, "unknown", event.currentTarget.value === "match" ? "match" : undefined))}
                    >
                        <option value="skip">{t("policy.unknown.skip")}</option>
                        <option value="match">{t("policy.unknown.match")}</option>
                    </select>
                </label>
                <label class="check">
                    <input
                        type="checkbox"
                        checked={rule.shadow === true}
                        onChange={(event) => props.change(having(rule, "shadow", event.currentTarget.checked || undefined))}
                    />
                    {t("policy.rule.shadow")}
                </label>
            </div>
        </div>
    );
}
