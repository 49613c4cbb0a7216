// SPDX-License-Identifier: Apache-2.0
//
// Reasons that records carry as codes, in the chosen language wherever they are shown. With PLATEN_PICTURES set, pictures of them are left in that folder.

import assert from "node:assert/strict";
import { join } from "node:path";
import { check, column, rows, until } from "./kit.mjs";
import { texts } from "./texts.mjs";

const languages = { en: "en-GB", fr: "fr-FR", de: "de-DE" };
const spaced = (text) => text.replace(/[\s\u00a0]+/g, " ");
const fact = (page, name) => page.locator(".panel .facts > div", { has: page.locator("dt", { hasText: new RegExp(`^${name}$`) }) }).locator("dd");

/** Opens the newest job that ended so. */
async function open(page, double, outcome, change = (told) => told) {
    const job = double.state.fleet.jobs.filter((one) => one.outcome === outcome).sort((a, b) => (a.time < b.time ? 1 : -1))[0];
    const kept = double.state.fleet.recordOf(job);
    const record = JSON.parse(kept.record);
    record.job = change(record.job);
    kept.record = JSON.stringify(record);
    await page.goto(`/jobs?job=${job.agent}/${job.seq}`);
    await page.locator(".panel .facts-figures").waitFor();
}

const said = {
    en: ["Rule “long-colour” does not let it print. Cost: 12.50 (the rule says 10.00 or more). Printer: fits “* colour*”.", "It was cancelled on the console by h.weber.", "Printed pages in colour", "Why"],
    fr: ["La règle « long-colour » ne le laisse pas imprimer. Coût : 12,50 (la règle dit 10,00 ou plus). Imprimante : correspond à « * colour* ».", "Il a été annulé dans la console par h.weber.", "", "Pourquoi"],
    de: ["Regel „long-colour“ lässt ihn nicht drucken. Kosten: 12,50 (die Regel sagt 10,00 oder mehr). Drucker: passt zu „* colour*“.", "Er wurde in der Konsole von h.weber abgebrochen.", "", "Warum"],
};

for (const [language, locale] of Object.entries(languages)) {
    const at = Object.keys(languages).indexOf(language);
    check(`a job's panel says why, in ${language}`, { context: { locale } }, async ({ page, double }) => {
        await open(page, double, "refused");
        assert.equal(spaced(await fact(page, texts["reason.ruled"][at]).innerText()), said[language][0]);
        assert.equal(await fact(page, texts["reason.end"][at]).innerText(), "Please use the print room.", "a rule's own words stay as they are");
        assert.match(await fact(page, texts["reason.note"][at]).innerText(), /clock is 2 h behind/);
        await open(page, double, "cancelled");
        assert.equal(spaced(await fact(page, texts["reason.end"][at]).innerText()), said[language][1]);
        assert.equal(await fact(page, texts["reason.ruled"][at]).count(), 0, "no rule did anything");
    });

    check(`violations and trials say why, in ${language}`, { context: { locale } }, async ({ page }) => {
        for (const address of ["/violations", "/violations?shadow=true"]) {
            await page.goto(address);
            const why = await until(() => column(page, "why"), (list) => list.length === 5);
            const sentence = texts["why.denies"][at].replace("{1}", "long-colour");
            const days = `${texts["why.choice.sat"][at]}, ${texts["why.choice.sun"][at]}`;
            assert.ok(spaced(why[0]).startsWith(spaced(sentence)) && why[0].includes("72") && why[0].includes(days), why[0]);
            assert.equal(why[4], "redirected by long-colour", "without codes the agent's own words");
            assert.equal(await page.locator(".table-violations tbody .cell-why span[lang=en]").count(), 1);
            await page.locator(".table-violations td.cell-time").first().click();
            await page.locator("dialog .soft", { hasText: days }).waitFor();
            await page.keyboard.press("Escape");
        }
    });
}

check("what is malformed, or of a newer agent, is shown in the agent's English and marked as such", { timeout: 120_000, context: { locale: "de-DE" } }, async ({ page, double }) => {
    await open(page, double, "aborted");
    assert.equal(await page.locator(".panel dd span[lang=en]").innerText(), "The printer is in another time zone.");
    const bad = ["denies", "denies a b", "denies a%2f", "denies a%2", "denies %00", "denies %FF", "denies a;", ";deleted", "deleted;gone", "DELETED", " ", "constructor", "toString a", "__proto__", "deleted "];
    for (const why of bad) {
        await open(page, double, "aborted", (told) => ({ ...told, why }));
        assert.equal(await page.locator(".panel dd span[lang=en]").innerText(), "The printer is in another time zone.", why);
    }
    await open(page, double, "aborted", (told) => ({ ...told, why: "no-queue %3Cb%3E%7B2%7D%20100%25;more" }));
    assert.equal(spaced(await fact(page, "Wie er endete").innerText()), "Die Warteschlange „<b>{2} 100%“ nimmt ihn nicht an. Es gibt weitere Gründe.");
});

check("a trial's reason stands in the panel beside what was done", {}, async ({ page, double }) => {
    await open(page, double, "printed", (told) => ({
        ...told, policy: { version: 1, rule: null, action: "printed", would: "denied", explanation: "x", would_because: "default-denies" },
    }));
    assert.equal(await fact(page, "What a trial would do").innerText(), "No rule allows it.");
    assert.equal(await fact(page, "Why").count(), 0);
});

check("who may not see persons sees no record and no reasons", {}, async ({ page, double }) => {
    const job = double.state.fleet.jobs.find((one) => one.outcome === "refused");
    double.state.fleet.recordOf(job).record = null;
    await page.goto(`/jobs?job=${job.agent}/${job.seq}`);
    await page.locator(".panel .facts-figures").waitFor();
    assert.equal(await page.locator(".panel .record, .panel dd span[lang=en]").count(), 0);
});

check("pictures", {}, async ({ page, double }) => {
    const folder = process.env.PLATEN_PICTURES;
    if (!folder) return;
    for (const width of [1280, 360])
        for (const colorScheme of ["light", "dark"]) {
            await page.emulateMedia({ colorScheme });
            await page.setViewportSize({ width, height: 900 });
            await open(page, double, "refused");
            await page.waitForTimeout(400);
            await page.screenshot({ path: join(folder, `reasons-panel-${width}-${colorScheme}.png`) });
            await page.goto("/violations");
            await rows(page).first().waitFor();
            await page.screenshot({ path: join(folder, `reasons-violations-${width}-${colorScheme}.png`) });
        }
});
