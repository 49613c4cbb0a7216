// SPDX-License-Identifier: Apache-2.0
//
// The newcomer's way of docs/guide.md, from the first sign-in to the first report, walked step by step against the double. With PLATEN_GUIDE set it
// leaves the guide's pictures in that folder (tools/screenshots --guide). The guide must show each of them, in the order of the way.

import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { check, notSignedIn, rows, signIn } from "./kit.mjs";
import { oneTimePassword } from "./double.mjs";

const folder = process.env.PLATEN_GUIDE;
const docs = new URL("../../docs/", import.meta.url);
const mostBytes = 600 * 1024;
const own = "a sentence of my own 1";

const link = (page, name) => page.getByRole("navigation", { name: "Main navigation" }).getByRole("link", { name, exact: true }).click();
const heading = (page, name) => page.getByRole("heading", { name, level: 1 }).waitFor();

/** Each step leads from the one before to what its picture shows. */
const steps = {
    "sign-in": async ({ page }) => {
        await page.goto("/");
        await page.getByLabel("Name", { exact: true }).waitFor();
    },
    password: async ({ page }) => {
        await signIn(page, "admin", oneTimePassword);
        await page.locator("input[type=password]").nth(1).waitFor();
    },
    "no-agent": async ({ page }) => {
        const fields = page.locator("input[type=password]");
        const n = await fields.count();
        for (let i = 0; i < n; i++) await fields.nth(i).fill(n === 3 && i === 0 ? oneTimePassword : own);
        await page.keyboard.press("Enter");
        await link(page, "Agents");
        await page.locator(".steps").waitFor();
        assert.match(await page.locator(".steps").innerText(), /platen-hub key create[\s\S]*msiexec \/i/);
    },
    agents: async ({ page, state, later }) => {
        state.fleet.agents.push(...later.agents);
        state.fleet.jobs.push(...later.jobs);
        await link(page, "Jobs");
        await link(page, "Agents");
        await rows(page).first().waitFor();
        assert.equal(await page.locator(".steps").count(), 0);
    },
    jobs: async ({ page }) => {
        await link(page, "Jobs");
        await rows(page).first().waitFor();
    },
    record: async ({ page }) => {
        await rows(page).first().click();
        await page.getByText("Verified").scrollIntoViewIfNeeded();
    },
    devices: async ({ page }) => {
        await page.keyboard.press("Escape");
        await link(page, "Devices");
        await heading(page, "Devices");
        await rows(page).first().waitFor();
    },
    device: async ({ page }) => {
        await rows(page).first().getByRole("link").first().click();
        await page.locator(".meter-bar").first().waitFor();
    },
    report: async ({ page }) => {
        await link(page, "Reports");
        await page.locator(".table-report tbody tr").nth(1).waitFor();
        const pdf = page.getByRole("link", { name: "PDF" });
        assert.match(await pdf.getAttribute("href"), /^\/api\/v1\/reports\/usage-queues\?.*format=pdf/);
    },
};

const pictureOf = (name, at) => `guide-${at + 1}-${name}.png`;

check("from the first sign-in to the first report", { signedIn: false, expected: [notSignedIn], context: { viewport: { width: 1120, height: 640 } } }, async ({ page, double }) => {
    const { state } = double;
    const way = { page, state, later: { agents: state.fleet.agents.splice(0), jobs: state.fleet.jobs.splice(0) } };
    for (const [at, [name, walk]] of Object.entries(steps).entries()) {
        await walk(way);
        if (!folder) continue;
        await page.waitForTimeout(400); // what moves has come to rest
        await page.screenshot({ path: join(folder, pictureOf(name, at)) });
    }
});

test("the guide shows each picture of the way, in order, and they are small", { skip: folder && "they are being taken" }, () => {
    const guide = readFileSync(new URL("guide.md", docs), "utf8");
    const shown = [...guide.matchAll(/!\[[^\]]+\]\(pictures\/([\w.-]+)\)/g)].map(([, file]) => file);
    assert.deepEqual(shown, Object.keys(steps).map(pictureOf));
    const sizes = shown.map((file) => statSync(new URL(`pictures/${file}`, docs)).size);
    const total = sizes.reduce((all, one) => all + one, 0);
    assert.ok(total < mostBytes, `${total} bytes of pictures`);
});
