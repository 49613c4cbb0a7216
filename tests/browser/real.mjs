// SPDX-License-Identifier: Apache-2.0
//
// The console against the real hub, started by tests/e2e/console_test.py, which prints a job whenever this says
// "PRINT name" and answers on stdin. Prints TAP lines.

import { createInterface } from "node:readline/promises";
import { check, faults, finish, openPage } from "./real-kit.mjs";

const { PLATEN_CONSOLE: address, PLATEN_USER: user, PLATEN_PASSWORD: once } = process.env;
const wanted = "a password of my own 1";
const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const page = await openPage({ viewport: { width: 1440, height: 900 } }, 10_000);

try {
    const reply = await page.goto(address);
    check(/default-src 'self'/.test(reply.headers()["content-security-policy"] ?? ""), "the hub sends a content security policy");
    await page.getByLabel(/^name/i).fill(user);
    await page.getByLabel(/^password/i).first().fill(once);
    await page.keyboard.press("Enter");
    const fields = page.locator("input[type=password]");
    await page.waitForFunction(() => document.querySelectorAll("input[type=password]").length >= 2);
    check(true, "the one-time password leads to choosing another one");
    const count = await fields.count();
    for (let i = 0; i < count; i++) {
        const first = i === 0 && count === 3;
        await fields.nth(i).fill(first ? once : wanted);
    }
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: "Jobs", exact: true }).click();
    await page.getByRole("heading", { name: "Jobs", exact: true }).waitFor();
    await page.waitForTimeout(1500); // the event stream opens
    const times = [];
    for (const name of ["first live job", "second live job", "third live job"]) {
        console.log(`PRINT ${name}`);
        const printed = Number((await answers.next()).value.split(" ")[1]) * 1000;
        await page.getByText(name).first().waitFor({ timeout: 10_000 });
        times.push(Date.now() - printed);
    }
    check(Math.max(...times) < 2000, "a printed job shows within 2 s without a reload", `ms: ${times.join(" ")}`);
    await page.getByText("second live job").first().click();
    await page.getByText("Verified").waitFor();
    check(true, "its record is shown and its hash verified in the browser");
    await page.keyboard.press("Escape");
    await page.getByRole("link", { name: "Agents", exact: true }).click();
    await page.getByRole("heading", { name: "Agents", exact: true }).waitFor();
    await page.locator("tbody tr").first().waitFor(); // the heading is there before the list
    check((await page.locator("tbody tr").count()) === 1, "the agents page shows the one agent");
    check(faults.length === 0, "no error in the browser's console", faults.join("; "));
} catch (error) {
    check(false, "the way through the console", String(error).replaceAll("\n", " "));
    await page.screenshot({ path: "/tmp/console-real-failure.png" });
}
await finish();
