// SPDX-License-Identifier: Apache-2.0
//
// The model catalogue: what it is missing, its models, its versions. Each change is a further version on the one that is shown; what others changed
// meanwhile is told, never overwritten.

import { useRef, useState } from "preact/hooks";
import { catalogueApi, modelName, type CatalogueModel, type CataloguePage } from "../catalogue";
import { ConfirmDialog } from "../components/confirm-dialog";
import { Empty } from "../components/empty";
import { Icon } from "../components/icon";
import { Link } from "../components/link";
import { PageHead } from "../components/page-head";
import { ProblemNote } from "../components/problem-note";
import { toast } from "../components/toast";
import { TypedField } from "../components/typed-field";
import { fullTime, number } from "../format";
import { t } from "../language";
import { useResource } from "../resource";
import { CatalogueForm } from "./catalogue-form";
import { CatalogueHistory, CatalogueImport, exportVersion } from "./catalogue-documents";
import { CatalogueMissing } from "./catalogue-missing";

export type CatalogueOpen = { kind: "import" } | { kind: "new"; model: CatalogueModel } | { kind: "edit"; model: CatalogueModel } | { kind: "remove"; model: CatalogueModel };

const fresh: CatalogueModel = { make: "", model: "", source: "" };

export function Catalogue() {
    const [search, setSearch] = useState("");
    const [after, setAfter] = useState<number[]>([0]); // where the pages that are shown begin
    const list = useResource(`${search} ${after.join()}`, async (signal) => {
        const pages: CataloguePage[] = [];
        for (const from of after) pages.push(await catalogueApi.page(search, from, signal));
        return { ...pages.at(-1)!, items: pages.flatMap((page) => page.items) };
    });
    const [open, setOpen] = useState<CatalogueOpen | null>(null);
    const now = list.value;

    function done(said: string | null): void {
        setOpen(null);
        if (!said) return;
        toast(said);
        setAfter([0]);
        list.reload();
    }

    return (
        <>
            <PageHead title={t("page.catalogue")}>
                {now && (
                    <div class="head-acts">
                        {now.version !== null && (
                            <button type="button" class="button" onClick={() => void exportVersion(now.version!)}>
                                {t("catalogue.export")}
                            </button>
                        )}
                        {now.changeable && (
                            <>
                                <button type="button" class="button" onClick={() => setOpen({ kind: "import" })}>
                                    {t("catalogue.import")}
                                </button>
                                <button type="button" class="button button-primary" onClick={() => setOpen({ kind: "new", model: fresh })}>
                                    {t("catalogue.add")}
                                </button>
                            </>
                        )}
                    </div>
                )}
            </PageHead>
            <p class="crumbs">
                <Link to="/devices">{t("device.back")}</Link>
            </p>
            <p class="lead page-lead">{t("catalogue.text")}</p>
            {list.problem && <ProblemNote problem={list.problem} retry={list.reload} />}
            {!now && !list.problem && <p class="quiet-start">{t("loading")}</p>}
            {now && <State now={now} />}
            {now && <CatalogueMissing version={now.version} add={now.changeable ? (model) => setOpen({ kind: "new", model }) : null} />}
            {now && now.models > 0 && (
                <section class="catalogue-part">
                    <search class="filters filters-open">
                        <span class="search">
                            <Icon name="search" />
                            <TypedField label={t("catalogue.search")} value={search} onValue={(value) => (setSearch(value), setAfter([0]))} />
                            <kbd aria-hidden="true">/</kbd>
                        </span>
                    </search>
                    <ul class="sets catalogue-models">
                        {now.items.map((model) => (
                            <ModelCard key={modelName(model)} model={model} change={now.changeable} open={(kind) => setOpen({ kind, model })} />
                        ))}
                    </ul>
                    <p class="soft catalogue-more">
                        {t("catalogue.shown", { n: number(now.items.length), all: number(now.count) })}
                        {now.next !== null && (
                            <button type="button" class="button button-small" onClick={() => setAfter([...after, now.next!])}>
                                {t("catalogue.more")}
                            </button>
                        )}
                    </p>
                </section>
            )}
            {now?.version && <CatalogueHistory latest={now.version} change={now.changeable} done={done} />}
            {now && open?.kind === "import" && <CatalogueImport on={now.version} close={done} />}
            {now && (open?.kind === "new" || open?.kind === "edit") && <CatalogueForm model={open.model} was={open.kind === "edit" ? open.model : null} on={now.version} close={done} />}
            {now && open?.kind === "remove" && <Remove model={open.model} on={now.version} close={done} />}
        </>
    );
}

function State(props: { now: CataloguePage }) {
    const { now } = props;
    if (now.version === null) {
        return (
            <Empty icon="table" title={t("catalogue.none")}>
                <p>{t(now.changeable ? "catalogue.none.text" : "catalogue.readonly")}</p>
            </Empty>
        );
    }
    const said = { n: number(now.version), models: t("catalogue.models.n", { n: number(now.models) }, now.models), name: now.author ?? "", time: now.changed ? fullTime(now.changed) : "" };
    return (
        <>
            <p class="page-lead soft">
                {t("catalogue.version", said)}
                {now.note && ` · ${now.note}`}
            </p>
            {!now.changeable && <p class="note note-info">{t("catalogue.readonly")}</p>}
        </>
    );
}

function ModelCard(props: { model: CatalogueModel; change: boolean; open(kind: "edit" | "remove"): void }) {
    const { model } = props;
    const name = modelName(model);
    const said = [
        model.ppm && t("entry.speed.mono", { n: number(model.ppm) }),
        model.introduced && `${t("catalogue.introduced")} ${model.introduced}`,
        model.supplies && t("catalogue.supplies.n", { n: number(model.supplies.length) }, model.supplies.length),
    ].filter(Boolean);
    return (
        <li class="card set">
            <h2>{name}</h2>
            <p class="soft">{said.join(" · ")}</p>
            <p class="soft catalogue-source">{t("catalogue.source.is", { source: model.source })}</p>
            {props.change && (
                <span class="row-acts">
                    <button type="button" class="button button-small" aria-label={t("catalogue.edit.of", { name })} onClick={() => props.open("edit")}>
                        {t("catalogue.edit")}
                    </button>
                    <button type="button" class="button button-small" aria-label={t("catalogue.remove.of", { name })} onClick={() => props.open("remove")}>
                        {t("catalogue.remove")}
                    </button>
                </span>
            )}
        </li>
    );
}

function Remove(props: { model: CatalogueModel; on: number | null; close(said: string | null): void }) {
    const name = modelName(props.model);
    const version = useRef(0);
    return (
        <ConfirmDialog
            title={t("catalogue.remove.of", { name })}
            act={t("catalogue.remove")}
            run={async () => (version.current = (await catalogueApi.dropModel(props.model, props.on)).version)}
            close={(gone) => props.close(gone ? t("catalogue.removed", { name, n: number(version.current) }) : null)}
        >
            <p>{t("catalogue.remove.text")}</p>
        </ConfirmDialog>
    );
}
