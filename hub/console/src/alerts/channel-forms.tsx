// SPDX-License-Identifier: Apache-2.0
//
// The forms of a channel and of the mail server. A password is typed here and never shown.

import { useEffect, useState } from "preact/hooks";
import { FormDialog } from "../components/form-dialog";
import { ProblemNote } from "../components/problem-note";
import { language, languages, t } from "../language";
import { useResource } from "../resource";
import { alertApi } from "./api";

const names: Record<string, string> = { en: "English", fr: "Français", de: "Deutsch" };

export function ChannelForm(props: { tenant: string; mail: boolean; close(made: { name: string; secret?: string } | null): void }) {
    const [form, setForm] = useState({ name: "", kind: props.mail ? "mail" : "webhook", language: language.value as string, to: "", url: "", ca: "" });
    const put = (change: Partial<typeof form>): void => setForm({ ...form, ...change });
    async function send(): Promise<void> {
        const { name, kind, language: lang, url, ca } = form;
        const to = form.to.split(/[\s,;]+/).filter(Boolean);
        const made = await alertApi.makeChannel(props.tenant, kind === "mail" ? { name, kind, language: lang, to } : { name, kind, language: lang, url, ...(ca && { ca }) });
        props.close({ name, ...(made.secret && { secret: made.secret }) });
    }
    return (
        <FormDialog title={t("alerts.channel.new")} submit={t("policy.save.short")} close={() => props.close(null)} send={send}>
            <label class="field">
                <span>{t("alerts.rule.name")}</span>
                <input value={form.name} required maxLength={120} onInput={(event) => put({ name: event.currentTarget.value })} />
            </label>
            <label class="field">
                <span>{t("alerts.channel.kind")}</span>
                <select value={form.kind} onChange={(event) => put({ kind: event.currentTarget.value })}>
                    <option value="mail" disabled={!props.mail}>
                        {t("alerts.channel.mail")}
                    </option>
                    <option value="webhook">{t("alerts.channel.webhook")}</option>
                </select>
            </label>
            {!props.mail && <p class="soft">{t("alerts.channel.no.mail")}</p>}
            {form.kind === "mail" ? (
                <label class="field">
                    <span>{t("alerts.channel.to")}</span>
                    <textarea rows={4} required value={form.to} onInput={(event) => put({ to: event.currentTarget.value })} />
                </label>
            ) : (
                <>
                    <label class="field">
                        <span>{t("alerts.channel.url")}</span>
                        <input type="url" required pattern="https://.*" value={form.url} onInput={(event) => put({ url: event.currentTarget.value })} />
                    </label>
                    <label class="field">
                        <span>{t("alerts.channel.ca")}</span>
                        <textarea rows={3} value={form.ca} onInput={(event) => put({ ca: event.currentTarget.value })} />
                    </label>
                </>
            )}
            <label class="field">
                <span>{t("alerts.channel.language")}</span>
                <select value={form.language} onChange={(event) => put({ language: event.currentTarget.value })}>
                    {languages.map((one) => (
                        <option key={one} value={one}>
                            {names[one] ?? one}
                        </option>
                    ))}
                </select>
            </label>
        </FormDialog>
    );
}

export function MailServerForm(props: { close(saved: boolean): void }) {
    const now = useResource("mail-server", (signal) => alertApi.mailServer(signal));
    const [form, setForm] = useState({ host: "", port: 587, security: "starttls", user: "", password: "", sender: "", ca: "" });
    const put = (change: Partial<typeof form>): void => setForm({ ...form, ...change });
    useEffect(() => {
        const was = now.value;
        if (!was?.host) return;
        setForm({ host: was.host, port: was.port ?? 587, security: was.security ?? "starttls", user: was.user ?? "", password: "", sender: was.sender ?? "", ca: was.ca ?? "" });
    }, [now.value]);
    async function send(): Promise<void> {
        const { password, ...rest } = form;
        await alertApi.putMailServer({ ...rest, ...(password && { password }) });
        props.close(true);
    }
    return (
        <FormDialog title={t("alerts.server")} submit={t("policy.save.short")} close={() => props.close(false)} send={send}>
            {now.problem && <ProblemNote problem={now.problem} />}
            <label class="field">
                <span>{t("alerts.server.host")}</span>
                <input value={form.host} required maxLength={250} onInput={(event) => put({ host: event.currentTarget.value })} />
            </label>
            <div class="alert-numbers">
                <label class="field">
                    <span>{t("alerts.server.security")}</span>
                    <select value={form.security} onChange={(event) => put({ security: event.currentTarget.value, port: event.currentTarget.value === "tls" ? 465 : 587 })}>
                        <option value="starttls">{t("alerts.server.starttls")}</option>
                        <option value="tls">{t("alerts.server.tls")}</option>
                    </select>
                </label>
                <label class="field">
                    <span>{t("alerts.server.port")}</span>
                    <input type="number" required min={1} max={65535} value={form.port} onInput={(event) => put({ port: event.currentTarget.valueAsNumber || 0 })} />
                </label>
            </div>
            <label class="field">
                <span>{t("alerts.server.user")}</span>
                <input value={form.user} maxLength={250} onInput={(event) => put({ user: event.currentTarget.value })} />
            </label>
            <label class="field">
                <span>{t(now.value?.password ? "alerts.server.password.keep" : "alerts.server.password")}</span>
                <input type="password" autocomplete="new-password" value={form.password} maxLength={250} onInput={(event) => put({ password: event.currentTarget.value })} />
            </label>
            <label class="field">
                <span>{t("alerts.server.sender")}</span>
                <input type="email" required value={form.sender} onInput={(event) => put({ sender: event.currentTarget.value })} />
            </label>
            <label class="field">
                <span>{t("alerts.channel.ca")}</span>
                <textarea rows={3} value={form.ca} onInput={(event) => put({ ca: event.currentTarget.value })} />
            </label>
        </FormDialog>
    );
}
