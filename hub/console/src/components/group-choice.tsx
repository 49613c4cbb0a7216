// SPDX-License-Identifier: Apache-2.0
//
// One of the groups of devices, or all devices. Nothing where there are no groups, unless one is chosen all the same.

import { useDeviceGroups } from "../device-groups";
import { t } from "../language";

/** `labelled`: with its name in sight, as a form's field. */
export function GroupChoice(props: { chosen: string; labelled?: boolean; change(id: string): void }) {
    const groups = useDeviceGroups().value?.items ?? [];
    if (groups.length === 0 && !props.chosen) return null;
    const many = new Set(groups.map((one) => one.tenant)).size > 1;
    const choice = (
        <select aria-label={t("devicegroups.of")} value={props.chosen} class={props.chosen ? "set" : ""} onChange={(event) => props.change(event.currentTarget.value)}>
            <option value="">{t("devicegroups.any")}</option>
            {groups.map((one) => (
                <option key={one.id} value={one.id}>
                    {many ? `${one.name} (${one.tenant})` : one.name}
                </option>
            ))}
        </select>
    );
    if (!props.labelled) return choice;
    return (
        <label class="field">
            <span>{t("devicegroups.of")}</span>
            {choice}
        </label>
    );
}
