// SPDX-License-Identifier: Apache-2.0
//
// The first line of a page: its name and what stands at the right of it.

import type { ComponentChildren } from "preact";

export function PageHead(props: { title: string; children?: ComponentChildren }) {
    return (
        <header class="page-head">
            <h1>{props.title}</h1>
            {props.children}
        </header>
    );
}
