// SPDX-License-Identifier: Apache-2.0
//
// Which rows of a list were not there before: they are marked for a moment when they arrive by themselves,
// not when the person asked for another list.

import { useEffect, useRef, useState } from "preact/hooks";

const lasts = 4000;
const none: ReadonlySet<string> = new Set();

/** `question` identifies the list; `keys` are its rows' keys, null while nothing is known yet. */
export function useFresh(question: string, keys: readonly string[] | null): ReadonlySet<string> {
    const known = useRef<{ question: string; keys: Set<string> }>({ question: "", keys: new Set() });
    const [fresh, setFresh] = useState(none);
    const joined = keys?.join("\n");

    useEffect(() => {
        if (!keys) return;
        const before = known.current;
        known.current = { question, keys: new Set(keys) };
        if (before.question !== question) {
            setFresh(none);
            return;
        }
        const added = keys.filter((key) => !before.keys.has(key));
        if (added.length > 0) setFresh(new Set(added));
    }, [question, joined]);
    useEffect(() => {
        if (fresh.size === 0) return;
        const timer = setTimeout(() => setFresh(none), lasts);
        return () => clearTimeout(timer);
    }, [fresh]);

    return fresh;
}
