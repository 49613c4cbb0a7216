// SPDX-License-Identifier: Apache-2.0
//
// A text field whose value is taken over a moment after the last key, or at once on Enter: the hub is not
// asked for every letter.

import { useEffect, useRef, useState } from "preact/hooks";

interface TypedFieldProps {
    label: string;
    placeholder?: string;
    title?: string;
    class?: string;
    value: string;
    onValue(value: string): void;
}

const pause = 300;

export function TypedField(props: TypedFieldProps) {
    const [text, setText] = useState(props.value);
    const timer = useRef(0);
    const sent = useRef(props.value);
    const latest = useRef(props.onValue); // the page may have changed between the last key and the timer
    latest.current = props.onValue;

    useEffect(() => {
        // The value came from elsewhere (Back, a shared link, "clear"): it wins over what is being typed.
        if (props.value === sent.current) return;
        clearTimeout(timer.current);
        sent.current = props.value;
        setText(props.value);
    }, [props.value]);
    useEffect(() => () => clearTimeout(timer.current), []);

    function send(value: string): void {
        clearTimeout(timer.current);
        const wanted = value.trim();
        if (wanted === sent.current) return;
        sent.current = wanted;
        latest.current(wanted);
    }

    return (
        <input
            type="search"
            class={props.class}
            aria-label={props.label}
            placeholder={props.placeholder ?? props.label}
            title={props.title}
            autocomplete="off"
            spellcheck={false}
            value={text}
            onInput={(event) => {
                const value = event.currentTarget.value;
                setText(value);
                clearTimeout(timer.current);
                timer.current = setTimeout(() => send(value), pause);
            }}
            onKeyDown={(event) => {
                if (event.key === "Enter") send(event.currentTarget.value);
                if (event.key !== "Escape") return;
                event.preventDefault(); // leaves the field, and neither clears it nor closes anything
                event.currentTarget.blur();
            }}
        />
    );
}
