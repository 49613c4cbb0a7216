// SPDX-License-Identifier: Apache-2.0
//
// The jobs page without a mouse, and the panel with one job.

import assert from "node:assert/strict";
import { check, password, rows, until } from "./kit.mjs";

const focusedKey = (page) => page.evaluate(() => document.activeElement?.dataset?.key ?? document.activeElement?.tagName);
const keys = (page) => rows(page).evaluateAll((list) => list.map((row) => row.dataset.key));

async function openJobs(page) {
    await page.goto("/jobs");
    await until(() => rows(page).count(), 50);
    return keys(page);
}

check("/ searches, j k and the arrows move, Enter opens, Escape closes and gives the focus back", {}, async ({ page }) => {
    const list = await openJobs(page);
    await page.keyboard.press("/");
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("type")), "search");
    await page.keyboard.press("Escape");
    await page.keyboard.press("j");
    assert.equal(await focusedKey(page), list[0]);
    await page.keyboard.press("j");
    await page.keyboard.press("ArrowDown");
    assert.equal(await focusedKey(page), list[2]);
    await page.keyboard.press("k");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("k");
    assert.equal(await focusedKey(page), list[0]);
    await page.keyboard.press("Enter");
    await page.getByRole("complementary", { name: "Job details" }).waitFor();
    await until(() => focusedKey(page), "H2");
    await page.keyboard.press("j");
    assert.equal(await focusedKey(page), list[1]);
    await until(() => new URL(page.url()).searchParams.get("job"), list[1]);
    await page.keyboard.press("Escape");
    await until(() => page.locator(".panel").count(), 0);
    await until(() => focusedKey(page), list[1]);
});

check("letters in a field are text, and the single-key shortcuts can be switched off", {}, async ({ page }) => {
    await openJobs(page);
    await page.keyboard.press("/");
    await page.keyboard.type("jk?/");
    assert.equal(await page.getByRole("searchbox", { name: "Search jobs" }).inputValue(), "jk?/");
    assert.equal(await page.getByRole("dialog").count(), 0);
    await page.keyboard.press("Escape");
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keyboard" }).waitFor();
    await page.getByLabel("Use single-key shortcuts").uncheck();
    await page.keyboard.press("Escape");
    await until(() => page.getByRole("dialog").count(), 0);
    await page.keyboard.press("?");
    await page.reload();
    await page.keyboard.press("?");
    assert.equal(await page.getByRole("dialog").count(), 0);
});

check("the skip link comes first, the focus is visible, and Tab reaches one row only", {}, async ({ page }) => {
    await openJobs(page);
    await page.evaluate(() => document.activeElement?.blur());
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), "Skip to the content");
    await page.keyboard.press("Enter");
    assert.equal(await focusedKey(page), "MAIN");
    const stops = [];
    for (let turn = 0; turn < 30; turn++) {
        await page.keyboard.press("Tab");
        const stop = await page.evaluate(() => {
            const element = document.activeElement;
            const style = getComputedStyle(element);
            return { tag: element.tagName, name: element.textContent, outline: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 };
        });
        if (stop.tag === "BODY") break;
        assert.ok(stop.outline, `${stop.tag} "${stop.name}" has no visible focus`);
        stops.push(stop.tag);
    }
    assert.equal(stops.filter((tag) => tag === "TR").length, 1);
});

check("menus work as menus: arrows, Home, End, Escape", {}, async ({ page }) => {
    await page.goto("/");
    const button = page.getByRole("button", { name: "Appearance" });
    await button.focus();
    await page.keyboard.press("Enter");
    const focused = () => page.evaluate(() => document.activeElement?.textContent);
    await until(focused, "As the system");
    await page.keyboard.press("ArrowDown");
    assert.equal(await focused(), "Light");
    await page.keyboard.press("End");
    await page.keyboard.press("ArrowDown");
    assert.equal(await focused(), "As the system");
    await page.keyboard.press("Escape");
    assert.equal(await page.getByRole("menu").count(), 0);
    assert.equal(await button.evaluate((element) => element === document.activeElement), true);
});

check("the panel shows every field, the record as written, its verified hash, and copies both", {}, async ({ page, context, double }) => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await openJobs(page);
    const job = double.state.fleet.jobs.at(-1);
    const { record, hash } = double.state.fleet.recordOf(job);
    await rows(page).first().click();
    const panel = page.getByRole("complementary", { name: "Job details" });
    await panel.getByText("Verified").waitFor();
    assert.equal(await panel.locator(".record-line").textContent(), record);
    assert.equal(await panel.locator(".record-hash").textContent(), hash);
    const text = await panel.innerText();
    for (const part of [job.user, job.queue, job.port, job.machine, job.tenant, job.agent, String(job.seq), job.uid]) {
        assert.ok(text.includes(part), `${part} is missing`);
    }
    const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
    await panel.getByRole("button", { name: "Copy record" }).click();
    await panel.getByText("Copied").waitFor();
    assert.equal(await clipboard(), record);
    await panel.getByRole("button", { name: "Copy hash" }).click();
    await until(clipboard, hash);
    await panel.getByRole("link", { name: `Only jobs with ${job.user}` }).click();
    await until(() => new URL(page.url()).search, `?user=${encodeURIComponent(job.user).replace(/'/g, "%27")}`);
});

check("a record that does not have its hash is called out", {}, async ({ page }) => {
    await page.route(/\/api\/v1\/jobs\/[^?]+$/, async (route) => {
        const job = await (await route.fetch()).json();
        await route.fulfill({ json: { ...job, record: job.record.replace('"v":1', '"v":2') } });
    });
    await openJobs(page);
    await rows(page).first().click();
    await page.locator(".panel").getByText("Does not match").waitFor();
});

check("words that only a newer hub knows are shown as they came", {}, async ({ page, double }) => {
    Object.assign(double.state.fleet.jobs.at(-1), { outcome: "parked", duplex: "booklet", source: "cloud", confidence: "guessed" });
    await openJobs(page);
    await rows(page).first().click();
    const panel = page.getByRole("complementary", { name: "Job details" });
    for (const word of ["parked", "booklet", "cloud"]) await panel.getByText(word, { exact: true }).first().waitFor();
});

check("a reply that cannot be drawn leaves a message, and the other pages work", { expected: [/RangeError/] }, async ({ page }) => {
    await page.route("**/api/v1/agents", (route) => route.fulfill({ json: { items: [{ id: 1 }], next: null, total: 1 } }));
    await page.goto("/agents");
    await page.getByRole("alert").getByText("The console met an error").waitFor();
    await page.getByRole("link", { name: "Jobs", exact: true }).click();
    await until(() => rows(page).count(), 50);
});

check("an address with a job in it opens the panel; one that does not exist is said so", { expected: [/status of 404/] }, async ({ page, double }) => {
    const job = double.state.fleet.jobs[3];
    await page.goto(`/jobs?${new URLSearchParams({ job: `${job.agent}/${job.seq}` })}`);
    await page.locator(".panel").getByText(job.uid).first().waitFor();
    await page.getByRole("button", { name: "Close" }).click();
    await until(() => page.locator(".panel").count(), 0);
    await page.goto("/jobs?job=nobody/1");
    await page.locator(".panel").getByText("No such job").waitFor();
});

check("signing in needs no mouse", { signedIn: false, double: { password }, expected: [/401.*session/] }, async ({ page }) => {
    await page.goto("/");
    await page.getByLabel("Name", { exact: true }).waitFor();
    await page.keyboard.type("admin");
    await page.keyboard.press("Tab");
    await page.keyboard.type(password);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Overview", exact: true }).waitFor();
});
