// SPDX-License-Identifier: Apache-2.0
//
// The supplies of a device as a row of small bars in their colours. One sentence says the same to a screen reader.

import { inkOf, type SupplyBar } from "../device";
import { percent } from "../format";
import { t, tWord } from "../language";

export function supplyWords(supply: Pick<SupplyBar, "text" | "percent" | "state" | "index">): string {
    const name = supply.text ?? `${supply.index}`;
    if (supply.percent !== null) return t("supply.level", { name, percent: percent(supply.percent / 100) });
    return supply.state ? `${name}: ${tWord("supplystate", supply.state)}` : t("supply.level.unknown", { name });
}

export function SupplyBars(props: { supplies: readonly SupplyBar[] }) {
    const words = props.supplies.map(supplyWords).join("; ");
    return (
        <span class="supply-bars" role="img" aria-label={words} title={words}>
            {props.supplies.map((supply) => (
                <span key={supply.index} class={`supply-bar ink-${inkOf(supply.color, supply.text)} ${supply.low ? "supply-bar-low" : ""}`}>
                    {supply.percent === null ? (
                        <span class="supply-bar-unknown">{supply.low ? "!" : ""}</span>
                    ) : (
                        <span class="supply-bar-fill" style={{ height: `${Math.max(4, supply.percent)}%` }} />
                    )}
                </span>
            ))}
        </span>
    );
}
