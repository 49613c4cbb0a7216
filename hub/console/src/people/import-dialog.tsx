// SPDX-License-Identifier: Apache-2.0
//
// What a file would change, then group by group into the hub. What was written stays if a later group is refused; the dialog says how far it came.

import { useState } from "preact/hooks";
import { FormDialog } from "../components/form-dialog";
import { number } from "../format";
import { t } from "../language";
import { peopleApi } from "./api";

export function ImportDialog(props: { tenant: string; groups: ReadonlyMap<string, string[]>; close(written: number): void }) {
    const { groups } = props;
    const [written, setWritten] = useState(0);
    const people = [...groups.values()].reduce((all, one) => all + one.length, 0);

    async function send(): Promise<void> {
        let done = written; // what a refused try had written before is not written again
        for (const [name, list] of [...groups].slice(written)) {
            await peopleApi.putGroup(props.tenant, name, list);
            setWritten(++done);
        }
        props.close(groups.size);
    }

    return (
        <FormDialog title={t("groups.import.title")} submit={t("groups.import.do")} close={() => props.close(written)} send={send}>
            <p>{t("groups.import.what", { groups: number(groups.size), people: number(people) })}</p>
            <ul class="import-groups">
                {[...groups].slice(0, 8).map(([name, list]) => (
                    <li key={name}>
                        {name}: {number(list.length)}
                    </li>
                ))}
                {groups.size > 8 && <li>…</li>}
            </ul>
            {written > 0 && (
                <p role="status">
                    <progress max={groups.size} value={written} aria-label={t("groups.import.title")} /> {t("groups.import.progress", { n: number(written), all: number(groups.size) })}
                </p>
            )}
        </FormDialog>
    );
}
