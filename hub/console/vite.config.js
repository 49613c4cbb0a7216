// SPDX-License-Identifier: Apache-2.0
//
// How the console is built: one page, hashed asset names, nothing inline (the hub's Content-Security-Policy
// is "default-src 'self'"). PLATEN_CONSOLE_OUT names another output folder; PLATEN_CONSOLE_API names the hub
// or the double that `npm run dev` forwards /api to.

import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const outDir = process.env.PLATEN_CONSOLE_OUT || fileURLToPath(new URL("../../build/console", import.meta.url));

export default defineConfig({
    esbuild: { jsx: "automatic", jsxImportSource: "preact" },
    build: {
        outDir,
        emptyOutDir: true,
        target: "es2022",
        cssTarget: ["chrome123", "firefox120", "safari17.5"], // light-dark() stays as written
        assetsInlineLimit: 0, // a data: address would break the policy
        modulePreload: { polyfill: false },
    },
    server: {
        port: 5173,
        proxy: {
            "/api": { target: process.env.PLATEN_CONSOLE_API || "http://127.0.0.1:8091", secure: false },
        },
    },
});
