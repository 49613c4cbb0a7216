// SPDX-License-Identifier: Apache-2.0
//
// The scale of a chart: four equal steps of whole, round numbers.

const steps = 4;

/** The end of a scale that begins at 0 and holds `most`. */
export function niceTop(most: number): number {
    const step = Math.max(1, most / steps);
    const unit = 10 ** Math.floor(Math.log10(step));
    const round = [1, 1.5, 2, 2.5, 3, 4, 5, 10].find((factor) => factor * unit >= step && Number.isInteger(factor * unit)) ?? 10;
    return round * unit * steps;
}

export function scaleLines(top: number): number[] {
    return Array.from({ length: steps + 1 }, (_, line) => (top / steps) * line);
}
