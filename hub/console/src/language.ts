// SPDX-License-Identifier: Apache-2.0
//
// The chosen language and t(), which every visible text goes through. The texts themselves stand in i18n.ts.

import { languages, texts, type Language, type TextKey } from "./i18n";
import { keep, kept } from "./keep";
import { Store } from "./store";

export type { Language, TextKey };
export { languages };

export const language = new Store<Language>("en");

/** The locale for Intl: the browser's own variant of the chosen language where it has one (en-US, de-CH). */
export function locale(): string {
    const own = navigator.languages.find((tag) => primary(tag) === language.value);
    return own ?? { en: "en-GB", fr: "fr-FR", de: "de-DE" }[language.value];
}

export function startLanguage(): void {
    const wanted = [kept("language"), ...navigator.languages.map(primary)];
    apply(languages.find((known) => known === wanted.find((name) => languages.includes(name as Language))) ?? "en");
}

export function setLanguage(name: Language): void {
    keep("language", name);
    apply(name);
}

/**
 * The text of a key in the chosen language. `{name}` is replaced by the parameter of that name. A text with
 * a bar ("{n} job|{n} jobs") has a form for one and a form for more; `count` chooses between them.
 */
export function t(key: TextKey, parameters: Record<string, string | number> = {}, count?: number): string {
    let text: string = texts[key][languages.indexOf(language.value)]!;
    if (count !== undefined) {
        const [one, more] = text.split("|");
        text = new Intl.PluralRules(language.value).select(count) === "one" ? one! : (more ?? one!);
    }
    return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(parameters[name] ?? whole));
}

/** The text of a word that the hub chose; one that only a newer hub knows is shown as it came. */
export function tWord(group: string, word: string): string {
    const key = `${group}.${word}`;
    return key in texts ? t(key as TextKey) : word;
}

function primary(tag: string): string {
    return tag.split("-")[0]!.toLowerCase();
}

function apply(name: Language): void {
    document.documentElement.lang = name;
    language.set(name);
}
