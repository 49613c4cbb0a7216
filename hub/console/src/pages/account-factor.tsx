// SPDX-License-Identifier: Apache-2.0
//
// The second factor: a secret is offered, taken by an authenticator, and in force once a code of it was typed. The QR code is drawn in the
// browser; the recovery codes are shown once.

import { useState } from "preact/hooks";
import { accessApi } from "../access/api";
import { Badge } from "../components/badge";
import { CopyButton } from "../components/copy-button";
import { Dialog } from "../components/dialog";
import { FormDialog } from "../components/form-dialog";
import { ProblemNote } from "../components/problem-note";
import { QrCode } from "../components/qr-code";
import { SecretOnce } from "../components/secret-once";
import { toast } from "../components/toast";
import { t } from "../language";
import { asProblem, type Problem } from "../problem";
import { askSession } from "../session";

type Open = { kind: "offer"; secret: string; uri: string } | { kind: "codes"; codes: string[] } | { kind: "drop" };

export function Factor(props: { on: boolean }) {
    const [open, setOpen] = useState<Open | null>(null);
    const [problem, setProblem] = useState<Problem | null>(null);

    async function offer(): Promise<void> {
        try {
            setOpen({ kind: "offer", ...(await accessApi.offerFactor()) });
            setProblem(null);
        } catch (error) {
            setProblem(asProblem(error));
        }
    }

    return (
        <div class="stack">
            {problem && <ProblemNote problem={problem} />}
            <p>
                {props.on ? <Badge tone="good" text={t("factor.on")} /> : <Badge tone="warn" text={t("factor.off")} />} {t(props.on ? "factor.on.text" : "factor.off.text")}
            </p>
            <div class="row-acts">
                <button type="button" class={props.on ? "button" : "button button-primary"} onClick={() => void offer()}>
                    {t(props.on ? "factor.again" : "factor.set")}
                </button>
                {props.on && (
                    <button type="button" class="button" onClick={() => setOpen({ kind: "drop" })}>
                        {t("factor.drop")}
                    </button>
                )}
            </div>
            {open?.kind === "offer" && <OfferDialog secret={open.secret} uri={open.uri} close={() => setOpen(null)} taken={(codes) => setOpen({ kind: "codes", codes })} />}
            {open?.kind === "codes" && <CodesDialog codes={open.codes} close={() => (setOpen(null), void askSession())} />}
            {open?.kind === "drop" && (
                <DropDialog
                    close={() => setOpen(null)}
                    dropped={() => {
                        setOpen(null);
                        toast(t("factor.dropped"));
                        void askSession();
                    }}
                />
            )}
        </div>
    );
}

function OfferDialog(props: { secret: string; uri: string; close(): void; taken(codes: string[]): void }) {
    const [code, setCode] = useState("");
    return (
        <FormDialog
            title={t("factor.set")}
            submit={t("factor.take")}
            ready={/^\d{6}$/.test(code)}
            close={props.close}
            send={async () => props.taken((await accessApi.takeFactor(props.secret, code)).recovery_codes)}
        >
            <p>{t("factor.scan")}</p>
            <QrCode text={props.uri} label={t("factor.qr")} />
            <details>
                <summary>{t("factor.by.hand")}</summary>
                <div class="secret-line">
                    <code>{props.secret.replace(/(.{4})(?=.)/g, "$1 ")}</code>
                    <CopyButton text={props.secret} label={t("copy")} />
                </div>
            </details>
            <CodeField label={t("factor.code")} value={code} change={setCode} />
        </FormDialog>
    );
}

export function CodeField(props: { label: string; value: string; change(value: string): void }) {
    return (
        <label class="field">
            <span>{props.label}</span>
            <input
                name="code"
                inputMode="numeric"
                autocomplete="one-time-code"
                required
                maxLength={24}
                value={props.value}
                onInput={(event) => props.change(event.currentTarget.value.trim())}
            />
        </label>
    );
}

function CodesDialog(props: { codes: string[]; close(): void }) {
    return (
        <Dialog title={t("factor.codes")} close={props.close}>
            <SecretOnce label={t("factor.codes.label")} secret={props.codes.join("\n")} why={t("factor.codes.why")} />
            <footer class="dialog-acts">
                <button type="button" class="button button-primary" onClick={props.close}>
                    {t("factor.codes.kept")}
                </button>
            </footer>
        </Dialog>
    );
}

function DropDialog(props: { close(): void; dropped(): void }) {
    const [password, setPassword] = useState("");
    return (
        <FormDialog
            title={t("factor.drop")}
            submit={t("factor.drop")}
            ready={password !== ""}
            close={props.close}
            send={async () => {
                await accessApi.dropFactor(password);
                props.dropped();
            }}
        >
            <p>{t("factor.drop.text")}</p>
            <label class="field">
                <span>{t("password.old")}</span>
                <input type="password" autocomplete="current-password" required value={password} onInput={(event) => setPassword(event.currentTarget.value)} />
            </label>
        </FormDialog>
    );
}
