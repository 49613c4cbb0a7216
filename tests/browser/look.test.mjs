// SPDX-License-Identifier: Apache-2.0
//
// How the console looks and reads everywhere: content policy, themes, contrast, languages, narrow screens.

import assert from "node:assert/strict";
import { check, notSignedIn, rows, signIn, until } from "./kit.mjs";
import { accessFaces } from "./double-access.mjs";
import { lowContrast } from "./contrast.mjs";
import { oneTimePassword } from "./double.mjs";
import { alertFaces } from "./double-alerts.mjs";
import { catalogueFaces } from "./double-catalogue.mjs";
import { collectionFaces } from "./double-collections.mjs";
import { groupFaces } from "./double-groups.mjs";
import { peopleFaces } from "./double-people.mjs";
import { policyFaces } from "./double-policy.mjs";
import { receiptFaces } from "./double-receipts.mjs";
import { reportFaces } from "./double-reports.mjs";
import { scheduleFaces } from "./double-schedules.mjs";
import { faultsOfTable, texts } from "./texts.mjs";

/** Every face of the console: how to get there once signed in. */
const faces = {
    overview: async (page) => (await page.goto("/"), page.locator(".last li").first().waitFor()),
    "overview as table": async (page) => (await faces.overview(page), page.locator(".chart .button-small").click()),
    jobs: async (page) => (await page.goto("/jobs"), rows(page).first().waitFor()),
    panel: async (page) => (await faces.jobs(page), rows(page).first().click(), page.locator(".record-line").waitFor()),
    "filtered to nothing": async (page) => (await page.goto("/jobs?q=nothing&outcome=failed"), page.locator(".empty").waitFor()),
    agents: async (page) => (await page.goto("/agents"), rows(page).first().waitFor()),
    devices: async (page) => (await page.goto("/devices"), rows(page).first().waitFor()),
    device: async (page) => (await page.goto("/devices/1"), page.locator(".meter-bar").first().waitFor()),
    "device with evidence": async (page) => (await faces.device(page), page.locator(".meters-now .evidence-value").first().focus()),
    "device as table": async (page) => (await page.goto("/devices/8"), page.locator(".meters .segments button").last().click()),
    "merge dialog": async (page) => (await faces.device(page), page.locator(".device-acts .button").last().click(), page.locator(".merge-choice").first().waitFor()),
    "split dialog": async (page) => (await faces.device(page), page.locator(".way button").last().click()),
    "revoke dialog": async (page) => (await faces.agents(page), page.locator(".cell-act button").first().click()),
    keys: async (page) => (await faces.jobs(page), page.keyboard.press("?")),
    menu: async (page) => (await faces.jobs(page), page.locator(".bar .menu button").last().click()),
    ...alertFaces,
    ...catalogueFaces,
    ...collectionFaces,
    ...groupFaces,
    ...peopleFaces,
    ...receiptFaces,
    ...scheduleFaces,
    ...policyFaces,
    ...reportFaces,
    ...accessFaces,
    nowhere: async (page) => (await page.goto("/nowhere"), page.locator(".empty").waitFor()),
};

check("no face of the console breaches default-src 'self'", { timeout: 240_000 }, async ({ page, double, faults }) => {
    double.state.csp = "default-src 'self'";
    for (const visit of Object.values(faces)) await visit(page);
    assert.deepEqual(faults, []);
    // The watch itself works: a breach on purpose is seen.
    await page.evaluate(() => document.body.append(Object.assign(document.createElement("script"), { textContent: "1" })));
    await until(() => faults.length, 1);
    assert.match(faults.pop(), /Content Security Policy/);
});

check("the theme is the system's, or the chosen one, and is kept", { context: { colorScheme: "light" } }, async ({ page }) => {
    await faces.jobs(page);
    const dark = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor === "rgb(15, 20, 22)");
    const choose = async (name) => {
        await page.getByRole("button", { name: "Appearance" }).click();
        await page.getByRole("menuitemradio", { name }).click();
    };
    assert.equal(await dark(), false);
    await page.emulateMedia({ colorScheme: "dark" });
    assert.equal(await dark(), true);
    await choose("Light");
    assert.equal(await dark(), false);
    await page.emulateMedia({ colorScheme: "light" });
    await choose("Dark");
    await page.reload();
    await rows(page).first().waitFor();
    assert.equal(await dark(), true);
    await choose("As the system");
    assert.equal(await dark(), false);
});

for (const colorScheme of ["light", "dark"]) {
    check(`every text has a contrast of 4.5:1 at least (${colorScheme})`, { timeout: 240_000, context: { colorScheme, reducedMotion: "reduce" } }, async ({ page, double }) => {
        for (const [name, visit] of Object.entries(faces)) {
            await visit(page);
            await page.evaluate(() => Promise.allSettled(document.getAnimations().map((a) => a.finished))); // a button that has just become one fades in
            assert.deepEqual(await page.evaluate(lowContrast), [], name);
        }
        await faces.jobs(page);
        await page.getByText("Live", { exact: true }).waitFor();
        double.addJobs(1);
        await page.locator(".row-fresh").first().waitFor();
        await rows(page).nth(2).hover();
        assert.deepEqual(await page.evaluate(lowContrast), [], "fresh and hovered rows");
    });

    check(`so has the sign-in, with an error and with the new password (${colorScheme})`, { signedIn: false, context: { colorScheme, reducedMotion: "reduce" }, expected: [notSignedIn] }, async ({ page }) => {
        await page.goto("/");
        await signIn(page, "admin", "wrong");
        await page.getByRole("alert").waitFor();
        await page.waitForTimeout(700); // the button is pale while the hub is asked
        assert.deepEqual(await page.evaluate(lowContrast), []);
        await signIn(page, "admin", oneTimePassword);
        await page.getByLabel("New password", { exact: true }).fill("long enough to be met");
        assert.deepEqual(await page.evaluate(lowContrast), []);
    });
}

check("the contrast check finds what is too pale", {}, async ({ page }) => {
    await faces.jobs(page);
    await page.evaluate(() => (document.querySelector("h1").style.color = "#999"));
    const found = await page.evaluate(lowContrast);
    assert.equal(found.length, 1);
    assert.match(found[0], /^Jobs: /);
});

check("the table of texts is complete: three languages, the same parameters and forms in each", {}, async () => {
    assert.deepEqual(faultsOfTable(), []);
});

check("the language is chosen, kept, and goes through every face", { timeout: 360_000 }, async ({ page }) => {
    await faces.jobs(page);
    const choose = async (label, name) => {
        await page.getByRole("button", { name: label }).click();
        await page.getByRole("menuitemradio", { name }).click();
    };
    await choose("Language", "Deutsch");
    await page.getByRole("heading", { name: "Druckaufträge" }).waitFor();
    assert.equal(await page.locator("html").getAttribute("lang"), "de");
    await page.reload();
    await page.getByRole("columnheader", { name: "Warteschlange" }).waitFor();
    for (const [index, language] of [[2, "de"], [1, "fr"]]) {
        if (language === "fr") await choose("Sprache", "Français");
        for (const [name, visit] of Object.entries(faces)) {
            await visit(page);
            assert.deepEqual(await foreign(page, index), [], `${name} in ${language}`);
        }
    }
    const time = await page.goto("/jobs").then(() => page.locator(".cell-time time").first().innerText());
    const month = new Intl.DateTimeFormat("fr", { month: "short" }).format(new Date());
    assert.ok(time.includes(month) || time.includes(new Intl.DateTimeFormat("fr", { month: "short" }).format(Date.now() - 86_400_000)), time);
});

/** English texts of the table that are visible although the chosen language has other words. */
async function foreign(page, index) {
    const seen = await page.evaluate(() => {
        const found = new Set();
        for (const element of document.body.querySelectorAll("*")) {
            for (const name of ["title", "aria-label", "placeholder"]) found.add(element.getAttribute(name) ?? "");
            for (const node of element.childNodes) if (node.nodeType === Node.TEXT_NODE) found.add(node.textContent.trim());
        }
        return [...found];
    });
    const english = new Set(Object.values(texts).filter((row) => row[0] !== row[index]).map((row) => row[0]));
    const words = new Set(Object.values(texts).map((row) => row[index])); // a word may be right in both
    return seen.filter((text) => (english.has(text) && !words.has(text)) || (text.includes(".") && text in texts));
}

check("numbers are written as the language writes them", { double: { agents: 1200, jobs: 3 } }, async ({ page }) => {
    await page.goto("/agents");
    const total = async () => (await page.locator(".pager-range").innerText()).split(/ of | von | sur /)[1];
    await until(total, "1,200");
    for (const [name, wanted] of [["Deutsch", "1.200"], ["Français", "1\u202f200"]]) {
        await page.locator(".bar .menu button").first().click();
        await page.getByRole("menuitemradio", { name }).click();
        await until(total, wanted);
    }
});

check("at 360 px nothing is wider than the screen", { timeout: 600_000, context: { viewport: { width: 360, height: 740 } }, expected: [/status of 503/, /ERR_INCOMPLETE/] }, async ({ page, double }) => {
    const wide = () =>
        page.evaluate(() => {
            const cut = (element) => getComputedStyle(element).overflowX !== "visible";
            const out = [...document.body.querySelectorAll("*")].filter((element) => {
                const box = element.getBoundingClientRect();
                if (box.width <= 1 || getComputedStyle(element).visibility === "hidden") return false;
                for (let at = element.parentElement; at !== document.body; at = at.parentElement) if (cut(at)) return false;
                return box.right > innerWidth + 0.5 || box.left < -0.5;
            });
            const names = out.map((element) => `${element.tagName}.${element.className}`);
            return document.documentElement.scrollWidth > innerWidth ? [`page: ${document.documentElement.scrollWidth}`, ...names] : names;
        });
    for (const language of ["English", "Français", "Deutsch"]) {
        await faces.overview(page);
        await page.locator(".bar .menu button").first().click();
        await page.getByRole("menuitemradio", { name: language }).click();
        for (const [name, visit] of Object.entries(faces)) {
            await visit(page);
            await page.waitForTimeout(200); // the panel slides in
            assert.deepEqual(await wide(), [], `${name} in ${language}`);
        }
        await faces.jobs(page);
        await page.locator(".filters-toggle").click();
        await page.locator(".filters-rest select").last().selectOption("days");
        assert.deepEqual(await wide(), [], `filters in ${language}`);
        await page.locator(".bar-drawer").click();
        await page.waitForTimeout(200);
        assert.deepEqual(await wide(), [], `drawer in ${language}`);
    }
    await faces.jobs(page);
    double.cutStreams(true);
    await page.locator(".live-lost").waitFor();
    assert.deepEqual(await wide(), [], "connection lost");
    await page.locator(".bar-drawer").click();
    await page.locator(".nav a[href='/agents']").click();
    await page.locator(".table-agents").waitFor();
    assert.equal(await page.locator(".bar-drawer").getAttribute("aria-expanded"), "false");
});

check("who wants less motion gets none", {}, async ({ page, double }) => {
    await page.emulateMedia({ reducedMotion: "reduce" });
    await faces.jobs(page);
    await page.getByText("Live", { exact: true }).waitFor();
    double.addJobs(1);
    const cell = page.locator(".row-fresh td").first();
    await cell.waitFor();
    assert.ok((await cell.evaluate((element) => parseFloat(getComputedStyle(element).animationDuration))) <= 0.001);
});

check("landmarks, headings and names are there for a screen reader", { timeout: 240_000 }, async ({ page }) => {
    for (const [name, visit] of Object.entries(faces)) {
        await visit(page);
        const faults = await page.evaluate(() => {
            const out = [];
            for (const [selector, wanted] of [["main", 1], ["header.bar", 1], ["nav[aria-label]", 1]]) {
                if (document.querySelectorAll(selector).length < wanted) out.push(`no ${selector}`);
            }
            for (const element of document.querySelectorAll("button, a, input, select, dialog, aside, nav, table, [role=img]")) {
                const named =
                    element.getAttribute("aria-label") || element.getAttribute("aria-labelledby") || element.labels?.length ||
                    (element.matches("button, a") && element.textContent.trim()) || element.matches(".hours");
                if (!named) out.push(`no name: ${element.outerHTML.slice(0, 90)}`);
            }
            const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
            if (new Set(ids).size !== ids.length) out.push("an id twice");
            return out;
        });
        assert.deepEqual(faults, [], name);
    }
});
