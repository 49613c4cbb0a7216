// SPDX-License-Identifier: Apache-2.0
//
// The alerts page: what is wrong, rules by a form, channels with a test. With PLATEN_PICTURES set, pictures of it are left in that folder.

import assert from "node:assert/strict";
import { join } from "node:path";
import { alertFaces } from "./double-alerts.mjs";
import { check, rows, until } from "./kit.mjs";

const pictures = process.env.PLATEN_PICTURES;

check("open alerts come first, are filtered, and one is taken", {}, async ({ page, double }) => {
    await alertFaces.alerts(page);
    await until(() => rows(page).count(), 5);
    assert.match(await rows(page).nth(1).innerText(), /7 %, 4 days left/);
    assert.equal(await rows(page).first().getByRole("link").getAttribute("href"), "/devices/6");
    await page.getByRole("combobox", { name: "Kind" }).selectOption("agent");
    await until(() => rows(page).count(), 1);
    assert.match(await rows(page).first().innerText(), /certificate has ended/);
    await page.getByRole("combobox", { name: "Kind" }).selectOption("");
    await until(() => rows(page).count(), 5);
    await rows(page).first().getByRole("button", { name: "Take: PRN-BER-02-Canon" }).click();
    await page.getByLabel("Note").fill("on my way");
    await page.locator("dialog").getByRole("button", { name: "Take", exact: true }).click();
    await until(() => double.state.alerts.alerts[0].note, "on my way");
    await until(async () => /Taken[\s\S]*by admin: on my way/.test(await rows(page).first().innerText()), true);
    await page.getByRole("combobox", { name: "State" }).selectOption("closed");
    await until(() => rows(page).count(), 1);
});

check("without alerts the page says why, and without rules what to do", {}, async ({ page, double }) => {
    double.state.alerts.alerts = [];
    await page.goto("/alerts");
    await page.getByText("Nothing is wrong").waitFor();
    double.state.alerts.rules = [];
    await page.reload();
    await page.getByText("A rule says what is an alert").waitFor();
    double.state.alerts.channels = [];
    await page.goto("/alerts/channels");
    await page.getByText("A channel is where rules send").waitFor();
});

check("a rule is made by the form", {}, async ({ page, double }) => {
    await alertFaces["alert rules"](page);
    await page.getByRole("button", { name: "New rule" }).click();
    await page.getByLabel("Name").fill("Low toner");
    await page.getByRole("combobox", { name: "Kind" }).selectOption("supply");
    await page.getByLabel("At or below (%)").fill("12");
    await page.getByRole("checkbox", { name: "Quiet hours" }).check();
    await page.getByRole("checkbox", { name: "Service desk" }).check();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Low toner is saved").waitFor();
    const made = double.state.alerts.rules.at(-1);
    assert.deepEqual([made.kind, made.when, made.quiet.from, made.channels], ["supply", { percent: 12, clear_percent: 20, days: 0 }, "22:00", ["00000000000000c1"]]);
});

check("channels: a webhook's secret is shown once, a test says what came of it, a hub without mail says so", {}, async ({ page, double }) => {
    await alertFaces.channels(page);
    await page.getByText("No mail server is set").waitFor();
    await page.getByRole("button", { name: "Send a test to Service desk" }).click();
    await page.getByText("Given up: 550 5.1.1").first().waitFor();
    await page.getByRole("button", { name: "New channel" }).click();
    await page.getByLabel("Name").fill("Hook");
    await page.getByRole("combobox", { name: "Kind" }).selectOption("webhook");
    await page.getByLabel("Address (https)").fill("https://hook.example.org/x");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("whsec_abcdefghij").waitFor();
    await page.keyboard.press("Escape");
    double.state.alerts.mailThere = false;
    await page.reload();
    await page.getByText("built without mail").waitFor();
});

for (const [width, colorScheme] of [[1280, "light"], [1280, "dark"], [360, "light"], [360, "dark"]]) {
    check(`alerts at ${width} px, ${colorScheme}: nothing is wider than the page`, { context: { colorScheme, viewport: { width, height: 900 } } }, async ({ page }) => {
        for (const [name, visit] of Object.entries(alertFaces)) {
            await visit(page);
            assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), name);
            if (pictures) await page.screenshot({ path: join(pictures, `${name.replaceAll(" ", "-")}-${width}-${colorScheme}.png`) });
        }
    });
}
