// SPDX-License-Identifier: Apache-2.0
//
// The console's QR encoder (hub/console/src/access/qr.ts) against known vectors of ISO/IEC 18004 and against a decoder of other people's (jsQR).

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import jsqr from "jsqr";

const console_ = new URL("../../hub/console/", import.meta.url);
const { transformSync } = createRequire(new URL("package.json", console_))("esbuild");
const { code } = transformSync(readFileSync(new URL("src/access/qr.ts", console_), "utf8"), { loader: "ts" });
const { qrModules, correction, formatBits, versionBits } = await import(`data:text/javascript,${encodeURIComponent(code)}`);

/** What the decoder reads from the modules, drawn `scale` pixels wide with a border of four. */
export function read(modules, scale = 3) {
    const side = (modules.length + 8) * scale;
    const pixels = new Uint8ClampedArray(side * side * 4).fill(255);
    modules.forEach((row, r) =>
        row.forEach((dark, c) => {
            if (!dark) return;
            for (let y = 0; y < scale; y++) {
                for (let x = 0; x < scale; x++) pixels.fill(0, (((r + 4) * scale + y) * side + (c + 4) * scale + x) * 4, (((r + 4) * scale + y) * side + (c + 4) * scale + x) * 4 + 3);
            }
        }),
    );
    return jsqr(pixels, side, side)?.data;
}

test("correction, format and version bits are the standard's", () => {
    const data = [32, 91, 11, 120, 209, 114, 220, 77, 67, 64, 236, 17, 236, 17, 236, 17];
    assert.deepEqual(correction(data, 10), [196, 35, 39, 119, 235, 215, 231, 226, 93, 23]);
    const formats = [0x77c4, 0x72f3, 0x7daa, 0x789d, 0x662f, 0x6318, 0x6c41, 0x6976];
    assert.deepEqual(formats.map((_, mask) => formatBits(mask)), formats);
    assert.deepEqual([7, 8, 9, 10].map(versionBits), [0x07c94, 0x085bc, 0x09a99, 0x0a4d3]);
});

test("a text of every length is read back, up to 271 bytes", () => {
    const sizes = new Set();
    for (let n = 1; n <= 271; n++) {
        const text = Array.from({ length: n }, (_, at) => String.fromCharCode(33 + ((at * 31 + n * 7) % 94))).join("");
        const modules = qrModules(text);
        sizes.add(modules.length);
        assert.equal(read(modules), text, `${n} bytes`);
    }
    assert.deepEqual([...sizes], [21, 25, 29, 33, 37, 41, 45, 49, 53, 57], "versions 1 to 10");
    assert.equal(qrModules("x".repeat(272)), null);
});

test("the longest name of an account fits, and letters beyond ASCII are read back", () => {
    const uri = `otpauth://totp/Platen:${"%C3".repeat(63)}?secret=${"A".repeat(32)}&issuer=Platen`;
    assert.equal(read(qrModules(uri)), uri);
    assert.equal(read(qrModules("Zürich – €")), "Zürich – €");
});
