// SPDX-License-Identifier: Apache-2.0
//
// One value that several components watch: the session, the address, the theme. A store never reads the
// network or the page by itself; its owner sets it.

import { useLayoutEffect, useReducer } from "preact/hooks";

export class Store<T> {
    private readonly watchers = new Set<(value: T) => void>();

    constructor(private current: T) {}

    get value(): T {
        return this.current;
    }

    set(value: T): void {
        this.current = value;
        for (const watcher of [...this.watchers]) watcher(value);
    }

    /** Returns the function that ends the watch. */
    watch(watcher: (value: T) => void): () => void {
        this.watchers.add(watcher);
        return () => this.watchers.delete(watcher);
    }
}

/** The store's value; the component is drawn again whenever it changes. */
export function useStore<T>(store: Store<T>): T {
    const [, redraw] = useReducer((n: number) => n + 1, 0);
    useLayoutEffect(() => store.watch(() => redraw(0)), [store]);
    return store.value;
}
