// SPDX-License-Identifier: Apache-2.0
//
// The level of a supply over time: a small line of steps, and the same with scale, words and numbers. A level stands until the next one was read.

import { useState } from "preact/hooks";
import type { SupplyHistory } from "../device";
import { date, fullTime, percent } from "../format";
import { t } from "../language";
import { AsTable, Chart, FigureTable, tickY, yOf } from "./chart";
import { Dialog } from "./dialog";

interface Levels {
    points: SupplyHistory["points"];
    from: number;
    to: number;
}

export function LevelLine(props: Levels) {
    const width = 84;
    const height = 22;
    const x = (at: string): number => (part(props, at) / 100) * width;
    const y = (level: number): number => height - 1 - (level / 100) * (height - 2);
    const line = props.points.map((point, index) => `${index ? "H" : "M"}${x(point.at).toFixed(1)}${index ? "V" : " "}${y(point.percent).toFixed(1)}`).join("");
    return (
        <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
            <path d={`${line}H${x(props.points.at(-1)!.until).toFixed(1)}`} />
        </svg>
    );
}

export function LevelDialog(props: Levels & { name: string; close(): void }) {
    const [asTable, setAsTable] = useState(false);
    const name = t("supply.history");
    return (
        <Dialog title={props.name} close={props.close}>
            <section class="chart">
                <header class="card-head">
                    <h3>{name}</h3>
                    <AsTable on={asTable} set={setAsTable} />
                </header>
                {asTable ? (
                    <FigureTable
                        label={name}
                        columns={[{ title: t("supply.column.from") }, { title: t("supply.column.until") }, { title: t("supply.column.level"), number: true }]}
                        rows={[...props.points].reverse().map((point) => [fullTime(point.at), fullTime(point.until), percent(point.percent / 100)])}
                    />
                ) : (
                    <Steps {...props} label={`${props.name}: ${name}`} />
                )}
            </section>
        </Dialog>
    );
}

function Steps(props: Levels & { label: string }) {
    const { points, from, to } = props;
    const scale = { low: 0, top: 100, height: 150 };
    const steps = points.map((point, index) => {
        const left = part(props, point.at);
        return { point, left, right: Math.max(left, part(props, points[index + 1]?.at ?? point.until)), y: yOf(scale, point.percent) };
    });
    const marks = steps.map(({ point, left, right }) => ({ left, width: right - left, words: [percent(point.percent / 100), t("supply.tip", { from: date(point.at), until: date(point.until) })] as const }));
    return (
        <Chart label={props.label} scale={scale} marks={marks} show={(value) => percent(value / 100)}>
            {steps.map(({ point, left, right, y }, index) => (
                <g key={point.at} class="level-step">
                    {index > 0 && <line x1={`${left}%`} x2={`${left}%`} y1={steps[index - 1]!.y} y2={y} />}
                    <line x1={`${left}%`} x2={`${right}%`} y1={y} y2={y} />
                </g>
            ))}
            {[from, (from + to) / 2, to].map((at, index) => (
                <text key={at} class={`bars-hour ${["tick-first", "", "tick-last"][index]}`} x={`${index * 50}%`} y={tickY(scale)}>
                    {date(new Date(at).toISOString())}
                </text>
            ))}
        </Chart>
    );
}

/** Where an instant stands between both ends, in percent. */
function part({ from, to }: Pick<Levels, "from" | "to">, at: string): number {
    return Math.min(100, Math.max(0, ((Date.parse(at) - from) / (to - from)) * 100));
}
