// SPDX-License-Identifier: Apache-2.0
//
// What the console itself made or was told, as a file of the browser's.

export function saveFile(name: string, type: string, parts: string[]): void {
    const address = URL.createObjectURL(new Blob(parts, { type }));
    const link = Object.assign(document.createElement("a"), { href: address, download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
