// SPDX-License-Identifier: Apache-2.0
//
// What the catalogue says of a device's model. Nothing here was read from the printer, so the source stands with it.

import { ageOf, modelName, type CatalogueModel } from "../catalogue";
import { Link } from "../components/link";
import type { Device } from "../device";
import { number } from "../format";
import { t, tWord } from "../language";
import { Card } from "./device";

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

const flag = (said: boolean | undefined): string => (said === undefined ? "" : t(said ? "catalogue.yes" : "catalogue.no"));

export function DeviceModel(props: { device: Device }) {
    const { catalogue } = props.device;
    if (catalogue === undefined) return null;
    if (catalogue === null) {
        return (
            <Card title={t("entry.title")}>
                <p class="card-empty">
                    {t("entry.none")} <Link to="/catalogue">{t("entry.go")}</Link>
                </p>
            </Card>
        );
    }
    const { entry, by } = catalogue;
    const facts = [
        [t("entry.by"), by === entry.model ? modelName(entry) : `${modelName(entry)} (${by})`],
        [t("entry.speed"), speedOf(entry)],
        [t("catalogue.introduced"), introducedOf(entry)],
        [t("catalogue.color"), flag(entry.color)],
        [t("catalogue.duplex"), flag(entry.duplex)],
        [t("catalogue.a3"), flag(entry.a3)],
        [t("entry.monthly"), monthlyOf(entry)],
        [t("entry.source"), entry.source],
    ].filter(([, value]) => value);
    return (
        <Card title={t("entry.title")}>
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
                        </li>
                    ))}
                </ul>
            )}
        </Card>
    );
}
