// SPDX-License-Identifier: Apache-2.0
//
// A real link inside the console: a plain click stays on the page, every other way to open it (new tab,
// copy the address) is the browser's.

import type { ComponentChildren } from "preact";
import { goTo } from "../router";

interface LinkProps {
    to: string;
    class?: string;
    title?: string;
    current?: boolean;
    tabIndex?: number;
    onGo?(): void;
    children: ComponentChildren;
}

export function Link(props: LinkProps) {
    return (
        <a
            href={props.to}
            class={props.class}
            title={props.title}
            tabIndex={props.tabIndex}
            aria-current={props.current ? "page" : undefined}
            onClick={(event) => {
                if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
                event.preventDefault();
                goTo(props.to);
                props.onGo?.();
            }}
        >
            {props.children}
        </a>
    );
}
