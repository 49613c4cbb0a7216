// SPDX-License-Identifier: Apache-2.0
//
// The question before something that cannot be taken back, or (`mild`) that others will see at once. The safe answer has the focus; a refusal stays in sight.

import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../language";
import { asProblem, type Problem } from "../problem";
import { Dialog } from "./dialog";
import { ProblemNote } from "./problem-note";

interface ConfirmDialogProps {
    title: string;
    act: string;
    mild?: boolean;
    /** Done: true; left: false. */
    close(done: boolean): void;
    run(): Promise<unknown>;
    children: ComponentChildren;
}

export function ConfirmDialog(props: ConfirmDialogProps) {
    const [problem, setProblem] = useState<Problem | null>(null);
    const [busy, setBusy] = useState(false);
    const cancel = useRef<HTMLButtonElement>(null);

    useEffect(() => cancel.current?.focus(), []);

    async function run(): Promise<void> {
        setBusy(true);
        setProblem(null);
        try {
            await props.run();
            props.close(true);
        } catch (error) {
            setProblem(asProblem(error));
            setBusy(false);
        }
    }

    return (
        <Dialog title={props.title} close={() => props.close(false)}>
            {problem && <ProblemNote problem={problem} />}
            {props.children}
            <footer class="dialog-acts">
                <button ref={cancel} type="button" class="button" onClick={() => props.close(false)}>
                    {t("cancel")}
                </button>
                <button type="button" class={`button ${props.mild ? "button-primary" : "button-danger"}`} disabled={busy} onClick={() => void run()}>
                    {props.act}
                </button>
            </footer>
        </Dialog>
    );
}
