// SPDX-License-Identifier: Apache-2.0
//
// What an agent reads of the network, set in a dialog of the agents' page. With PLATEN_PICTURES set, pictures of it are left in that folder.

import assert from "node:assert/strict";
import { join } from "node:path";
import { collectionFaces } from "./double-collections.mjs";
import { check, count, rows, until } from "./kit.mjs";

const machine = "BER-PC-0112";
const secrets = ["a community nobody sees", "authentication of floor", "privacy of floor"];
const refused = { expected: [/status of 422/] };

async function open(page) {
    await page.goto("/agents");
    await rows(page).filter({ hasText: machine }).getByRole("button", { name: `What ${machine} reads of the network` }).click();
    const dialog = page.getByRole("dialog", { name: `What ${machine} reads of the network` });
    await dialog.getByRole("button", { name: "Add a range" }).waitFor();
    return dialog;
}

const part = (dialog, name) => dialog.getByRole("group", { name, exact: true });
const said = async (dialog) => (await dialog.locator(".reads .read").allInnerTexts()).join("\n");
const save = (dialog) => dialog.getByRole("button", { name: "Save" }).click();

/** An SNMPv3 user, then a community; a range that tries them in that order. */
async function fill(dialog, addresses) {
    await dialog.getByRole("button", { name: "Add a credential" }).click();
    const user = part(dialog, "Credential 1");
    await user.getByLabel("Name", { exact: true }).fill("floor");
    await user.getByLabel("Kind").selectOption("user");
    await user.getByLabel("User name").fill("reader");
    await user.getByLabel(/^Authentication(?! password)/).selectOption("sha256");
    await user.getByLabel("Authentication password").fill(secrets[1]);
    await user.getByLabel(/^Privacy(?! password)/).selectOption("aes128");
    await user.getByLabel("Privacy password").fill(secrets[2]);
    await dialog.getByRole("button", { name: "Add a credential" }).click();
    const community = part(dialog, "Credential 2");
    await community.getByLabel("Name", { exact: true }).fill("old printers");
    await community.getByLabel("Community", { exact: true }).fill(secrets[0]);
    await dialog.getByRole("button", { name: "Add a range" }).click();
    const range = part(dialog, "Range 1");
    await range.getByLabel("Name", { exact: true }).fill("First floor");
    await range.getByLabel(/^Addresses/).fill(addresses);
    await range.getByLabel("Tried as no. 1").selectOption("floor");
    await range.getByLabel("Tried as no. 2").selectOption("old printers");
}

check("a range with two credentials in their order is set, and what the agent says of it is shown", {}, async ({ page, double }) => {
    const dialog = await open(page);
    assert.match(await said(dialog), /Nothing is set here\nThe machine’s own settings hold/);
    await fill(dialog, "10.20.0.0/24\nprinter-7.example.org, 10.21.0.1-10.21.0.9");
    await dialog.getByLabel(/^Never asked/).fill("10.20.0.1");
    await dialog.getByLabel(/^Meters/).fill("720");
    await save(dialog);
    await until(() => dialog.count(), 0);
    await page.getByText("Saved: 253 addresses").waitFor();
    const [body] = double.state.collections.sent;
    assert.deepEqual(body, {
        serial: 0,
        ranges: [{ name: "First floor", addresses: ["10.20.0.0/24", "printer-7.example.org", "10.21.0.1-10.21.0.9"], credentials: ["floor", "old printers"] }],
        exclude: ["10.20.0.1"],
        credentials: [
            { name: "floor", kind: "user", user: "reader", auth: "sha256", priv: "aes128", weak: false, auth_password: secrets[1], priv_password: secrets[2] },
            { name: "old printers", kind: "community", community: secrets[0] },
        ],
        minutes: { discovery: 60, meters: 720, supplies: 240, errors: 60, attributes: 1440 },
        rate: 500, mask: false,
    });
    const words = await said(await open(page));
    for (const wanted of [
        "Set here: 253 addresses", "In force on the machine", /254 addresses asked, /, "floor: 0 printers answer to it",
        "floor: 3 addresses refuse it: the authentication password or its algorithm is wrong", "old printers: 12 printers answer to it",
    ]) assert.match(words, new RegExp(wanted));
});

check("no secret comes back, and an empty field leaves it as it is, whatever the range is called", {}, async ({ page, double }) => {
    let dialog = await open(page);
    await fill(dialog, "10.20.0.0/24");
    await save(dialog);
    await until(() => dialog.count(), 0);
    dialog = await open(page);
    for (const label of ["Authentication password", "Privacy password", "Community"]) {
        const field = dialog.getByLabel(label, { exact: true });
        assert.deepEqual([await field.inputValue(), await field.getAttribute("type"), await field.getAttribute("placeholder")], ["", "password", "Unchanged when left empty"]);
    }
    const page1 = await page.content();
    for (const secret of secrets) assert.ok(!page1.includes(secret), secret);
    await part(dialog, "Range 1").getByLabel("Name", { exact: true }).fill("Floor one");
    await save(dialog);
    await until(() => dialog.count(), 0);
    assert.equal(double.state.collections.sent[1].credentials[1].community, "");
    // Under another name it is another credential: its secret is asked for before anything is sent.
    dialog = await open(page);
    const community = part(dialog, "Credential 2");
    await community.getByLabel("Name", { exact: true }).fill("new printers");
    assert.equal(await community.getByLabel("Community", { exact: true }).getAttribute("placeholder"), "");
    await save(dialog);
    assert.equal(await community.getByLabel("Community", { exact: true }).evaluate((field) => field.validity.valueMissing && field.matches(":focus")), true);
    assert.equal(double.state.collections.sent.length, 2);
    await community.getByLabel("Community", { exact: true }).fill(secrets[0]);
    await save(dialog);
    await until(() => dialog.count(), 0);
    assert.deepEqual(double.state.collections.sent[2].ranges[0].credentials, ["floor", "new printers"], "the range follows the name");
});

check("a wrong address is refused in words that are in sight, and nothing of the form is lost", refused, async ({ page, double }) => {
    const dialog = await open(page);
    await fill(dialog, "10.20.0.300");
    await save(dialog);
    const note = dialog.getByRole("alert");
    await note.waitFor();
    assert.match(await note.innerText(), /These settings cannot be used\s+The range First floor: '10\.20\.0\.300': no address, block or span/);
    await until(() => note.evaluate((one) => one.getBoundingClientRect().top >= 0 && one.getBoundingClientRect().bottom <= innerHeight), true);
    assert.equal(await dialog.getByLabel("Privacy password").inputValue(), secrets[2]);
    assert.equal(double.state.collections.set.size, 0);
    await part(dialog, "Range 1").getByLabel(/^Addresses/).fill("10.20.0.30");
    await save(dialog);
    await until(() => dialog.count(), 0);
});

check("an interval beyond its limits is not sent; what the hub has against one is said", refused, async ({ page, double }) => {
    const dialog = await open(page);
    const meters = dialog.getByLabel("Meters (30–20,160)");
    await meters.fill("5");
    await save(dialog);
    assert.match(await meters.evaluate((field) => field.matches(":focus") && field.validationMessage), /30/);
    assert.equal(double.state.collections.sent.length, 0);
    await meters.evaluate((field) => field.removeAttribute("min")); // as a hub with other limits than the console's
    await save(dialog);
    await dialog.getByRole("alert").getByText("Meters is a whole number from 30 to 20160.").waitFor();
});

check("a range without credentials is refused; a credential that is taken off leaves every range", refused, async ({ page }) => {
    const dialog = await open(page);
    await fill(dialog, "10.20.0.0/24");
    await dialog.getByRole("button", { name: "Take off: Credential 1" }).click();
    await until(() => part(dialog, "Credential 2").count(), 0);
    const first = part(dialog, "Range 1").getByLabel("Tried as no. 1");
    assert.equal(await first.evaluate((list) => list.selectedOptions[0].text), "old printers");
    await first.selectOption("None");
    await save(dialog);
    await dialog.getByRole("alert").getByText(/has no credentials: choose what its printers are asked with/).waitFor();
});

check("who comes second is told so, and the first one's settings stay", { expected: [/status of 409/] }, async ({ page, double }) => {
    const dialog = await open(page);
    await fill(dialog, "10.20.0.0/24");
    const { id } = double.state.fleet.agents.find((one) => one.machine === machine);
    const other = { serial: 41, ranges: [], exclude: [], credentials: [], minutes: { discovery: 60, meters: 1440, supplies: 240, errors: 60, attributes: 1440 }, rate: 7, mask: true };
    double.state.collections.set.set(id, other);
    await save(dialog);
    await dialog.getByRole("alert").getByText(/Somebody else has set this agent's ranges/).waitFor();
    assert.equal(double.state.collections.set.get(id), other);
    await dialog.getByRole("button", { name: "Cancel" }).click();
    assert.equal(await (await open(page)).getByLabel(/^Datagrams/).inputValue(), "7", "opened again it is the other's");
});

check("what is set is taken away after a question", {}, async ({ page, double }) => {
    let dialog = await open(page);
    assert.equal(await dialog.getByRole("button", { name: "Set nothing here any more" }).count(), 0, "nothing is set");
    await fill(dialog, "10.20.0.0/24");
    await save(dialog);
    await until(() => dialog.count(), 0);
    dialog = await open(page);
    await dialog.getByRole("button", { name: "Set nothing here any more" }).click();
    const question = page.getByRole("dialog", { name: `Set nothing for ${machine} any more?` });
    await question.getByRole("button", { name: "Cancel" }).click();
    await dialog.getByRole("button", { name: "Set nothing here any more" }).click();
    assert.equal(double.state.collections.set.size, 1, "asked only");
    await question.getByRole("button", { name: "Set nothing here any more" }).click();
    await until(() => page.getByRole("dialog").count(), 0);
    assert.equal(count(double, /^DELETE .*\/collection$/), 1);
    assert.match(await said(await open(page)), /Nothing is set here/);
});

check("an agent that waits, refuses, or has a policy key is said to", {}, async ({ page, double }) => {
    const dialog = await open(page);
    await fill(dialog, "10.20.0.0/24");
    double.state.collections.away = true;
    await save(dialog);
    await until(() => dialog.count(), 0);
    assert.match(await said(await open(page)), /The agent has not taken it yet/);
    double.state.collections.report = { refused: 41, problem: "it cannot be kept: the disk is full" };
    assert.match(await said(await open(page)), /Refused by the agent: it cannot be kept: the disk is full/);
    double.state.collections.report = { refused: 40, problem: "an older one's fault" };
    assert.doesNotMatch(await said(await open(page)), /older/);
    double.state.collections.report = { serial: 41, source: "policy" };
    const words = await said(await open(page));
    assert.match(words, /A policy key on the machine goes before it/);
    assert.doesNotMatch(words, /In force/);
});

check("who may not change devices reads it and cannot change it; without the right there is no button", {}, async ({ page, double }) => {
    double.state.rights = ["jobs", "agents", "devices"];
    const dialog = await open(page);
    assert.equal(await dialog.getByRole("button", { name: "Save" }).isDisabled(), true);
    assert.equal(await dialog.getByRole("button", { name: "Add a range" }).isDisabled(), true);
    double.state.rights = ["jobs", "agents"];
    await page.goto("/agents");
    await rows(page).first().waitFor();
    assert.equal(await page.getByRole("button", { name: /reads of the network/ }).count(), 0);
});

if (process.env.PLATEN_PICTURES) {
    for (const [name, context] of [
        ["light-1280", { colorScheme: "light", viewport: { width: 1280, height: 1000 } }],
        ["dark-360", { colorScheme: "dark", viewport: { width: 360, height: 900 }, locale: "fr-FR" }],
    ]) {
        check(`pictures (${name})`, { context }, async ({ page, double }) => {
            const picture = (face) => page.screenshot({ path: join(process.env.PLATEN_PICTURES, `collection-${face}-${name}.png`) });
            await page.goto("/agents");
            await rows(page).first().waitFor();
            await picture("list");
            for (const { id } of double.state.fleet.agents) double.state.collections.set.set(id, {
                serial: 41, ranges: [{ name: "First floor", addresses: ["10.20.0.0/24"], credentials: ["floor", "old printers"] }], exclude: [],
                credentials: [{ name: "floor", kind: "user", user: "reader", auth: "sha256", priv: "aes128", weak: false }, { name: "old printers", kind: "community" }],
                minutes: { discovery: 60, meters: 1440, supplies: 240, errors: 60, attributes: 1440 }, rate: 500, mask: false,
            });
            await collectionFaces["collection form"](page);
            await picture("top");
            for (let n = 1; n < 4; n++) {
                await page.locator("dialog").evaluate((one, at) => one.scrollTo(0, at), n * 750);
                await picture(`scrolled-${n}`);
            }
            await page.locator("dialog .collection-drop").click();
            await picture("question");
        });
    }
}
