// SPDX-License-Identifier: Apache-2.0
//
// The jobs page: what the table says, sorting, filters, pages, and what arrives while it is open.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { check, column, count, range, rows, until } from "./kit.mjs";

const newest = (double) => [...double.state.fleet.jobs].sort((a, b) => (a.time < b.time ? 1 : -1));

check("a filter that is set is as high as the others", {}, async ({ page }) => {
    await page.goto("/jobs?outcome=failed&user=nobody");
    await page.locator(".filters .set").first().waitFor();
    const heights = await page.locator(".filters :is(input, select)").evaluateAll((all) => all.map((one) => one.offsetHeight));
    assert.deepEqual([...new Set(heights)], [32]);
});

check("the newest 50 jobs are shown, unknown numbers as a dash and never as 0", {}, async ({ page, double }) => {
    await page.goto("/jobs");
    await until(() => rows(page).count(), 50);
    assert.equal(await range(page), "1–50 of 640");
    const shown = newest(double).slice(0, 50);
    const pages = await column(page, "pages");
    const sure = await column(page, "confidence");
    assert.ok(shown.some((job) => job.pages === null), "the double has no unknown pages on the first page");
    for (const [index, job] of shown.entries()) {
        assert.equal(pages[index].split("\n")[0], job.pages === null ? "—" : String(job.pages));
        if (job.confidence === "unknown") assert.match(sure[index], /^—/);
    }
    const unknown = page.locator(".table .unknown").first();
    assert.match(await unknown.getAttribute("title"), /Not known/);
    assert.match(await page.locator(".cell-confidence .unknown").first().getAttribute("title"), /could not be counted/);
});

check("a header sorts by its column, and the other way at the second click", {}, async ({ page, double }) => {
    await page.goto("/jobs");
    const header = page.getByRole("columnheader", { name: "Pages" });
    await header.getByRole("button").click();
    await until(() => header.getAttribute("aria-sort"), "descending");
    const most = Math.max(...double.state.fleet.jobs.map((job) => job.pages ?? 0));
    await until(async () => (await column(page, "pages"))[0], String(most));
    await header.getByRole("button").click();
    await until(() => header.getAttribute("aria-sort"), "ascending");
    assert.equal(await page.getByRole("columnheader", { name: "Time" }).getAttribute("aria-sort"), "none");
    assert.equal(await page.getByRole("columnheader", { name: "Outcome" }).getAttribute("aria-sort"), null);
    await page.getByRole("columnheader", { name: "User" }).getByRole("button").click();
    const users = await until(() => column(page, "user"), (list) => list[0] === "a.keller");
    assert.deepEqual(users, [...users].sort());
    assert.match(page.url(), /sort=user&order=asc/);
});

check("the list is saved as one file, part after part, and not at all when a part fails", { expected: [/ERR_FAILED/] }, async ({ page, double }) => {
    await page.goto("/jobs?sort=pages&order=asc");
    const button = page.getByRole("button", { name: "Save as CSV" });
    const [file] = await Promise.all([page.waitForEvent("download"), button.click()]);
    assert.equal(file.suggestedFilename(), "jobs.csv");
    const lines = (await readFile(await file.path(), "utf8")).replace("\ufeff", "").trim().split("\r\n");
    assert.equal(lines[0], "time,document");
    assert.equal(lines.length, 641);
    assert.equal(new Set(lines).size, 641);
    assert.equal(count(double, /\/jobs\?sort=pages&order=asc(&cursor=|$)/), 4);
    await button.waitFor(); // it may be asked for again

    await page.route(/jobs\?.*cursor=/, (route) => route.abort());
    await button.click();
    await page.getByRole("alert").waitFor();
    await button.waitFor();
});

check("filters narrow the list, stand in the address, and go all at once", {}, async ({ page, double }) => {
    const { user } = double.state.fleet.jobs.find((job) => job.outcome === "failed" && job.machine.startsWith("BER-PC"));
    const matches = double.state.fleet.jobs.filter(
        (job) => job.outcome === "failed" && job.user === user && /ber-pc/i.test(`${job.document} ${job.queue} ${job.machine}`),
    );
    await page.goto("/jobs");
    await page.getByRole("searchbox", { name: "Search jobs" }).fill("BER-pc");
    await page.getByLabel("Outcome", { exact: true }).selectOption("failed");
    await page.getByRole("searchbox", { name: "User" }).fill(user);
    await until(() => range(page), `1–${matches.length} of ${matches.length}`);
    assert.deepEqual(new Set(await column(page, "outcome")), new Set(["Failed"]));
    const query = new URL(page.url()).searchParams;
    assert.deepEqual([query.get("q"), query.get("outcome"), query.get("user")], ["BER-pc", "failed", user]);

    await page.reload();
    await until(() => range(page), `1–${matches.length} of ${matches.length}`);
    assert.equal(await page.getByRole("searchbox", { name: "User" }).inputValue(), user);
    await page.getByRole("button", { name: "Clear" }).click();
    await until(() => range(page), "1–50 of 640");
    assert.equal(await page.getByRole("searchbox", { name: "Search jobs" }).inputValue(), "");
    assert.equal(new URL(page.url()).search, "");
});

check("two fields typed quickly one after the other both count", {}, async ({ page }) => {
    await page.goto("/jobs");
    await until(() => rows(page).count(), 50);
    await page.getByRole("searchbox", { name: "User" }).fill("a.keller");
    await page.getByRole("searchbox", { name: "Machine" }).fill("BER-PS-01");
    await until(() => new URL(page.url()).search, "?user=a.keller&machine=BER-PS-01");
});

check("a period is whole days of the browser's zone, both ends included", {}, async ({ page, double }) => {
    await page.goto("/jobs");
    await page.getByLabel("Period").selectOption("days");
    const day = new Date(Date.now() - 3 * 86_400_000).toLocaleDateString("sv", { timeZone: "Europe/Berlin" });
    await page.getByLabel("From").fill(day);
    await page.getByLabel("to", { exact: true }).fill(day);
    const inside = double.state.fleet.jobs.filter((job) => new Date(job.time).toLocaleDateString("sv", { timeZone: "Europe/Berlin" }) === day);
    assert.ok(inside.length > 0);
    await until(async () => (await range(page)).split(" of ")[1], String(inside.length));
    await page.getByLabel("Period").selectOption("any");
    await until(() => range(page), "1–50 of 640");
    assert.equal(new URL(page.url()).search, "");
});

check("pages by cursor: on, back, first, by the browser's Back, after a reload, by a shared link", {}, async ({ page, context, double }) => {
    await page.goto("/jobs?limit=25");
    await until(() => range(page), "1–25 of 640");
    assert.ok(await page.getByRole("button", { name: "Previous page" }).isDisabled());
    const next = page.getByRole("button", { name: "Next page" });
    for (const wanted of ["26–50 of 640", "51–75 of 640", "76–100 of 640"]) {
        await next.click();
        await until(() => range(page), wanted);
    }
    const fourth = await page.locator(".table tbody tr").evaluateAll((list) => list.map((row) => row.dataset.key));
    assert.deepEqual(fourth, newest(double).slice(75, 100).map((job) => `${job.agent}/${job.seq}`));

    await page.getByRole("button", { name: "Previous page" }).click();
    await until(() => range(page), "51–75 of 640");
    await page.reload();
    await until(() => range(page), "51–75 of 640");
    await page.getByRole("button", { name: "Previous page" }).click();
    await until(() => range(page), "26–50 of 640");
    await page.goBack();
    await until(() => range(page), "51–75 of 640");

    const other = await context.newPage();
    await other.goto(page.url());
    await until(() => range(other), "51–75 of 640");
    assert.ok(await other.getByRole("button", { name: "Previous page" }).isDisabled());
    await other.getByRole("button", { name: "First page" }).click();
    await until(() => range(other), "1–25 of 640");
    await other.getByLabel("Rows").selectOption("100");
    await until(() => range(other), "1–100 of 640");
});

check("a new job appears within 2 s without a reload, and is marked for a moment", {}, async ({ page, double }) => {
    await page.goto("/jobs");
    await until(() => rows(page).count(), 50);
    await page.getByText("Live", { exact: true }).waitFor();
    await page.evaluate(() => (window.notReloaded = true));
    const begun = Date.now();
    double.addJobs(1, { document: "Just arrived.pdf", user: "new.user" });
    await page.getByRole("link", { name: "Just arrived.pdf" }).waitFor({ timeout: 2000 });
    const took = Date.now() - begun;
    assert.ok(took < 2000, `it took ${took} ms`);
    assert.equal(await page.evaluate(() => window.notReloaded), true);
    assert.match(await rows(page).first().getAttribute("class"), /row-fresh/);
    assert.equal(await page.locator(".row-fresh").count(), 1);
    assert.equal(await range(page), "1–50 of 641");
    await until(() => page.locator(".row-fresh").count(), 0, 6000);
});

check("in another order new jobs do not move the list: a chip counts them and leads to them", {}, async ({ page, double }) => {
    await page.goto("/jobs?sort=document&order=asc");
    await until(() => rows(page).count(), 50);
    await page.getByText("Live", { exact: true }).waitFor();
    double.addJobs(2);
    await page.getByRole("button", { name: "2 new jobs" }).waitFor();
    double.addJobs(1, { document: "The third.pdf" });
    await page.getByRole("button", { name: "3 new jobs" }).click();
    await page.getByRole("link", { name: "The third.pdf" }).waitFor();
    assert.equal(await page.locator(".chip").count(), 0);
    assert.equal(new URL(page.url()).search, "");
});

check("many commits in a moment ask the hub at most once a second", {}, async ({ page, double }) => {
    await page.goto("/jobs");
    await until(() => rows(page).count(), 50);
    await page.getByText("Live", { exact: true }).waitFor();
    const before = count(double, /GET \/api\/v1\/jobs\?/);
    for (let turn = 0; turn < 30; turn++) {
        double.addJobs(1);
        await new Promise((done) => setTimeout(done, 50));
    }
    await until(() => range(page), "1–50 of 670");
    const asked = count(double, /GET \/api\/v1\/jobs\?/) - before;
    assert.ok(asked <= 4, `30 commits in 1.5 s led to ${asked} questions`);
});

check("a lost connection is said, comes back, and what was missed is fetched", { expected: [/status of 503.*events/, /ERR_INCOMPLETE_CHUNKED_ENCODING.*events/] }, async ({ page, double }) => {
    await page.goto("/jobs");
    await page.getByText("Live", { exact: true }).waitFor();
    double.cutStreams(true);
    await page.getByText("Connection lost").waitFor();
    double.addJobs(1, { document: "Missed.pdf" });
    double.cutStreams(false);
    await page.getByRole("button", { name: "Reconnect" }).click();
    await page.getByText("Live", { exact: true }).waitFor();
    await page.getByRole("link", { name: "Missed.pdf" }).waitFor();
});

check("nothing yet: how an agent is enrolled; nothing found: what to change", { double: { jobs: 0, agents: 0 } }, async ({ page }) => {
    await page.goto("/jobs");
    await page.getByRole("heading", { name: "No jobs yet" }).waitFor();
    await page.getByText("platen-hub key create --tenant NAME").waitFor();
    assert.match(await page.locator("main").innerText(), /HUBURL=.*ENROLLKEY=/s);
    await page.goto("/jobs?q=nothing");
    await page.getByRole("heading", { name: "No job matches" }).waitFor();
    await page.goto("/agents");
    await page.getByRole("heading", { name: "No agents yet" }).waitFor();
    await page.goto("/");
    await page.getByRole("heading", { name: "No agents yet" }).waitFor();
});

check("a failing hub is told with what to do, the list stays, and trying again works", { expected: [/status of 500/] }, async ({ page }) => {
    await page.goto("/jobs");
    await until(() => rows(page).count(), 50);
    await page.route("**/api/v1/jobs?*", (route) =>
        route.fulfill({ status: 500, contentType: "application/problem+json", body: '{"title":"The store is locked","remedy":"Try again in a minute."}' }),
    );
    await page.getByRole("columnheader", { name: "Pages" }).getByRole("button").click();
    await page.getByText("The store is locked").waitFor();
    await page.getByText("Try again in a minute.").waitFor();
    assert.equal(await rows(page).count(), 50);
    await page.unroute("**/api/v1/jobs?*");
    await page.getByRole("button", { name: "Try again" }).click();
    await until(() => page.getByRole("alert").count(), 0);
});

check("a link whose cursor is gone leads to the first page; a count that the hub cut off is said so", { expected: [/status of 400/] }, async ({ page }) => {
    await page.goto("/jobs?cursor=Z29uZQ&page=3");
    await page.getByText("Go back to the list and start again.").waitFor();
    await page.route("**/api/v1/jobs?*", async (route) => {
        const list = await (await route.fetch()).json();
        await route.fulfill({ json: { ...list, total: 100_000, total_capped: true } });
    });
    await page.getByRole("button", { name: "Try again" }).click();
    await until(() => page.locator(".pager-range").count(), 1);
    assert.equal(await range(page), "1–50 of more than 100,000");
    assert.equal(new URL(page.url()).search, "");
});

check("an address with nonsense in it opens as the default view", {}, async ({ page }) => {
    await page.goto("/jobs?sort=hash&order=up&limit=7&page=x&from=soon&outcome=eaten&cursor=");
    await until(() => range(page), "1–50 of 640");
    await page.goto("/nowhere");
    await page.getByRole("heading", { name: "Page not found" }).waitFor();
});
