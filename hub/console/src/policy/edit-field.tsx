// SPDX-License-Identifier: Apache-2.0
//
// A field whose value is taken over when it is left, or on Enter. What is being typed is its own until then: the page may be drawn anew at any moment.

import { useState } from "preact/hooks";

interface EditProps {
    value: string;
    commit(text: string): void;
    label?: string;
    title?: string;
    class?: string;
    kind?: "number" | "decimal";
    maxLength?: number;
}

export function EditField(props: EditProps) {
    const [typed, setTyped] = useState<string | null>(null);
    const shared = {
        class: props.class,
        "aria-label": props.label,
        title: props.title,
        value: typed ?? props.value,
        onInput: (event: { currentTarget: HTMLInputElement }) => setTyped(event.currentTarget.value),
        onChange: (event: { currentTarget: HTMLInputElement }) => {
            const text = event.currentTarget.value;
            setTyped(null);
            if (text !== props.value) props.commit(text);
        },
    };
    if (props.kind === "number") return <input {...shared} type="number" min={0} />;
    if (props.kind === "decimal") return <input {...shared} inputMode="decimal" />;
    return <input {...shared} maxLength={props.maxLength} spellcheck={false} />;
}
