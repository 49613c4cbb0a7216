// SPDX-License-Identifier: Apache-2.0
//
// A value and, on hover or focus, what it stands on: who said it, in which form and when, and what other sources say.

import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Said } from "../device";
import { fullTime } from "../format";
import { t, tWord } from "../language";
import { Unknown } from "./unknown";

const edge = 8;

export function Evidence(props: { said: readonly Said[]; show?(said: Said): ComponentChildren; why?: string }) {
    const { said } = props;
    const [open, setOpen] = useState(false);
    const first = said[0];
    const show = props.show ?? ((one: Said): ComponentChildren => one.value ?? <Unknown why={t("device.unknown")} />);
    if (!first) return <Unknown why={props.why ?? t("device.unknown")} />;
    return (
        <span
            class="evidence"
            onPointerEnter={() => setOpen(true)}
            onPointerLeave={() => setOpen(false)}
            onKeyDown={(event) => {
                if (event.key !== "Escape" || !open) return;
                event.stopPropagation();
                setOpen(false);
            }}
        >
            <button
                type="button"
                class={said.length > 1 ? "evidence-value evidence-several" : "evidence-value"}
                aria-expanded={open}
                onFocus={() => setOpen(true)}
                onBlur={() => setOpen(false)}
                onClick={() => setOpen(true)}
            >
                {show(first)}
            </button>
            {open && <Sources said={said} show={show} />}
        </span>
    );
}

function Sources(props: { said: readonly Said[]; show(said: Said): ComponentChildren }) {
    const box = useRef<HTMLSpanElement>(null);

    useLayoutEffect(() => {
        // Within the window, however near its edge the value stands.
        const over = (box.current?.getBoundingClientRect().right ?? 0) + edge - document.documentElement.clientWidth;
        if (over > 0) box.current!.style.left = `${-over}px`;
    }, []);

    return (
        <span ref={box} class="evidence-box" role="status">
            {props.said.map((one, index) => (
                <span key={one.source} class="evidence-source">
                    <span class="evidence-who">
                        {t("evidence.says", { source: tWord("said", one.source) })}
                        {index === 0 && props.said.length > 1 && <em>{t("evidence.believed")}</em>}
                    </span>
                    <span class="evidence-said">{props.show(one)}</span>
                    {one.raw !== undefined && (
                        <span class="evidence-raw">
                            <code>{one.raw}</code> {t("evidence.raw")}
                        </span>
                    )}
                    <time dateTime={one.at}>{fullTime(one.at)}</time>
                </span>
            ))}
            {props.said.length === 1 && <span class="evidence-one">{t("evidence.one")}</span>}
        </span>
    );
}
