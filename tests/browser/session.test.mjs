// SPDX-License-Identifier: Apache-2.0
//
// Signing in and out, one-time passwords, sessions that end.

import assert from "node:assert/strict";
import { check, notSignedIn, password, signIn, until } from "./kit.mjs";
import { oneTimePassword } from "./double.mjs";

const outside = { signedIn: false, expected: [notSignedIn] };
const chosen = "another long password";

check("a wrong password is refused in the hub's words, and the field is ready for the next try", outside, async ({ page }) => {
    await page.goto("/");
    await until(() => page.evaluate(() => document.activeElement?.getAttribute("name")), "name");
    await signIn(page, "admin", "wrong");
    const note = page.getByRole("alert");
    await note.waitFor();
    assert.match(await note.innerText(), /Name or password is wrong\s+Check both and try again\./);
    assert.equal(await page.getByLabel("Password", { exact: true }).inputValue(), "");
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("name")), "password");
});

check("a one-time password opens nothing but the choice of another one", outside, async ({ page, double }) => {
    await page.goto("/jobs");
    await signIn(page, "admin", oneTimePassword);
    await page.getByRole("heading", { name: "Choose your password" }).waitFor();
    assert.equal(await page.locator("nav").count(), 0);
    assert.ok(!double.state.asked.some((line) => line.includes("/jobs")), "jobs were asked for before the password was changed");

    const submit = page.getByRole("button", { name: "Change password" });
    const wanted = page.getByLabel("New password", { exact: true });
    const again = page.getByLabel("New password again");
    for (const [first, second] of [["short", "short"], [oneTimePassword, oneTimePassword], [chosen, "another one"]]) {
        await wanted.fill(first);
        await again.fill(second);
        assert.ok(await submit.isDisabled(), `${first} / ${second} must not be accepted`);
    }
    await wanted.fill(chosen);
    await again.fill(chosen);
    await submit.click();
    await page.getByRole("heading", { name: "Jobs", exact: true }).waitFor();
    await page.getByText("Password changed").waitFor();
    assert.equal(double.state.password, chosen);
});

check("after a reload the one-time password is asked for again, and a wrong one does not end the session", { ...outside, expected: [notSignedIn, /401.*session\/password/] }, async ({ page }) => {
    await page.goto("/");
    await signIn(page, "admin", oneTimePassword);
    await page.getByRole("heading", { name: "Choose your password" }).waitFor();
    await page.reload();
    await page.getByLabel("One-time password").fill("not that one");
    await page.getByLabel("New password", { exact: true }).fill(chosen);
    await page.getByLabel("New password again").fill(chosen);
    await page.getByRole("button", { name: "Change password" }).click();
    await page.getByRole("alert").getByText("The old password is wrong").waitFor();
    await page.getByLabel("One-time password").fill(oneTimePassword);
    await page.getByRole("button", { name: "Change password" }).click();
    await page.getByRole("heading", { name: "Overview", exact: true }).waitFor();
});

check("after repeated failures the wait is counted down, then signing in works", { ...outside, double: { password }, expected: [notSignedIn, /429.*session/] }, async ({ page, double }) => {
    double.state.retryAfter = 2;
    await page.goto("/");
    for (let turn = 0; turn < 5; turn++) {
        const reply = page.waitForResponse("**/api/v1/session");
        await signIn(page, "admin", `wrong ${turn}`);
        await reply;
        await until(() => page.locator("form button").isEnabled(), true);
    }
    await signIn(page, "admin", password);
    const button = page.locator("form button");
    await page.getByText("Too many failed attempts").waitFor();
    assert.match(await button.innerText(), /^Wait [12] seconds?$/);
    assert.ok(await button.isDisabled());
    await until(() => button.innerText(), "Sign in");
    await signIn(page, "admin", password);
    await page.getByRole("heading", { name: "Overview", exact: true }).waitFor();
});

check("a session that ends leads back to the same view after signing in", { expected: [/status of 401/] }, async ({ page, double }) => {
    await page.goto("/jobs?outcome=failed");
    await page.locator(".table tbody tr").first().waitFor();
    double.state.sessions.clear();
    await page.getByRole("button", { name: "Pages" }).click();
    await page.getByText("Your session has ended").waitFor();
    await signIn(page, "admin", password);
    await page.locator(".table tbody tr").first().waitFor();
    const query = new URL(page.url()).searchParams;
    assert.equal(query.get("outcome"), "failed");
    assert.equal(query.get("sort"), "pages");
});

check("the user's menu names the user and signs out; the session is gone at the hub", { expected: [notSignedIn] }, async ({ page, double }) => {
    await page.goto("/");
    await page.getByRole("button", { name: "Account admin" }).click();
    await page.getByText("Administrator").waitFor();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    assert.equal(double.state.sessions.size, 0);
    await page.reload();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
});

check("the password can be changed from the menu", {}, async ({ page, double }) => {
    await page.goto("/");
    await page.getByRole("button", { name: "Account admin" }).click();
    await page.getByRole("menuitem", { name: "Change password" }).click();
    await page.getByLabel("Present password").fill(password);
    await page.getByLabel("New password", { exact: true }).fill(chosen);
    await page.getByLabel("New password again").fill(chosen);
    await page.getByRole("dialog").getByRole("button", { name: "Change password" }).click();
    await page.getByText("Password changed").waitFor();
    assert.equal(await page.getByRole("dialog").count(), 0);
    assert.equal(double.state.password, chosen);
});

check("a hub that does not answer is said so, and trying again works", { expected: [/ERR_FAILED/] }, async ({ page }) => {
    await page.route("**/api/v1/session", (route) => route.abort());
    await page.goto("/");
    await page.getByText("The hub cannot be reached").waitFor();
    await page.unroute("**/api/v1/session");
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("heading", { name: "Overview", exact: true }).waitFor();
});
