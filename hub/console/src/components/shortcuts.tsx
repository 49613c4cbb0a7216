// SPDX-License-Identifier: Apache-2.0
//
// The list of keys, opened by `?` or from the user's menu, and the switch that turns single letters off.

import { letterKeys, setLetterKeys } from "../keys";
import { t, type TextKey } from "../language";
import { useStore } from "../store";
import { Dialog } from "./dialog";

const rows: readonly { keys: readonly string[]; text: TextKey }[] = [
    { keys: ["/"], text: "keys.search" },
    { keys: ["j", "↓"], text: "keys.down" },
    { keys: ["k", "↑"], text: "keys.up" },
    { keys: ["Enter"], text: "keys.open" },
    { keys: ["Esc"], text: "keys.close" },
    { keys: ["?"], text: "keys.help" },
];

export function Shortcuts(props: { close(): void }) {
    const on = useStore(letterKeys);
    return (
        <Dialog title={t("keys.title")} close={props.close}>
            <dl class="keys">
                {rows.map((row) => (
                    <div key={row.text}>
                        <dt>
                            {row.keys.map((key) => (
                                <kbd key={key}>{key}</kbd>
                            ))}
                        </dt>
                        <dd>{t(row.text)}</dd>
                    </div>
                ))}
            </dl>
            <label class="check">
                <input type="checkbox" checked={on} onChange={(event) => setLetterKeys(event.currentTarget.checked)} />
                <span>{t("keys.letters")}</span>
            </label>
        </Dialog>
    );
}
