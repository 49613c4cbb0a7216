// SPDX-License-Identifier: Apache-2.0
//
// One's own jobs, and the names that say whose jobs they are. With PLATEN_PICTURES set, pictures of them are left in that folder.

import assert from "node:assert/strict";
import { join } from "node:path";
import { check, count, rows, until } from "./kit.mjs";

const rowOf = (page, document) => rows(page).filter({ hasText: document });
const reader = (double) => (double.state.rights = ["jobs", "agents", "devices", "policies", "alerts"]);

check("without a right one's own held jobs are listed, and released", {}, async ({ page, double }) => {
    reader(double);
    await page.goto("/mine");
    await until(() => rows(page).count(), 4);
    await page.getByText("You print as acme\\M.Keller").waitFor();
    const text = (await page.locator("main").innerText()).replace(/\s+/g, " ");
    for (const foreign of ["Plan A0", "Jahresabschluss", "b.moreau"]) assert.ok(!text.includes(foreign), foreign);
    await page.getByRole("button", { name: "Release Angebot Nordwerk.docx" }).click();
    const dialog = page.getByRole("dialog", { name: "Release Angebot Nordwerk.docx" });
    await dialog.getByText("Be there first if nobody else is to see it").waitFor();
    assert.equal(count(double, /^POST .*\/held\//), 0, "nothing before it is confirmed");
    await dialog.getByRole("button", { name: "Release", exact: true }).click();
    await until(() => rowOf(page, "Angebot").innerText(), (text) => /Released\s/.test(text));
    assert.equal(count(double, /^POST \/api\/v1\/me\/held\//), 1);
    assert.equal(count(double, /^(GET|POST) \/api\/v1\/held/), 0, "the list of all is not asked for");
    assert.equal(await page.locator(".mine-last li").count(), 6);
});

check("one is cancelled; a question comes first at one's own PC; a job that is somebody else's meanwhile is refused in sight", { expected: [/404/] }, async ({ page, double }) => {
    reader(double);
    double.state.held.end = "asks";
    await page.goto("/mine");
    await page.getByRole("button", { name: "Cancel job Skript.pdf" }).click();
    await page.getByRole("dialog").getByText("It costs nothing.").waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Cancel job" }).click();
    await until(() => rowOf(page, "Skript").innerText(), (text) => text.includes("your PC asks you something first"));
    await page.getByRole("button", { name: "Release Angebot Nordwerk.docx" }).click();
    double.state.held.items[0].user = "ACME\\b.moreau";
    await page.getByRole("dialog").getByRole("button", { name: "Release", exact: true }).click();
    await page.getByRole("dialog").getByText("There is no such held job").waitFor();
});

check("nothing held, nothing printed, no name: each has its words", {}, async ({ page, double }) => {
    reader(double);
    double.state.held.items = [];
    await page.goto("/mine");
    await page.getByText("No job of yours is held").waitFor();
    double.state.held.names = [];
    await page.getByText("Your account has no print name").waitFor();
    assert.equal(await page.locator(".mine-last").count(), 0);
});

check("an administrator gives print names; one that is taken is refused with whose it is", { expected: [/409/] }, async ({ page, double }) => {
    await page.goto("/users");
    await page.getByText("2 print names").waitFor();
    await page.getByRole("button", { name: "Change odile" }).click();
    const dialog = page.getByRole("dialog", { name: "Change odile" });
    await dialog.getByRole("button", { name: "Add a print name" }).click();
    await dialog.getByRole("textbox", { name: "Print name 1" }).fill("acme\\A.Keller");
    assert.deepEqual(await dialog.getByRole("combobox", { name: "Tenant of print name 1" }).locator("option").allInnerTexts(), ["Acme", "Beta", "Nordwind Vertrieb", "Acme Bern"]);
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.getByText("is a name of anna.keller").waitFor();
    await dialog.getByRole("combobox", { name: "Tenant of print name 1" }).selectOption("Beta");
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.waitFor({ state: "detached" });
    assert.deepEqual(double.state.people.printNames.odile, [{ tenant: "Beta", name: "acme\\A.Keller", from: "hand" }]);
    assert.equal(count(double, /^PUT \/api\/v1\/users\/odile$/), 0, "what did not change is not sent: it would end the sessions");
});

check("names of the sign-on are said and stay; one by hand is taken off", {}, async ({ page, double }) => {
    await page.goto("/users");
    await page.getByRole("button", { name: "Change anna.keller" }).click();
    const dialog = page.getByRole("dialog", { name: "Change anna.keller" });
    await dialog.getByText("in Acme Bern, from single sign-on").waitFor();
    assert.equal(await dialog.getByRole("textbox", { name: "Print name 1" }).inputValue(), "ACME\\a.keller");
    assert.deepEqual(await dialog.getByRole("combobox", { name: "Tenant of print name 1" }).locator("option").allInnerTexts(), ["Acme", "Acme Bern"], "those that the account sees");
    await dialog.getByRole("button", { name: "Remove print name 1" }).click();
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.waitFor({ state: "detached" });
    assert.deepEqual(double.state.people.printNames["anna.keller"].map((one) => one.from), ["sign-on"]);
});

check("who does not hold what a name gives is offered none, nor an account that has one", {}, async ({ page, double }) => {
    double.state.rights = ["jobs", "users", "agents", "devices", "policies", "alerts", "alerts.take", "persons", "audit"];
    await page.goto("/users");
    await page.getByRole("button", { name: "Change odile" }).click();
    await page.getByRole("dialog").getByRole("combobox").first().waitFor();
    assert.equal(await page.getByRole("button", { name: "Add a print name" }).count(), 0);
    assert.equal(count(double, /print-names/), 0);
    await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
    assert.equal(await page.getByRole("button", { name: "Change anna.keller" }).count(), 0);
});

check("the provider's entry names the claim for print names", {}, async ({ page, double }) => {
    await page.goto("/sign-on");
    await page.getByRole("textbox", { name: "Name on the button" }).fill("Example ID");
    await page.getByRole("textbox", { name: "Issuer" }).fill("https://id.example");
    await page.getByRole("textbox", { name: "Client ID" }).fill("platen");
    await page.getByText("whoever can change it could release").waitFor();
    await page.getByRole("button", { name: "Save" }).click();
    await until(() => double.state.people.provider?.name_claim, "");
    await page.getByRole("textbox", { name: "Claim with the print name" }).fill("upn");
    await page.getByRole("button", { name: "Save" }).click();
    await until(() => double.state.people.provider.name_claim, "upn");
});

const faces = {
    mine: async (page) => (await page.goto("/mine"), await until(() => rows(page).count(), 4), await page.locator(".mine-last li").first().waitFor()),
    names: async (page) => (await page.goto("/users"), await page.getByRole("button", { name: /anna\.keller/ }).first().click(), await page.locator("dialog .signon-row").waitFor()),
};

for (const [face, visit] of Object.entries(faces)) {
    for (const width of [1280, 360]) {
        for (const scheme of ["light", "dark"]) {
            check(`it fits: ${face}, ${width}, ${scheme}`, {}, async ({ page }) => {
                await page.emulateMedia({ colorScheme: scheme });
                await page.setViewportSize({ width, height: 900 });
                await visit(page);
                assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= width, "nothing is cut off sideways");
                if (process.env.PLATEN_PICTURES) await page.screenshot({ path: join(process.env.PLATEN_PICTURES, `${face}-${width}-${scheme}.png`), fullPage: true });
            });
        }
    }
}
