// SPDX-License-Identifier: Apache-2.0
//
// Name and password, and a code where the account has a second factor. After repeated failures the hub asks to wait (429): the button counts the seconds down.

import { useEffect, useRef, useState } from "preact/hooks";
import { accessApi } from "../access/api";
import { ProblemNote } from "../components/problem-note";
import { useCountdown } from "../clock";
import { t } from "../language";
import { asProblem, type Problem } from "../problem";
import { useResource } from "../resource";
import { place } from "../router";
import { signIn } from "../session";
import { CodeField } from "./account-factor";
import { Gate } from "./gate";

export function SignIn(props: { ended: boolean }) {
    const [name, setName] = useState("");
    const [password, setPassword] = useState("");
    const [code, setCode] = useState("");
    const [codeAsked, setCodeAsked] = useState(false);
    const [problem, setProblem] = useState<Problem | null>(null);
    const [busy, setBusy] = useState(false);
    const [wait, startWait] = useCountdown();
    const nameField = useRef<HTMLInputElement>(null);
    const passwordField = useRef<HTMLInputElement>(null);

    useEffect(() => nameField.current?.focus(), []);
    useEffect(() => {
        if (codeAsked) document.querySelector<HTMLInputElement>("input[name=code]")?.focus();
    }, [codeAsked, problem]);

    async function submit(event: Event): Promise<void> {
        event.preventDefault();
        if (busy || wait > 0) return;
        setBusy(true);
        setProblem(null);
        try {
            await signIn(name.trim(), password, codeAsked ? code : "");
        } catch (error) {
            const found = asProblem(error);
            const askCode = found.type === "code-required";
            const keep = askCode || found.type === "wrong-code"; // the password was right
            setProblem(askCode ? null : found);
            setCodeAsked(keep);
            setCode("");
            startWait(found.wait);
            setBusy(false);
            if (keep) return;
            setPassword("");
            passwordField.current?.focus();
        }
    }

    return (
        <Gate title={t("signin.title")}>
            {props.ended && !problem && <p class="note note-info" role="status">{t("signin.ended")}</p>}
            {problem && <ProblemNote problem={problem} />}
            {!problem && <Returned />}
            <form class="stack" onSubmit={(event) => void submit(event)}>
                <label class="field">
                    <span>{t("signin.name")}</span>
                    <input
                        ref={nameField}
                        name="name"
                        autocomplete="username"
                        autocapitalize="none"
                        spellcheck={false}
                        required
                        value={name}
                        onInput={(event) => setName(event.currentTarget.value)}
                    />
                </label>
                <label class="field">
                    <span>{t("signin.password")}</span>
                    <input
                        ref={passwordField}
                        name="password"
                        type="password"
                        autocomplete="current-password"
                        required
                        value={password}
                        onInput={(event) => setPassword(event.currentTarget.value)}
                    />
                </label>
                {codeAsked && (
                    <>
                        <p class="note note-info" role="status">
                            {t("signin.code.why")}
                        </p>
                        <CodeField label={t("signin.code")} value={code} change={setCode} />
                    </>
                )}
                <button class="button button-primary button-wide" disabled={busy || wait > 0}>
                    {wait > 0 ? t("signin.wait", { n: wait }, wait) : busy ? t("signin.busy") : t("signin.submit")}
                </button>
            </form>
            <SingleSignOn />
        </Gate>
    );
}

/** The way by the operator's provider, or by that of the tenant in the address; nothing where there is none. */
function SingleSignOn() {
    const tenant = place.value.query.get("tenant") ?? "";
    const offer = useResource(tenant, (signal) => accessApi.offer(tenant, signal));
    const label = offer.value?.label;
    if (!label) return null;
    return (
        <a class="button button-wide" href={accessApi.beginAddress(tenant)}>
            {t("signin.sso", { label })}
        </a>
    );
}

const words = ["off", "late", "provider", "nobody"] as const;

/** Why a single sign-on came back without a session: the hub's word in the address. */
function Returned() {
    const word = words.find((one) => one === place.value.query.get("sso"));
    if (!word) return null;
    return (
        <p class="note note-bad" role="alert">
            {t(`signin.sso.${word}`)}
        </p>
    );
}
