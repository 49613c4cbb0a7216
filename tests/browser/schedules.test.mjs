// SPDX-License-Identifier: Apache-2.0
//
// Reports by mail: what went out, the form, sending now. With PLATEN_PICTURES set, pictures of them are left in that folder.

import assert from "node:assert/strict";
import { join } from "node:path";
import { check, until } from "./kit.mjs";
import { scheduleFaces } from "./double-schedules.mjs";

const choice = (form, label) => form.locator("label.field").filter({ hasText: new RegExp(`^${label}`) }).locator("select");
const card = (page, name) => page.locator(".set").filter({ hasText: name });

check("each schedule says what became of its last report", {}, async ({ page }) => {
    await page.goto("/reports/meters");
    await page.getByRole("link", { name: "By mail …" }).click();
    await page.getByRole("heading", { name: "Reports by mail", level: 1 }).waitFor();
    await until(() => page.locator(".set").count(), 3);
    assert.match(await card(page, "Meters for the accounts").innerText(), /sent[\s\S]*Meters for billing[\s\S]*Each month · PDF · accounts@example.org[\s\S]*Next: [\s\S]*Saved by admin/);
    assert.match(await card(page, "What to buy").innerText(), /not to everybody[\s\S]*gone@example.org: 550 5.1.1/);
    assert.match(await card(page, "Usage of the warehouse").innerText(), /failed[\s\S]*account was removed/);
    await page.getByText("No mail server is set").waitFor();
});

check("a schedule is made, changed, sent and removed", {}, async ({ page, double }) => {
    await scheduleFaces.schedules(page);
    await page.getByRole("button", { name: "New schedule" }).click();
    const form = page.getByRole("dialog");
    await form.getByLabel("Name", { exact: true }).fill("Monday’s meters");
    await choice(form, "Report").selectOption("meters");
    await form.getByLabel("Group", { exact: true }).selectOption({ label: "Berlin" });
    await choice(form, "Of which days").selectOption("last-week");
    await choice(form, "How often").selectOption("week");
    await choice(form, "On").selectOption("2");
    await choice(form, "At the hour").selectOption("7");
    await choice(form, "As").selectOption("csv");
    await choice(form, "Language").selectOption("fr");
    await form.getByLabel(/^To/).fill("a@example.org\n b@example.org,c@example.org");
    await form.getByRole("button", { name: "Save" }).click();
    await page.getByText("Schedule Monday’s meters saved").waitFor();
    const made = double.state.schedules[3];
    assert.deepEqual(
        [made.report, made.group, made.days, made.every, made.weekday, made.day, made.hour, made.zone, made.format, made.language, made.to],
        ["meters", "00000000000000d1", "last-week", "week", 2, null, 7, "Europe/Berlin", "csv", "fr", ["a@example.org", "b@example.org", "c@example.org"]],
    );

    await page.getByRole("button", { name: "Edit schedule Monday’s meters" }).click();
    assert.equal(await form.getByLabel(/^To/).inputValue(), "a@example.org\nb@example.org\nc@example.org");
    await choice(form, "Report").selectOption("usage-queues"); // it knows no groups: none is sent
    await form.getByLabel("Goes out").uncheck();
    await form.getByRole("button", { name: "Save" }).click();
    await until(() => double.state.schedules[3].enabled, false);
    assert.equal(double.state.schedules[3].group, null);

    await page.getByRole("button", { name: "Send now: Monday’s meters" }).click();
    await page.getByText("goes out within seconds").waitFor();
    assert.equal(double.state.schedules[3].outcome, "sent");
    await page.getByRole("button", { name: "Remove schedule Monday’s meters" }).click();
    await form.getByRole("button", { name: "Remove", exact: true }).click();
    await until(() => page.locator(".set").count(), 3);
});

check("without the right there is neither way nor page", {}, async ({ page, double }) => {
    double.state.rights = ["jobs", "devices"];
    await page.goto("/reports/meters");
    await page.getByRole("link", { name: "CSV" }).waitFor();
    assert.equal(await page.getByRole("link", { name: "By mail …" }).count(), 0);
    await page.goto("/schedules");
    await page.locator(".empty, .note").first().waitFor();
    assert.equal(double.state.asked.some((one) => one.includes("/schedules")), false);
});

if (process.env.PLATEN_PICTURES) {
    const sizes = { wide: { width: 1280, height: 900 }, phone: { width: 360, height: 780 } };
    for (const [face, visit] of Object.entries(scheduleFaces)) {
        for (const [size, viewport] of Object.entries(sizes)) {
            for (const colorScheme of ["light", "dark"]) {
                check(`picture of ${face}, ${size}, ${colorScheme}`, { context: { viewport, colorScheme, ...(size === "phone" && { locale: "fr-FR" }) } }, async ({ page }) => {
                    await visit(page);
                    await page.screenshot({ path: join(process.env.PLATEN_PICTURES, `${face.replaceAll(" ", "-")}-${size}-${colorScheme}.png`), fullPage: true });
                });
            }
        }
    }
}
