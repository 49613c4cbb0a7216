// SPDX-License-Identifier: Apache-2.0
//
// A modal question or form on the browser's own <dialog>: it keeps the focus inside, closes on Escape and
// gives the focus back. A component shows it by drawing it and closes it by no longer drawing it.

import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { t } from "../language";
import { Icon } from "./icon";

interface DialogProps {
    title: string;
    close(): void;
    children: ComponentChildren;
}

export function Dialog(props: DialogProps) {
    const element = useRef<HTMLDialogElement>(null);
    const heading = useId();

    useLayoutEffect(() => {
        const dialog = element.current;
        dialog?.showModal();
        return () => dialog?.close(); // an open one would keep the focus from going back
    }, []);

    return (
        <dialog
            ref={element}
            class="dialog"
            aria-labelledby={heading}
            onCancel={(event) => {
                event.preventDefault();
                props.close();
            }}
            onClick={(event) => {
                if (event.target === element.current) props.close();
            }}
        >
            <div class="dialog-body">
                <header class="dialog-head">
                    <h2 id={heading}>{props.title}</h2>
                    <button type="button" class="button button-icon" aria-label={t("close")} title={t("close")} onClick={props.close}>
                        <Icon name="close" />
                    </button>
                </header>
                {props.children}
            </div>
        </dialog>
    );
}
