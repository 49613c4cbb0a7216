// SPDX-License-Identifier: Apache-2.0
//
// Reasons, which records carry as codes with arguments (docs/protocol.md, WHY in 1.3), as sentences in the chosen language. What is malformed, or
// what only a newer agent says, is no sentence at all: the agent's own English is shown then. What a rule's author wrote is never one of these.

import { whyArguments } from "./i18n-why";
import { language, t, tWord, type TextKey } from "./language";

export function sayWhy(why: string | null | undefined): string | null {
    const sentences = why ? why.split(";").map(sayPhrase) : [];
    return sentences.length > 0 && !sentences.includes(null) ? sentences.join(" ") : null;
}

function sayPhrase(phrase: string): string | null {
    const [code = "", ...given] = phrase.split(" ");
    const kinds = Object.hasOwn(whyArguments, code) ? whyArguments[code]! : null;
    if (kinds === null || given.length !== kinds.length) return null;
    const said = given.map((argument, at) => sayArgument(kinds[at]!, argument));
    return said.includes(null) ? null : t(`why.${code}` as TextKey, Object.fromEntries(said.map((words, at) => [at + 1, words!])));
}

function sayArgument(kind: string, written: string): string | null {
    const argument = decoded(written);
    if (argument === null) return null;
    if (kind === "f") return tWord("why.fact", argument);
    if (kind === "c") return argument.split(",").map((word) => tWord("why.choice", word)).join(", ");
    return kind === "n" && language.value !== "en" ? argument.replace(".", ",") : argument;
}

/** "%" and two hex digits, large ones, stand for a byte; null: they do not. */
function decoded(written: string): string | null {
    if (!/^(?:[^%]|%[0-9A-F]{2})*$/.test(written) || written.includes("%00")) return null;
    try {
        return decodeURIComponent(written);
    } catch {
        return null; // no UTF-8
    }
}
