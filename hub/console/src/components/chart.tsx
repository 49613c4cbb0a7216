// SPDX-License-Identifier: Apache-2.0
//
// What the charts share: the scale, the lines, and a mark for each thing that has a value, reached by pointer, finger and arrow keys. To a screen reader a
// chart is a slider along its marks, which says each one's words. Hand-made SVG: widths are percentages, so it follows its box without being measured.

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { number } from "../format";
import { t } from "../language";
import { scaleLines } from "../scale";
import { Icon } from "./icon";

/** Heights in pixels: above the scale, the scale, and the words below it. */
const above = 14;
const below = 22;

export interface Mark {
    /** Where it stands, in percent of the width. */
    left: number;
    width: number;
    words: readonly [head: string, ...lines: string[]];
}

export interface Scale {
    low: number;
    top: number;
    height: number;
}

/** Where a value of the scale stands. */
export function yOf(scale: Scale, value: number): number {
    return above + scale.height * (1 - (value - scale.low) / (scale.top - scale.low));
}

/** Where the words below the scale stand. */
export const tickY = (scale: Scale): number => above + scale.height + 16;

interface ChartProps {
    /** What it shows, in a sentence. */
    label: string;
    scale: Scale;
    /** Room for numbers of counters. */
    wide?: boolean;
    show?(value: number): string;
    marks: readonly Mark[];
    /** The mark that the keys begin at; the last one unless told. */
    start?: number;
    children: ComponentChildren;
}

export function Chart(props: ChartProps) {
    const { scale, marks, show = number } = props;
    const [at, setAt] = useState<number | null>(null);
    const full = above + scale.height + below;
    const lines = scaleLines(scale.top - scale.low).map((value) => value + scale.low);
    const last = marks.length - 1;
    const start = Math.min(last, props.start ?? last);
    const shown = at === null ? undefined : marks[at];
    const here = Math.min(last, at ?? start);
    const said = marks[here];

    function onKeyDown(event: KeyboardEvent): void {
        const next = { ArrowLeft: here - 1, ArrowDown: here - 1, ArrowRight: here + 1, ArrowUp: here + 1, Home: 0, End: last }[event.key];
        if (event.key === "Escape" && at !== null) setAt(null);
        else if (next !== undefined) setAt(Math.min(last, Math.max(0, next)));
        else return;
        event.preventDefault();
        event.stopPropagation();
    }

    return (
        <div class="bars">
            <svg class={props.wide ? "bars-scale-field bars-scale-wide" : "bars-scale-field"} height={full} aria-hidden="true">
                {lines.map((value) => (
                    <text key={value} class="bars-scale" x={props.wide ? 62 : 36} y={yOf(scale, value) + 4}>
                        {show(value)}
                    </text>
                ))}
            </svg>
            <div
                class="bars-field"
                aria-label={props.label}
                {...(said
                    ? { role: "slider", tabIndex: 0, "aria-valuemin": 1, "aria-valuemax": marks.length, "aria-valuenow": here + 1, "aria-valuetext": said.words.join(", ") }
                    : { role: "img" })}
                onKeyDown={onKeyDown}
                onFocus={() => setAt(here)}
                onBlur={() => setAt(null)}
                onPointerLeave={(event) => event.pointerType === "mouse" && setAt(null)}
            >
                <svg class="bars-drawing" height={full} aria-hidden="true">
                    {lines.map((value) => (
                        <line key={value} class="bars-line" x1="0" x2="100%" y1={yOf(scale, value)} y2={yOf(scale, value)} />
                    ))}
                    {shown && <rect class="bar-at" x={`${shown.left}%`} width={`${shown.width}%`} y={above} height={scale.height + below} />}
                    {props.children}
                    {marks.map((mark, index) => (
                        <rect key={index} class="bar-field" x={`${mark.left}%`} width={`${mark.width}%`} y={above} height={scale.height + below} onPointerEnter={() => setAt(index)} />
                    ))}
                </svg>
                {shown && (
                    <p class="bars-tip" style={besides(shown)}>
                        <strong>{shown.words[0]}</strong>
                        {shown.words.slice(1).map((line) => (
                            <span key={line}>{line}</span>
                        ))}
                    </p>
                )}
            </div>
        </div>
    );
}

/** To the right of a mark in the left half, to its left in the right half: never over it, never off the edge. */
function besides({ left, width }: Mark): { left: string } | { right: string } {
    return left + width / 2 < 50 ? { left: `${left + width}%` } : { right: `${100 - left}%` };
}

/** The button between a chart and its numbers. */
export function AsTable(props: { on: boolean; set(on: boolean): void }) {
    return (
        <button type="button" class="button button-small" onClick={() => props.set(!props.on)}>
            <Icon name={props.on ? "overview" : "table"} />
            {t(props.on ? "chart.as.bars" : "chart.as.table")}
        </button>
    );
}

interface FigureTableProps {
    label: string;
    columns: readonly { title: string; number?: boolean }[];
    /** The first cell of a row names it. */
    rows: readonly (readonly string[])[];
}

export function FigureTable(props: FigureTableProps) {
    return (
        <div class="hours-scroll" tabIndex={0} role="region" aria-label={props.label}>
            <table class="hours" aria-label={props.label}>
                <thead>
                    <tr>
                        {props.columns.map((column) => (
                            <th key={column.title} scope="col" class={column.number ? "number" : ""}>
                                {column.title}
                            </th>
                        ))}
                    </tr>
                </thead>
                <tbody>
                    {props.rows.map(([name, ...cells], row) => (
                        <tr key={row}>
                            <th scope="row">{name}</th>
                            {cells.map((cell, at) => (
                                <td key={at} class={props.columns[at + 1]?.number ? "number" : ""}>
                                    {cell}
                                </td>
                            ))}
                        </tr>
                    ))}
                </tbody>
            </table>
        </div>
    );
}
