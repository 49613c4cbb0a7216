// SPDX-License-Identifier: Apache-2.0
//
// The supplies of a device: level, how long it lasts with its range, and the level over the last 90 days.

import { useState } from "preact/hooks";
import { api } from "../api";
import { Evidence } from "../components/evidence";
import { LevelDialog, LevelLine } from "../components/level-chart";
import { inkOf, rowOf, saidOf, textOf, type Device, type SupplyFigures, type SupplyHistory } from "../device";
import { number, percent } from "../format";
import { t, tWord } from "../language";
import { useResource } from "../resource";
import { Card } from "./device";

const shownMs = 90 * 24 * 60 * 60_000;

export function DeviceSupplies(props: { device: Device; news: number }) {
    const { device } = props;
    const from = Date.now() - shownMs;
    const history = useResource(`${device.no} ${props.news}`, (signal) => api.deviceSupplies(device.no, new Date(from).toISOString(), signal));
    return (
        <Card title={t("device.supply")} class="supplies">
            {device.supplies.length === 0 && <p class="card-empty">{t("supply.none")}</p>}
            <ul>
                {device.supplies.map((supply) => (
                    <Supply
                        key={supply.index}
                        device={device}
                        figures={supply}
                        from={from}
                        history={history.value?.items.find((one) => one.index === supply.index)}
                    />
                ))}
            </ul>
        </Card>
    );
}

function Supply(props: { device: Device; figures: SupplyFigures; from: number; history: SupplyHistory | undefined }) {
    const { figures } = props;
    const { values: model } = props.device;
    const row = rowOf(model.supplies, figures.index);
    const text = textOf(model, row, "text");
    const color = textOf(model, row, "color");
    const state = textOf(model, row, "state");
    const part = textOf(model, row, "part");
    const level = figures.percent;
    return (
        <li class="supply">
            <p class="supply-head">
                <span class="supply-name">{text || figures.index}</span>
                {part && <span class="supply-part">{t("supply.part", { part })}</span>}
                <span class={figures.low ? "supply-value supply-value-low" : "supply-value"}>
                    <Evidence
                        said={saidOf(model, row, "level")}
                        show={(said) => (said === undefined || typeof said.value !== "number" ? t("supply.some") : level === null ? number(said.value) : percent(level / 100))}
                    />
                    {figures.low && <em>{tWord("supplystate", state || "low")}</em>}
                </span>
            </p>
            <span class={`supply-track ink-${inkOf(color, text)}`} aria-hidden="true">
                {level !== null && <span class="supply-fill" style={{ width: `${level}%` }} />}
            </span>
            <div class="supply-foot">
                <Forecast figures={figures} />
                <Order figures={figures} part={part} />
                {props.history && props.history.points.length > 1 && <Levels name={String(text || figures.index)} history={props.history} from={props.from} />}
            </div>
        </li>
    );
}

function Forecast(props: { figures: SupplyFigures }) {
    const { days, least, most, points } = props.figures;
    if (days === null) {
        return (
            <span class="unknown" title={t("supply.range.none")}>
                <span aria-hidden="true">—</span>
                <span class="sr-only">{t("supply.range.none")}</span>
            </span>
        );
    }
    return (
        <span title={t("supply.range.why", { n: points })}>
            {t("supply.days", { n: number(days) }, days)}
            {least !== null && most !== null && <span class="supply-range"> ({t("supply.range", { least: number(least), most: number(most) })})</span>}
        </span>
    );
}

/** What the catalogue says to order, where the printer does not say the same, and what is left by its yield. */
function Order(props: { figures: SupplyFigures; part: string }) {
    const { parts = [], pages_left: left = null, percent: level } = props.figures;
    const only = parts.length === 1 ? parts[0]! : null;
    const why = (): string =>
        t("supply.pages.why", { percent: percent((level ?? 0) / 100), yield: number(only?.yield ?? 0), basis: only?.basis ? ` (${only.basis})` : "" });
    const same = only?.part.toLowerCase() === props.part.toLowerCase();
    return (
        <>
            {left !== null && <span title={why()}>{t("supply.pages", { n: number(left) })}</span>}
            {parts.length > 0 && !same && <span class="supply-order">{t("supply.order", { parts: parts.map((one) => one.part).join(" / ") })}</span>}
        </>
    );
}

/** The level over the last 90 days, small; a press shows it with its scale and numbers. */
function Levels(props: { name: string; history: SupplyHistory; from: number }) {
    const [open, setOpen] = useState(false);
    const of = { points: props.history.points, from: props.from, to: props.from + shownMs };
    return (
        <>
            <button type="button" class="supply-levels" aria-label={t("supply.history.of", { name: props.name })} title={t("supply.history")} onClick={() => setOpen(true)}>
                <LevelLine {...of} />
            </button>
            {open && <LevelDialog name={props.name} {...of} close={() => setOpen(false)} />}
        </>
    );
}
