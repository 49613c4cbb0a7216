// SPDX-License-Identifier: Apache-2.0
//
// What a page shows comes from one call: this hook makes it, keeps the last good reply on the screen while
// the next one is under way, and drops the reply to a question that is no longer asked.

import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { asProblem, type Problem } from "./problem";

export interface Resource<T> {
    /** The last good reply, perhaps to the question before this one. */
    value: T | null;
    /** The question that `value` answers. */
    answers: string | null;
    problem: Problem | null;
    busy: boolean;
    reload(): void;
}

/** `question` identifies what is asked; load() is called again whenever it changes. */
export function useResource<T>(question: string, load: (signal: AbortSignal) => Promise<T>): Resource<T> {
    const [state, setState] = useState<Omit<Resource<T>, "reload">>({ value: null, answers: null, problem: null, busy: true });
    const [turn, setTurn] = useState(0);
    const latest = useRef(load);
    latest.current = load;

    useEffect(() => {
        const control = new AbortController();
        setState((before) => ({ ...before, busy: true }));
        latest
            .current(control.signal)
            .then((value) => {
                if (!control.signal.aborted) setState({ value, answers: question, problem: null, busy: false });
            })
            .catch((error: unknown) => {
                if (control.signal.aborted) return;
                const problem = asProblem(error);
                setState((before) => ({ ...before, problem, busy: false }));
            });
        return () => control.abort();
    }, [question, turn]);

    return { ...state, reload: useCallback(() => setTurn((n) => n + 1), []) };
}
