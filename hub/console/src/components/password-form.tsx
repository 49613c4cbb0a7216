// SPDX-License-Identifier: Apache-2.0
//
// The old password and the new one twice. What the hub will refuse anyway (12 characters at least) is said
// while typing, not after sending.

import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../language";
import { asProblem, type Problem } from "../problem";
import { changePassword } from "../session";
import { Icon } from "./icon";
import { ProblemNote } from "./problem-note";

const shortest = 12;

interface PasswordFormProps {
    name: string;
    /** The old password where it was typed a moment ago, else "". */
    known: string;
    oldLabel: string;
    done(): void;
    /** One of several things on a page: the focus is left where it is. */
    quiet?: boolean;
}

export function PasswordForm(props: PasswordFormProps) {
    const [old, setOld] = useState(props.known);
    const [wanted, setWanted] = useState("");
    const [again, setAgain] = useState("");
    const [problem, setProblem] = useState<Problem | null>(null);
    const [busy, setBusy] = useState(false);
    const form = useRef<HTMLFormElement>(null);

    useEffect(() => {
        if (!props.quiet) form.current?.querySelector<HTMLInputElement>("input[type=password]")?.focus();
    }, []);

    const rules = [
        { met: [...wanted].length >= shortest, text: t("password.rule.length", { n: shortest }) },
        { met: wanted !== "" && wanted !== old, text: t("password.rule.other") },
        { met: wanted !== "" && wanted === again, text: t("password.rule.same") },
    ];
    const ready = old !== "" && rules.every((rule) => rule.met);

    async function submit(event: Event): Promise<void> {
        event.preventDefault();
        if (!ready || busy) return;
        setBusy(true);
        setProblem(null);
        try {
            await changePassword(old, wanted);
            props.done();
        } catch (error) {
            setProblem(asProblem(error));
            setBusy(false);
        }
    }

    return (
        <form class="stack" ref={form} onSubmit={(event) => void submit(event)}>
            {problem && <ProblemNote problem={problem} />}
            <input type="text" name="username" autocomplete="username" aria-label={t("signin.name")} value={props.name} readOnly hidden />
            {(!props.known || problem) && (
                <Secret label={props.oldLabel} name="old" use="current-password" value={old} change={setOld} />
            )}
            <Secret label={t("password.new")} name="new" use="new-password" value={wanted} change={setWanted} />
            <Secret label={t("password.again")} name="again" use="new-password" value={again} change={setAgain} />
            <ul class="rules">
                {rules.map((rule) => (
                    <li key={rule.text} class={rule.met ? "met" : ""}>
                        <Icon name={rule.met ? "check" : "dot"} />
                        {rule.text}
                        <span class="sr-only">{rule.met ? t("password.rule.met") : t("password.rule.open")}</span>
                    </li>
                ))}
            </ul>
            <button class="button button-primary button-wide" disabled={!ready || busy}>
                {t("password.submit")}
            </button>
        </form>
    );
}

interface SecretProps {
    label: string;
    name: string;
    use: "current-password" | "new-password";
    value: string;
    change(value: string): void;
}

function Secret(props: SecretProps) {
    return (
        <label class="field">
            <span>{props.label}</span>
            <input
                name={props.name}
                type="password"
                autocomplete={props.use}
                required
                value={props.value}
                onInput={(event) => props.change(event.currentTarget.value)}
            />
        </label>
    );
}
