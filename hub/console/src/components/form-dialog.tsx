// SPDX-License-Identifier: Apache-2.0
//
// A dialog that asks for something and sends it: one button that sends, one that leaves, the refusal above the fields.

import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../language";
import { asProblem, type Problem } from "../problem";
import { Dialog } from "./dialog";
import { ProblemNote } from "./problem-note";

interface FormDialogProps {
    title: string;
    submit: string;
    ready?: boolean;
    close(): void;
    send(): Promise<void>;
    children: ComponentChildren;
}

export function FormDialog(props: FormDialogProps) {
    const [problem, setProblem] = useState<Problem | null>(null);
    const [busy, setBusy] = useState(false);
    const form = useRef<HTMLFormElement>(null);

    useEffect(() => {
        if (problem) form.current?.scrollIntoView({ block: "start" }); // a long form hides it
    }, [problem]);

    async function send(event: Event): Promise<void> {
        event.preventDefault();
        setBusy(true);
        setProblem(null);
        try {
            await props.send();
        } catch (error) {
            setProblem(asProblem(error));
        }
        setBusy(false);
    }

    return (
        <Dialog title={props.title} close={props.close}>
            <form ref={form} class="publish" autocomplete="off" onSubmit={(event) => void send(event)}>
                {problem && <ProblemNote problem={problem} />}
                {props.children}
                <footer class="dialog-acts">
                    <button type="button" class="button" onClick={props.close}>
                        {t("cancel")}
                    </button>
                    <button type="submit" class="button button-primary" disabled={busy || props.ready === false}>
                        {props.submit}
                    </button>
                </footer>
            </form>
        </Dialog>
    );
}
