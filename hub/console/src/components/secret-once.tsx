// SPDX-License-Identifier: Apache-2.0
//
// A secret that the hub shows this once: to be copied now. It lives as long as the dialog around it and is kept nowhere.

import { t } from "../language";
import { CopyButton } from "./copy-button";
import { Icon } from "./icon";

export function SecretOnce(props: { label: string; secret: string; why: string }) {
    return (
        <div class="secret">
            <p class="note note-warn">
                <Icon name="alert" />
                <span>{props.why}</span>
            </p>
            <p class="secret-label">{props.label}</p>
            <div class="secret-line">
                <code>{props.secret}</code>
                <CopyButton text={props.secret} label={t("copy")} />
            </div>
        </div>
    );
}
