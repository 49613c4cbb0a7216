// SPDX-License-Identifier: Apache-2.0
//
// How a version of the catalogue differs from another one: which models came, went and changed, and each of them line by line.

import { useState } from "preact/hooks";
import { catalogueApi, differencesOf, type CatalogueModel, type CatalogueVersion, type Difference } from "../catalogue";
import { Badge } from "../components/badge";
import { DiffLines } from "../components/diff-lines";
import { ProblemNote } from "../components/problem-note";
import { number } from "../format";
import { t } from "../language";
import { useResource } from "../resource";

const step = 100;
const openAtMost = 10;
const tones = { added: "good", removed: "bad", changed: "warn" } as const;

/** `others`: the versions there are, newest first; without an earlier one it is compared with an empty catalogue, version 0. */
export function CatalogueDifference(props: { version: number; others: readonly CatalogueVersion[] }) {
    const { version } = props;
    const others = [...props.others.map((one) => one.version).filter((n) => n !== version), 0];
    const [against, setAgainst] = useState(others.find((n) => n < version)!);
    const both = useResource(`${version} ${against}`, async (signal) => differencesOf(await catalogueApi.modelsOf(against, signal), await catalogueApi.modelsOf(version, signal)));
    return (
        <div class="catalogue-difference">
            <label class="field-inline">
                <span>{t("catalogue.diff.against")}</span>
                <select value={against} onChange={(event) => setAgainst(Number(event.currentTarget.value))}>
                    {others.map((n) => (
                        <option key={n} value={n}>
                            {n ? t("policy.version", { n }) : t("catalogue.diff.empty")}
                        </option>
                    ))}
                </select>
            </label>
            {both.problem && <ProblemNote problem={both.problem} retry={both.reload} />}
            {!both.value && !both.problem && <p class="soft">{t("loading")}</p>}
            {both.value && !both.problem && <Differences key={both.answers} found={both.value} />}
        </div>
    );
}

/** `take`: what is done with one of them, where something can be done. */
export function Differences(props: { found: readonly Difference[]; take?: (one: Difference) => void }) {
    const { found, take } = props;
    const [shown, setShown] = useState(step);
    if (found.length === 0) return <p class="soft">{t("policy.diff.none")}</p>;
    const sums = (["added", "removed", "changed"] as const).map((kind) => ({ kind, n: found.filter((one) => one.kind === kind).length })).filter(({ n }) => n > 0);
    return (
        <>
            <p role="status">{sums.map(({ kind, n }) => t(`catalogue.diff.${kind}.n`, { n: number(n) }, n)).join(", ")}</p>
            <ul class="catalogue-changes">
                {found.slice(0, shown).map((one) => (
                    <Change key={one.name} one={one} open={found.length <= openAtMost} take={take} />
                ))}
            </ul>
            {found.length > shown && (
                <button type="button" class="button button-small" onClick={() => setShown(shown + step)}>
                    {t("catalogue.diff.more", { n: number(found.length - shown) })}
                </button>
            )}
        </>
    );
}

const textOf = (model: CatalogueModel | null): string => (model ? JSON.stringify(model) : "");

/** Its lines are compared when they are looked at: an import may change thousands of models. */
function Change(props: { one: Difference; open: boolean; take?: (one: Difference) => void }) {
    const { one, take } = props;
    const [open, setOpen] = useState(props.open);
    return (
        <li>
            <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
                <summary>
                    {one.name} <Badge tone={tones[one.kind]} text={t(`catalogue.diff.${one.kind}`)} />
                </summary>
                {open && <DiffLines before={textOf(one.before)} after={textOf(one.after)} />}
                {open && take && (
                    <button type="button" class="button button-small" aria-label={t("catalogue.starter.take.of", { name: one.name })} onClick={() => take(one)}>
                        {t("catalogue.starter.take")}
                    </button>
                )}
            </details>
        </li>
    );
}
