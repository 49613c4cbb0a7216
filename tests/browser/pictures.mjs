// SPDX-License-Identifier: Apache-2.0
//
// The README's pictures of the console, taken from the real hub that tests/e2e/console_test.py --pictures started.

import { join } from "node:path";
import { launch } from "./chromium.mjs";

const { PLATEN_CONSOLE: address, PLATEN_USER: user, PLATEN_PASSWORD: password, PLATEN_PICTURES: folder } = process.env;
const browser = await launch();

for (const scheme of ["light", "dark"]) {
    const context = await browser.newContext({ ignoreHTTPSErrors: true, viewport: { width: 1280, height: 640 }, locale: "en-GB", colorScheme: scheme });
    const page = await context.newPage();
    await page.goto(address);
    await page.getByLabel(/^name/i).fill(user);
    await page.getByLabel(/^password/i).first().fill(password);
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: "Jobs", exact: true }).click();
    await page.getByText("Boarding pass").first().waitFor();
    await page.waitForTimeout(600);
    await page.screenshot({ path: join(folder, `console-jobs-${scheme}.png`) });
    if (scheme === "light") {
        await page.getByText("Contract draft v4.pdf").first().click();
        await page.getByText("Verified").waitFor();
        await page.waitForTimeout(400);
        await page.screenshot({ path: join(folder, "console-record.png") });
    }
    await context.close();
}
await browser.close();
