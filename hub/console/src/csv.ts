// SPDX-License-Identifier: Apache-2.0
//
// CSV out of the browser and into it. A cell that a spreadsheet would take for a formula gets an apostrophe on the way out, and loses it on the way in.

import { saveFile } from "./save-file";

const guard = "\u2019";

function cellOf(value: unknown): string {
    const text = String(value ?? "");
    const safe = /^[=+\-@\t]/.test(text) ? guard + text : text;
    return /[",;\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Gives the rows to the browser as a file. */
export function saveCsv(name: string, head: readonly string[], rows: readonly (readonly unknown[])[]): void {
    const lines = [head, ...rows].map((row) => row.map(cellOf).join(","));
    saveFile(name, "text/csv", ["\ufeff", lines.join("\r\n"), "\r\n"]);
}

/** The rows of a file, parted by commas or by semicolons, whichever its first line has. null: a quote is never closed. */
export function readCsv(file: string): string[][] | null {
    const text = file.replace(/^\ufeff/, "");
    const first = text.split(/\r?\n/, 1)[0]!;
    const border = first.includes(";") && !first.includes(",") ? ";" : ",";
    const rows: string[][] = [];
    let row: string[] = [];
    let cell = "";
    let quoted = false;
    const end = (): void => {
        row.push(cell.startsWith(guard) ? cell.slice(1) : cell);
        cell = "";
    };
    const endRow = (): void => {
        end();
        if (row.some((one) => one.trim())) rows.push(row);
        row = [];
    };
    for (let at = 0; at < text.length; at++) {
        const letter = text[at]!;
        if (quoted && letter === '"' && text[at + 1] === '"') cell += text[at++];
        else if (letter === '"' && (quoted || cell === "")) quoted = !quoted;
        else if (quoted) cell += letter;
        else if (letter === border) end();
        else if (letter === "\n") endRow();
        else if (letter !== "\r") cell += letter;
    }
    endRow();
    return quoted ? null : rows;
}
