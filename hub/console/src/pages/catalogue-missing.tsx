// SPDX-License-Identifier: Apache-2.0
//
// Models that devices have and the catalogue has not: the most frequent first, each one step away from its entry.

import { catalogueApi, modelName, type CatalogueModel } from "../catalogue";
import { Link } from "../components/link";
import { ProblemNote } from "../components/problem-note";
import { number } from "../format";
import { t } from "../language";
import { useResource } from "../resource";

export function CatalogueMissing(props: { version: number | null; add: ((model: CatalogueModel) => void) | null }) {
    const list = useResource(String(props.version), catalogueApi.missing);
    const { add } = props;
    if (list.problem) return <ProblemNote problem={list.problem} retry={list.reload} />;
    if (!list.value) return <p class="soft">{t("loading")}</p>;
    const { items, more, without } = list.value;
    const all = without + list.value.with;
    return (
        <section class="card catalogue-part catalogue-missing">
            <h2>{t("catalogue.missing")}</h2>
            <p class="soft">{without > 0 ? t("catalogue.missing.sum", { without: number(without), all: number(all) }) : t("catalogue.missing.none")}</p>
            <ul class="group-members">
                {items.map((one) => {
                    const name = modelName(one);
                    return (
                        <li key={`${one.make}\n${one.model}`}>
                            <span>
                                {name}{" "}
                                <Link to={`/devices?${new URLSearchParams({ q: one.model ?? one.make ?? "" })}`} title={t("catalogue.missing.show", { name })}>
                                    <small>{t("catalogue.missing.devices", { n: number(one.devices) }, one.devices)}</small>
                                </Link>
                            </span>
                            {add && (
                                <button
                                    type="button"
                                    class="button button-small"
                                    aria-label={t("catalogue.missing.add", { name })}
                                    onClick={() => add({ make: one.make ?? "", model: one.model ?? "", source: "" })}
                                >
                                    {t("catalogue.missing.add.short")}
                                </button>
                            )}
                        </li>
                    );
                })}
            </ul>
            {more > 0 && <p class="soft">{t("catalogue.missing.more", { n: number(more) })}</p>}
        </section>
    );
}
