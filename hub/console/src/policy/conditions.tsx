// SPDX-License-Identifier: Apache-2.0
//
// A group of conditions: all, any or none of its rows, which may be groups again.

import { t } from "../language";
import { Icon } from "../components/icon";
import { ConditionRow } from "./condition-row";
import { firstValue, groupKinds, isGroup, type Condition, type Conditions, type GroupKind } from "./model";

interface GroupProps {
    group: Conditions;
    quotas: readonly string[];
    depth: number;
    change(group: Conditions): void;
    remove?(): void;
}

const deepest = 3; // what a person can still read; the JSON view knows eight

export function ConditionGroup(props: GroupProps) {
    const { group } = props;
    const put = (items: Conditions["items"]): void => props.change({ ...group, items });
    const at = (index: number, item: Condition | Conditions): void => put(group.items.map((old, i) => (i === index ? item : old)));
    const without = (index: number): void => put(group.items.filter((_, i) => i !== index));
    return (
        <div class="condition-group" role="group" aria-label={t("policy.conditions")}>
            <div class="condition-head">
                <select
                    aria-label={t("policy.group.kind")}
                    value={group.kind}
                    onChange={(event) => props.change({ ...group, kind: event.currentTarget.value as GroupKind })}
                >
                    {groupKinds.map((kind) => (
                        <option key={kind} value={kind}>
                            {t(`policy.group.${kind}`)}
                        </option>
                    ))}
                </select>
                {props.remove && (
                    <button type="button" class="button button-icon" aria-label={t("policy.group.remove")} title={t("policy.group.remove")} onClick={props.remove}>
                        <Icon name="close" />
                    </button>
                )}
            </div>
            {group.items.length === 0 && <p class="soft">{t("policy.conditions.none")}</p>}
            <ul class="condition-list">
                {group.items.map((item, index) =>
                    isGroup(item) ? (
                        <li key={index}>
                            <ConditionGroup
                                group={item}
                                quotas={props.quotas}
                                depth={props.depth + 1}
                                change={(inner) => at(index, inner)}
                                remove={() => without(index)}
                            />
                        </li>
                    ) : (
                        <ConditionRow key={index} condition={item} quotas={props.quotas} change={(one) => at(index, one)} remove={() => without(index)} />
                    ),
                )}
            </ul>
            <div class="condition-acts">
                <button type="button" class="button button-small" onClick={() => put([...group.items, { field: "queue", value: firstValue("queue", []) }])}>
                    {t("policy.condition.add")}
                </button>
                {props.depth < deepest && (
                    <button
                        type="button"
                        class="button button-small button-quiet"
                        onClick={() => put([...group.items, { kind: "any", items: [{ field: "user", value: firstValue("user", []) }] }])}
                    >
                        {t("policy.group.add")}
                    </button>
                )}
            </div>
        </div>
    );
}
