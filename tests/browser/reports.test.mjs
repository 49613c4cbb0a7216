// SPDX-License-Identifier: Apache-2.0
//
// The reports page. With PLATEN_PICTURES set, pictures of it are left in that folder.

import assert from "node:assert/strict";
import { join } from "node:path";
import { check, rows, until } from "./kit.mjs";
import { reportNames } from "./double-reports.mjs";

const cells = (page, row) => rows(page).nth(row).getByRole("cell").allInnerTexts();

check("a report has its sum, its chart and what was before; a figure leads to the rows behind it", {}, async ({ page, double }) => {
    await page.goto("/reports");
    await page.getByRole("heading", { name: "Usage by queue", level: 1 }).waitFor();
    await until(() => rows(page).count(), 7);
    const figures = (await cells(page, 0)).slice(1).map((text) => Number(text.replace(/\D/g, "")));
    let pages = 0;
    for (let row = 1; row < 7; row++) pages += Number((await cells(page, row))[2].replace(/\D/g, ""));
    assert.equal(figures[1], pages);
    await page.getByText("42,000 pages in the period before (+19%)").waitFor();
    assert.equal(await page.locator(".report-chart .bar-value").count(), 30);
    const chart = page.locator(".report-chart");
    const days = chart.getByRole("slider", { name: /^Pages by day: at most 1,?040 on / });
    await days.focus();
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowRight");
    assert.equal(await days.getAttribute("aria-valuenow"), "2");
    const second = await days.getAttribute("aria-valuetext");
    assert.match(second, /^\d+ \w+ 2\d{3}, [\d,]+ pages?$/);
    await chart.getByRole("button", { name: "Table" }).click();
    assert.equal(await chart.locator(".hours tbody tr").count(), 30);
    assert.equal((await chart.locator(".hours tbody tr").nth(1).innerText()).split("\t")[0], second.split(", ")[0]);
    assert.equal(await rows(page).nth(6).getByRole("link").count(), 0); // no name: a list would show everybody's
    assert.equal((await cells(page, 6))[0], "(no name)");
    await rows(page).nth(1).getByRole("link").nth(1).click();
    await until(() => new URL(page.url()).pathname, "/jobs");
    const asked = new URL(page.url()).searchParams;
    assert.equal(asked.get("queue"), "Büro 2. OG");
    assert.ok(Date.parse(asked.get("from")) < Date.parse(asked.get("to")));
    assert.ok(double.state.asked.some((call) => call.startsWith("GET /api/v1/reports/usage-queues")));
    await page.goBack();
    await rows(page).nth(1).getByRole("link").nth(5).click(); // what was before
    await until(() => new URL(page.url()).searchParams.get("to"), asked.get("from"));
});

check("report, period and site go through the address; files are asked for the same", {}, async ({ page, double }) => {
    await page.goto("/reports/usage-queues");
    await page.getByLabel("Period", { exact: true }).selectOption("last");
    await until(() => /from=\d{4}-\d\d-01&to=\d{4}-\d\d-01$/.test(page.url()), true);
    const period = new URL(page.url()).search;
    for (const format of ["csv", "pdf"]) {
        const address = await page.getByRole("link", { name: format.toUpperCase(), exact: true }).getAttribute("href");
        assert.equal(address, `/api/v1/reports/usage-queues${period}&format=${format}&lang=en`);
    }
    await page.getByLabel("Report", { exact: true }).selectOption("costs");
    await page.getByRole("heading", { name: "Cost by account", level: 1 }).waitFor();
    assert.equal(new URL(page.url()).search, period);
    await until(async () => (await cells(page, 1))[4], "12.35");
    await page.getByLabel("Report", { exact: true }).selectOption("usage-queues");
    await page.getByLabel("Tenant", { exact: true }).selectOption("Beta");
    await page.getByText("Nothing in this period").waitFor();
    await page.getByLabel("Tenant", { exact: true }).selectOption("");
    await until(() => rows(page).count(), 7);
    await page.getByLabel("Period", { exact: true }).selectOption("days");
    await page.getByLabel("From", { exact: true }).fill("2026-01-05");
    await until(() => new URL(page.url()).searchParams.get("from"), "2026-01-05");
    await until(() => double.state.asked.at(-1).includes("from=2026-01-05"), true);
});

check("a group of people leads to its people, and from there to everybody", {}, async ({ page, double }) => {
    await page.goto("/reports/usage-groups?from=2026-01-05&to=2026-01-12");
    await until(() => rows(page).count(), 3);
    assert.deepEqual((await cells(page, 1)).slice(0, 3), ["Sales & service", "Acme", "12"]);
    await rows(page).nth(1).getByRole("link").first().click();
    await page.getByRole("heading", { name: "Usage by user", level: 1 }).waitFor();
    const chip = page.getByRole("button", { name: "Group: Sales & service" });
    await chip.waitFor();
    const asked = () => new URL(double.state.asked.findLast((call) => call.startsWith("GET /api/v1/reports/usage-users")).slice(4), "http://hub").searchParams;
    await until(() => [asked().get("people"), asked().get("tenant")], ["Sales & service", "Acme"]);
    assert.equal(await page.getByLabel("From", { exact: true }).inputValue(), "2026-01-05");
    await chip.click();
    await until(() => asked().get("people"), null);
    assert.equal(await chip.count(), 0);
});

check("what is not known is a dash, words and rates are written out", {}, async ({ page }) => {
    await page.goto("/reports/rates");
    await until(async () => (await cells(page, 1))[3], "25.0%");
    assert.match((await cells(page, 1))[4], /^—/);
    await page.goto("/reports/meters");
    await until(async () => (await cells(page, 1))[11], "began anew");
    assert.equal((await cells(page, 1))[5], "Total");
    await page.goto("/reports/supplies");
    await page.getByText(/^As of /).waitFor();
    assert.equal(await page.getByLabel("Period", { exact: true }).count(), 0);
});

check("nothing of a report sticks out at 360 px", { context: { viewport: { width: 360, height: 740 } } }, async ({ page }) => {
    for (const name of reportNames) {
        await page.goto(`/reports/${name}`);
        await rows(page).first().waitFor();
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= 360), name);
    }
});

if (process.env.PLATEN_PICTURES) {
    for (const [look, context] of [
        ["light", { colorScheme: "light" }],
        ["dark", { colorScheme: "dark" }],
        ["narrow", { colorScheme: "dark", viewport: { width: 360, height: 740 } }],
    ]) {
        check(`pictures (${look})`, { context }, async ({ page }) => {
            for (const name of ["usage-queues", "meters", "environment"]) {
                await page.goto(`/reports/${name}`);
                await rows(page).first().waitFor();
                await page.screenshot({ path: join(process.env.PLATEN_PICTURES, `report-${name}-${look}.png`), fullPage: true });
            }
        });
    }
}
