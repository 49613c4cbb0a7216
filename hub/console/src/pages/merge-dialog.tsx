// SPDX-License-Identifier: Apache-2.0
//
// Choosing the device that is the same printer as this one.

import { useState } from "preact/hooks";
import { api } from "../api";
import { Dialog } from "../components/dialog";
import { ProblemNote } from "../components/problem-note";
import { toast } from "../components/toast";
import { TypedField } from "../components/typed-field";
import { modelOf, nameOf, type Device } from "../device";
import { t } from "../language";
import { asProblem, type Problem } from "../problem";
import { useResource } from "../resource";

export function MergeDialog(props: { device: Device; close(merged: boolean): void }) {
    const { device } = props;
    const [search, setSearch] = useState("");
    const [chosen, setChosen] = useState<number | null>(null);
    const [problem, setProblem] = useState<Problem | null>(null);
    const [busy, setBusy] = useState(false);
    const ask = new URLSearchParams({ q: search, limit: "25" }).toString();
    const list = useResource(ask, (signal) => api.devices(ask, signal));
    const others = (list.value?.items ?? []).filter((one) => one.no !== device.no && one.tenant === device.tenant);

    async function merge(): Promise<void> {
        if (chosen === null) return;
        setBusy(true);
        setProblem(null);
        try {
            await api.mergeDevice(device.no, chosen);
            toast(t("merge.done"));
            props.close(true);
        } catch (error) {
            setProblem(asProblem(error));
            setBusy(false);
        }
    }

    return (
        <Dialog title={t("merge.title")} close={() => props.close(false)}>
            {(problem ?? list.problem) && <ProblemNote problem={(problem ?? list.problem)!} />}
            <p>{t("merge.text")}</p>
            <TypedField label={t("devices.search")} title={t("devices.search.hint")} value={search} onValue={setSearch} />
            <div class="merge-list" role="radiogroup" aria-label={t("merge.title")}>
                {others.map((one) => (
                    <label key={one.no} class="merge-choice">
                        <input type="radio" name="other" checked={chosen === one.no} onChange={() => setChosen(one.no)} />
                        <span>
                            <strong>{nameOf(one)}</strong>
                            <span>{[one.name ? modelOf(one) : "", one.serial, one.address, one.location].filter(Boolean).join(" · ")}</span>
                        </span>
                    </label>
                ))}
                {list.value && others.length === 0 && <p class="card-empty">{t("merge.none")}</p>}
            </div>
            <footer class="dialog-acts">
                <button type="button" class="button" onClick={() => props.close(false)}>
                    {t("cancel")}
                </button>
                <button type="button" class="button button-primary" disabled={busy || chosen === null} onClick={() => void merge()}>
                    {t("merge.do")}
                </button>
            </footer>
        </Dialog>
    );
}
