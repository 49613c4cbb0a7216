// SPDX-License-Identifier: Apache-2.0
//
// One device: how it is, what it has, what it counted, how it is reached, and what happened to it. Each value shows on
// hover and focus what it stands on.

import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { api } from "../api";
import { useNow } from "../clock";
import { Evidence } from "../components/evidence";
import { Icon } from "../components/icon";
import { Link } from "../components/link";
import { ProblemNote } from "../components/problem-note";
import { modelOf, nameOf, numberOf, rowOf, saidOf, textOf, type Device, type Said } from "../device";
import { fullTime, number } from "../format";
import { useGently } from "../gently";
import { t, type TextKey } from "../language";
import { useNewReadings } from "../live";
import { useResource } from "../resource";
import { holds } from "../session";
import { DeviceAlerts } from "./device-alerts";
import { DeviceEvents } from "./device-events";
import { DeviceMeters } from "./device-meters";
import { DeviceModel } from "./device-model";
import { DeviceSupplies } from "./device-supplies";
import { DeviceWays } from "./device-ways";
import { Seen, StateBadge } from "./devices-columns";
import { MergeDialog } from "./merge-dialog";
import { DeviceReadNow, DeviceReads } from "./read-now";

export function DevicePage(props: { no: string }) {
    const details = useResource(props.no, (signal) => api.device(props.no, signal));
    const [news, setNews] = useState(0);
    const reload = (): void => (details.reload(), setNews((n) => n + 1));
    useNewReadings(useGently(reload));
    const device = details.value;
    const name = device ? nameOf(device) : null;

    useEffect(() => {
        if (name) document.title = `${name} – Platen`;
    }, [name]);

    return (
        <>
            <p class="device-back">
                <Link to="/devices">
                    <Icon name="left" />
                    {t("device.back")}
                </Link>
            </p>
            {details.problem && <ProblemNote problem={details.problem} retry={details.reload} />}
            {!device && !details.problem && <p class="quiet-start">{t("loading")}</p>}
            {device && <Whole device={device} news={news} reload={reload} />}
        </>
    );
}

function Whole(props: { device: Device; news: number; reload(): void }) {
    const { device } = props;
    const [merging, setMerging] = useState(false);
    const [asked, setAsked] = useState(0);
    return (
        <>
            <header class="page-head device-head">
                <h1>{nameOf(device)}</h1>
                <StateBadge state={device.state} />
                <span class="device-what">{[device.name ? modelOf(device) : "", device.location].filter(Boolean).join(" · ")}</span>
                <span class="device-acts">
                    {device.merged_into === null && <DeviceReadNow device={device} asked={() => setAsked((n) => n + 1)} />}
                    {holds("devices.change") && device.merged_into === null && (
                        <button type="button" class="button button-small" onClick={() => setMerging(true)}>
                            {t("merge")}
                        </button>
                    )}
                </span>
            </header>
            {device.merged_into === null && <DeviceReads key={device.no} device={device} turn={asked} />}
            {device.merged_into !== null && (
                <p class="note note-info device-note">
                    {t("device.merged")} <Link to={`/devices/${device.merged_into}`}>{t("device.merged.go")}</Link>
                </p>
            )}
            <div class="device-grid">
                <div class="device-column">
                    <DeviceSupplies device={device} news={props.news} />
                    <DeviceMeters device={device} news={props.news} />
                    <Trays device={device} />
                </div>
                <div class="device-column">
                    <DeviceAlerts device={device} />
                    <Identity device={device} />
                    <DeviceModel device={device} />
                    <DeviceWays device={device} reload={props.reload} />
                    <DeviceEvents device={device} />
                </div>
            </div>
            {merging && (
                <MergeDialog
                    device={device}
                    close={(merged) => {
                        setMerging(false);
                        if (merged) props.reload();
                    }}
                />
            )}
        </>
    );
}

export function Card(props: { title: string; class?: string; head?: ComponentChildren; children: ComponentChildren }) {
    return (
        <section class={`card ${props.class ?? ""}`}>
            <header class="card-head">
                <h2>{props.title}</h2>
                {props.head}
            </header>
            {props.children}
        </section>
    );
}

const facts: readonly (readonly [string, TextKey])[] = [
    ["make", "identity.make"],
    ["model", "device.model"],
    ["serial", "device.serial"],
    ["asset", "identity.asset"],
    ["name", "device.name"],
    ["location", "device.location"],
    ["contact", "identity.contact"],
    ["mac", "identity.mac"],
    ["uuid", "identity.uuid"],
    ["firmware", "identity.firmware"],
    ["languages", "identity.languages"],
    ["description", "identity.description"],
];

function Identity(props: { device: Device }) {
    const { device } = props;
    const { values: model } = device;
    const now = useNow(15_000);
    const shown = facts.map(([field, key]) => ({ key, said: saidOf(model, model.identity, field) })).filter(({ said }) => said.length > 0);
    return (
        <Card title={t("identity.title")}>
            <dl class="facts device-facts">
                {shown.map(({ key, said }) => (
                    <div key={key}>
                        <dt>{t(key)}</dt>
                        <dd>
                            <Evidence said={said} />
                        </dd>
                    </div>
                ))}
                <div>
                    <dt>{t("tenant")}</dt>
                    <dd>{device.tenant}</dd>
                </div>
                <div>
                    <dt>{t("device.seen")}</dt>
                    <dd>
                        <Seen instant={device.last_seen} now={now} />
                    </dd>
                </div>
                <div>
                    <dt>{t("device.first")}</dt>
                    <dd>
                        <time dateTime={device.first_seen}>{fullTime(device.first_seen)}</time>
                    </dd>
                </div>
            </dl>
        </Card>
    );
}

function Trays(props: { device: Device }) {
    const { values: model } = props.device;
    const rows = model.inputs ?? [];
    return (
        <Card title={t("trays.title")}>
            {rows.length === 0 && <p class="card-empty">{t("trays.none")}</p>}
            <ul class="trays">
                {rows.map((row) => {
                    const index = Number(row["index"]);
                    const capacity = numberOf(model, row, "capacity");
                    const level = numberOf(model, row, "level");
                    const show = (said: Said): ComponentChildren => (typeof said.value === "number" ? number(said.value) : t("supply.some"));
                    return (
                        <li key={index}>
                            <span class="tray-name">{textOf(model, rowOf(rows, index), "name") || index}</span>
                            <span class="tray-media">{textOf(model, row, "media")}</span>
                            <span class="tray-level">
                                <Evidence said={saidOf(model, row, "level")} show={show} />
                                {capacity !== null && <span class="tray-capacity">{level === null ? t("trays.capacity", { capacity: number(capacity) }) : `/ ${number(capacity)}`}</span>}
                            </span>
                        </li>
                    );
                })}
            </ul>
        </Card>
    );
}
