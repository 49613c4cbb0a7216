// SPDX-License-Identifier: Apache-2.0
//
// Prices, quotas, people and groups: what is typed becomes the call that is meant, and who may not is not offered it.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { check, count, until } from "./kit.mjs";
import { everyRight } from "./double-access.mjs";
import { openQuotas, peopleFaces } from "./double-people.mjs";
import { policyFaces } from "./double-policy.mjs";

const figure = (page) => page.locator(".trial-result strong").innerText();
const looksOnly = everyRight.filter((right) => right !== "policies.change");

check("prices: a change is priced by the hub as one types, and saved as it stands", {}, async ({ page, double }) => {
    await peopleFaces.prices(page);
    await until(() => figure(page), "1.13 EUR"); // 10 pages in colour on both sides: 1.20 less a tenth, and 0.05
    await page.getByLabel("Colour page, all").fill("0,2");
    await page.getByLabel("Colour page, all").press("Enter");
    await until(() => figure(page), "1.85 EUR");
    await page.getByLabel("on both sides").uncheck();
    await until(() => figure(page), "2.05 EUR");
    await page.getByLabel("Grey page, all").fill("much");
    await page.getByLabel("Grey page, all").press("Enter");
    await page.locator(".note-bad", { hasText: "is no amount of money" }).waitFor();
    assert.ok(await page.getByRole("button", { name: "Save prices" }).isDisabled());
    assert.equal(await page.locator(".table-prices .badge-bad").count(), 1);
    await page.getByLabel("Grey page, all").fill("0.03");
    await page.getByLabel("Grey page, all").press("Enter");
    await page.getByRole("button", { name: "Remove row all" }).waitFor(); // it is named after its row
    await page.getByRole("button", { name: "Save prices" }).click();
    await page.getByText("The prices are on their way").waitFor();
    const saved = JSON.parse(double.state.printing.prices.text);
    assert.deepEqual(saved.tables[1].rows[1], { id: "all", mono_page: "0.03", color_page: "0.2", job: "0.05", duplex_discount: 10 });
    assert.deepEqual(saved.tables[1].rows[0].paper, ["A3", "SRA3"]);
});

check("prices: a new date copies what counts until then, rows keep their order", {}, async ({ page, double }) => {
    await peopleFaces.prices(page);
    await page.getByRole("button", { name: "New prices from a date" }).click();
    const year = new Date().getFullYear() + 1;
    await page.getByLabel("First day").fill(`${year}-01-01`);
    await page.getByRole("button", { name: "Create" }).click();
    await page.locator(".price-dates [aria-pressed=true]", { hasText: "later" }).waitFor();
    await page.getByRole("button", { name: "Add a row" }).click();
    await page.getByLabel("Row, row-3").fill("plotter");
    await page.getByLabel("Row, row-3").press("Enter");
    await page.getByRole("button", { name: "Row plotter up" }).click();
    await page.getByRole("button", { name: "Save prices" }).click();
    await page.getByText("The prices are on their way").waitFor();
    const tables = JSON.parse(double.state.printing.prices.text).tables;
    assert.deepEqual(tables.map((table) => table.from).at(-1), `${year}-01-01`);
    assert.deepEqual(tables.at(-1).rows.map((row) => row.id), ["a3", "plotter", "all"]);
    assert.deepEqual(tables.at(-2).rows.map((row) => row.id), ["a3", "all"]);
});

check("prices: earlier lists are shown, and one comes back as a new one", {}, async ({ page, double }) => {
    await peopleFaces["price history"](page);
    await page.getByText("The contract of the new year").waitFor();
    assert.equal(await page.getByRole("button", { name: "Go back to it" }).count(), 1);
    await page.getByRole("button", { name: "Go back to it" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Go back to it" }).click();
    await page.getByRole("heading", { name: "Version 3" }).waitFor();
    assert.equal(JSON.parse(double.state.printing.prices.text).tables.length, 1);
    assert.equal(double.state.printing.versions[0].from, 1);
});

check("a set is removed after a question; one that is in force says where, and stays", {}, async ({ page, double, faults }) => {
    double.state.setInForce = "all PCs, the PC BER-PC-0112";
    await policyFaces["remove set"](page);
    const act = page.getByRole("dialog").getByRole("button", { name: "Remove" });
    await act.click();
    await page.getByRole("dialog").getByText("the PC BER-PC-0112").waitFor();
    assert.match(faults.pop(), /409/);
    double.state.setInForce = undefined;
    await act.click();
    await page.getByText("2 removed sets").waitFor();
    assert.ok(double.state.removedSet);
    await policyFaces["a removed set"](page);
    assert.equal(await page.getByRole("button", { name: "Go back to it" }).count(), 0);
});

check("a PIN is taken off in the account's form", {}, async ({ page, double }) => {
    await policyFaces["account with a PIN"](page);
    await page.getByLabel("Take the PIN off").check();
    await page.getByRole("dialog").locator("button[type=submit]").click();
    await until(() => double.state.account?.pin, "-");
});

check("retention: a shorter time says what goes before it is saved, a longer one is saved at once", {}, async ({ page, double }) => {
    await policyFaces["shorter retention"](page);
    await page.getByRole("dialog").getByText("Titles of documents, 7 days: 1,234 will be deleted").waitFor();
    assert.equal(double.state.retention, undefined);
    await page.getByRole("dialog").getByRole("button", { name: "Save and delete" }).click();
    await until(() => double.state.retention?.titles_days, 7);
    assert.equal(double.state.retention.jobs_days, 730);
    await page.getByLabel("For ever, Jobs").check();
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await until(() => double.state.retention.jobs_days, null);
    assert.equal(await page.getByRole("dialog").count(), 0);
});

check("retention: what is inherited says from whom; own times are set, and removed with the same question", {}, async ({ page, double }) => {
    double.state.dealerTimes = { titles_days: 14, jobs_days: 365 };
    await policyFaces.retention(page);
    await page.getByText("Inherited from Nordwind Vertrieb.").waitFor();
    await page.getByText("2 tenants below without times of their own go by them, too.").waitFor();
    assert.equal(await page.getByRole("button", { name: "Remove its own times" }).count(), 0);
    await page.getByLabel("Days, Titles of documents").fill("60");
    await page.getByRole("button", { name: "Save as its own times" }).click();
    await until(() => double.state.retention?.titles_days, 60);
    await page.getByRole("button", { name: "Remove its own times" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("Inherited from Nordwind Vertrieb.").waitFor();
    await dialog.getByText("Titles of documents, 14 days: 1,234 will be deleted").waitFor();
    await dialog.getByText("2 tenants below").waitFor();
    assert.equal(double.state.retention.titles_days, 60);
    await dialog.getByRole("button", { name: "Save and delete" }).click();
    await until(() => double.state.retention, undefined);
    await page.getByText("Inherited from Nordwind Vertrieb.").waitFor();
});

check("retention: readings are thinned, and it says so; a time is 90 days at least", {}, async ({ page, double }) => {
    await policyFaces.retention(page);
    const days = page.getByLabel("Days, Readings of meters and supplies");
    assert.ok(await days.isDisabled());
    await page.getByLabel("For ever, Readings of meters and supplies").uncheck();
    assert.equal(await days.inputValue(), "730");
    await days.fill("89");
    await page.getByRole("button", { name: "Save as its own times" }).click();
    assert.ok(await days.evaluate((field) => field.validity.rangeUnderflow));
    await days.fill("90");
    await page.getByRole("button", { name: "Save as its own times" }).click();
    await page.getByRole("dialog").getByText("Readings of meters and supplies, 90 days: of 5,678 one a month stays").waitFor();
    assert.equal(double.state.retention, undefined);
    await page.getByRole("dialog").getByRole("button", { name: "Save and delete" }).click();
    await until(() => double.state.retention?.readings_days, 90);
    await page.getByText("5,678 are over and are thinned now.").waitFor();
});

check("retention: the audit log has a time of the hub, which the operator sets", {}, async ({ page, double }) => {
    await policyFaces.retention(page);
    assert.ok(await page.getByLabel("Days, Audit log").isDisabled());
    await page.getByLabel("For ever, Audit log").uncheck();
    await page.getByLabel("Days, Audit log").fill("365");
    await page.getByRole("button", { name: "Save the log’s time" }).click();
    await page.getByRole("dialog").getByText("Audit log: 4,321 will be deleted").waitFor();
    assert.equal(double.state.logDays, undefined);
    await page.getByRole("dialog").getByRole("button", { name: "Save and delete" }).click();
    await until(() => double.state.logDays, 365);
    double.state.tenant = "Acme";
    await page.reload();
    await page.getByText("The operator of the hub sets it.").waitFor();
    assert.equal(await page.getByRole("button", { name: "Save the log’s time" }).count(), 0);
});

check("prices: who may only look can try, and is told why nothing is saved", {}, async ({ page, double }) => {
    double.state.rights = looksOnly;
    await peopleFaces.prices(page);
    await page.locator(".note-info", { hasText: "the right to change policies" }).waitFor();
    assert.equal(await page.getByRole("button", { name: "Save prices" }).count(), 0);
    await page.getByLabel("Colour page, all").fill("0.2");
    await page.getByLabel("Colour page, all").press("Enter");
    await until(() => figure(page), "1.85 EUR");
    assert.equal(count(double, /^PUT/), 0);
});

check("prices: without a list the page says what to do", {}, async ({ page, double }) => {
    double.state.printing.prices = { text: null, author: null, changed: null };
    await page.goto("/prices");
    await page.getByRole("button", { name: "Make a price list" }).click();
    await page.locator(".table-prices tbody tr").waitFor();
    await page.getByText("Not in force yet").waitFor();
    await page.getByRole("button", { name: "Save prices" }).click();
    await page.getByText("Changed by admin").waitFor();
});

check("quotas in the editor: forms for all of it, a new name goes through the rules, money stays text", {}, async ({ page }) => {
    await policyFaces["policy editor"](page);
    const set = async () => {
        await page.getByRole("button", { name: "JSON", exact: true }).click();
        const text = JSON.parse(await page.locator(".json-view textarea").inputValue());
        await page.getByRole("button", { name: "Rules", exact: true }).click();
        return text;
    };
    const form = page.locator(".quota-form").first();
    const put = async (label, value) => (await form.getByLabel(label).fill(value), await form.getByLabel(label).press("Enter"));
    await put("Name", "pupils");
    await put("Only for the group", "ACME\\Pupils; ACME\\Students");
    await put("Overdraft", "10");
    await put("Roll-over", "100");
    await form.getByLabel("Per").selectOption({ label: "term" });
    await form.getByLabel("Add a day").fill("2031-09-01");
    await page.getByRole("button", { name: "Add a rule that denies beyond it" }).click();
    const one = await set();
    const year = new Date().getFullYear();
    assert.deepEqual(one.quotas, [{ id: "pupils", of: "user", per: "term", unit: "pages", limit: 500, group: ["ACME\\Pupils", "ACME\\Students"], overdraft: 10, rollover: 100, terms: [`${year}-01-01`, "2031-09-01"] }]);
    assert.deepEqual(one.rules[3].when, { quota_percent: { quota: "pupils", min: 80 } });
    assert.deepEqual(one.rules[4].when, { over_quota: "pupils" });
    await form.getByLabel("Of what").selectOption({ label: "cost" });
    await put("Limit", "12,50");
    await put("Overdraft", "");
    await form.getByLabel("Per").selectOption({ label: "week" });
    await page.getByRole("button", { name: "Add a quota" }).click();
    const two = await set();
    assert.deepEqual(two.quotas[0], { id: "pupils", of: "user", per: "week", unit: "cost", limit: "12.50", group: ["ACME\\Pupils", "ACME\\Students"], rollover: "100" });
    assert.equal(two.quotas[1].id, "quota-2");
});

check("quotas: an administrator gives, takes and begins anew", {}, async ({ page, double }) => {
    const use = double.state.printing.uses[0];
    await openQuotas(page);
    assert.deepEqual(await page.locator(".table-quotas td.cell-left").allInnerTexts(), ["-0.50", "–", "40", "498"]); // the most used first
    const open = () => page.getByRole("row", { name: /a\.keller.*students/ }).getByRole("button").click();
    await open();
    await page.getByText("40 are with PCs and stay there").waitFor();
    await page.getByLabel("How much (pages)").fill("50");
    await page.locator("dialog").getByRole("button", { name: "Change" }).click();
    await page.getByText("The quota of a.keller is changed").waitFor();
    await until(() => page.locator(".table-quotas td.cell-left").allInnerTexts(), (cells) => cells.includes("90"));
    await open();
    await page.getByLabel("Take some away").check();
    await page.getByLabel("How much (pages)").fill("1.5");
    assert.ok(await page.locator("dialog").getByRole("button", { name: "Change" }).isDisabled());
    await page.getByLabel("How much (pages)").fill("20");
    await page.locator("dialog").getByRole("button", { name: "Change" }).click();
    await until(() => use.left, 70);
    await until(() => page.locator("dialog").count(), 0);
    await open();
    await page.getByLabel("Begin anew").check();
    await page.locator("dialog").getByRole("button", { name: "Change" }).click();
    await until(() => use.spent, 0);
    // Somebody who has used nothing yet: named as the hub keeps names.
    await page.getByRole("button", { name: "Change the quota: students" }).click();
    await page.getByLabel("User").fill("ACME\\Zoe");
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByLabel("How much (pages)").fill("5");
    await page.locator("dialog").getByRole("button", { name: "Change" }).click();
    await page.getByRole("link", { name: "zoe" }).waitFor();
    // A group's own, in money.
    await page.getByRole("button", { name: "Change the quota: lab", exact: true }).click();
    await page.getByLabel("How much (in money)").fill("2,50");
    await page.locator("dialog").getByRole("button", { name: "Change" }).click();
    await until(() => double.state.printing.uses[2].limit, 15_000_000);
});

check("quotas: who may not change policies sees no button for it", {}, async ({ page, double }) => {
    double.state.rights = looksOnly;
    await openQuotas(page);
    assert.equal(await page.getByRole("button", { name: /Change the quota/ }).count(), 0);
    await page.goto("/policies");
    await page.locator(".set").first().waitFor();
    assert.equal(await page.getByRole("button", { name: /Withdraw|For whom|New policy set|New group|Remove/ }).count(), 0);
    await policyFaces["policy editor"](page);
    assert.equal(await page.getByRole("button", { name: /Publish|Save draft|Rename/ }).count(), 0);
    await page.locator(".note-info", { hasText: "the right to change policies" }).waitFor();
});

check("groups: by hand, by file and into a file", { context: { acceptDownloads: true }, expected: [/status of 503/] }, async ({ page, double }) => {
    const { groups } = double.state.printing;
    await peopleFaces["a group"](page);
    await page.getByLabel(/^People: 2/).fill("a.keller\n\n c.okafor ;a.keller");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByText("ACME\\Students is saved").waitFor();
    assert.deepEqual(groups.get("ACME\\Students"), ["a.keller", "c.okafor"]);

    const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Export CSV" }).click()]);
    const text = await readFile(await file.path(), "utf8");
    assert.equal(text, "\ufeffgroup,person\r\nACME\\Students,a.keller\r\nACME\\Students,c.okafor\r\nLab,c.okafor\r\n");

    const give = (csv) => page.locator("input[type=file]").setInputFiles({ name: "g.csv", mimeType: "text/csv", buffer: Buffer.from(csv) });
    await give("group;person\nLab;mia\nLab\n");
    await page.getByText("Line 3 lacks a group or a person.").waitFor();
    await give("name,person\nLab,mia\n");
    await page.getByText("The columns group and person are missing.").waitFor();
    double.state.printing.refuse = "Zoo";
    await give('group;person\nLab;mia\n"Lab";leo\n"Board; all";"Mc ""X"""\nZoo;mia\n');
    await page.getByText("3 groups with 4 lines").waitFor();
    await page.getByRole("button", { name: "Replace these groups" }).click();
    await page.getByText("The hub is busy").waitFor();
    await page.getByText("2 of 3 groups are written").waitFor();
    assert.deepEqual([groups.get("Lab"), groups.get("Board; all"), groups.has("Zoo")], [["mia", "leo"], ['Mc "X"'], false]);
    double.state.printing.refuse = undefined;
    const before = count(double, /^PUT .*directory/);
    await page.getByRole("button", { name: "Replace these groups" }).click();
    await page.getByText("3 groups are imported").waitFor();
    assert.equal(count(double, /^PUT .*directory/) - before, 1, "what was written before is not written again");
    assert.deepEqual(groups.get("Zoo"), ["mia"]);

    await page.getByRole("button", { name: "Remove group Zoo" }).click();
    await page.locator("dialog").getByRole("button", { name: "Remove" }).click();
    await page.getByText("Zoo is removed").waitFor();
    assert.equal(groups.has("Zoo"), false);
});

check("people: a list, and a page for each with what is known of one", {}, async ({ page }) => {
    await peopleFaces.people(page);
    assert.equal(await page.locator(".table-people tbody tr").count(), 2); // what has no name is nobody's page
    await page.getByRole("link", { name: "a.keller" }).click();
    await page.getByRole("heading", { name: "a.keller" }).waitFor();
    assert.deepEqual(await page.locator(".person-tiles .tile-value").allInnerTexts(), ["300", "40", "200", "10"]);
    assert.deepEqual(await page.locator(".person-groups li").allInnerTexts(), ["ACME\\Students"]);
    assert.equal(await page.locator(".table-quotas tbody tr").count(), 2);
    await page.getByRole("link", { name: "Violations" }).last().click();
    await page.waitForURL(/\/violations\?.*user=a.keller/);
});

check("violations: a period, what a trial would do, every field, a file of all of them", { context: { acceptDownloads: true } }, async ({ page, double }) => {
    await page.goto("/violations?from=2026-01-01T00:00:00.000Z&rule=long-colour");
    await page.locator(".table-violations td.cell-time").first().click();
    await page.locator("dialog").getByText("IP_10.0.0.7").waitFor();
    await page.locator("dialog").getByText("0.42 EUR").waitFor();
    await page.keyboard.press("Escape");
    assert.equal(count(double, /violations\?.*rule=long-colour.*from=2026-01-01/), 1);
    const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Save as CSV" }).click()]);
    assert.equal(file.suggestedFilename(), "violations.csv");
    assert.equal(count(double, /violations\?.*rule=long-colour.*from=2026-01-01.*format=csv/), 1);
    await page.getByRole("button", { name: "What a trial would do" }).click();
    await page.waitForURL(/shadow=true/);
    await page.locator(".table-violations .badge", { hasText: "Denied" }).first().waitFor();
});

check("a roll-out goes on: another share, then all", {}, async ({ page, double }) => {
    await policyFaces.policies(page);
    await page.getByRole("button", { name: "For whom" }).nth(1).click();
    assert.equal(await page.locator("dialog output").innerText(), "25 %");
    await page.locator("dialog input[type=range]").fill("60");
    await page.getByLabel("Live").check();
    await page.locator("dialog").getByRole("button", { name: "Assign" }).click();
    await page.getByText("Version 2 is on its way").waitFor();
    assert.deepEqual(double.state.published, { scope: "percent", state: "live", percent: 60, version: 2 });
});

check("a set gets another name; what is typed and not saved stays as it was", {}, async ({ page, double }) => {
    await policyFaces["policy editor"](page);
    await page.getByLabel("Otherwise a job is").selectOption({ label: "denied" });
    await page.getByRole("button", { name: "Rename" }).click();
    await page.locator("dialog").getByLabel("Name").fill("Whole house");
    await page.locator("dialog").getByRole("button", { name: "Save" }).click();
    await page.getByRole("heading", { name: "Whole house" }).waitFor();
    assert.equal(JSON.parse(double.state.set.text).default, "allow");
    assert.equal(await page.getByLabel("Otherwise a job is").inputValue(), "deny");
    assert.ok(await page.getByRole("button", { name: "Save draft" }).isEnabled());
});

check("groups of PCs are made, changed and removed", {}, async ({ page, double }) => {
    await policyFaces.policies(page);
    await page.getByRole("button", { name: "Edit group Ward 3", exact: true }).click();
    await page.getByText("PCs of the group: 2").waitFor();
    await page.locator("dialog input[type=checkbox]:not(:checked)").first().check();
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByText("Ward 3 is saved").waitFor();
    assert.equal(double.state.group.agents.length, 3);
    await page.getByRole("button", { name: "Remove group Ward 3" }).click();
    await page.locator("dialog").getByRole("button", { name: "Remove" }).click();
    await page.getByText("Ward 3 is removed").waitFor();
});
