// SPDX-License-Identifier: Apache-2.0
//
// The model catalogue: the page, the form, documents, and what a device's page shows of it. With PLATEN_PICTURES set, pictures of them are left in
// that folder.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { check, column, range, rows, until } from "./kit.mjs";
import { catalogueFaces } from "./double-catalogue.mjs";

const names = async (page) => {
    const [makes, models] = await Promise.all([column(page, "make"), column(page, "model")]);
    return makes.map((make, at) => `${make} ${models[at]}`);
};
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

check("models are filtered, sorted and paged, in the address, and a row opens its entry", {}, async ({ page, double }) => {
    const more = Array.from({ length: 60 }, (_, n) => ({ make: "Example", model: `Two ${n + 1}`, source: "x", ...(n < 3 && { ppm: 10 * (n + 1), color: n === 1, supplies: [{ kind: "toner", part: `P${n}` }] }) }));
    double.state.catalogue.versions[0].was.push(...more);
    await catalogueFaces.catalogue(page);
    await until(() => range(page), "1–50 of 62");
    assert.deepEqual((await names(page)).slice(0, 4), [both[0], "Example Two 1", "Example Two 2", "Example Two 3"]); // 3 before 10
    await page.getByRole("button", { name: "Next page" }).click();
    await until(() => range(page), "51–62 of 62");
    assert.equal((await names(page)).at(-1), both[1]);

    const speed = page.getByRole("columnheader", { name: "Pages/min" }).getByRole("button");
    await speed.click();
    await until(() => range(page), "1–50 of 62"); // another order begins at its first page
    assert.deepEqual((await column(page, "ppm")).slice(0, 5), ["40", "30", "27", "20", "10"]);
    await speed.click();
    await until(async () => (await column(page, "ppm")).slice(0, 5), ["10", "20", "27", "30", "40"]); // what is not said stays behind

    await page.getByLabel("Maker", { exact: true }).selectOption("Example");
    await page.getByLabel("Colour", { exact: true }).selectOption("Black and white only");
    await until(() => names(page), ["Example Two 1", "Example Two 3"]);
    await page.getByLabel("Colour", { exact: true }).selectOption("Does not say");
    await until(() => range(page), "1–50 of 57");
    await page.getByLabel("Colour", { exact: true }).selectOption("");
    await page.getByLabel("What is missing").selectOption("A supply without a yield");
    await until(() => names(page), ["Example Two 1", "Example Two 2", "Example Two 3"]);
    await page.getByLabel("What is missing").selectOption("Without a speed");
    await until(() => range(page), "1–50 of 57");
    assert.equal(new URL(page.url()).search, "?make=Example&without=ppm&sort=ppm");
    await page.reload();
    await until(() => range(page), "1–50 of 57");

    await page.goto("/catalogue?q=m454");
    await rows(page).first().press("Enter");
    const dialog = page.getByRole("dialog", { name: both[1] });
    for (const said of [/Color LaserJet Pro M454\*/, /27 pages a minute/, /EX-415X/]) assert.match(await dialog.innerText(), said);
    await page.keyboard.press("Escape");
    assert.equal(await page.evaluate(() => document.activeElement.dataset.key), both[1]); // the focus is back
});

check("a version is compared with the one before, with any other, and with nothing", {}, async ({ page, double }) => {
    const { catalogue } = double.state;
    const [first, second] = catalogue.models;
    catalogue.models = [{ ...first, model: "HL-L6000" }, second];
    catalogue.versions.unshift({ ...catalogue.versions[0], version: 3, was: catalogue.models });
    await catalogueFaces.catalogue(page);
    const version = (n) => page.locator(".version", { has: page.getByRole("heading", { name: `Version ${n}`, exact: true }) });
    const changes = (n) => version(n).locator(".catalogue-changes summary").allInnerTexts();
    await page.getByRole("button", { name: "Changes of version 2" }).click();
    await version(2).getByText("1 model added, 1 model changed").waitFor();
    assert.deepEqual(await changes(2), ["Brother HL-L5200DW added", "HP Color LaserJet Pro M454dn changed"]);
    assert.deepEqual(await version(2).locator(".diff").last().locator(".diff-in, .diff-out").allInnerTexts(), ['-   "ppm": 26,', '+   "ppm": 27,']);
    await version(2).getByLabel("Compared with").selectOption("Version 3");
    await version(2).getByText("1 model added, 1 model removed").waitFor();
    assert.deepEqual(await changes(2), ["Brother HL-L5200DW added", "Brother HL-L6000 removed"]);
    await page.getByRole("button", { name: "Changes of version 1" }).click();
    await version(1).getByText("1 model added", { exact: true }).waitFor();
    assert.equal(await version(1).getByLabel("Compared with").inputValue(), "0"); // there is none before it
    assert.equal(await version(1).locator(".diff-out").count(), 0);
    await version(1).getByLabel("Compared with").selectOption("Version 2");
    await version(1).getByText("1 model removed, 1 model changed").waitFor();
});

check("an import of thousands is compared name by name; lines of a model when it is opened", {}, async ({ page, double }) => {
    const { catalogue } = double.state;
    catalogue.models = Array.from({ length: 3000 }, (_, n) => ({ make: "Example", model: `M ${n}`, source: "x" }));
    catalogue.versions.unshift({ ...catalogue.versions[0], version: 3, models: 3000, was: catalogue.models });
    await catalogueFaces.catalogue(page);
    await page.getByRole("button", { name: "Changes of version 3" }).click();
    await page.getByText("3,000 models added, 2 models removed").waitFor();
    assert.equal(await page.locator(".catalogue-changes > li").count(), 100);
    assert.equal(await page.locator(".catalogue-changes .diff").count(), 0);
    await page.getByRole("button", { name: "Show 2,902 more" }).click();
    assert.equal(await page.locator(".catalogue-changes > li").count(), 200);
    await page.getByText("Example M 0 added").click();
    await page.locator(".catalogue-changes .diff").waitFor();
});

check("a search narrows the models; what is empty says what to do", {}, async ({ page, double }) => {
    await catalogueFaces.catalogue(page);
    await page.getByRole("searchbox").fill("laserjet");
    await until(() => names(page), both.slice(1));
    assert.equal(await range(page), "1–1 of 1");
    await page.getByRole("searchbox").fill("ex-dr34");
    await until(() => names(page), both.slice(0, 1)); // by a part number
    await page.getByRole("searchbox").fill("no such thing");
    await page.getByRole("heading", { name: "No model matches" }).waitFor();
    await page.getByRole("link", { name: "Show all models" }).click();
    await until(() => names(page), both);
    Object.assign(double.state.catalogue, { models: [], versions: [] });
    await page.goto("/catalogue");
    await page.getByRole("heading", { name: "There is no catalogue yet" }).waitFor();
    await page.getByText("24 of 24 devices have none.").waitFor();
    assert.equal(await page.getByRole("searchbox").count(), 0);
});

check("the starter set fills an empty catalogue; beside one it adds, and one entry is taken over another by hand alone", {}, async ({ page, double }) => {
    const { catalogue } = double.state;
    const [brother, hp] = catalogue.models;
    const ask = page.getByRole("dialog");
    const part = page.locator(".catalogue-starter");
    await catalogueFaces.catalogue(page);
    await part.getByText("It comes with the hub: 3 models, of 26 Nov 2026. 1 of them has no entry here.").waitFor();
    await part.getByRole("button", { name: "How it differs" }).click();
    await part.getByText("1 model added, 1 model changed").waitFor(); // what only the catalogue has is not told of
    await part.getByText("IM_C3000.pdf").waitFor(); // with its sources
    await part.getByRole("button", { name: "Add 1 model" }).click();
    await ask.getByText("What is in the catalogue stays as it is.").waitFor();
    await ask.getByRole("button", { name: "Take" }).click();
    await page.getByText("Version 3 is in force: 3 models").waitFor();
    assert.deepEqual([catalogue.models.length, catalogue.models[1], catalogue.versions[0].note], [3, hp, "starter set 2026-11-26"]);
    await part.getByText("There is an entry here for each of them.").waitFor();
    assert.equal(await part.getByRole("button", { name: /Add/ }).count(), 0);

    await part.getByRole("button", { name: "Take HP Color LaserJet Pro M454dn from the starter set" }).click();
    await ask.getByRole("button", { name: "Cancel" }).click();
    assert.equal(catalogue.versions.length, 3);
    await part.getByRole("button", { name: "Take HP Color LaserJet Pro M454dn from the starter set" }).click();
    await ask.getByRole("button", { name: "Take" }).click();
    await page.getByText("Version 4 is in force: 3 models").waitFor();
    assert.equal(catalogue.models.find((one) => one.make === "HP").ppm, 28);
    await part.getByText("No difference.").waitFor();

    await page.getByRole("row", { name: /IM C3000/ }).focus();
    await page.keyboard.press("Enter");
    await ask.getByText("Source: a data sheet, page 2: https://example.com/IM_C3000.pdf").waitFor(); // the supply's
    await ask.getByText("the maker’s PPD file").waitFor(); // the model's
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Edit Ricoh IM C3000" }).click();
    await ask.getByLabel("Pages a minute", { exact: true }).fill("31");
    await ask.getByRole("button", { name: "Save" }).click();
    await page.getByText("Ricoh IM C3000 saved, version 5").waitFor();
    assert.equal(catalogue.models.find((one) => one.make === "Ricoh").supplies[0].source, "a data sheet, page 2: https://example.com/IM_C3000.pdf"); // a form keeps it
    await page.getByText(/^Version 5, 3 models/).waitFor();

    Object.assign(catalogue, { models: [], versions: [] });
    await page.goto("/catalogue");
    await page.getByRole("button", { name: "Load the starter set (3 models, 26 Nov 2026)" }).click();
    await ask.getByRole("button", { name: "Take" }).click();
    await page.getByText("Version 1 is in force: 3 models").waitFor();
    await until(() => names(page), [`${brother.make} ${brother.model}`, `${hp.make} ${hp.model}`, "Ricoh IM C3000"]);

    Object.assign(catalogue, { models: [], versions: [], starter: false });
    await page.goto("/catalogue");
    await page.getByRole("heading", { name: "There is no catalogue yet" }).waitFor();
    await page.getByText("24 of 24 devices have none.").waitFor();
    assert.equal(await page.getByText("starter set").count(), 0);
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

for (const locale of ["en-GB", "fr-FR", "de-DE"]) {
    check(`a row's buttons are whole at 1280 px (${locale})`, { context: { viewport: { width: 1280, height: 800 }, locale } }, async ({ page }) => {
        await page.goto("/catalogue");
        await rows(page).first().waitFor();
        const over = await rows(page).first().evaluate((row) => [...row.querySelectorAll("button")].map((button) => button.getBoundingClientRect().right - row.getBoundingClientRect().right));
        assert.equal(over.length, 2);
        assert.ok(over.every((by) => by <= 0), over.join(" "));
    });
}
