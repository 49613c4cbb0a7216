// SPDX-License-Identifier: Apache-2.0
//
// What each person can do for the own account: password, second factor, open sessions, language and appearance.

import { useState } from "preact/hooks";
import { accessApi, type OpenSession } from "../access/api";
import { levelWord, rightWord, roleWord } from "../access/words";
import { useNow } from "../clock";
import { Badge } from "../components/badge";
import { PageHead } from "../components/page-head";
import { PasswordForm } from "../components/password-form";
import { ProblemNote } from "../components/problem-note";
import { toast } from "../components/toast";
import { ownNames } from "../components/choices";
import { fullTime, relative } from "../format";
import { language, languages, setLanguage, t, type Language } from "../language";
import { asProblem, type Problem } from "../problem";
import { useResource } from "../resource";
import { session } from "../session";
import { useStore } from "../store";
import { setTheme, theme, themes, type Theme } from "../theme";
import { Factor } from "./account-factor";

export function Account() {
    const state = useStore(session);
    const [turn, setTurn] = useState(0);
    if (state.kind !== "in") return null;
    const { user } = state.session;
    return (
        <>
            <PageHead title={t("page.account")} />
            <div class="account">
                <section class="card">
                    <h2>{user.name}</h2>
                    <dl class="facts">
                        <div>
                            <dt>{t("users.role")}</dt>
                            <dd>{roleWord(user.role)}</dd>
                        </div>
                        <div>
                            <dt>{t("tenant")}</dt>
                            <dd>{user.tenant ?? levelWord("operator")}</dd>
                        </div>
                        <div>
                            <dt>{t("rights")}</dt>
                            <dd>{(user.rights ?? []).map(rightWord).join(", ")}</dd>
                        </div>
                    </dl>
                    <Choices />
                </section>
                <section class="card">
                    <h2>{t("password.change")}</h2>
                    <PasswordForm
                        key={turn}
                        quiet
                        name={user.name}
                        known=""
                        oldLabel={t("password.old")}
                        done={() => {
                            setTurn(turn + 1);
                            toast(t("password.done"));
                        }}
                    />
                </section>
                <section class="card">
                    <h2>{t("factor.title")}</h2>
                    <Factor on={user.second_factor ?? false} />
                </section>
                <section class="card">
                    <h2>{t("sessions.title")}</h2>
                    <Sessions />
                </section>
            </div>
        </>
    );
}

function Choices() {
    const spoken = useStore(language);
    const look = useStore(theme);
    return (
        <div class="account-choices">
            <label class="field">
                <span>{t("language")}</span>
                <select value={spoken} onChange={(event) => setLanguage(event.currentTarget.value as Language)}>
                    {languages.map((name) => (
                        <option key={name} value={name} lang={name}>
                            {ownNames[name]}
                        </option>
                    ))}
                </select>
            </label>
            <label class="field">
                <span>{t("theme")}</span>
                <select value={look} onChange={(event) => setTheme(event.currentTarget.value as Theme)}>
                    {themes.map((name) => (
                        <option key={name} value={name}>
                            {t(`theme.${name}`)}
                        </option>
                    ))}
                </select>
            </label>
        </div>
    );
}

function Sessions() {
    const list = useResource("sessions", (signal) => accessApi.sessions(signal));
    const [problem, setProblem] = useState<Problem | null>(null);
    const now = useNow(60_000);

    async function end(one: OpenSession): Promise<void> {
        try {
            await accessApi.endSession(one.id);
            setProblem(null);
            toast(t("sessions.ended"));
        } catch (error) {
            setProblem(asProblem(error));
        }
        list.reload();
    }

    return (
        <>
            {problem && <ProblemNote problem={problem} />}
            {list.problem && <ProblemNote problem={list.problem} retry={list.reload} />}
            <ul class="sessions">
                {(list.value?.items ?? []).map((one) => (
                    <li key={one.id}>
                        <div>
                            <strong>{one.address ?? t("unknown")}</strong> {one.this && <Badge tone="good" text={t("sessions.this")} />}
                            <p class="soft">{one.client ?? t("sessions.client.none")}</p>
                            <p class="soft" title={fullTime(one.created)}>
                                {t("sessions.used", { begun: relative(one.created, now), used: relative(one.last_used, now) })}
                            </p>
                        </div>
                        {!one.this && (
                            <button type="button" class="button button-small" aria-label={t("sessions.end.of", { address: one.address ?? "" })} onClick={() => void end(one)}>
                                {t("sessions.end")}
                            </button>
                        )}
                    </li>
                ))}
            </ul>
        </>
    );
}
