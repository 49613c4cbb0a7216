// SPDX-License-Identifier: Apache-2.0
//
// The agents page and the overview.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
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

check("2,000 agents come from the hub a page at a time, and the address is the view", { double: { agents: 2000, jobs: 5 } }, async ({ page, double }) => {
    await page.goto("/agents");
    await until(() => range(page), "1–50 of 2,000");
    const first = await column(page, "machine");
    await page.getByRole("button", { name: "Next page" }).click();
    await until(() => range(page), "51–100 of 2,000");
    const second = await column(page, "machine");
    assert.equal(new Set([...first, ...second]).size, 100);
    await page.reload();
    await until(() => range(page), "51–100 of 2,000");
    assert.deepEqual(await column(page, "machine"), second, "the address opens the same page");
    await page.getByRole("button", { name: "Next page" }).click();
    await until(() => range(page), "101–150 of 2,000");
    await page.getByRole("button", { name: "Previous page" }).click();
    await until(() => column(page, "machine"), second);
    await page.getByRole("button", { name: "First page" }).click();
    await until(() => column(page, "machine"), first);
    await page.goBack();
    await until(() => column(page, "machine"), second);

    await page.getByRole("columnheader", { name: "Last seen" }).getByRole("button").click();
    await until(() => range(page), "1–50 of 2,000");
    assert.equal(new URL(page.url()).search, "?sort=seen&order=desc");
    double.state.asked.length = 0;
    await page.getByRole("searchbox", { name: "Search agents" }).pressSequentially("BER-NB-2291-7", { delay: 20 });
    await until(() => range(page), (text) => text.startsWith("1–") && !text.endsWith("2,000"));
    assert.equal(count(double, /agents\?q=BER-NB-2291-7/), 1);
    assert.equal(count(double, /agents\?/), 1, "a word is asked for once, not a letter at a time");
    await page.getByRole("searchbox", { name: "Search agents" }).fill("no such machine");
    await page.getByRole("heading", { name: "No agent matches" }).waitFor();
    await page.getByRole("link", { name: "Show all agents" }).click();
    await until(() => range(page), "1–50 of 2,000");
});

check("a page whose cursor is of another order leads back to the first", { double: { agents: 120, jobs: 5 }, expected: [/status of 400/] }, async ({ page }) => {
    await page.goto("/agents?cursor=bWFjaGluZQ&page=2");
    await page.getByText("The query cannot be read").waitFor();
    await page.getByRole("button", { name: "Try again" }).click();
    await until(() => range(page), "1–50 of 120");
});

check("all agents of the view are one file, however many parts it came in", { double: { agents: 450, jobs: 5 } }, async ({ page, double }) => {
    await page.goto("/agents?sort=version&limit=25&state=active");
    const total = Number((await until(() => range(page), (text) => text.startsWith("1–25"))).split(" of ")[1]);
    const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Save as CSV" }).click()]);
    assert.equal(file.suggestedFilename(), "agents.csv");
    const lines = (await readFile(await file.path(), "utf8")).trim().split("\r\n");
    assert.equal(lines[0], "tenant,machine,agent");
    assert.equal(new Set(lines).size, total + 1);
    assert.equal(count(double, /agents\?state=active&sort=version&cursor=/), Math.ceil(total / 200) - 1);
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
    assert.match((await attention.allInnerTexts()).join(" "), /certificate ends in 12 days.*never seen.*certificate has expired.*last seen yesterday/s);
    await page.getByRole("link", { name: "Silent agents" }).click();
    await until(() => column(page, "state"), ["Silent", "Silent"]);
    await page.goBack();
    await page.locator(".last-document").first().click();
    await page.getByRole("complementary", { name: "Job details" }).waitFor();
});
