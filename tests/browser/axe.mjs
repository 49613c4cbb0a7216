// SPDX-License-Identifier: Apache-2.0
//
// Finds breaches of WCAG 2.2 A and AA, as far as axe-core can tell. It is evaluated in the page from outside, so the page's content policy need not let
// it in. Every rule of these tags runs.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const options = { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], resultTypes: ["violations"] };

/** Each breach: the rule's name, what it asks for, and the element. */
export async function breaches(page) {
    // From the top: what a page has scrolled under its bar has less of a target left to hit.
    await page.evaluate(`scrollTo(0, 0);${source};0`);
    const { violations } = await page.evaluate((asked) => globalThis.axe.run(asked), options);
    return violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id} (${rule.help}): ${node.html.slice(0, 160)}`));
}
