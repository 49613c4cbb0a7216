// SPDX-License-Identifier: Apache-2.0
//
// What an entry of the catalogue says: on a device's page, and from the list of models. What it does not say is not listed.

import { ageOf, modelName, type CatalogueModel } from "../catalogue";
import { Dialog } from "../components/dialog";
import { number } from "../format";
import { t, tWord } from "../language";

function speedOf({ ppm, ppm_color: color }: CatalogueModel): string {
    if (ppm !== undefined && color !== undefined) return t("entry.speed.both", { n: number(ppm), color: number(color) });
    if (ppm !== undefined) return t("entry.speed.mono", { n: number(ppm) });
    return color === undefined ? "" : t("entry.speed.color", { color: number(color) });
}

function introducedOf({ introduced }: CatalogueModel): string {
    const age = ageOf(introduced, new Date());
    return [introduced, age !== null && t("entry.age", { n: number(age) }, age)].filter(Boolean).join(", ");
}

function monthlyOf({ monthly_pages: pages, monthly_most: most }: CatalogueModel): string {
    return [pages !== undefined && t("entry.monthly.pages", { n: number(pages) }), most !== undefined && t("entry.monthly.most", { n: number(most) })].filter(Boolean).join(", ");
}

export const flagWord = (said: boolean | undefined): string => (said === undefined ? "" : t(said ? "catalogue.yes" : "catalogue.no"));

/** `head`: a fact of who shows it, before the entry's own. */
export function CatalogueEntry(props: { entry: CatalogueModel; head: readonly [name: string, value: string] }) {
    const { entry } = props;
    const facts = [
        props.head,
        [t("entry.speed"), speedOf(entry)],
        [t("catalogue.introduced"), introducedOf(entry)],
        [t("catalogue.color"), flagWord(entry.color)],
        [t("catalogue.duplex"), flagWord(entry.duplex)],
        [t("catalogue.a3"), flagWord(entry.a3)],
        [t("entry.monthly"), monthlyOf(entry)],
        [t("entry.source"), entry.source],
    ].filter(([, value]) => value);
    return (
        <>
            <dl class="facts device-facts">
                {facts.map(([name, value]) => (
                    <div key={name}>
                        <dt>{name}</dt>
                        <dd>{value}</dd>
                    </div>
                ))}
            </dl>
            {entry.supplies && (
                <ul class="entry-supplies" aria-label={t("catalogue.supplies")}>
                    {entry.supplies.map((one, at) => (
                        <li key={at}>
                            <code>{one.part}</code>
                            <span>{[tWord("supplytype", one.kind), one.color && tWord("supplycolor", one.color), one.slot].filter(Boolean).join(", ")}</span>
                            <span class="entry-yield" title={one.basis}>
                                {one.yield !== undefined && t("entry.pages", { n: number(one.yield) })}
                            </span>
                            {one.source && <small class="entry-source soft">{t("entry.supply.source", { source: one.source })}</small>}
                        </li>
                    ))}
                </ul>
            )}
        </>
    );
}

export function CatalogueEntryDialog(props: { entry: CatalogueModel; close(): void }) {
    const { entry } = props;
    return (
        <Dialog title={modelName(entry)} close={props.close}>
            <CatalogueEntry entry={entry} head={[t("entry.names"), (entry.names ?? []).join(", ")]} />
        </Dialog>
    );
}
