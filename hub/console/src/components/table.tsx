// SPDX-License-Identifier: Apache-2.0
//
// A dense table: sorting by header, one row in the tab order at a time (arrows move, Enter opens), cards
// instead of columns on narrow screens (styles/table.css). It knows nothing of jobs or agents.
//
// The roles are written out because a table laid out as cards loses them in the browsers.

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { t } from "../language";
import { Icon } from "./icon";

export interface Column<Row> {
    id: string;
    title: string;
    /** What the short title stands for. */
    hint?: string;
    kind?: "number" | "mark";
    sortable?: boolean;
    /** The first click on its header sorts it this way; ascending unless told. */
    firstOrder?: "desc";
    cell(row: Row): ComponentChildren;
    /** The whole text where the cell may be too narrow for it. */
    whole?(row: Row): string | undefined;
}

export interface Sort {
    by: string;
    order: "asc" | "desc";
}

interface TableProps<Row> {
    name: string;
    label: string;
    columns: readonly Column<Row>[];
    rows: readonly Row[];
    keyOf(row: Row): string;
    sort: Sort;
    onSort(sort: Sort): void;
    busy: boolean;
    /** Key of the row whose details are open. */
    opened?: string;
    fresh?: ReadonlySet<string>;
    onOpen?(row: Row): void;
    /** A row got the focus. */
    onReach?(row: Row): void;
}

export function Table<Row>(props: TableProps<Row>) {
    const [active, setActive] = useState<string>();
    const keys = props.rows.map(props.keyOf);
    const stop = [active, props.opened].find((key) => key !== undefined && keys.includes(key)) ?? keys[0];

    function onKeyDown(event: KeyboardEvent): void {
        const target = event.target as HTMLElement;
        if (event.key !== "Enter" || !target.matches("tr")) return;
        const row = props.rows[keys.indexOf(target.dataset.key ?? "")];
        if (row) props.onOpen?.(row);
        event.preventDefault();
    }

    return (
        <div class="table-scroll">
            <table class={`table table-${props.name}`} role="table" aria-label={props.label} aria-busy={props.busy}>
                <thead role="rowgroup">
                    <tr role="row">
                        {props.columns.map((column) => (
                            <Head key={column.id} column={column} sort={props.sort} onSort={props.onSort} />
                        ))}
                    </tr>
                </thead>
                <tbody role="rowgroup" onKeyDown={onKeyDown}>
                    {props.rows.map((row, index) => {
                        const key = keys[index]!;
                        return (
                            <tr
                                key={key}
                                role="row"
                                data-key={key}
                                class={props.fresh?.has(key) ? "row-fresh" : ""}
                                tabIndex={props.onOpen ? (key === stop ? 0 : -1) : undefined}
                                aria-current={key === props.opened ? "true" : undefined}
                                onFocus={(event) => {
                                    if (event.target !== event.currentTarget) return;
                                    setActive(key);
                                    props.onReach?.(row);
                                }}
                                onClick={(event) => {
                                    if (!(event.target as HTMLElement).closest("a, button")) props.onOpen?.(row);
                                }}
                            >
                                {props.columns.map((column) => (
                                    <td
                                        key={column.id}
                                        role="cell"
                                        class={`cell-${column.id} ${column.kind ?? ""}`}
                                        data-title={column.title}
                                        title={column.whole?.(row)}
                                    >
                                        {column.cell(row)}
                                    </td>
                                ))}
                            </tr>
                        );
                    })}
                </tbody>
            </table>
        </div>
    );
}

function Head<Row>(props: { column: Column<Row>; sort: Sort; onSort(sort: Sort): void }) {
    const { column, sort } = props;
    const here = sort.by === column.id;
    const order = here ? (sort.order === "asc" ? "ascending" : "descending") : "none";
    const next = here ? (sort.order === "asc" ? "desc" : "asc") : (column.firstOrder ?? "asc");
    return (
        <th
            role="columnheader"
            scope="col"
            class={`cell-${column.id} ${column.kind ?? ""}`}
            aria-sort={column.sortable ? order : undefined}
            title={column.hint}
        >
            {column.sortable ? (
                <button
                    type="button"
                    class="sort"
                    onClick={() => props.onSort({ by: column.id, order: next })}
                >
                    <span>{column.title}</span>
                    <span class={here ? "sort-sign" : "sort-sign sort-idle"}>
                        <Icon name={(here ? sort.order : next) === "asc" ? "up" : "down"} />
                    </span>
                </button>
            ) : (
                <span>{column.title}</span>
            )}
        </th>
    );
}

/** The same choice as the headers, for screens where the table is laid out as cards. */
export function SortChoice<Row>(props: { columns: readonly Column<Row>[]; sort: Sort; onSort(sort: Sort): void }) {
    const options = props.columns.filter((column) => column.sortable);
    return (
        <div class="sort-choice">
            <label class="field-inline">
                <span>{t("table.sort")}</span>
                <select
                    value={props.sort.by}
                    onChange={(event) => props.onSort({ ...props.sort, by: event.currentTarget.value })}
                >
                    {options.map((column) => (
                        <option key={column.id} value={column.id}>
                            {column.title}
                        </option>
                    ))}
                </select>
            </label>
            <button
                type="button"
                class="button button-icon"
                aria-label={t(props.sort.order === "asc" ? "table.ascending" : "table.descending")}
                title={t(props.sort.order === "asc" ? "table.ascending" : "table.descending")}
                onClick={() => props.onSort({ ...props.sort, order: props.sort.order === "asc" ? "desc" : "asc" })}
            >
                <Icon name={props.sort.order === "asc" ? "up" : "down"} />
            </button>
        </div>
    );
}

/** Moves the focus by `step` rows from the focused row, else from the opened one, else to the first. */
export function moveRow(step: 1 | -1): boolean {
    const rows = [...document.querySelectorAll<HTMLElement>(".table tbody tr[tabindex]")];
    const from = rows.findIndex((row) => row === document.activeElement);
    const at = from >= 0 ? from : rows.findIndex((row) => row.getAttribute("aria-current") === "true");
    const row = at < 0 ? rows[0] : rows[Math.min(rows.length - 1, Math.max(0, at + step))];
    row?.focus();
    return row !== undefined;
}
