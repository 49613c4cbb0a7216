// SPDX-License-Identifier: Apache-2.0
//
// The console's table of texts (hub/console/src/i18n.ts), read for the tests, and what can be wrong with it.

import { readFileSync } from "node:fs";

const source = (name) => readFileSync(new URL(`../../hub/console/src/${name}`, import.meta.url), "utf8");
const table = (name, of) => new RegExp(`export const ${of} = (\\{[\\s\\S]*?\\n\\}) as const`).exec(source(name))[1];

/** The tables that i18n.ts takes its parts from: [their names, their files]. */
const parts = [...source("i18n.ts").matchAll(/import \{ (\w+) \} from "\.\/(i18n-[\w-]+)"/g)].map(([, of, file]) => [of, `${file}.ts`]);
const part = ([of, name]) => new Function(`return ${table(name, of)}`)();

/** key -> [English, French, German] */
export const texts = new Function(...parts.map(([of]) => of), `return ${table("i18n.ts", "texts")}`)(...parts.map(part));

export function faultsOfTable() {
    const faults = [];
    const seen = new Set();
    for (const one of parts) {
        for (const key of Object.keys(part(one))) {
            if (seen.has(key)) faults.push(`${key}: in two parts, and the last one counts everywhere`);
            seen.add(key);
        }
    }
    const parameters = (text) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort().join();
    for (const [key, row] of Object.entries(texts)) {
        if (row.length !== 3 || row.some((text) => !text.trim())) faults.push(`${key}: a language is missing`);
        if (row.some((text) => parameters(text) !== parameters(row[0]))) faults.push(`${key}: other parameters`);
        if (row.some((text) => text.split("|").length !== row[0].split("|").length)) faults.push(`${key}: other forms`);
        if (/[^\u00a0\s][:;?!](\s|$)/.test(row[1]) || / [:;?!]/.test(row[1])) faults.push(`${key}: French without its no-break space`);
        if (row.some((text) => /'|\.\.\./.test(text))) faults.push(`${key}: a straight apostrophe or three dots`);
    }
    return faults;
}
