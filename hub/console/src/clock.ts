// SPDX-License-Identifier: Apache-2.0
//
// Clocks for components: seconds that count down to 0, and the present time for relative dates.

import { useCallback, useEffect, useState } from "preact/hooks";

/** The seconds left, and the function that starts them. */
export function useCountdown(): [number, (seconds: number) => void] {
    const [end, setEnd] = useState(0);
    const [now, setNow] = useState(0);
    const left = Math.max(0, Math.ceil((end - now) / 1000));
    useEffect(() => {
        if (left === 0) return;
        const timer = setTimeout(() => setNow(Date.now()), 250);
        return () => clearTimeout(timer);
    }, [left, now]);
    const start = useCallback((seconds: number) => {
        const begun = Date.now();
        setNow(begun);
        setEnd(begun + seconds * 1000);
    }, []);
    return [left, start];
}

/** The time, renewed every `period` ms while the component stands. */
export function useNow(period: number): number {
    const [now, setNow] = useState(Date.now);
    useEffect(() => {
        const timer = setInterval(() => setNow(Date.now()), period);
        return () => clearInterval(timer);
    }, [period]);
    return now;
}
