// SPDX-License-Identifier: Apache-2.0
//
// What the catalogue says of a device's model. Nothing here was read from the printer, so the source stands with it.

import { modelName } from "../catalogue";
import { Link } from "../components/link";
import type { Device } from "../device";
import { t } from "../language";
import { CatalogueEntry } from "./catalogue-entry";
import { Card } from "./device";

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
    return (
        <Card title={t("entry.title")}>
            <CatalogueEntry entry={entry} head={[t("entry.by"), by === entry.model ? modelName(entry) : `${modelName(entry)} (${by})`]} />
        </Card>
    );
}
