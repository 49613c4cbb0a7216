// SPDX-License-Identifier: Apache-2.0
//
// The distribution's Chromium, as every test here starts it.

import { chromium } from "playwright-core";

export function launch() {
    return chromium.launch({
        executablePath: "/usr/bin/chromium",
        args: [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
        ],
    });
}
