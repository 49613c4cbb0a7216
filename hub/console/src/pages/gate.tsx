// SPDX-License-Identifier: Apache-2.0
//
// The card in the middle of an otherwise empty page: everything that stands before the frame (sign-in, the
// first password, an unreachable hub). Language and theme can be chosen here already.

import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { LanguageMenu, ThemeMenu } from "../components/choices";
import { Mark } from "../components/mark";

export function Gate(props: { title: string; children: ComponentChildren }) {
    useEffect(() => {
        document.title = `${props.title} – Platen`;
    }, [props.title]);
    return (
        <div class="gate">
            <header class="gate-choices">
                <LanguageMenu />
                <ThemeMenu />
            </header>
            <main class="gate-card">
                <p class="gate-brand">
                    <Mark size={40} />
                    <span>Platen</span>
                </p>
                <h1>{props.title}</h1>
                {props.children}
            </main>
        </div>
    );
}
