// SPDX-License-Identifier: Apache-2.0
//
// Rights to be ticked: only those that one holds oneself.

import { t } from "../language";
import { rightWord } from "./words";

interface RightsChoiceProps {
    all: readonly string[];
    chosen: readonly string[];
    change(chosen: string[]): void;
}

export function RightsChoice(props: RightsChoiceProps) {
    const { all, chosen, change } = props;
    return (
        <fieldset>
            <legend>{t("rights")}</legend>
            {all.map((right) => (
                <label key={right} class="choice">
                    <input
                        type="checkbox"
                        checked={chosen.includes(right)}
                        onChange={(event) => change(event.currentTarget.checked ? [...chosen, right] : chosen.filter((one) => one !== right))}
                    />
                    <span>
                        {rightWord(right)}
                        <small>
                            <code>{right}</code>
                        </small>
                    </span>
                </label>
            ))}
        </fieldset>
    );
}
