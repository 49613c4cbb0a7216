// SPDX-License-Identifier: Apache-2.0
//
// People and their rights on the console: users, roles, tenants, tokens, the audit log, one's own account, as administrator, as somebody of a
// dealer, as privacy officer and as somebody who may only read.

import assert from "node:assert/strict";
import jsqr from "jsqr";
import { factorCode, secret } from "./double-access.mjs";
import { check, column, count, notSignedIn, password, rows, signIn, until } from "./kit.mjs";

const nav = (page) => page.locator(".nav li").allInnerTexts();
const button = (page, name) => page.getByRole("button", { name, exact: true });
const inDialog = (page, name) => page.getByRole("dialog").getByRole("button", { name, exact: true });

const shown = {
    administrator: ["Overview", "Jobs", "Held jobs", "My jobs", "Devices", "Alerts", "Agents", "Policies", "Violations", "Reports", "Receipts", "People", "Prices", "Accounts", "Users", "Roles", "Tenants", "Single sign-on", "API tokens", "Retention", "Audit log"],
    "privacy officer": ["Overview", "Jobs", "Held jobs", "My jobs", "Reports", "People", "API tokens", "Retention", "Audit log"],
    billing: ["Overview", "Jobs", "Held jobs", "My jobs", "Devices", "Reports", "Receipts", "Accounts", "API tokens"],
    "read-only": ["Overview", "Jobs", "Held jobs", "My jobs", "Devices", "Alerts", "Agents", "Policies", "Violations", "Reports", "Prices", "API tokens"],
};
for (const [role, pages] of Object.entries(shown)) {
    check(`the navigation shows what a ${role} may see`, {}, async ({ page, double }) => {
        double.state.role = role;
        await page.goto("/");
        assert.deepEqual(await until(() => nav(page), (list) => list.length > 0), pages);
    });
}

check("a page that the role does not show asks the hub for nothing", {}, async ({ page, double }) => {
    double.state.role = "read-only";
    for (const path of ["/users", "/roles", "/tenants", "/audit"]) {
        await page.goto(path);
        await page.getByRole("heading", { name: "Your role does not show this page" }).waitFor();
    }
    assert.equal(count(double, /\/(users|roles|tenants|audit)/), 0);
});

check("a user is made, the one-time password shown once; then changed, reset, removed", {}, async ({ page, double }) => {
    await page.goto("/users");
    await rows(page).first().waitFor();
    await button(page, "Add a user").click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name", { exact: true }).fill("mia");
    await dialog.getByLabel("Role").selectOption("help desk");
    await dialog.getByLabel("Tenant").selectOption("Acme");
    await inDialog(page, "Create").click();
    await page.getByRole("dialog", { name: "Password of mia" }).waitFor();
    assert.equal(await dialog.locator("code").innerText(), "a2b3c-d4e5f-g6h7j");
    await inDialog(page, "Close").click();
    await until(() => column(page, "name"), ["admin", "anna.keller\n2 print names", "j.moreau", "kassen-terminal", "odile", "mia"]);
    assert.ok(!(await page.content()).includes("a2b3c-d4e5f"), "the password is gone with its dialog");

    await button(page, "Change mia").click();
    await dialog.getByLabel("Tenant").selectOption({ label: "Operator of the hub" });
    await dialog.getByLabel("Disabled").check();
    await inDialog(page, "Save").click();
    await page.getByText("mia is changed").waitFor();
    assert.deepEqual(double.state.people.users.find((one) => one.name === "mia").tenant, null);
    await until(async () => (await column(page, "state")).at(-1), "Disabled");

    await button(page, "New password for anna.keller").click();
    await inDialog(page, "Give a new password").click();
    await page.getByRole("dialog", { name: "Password of anna.keller" }).waitFor();
    await inDialog(page, "Close").click();

    await button(page, "Remove mia").click();
    await until(() => page.evaluate(() => document.activeElement?.textContent), "Cancel");
    await inDialog(page, "Remove").click();
    await page.getByText("mia is removed").waitFor();
    await until(() => rows(page).count(), 5);
});

check("a taken name is refused in the dialog, in the chosen language", { context: { locale: "de-DE" }, expected: [/status of 409/] }, async ({ page }) => {
    await page.goto("/users");
    await button(page, "Benutzer anlegen").click();
    await page.getByRole("dialog").getByLabel("Name", { exact: true }).fill("admin");
    await inDialog(page, "Anlegen").click();
    await page.getByRole("alert").getByText("Dieser Name ist vergeben").waitFor();
});

check("a dealer's administrator is offered own tenants only, and makes no roles", {}, async ({ page, double }) => {
    double.state.tenant = "Nordwind Vertrieb";
    double.state.people.tenants = double.state.people.tenants.filter((one) => one.name !== "Beta");
    await page.goto("/users");
    await button(page, "Add a user").click();
    const options = page.getByRole("dialog").getByLabel("Tenant").locator("option");
    await until(() => options.allInnerTexts(), ["Acme (Customer)", "Nordwind Vertrieb (Dealer)", "Acme Bern (Site)"]);
    await page.goto("/roles");
    await page.locator(".matrix").waitFor();
    assert.equal(await button(page, "Add a role").count(), 0);
    await page.goto("/tenants");
    await page.locator(".tree-row").first().waitFor();
    assert.equal(await button(page, "Add a tenant").count(), 0);
    assert.equal(await button(page, "Change tenant Nordwind Vertrieb").count(), 0, "the own tenant is another's to name");
    await button(page, "Change tenant Acme").click();
    assert.deepEqual(await page.getByRole("dialog").getByLabel("Stands under").locator("option").allInnerTexts(), ["Nordwind Vertrieb"]);
});

check("who holds fewer rights may not touch who holds more, and gives no more", {}, async ({ page, double }) => {
    double.state.rights = ["jobs", "users", "devices", "agents", "policies", "alerts"];
    await page.goto("/users");
    await rows(page).first().waitFor();
    const acts = await column(page, "act");
    assert.equal(acts[0], "You");
    assert.match(acts[2], /Change/, "read-only is within");
    assert.equal(acts[1], "Holds more than you");
    await button(page, "Add a user").click();
    await until(() => page.getByRole("dialog").getByLabel("Role").locator("option").allInnerTexts(), ["Read-only"]);
});

check("roles: the matrix says what the hub says; one's own are ticked, changed, and not removed while in use", { expected: [/status of 409/] }, async ({ page, double }) => {
    await page.goto("/roles");
    await page.locator(".matrix").waitFor();
    const line = (right) => page.locator(".matrix tbody tr", { has: page.locator("code", { hasText: new RegExp(`^${right}$`) }) }).locator("td").allInnerTexts();
    assert.deepEqual((await line("audit")).map((text) => text.trim()), ["yes", "no", "no", "no", "no", "yes", "yes"]);
    await button(page, "Add a role").click();
    assert.ok(await inDialog(page, "Create").isDisabled(), "a role without a right is none");
    await page.getByRole("dialog").getByLabel("Name", { exact: true }).fill("clerk");
    await page.getByLabel("See charge accounts").check();
    await page.getByLabel("See meter reads and costs").check();
    await inDialog(page, "Create").click();
    await page.getByText("Role clerk is saved").waitFor();
    assert.deepEqual(double.state.people.custom.at(-1), { name: "clerk", custom: true, users: 0, rights: ["accounts", "billing"] });
    await button(page, "Change role clerk").click();
    await page.getByLabel("See meter reads and costs").uncheck();
    await inDialog(page, "Save").click();
    await until(() => double.state.people.custom.at(-1).rights, ["accounts"]);
    await button(page, "Remove role auditor").click();
    await inDialog(page, "Remove").click();
    await page.getByRole("alert").getByText("Somebody has this role").waitFor();
});

check("tenants: the tree, and a new one below another", {}, async ({ page, double }) => {
    await page.goto("/tenants");
    await page.locator(".tree-row").first().waitFor();
    const under = page.locator("li", { has: page.locator("> .tree-row strong", { hasText: "Nordwind Vertrieb" }) }).locator(".tree .tree-row strong");
    assert.deepEqual(await under.allInnerTexts(), ["Acme", "Acme Bern"]);
    await button(page, "Add below Acme").click();
    assert.deepEqual(await page.getByRole("dialog").getByLabel("Level").locator("option").allInnerTexts(), ["Site", "Group"]);
    await page.getByRole("dialog").getByLabel("Name", { exact: true }).fill("Acme Lyon");
    await inDialog(page, "Create").click();
    await page.getByText("Acme Lyon is created").waitFor();
    await until(() => under.allInnerTexts(), ["Acme", "Acme Bern", "Acme Lyon"]);
    assert.deepEqual([double.state.people.tenants.at(-1).level, double.state.people.tenants.at(-1).parent], ["site", 1]);
});

check("tenants: where less is kept it moves only when that is meant", { expected: [/status of 409/] }, async ({ page, double }) => {
    double.state.people.shorterAtBeta = true;
    await page.goto("/tenants");
    await button(page, "Change tenant Acme Bern").click();
    await page.getByRole("dialog").getByLabel("Stands under").selectOption("Beta");
    await inDialog(page, "Save").click();
    await page.getByRole("alert").getByText("Less is kept where it goes to").waitFor();
    await page.getByRole("dialog").getByText("titles of documents 7 days, jobs for ever, readings for ever").waitFor();
    await page.getByRole("dialog").getByText("2 tenants below without times of their own go by them, too.").waitFor();
    await inDialog(page, "Save").click();
    assert.equal(double.state.people.tenants[3].parent, 1, "it stays until the box is ticked");
    await page.getByLabel("Keep it for the shorter time").check();
    await inDialog(page, "Save").click();
    await page.getByText("Acme Bern is saved").waitFor();
    assert.equal(double.state.people.tenants[3].parent, 2);
});

check("tenants: another name and another place; a taken name is said", { expected: [/status of 409/] }, async ({ page, double }) => {
    const place = page.getByRole("dialog").getByLabel("Stands under");
    const name = page.getByRole("dialog").getByLabel("Name", { exact: true });
    await page.goto("/tenants");
    await button(page, "Change tenant Acme Bern").click();
    assert.deepEqual(await place.locator("option").allInnerTexts(), ["Operator of the hub", "Acme", "Beta", "Nordwind Vertrieb"]);
    assert.ok(await inDialog(page, "Save").isDisabled(), "nothing was changed");
    await name.fill("Beta");
    await inDialog(page, "Save").click();
    await page.getByRole("alert").getByText("There is a tenant of this name").waitFor();
    await name.fill("Beta Bern");
    await place.selectOption("Beta");
    await page.getByRole("dialog").getByText("It moves with all that is under it").waitFor();
    await inDialog(page, "Save").click();
    await page.getByText("Beta Bern is saved").waitFor();
    assert.deepEqual([double.state.people.tenants[3].name, double.state.people.tenants[3].parent], ["Beta Bern", 2]);
    await button(page, "Change tenant Acme").click();
    assert.deepEqual(await place.locator("option").allInnerTexts(), ["Operator of the hub", "Nordwind Vertrieb"], "not below itself, nor below a customer");
    await place.selectOption("Operator of the hub");
    await inDialog(page, "Save").click();
    await page.getByText("Acme is saved").waitFor();
    assert.deepEqual([double.state.people.tenants[0].name, double.state.people.tenants[0].parent], ["Acme", null]);
});

check("a token shows its secret once, offers only own rights, and is revoked", {}, async ({ page, double }) => {
    double.state.role = "billing";
    await page.goto("/tokens");
    await rows(page).first().waitFor();
    assert.deepEqual(await column(page, "state"), ["Good", "Ended"]);
    await button(page, "Create a token").click();
    assert.deepEqual(await page.getByRole("dialog").locator(".choice code").allInnerTexts(), ["jobs", "devices", "accounts", "accounts.change", "billing", "schedules"]);
    await page.getByLabel("What it is for").fill("nightly");
    await page.getByLabel("Good for").selectOption("30");
    await page.getByLabel("See jobs and sums").check();
    await inDialog(page, "Create").click();
    assert.match(await page.getByRole("dialog", { name: "nightly" }).locator("code").innerText(), /^pltk_/);
    await inDialog(page, "Close").click();
    await until(() => rows(page).count(), 3);
    assert.ok(!(await page.content()).includes("pltk_"));
    await button(page, "Revoke token nightly").click();
    await inDialog(page, "Revoke").click();
    await page.getByText("Token nightly is revoked").waitFor();
    await until(async () => (await column(page, "state")).at(-1), "Revoked");
});

check("the audit log: filters in the address, pages by a line's number, CSV of the question", { context: { acceptDownloads: true } }, async ({ page, double }) => {
    double.state.role = "privacy officer";
    await page.goto("/audit");
    await rows(page).first().waitFor();
    assert.equal((await column(page, "seq"))[0], "250");
    await button(page, "Older").click();
    await until(async () => (await column(page, "seq"))[0], "150");
    double.state.people.audit.push({ ...double.state.people.audit.at(-1), seq: 251 });
    await page.goBack();
    await page.goForward();
    await until(async () => (await column(page, "seq"))[0], "150");
    await page.getByLabel("What was done").selectOption({ label: "Users" });
    await until(async () => [...new Set(await column(page, "action"))], ["users.change"]);
    await page.getByLabel("Person (whole name)").fill("anna.keller");
    await until(async () => [...new Set(await column(page, "who"))], ["anna.keller"]);
    assert.equal(new URL(page.url()).search, "?action=users&who=anna.keller");
    const link = page.getByRole("link", { name: "Save as CSV" });
    assert.equal(await link.getAttribute("href"), "/api/v1/audit?who=anna.keller&action=users&format=csv");
    const [file] = await Promise.all([page.waitForEvent("download"), link.click()]);
    assert.equal(file.suggestedFilename(), "audit.csv");
    await page.getByLabel("From", { exact: true }).fill("2019-01-01");
    await page.getByLabel("To", { exact: true }).fill("2019-01-02");
    await page.getByText("No line matches the filters.").waitFor();
    assert.ok(double.state.asked.some((line) => line.includes("from=2018-12-31T23%3A00%3A00.000Z&to=2019-01-02T23%3A00%3A00.000Z")), "days are the browser's");
});

check("the chain is checked by the hub, and a broken one is said", {}, async ({ page, double }) => {
    await page.goto("/audit");
    await button(page, "Check the chain").click();
    await page.getByText("All 240 lines are as they were written. They begin with line 11; those before it went after their time.").waitFor();
    double.state.people.chainWhole = false;
    await button(page, "Check the chain").click();
    await page.getByText("Line 17 was changed, or lines are missing from there on.").waitFor();
});

check("a second factor: the code is scanned, switched on, asked for at the sign-in, switched off", { expected: [/status of 401/] }, async ({ page, double }) => {
    await page.goto("/account");
    await button(page, "Set up a second factor").click();
    await page.locator(".qr").waitFor();
    const side = 225; // five pixels a module
    const dark = await page.locator(".qr").evaluate(async (svg, side) => {
        // As a camera sees it: the drawing with its colours, as pixels.
        const copy = svg.cloneNode(true);
        for (const [name, part] of [["qr-light", "rect"], ["qr-dark", "path"]]) copy.querySelector(part).setAttribute("fill", getComputedStyle(svg.querySelector(`.${name}`)).fill);
        Object.entries({ xmlns: "http://www.w3.org/2000/svg", width: side, height: side }).forEach(([name, value]) => copy.setAttribute(name, value));
        const image = new Image(side, side);
        image.src = `data:image/svg+xml,${encodeURIComponent(copy.outerHTML)}`;
        await image.decode();
        const paper = Object.assign(document.createElement("canvas"), { width: side, height: side }).getContext("2d");
        paper.drawImage(image, 0, 0);
        const { data } = paper.getImageData(0, 0, side, side);
        return Array.from({ length: side * side }, (_, n) => (data[n * 4] < 128 ? "1" : "0")).join("");
    }, side);
    const pixels = new Uint8ClampedArray([...dark].flatMap((one) => (one === "1" ? [0, 0, 0, 255] : [255, 255, 255, 255])));
    assert.equal(jsqr(pixels, side, side)?.data, `otpauth://totp/Platen:%61%64%6D%69%6E?secret=${secret}&issuer=Platen`);
    await page.getByLabel("Code (6 digits)").fill("000000");
    await inDialog(page, "Switch on").click();
    await page.getByRole("alert").getByText("The code is wrong").waitFor();
    await page.getByLabel("Code (6 digits)").fill(factorCode);
    await inDialog(page, "Switch on").click();
    assert.equal((await page.getByRole("dialog", { name: "Recovery codes" }).locator("code").innerText()).split("\n").length, 10);
    await button(page, "I have kept them").click();
    await page.getByText("Signing in takes a code").waitFor();

    await page.getByRole("button", { name: "Account admin" }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await signIn(page, "admin", password);
    await page.getByText("This account has a second factor.").waitFor();
    await until(() => page.evaluate(() => document.activeElement?.getAttribute("name")), "code");
    await page.getByLabel("Code", { exact: true }).fill("999999");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").getByText("The code is wrong").waitFor();
    await page.getByLabel("Code", { exact: true }).fill(factorCode);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "My account" }).waitFor();

    await button(page, "Switch off").click();
    await page.getByRole("dialog").getByLabel("Present password").fill(password);
    await inDialog(page, "Switch off").click();
    await page.getByText("Your password alone signs you in.").waitFor();
    assert.equal(double.state.people.factor, false);
});

check("another session is ended, the own one not offered; language and appearance are chosen there, too", {}, async ({ page, double }) => {
    await page.goto("/account");
    await page.locator(".sessions li").nth(1).waitFor();
    assert.equal(await page.locator(".sessions button").count(), 1);
    await button(page, "End the session from 2001:db8::17").click();
    await page.getByText("The session has ended").waitFor();
    await until(() => page.locator(".sessions li").count(), 1);
    assert.equal(count(double, /^DELETE .*\/sessions\/aaaa000000000002/), 1);
    await page.locator(".account-choices select").nth(1).selectOption("dark");
    await until(() => page.locator("html").getAttribute("data-theme"), "dark");
    await page.locator(".account-choices select").nth(0).selectOption("fr");
    await page.getByRole("heading", { name: "Mon compte" }).waitFor();
});

check("single sign-on is set up; the secret is not shown again; the sign-in offers it", { expected: [/status of (401|422)/] }, async ({ page, double }) => {
    await page.goto("/sign-on");
    await page.getByLabel("Name on the button").fill("Example ID");
    await page.getByLabel("Issuer").fill("http://id.example");
    await page.getByLabel("Client ID").fill("platen-hub");
    await page.getByLabel("Client secret").fill("hush hush");
    await button(page, "Add a row").click();
    await page.getByLabel("Group 1", { exact: true }).fill("staff");
    await page.getByLabel("Role of group 1").selectOption("help desk");
    await button(page, "Save").click();
    await page.getByRole("alert").getByText("The provider cannot be used").waitFor();
    await page.getByLabel("Issuer").fill("https://id.example");
    await button(page, "Save").click();
    await page.getByText("Saved: the provider answered").waitFor();
    assert.deepEqual(double.state.people.provider.roles, [{ group: "staff", role: "help desk" }]);
    await page.getByLabel("Client secret (empty: as it is)").waitFor();
    assert.ok(!(await page.content()).includes("hush hush"));
    await page.getByRole("button", { name: "Account admin" }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    assert.equal(await page.getByRole("link", { name: "Sign in with Example ID" }).getAttribute("href"), "/api/v1/sso/begin");
    await page.goto("/?sso=nobody&tenant=Acme");
    await page.getByRole("alert").getByText("you have no account here").waitFor();
    assert.equal(await page.getByRole("link", { name: "Sign in with Example ID" }).getAttribute("href"), "/api/v1/sso/begin?tenant=Acme");
});

check("wrong sign-ins are not asked for a code", { signedIn: false, expected: [notSignedIn, /status of 401/] }, async ({ page }) => {
    await page.goto("/");
    await signIn(page, "admin", "wrong");
    await page.getByRole("alert").waitFor();
    assert.equal(await page.getByLabel("Code", { exact: true }).count(), 0);
});
