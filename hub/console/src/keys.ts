// SPDX-License-Identifier: Apache-2.0
//
// Keys that work anywhere on a page. Single letters never act while a text field or a dialog has the focus,
// and can be switched off by those whose speech input or hands need that (WCAG 2.1.4); Escape and the arrows stay.

import { useEffect, useRef } from "preact/hooks";
import { keep, kept } from "./keep";
import { Store } from "./store";

/** false: the key was not for it. */
type Action = (event: KeyboardEvent) => boolean | void;

export const letterKeys = new Store<boolean>(kept("shortcuts") !== "off");

export function setLetterKeys(on: boolean): void {
    keep("shortcuts", on ? "on" : "off");
    letterKeys.set(on);
}

/** Each action runs on its key; one that returns false leaves the key to the browser. */
export function useKeys(actions: Record<string, Action>): void {
    const latest = useRef(actions);
    latest.current = actions;
    useEffect(() => {
        const listener = (event: KeyboardEvent): void => {
            const action = latest.current[event.key];
            if (!action || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
            if (document.querySelector("dialog[open]")) return;
            if (inField(event.target) && event.key !== "Escape") return;
            if (event.key.length === 1 && !letterKeys.value) return;
            if (action(event) !== false) event.preventDefault();
        };
        document.addEventListener("keydown", listener);
        return () => document.removeEventListener("keydown", listener);
    }, []);
}

function inField(target: EventTarget | null): boolean {
    return target instanceof HTMLElement && target.matches("input, select, textarea");
}
