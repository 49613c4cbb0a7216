// SPDX-License-Identifier: Apache-2.0
//
// The devices: the table with its filters and pages, and below /devices/ the page of one of them.

import { useRef } from "preact/hooks";
import { api, devicesCsv, readsCsv } from "../api";
import { useNow } from "../clock";
import { Empty } from "../components/empty";
import { EnrolSteps } from "../components/enrol-steps";
import { GroupChoice } from "../components/group-choice";
import { Icon } from "../components/icon";
import { Link } from "../components/link";
import { PageHead } from "../components/page-head";
import { Pager } from "../components/pager";
import { ProblemNote } from "../components/problem-note";
import { moveRow, SortChoice, Table } from "../components/table";
import { TypedField } from "../components/typed-field";
import { deviceStates, type DevicePage as Page, type DeviceRow } from "../device";
import { relative } from "../format";
import { useGently } from "../gently";
import { useKeys } from "../keys";
import { t } from "../language";
import { useNewReadings } from "../live";
import { useResource } from "../resource";
import { goTo, place } from "../router";
import { holds } from "../session";
import { useStore } from "../store";
import { DevicePage } from "./device";
import { deviceColumns } from "./devices-columns";
import { addressOfDevices, askOfDevices, filtersOfDevices, isFilteredDevices, readDevicesView, type DevicesView } from "./devices-view";

const month = 30 * 24 * 60 * 60_000;

/** Cursors of the pages before the shown one, oldest first; the browser keeps them with its history. */
interface Memory {
    cursors: string[];
}

export function Devices() {
    const { path } = useStore(place);
    const no = path.slice("/devices/".length);
    return no ? <DevicePage key={no} no={no} /> : <DeviceList />;
}

function DeviceList() {
    const { query, memory } = useStore(place);
    const view = readDevicesView(query);
    const now = useNow(15_000);
    const ask = askOfDevices(view);
    const list = useResource(ask, (signal) => api.devices(ask, signal));
    const rows = list.value?.items ?? [];
    const cursors = (memory as Memory | null)?.cursors;
    useNewReadings(useGently(list.reload));
    useKeys({ j: () => moveRow(1), k: () => moveRow(-1) });

    function show(change: Partial<DevicesView>, options: { replace?: boolean } = {}): void {
        goTo(addressOfDevices({ ...view, cursor: "", page: 1, ...change }), options);
    }
    function turn(cursor: string, page: number, before: string[]): void {
        goTo(addressOfDevices({ ...view, cursor, page }), { memory: { cursors: before } satisfies Memory });
    }

    const tenants = useRef(false);
    tenants.current ||= new Set(rows.map((device) => device.tenant)).size > 1;
    const columns = deviceColumns(now, tenants.current);
    const sortBy = (sort: DevicesView["sort"]): void => show({ sort });
    const filtered = isFilteredDevices(view);
    const next = list.value?.next;
    const previous = cursors?.at(-1);
    const unreadable = list.value?.unreadable[0];

    return (
        <>
            <PageHead title={t("page.devices")}>
                {list.value && (list.value.total > 0 || filtered) && <Downloads view={view} now={now} />}
            </PageHead>
            {unreadable && (
                <p class="note note-info device-note">
                    <Icon name="alert" />
                    {t("devices.unreadable", { when: relative(unreadable.at, now), why: unreadable.detail.why })}
                </p>
            )}
            {list.value && (list.value.total > 0 || filtered) && <Filters view={view} page={list.value} change={(change, typed) => show(change, { replace: typed })} />}
            {list.problem && (
                <ProblemNote problem={list.problem} retry={list.problem.status === 400 && view.cursor ? () => turn("", 1, []) : list.reload} />
            )}
            {!list.value && !list.problem && <p class="quiet-start">{t("loading")}</p>}
            {list.value && rows.length === 0 && <NoDevices filtered={filtered} />}
            {rows.length > 0 && (
                <>
                    <SortChoice columns={columns} sort={view.sort} onSort={sortBy} />
                    <Table<DeviceRow>
                        name="devices"
                        label={t("page.devices")}
                        columns={columns}
                        rows={rows}
                        keyOf={(device) => String(device.no)}
                        sort={view.sort}
                        onSort={sortBy}
                        busy={list.busy && list.answers !== ask}
                        onOpen={(device) => goTo(`/devices/${device.no}`)}
                    />
                    <Pager
                        first={(view.page - 1) * view.size + 1}
                        shown={rows.length}
                        total={list.value?.total ?? 0}
                        size={view.size}
                        onSize={(size) => show({ size })}
                        toFirst={view.page > 1 ? () => turn("", 1, []) : null}
                        toPrevious={previous === undefined ? null : () => turn(previous, view.page - 1, cursors!.slice(0, -1))}
                        toNext={next ? () => turn(next, view.page + 1, [...(cursors ?? []), view.cursor]) : null}
                    />
                </>
            )}
        </>
    );
}

function Downloads(props: { view: DevicesView; now: number }) {
    const from = `${new Date(props.now - month).toISOString().slice(0, 10)}T00:00:00.000Z`;
    return (
        <span class="device-downloads">
            <Link class="button button-small" to="/device-groups">
                {t("devicegroups.link")}
            </Link>
            <Link class="button button-small" to="/catalogue">
                {t("catalogue.link")}
            </Link>
            {holds("billing") && (
                <a class="button button-small" href={readsCsv(from)} download="meter-reads.csv" title={t("devices.reads.title")}>
                    <Icon name="download" />
                    {t("devices.reads")}
                </a>
            )}
            <a class="button button-small" href={devicesCsv(filtersOfDevices(props.view))} download="devices.csv" title={t("devices.export.title")}>
                <Icon name="download" />
                {t("devices.export")}
            </a>
        </span>
    );
}

function Filters(props: { view: DevicesView; page: Page; change(change: Partial<DevicesView>, typed: boolean): void }) {
    const { view, change } = props;
    const flags = ["attention", "low"] as const;
    return (
        <search class="filters filters-open">
            <span class="search">
                <Icon name="search" />
                <TypedField label={t("devices.search")} title={t("devices.search.hint")} value={view.search} onValue={(search) => change({ search }, true)} />
                <kbd aria-hidden="true">/</kbd>
            </span>
            <select aria-label={t("devices.state")} value={view.state} class={view.state ? "set" : ""} onChange={(event) => change({ state: event.currentTarget.value }, false)}>
                <option value="">{t("devices.state.any")}</option>
                {deviceStates.map((state) => (
                    <option key={state} value={state}>
                        {t(`devstate.${state}`)}
                    </option>
                ))}
            </select>
            <select aria-label={t("devices.make")} value={view.make} class={view.make ? "set" : ""} onChange={(event) => change({ make: event.currentTarget.value }, false)}>
                <option value="">{t("devices.make.any")}</option>
                {props.page.makes.map(({ make }) => (
                    <option key={make} value={make}>
                        {make}
                    </option>
                ))}
            </select>
            <GroupChoice chosen={view.group} change={(group) => change({ group }, false)} />
            {flags.map((flag) => (
                <button key={flag} type="button" class={view[flag] ? "button set" : "button"} aria-pressed={view[flag]} onClick={() => change({ [flag]: !view[flag] }, false)}>
                    {t(`devices.${flag}`)}
                </button>
            ))}
        </search>
    );
}

function NoDevices(props: { filtered: boolean }) {
    const agents = useResource("agents", (signal) => api.agents("limit=1", signal));
    if (props.filtered) {
        return (
            <Empty icon="filter" title={t("devices.none.filtered")}>
                <p>
                    <Link to="/devices">{t("devices.none.filtered.text")}</Link>
                </p>
            </Empty>
        );
    }
    const reporting = (agents.value?.total ?? 0) > 0;
    return (
        <Empty icon="printer" title={t("devices.none")}>
            <p>{t(reporting ? "devices.none.agents" : "devices.none.text")}</p>
            {agents.value && !reporting && <EnrolSteps />}
        </Empty>
    );
}
