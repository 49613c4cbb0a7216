// SPDX-License-Identifier: Apache-2.0
//
// The model catalogue: the page, the form, documents, and what a device's page shows of it. With PLATEN_PICTURES set, pictures of them are left in
// that folder.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { check, until } from "./kit.mjs";
import { catalogueFaces } from "./double-catalogue.mjs";

const names = (page) => page.locator(".catalogue-models h2").allInnerTexts();
const both = ["Brother HL-L5200DW", "HP Color LaserJet Pro M454dn"];

check("a model that devices have is added, changed and removed; each is a version", {}, async ({ page, double }) => {
    await page.goto("/devices");
    await page.getByRole("link", { name: "Catalogue" }).click();
    await page.getByRole("heading", { name: "Model catalogue", level: 1 }).waitFor();
    await until(() => names(page), both);
    await page.getByText("16 of 24 devices have none.").waitFor();
    await page.getByRole("button", { name: "Add an entry for Kyocera TASKalfa 3253ci" }).click();
    const form = page.getByRole("dialog");
    assert.equal(await form.getByLabel("Model", { exact: true }).inputValue(), "TASKalfa 3253ci");
    await form.getByLabel("Source: where it was read").fill("the data sheet");
    await form.getByLabel("Pages a minute").fill("32");
    await form.getByLabel("A3").selectOption("yes");
    await form.getByLabel("Other names, one a line").fill("TASKalfa 32*\n\nTASKalfa");
    await form.getByRole("button", { name: "Add a supply" }).click();
    const supply = form.getByRole("group", { name: "Supply 1" });
    await supply.getByLabel("Part number").fill("EX-8335K");
    await supply.getByLabel("Ink or toner colour").fill("black");
    await supply.getByLabel("Yield, pages").fill("25000");
    await form.getByRole("button", { name: "Save" }).click();
    await page.getByText("Kyocera TASKalfa 3253ci saved, version 3").waitFor();
    await page.getByText("12 of 24 devices have none.").waitFor();
    assert.deepEqual(double.state.catalogue.models.at(-1), {
        make: "Kyocera", model: "TASKalfa 3253ci", source: "the data sheet", names: ["TASKalfa 32*", "TASKalfa"], a3: true, ppm: 32,
        supplies: [{ kind: "toner_cartridge", part: "EX-8335K", color: "black", yield: 25000 }],
    }); // what was left empty is not in it

    await page.getByRole("button", { name: "Edit Kyocera TASKalfa 3253ci" }).click();
    assert.equal(await form.getByLabel("Other names, one a line").inputValue(), "TASKalfa 32*\nTASKalfa");
    await form.getByLabel("A3").selectOption("");
    await form.getByRole("button", { name: "Remove supply 1" }).click();
    await form.getByRole("button", { name: "Save" }).click();
    await page.getByText("Kyocera TASKalfa 3253ci saved, version 4").waitFor();
    assert.deepEqual(Object.keys(double.state.catalogue.models.at(-1)).sort(), ["make", "model", "names", "ppm", "source"]);

    await page.getByRole("button", { name: "Remove Kyocera TASKalfa 3253ci" }).click();
    await form.getByRole("button", { name: "Remove", exact: true }).click();
    await page.getByText("Kyocera TASKalfa 3253ci removed, version 5").waitFor();
    await until(() => names(page), both);
});

check("a document is imported, refused, exported, and the former version comes back", { expected: [/status of 4(09|22)/] }, async ({ page, double }) => {
    await catalogueFaces.catalogue(page);
    const form = page.getByRole("dialog");
    const give = (document) => form.getByLabel("Document").setInputFiles({ name: "c.json", mimeType: "application/json", buffer: Buffer.from(document) });
    await page.getByRole("button", { name: "Import" }).click();
    assert.ok(await form.getByRole("button", { name: "Import" }).isDisabled(), "nothing to import yet");
    await give("{");
    await form.getByRole("button", { name: "Import" }).click();
    await form.getByText("line 1 is not JSON").waitFor(); // the hub's words, as they are
    await give(JSON.stringify({ v: 1, version: 1, models: [{ make: "Example", model: "One", source: "x" }] }));
    await form.getByRole("button", { name: "Import" }).click();
    await form.getByText("The document is not newer than the catalogue").waitFor();
    await form.getByLabel("Take it even if it is older").check();
    await form.getByRole("button", { name: "Import" }).click();
    await page.getByText("Version 3 is in force: 1 model").waitFor();
    await until(() => names(page), ["Example One"]);

    const saved = page.waitForEvent("download");
    await page.getByRole("button", { name: "Export version 2" }).click();
    const file = await saved;
    assert.equal(file.suggestedFilename(), "catalogue-2.json");
    assert.equal(JSON.parse(await readFile(await file.path(), "utf8")).models.length, 2);

    await page.getByRole("button", { name: "Bring back version 2" }).click();
    await form.getByRole("button", { name: "Bring back" }).click();
    await page.getByText("Version 4 is in force: 2 models").waitFor();
    await until(() => names(page), both);
    assert.equal(double.state.catalogue.versions[0].from, 2);

    double.state.catalogue.versions.unshift({ ...double.state.catalogue.versions[0], version: 5 }); // somebody else, meanwhile
    await page.getByRole("button", { name: "Remove Brother HL-L5200DW" }).click();
    await form.getByRole("button", { name: "Remove", exact: true }).click();
    await form.getByText("Somebody else changed the catalogue in the meantime").waitFor();
    assert.equal(double.state.catalogue.models.length, 2);
});

check("a search narrows the models; what is empty says what to do", {}, async ({ page, double }) => {
    await catalogueFaces.catalogue(page);
    await page.getByRole("searchbox").fill("laserjet");
    await until(() => names(page), both.slice(1));
    await page.getByText("1 of 1", { exact: true }).waitFor();
    Object.assign(double.state.catalogue, { models: [], versions: [] });
    await page.goto("/catalogue");
    await page.getByRole("heading", { name: "There is no catalogue yet" }).waitFor();
    await page.getByText("24 of 24 devices have none.").waitFor();
    assert.equal(await page.getByRole("searchbox").count(), 0);
});

check("who does not belong to the operator sees the catalogue, and no buttons", {}, async ({ page, double }) => {
    double.state.catalogue.changeable = false;
    await catalogueFaces.catalogue(page);
    await page.getByText("its operator changes it").waitFor();
    assert.deepEqual(await page.getByRole("button", { name: /Add|Edit|Remove|Import|Bring back/ }).count(), 0);
    assert.ok((await page.getByRole("button", { name: /Export/ }).count()) > 0);
});

check("a device's page shows its model's entry, what to order, and the pages left as an estimate", {}, async ({ page }) => {
    await catalogueFaces["device with entry"](page);
    const card = page.locator(".card", { has: page.getByRole("heading", { name: "The model", exact: true }) });
    const text = await card.innerText();
    for (const said of [/27 pages a minute, 27 in colour/, /2019-04, \d+ years ago/, /4,000 recommended, at most 50,000/, /EX-415X/, /2,400 pages/, /made up for/]) assert.match(text, said);
    const black = page.locator(".supplies .supply").first();
    assert.match(await black.innerText(), /Order EX-415A \/ EX-415X/);
    assert.doesNotMatch(await black.innerText(), /pages left/); // which of the two it is, nobody knows
    const cyan = page.locator(".supplies .supply").nth(1);
    assert.match(await cyan.innerText(), /≈ [\d,]+ pages left/);
    assert.match(await cyan.getByText("pages left").getAttribute("title"), /An estimate: \d+% of 2,100 pages, the maker’s yield \(ISO\/IEC 19798\)/);

    await page.goto("/devices/2");
    await page.getByText("The catalogue has no entry for this model.").waitFor();
    assert.equal(await page.getByText("pages left").count(), 0);
});

if (process.env.PLATEN_PICTURES) {
    const sizes = { wide: { width: 1280, height: 900 }, phone: { width: 360, height: 780 } };
    const locales = { "wide-light": "en-GB", "wide-dark": "fr-FR", "phone-light": "de-DE", "phone-dark": "fr-FR" };
    for (const [face, visit] of Object.entries(catalogueFaces)) {
        for (const [size, viewport] of Object.entries(sizes)) {
            for (const colorScheme of ["light", "dark"]) {
                check(`picture of ${face}, ${size}, ${colorScheme}`, { context: { viewport, colorScheme, locale: locales[`${size}-${colorScheme}`] } }, async ({ page }) => {
                    await visit(page);
                    await page.screenshot({ path: join(process.env.PLATEN_PICTURES, `${face.replaceAll(" ", "-")}-${size}-${colorScheme}.png`), fullPage: true });
                });
            }
        }
    }
}
