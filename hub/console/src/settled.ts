// SPDX-License-Identifier: Apache-2.0
//
// What the hub says of something that is being typed: it is asked once the question has stood still for a moment. The last answer stays in sight meanwhile.

import { useEffect, useRef, useState } from "preact/hooks";
import { asProblem, type Problem } from "./problem";

const after = 500;

export interface Settled<T> {
    value: T | null;
    /** It answers the present question. */
    current: boolean;
    problem: Problem | null;
}

/** `question` identifies what is asked. */
export function useSettled<T>(question: string, ask: (signal: AbortSignal) => Promise<T>): Settled<T> {
    const [state, setState] = useState<{ value: T | null; of: string | null; problem: Problem | null }>({ value: null, of: null, problem: null });
    const latest = useRef(ask);
    latest.current = ask;
    useEffect(() => {
        const control = new AbortController();
        const timer = setTimeout(() => {
            latest
                .current(control.signal)
                .then((value) => setState({ value, of: question, problem: null }))
                .catch((error: unknown) => {
                    if (!control.signal.aborted) setState((old) => ({ ...old, problem: asProblem(error) }));
                });
        }, after);
        return () => {
            clearTimeout(timer);
            control.abort();
        };
    }, [question]);
    return { value: state.value, current: state.of === question, problem: state.problem };
}
