// SPDX-License-Identifier: Apache-2.0
//
// The two choices that each person makes for the own browser: language and theme.

import { language, languages, setLanguage, t, type Language } from "../language";
import { useStore } from "../store";
import { setTheme, theme, themes } from "../theme";
import { Icon } from "./icon";
import { Menu } from "./menu";

/** Each language names itself, so that whoever needs it can read it. */
export const ownNames: Record<Language, string> = { en: "English", fr: "Français", de: "Deutsch" };

export function LanguageMenu() {
    const chosen = useStore(language);
    return (
        <Menu
            label={t("language.is", { code: chosen.toUpperCase() })}
            button={<span class="language-code">{chosen.toUpperCase()}</span>}
            items={languages.map((name) => ({
                id: name,
                text: ownNames[name],
                lang: name,
                chosen: name === chosen,
                act: () => setLanguage(name),
            }))}
        />
    );
}

export function ThemeMenu() {
    const chosen = useStore(theme);
    return (
        <Menu
            label={t("theme")}
            button={<Icon name={chosen} />}
            items={themes.map((name) => ({
                id: name,
                text: t(`theme.${name}`),
                icon: name,
                chosen: name === chosen,
                act: () => setTheme(name),
            }))}
        />
    );
}
