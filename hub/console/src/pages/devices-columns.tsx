// SPDX-License-Identifier: Apache-2.0
//
// The columns of the devices table.

import { Badge } from "../components/badge";
import { Link } from "../components/link";
import { SupplyBars } from "../components/supply-bars";
import type { Column } from "../components/table";
import { Count, Text, Unknown } from "../components/unknown";
import { modelOf, nameOf, stateTone, stateWhy, type DeviceRow } from "../device";
import { fullTime, percent, relative } from "../format";
import { t, tWord } from "../language";

export function StateBadge(props: { state: string }) {
    return <Badge tone={stateTone(props.state)} text={tWord("devstate", props.state)} title={stateWhy(props.state)} />;
}

export function Seen(props: { instant: string | null; now: number }) {
    if (props.instant === null) return <>{t("agent.never")}</>;
    return (
        <time dateTime={props.instant} title={fullTime(props.instant)}>
            {relative(props.instant, props.now)}
        </time>
    );
}

export function deviceColumns(now: number, withTenant: boolean): Column<DeviceRow>[] {
    const columns: Column<DeviceRow>[] = [
        { id: "state", title: t("devices.state"), sortable: true, cell: (device) => <StateBadge state={device.state} /> },
        {
            id: "name",
            title: t("device.name"),
            sortable: true,
            cell: (device) => <Name device={device} />,
            whole: (device) => [nameOf(device), modelOf(device)].filter(Boolean).join(" · "),
        },
        { id: "location", title: t("device.location"), sortable: true, cell: (device) => <Text value={device.location} />, whole: (device) => device.location ?? undefined },
        { id: "address", title: t("device.address"), cell: (device) => <Text value={device.address} />, whole: (device) => device.address ?? undefined },
        { id: "serial", title: t("device.serial"), cell: (device) => <Text value={device.serial} />, whole: (device) => device.serial ?? undefined },
        { id: "supply", title: t("device.supply"), sortable: true, cell: (device) => <Supplies device={device} /> },
        { id: "total", title: t("device.total"), hint: t("device.total.hint"), kind: "number", sortable: true, firstOrder: "desc", cell: (device) => <Count value={device.total} /> },
        { id: "seen", title: t("device.seen"), sortable: true, firstOrder: "desc", cell: (device) => <Seen instant={device.last_seen} now={now} /> },
    ];
    if (withTenant) columns.splice(3, 0, { id: "tenant", title: t("tenant"), cell: (device) => device.tenant, whole: (device) => device.tenant });
    return columns;
}

function Name(props: { device: DeviceRow }) {
    const { device } = props;
    const model = modelOf(device);
    return (
        <>
            <Link to={`/devices/${device.no}`} class="device-name">
                {nameOf(device)}
            </Link>
            {device.name && model && <span class="device-model">{model}</span>}
        </>
    );
}

function Supplies(props: { device: DeviceRow }) {
    const { supplies, lowest, low } = props.device;
    if (supplies.length === 0) return <Unknown why={t("supply.none")} />;
    return (
        <span class="device-supplies">
            <SupplyBars supplies={supplies} />
            {lowest !== null && <span class={low ? "device-lowest device-lowest-low" : "device-lowest"}>{percent(lowest / 100)}</span>}
            {lowest === null && low && <span class="device-lowest device-lowest-low">{t("supplystate.low")}</span>}
        </span>
    );
}
