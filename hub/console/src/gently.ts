// SPDX-License-Identifier: Apache-2.0
//
// News can come many times a second; the hub is asked at most once a second because of them, and not at all
// while nobody sees the page. The first one is answered at once, the last one always.

import { useCallback, useEffect, useRef } from "preact/hooks";

const apart = 1000;

export function useGently(act: () => void): () => void {
    const latest = useRef(act);
    latest.current = act;
    const last = useRef(0);
    const timer = useRef(0);
    const waiting = useRef(false);

    const gently = useCallback(() => {
        clearTimeout(timer.current);
        waiting.current = document.hidden;
        if (waiting.current) return;
        const rest = last.current + apart - Date.now();
        if (rest > 0) {
            timer.current = setTimeout(gently, rest);
            return;
        }
        last.current = Date.now();
        latest.current();
    }, []);

    useEffect(() => {
        const seen = (): void => {
            if (waiting.current) gently();
        };
        document.addEventListener("visibilitychange", seen);
        return () => {
            document.removeEventListener("visibilitychange", seen);
            clearTimeout(timer.current);
        };
    }, []);

    return gently;
}
