// SPDX-License-Identifier: Apache-2.0
//
// A short word that something was done. It goes by itself; nothing that must be read stands here.

import { Store, useStore } from "../store";
import { Icon } from "./icon";

const shown = new Store<{ id: number; text: string }[]>([]);
const stays = 5000;
let last = 0;

export function toast(text: string): void {
    const id = ++last;
    shown.set([...shown.value, { id, text }]);
    setTimeout(() => shown.set(shown.value.filter((entry) => entry.id !== id)), stays);
}

export function Toasts() {
    const entries = useStore(shown);
    return (
        <div class="toasts" role="status">
            {entries.map((entry) => (
                <p key={entry.id} class="toast">
                    <Icon name="check" />
                    {entry.text}
                </p>
            ))}
        </div>
    );
}
