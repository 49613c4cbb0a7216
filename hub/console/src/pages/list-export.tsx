// SPDX-License-Identifier: Apache-2.0
//
// All rows of a list as one file. The hub gives it in parts; they are asked for one after the other, and it may be stopped in between. A file
// that lacks a part is never saved.

import { useEffect, useRef, useState } from "preact/hooks";
import type { FilePart } from "../api";
import { Icon } from "../components/icon";
import { number } from "../format";
import { t } from "../language";
import { asProblem, type Problem } from "../problem";
import { saveFile } from "../save-file";

/** A part of the file as CSV. */
type AskPart = (query: string, signal: AbortSignal) => Promise<FilePart>;

async function fetchAll(ask: AskPart, query: string, signal: AbortSignal, told: (bytes: number) => void): Promise<string[]> {
    const parts: string[] = [];
    let bytes = 0;
    for (let next: string | null = ""; next !== null; ) {
        const part: FilePart = await ask(next ? `${query}&cursor=${encodeURIComponent(next)}` : query, signal);
        parts.push(part.text);
        told((bytes += part.text.length));
        next = part.next;
    }
    return parts;
}

interface ListExportProps {
    query: string;
    part: AskPart;
    /** What it is called on the disk. */
    file: string;
    title: string;
    onProblem(problem: Problem | null): void;
}

export function ListExport(props: ListExportProps) {
    const [kib, setKib] = useState<number | null>(null);
    const running = useRef<AbortController | null>(null);
    useEffect(() => () => running.current?.abort(), [props.query]);

    async function save(): Promise<void> {
        const stop = (running.current = new AbortController());
        setKib(0);
        props.onProblem(null);
        try {
            const parts = await fetchAll(props.part, props.query, stop.signal, (bytes) => setKib(Math.ceil(bytes / 1024)));
            saveFile(props.file, "text/csv", ["\ufeff", ...parts]);
        } catch (error) {
            if (!stop.signal.aborted) props.onProblem(asProblem(error));
        }
        if (running.current === stop) setKib(null);
    }
    if (kib === null) {
        return (
            <button class="button" title={props.title} onClick={() => void save()}>
                <Icon name="download" />
                {t("list.csv")}
            </button>
        );
    }
    return (
        <button class="button" onClick={() => running.current?.abort()}>
            <span role="status">{t("list.csv.kib", { n: number(kib) })}</span> {t("list.csv.stop")}
        </button>
    );
}
