// SPDX-License-Identifier: Apache-2.0
//
// What stands where nothing is to show: why, and what to do next.

import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "./icon";

export function Empty(props: { icon: IconName; title: string; children: ComponentChildren }) {
    return (
        <div class="empty">
            <span class="empty-icon">
                <Icon name={props.icon} />
            </span>
            <h2>{props.title}</h2>
            {props.children}
        </div>
    );
}
