// SPDX-License-Identifier: Apache-2.0
//
// The page of held jobs. With PLATEN_PICTURES set, pictures of it are left in that folder.

import assert from "node:assert/strict";
import { join } from "node:path";
import { check, count, rows, until } from "./kit.mjs";

const rowOf = (page, document) => rows(page).filter({ hasText: document });

check("held jobs are listed with who, where, since when, and a silent PC says so", {}, async ({ page }) => {
    await page.goto("/held");
    await until(() => rows(page).count(), 6);
    const text = (await rowOf(page, "Plan A0.pdf").innerText()).replace(/\s+/g, " ");
    for (const words of ["ACME\\t.ferrari", "Plotter", "TS-04", "17 minutes ago", "PC silent, last heard 5 hours ago", "Rule big-colour"]) assert.ok(text.includes(words), `${words}: ${text}`);
    await page.getByText("Held: 4", { exact: true }).waitFor();
    assert.match(await rowOf(page, "Lohnliste").innerText(), /Somebody else had released it before[\s\S]*by h\.weber/);
    assert.equal(await rowOf(page, "Rundschreiben").getByRole("button").count(), 0, "what is over cannot be acted on");
});

check("a job is released: asked first, then what the PC said", {}, async ({ page, double }) => {
    await page.goto("/held");
    await page.getByRole("button", { name: "Release Angebot Nordwerk.docx" }).click();
    const dialog = page.getByRole("dialog", { name: "Release Angebot Nordwerk.docx" });
    await dialog.getByText("It prints on Etage 2 Farbe now").waitFor();
    assert.equal(count(double, /^POST .*\/held\//), 0, "nothing before it is confirmed");
    await dialog.getByRole("button", { name: "Release", exact: true }).click();
    await until(() => rowOf(page, "Angebot").innerText(), (text) => text.includes("Release asked for"));
    await until(() => rowOf(page, "Angebot").innerText(), (text) => /Released\s/.test(text) && text.includes("by admin"));
    assert.equal(await rowOf(page, "Angebot").getByRole("button").count(), 0);
    assert.equal(count(double, /^POST .*\/held\//), 1);
});

check("how an order ends is said in words", {}, async ({ page, double }) => {
    const ends = [
        ["asks", /its owner is asked first/],
        ["released", /Somebody else had released it before/],
        ["over", /It had been cancelled before/],
        ["unknown", /does not have this job any more/],
        ["failed", /could not write it down/],
        ["expired", /the PC did not come/],
        ["done", /Cancelled/],
    ];
    await page.goto("/held");
    for (const [end, words] of ends) {
        Object.assign(double.state.held, { end });
        Object.assign(double.state.held.items[0], { held: true, order: null });
        await page.getByRole("button", { name: "Cancel job Angebot Nordwerk.docx" }).click();
        await page.getByRole("dialog").getByRole("button", { name: "Cancel job" }).click();
        await until(() => rowOf(page, "Angebot").innerText(), (text) => words.test(text));
    }
});

check("a PC that is away is said to be; a job that is over meanwhile is refused in sight", { expected: [/409/] }, async ({ page, double }) => {
    double.state.held.away = true;
    await page.goto("/held");
    await page.getByRole("button", { name: "Release Angebot Nordwerk.docx" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Release", exact: true }).click();
    await until(() => rowOf(page, "Angebot").innerText(), (text) => text.includes("It is asked when it comes"));
    await page.getByRole("button", { name: "Release Plan A0.pdf" }).click();
    double.state.held.items[2].held = false;
    await page.getByRole("dialog").getByRole("button", { name: "Release", exact: true }).click();
    await page.getByRole("dialog").getByText("The job is not held any more").waitFor();
});

check("filters, and words where nothing is held", {}, async ({ page, double }) => {
    await page.goto("/held");
    await page.getByRole("searchbox", { name: "User" }).fill("MOREAU");
    await until(() => rows(page).count(), 1);
    await page.getByRole("searchbox", { name: "Printer" }).fill("zzz");
    await page.getByText("No held job is like this").waitFor();
    double.state.held.items = [];
    await page.getByRole("searchbox", { name: "Printer" }).fill("");
    await page.getByRole("searchbox", { name: "User" }).fill("");
    await page.getByText("Nothing is held").waitFor();
});

check("without the rights there are neither names nor buttons", {}, async ({ page, double }) => {
    double.state.rights = ["jobs"];
    for (const one of double.state.held.items) Object.assign(one, { user: null, document: null });
    await page.goto("/held");
    await until(() => rows(page).count(), 6);
    assert.equal(await page.getByRole("searchbox", { name: "User" }).count(), 0);
    assert.equal(await rows(page).getByRole("button").count(), 0);
});

for (const [name, options] of Object.entries({
    "held-1280-light": { width: 1280, scheme: "light" },
    "held-1280-dark": { width: 1280, scheme: "dark" },
    "held-360-light": { width: 360, scheme: "light" },
    "held-360-dark": { width: 360, scheme: "dark" },
})) {
    check(`it fits: ${name}`, {}, async ({ page }) => {
        await page.emulateMedia({ colorScheme: options.scheme });
        await page.setViewportSize({ width: options.width, height: 900 });
        await page.goto("/held");
        await until(() => rows(page).count(), 6);
        assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= options.width, "nothing is cut off sideways");
        if (process.env.PLATEN_PICTURES) await page.screenshot({ path: join(process.env.PLATEN_PICTURES, `${name}.png`), fullPage: true });
    });
}
