// SPDX-License-Identifier: Apache-2.0
//
// Whether what the page shows is still fed by the hub, and the button for who does not want to wait for the
// next try.

import { t } from "../language";
import { live, reconnect } from "../live";
import { useStore } from "../store";
import { Icon } from "./icon";

export function LiveSign() {
    const state = useStore(live);
    return (
        <div class={`live live-${state}`} role="status">
            {state === "lost" ? (
                <>
                    <Icon name="alert" />
                    <span class="live-text">{t("live.lost")}</span>
                    <button class="button button-small" onClick={reconnect}>
                        {t("live.reconnect")}
                    </button>
                </>
            ) : (
                <span class="live-ok" title={t(state === "live" ? "live.on.title" : "live.opening")}>
                    <span class="live-dot" aria-hidden="true" />
                    <span class="live-text">{t(state === "live" ? "live.on" : "live.opening")}</span>
                </span>
            )}
        </div>
    );
}
