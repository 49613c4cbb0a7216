// SPDX-License-Identifier: Apache-2.0
//
// Copies a text to the clipboard and says so on itself.

import { useEffect, useState } from "preact/hooks";
import { t } from "../language";
import { Icon } from "./icon";

export function CopyButton(props: { text: string; label: string }) {
    const [result, setResult] = useState<"" | "copied" | "failed">("");

    useEffect(() => {
        if (!result) return;
        const timer = setTimeout(() => setResult(""), 2500);
        return () => clearTimeout(timer);
    }, [result]);

    async function copy(): Promise<void> {
        try {
            await navigator.clipboard.writeText(props.text);
            setResult("copied");
        } catch {
            setResult("failed");
        }
    }

    return (
        <button type="button" class="button button-small" onClick={() => void copy()}>
            <Icon name={result === "copied" ? "check" : "copy"} />
            <span aria-live="polite">{result ? t(`copy.${result}`) : props.label}</span>
        </button>
    );
}
