// SPDX-License-Identifier: Apache-2.0
//
// The address bar: path and query string are the only state of a page that outlives it, so that a reload
// or a shared link shows the same view. The hub answers every path that is not /api/ or an asset with
// index.html.

import { Store } from "./store";

export interface Place {
    path: string;
    query: URLSearchParams;
    /** What one entry of the browser's history remembers beside its address. */
    memory: unknown;
}

export const place = new Store<Place>(read());

export function goTo(address: string, options: { replace?: boolean; memory?: unknown } = {}): void {
    const change = options.replace ? "replaceState" : "pushState";
    history[change](options.memory ?? null, "", address);
    place.set(read());
}

export function addressOf(path: string, query: URLSearchParams): string {
    const text = query.toString();
    return text ? `${path}?${text}` : path;
}

function read(): Place {
    return {
        path: location.pathname.replace(/(.)\/+$/, "$1"),
        query: new URLSearchParams(location.search),
        memory: history.state as unknown,
    };
}

addEventListener("popstate", () => place.set(read()));
