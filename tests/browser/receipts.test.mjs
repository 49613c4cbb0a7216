// SPDX-License-Identifier: Apache-2.0
//
// Receipts: the list, the months that lack one, a receipt's dialog, issuing anew, the plans. With PLATEN_PICTURES set, pictures of them are left in that folder.

import assert from "node:assert/strict";
import { join } from "node:path";
import { check, column, rows, until } from "./kit.mjs";
import { monthBack, receiptFaces } from "./double-receipts.mjs";

const [last, before] = [monthBack(1), monthBack(2)];

check("each receipt says its month, tenant, gaps and state", {}, async ({ page }) => {
    await page.goto("/reports");
    await page.getByRole("link", { name: "Receipts", exact: true }).click();
    await page.getByRole("heading", { name: "Receipts", level: 1 }).waitFor();
    await until(() => rows(page).count(), 5);
    assert.deepEqual(await column(page, "period"), [last, before, before, before, monthBack(3)]);
    assert.deepEqual(await column(page, "gaps"), ["1 device", "none", "3 devices", "none", "—\nunknown"]);
    assert.deepEqual(await column(page, "state"), ["in force", "in force", "replaced", "in force", "in force"]);
    assert.match((await column(page, "issued"))[0], /by itself/);
    assert.match((await column(page, "issued"))[1], /admin/);
    const pdf = page.getByRole("link", { name: "PDF of receipt 0000000000000001" });
    assert.equal(await pdf.getAttribute("href"), "/api/v1/issued/0000000000000001?format=pdf&lang=en");
    assert.equal(await pdf.getAttribute("download"), `receipt-${last}-0000000000000001.pdf`);
});

check("a month's list marks who has none, and says why", {}, async ({ page, double }) => {
    await receiptFaces.receipts(page);
    await page.getByLabel("Month").selectOption(last);
    await until(() => column(page, "tenant"), ["Nordwind Logistik", "Südhafen GmbH"]);
    assert.deepEqual(await column(page, "state"), ["in force", "not issued"]);
    assert.match(await page.locator(".cell-state .badge-bad").getAttribute("title"), /no device was read/);
    await page.getByLabel("Device number").fill("1");
    await until(() => rows(page).count(), 1);
    assert.equal((await column(page, "gaps"))[0], "has gaps");
    assert.ok(double.state.asked.some((one) => one.endsWith(`/issued?kind=meters&limit=100&period=${last}&device=1`)));
    await page.getByLabel("Device number").fill("99");
    await page.getByText("None fits").waitFor();
});

check("a long list comes in pages; who lacks a month's receipt is said once all of them are there", {}, async ({ page, double }) => {
    const { receipts } = double.state;
    for (let n = 0; n < 230; n++) receipts.papers.push({ ...receipts.papers[0], id: (0x100 + n).toString(16).padStart(16, "0"), tenant: `Site ${n}` });
    await receiptFaces.receipts(page);
    const more = page.getByRole("button", { name: "Load more" });
    await until(() => rows(page).count(), 100);
    await more.click();
    await until(() => rows(page).count(), 200);
    await more.click();
    await until(() => rows(page).count(), 235);
    assert.equal(await more.count(), 0);
    const pdfs = await page.locator(".receipt-files a:first-child").evaluateAll((all) => all.map((one) => one.href));
    assert.equal(new Set(pdfs).size, 235, "each of them once");
    await page.getByLabel("Month").selectOption(last); // 231 receipts, and one tenant without
    await until(() => rows(page).count(), 100);
    assert.equal(await page.locator(".cell-state .badge-bad").count(), 0);
    await more.click();
    await until(() => rows(page).count(), 200);
    assert.equal(await page.locator(".cell-state .badge-bad").count(), 0);
    await more.click();
    await until(() => rows(page).count(), 232);
    assert.equal((await column(page, "state")).at(-1), "not issued");
});

check("a page that does not come is said, and asked for again", { expected: [/status of 503/] }, async ({ page, double }) => {
    double.state.receipts.atOnce = 2;
    await receiptFaces.receipts(page);
    const more = page.getByRole("button", { name: "Load more" });
    double.state.receipts.fails = true;
    await more.click();
    await page.getByRole("alert").waitFor();
    assert.equal(await rows(page).count(), 2);
    double.state.receipts.fails = false;
    await more.click();
    await until(() => rows(page).count(), 4);
    assert.equal(await page.getByRole("alert").count(), 0);
});

check("a receipt shows its rows, what it replaces and how it is checked", {}, async ({ page }) => {
    await receiptFaces["receipt dialog"](page);
    const dialog = page.getByRole("dialog");
    const text = await dialog.innerText();
    assert.match(text, /In place of\s+0000000000000004/);
    assert.match(text, /three agents had been away/);
    assert.match(text, /began anew, not read at the end/);
    assert.match(text, /Print, colour/); // in words, not as the record has it
    assert.ok(text.includes(`platen receipt verify receipt-${before}-0000000000000005.json --ca ca.pem`));
    assert.equal(await dialog.getByRole("link", { name: "PRN-BER-02" }).getAttribute("href"), "/devices/2");
});

check("one is issued anew, with a reason, and the one before says so", {}, async ({ page, double }) => {
    await receiptFaces.receipts(page);
    await page.locator(".table-receipts tbody tr").first().locator("td").first().click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Issue anew" }).click();
    const send = dialog.getByRole("button", { name: "Issue", exact: true });
    assert.ok(await send.isDisabled());
    await dialog.getByLabel("Why").fill("a reading came late");
    await dialog.getByLabel(/^Pages agreed/).fill("1500");
    await send.click();
    await until(() => rows(page).count(), 6);
    const made = double.state.receipts.papers[0];
    assert.deepEqual([made.replaces, made.reason], ["0000000000000001", "a reading came late"]);
    assert.match(await dialog.innerText(), /In place of\s+0000000000000001/);
    await page.keyboard.press("Escape");
    assert.equal((await column(page, "state"))[1], "replaced");
});

check("a month is issued by hand; a plan is changed", {}, async ({ page, double }) => {
    await receiptFaces.receipts(page);
    await page.getByRole("button", { name: "Issue a receipt" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Month").selectOption(monthBack(4));
    await dialog.getByRole("button", { name: "Issue", exact: true }).click();
    await until(() => double.state.receipts.papers[0].period, monthBack(4));
    await dialog.getByText("Check a receipt").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Change the plan of Südhafen GmbH" }).click();
    await dialog.getByLabel("Issue by itself each month").uncheck();
    await dialog.getByLabel(/^Hours after/).fill("72");
    await dialog.getByRole("button", { name: "Save" }).click();
    await page.getByText("Plan of Südhafen GmbH saved").waitFor();
    assert.deepEqual([double.state.receipts.plans[1].automatic, double.state.receipts.plans[1].hours], [false, 72]);
});

check("without the right there is neither way nor page", {}, async ({ page, double }) => {
    double.state.rights = ["jobs", "devices"];
    await page.goto("/devices");
    await page.getByRole("link", { name: "Devices", exact: true }).waitFor();
    assert.equal(await page.getByRole("link", { name: "Receipts" }).count(), 0);
    await page.goto("/receipts");
    await page.locator(".empty, .note").first().waitFor();
    assert.equal(double.state.asked.some((one) => /issued|receipt/.test(one)), false);
});

if (process.env.PLATEN_PICTURES) {
    const sizes = { wide: { width: 1280, height: 900 }, phone: { width: 360, height: 780 } };
    for (const [face, visit] of Object.entries(receiptFaces)) {
        for (const [size, viewport] of Object.entries(sizes)) {
            for (const colorScheme of ["light", "dark"]) {
                check(`picture of ${face}, ${size}, ${colorScheme}`, { context: { viewport, colorScheme, ...(size === "phone" && { locale: "fr-FR" }) } }, async ({ page }) => {
                    await visit(page);
                    await page.screenshot({ path: join(process.env.PLATEN_PICTURES, `${face.replaceAll(" ", "-")}-${size}-${colorScheme}.png`), fullPage: true });
                });
            }
        }
    }
}
