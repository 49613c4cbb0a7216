// SPDX-License-Identifier: Apache-2.0
//
// What every browser test stands on: one Chromium per file, a double of the hub and a fresh browser context
// per test. A test fails on any error in the browser's console and on any breach of the content policy,
// whatever else it looks at; only what it names as expected is let pass.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch } from "./chromium.mjs";
import { startDouble } from "./double.mjs";

export const password = "long enough pass";

let browser;
before(async () => {
    browser = await launch();
});
after(() => browser?.close());

/**
 * A test of the console. Options: `double` (for startDouble), `signedIn` (default true), `context` (for
 * Playwright), `expected` (patterns of console errors that belong to the test), `timeout` (ms, of a test that visits much).
 */
export function check(name, options, body) {
    test(name, { timeout: options.timeout ?? 60_000 }, async () => {
        const double = await startDouble({ ...(options.signedIn === false ? {} : { password }), ...options.double });
        const context = await browser.newContext({
            baseURL: double.url, viewport: { width: 1440, height: 900 }, locale: "en-GB", timezoneId: "Europe/Berlin", ...options.context,
        });
        context.setDefaultTimeout(20_000); // nothing waits so long but on a machine that does much beside
        const faults = watchFaults(context, options.expected ?? []);
        try {
            if (options.signedIn !== false) {
                await context.addCookies([{ name: "platen_session", value: double.openSession(), url: double.url }]);
            }
            const page = await context.newPage();
            await body({ page, context, double, faults });
            assert.deepEqual(faults, [], "the browser's console has errors");
        } finally {
            await context.close();
            await double.close();
        }
    });
}

/** Chromium reports a breach of the content policy as an error in the console, so this sees both. */
function watchFaults(context, expected) {
    const faults = [];
    const add = (text) => expected.some((pattern) => pattern.test(text)) || faults.push(text);
    context.on("console", (message) => {
        if (message.type() === "error") add(`${message.text()} (${new URL(message.location().url || "about:blank").pathname})`);
    });
    context.on("weberror", (error) => add(String(error.error())));
    return faults;
}

/** The question whether somebody is signed in is answered with 401 when nobody is; Chromium logs it. */
export const notSignedIn = /status of 401 \(Unauthorized\) \(\/api\/v1\/session\)/;

export async function signIn(page, name, word) {
    await page.getByLabel("Name", { exact: true }).fill(name);
    await page.getByLabel("Password", { exact: true }).fill(word);
    await page.locator("form button").click();
}

export const rows = (page) => page.locator(".table tbody tr");

/** The texts of one column, top to bottom. */
export const column = (page, id) => page.locator(`.table tbody .cell-${id}`).allInnerTexts();

export const range = (page) => page.locator(".pager-range").innerText();

/** Waits until `read` gives what is wanted; fails with the last value that it gave. */
export async function until(read, wanted, within = 5000) {
    const end = Date.now() + within;
    let last = await read();
    while (!same(last, wanted) && Date.now() < end) {
        await new Promise((done) => setTimeout(done, 25));
        last = await read();
    }
    if (typeof wanted === "function") assert.ok(wanted(last), `not reached in ${within} ms; last: ${JSON.stringify(last)}`);
    else assert.deepEqual(last, wanted);
    return last;
}

function same(value, wanted) {
    return typeof wanted === "function" ? wanted(value) : JSON.stringify(value) === JSON.stringify(wanted);
}

export function count(double, pattern) {
    return double.state.asked.filter((line) => pattern.test(line)).length;
}
