// SPDX-License-Identifier: Apache-2.0
//
// The catalogue as documents: one comes in, one goes out, one is compared with another, an earlier one comes back. The hub judges a document; the page
// only carries it.

import { useRef, useState } from "preact/hooks";
import { catalogueApi, type CatalogueVersion } from "../catalogue";
import { Badge } from "../components/badge";
import { ConfirmDialog } from "../components/confirm-dialog";
import { FormDialog } from "../components/form-dialog";
import { ProblemNote } from "../components/problem-note";
import { fullTime, number } from "../format";
import { t } from "../language";
import { useResource } from "../resource";
import { saveFile } from "../save-file";
import { CatalogueDifference } from "./catalogue-difference";

export async function exportVersion(version: number): Promise<void> {
    const { text } = await catalogueApi.text(version);
    saveFile(`catalogue-${version}.json`, "application/json", [text]);
}

export function inForce(done: { version: number; models: number }): string {
    return t("catalogue.imported", { n: number(done.version), models: t("catalogue.models.n", { n: number(done.models) }, done.models) });
}

export function CatalogueImport(props: { on: number | null; close(said: string | null): void }) {
    const [text, setText] = useState<string | null>(null);
    const [older, setOlder] = useState(false);
    const [note, setNote] = useState("");
    return (
        <FormDialog
            title={t("catalogue.import.title")}
            submit={t("catalogue.import")}
            ready={text !== null}
            close={() => props.close(null)}
            send={async () => props.close(inForce(await catalogueApi.put(text!, older, note.trim(), props.on)))}
        >
            <p>{t("catalogue.import.text")}</p>
            <label class="field">
                <span>{t("catalogue.import.file")}</span>
                <input type="file" accept=".json,application/json" required onChange={(event) => void event.currentTarget.files?.[0]?.text().then(setText)} />
            </label>
            <label class="field">
                <span>{t("catalogue.note")}</span>
                <input value={note} maxLength={300} onInput={(event) => setNote(event.currentTarget.value)} />
            </label>
            <label class="check">
                <input type="checkbox" checked={older} onChange={(event) => setOlder(event.currentTarget.checked)} />
                <span>{t("catalogue.import.older")}</span>
            </label>
        </FormDialog>
    );
}

export function CatalogueHistory(props: { latest: number; change: boolean; done(said: string): void }) {
    const list = useResource(String(props.latest), catalogueApi.versions);
    const [opened, setOpened] = useState<number | null>(null);
    const [back, setBack] = useState<CatalogueVersion | null>(null);
    if (list.problem) return <ProblemNote problem={list.problem} retry={list.reload} />;
    if (!list.value) return <p class="soft">{t("loading")}</p>;
    return (
        <section class="catalogue-part">
            <h2>{t("catalogue.history")}</h2>
            <ol class="versions">
                {list.value.items.map((one) => (
                    <li key={one.version} class="card version">
                        <header class="version-head">
                            <h3>{t("policy.version", { n: one.version })}</h3>
                            {one.version === props.latest && <Badge tone="good" text={t("catalogue.history.now")} />}
                            <span class="version-who">
                                {one.author} · <time dateTime={one.created}>{fullTime(one.created)}</time>
                            </span>
                        </header>
                        <p class="version-note">
                            {one.from !== null && <em>{t("catalogue.from", { n: number(one.from) })} </em>}
                            {[t("catalogue.models.n", { n: number(one.models) }, one.models), one.note].filter(Boolean).join(" · ")}
                        </p>
                        <div class="version-acts">
                            <button
                                type="button"
                                class="button button-small"
                                aria-label={t("catalogue.diff.of", { n: number(one.version) })}
                                aria-expanded={opened === one.version}
                                onClick={() => setOpened(opened === one.version ? null : one.version)}
                            >
                                {t("policy.version.diff")}
                            </button>
                            <button type="button" class="button button-small" aria-label={t("catalogue.export.of", { n: number(one.version) })} onClick={() => void exportVersion(one.version)}>
                                {t("catalogue.export")}
                            </button>
                            {props.change && one.version !== props.latest && (
                                <button type="button" class="button button-small" aria-label={t("catalogue.back.of", { n: number(one.version) })} onClick={() => setBack(one)}>
                                    {t("catalogue.back")}
                                </button>
                            )}
                        </div>
                        {opened === one.version && <CatalogueDifference version={one.version} others={list.value!.items} />}
                    </li>
                ))}
            </ol>
            {back && <Back version={back.version} latest={props.latest} close={(said) => (setBack(null), said && props.done(said))} />}
        </section>
    );
}

function Back(props: { version: number; latest: number; close(said: string | null): void }) {
    const said = useRef("");
    const n = number(props.version);
    return (
        <ConfirmDialog
            title={t("catalogue.back.of", { n })}
            act={t("catalogue.back")}
            mild
            run={async () => (said.current = inForce(await catalogueApi.back(props.version, props.latest)))}
            close={(done) => props.close(done ? said.current : null)}
        >
            <p>{t("catalogue.back.text")}</p>
        </ConfirmDialog>
    );
}
