// SPDX-License-Identifier: Apache-2.0
//
// A policy made with the mouse at the real hub, started by tests/e2e/policy_console_test.py. Prints TAP lines; each step leaves a picture.

import { join } from "node:path";
import { check, faults, finish, openPage } from "./real-kit.mjs";

const { PLATEN_CONSOLE: address, PLATEN_USER: user, PLATEN_PASSWORD: password, PLATEN_PICTURES: folder } = process.env;
const page = await openPage({ viewport: { width: 1280, height: 900 }, acceptDownloads: true }, 15_000);
const picture = async (name) => {
    await page.evaluate(() => scrollTo(0, 0));
    await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
};
const proof = (text) => page.locator(".proof", { hasText: text }).waitFor();

try {
    await page.goto(address);
    await page.getByLabel(/^name/i).fill(user);
    await page.getByLabel(/^password/i).first().fill(password);
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: "Policies", exact: true }).click();
    await page.getByText("No policy set yet").waitFor();
    await picture("policy-1-empty");

    await page.getByRole("button", { name: "New policy set" }).click();
    await page.getByLabel("Name", { exact: true }).fill("Head office");
    await page.getByRole("button", { name: "Create" }).click();
    await page.getByRole("heading", { name: "Head office" }).waitFor();

    // A rule that lets every job of the colour queue through, with nothing but the mouse and the value.
    await page.getByRole("button", { name: "Add a rule" }).click();
    const first = page.locator(".set-rule").nth(0);
    await first.getByLabel("Value", { exact: true }).fill("HQ-Color");
    await first.getByRole("button", { name: "Remove Only record" }).click();
    await first.getByLabel("Add an action").selectOption({ label: "Print" });
    await proof("Proved");
    check(true, "a rule is built with the mouse and proved at once");

    // A second one behind it that can never act.
    await page.getByRole("button", { name: "Add a rule" }).click();
    const second = page.locator(".set-rule").nth(1);
    await second.getByLabel("Value", { exact: true }).fill("HQ-Color");
    await second.getByRole("button", { name: "Add a condition" }).click();
    await second.getByLabel("What is looked at").nth(1).selectOption({ label: "Colour pages" });
    await second.getByLabel("Value", { exact: true }).nth(1).fill("10");
    await second.getByRole("button", { name: "Remove Only record" }).click();
    await second.getByLabel("Add an action").selectOption({ label: "Deny" });
    await second.getByLabel("Message to the person who prints").fill("Please use the print room.");
    await proof("1 remark");
    await page.waitForTimeout(900); // the proof of it comes while the field still has the focus
    const words = await second.locator(".found").innerText();
    check(/Contradiction: rule-1 stands before it/.test(words), "a contradiction is explained beside its rule", words.replaceAll("\n", " "));
    await picture("policy-2-contradiction");

    await page.getByRole("button", { name: "Rule rule-2 up" }).click();
    await proof("Proved");
    check((await page.locator(".rule-title strong").allInnerTexts()).join() === "rule-2,rule-1", "moved up, it is gone");

    // The handle: by keyboard, and back by dragging.
    await page.getByRole("button", { name: /^Move rule .*, rule-2$/ }).focus();
    await page.keyboard.press("Alt+ArrowDown");
    await page.waitForFunction(() => document.querySelector(".rule-title strong").textContent === "rule-1");
    await page.getByRole("button", { name: /^Move rule .*, rule-2$/ }).dragTo(page.locator(".set-rule").nth(0));
    await page.waitForFunction(() => document.querySelector(".rule-title strong").textContent === "rule-2");
    check(true, "rules are moved by keyboard and by dragging");

    await page.getByRole("button", { name: "JSON", exact: true }).click();
    const text = JSON.parse(await page.locator("textarea").inputValue());
    check(text.rules[0].then === "deny" && text.rules[0].message === "Please use the print room." && text.rules[0].when.all.length === 2 && text.rules[1].when.queue === "HQ-Color", "the JSON view shows the same set", JSON.stringify(text.rules[0]));
    await page.locator("textarea").fill(JSON.stringify({ ...text, rulez: [] }));
    await page.locator(".json-view .note-bad", { hasText: "rulez" }).waitFor();
    check(await page.getByRole("button", { name: "Publish", exact: true }).isDisabled(), "a mistake in the JSON is named, and cannot be published");
    await page.locator("textarea").fill(JSON.stringify(text));
    await page.getByRole("button", { name: "Rules", exact: true }).click();
    await proof("Proved");

    await page.getByRole("button", { name: "Try", exact: true }).click();
    await page.locator(".test-figures").waitFor();
    const figures = await page.locator(".test-figures").innerText();
    const users = await page.locator(".top").first().locator("li").count();
    check(/Something happens to\s+\d+/.test(figures) && users > 0, "the back-test shows what it would have done", figures.replaceAll("\n", " "));
    await picture("policy-3-back-test");

    await page.getByRole("button", { name: "Publish", exact: true }).first().click();
    await page.getByLabel("A part of the PCs").check();
    await page.locator("input[type=range]").fill("25");
    await picture("policy-4-publish");
    await page.getByLabel("All PCs").check();
    await page.getByLabel("Why (for the history)").fill("colour costs");
    await page.locator("dialog").getByRole("button", { name: "Publish" }).click();
    await page.getByText("Version 1 is on its way").waitFor();
    await page.locator(".badge", { hasText: "Live · All PCs" }).first().waitFor();
    check(true, "it is published to all PCs");

    // A second version, its difference, and the way back.
    await page.locator(".rule-title").first().click();
    await page.getByLabel("Otherwise a job is").selectOption({ label: "denied" });
    await proof("Proved");
    await page.getByRole("button", { name: "Publish", exact: true }).first().click();
    await page.getByLabel("Shadow").check();
    await page.locator("dialog").getByRole("button", { name: "Publish" }).click();
    await page.getByText("Version 2 is on its way").waitFor();
    await page.getByRole("button", { name: "Versions", exact: true }).click();
    await page.getByRole("button", { name: "Changes" }).first().click();
    await page.locator(".diff-in", { hasText: '"default": "deny"' }).waitFor();
    check(true, "a version shows what it changed");
    await picture("policy-5-versions");
    await page.getByRole("button", { name: "Go back to it" }).nth(1).click();
    await page.locator("dialog").getByRole("button", { name: "Publish" }).click();
    await page.getByText("Version 3 is on its way").waitFor();
    await page.getByText("Repeats version 1.").waitFor();
    check(true, "going back makes a new version of the old text");

    await page.getByRole("link", { name: "Policies", exact: true }).click();
    await page.waitForTimeout(3500); // the PC fetches and reports
    await page.reload();
    await page.locator(".table-policy-agents .badge-good").first().waitFor();
    await picture("policy-6-list");
    check((await page.locator(".table-policy-agents tbody tr").count()) === 2, "which PCs have it is shown");

    await page.getByRole("link", { name: "Violations", exact: true }).click();
    await page.locator(".table-violations tbody tr").first().waitFor();
    await picture("violations");
    const all = await page.locator(".table-violations tbody tr").count();
    await page.getByLabel("What was done").selectOption({ label: "Denied" });
    await page.waitForFunction((n) => document.querySelectorAll(".table-violations tbody tr").length < n, all);
    const kinds = new Set(await page.locator(".table-violations .badge").allInnerTexts());
    check(kinds.size === 1 && kinds.has("Denied"), "violations are filtered", [...kinds].join());
    const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Save as CSV" }).click()]);
    check(file.suggestedFilename() === "violations.csv", "and saved as CSV");

    await page.getByRole("link", { name: "Accounts", exact: true }).click();
    await page.locator(".table-accounts tbody tr").first().waitFor();
    await page.getByRole("button", { name: "Add an account" }).click();
    await page.getByLabel("Code").fill("3000");
    await page.getByLabel("Name", { exact: true }).fill("Harbour Authority");
    await page.getByLabel("PIN").fill("2468");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByRole("cell", { name: "Harbour Authority", exact: true }).waitFor();
    await page.locator("input[type=file]").setInputFiles({ name: "a.csv", mimeType: "text/csv", buffer: Buffer.from("code;name;kind;parent\n3000-1;Crane;project;3000\n") });
    await page.getByRole("cell", { name: "Crane", exact: true }).waitFor();
    await picture("accounts");
    check((await page.locator(".table-accounts tbody tr").count()) === 5, "accounts are added by hand and by CSV");

    // A quota with its rule, live; then units given before anybody printed.
    await page.getByRole("link", { name: "Policies", exact: true }).click();
    await page.getByRole("link", { name: "Head office" }).click();
    await page.getByRole("button", { name: "Add a quota" }).click();
    await page.getByLabel("Limit").fill("200");
    await page.getByLabel("Limit").press("Enter");
    await page.locator(".quota-forms .found", { hasText: "No rule that can act asks about this quota" }).waitFor();
    check(true, "a quota that no rule asks about is named at once");
    await page.getByRole("button", { name: "Add a rule that denies beyond it" }).click();
    await page.getByLabel("Otherwise a job is").selectOption({ label: "printed" });
    await page.getByRole("button", { name: "Rule rule-3 up" }).click(); // before the rule that lets all else through
    await page.locator(".quota-forms .found").waitFor({ state: "detached" });
    await picture("policy-7-quota");
    await page.getByRole("button", { name: "Publish", exact: true }).first().click();
    await page.locator("dialog").getByRole("button", { name: "Publish" }).click();
    await page.getByText("is on its way").waitFor();

    // To one group of PCs, and how long until its PC says that it is in force there.
    await page.getByRole("link", { name: "Policies", exact: true }).click();
    await page.getByRole("button", { name: "New group of PCs" }).click();
    await page.getByLabel("Name", { exact: true }).fill("Pilot");
    await page.locator("dialog .members label", { hasNotText: "LYO-PC-0031" }).click();
    await page.locator("dialog").getByRole("button", { name: "Create" }).click();
    await page.getByText("Pilot (1 PC)").waitFor();
    await page.getByRole("link", { name: "Head office" }).click();
    await proof("Proved");
    await page.getByRole("button", { name: "Publish", exact: true }).first().click();
    await page.getByLabel("A group of PCs").check();
    const published = Date.now();
    await page.locator("dialog").getByRole("button", { name: "Publish" }).click();
    await page.getByText("Version 5 is on its way").waitFor();
    const versions = () => page.evaluate(() => fetch("/api/v1/policy/agents").then((reply) => reply.json()).then((list) => list.items.map((one) => one.version)));
    while (!(await versions()).includes(5) && Date.now() - published < 10_000) await page.waitForTimeout(100);
    const took = Date.now() - published;
    check(took < 5000 && (await versions()).filter((n) => n === 5).length === 1, "published to one group, it is in force on its PC within 5 s and on no other", `${took} ms`);

    await page.getByRole("link", { name: "People", exact: true }).click();
    await page.getByRole("button", { name: "Quotas", exact: true }).click();
    await page.getByRole("button", { name: "Change the quota: quota-1" }).click();
    await page.getByLabel("User").fill("ACME\\Zoe");
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByLabel("How much (pages)").fill("50");
    await page.locator("dialog").getByRole("button", { name: "Change" }).click();
    await page.getByRole("link", { name: "zoe" }).waitFor();
    check((await page.locator(".table-quotas td.cell-left").allInnerTexts()).join() === "250", "an administrator gives units of a quota");
    await picture("quotas");
    await page.getByRole("button", { name: "Groups", exact: true }).click();
    await page.locator("input[type=file]").setInputFiles({ name: "g.csv", mimeType: "text/csv", buffer: Buffer.from("group,person\nACME\\Ward,zoe\nACME\\Ward,a.keller\n") });
    await page.getByRole("button", { name: "Replace these groups" }).click();
    await page.locator("td.cell-group", { hasText: "ACME\\Ward" }).waitFor();
    check(true, "groups of people come by CSV");
    await page.getByRole("button", { name: "People", exact: true }).click();
    await page.getByRole("link", { name: "a.keller" }).click();
    await page.locator(".person-groups", { hasText: "ACME\\Ward" }).waitFor();
    await page.locator(".last li").first().waitFor();
    await picture("person");
    check(Number(await page.locator(".person-tiles .tile-value").last().innerText()) > 0, "a person's page has groups, months and jobs");

    await page.getByRole("link", { name: "Prices", exact: true }).click();
    await page.getByRole("button", { name: "Make a price list" }).click();
    await page.getByLabel("Both sides %, all").fill("10");
    await page.getByLabel("Both sides %, all").press("Enter");
    await page.locator(".trial-result", { hasText: "1.08 EUR" }).waitFor();
    check(true, "the engine prices a job of ten colour pages on both sides by what is typed");
    await page.getByRole("button", { name: "Save prices" }).click();
    await page.getByText("Changed by admin").waitFor();
    await picture("prices");
    check(faults.length === 0, "no error in the browser's console", faults.join("; "));
} catch (error) {
    check(false, "the way through the policies", String(error).replaceAll("\n", " "));
    await picture("failure");
}
await finish();
