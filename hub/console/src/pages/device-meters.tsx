// SPDX-License-Identifier: Apache-2.0
//
// What a device counted: its meters as they stand, each with its evidence, and one of them over time.

import { useState } from "preact/hooks";
import { api, metersCsv } from "../api";
import { FigureTable } from "../components/chart";
import { Evidence } from "../components/evidence";
import { Icon } from "../components/icon";
import { MeterChart, type MeterView } from "../components/meter-chart";
import { ProblemNote } from "../components/problem-note";
import { Unknown } from "../components/unknown";
import { meterName, saidOf, type Device, type DeviceMeter } from "../device";
import { fullTime, number } from "../format";
import { t, tWord, type TextKey } from "../language";
import { texts } from "../i18n";
import { useResource } from "../resource";
import { Card } from "./device";

const day = 24 * 60 * 60_000;
const periods = [30, 90, 365] as const;

export function DeviceMeters(props: { device: Device; news: number }) {
    const { device } = props;
    const [days, setDays] = useState<number>(30);
    const [view, setView] = useState<MeterView | "table">("days");
    const [chosen, setChosen] = useState("total impressions");
    const to = (Math.floor(Date.now() / day) + 1) * day;
    const from = to - days * day;
    const asked = new Date(from).toISOString();
    const history = useResource(`${device.no} ${days} ${props.news}`, (signal) => api.deviceMeters(device.no, asked, signal));
    const items = history.value?.items ?? [];
    const meter = items.find((one) => keyOf(one) === chosen) ?? items[0];
    return (
        <Card
            title={t("meters.title")}
            class="chart meters"
            head={
                <a class="button button-small" href={metersCsv(device.no, asked)} download={`meters-${device.no}.csv`}>
                    <Icon name="download" />
                    {t("devices.export")}
                </a>
            }
        >
            <Present device={device} />
            {history.problem && <ProblemNote problem={history.problem} retry={history.reload} />}
            {items.length > 0 && (
                <div class="meters-choices">
                    <select aria-label={t("meters.choose")} value={meter ? keyOf(meter) : ""} onChange={(event) => setChosen(event.currentTarget.value)}>
                        {items.map((one) => (
                            <option key={keyOf(one)} value={keyOf(one)}>
                                {meterName(one.meter)} ({tWord("meterunit", one.unit)}){one.slot ? ` ${one.slot}` : ""}
                            </option>
                        ))}
                    </select>
                    <select aria-label={t("meters.period")} value={days} onChange={(event) => setDays(Number(event.currentTarget.value))}>
                        {periods.map((n) => (
                            <option key={n} value={n}>
                                {t("meters.days", { n })}
                            </option>
                        ))}
                    </select>
                    <div class="segments" role="group" aria-label={t("meters.view")}>
                        {(["days", "counter", "table"] as const).map((name) => (
                            <button key={name} type="button" aria-pressed={view === name} onClick={() => setView(name)}>
                                {t(({ days: "meters.per.day", counter: "meters.counter", table: "chart.as.table" } as const)[name])}
                            </button>
                        ))}
                    </div>
                    {meter && <span class="meters-counted">{t("meters.counted", { n: number(meter.counted) })}</span>}
                </div>
            )}
            {meter?.gap && (
                <p class="meters-gap">
                    <Icon name="alert" />
                    {t("meters.gap")}
                </p>
            )}
            {meter && meter.points.length === 0 && <p class="card-empty">{t("meters.nothing")}</p>}
            {meter && meter.points.length > 0 && (view === "table" ? <Readings meter={meter} /> : <MeterChart meter={meter} view={view} from={from} to={to} />)}
            {history.value && items.length === 0 && <p class="card-empty">{t("meters.nothing")}</p>}
        </Card>
    );
}

function keyOf(meter: Pick<DeviceMeter, "meter" | "unit" | "slot">): string {
    return [meter.meter, meter.unit, meter.slot || ""].join(" ").trim();
}

/** The meters as they were read last. */
function Present(props: { device: Device }) {
    const { values: model } = props.device;
    const rows = model.meters ?? [];
    if (rows.length === 0) return <p class="card-empty">{t("meters.none")}</p>;
    return (
        <dl class="facts facts-figures meters-now">
            {rows.map((row) => (
                <div key={`${row["meter"]} ${row["unit"]} ${row["slot"] ?? ""}`}>
                    <dt>{meterName(String(row["meter"]))}</dt>
                    <dd>
                        <Evidence said={saidOf(model, row, "count")} show={(said) => (typeof said.value === "number" ? number(said.value) : <Unknown why={t("device.unknown")} />)} />
                    </dd>
                </div>
            ))}
        </dl>
    );
}

function Readings(props: { meter: DeviceMeter }) {
    return (
        <FigureTable
            label={t("meters.title")}
            columns={[{ title: t("meters.column.at") }, { title: t("meters.column.count"), number: true }, { title: t("meters.column.counted"), number: true }, { title: t("meters.column.source") }]}
            rows={[...props.meter.points].reverse().map((point) => [fullTime(point.at), number(point.count), counted(point), tWord("said", point.source)])}
        />
    );
}

function counted(point: DeviceMeter["points"][number]): string {
    const key = `meterchange.${point.change}`;
    const word = key in texts ? t(key as TextKey) : "";
    if (point.counted === null || point.change === "impossible") return word;
    return [number(point.counted), word].filter(Boolean).join(", ");
}
