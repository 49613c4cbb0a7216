// SPDX-License-Identifier: Apache-2.0
//
// What the ways through the console at a real hub share: one page, TAP lines, the errors in the browser's console.

import { launch } from "./chromium.mjs";

const browser = await launch();
let number = 0, failed = 0;

export const faults = [];

export function check(good, name, detail = "") {
    number++;
    if (!good) failed++;
    console.log(`${good ? "ok" : "not ok"} ${number} - ${name}${detail && ` # ${detail}`}`);
}

/** The hub's certificate is of its own CA, which no browser knows: that one warning is passed over here. */
export async function openPage(options, timeout) {
    const context = await browser.newContext({ ignoreHTTPSErrors: true, locale: "en-GB", ...options });
    context.setDefaultTimeout(timeout);
    const page = await context.newPage();
    page.on("console", (message) => message.type() === "error" && !/401/.test(message.text()) && faults.push(message.text()));
    page.on("pageerror", (error) => faults.push(String(error)));
    return page;
}

export async function finish() {
    await browser.close();
    console.log(`1..${number}`);
    process.exit(failed ? 1 : 0);
}
