// SPDX-License-Identifier: Apache-2.0
//
// The set of models that comes with the hub. What the catalogue lacks of it is added at once; an entry that differs is taken one by one, by a person who
// has looked at it. The page must never take one over another by itself.

import { useRef, useState } from "preact/hooks";
import { catalogueApi, differencesOfStarter, type Catalogue, type CatalogueStarter as Starter, type Difference } from "../catalogue";
import { ConfirmDialog } from "../components/confirm-dialog";
import { ProblemNote } from "../components/problem-note";
import { date, number } from "../format";
import { t } from "../language";
import { useResource } from "../resource";
import { inForce } from "./catalogue-documents";
import { Differences } from "./catalogue-difference";

type Asked = "missing" | Difference;

/** In an empty catalogue it is one button; beside a catalogue, how it differs. */
export function CatalogueStarter(props: { now: Catalogue; done(said: string): void }) {
    const { now } = props;
    const starter = useResource(String(now.version), catalogueApi.starter);
    const [asked, setAsked] = useState<Asked | null>(null);
    const set = starter.value;
    if (starter.problem) return <ProblemNote problem={starter.problem} retry={starter.reload} />;
    if (!set?.date) return null;
    const said = { models: t("catalogue.models.n", { n: number(set.models) }, set.models), date: date(`${set.date}T12:00`) };
    return (
        <>
            {now.version === null ? (
                <button type="button" class="button button-primary" onClick={() => setAsked("missing")}>
                    {t("catalogue.starter.load", said)}
                </button>
            ) : (
                <Beside now={now} starter={set} said={said} ask={setAsked} />
            )}
            {asked && <Take asked={asked} on={now.version} close={(text) => (setAsked(null), text && props.done(text))} />}
        </>
    );
}

function Beside(props: { now: Catalogue; starter: Starter; said: { models: string; date: string }; ask(what: Asked): void }) {
    const { now, starter } = props;
    const [open, setOpen] = useState(false);
    return (
        <section class="catalogue-part">
            <h2>{t("catalogue.starter")}</h2>
            <div class="card catalogue-starter">
                <p>
                    {t("catalogue.starter.text", props.said)} {starter.missing > 0 ? t("catalogue.starter.missing", { n: number(starter.missing) }, starter.missing) : t("catalogue.starter.none")}
                </p>
                <div class="starter-acts">
                    {starter.missing > 0 && (
                        <button type="button" class="button button-small" onClick={() => props.ask("missing")}>
                            {t("catalogue.starter.add", { n: number(starter.missing) }, starter.missing)}
                        </button>
                    )}
                    <button type="button" class="button button-small" aria-expanded={open} onClick={() => setOpen(!open)}>
                        {t("catalogue.starter.differs")}
                    </button>
                </div>
                {open && (
                    <div class="catalogue-difference">
                        <Differences found={differencesOfStarter(now.items, starter)} take={props.ask} />
                    </div>
                )}
            </div>
        </section>
    );
}

function Take(props: { asked: Asked; on: number | null; close(said: string | null): void }) {
    const { asked, on } = props;
    const said = useRef("");
    const all = asked === "missing";
    return (
        <ConfirmDialog
            title={all ? t("catalogue.starter.add.title") : t("catalogue.starter.take.of", { name: asked.name })}
            act={t("catalogue.starter.take")}
            mild
            run={async () => (said.current = inForce(all ? await catalogueApi.takeStarter(on) : await catalogueApi.putModel(asked.after!, asked.before, on)))}
            close={(done) => props.close(done ? said.current : null)}
        >
            <p>{t(all ? "catalogue.starter.add.text" : "catalogue.starter.take.text")}</p>
        </ConfirmDialog>
    );
}
