// SPDX-License-Identifier: Apache-2.0
//
// The agents page and the overview.

import assert from "node:assert/strict";
import { check, column, count, range, rows, until } from "./kit.mjs";

check("agents are listed with their state, and a certificate that ends soon is called out", {}, async ({ page }) => {
    await page.goto("/agents");
    await until(() => rows(page).count(), 14);
    const row = (machine) => rows(page).filter({ hasText: machine });
    assert.match(await row("BER-PC-0117").innerText(), /Active[\s\S]*in 12 days/);
    assert.match(await row("LYO-PC-0031").innerText(), /expired/);
    assert.match(await row("LYO-PC-0044").innerText(), /Silent[\s\S]*yesterday/);
    assert.match(await row("BER-PC-0201").innerText(), /Silent[\s\S]*never/);
    assert.equal(await row("BER-PC-0202").getByRole("button").count(), 0, "a revoked agent cannot be revoked again");
    await page.getByLabel("State").selectOption("silent");
    await until(() => column(page, "state"), ["Silent", "Silent"]);
    await page.getByLabel("State").selectOption("expiring");
    await until(() => column(page, "machine"), ["BER-PC-0117", "LYO-PC-0031"]);
    assert.equal(new URL(page.url()).search, "?state=expiring");
    await page.getByLabel("State").selectOption("");
    await page.getByRole("searchbox", { name: "Search agents" }).fill("server 2022");
    await until(() => column(page, "machine"), ["BER-PS-01", "LYO-PS-01"]);
    await page.getByRole("searchbox", { name: "Search agents" }).fill("");
    await page.getByRole("columnheader", { name: "Version" }).getByRole("button").click();
    const versions = await until(() => column(page, "version"), (list) => list.length === 14 && list[0] === "0.9.4");
    assert.equal(versions.at(-1), "0.10.0", "0.10.0 follows 0.9.4");
});

check("revoking asks first; only the answer revokes", {}, async ({ page, double }) => {
    await page.goto("/agents");
    const open = page.getByRole("button", { name: "Revoke BER-PC-0112" });
    await open.click();
    const dialog = page.getByRole("dialog", { name: "Revoke BER-PC-0112?" });
    await dialog.waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), "Cancel");
    await page.keyboard.press("Escape");
    await until(() => dialog.count(), 0);
    assert.equal(await open.evaluate((element) => element === document.activeElement), true);
    await open.click();
    await dialog.getByRole("button", { name: "Cancel" }).click();
    assert.equal(count(double, /revoke/), 0);

    await open.click();
    await dialog.getByRole("button", { name: "Revoke", exact: true }).click();
    await page.getByText("BER-PC-0112 is revoked").waitFor();
    await until(() => rows(page).filter({ hasText: "BER-PC-0112" }).innerText(), (text) => text.includes("Revoked"));
    assert.equal(double.state.fleet.agents.find((one) => one.machine === "BER-PC-0112").revoked, true);
});

check("a revocation that fails says why and stays open", { expected: [/status of 404/] }, async ({ page, double }) => {
    await page.goto("/agents");
    await page.getByRole("button", { name: "Revoke BER-PC-0112" }).click();
    double.state.fleet.agents.splice(0, 1);
    await page.getByRole("dialog").getByRole("button", { name: "Revoke", exact: true }).click();
    await page.getByRole("dialog").getByText("No such agent").waitFor();
    assert.equal(await page.getByRole("dialog").count(), 1);
});

check("2,000 agents are shown a page at a time", { double: { agents: 2000, jobs: 5 } }, async ({ page }) => {
    await page.goto("/agents");
    await until(() => range(page), "1–50 of 2,000");
    await page.getByRole("button", { name: "Next page" }).click();
    await until(() => range(page), "51–100 of 2,000");
    await page.getByRole("searchbox", { name: "Search agents" }).fill("BER-NB-2291-7");
    await until(() => range(page), (text) => text.startsWith("1–"));
});

check("the overview's figures are the hub's, and follow new jobs", {}, async ({ page, double }) => {
    await page.goto("/");
    const tile = (name) => page.locator(".tile").filter({ hasText: name }).locator(".tile-value");
    const day = new Date().toISOString().slice(0, 10);
    const today = () => double.state.fleet.jobs.filter((job) => job.time.startsWith(day));
    await until(() => tile("Jobs today").innerText(), String(today().length));
    await until(() => tile("Silent agents").innerText(), "2");
    assert.equal(await page.locator(".bar-value").count(), 24);
    assert.match(await page.getByRole("slider").getAttribute("aria-label"), /Pages by hour|Nothing yet/);
    await page.getByText("Live", { exact: true }).waitFor();
    double.addJobs(3, { pages: 7, color_pages: 1 });
    await until(() => tile("Jobs today").innerText(), String(today().length));
    await page.getByRole("button", { name: "Table" }).click();
    const hour = String(new Date().getUTCHours()).padStart(2, "0");
    await page.getByRole("row", { name: new RegExp(`^${hour}:00`) }).waitFor();
    assert.equal(await page.locator(".hours tbody tr").count(), 24);
    await page.getByRole("link", { name: "Jobs today" }).click();
    await until(async () => (await range(page)).split(" of ")[1], today().length.toLocaleString("en"));
});

check("the overview leads to what needs attention and to a single job", {}, async ({ page }) => {
    await page.goto("/");
    const attention = page.locator(".attention li");
    await until(() => attention.count(), 4);
    assert.match((await attention.allInnerTexts()).join(" "), /certificate ends in 12 days.*certificate has expired.*last seen yesterday.*never seen/s);
    await page.getByRole("link", { name: "Silent agents" }).click();
    await until(() => column(page, "state"), ["Silent", "Silent"]);
    await page.goBack();
    await page.locator(".last-document").first().click();
    await page.getByRole("complementary", { name: "Job details" }).waitFor();
});
