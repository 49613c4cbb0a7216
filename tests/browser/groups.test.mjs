// SPDX-License-Identifier: Apache-2.0
//
// Groups of devices: the page, the form, and what they filter. With PLATEN_PICTURES set, pictures of them are left in that folder.

import assert from "node:assert/strict";
import { join } from "node:path";
import { check, rows, until } from "./kit.mjs";
import { groupFaces } from "./double-groups.mjs";

const last = (double, method) => double.state.asked.filter((one) => one.startsWith(method)).at(-1);

check("a group is made of rules and of devices by hand, changed and removed", {}, async ({ page, double }) => {
    await page.goto("/devices");
    await page.getByRole("link", { name: "Groups" }).click();
    await page.getByRole("heading", { name: "Device groups", level: 1 }).waitFor();
    await until(() => page.locator(".set").count(), 2);
    assert.match(await page.locator(".set").nth(1).innerText(), /1 rule · 2 by hand/);
    await page.getByRole("button", { name: "New group" }).click();
    const form = page.getByRole("dialog");
    await form.getByLabel("Name", { exact: true }).first().fill("Reception");
    await form.getByLabel("Maker and model").fill("HP*");
    await form.getByRole("button", { name: "Add a rule" }).click();
    await form.getByRole("group", { name: "Rule 2" }).getByLabel("Location").fill("*reception*");
    await form.getByRole("button", { name: "Add a rule" }).click(); // one that stays empty is none
    await form.getByRole("searchbox").fill("PRN-WH-03");
    await form.getByRole("button", { name: "Add PRN-WH-03" }).click();
    await until(() => form.locator(".group-members").first().locator("li").count(), 1);
    await form.getByRole("button", { name: "Save" }).click();
    await page.getByText("Group Reception saved").waitFor();
    const made = double.state.groups[2];
    assert.deepEqual(made.rules, [{ model: "HP*", name: "", location: "", site: "" }, { model: "", name: "", location: "*reception*", site: "" }]);
    assert.deepEqual(made.devices, [3]);

    await page.getByRole("button", { name: "Edit group Reception" }).click();
    assert.equal(await form.getByLabel("Maker and model").first().inputValue(), "HP*");
    await form.getByRole("button", { name: "Remove rule 1" }).click();
    await form.getByRole("button", { name: "Take out PRN-WH-03" }).click();
    await form.getByRole("button", { name: "Save" }).click();
    await until(() => double.state.groups[2].rules.length, 1);
    assert.deepEqual(double.state.groups[2].devices, []);

    await page.getByRole("button", { name: "Remove group Reception" }).click();
    await form.getByRole("button", { name: "Remove", exact: true }).click();
    await page.getByText("Group Reception removed").waitFor();
    await until(() => page.locator(".set").count(), 2);
});

check("a group filters the devices, the reports that know it, and an alert rule", {}, async ({ page, double }) => {
    await page.goto("/device-groups");
    await page.locator(".set").first().getByRole("link").click();
    const berlin = double.state.devices.rows.filter((one) => one.location?.startsWith("Berlin")).length;
    await until(() => rows(page).count(), berlin);
    assert.equal(new URL(page.url()).search, "?group=00000000000000d1");
    assert.match(await page.getByRole("link", { name: "CSV" }).getAttribute("href"), /group=00000000000000d1/);
    await page.getByLabel("Group", { exact: true }).selectOption("");
    await until(() => rows(page).count(), 24);

    await page.goto("/reports/meters");
    await page.getByLabel("Group", { exact: true }).selectOption({ label: "Berlin" });
    await until(() => /group=00000000000000d1/.test(last(double, "GET /api/v1/reports/meters")), true);
    await page.getByLabel("Report", { exact: true }).selectOption("rates"); // it knows no devices: neither choice nor question
    await until(() => last(double, "GET /api/v1/reports/rates") !== undefined, true);
    assert.doesNotMatch(last(double, "GET /api/v1/reports/rates"), /group/);
    assert.equal(await page.getByLabel("Group", { exact: true }).count(), 0);

    await page.goto("/alerts/rules");
    await page.getByRole("button", { name: "New rule" }).click();
    const form = page.getByRole("dialog");
    await form.getByLabel("Name").fill("Berlin stands still");
    await form.getByLabel("Group", { exact: true }).selectOption({ label: "Berlin" });
    await form.getByRole("button", { name: "Save" }).click();
    await until(() => double.state.alerts.rules.at(-1).scope, (scope) => scope.device_group === "00000000000000d1");
});

check("who may only look sees groups, and no buttons", {}, async ({ page, double }) => {
    double.state.rights = ["jobs", "devices"];
    await groupFaces["device groups"](page);
    assert.equal(await page.getByRole("button", { name: /New group|Edit|Remove/ }).count(), 0);
    await page.getByRole("link", { name: "Show devices" }).first().click();
    await until(() => rows(page).count(), (n) => n > 0 && n < 24);
});

if (process.env.PLATEN_PICTURES) {
    const sizes = { wide: { width: 1280, height: 900 }, phone: { width: 360, height: 780 } };
    for (const [face, visit] of Object.entries(groupFaces)) {
        for (const [size, viewport] of Object.entries(sizes)) {
            for (const colorScheme of ["light", "dark"]) {
                check(`picture of ${face}, ${size}, ${colorScheme}`, { context: { viewport, colorScheme, ...(size === "phone" && { locale: "de-DE" }) } }, async ({ page }) => {
                    await visit(page);
                    await page.screenshot({ path: join(process.env.PLATEN_PICTURES, `${face.replaceAll(" ", "-")}-${size}-${colorScheme}.png`), fullPage: true });
                });
            }
        }
    }
}
