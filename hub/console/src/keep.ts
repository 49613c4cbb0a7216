// SPDX-License-Identifier: Apache-2.0
//
// What a browser keeps for its user between visits: theme, language, shortcuts. A browser that refuses
// storage (private windows, policy) only forgets; it never breaks the page. No secret is ever kept here.

type Name = "theme" | "language" | "shortcuts";

export function keep(name: Name, value: string): void {
    try {
        localStorage.setItem(`platen.${name}`, value);
    } catch {
        // Forgotten at the next visit; nothing depends on it.
    }
}

export function kept(name: Name): string | null {
    try {
        return localStorage.getItem(`platen.${name}`);
    } catch {
        return null;
    }
}
