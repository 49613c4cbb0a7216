// SPDX-License-Identifier: Apache-2.0
//
// The devices page and the page of one device. With PLATEN_PICTURES set, pictures of them are left in that folder.

import assert from "node:assert/strict";
import { join } from "node:path";
import { check, column, count, range, rows, until } from "./kit.mjs";

const row = (page, text) => rows(page).filter({ hasText: text });

check("devices are listed with state, supplies and meter; filters and sorting go through the address", {}, async ({ page, double }) => {
    await page.goto("/devices");
    await until(() => rows(page).count(), 24);
    const first = row(page, "PRN-BER-01");
    assert.match(await first.innerText(), /Ready[\s\S]*Color LaserJet[\s\S]*10\.12\.4\.20[\s\S]*18,400/);
    assert.match(await first.locator(".supply-bars").getAttribute("aria-label"), /^Black Cartridge HP 410X: 62%; Cyan/);
    await page.getByRole("button", { name: "Low supplies" }).click();
    await until(() => rows(page).count(), double.state.devices.rows.filter((one) => one.low).length);
    assert.equal(new URL(page.url()).search, "?low=1");
    await page.getByRole("button", { name: "Low supplies" }).click();
    await page.getByLabel("Maker", { exact: true }).selectOption("Kyocera");
    await until(() => rows(page).count(), 4);
    await page.getByLabel("Maker", { exact: true }).selectOption("");
    await page.getByLabel("State", { exact: true }).selectOption("stopped");
    await until(() => column(page, "state"), ["Stopped", "Stopped"]);
    await page.getByLabel("State", { exact: true }).selectOption("");
    await page.getByRole("columnheader", { name: "Supplies" }).getByRole("button").click();
    await until(async () => (await column(page, "supply"))[0], "8%");
    await page.getByRole("searchbox").fill("accueil");
    await until(() => rows(page).count(), 4);
    await page.goBack();
});

check("pages go on and back", { double: { devices: 130 } }, async ({ page }) => {
    await page.goto("/devices");
    await until(() => range(page), "1–50 of 130");
    await page.getByRole("button", { name: "Next page" }).click();
    await until(() => range(page), "51–100 of 130");
    await page.getByRole("button", { name: "Next page" }).click();
    await until(() => range(page), "101–130 of 130");
    await page.getByRole("button", { name: "Previous page" }).click();
    await until(() => range(page), "51–100 of 130");
});

check("without devices the page says what to do", { double: { devices: 0 } }, async ({ page, double }) => {
    await page.goto("/devices");
    await page.getByText("look at the settings of its scan").waitFor();
    double.state.fleet.agents.length = 0;
    await page.reload();
    await page.getByText("Enrol the first agent like this").waitFor();
    assert.equal(await page.getByRole("link", { name: "CSV" }).count(), 0);
});

check("a chart's days are the hub's, UTC, wherever the browser stands, and its axis ends with today", { context: { timezoneId: "America/Los_Angeles" } }, async ({ page }) => {
    const [reply] = await Promise.all([page.waitForResponse(/\/devices\/1\/meters/), page.goto("/devices/1")]);
    await page.locator(".meter-bar").first().waitFor();
    const today = new Date().toLocaleDateString("en-GB", { timeZone: "UTC", day: "numeric", month: "short", year: "numeric" });
    assert.equal(await page.locator(".meters .tick-last").textContent(), today);
    const newest = (await reply.json()).items.find((one) => one.meter === "total").days.at(-1).day;
    const said = new Date(newest).toLocaleDateString("en-GB", { timeZone: "UTC", day: "numeric", month: "short", year: "numeric" });
    assert.ok((await page.locator(".meters").getByRole("slider").getAttribute("aria-valuetext")).startsWith(`${said}, `));
});

check("a meter that was read once has a chart without bars, and nothing to walk along", {}, async ({ page }) => {
    await page.route(/\/devices\/1\/meters/, async (route) => {
        const { items } = await (await route.fetch()).json();
        await route.fulfill({ json: { items: items.slice(0, 1).map((one) => ({ ...one, counted: 0, days: [], points: one.points.slice(0, 1) })) } });
    });
    await page.goto("/devices/1");
    await page.getByRole("img", { name: /^Total per day over 30 days: 0 in all/ }).waitFor();
    assert.equal(await page.locator(".meters").getByRole("slider").count(), 0);
});

check("one device: supplies, forecast, alerts, meters and history", {}, async ({ page }) => {
    await page.goto("/devices");
    await row(page, "PRN-BER-01").getByRole("link").click();
    await page.getByRole("heading", { name: "PRN-BER-01", level: 1 }).waitFor();
    assert.equal(new URL(page.url()).pathname, "/devices/1");
    await until(() => page.title(), "PRN-BER-01 – Platen");
    assert.equal(await page.locator(".supply").count(), 4);
    assert.match(await page.locator(".supply").first().innerText(), /62%[\s\S]*About 69 days left \(55 to 90 days\)/);
    const chart = page.locator(".meters");
    await until(() => chart.locator(".meter-bar").count(), (n) => n > 10);
    const days = chart.getByRole("slider", { name: /^Total per day over 30 days: [\d,]+ in all/ });
    await days.focus();
    const [last, first] = [await days.getAttribute("aria-valuetext"), await (await page.keyboard.press("Home"), days.getAttribute("aria-valuetext"))];
    assert.match(last, /^\d+ \w+ 2\d{3}, [\d,]+ counted$/);
    assert.notEqual(first, last);
    assert.equal((await chart.locator(".bars-tip").innerText()).replace(/\n+/g, ", "), first);
    await page.keyboard.press("Escape");
    assert.equal(await chart.locator(".bars-tip").count(), 0);
    await chart.getByRole("button", { name: "Counter" }).click();
    await until(() => chart.locator(".meter-dot").count(), (n) => n > 10);
    await chart.getByRole("button", { name: "Table" }).click();
    assert.match(await chart.locator(".hours tbody tr").last().innerText(), /first reading/);
    await chart.getByLabel("Period").selectOption("90");
    await chart.getByLabel("Meter", { exact: true }).selectOption({ label: "Print, colour (impressions)" });
    await page.getByText("There is a gap").waitFor();
    assert.match(await page.locator(".device-events").innerText(), /Meter Print, colour began anew: 80,211, now 12/);
    await page.getByRole("button", { name: /^Level of Black Cartridge HP 410X/ }).click();
    const level = page.getByRole("dialog", { name: "Black Cartridge HP 410X" });
    await level.getByRole("slider").focus();
    assert.match(await level.getByRole("slider").getAttribute("aria-valuetext"), /^62%, \d+ \w+ 2\d{3} to /);
    await level.getByRole("button", { name: "Table" }).click();
    assert.match(await level.locator(".hours tbody tr").first().innerText(), /62%$/);
    await page.keyboard.press("Escape");
    assert.match(await page.locator(".device-events").innerText(), /Shares its MAC address 3417EB9AD000 with device 2/);
});

check("an alert says what to do; a closed one is kept", {}, async ({ page }) => {
    await page.goto("/devices/8");
    const card = page.locator(".card").filter({ hasText: "Status and alerts" });
    assert.match(await card.innerText(), /Stopped[\s\S]*Critical[\s\S]*Paper jam[\s\S]*Take the paper out/);
    await card.getByText("Earlier alerts").click();
    await card.getByText("Cassette 1 is empty").waitFor();
});

check("a value shows what it stands on, by pointer and by keyboard", {}, async ({ page }) => {
    await page.goto("/devices/1");
    const value = page.locator(".device-facts .evidence").filter({ hasText: "HPB3K10000" });
    await value.hover();
    assert.match(await value.locator(".evidence-box").innerText(), /SNMP says[\s\S]*believed[\s\S]*USB says[\s\S]*as it was said/);
    await page.mouse.move(0, 0);
    await until(() => page.locator(".evidence-box").count(), 0);
    await value.getByRole("button").focus();
    await value.locator(".evidence-box").waitFor();
    assert.equal(await value.getByRole("button").getAttribute("aria-expanded"), "true");
    await page.keyboard.press("Escape");
    await until(() => page.locator(".evidence-box").count(), 0);
    const total = page.locator(".meters-now .evidence").first();
    await total.hover();
    assert.match(await total.locator(".evidence-box").innerText(), /PML says[\s\S]*000018400[\s\S]*SNMP says[\s\S]*18,397/);
});

check("merging asks for the other device, splitting asks first", {}, async ({ page, double }) => {
    await page.goto("/devices/2");
    await page.getByRole("button", { name: "Same printer as…" }).click();
    const dialog = page.getByRole("dialog");
    await until(() => dialog.getByRole("radio").count(), (n) => n > 3);
    assert.equal(await dialog.getByRole("button", { name: "Merge" }).isDisabled(), true);
    await dialog.getByRole("searchbox").fill("PRN-LYO-17");
    await until(() => dialog.getByRole("radio").count(), 1);
    await dialog.getByRole("radio").check();
    await dialog.getByRole("button", { name: "Merge" }).click();
    await page.getByText("Merged", { exact: true }).waitFor();
    await until(() => page.locator(".way").count(), 2);
    assert.equal(count(double, /POST .*devices\/2\/merge/), 1);

    await page.locator(".way").last().getByRole("button").click();
    await page.getByRole("dialog", { name: "Is this another printer?" }).waitFor();
    await page.keyboard.press("Escape");
    assert.equal(count(double, /split/), 0);
    await page.locator(".way").last().getByRole("button").click();
    await page.getByRole("dialog").getByRole("button", { name: "Split off" }).click();
    await page.getByText(/Split off as device/).waitFor();
    await until(() => new URL(page.url()).pathname, (path) => path !== "/devices/2");
});

check("who only reads is not offered what the hub would refuse", {}, async ({ page, double }) => {
    double.state.rights = ["jobs", "agents", "devices", "policies"];
    await page.goto("/devices");
    await until(() => rows(page).count(), 24);
    assert.equal(await page.getByRole("link", { name: "Meter reads" }).count(), 0);
    await page.goto("/devices/1");
    await until(() => page.locator(".way").count(), 2);
    assert.equal(await page.getByRole("button", { name: "Same printer as…" }).count(), 0);
    assert.equal(await page.locator(".way button").count(), 0);
});

check("a device that is not there says so", { expected: [/status of 404/] }, async ({ page }) => {
    await page.goto("/devices/999");
    await page.getByText("There is no such device").waitFor();
    await page.getByRole("link", { name: "All devices" }).click();
    await until(() => rows(page).count(), 24);
});

check("readings that come are shown by themselves", {}, async ({ page, double }) => {
    await page.goto("/devices");
    await until(() => rows(page).count(), 24);
    await page.getByText("Live", { exact: true }).waitFor();
    double.state.devices.rows[0].state = "broken";
    double.tellDevices(1);
    await until(() => row(page, "PRN-BER-01").innerText(), (text) => text.includes("Broken"));
});

check("the overview counts the devices that want a person", {}, async ({ page, double }) => {
    await page.goto("/");
    const tile = page.locator(".tile").filter({ hasText: "Devices to look at" });
    await until(() => tile.locator(".tile-value").innerText(), String(double.state.devices.sums().devices_attention));
    await tile.getByRole("link").click();
    await until(() => rows(page).count(), double.state.devices.sums().devices_attention);
});

if (process.env.PLATEN_PICTURES) {
    for (const [name, context] of [
        ["light", { colorScheme: "light" }],
        ["dark", { colorScheme: "dark" }],
        ["narrow", { colorScheme: "light", viewport: { width: 360, height: 740 } }],
    ]) {
        check(`pictures (${name})`, { context }, async ({ page }) => {
            const picture = async (face, address, act = async () => undefined) => {
                await page.goto(address);
                await page.waitForTimeout(900);
                await act();
                await page.screenshot({ path: join(process.env.PLATEN_PICTURES, `${face}-${name}.png`), fullPage: true });
            };
            await picture("devices", "/devices");
            await picture("device", "/devices/1", () => page.locator(".device-facts .evidence").nth(2).hover());
            await picture("device-stopped", "/devices/8", () => page.getByRole("button", { name: "Counter" }).click());
            await picture("overview", "/");
        });
    }
}
