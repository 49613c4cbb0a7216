// SPDX-License-Identifier: Apache-2.0
//
// Where a list stands, as the address bar has it: its order, how many rows a page has, and which page is shown. Anything in an address that makes no
// sense is read as its default.

import { pageSizes } from "./components/pager";
import type { Sort } from "./components/table";

export interface Paging {
    sort: Sort;
    size: number;
    /** Opaque cursor of the page, "" for the first; `page` only counts. */
    cursor: string;
    page: number;
}

export const defaultSize = 50;

export function readPaging(query: URLSearchParams, sortable: readonly string[], usual: Sort): Paging {
    const text = (name: string): string => query.get(name) ?? "";
    const page = Math.trunc(Number(text("page")));
    const paged = text("cursor") !== "" && page > 1;
    const other = usual.order === "asc" ? "desc" : "asc";
    return {
        sort: { by: sortable.includes(text("sort")) ? text("sort") : usual.by, order: text("order") === other ? other : usual.order },
        size: pageSizes.find((known) => known === Number(text("limit"))) ?? defaultSize,
        cursor: paged ? text("cursor") : "",
        page: paged ? page : 1,
    };
}
