// SPDX-License-Identifier: Apache-2.0
//
// The jobs of the list as one file. The hub gives it in parts; they are asked for one after the other, and it may be stopped in between. A file
// that lacks a part is never saved.

import { useEffect, useRef, useState } from "preact/hooks";
import { api } from "../api";
import { Icon } from "../components/icon";
import { number } from "../format";
import { t } from "../language";
import { asProblem, type Problem } from "../problem";
import { saveFile } from "../save-file";

async function fetchAll(query: string, signal: AbortSignal, told: (bytes: number) => void): Promise<string[]> {
    const parts: string[] = [];
    let bytes = 0;
    for (let next: string | null = ""; next !== null; ) {
        const part: { text: string; next: string | null } = await api.jobsFile(next ? `${query}&cursor=${encodeURIComponent(next)}` : query, signal);
        parts.push(part.text);
        told((bytes += part.text.length));
        next = part.next;
    }
    return parts;
}

export function JobsExport(props: { query: string; onProblem: (problem: Problem | null) => void }) {
    const [kib, setKib] = useState<number | null>(null);
    const running = useRef<AbortController | null>(null);
    useEffect(() => () => running.current?.abort(), [props.query]);

    async function save(): Promise<void> {
        const stop = (running.current = new AbortController());
        setKib(0);
        props.onProblem(null);
        try {
            const parts = await fetchAll(props.query, stop.signal, (bytes) => setKib(Math.ceil(bytes / 1024)));
            saveFile("jobs.csv", "text/csv", ["\ufeff", ...parts]);
        } catch (error) {
            if (!stop.signal.aborted) props.onProblem(asProblem(error));
        }
        if (running.current === stop) setKib(null);
    }
    if (kib === null) {
        return (
            <button class="button" title={t("jobs.csv.title")} onClick={() => void save()}>
                <Icon name="download" />
                {t("jobs.csv")}
            </button>
        );
    }
    return (
        <button class="button" onClick={() => running.current?.abort()}>
            <span role="status">{t("jobs.csv.kib", { n: number(kib) })}</span> {t("jobs.csv.stop")}
        </button>
    );
}
