// SPDX-License-Identifier: Apache-2.0
//
// A fault of the console itself (or a reply that no console could draw) leaves a message instead of an empty
// page. The error still goes to the browser's console for whoever looks into it.

import { Component, type ComponentChildren } from "preact";
import { t } from "../language";
import { Icon } from "./icon";

export class FaultBoundary extends Component<{ children: ComponentChildren }, { failed: boolean }> {
    override state = { failed: false };

    override componentDidCatch(error: unknown): void {
        console.error(error);
        this.setState({ failed: true });
    }

    override render() {
        if (!this.state.failed) return this.props.children;
        return (
            <div class="note note-bad" role="alert">
                <Icon name="alert" />
                <div>
                    <strong>{t("fault")}</strong>
                    <p>{t("fault.remedy")}</p>
                </div>
                <button class="button button-small" onClick={() => location.reload()}>
                    {t("fault.reload")}
                </button>
            </div>
        );
    }
}
