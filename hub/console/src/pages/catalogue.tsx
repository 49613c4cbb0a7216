// SPDX-License-Identifier: Apache-2.0
//
// The model catalogue: what it is missing, its models, its versions. Each change is a further version on the one that is shown; what others changed
// meanwhile is told, never overwritten.

import { useRef, useState } from "preact/hooks";
import { catalogueApi, modelName, type CatalogueModel, type Catalogue as InForce } from "../catalogue";
import { ConfirmDialog } from "../components/confirm-dialog";
import { Empty } from "../components/empty";
import { Link } from "../components/link";
import { PageHead } from "../components/page-head";
import { ProblemNote } from "../components/problem-note";
import { toast } from "../components/toast";
import { fullTime, number } from "../format";
import { t } from "../language";
import { useResource } from "../resource";
import { CatalogueForm } from "./catalogue-form";
import { CatalogueHistory, CatalogueImport, exportVersion } from "./catalogue-documents";
import { CatalogueMissing } from "./catalogue-missing";
import { CatalogueModels } from "./catalogue-models";
import { CatalogueStarter } from "./catalogue-starter";

export type CatalogueOpen = { kind: "import" } | { kind: "new"; model: CatalogueModel } | { kind: "edit"; model: CatalogueModel } | { kind: "remove"; model: CatalogueModel };

const fresh: CatalogueModel = { make: "", model: "", source: "" };

export function Catalogue() {
    const list = useResource("catalogue", catalogueApi.now);
    const [open, setOpen] = useState<CatalogueOpen | null>(null);
    const now = list.value;

    function done(said: string | null): void {
        setOpen(null);
        if (!said) return;
        toast(said);
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
            {now && <State now={now} done={done} />}
            {now && <CatalogueMissing version={now.version} add={now.changeable ? (model) => setOpen({ kind: "new", model }) : null} />}
            {now && now.models > 0 && <CatalogueModels models={now.items} act={now.changeable ? (kind, model) => setOpen({ kind, model }) : null} />}
            {now?.version && now.changeable && <CatalogueStarter now={now} done={done} />}
            {now?.version && <CatalogueHistory latest={now.version} change={now.changeable} done={done} />}
            {now && open?.kind === "import" && <CatalogueImport on={now.version} close={done} />}
            {now && (open?.kind === "new" || open?.kind === "edit") && <CatalogueForm model={open.model} was={open.kind === "edit" ? open.model : null} on={now.version} close={done} />}
            {now && open?.kind === "remove" && <Remove model={open.model} on={now.version} close={done} />}
        </>
    );
}

function State(props: { now: InForce; done(said: string): void }) {
    const { now } = props;
    if (now.version === null) {
        return (
            <Empty icon="table" title={t("catalogue.none")}>
                <p>{t(now.changeable ? "catalogue.none.text" : "catalogue.readonly")}</p>
                {now.changeable && <CatalogueStarter now={now} done={props.done} />}
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
