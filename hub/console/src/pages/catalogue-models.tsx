// SPDX-License-Identifier: Apache-2.0
//
// The models of the catalogue as a table: searched, filtered, sorted and paged; a row opens what its entry says.

import { useState } from "preact/hooks";
import { modelName, type CatalogueModel } from "../catalogue";
import { Empty } from "../components/empty";
import { Icon } from "../components/icon";
import { Link } from "../components/link";
import { Pager } from "../components/pager";
import { moveRow, SortChoice, Table, type Column } from "../components/table";
import { TypedField } from "../components/typed-field";
import { Count, Unknown } from "../components/unknown";
import { useKeys } from "../keys";
import { t } from "../language";
import { goTo, place } from "../router";
import { useStore } from "../store";
import { CatalogueEntryDialog, flagWord } from "./catalogue-entry";
import { addressOfCatalogue, colorChoices, lacks, readCatalogueView, selectModels, type CatalogueView } from "./catalogue-list";

interface ModelsProps {
    models: readonly CatalogueModel[];
    /** null: who looks may not change it. */
    act: ((kind: "edit" | "remove", model: CatalogueModel) => void) | null;
}

export function CatalogueModels(props: ModelsProps) {
    const view = readCatalogueView(useStore(place).query);
    const [opened, setOpened] = useState<CatalogueModel | null>(null);
    const selected = selectModels(props.models, view);
    const page = Math.min(view.page, Math.max(1, Math.ceil(selected.length / view.size)));
    const first = (page - 1) * view.size;
    const rows = selected.slice(first, first + view.size);
    const columns = columnsOf(props.act);
    useKeys({ j: () => moveRow(1), k: () => moveRow(-1) });

    function show(change: Partial<CatalogueView>, replace = false): void {
        goTo(addressOfCatalogue({ ...view, page: 1, ...change }), { replace });
    }
    const sortBy = (sort: CatalogueView["sort"]): void => show({ sort });
    const turn = (to: number): (() => void) | null => (to >= 1 && (to - 1) * view.size < selected.length && to !== page ? () => show({ page: to }) : null);

    return (
        <section class="catalogue-part">
            <h2>{t("catalogue.models")}</h2>
            <Filters models={props.models} view={view} show={show} />
            {rows.length === 0 && (
                <Empty icon="filter" title={t("catalogue.filtered")}>
                    <p>
                        <Link to="/catalogue">{t("catalogue.filtered.text")}</Link>
                    </p>
                </Empty>
            )}
            {rows.length > 0 && (
                <>
                    <SortChoice columns={columns} sort={view.sort} onSort={sortBy} />
                    <Table<CatalogueModel>
                        name="catalogue"
                        label={t("catalogue.models")}
                        columns={columns}
                        rows={rows}
                        keyOf={modelName}
                        sort={view.sort}
                        onSort={sortBy}
                        busy={false}
                        onOpen={setOpened}
                    />
                    <Pager
                        first={first + 1}
                        shown={rows.length}
                        total={selected.length}
                        size={view.size}
                        onSize={(size) => show({ size })}
                        toFirst={page > 1 ? turn(1) : null}
                        toPrevious={turn(page - 1)}
                        toNext={turn(page + 1)}
                    />
                </>
            )}
            {opened && <CatalogueEntryDialog entry={opened} close={() => setOpened(null)} />}
        </section>
    );
}

function Filters(props: { models: readonly CatalogueModel[]; view: CatalogueView; show(change: Partial<CatalogueView>, replace?: boolean): void }) {
    const { view, show } = props;
    const makes = [...new Set(props.models.map((model) => model.make))].sort((a, b) => a.localeCompare(b));
    return (
        <search class="filters filters-open">
            <span class="search">
                <Icon name="search" />
                <TypedField label={t("catalogue.search")} value={view.search} onValue={(search) => show({ search }, true)} />
                <kbd aria-hidden="true">/</kbd>
            </span>
            <select aria-label={t("catalogue.make")} value={view.make} class={view.make ? "set" : ""} onChange={(event) => show({ make: event.currentTarget.value })}>
                <option value="">{t("devices.make.any")}</option>
                {makes.map((make) => (
                    <option key={make} value={make}>
                        {make}
                    </option>
                ))}
            </select>
            <select aria-label={t("catalogue.color")} value={view.color} class={view.color ? "set" : ""} onChange={(event) => show({ color: event.currentTarget.value as CatalogueView["color"] })}>
                <option value="">{t("catalogue.color.any")}</option>
                {colorChoices.map((choice) => (
                    <option key={choice} value={choice}>
                        {t(`catalogue.color.${choice}`)}
                    </option>
                ))}
            </select>
            <select aria-label={t("catalogue.lack")} value={view.lack} class={view.lack ? "set" : ""} onChange={(event) => show({ lack: event.currentTarget.value as CatalogueView["lack"] })}>
                <option value="">{t("catalogue.lack.any")}</option>
                {lacks.map((lack) => (
                    <option key={lack} value={lack}>
                        {t(`catalogue.lack.${lack}`)}
                    </option>
                ))}
            </select>
        </search>
    );
}

const notSaid = () => <Unknown why={t("catalogue.open")} />;

function columnsOf(act: ModelsProps["act"]): Column<CatalogueModel>[] {
    return [
        { id: "make", title: t("catalogue.make"), sortable: true, cell: (model) => model.make, whole: (model) => model.make },
        { id: "model", title: t("catalogue.model"), sortable: true, cell: (model) => model.model, whole: (model) => [model.model, ...(model.names ?? [])].join(", ") },
        { id: "introduced", title: t("catalogue.introduced"), sortable: true, firstOrder: "desc", cell: (model) => model.introduced ?? notSaid() },
        { id: "ppm", title: t("catalogue.ppm.short"), hint: t("catalogue.ppm"), kind: "number", sortable: true, firstOrder: "desc", cell: (model) => <Count value={model.ppm ?? model.ppm_color} /> },
        flagColumn("color", (model) => model.color),
        flagColumn("duplex", (model) => model.duplex),
        flagColumn("a3", (model) => model.a3),
        { id: "supplies", title: t("catalogue.supplies"), kind: "number", sortable: true, firstOrder: "desc", cell: (model) => <Count value={model.supplies?.length} /> },
        { id: "source", title: t("entry.source"), sortable: true, cell: (model) => model.source, whole: (model) => model.source },
        ...(act ? [actColumn(act)] : []),
    ];
}

function flagColumn(id: "color" | "duplex" | "a3", read: (model: CatalogueModel) => boolean | undefined): Column<CatalogueModel> {
    return { id, title: t(`catalogue.${id}`), sortable: true, firstOrder: "desc", cell: (model) => flagWord(read(model)) || notSaid() };
}

function actColumn(act: NonNullable<ModelsProps["act"]>): Column<CatalogueModel> {
    return {
        id: "act",
        title: t("agent.act"),
        cell: (model) => (
            <span class="row-acts">
                {(["edit", "remove"] as const).map((kind) => (
                    <button key={kind} type="button" class="button button-small" aria-label={t(`catalogue.${kind}.of`, { name: modelName(model) })} onClick={() => act(kind, model)}>
                        {t(`catalogue.${kind}`)}
                    </button>
                ))}
            </span>
        ),
    };
}
