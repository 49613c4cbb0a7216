// SPDX-License-Identifier: Apache-2.0
//
// A button that opens a short list: theme, language, user. Keys as the ARIA menu pattern says: arrows move,
// Home and End jump, Escape closes and gives the focus back to the button.

import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Icon, type IconName } from "./icon";

export interface MenuItem {
    id: string;
    text: string;
    icon?: IconName;
    /** Defined: one of a group of which one is chosen. */
    chosen?: boolean;
    /** The language of the text where it is not the page's. */
    lang?: string;
    act(): void;
}

interface MenuProps {
    label: string;
    button: ComponentChildren;
    items: MenuItem[];
    /** Stands above the items and cannot be chosen. */
    heading?: ComponentChildren;
}

export function Menu(props: MenuProps) {
    const [open, setOpen] = useState(false);
    const root = useRef<HTMLDivElement>(null);
    const button = useRef<HTMLButtonElement>(null);

    useEffect(() => {
        if (!open) return;
        items(root.current)[Math.max(0, props.items.findIndex((item) => item.chosen))]?.focus();
        const outside = (event: Event): void => {
            if (!root.current?.contains(event.target as Node)) setOpen(false);
        };
        document.addEventListener("pointerdown", outside);
        document.addEventListener("focusin", outside);
        return () => {
            document.removeEventListener("pointerdown", outside);
            document.removeEventListener("focusin", outside);
        };
    }, [open]);

    function onKey(event: KeyboardEvent): void {
        if (!open) return;
        const list = items(root.current);
        const at = list.indexOf(document.activeElement as HTMLElement);
        const next = { ArrowDown: at + 1, ArrowUp: at - 1 + list.length, Home: 0, End: list.length - 1 }[event.key];
        if (event.key === "Escape") close();
        else if (next !== undefined) list[next % list.length]?.focus();
        else return;
        event.preventDefault();
        event.stopPropagation();
    }

    function close(): void {
        setOpen(false);
        button.current?.focus();
    }

    return (
        <div class="menu" ref={root} onKeyDown={onKey}>
            <button
                ref={button}
                type="button"
                class="button button-bar"
                aria-haspopup="menu"
                aria-expanded={open}
                aria-label={props.label}
                title={props.label}
                onClick={() => setOpen(!open)}
            >
                {props.button}
            </button>
            {open && (
                <div class="menu-list">
                    {props.heading}
                    <ul role="menu" aria-label={props.label}>
                        {props.items.map((item) => (
                            <li key={item.id} role="none">
                                <button
                                    type="button"
                                    role={item.chosen === undefined ? "menuitem" : "menuitemradio"}
                                    aria-checked={item.chosen}
                                    tabIndex={-1}
                                    lang={item.lang}
                                    onClick={() => {
                                        close();
                                        item.act();
                                    }}
                                >
                                    {item.icon && <Icon name={item.icon} />}
                                    <span>{item.text}</span>
                                    {item.chosen && <Icon name="check" />}
                                </button>
                            </li>
                        ))}
                    </ul>
                </div>
            )}
        </div>
    );
}

function items(root: HTMLElement | null): HTMLElement[] {
    return [...(root?.querySelectorAll<HTMLElement>("[role^=menuitem]") ?? [])];
}
