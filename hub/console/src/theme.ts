// SPDX-License-Identifier: Apache-2.0
//
// Light, dark, or as the system says. The colours live in styles/tokens.css as light-dark() pairs; this
// file only chooses the side.

import { keep, kept } from "./keep";
import { Store } from "./store";

export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

export const theme = new Store<Theme>("system");

export function startTheme(): void {
    const wanted = themes.find((name) => name === kept("theme"));
    if (wanted) apply(wanted);
}

export function setTheme(name: Theme): void {
    keep("theme", name);
    apply(name);
}

function apply(name: Theme): void {
    if (name === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = name;
    theme.set(name);
}
