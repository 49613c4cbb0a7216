// SPDX-License-Identifier: Apache-2.0
//
// "Read now" on a device's page and on the agents' page. With PLATEN_PICTURES set, pictures of it are left in that folder.

import assert from "node:assert/strict";
import { join } from "node:path";
import { check, count, rows, until } from "./kit.mjs";

const reads = (page) => page.locator(".reads .read").allInnerTexts();
const flat = (list) => list.map((text) => text.replace(/\s+/g, " "));

check("a device is read now: asked, reading, read, in words", {}, async ({ page, double }) => {
    await page.goto("/devices/1");
    await page.getByRole("button", { name: "Read now" }).waitFor();
    assert.deepEqual(await reads(page), [], "nothing was asked yet");
    double.state.reads.end = { state: "done", printers: 1, reason: null };
    await page.getByRole("button", { name: "Read now" }).click();
    await until(async () => flat(await reads(page)).join(), (text) => text.includes("Reading…"));
    await until(async () => flat(await reads(page)).join(), (text) => /^Network printers, \S+ 1 printer read, /.test(text));
    const asked = count(double, /\/devices\/1\/read$/);
    await page.waitForTimeout(2500);
    assert.equal(count(double, /\/devices\/1\/read$/), asked, "what is over is not asked for again and again");
});

check("how a read ends is said with the agent's reason", {}, async ({ page, double }) => {
    const ends = [
        ["busy", /Busy with a job/, "1 had a job and will be read behind it"],
        ["failed", /Not read/, "USB: platen-usbagent ended in the middle (code 3)"],
        ["too-soon", /Asked too soon/, "it was asked less than a minute ago: ask again in 40 seconds"],
        ["off", /Switched off on this machine/, "the setting Ranges names no address"],
        ["expired", /The agent did not come/, null],
        ["lost", /It began and never answered/, null],
    ];
    await page.goto("/devices/1");
    for (const [state, words, reason] of ends) {
        double.state.reads.end = { state, printers: 1, reason };
        await page.getByRole("button", { name: "Read now" }).click();
        await until(async () => flat(await reads(page)).join(), (text) => words.test(text) && (!reason || text.includes(reason)));
    }
});

check("an agent that is away is said to be, with the end of the order", {}, async ({ page, double }) => {
    double.state.reads.away = true;
    await page.goto("/devices/1");
    await page.getByRole("button", { name: "Read now" }).click();
    await page.getByText(/The agent does not answer\. It is asked when it comes, until \S+/).waitFor();
});

check("an agent reads now from the list, and the dialog stays to show it", {}, async ({ page, double }) => {
    await page.goto("/agents");
    await until(() => rows(page).count(), 14);
    const row = rows(page).filter({ hasText: "BER-PC-0112" });
    await row.getByRole("button", { name: "Read now, BER-PC-0112" }).click();
    const dialog = page.getByRole("dialog", { name: "Read the printers of BER-PC-0112 now" });
    await dialog.getByRole("button", { name: "Read now" }).click();
    await until(async () => flat(await reads(page)), (list) => list.length === 2 && list.every((text) => text.includes("3 printers read")));
    assert.equal(double.state.reads.no, 42, "both lanes were asked once");
    await dialog.getByLabel("Which printers").selectOption("usb");
    await dialog.getByRole("button", { name: "Read now" }).click();
    await until(async () => double.state.reads.no, 43);
    await page.keyboard.press("Escape");
    await until(() => dialog.count(), 0);
    assert.equal(await rows(page).filter({ hasText: "BER-PC-0202" }).getByRole("button").count(), 0, "a revoked agent is not asked");
});

check("who may not change devices sees what was asked, and no button", {}, async ({ page, double }) => {
    double.state.rights = ["jobs", "agents", "devices"];
    double.state.reads.orders.set("devices 1 net", {
        agent: double.state.fleet.agents[3].id, machine: "BER-PS-01", what: "net", no: 7, state: "done", asked: new Date().toISOString(), changed: new Date().toISOString(), until: null,
        printers: 12, reason: null,
    });
    await page.goto("/devices/1");
    await until(async () => flat(await reads(page)).join(), (text) => text.includes("12 printers read"));
    assert.equal(await page.getByRole("button", { name: "Read now" }).count(), 0);
});

if (process.env.PLATEN_PICTURES) {
    for (const [name, context] of [
        ["light", { colorScheme: "light", viewport: { width: 1280, height: 800 } }],
        ["dark-de", { colorScheme: "dark", viewport: { width: 1280, height: 800 }, locale: "de-DE" }],
        ["narrow-fr", { colorScheme: "light", viewport: { width: 360, height: 740 }, locale: "fr-FR" }],
    ]) {
        check(`pictures (${name})`, { context }, async ({ page, double }) => {
            const picture = (face) => page.screenshot({ path: join(process.env.PLATEN_PICTURES, `readnow-${face}-${name}.png`) });
            double.state.reads.end = { state: "failed", printers: 0, reason: "USB: platen-usbagent ended in the middle (code 3)" };
            await page.goto("/devices/1");
            await page.locator(".device-acts .button-primary").click();
            await page.locator(".read-bad").waitFor();
            await picture("device");
            double.state.reads.away = true;
            await page.goto("/agents");
            await picture("agents");
            await page.locator(".cell-act .row-acts button").first().click();
            await page.locator("dialog .button-primary, [role=dialog] .button-primary").click();
            await page.locator(".read-open").first().waitFor();
            await picture("agent");
        });
    }
}
