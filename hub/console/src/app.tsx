// SPDX-License-Identifier: Apache-2.0
//
// The console from the outside: which of the four faces shows (asking, sign-in, new password, the frame with
// a page) follows from the session alone.

import { useEffect } from "preact/hooks";
import { Frame } from "./components/frame";
import { ProblemNote } from "./components/problem-note";
import { Toasts } from "./components/toast";
import { language, t } from "./language";
import { startLive, stopLive } from "./live";
import { Gate } from "./pages/gate";
import { NewPassword } from "./pages/new-password";
import { SignIn } from "./pages/sign-in";
import { askSession, session } from "./session";
import { useStore } from "./store";

export function App() {
    useStore(language);
    const state = useStore(session);
    const inside = state.kind === "in" && !state.session.must_change_password;

    useEffect(() => void askSession(), []);
    useEffect(() => {
        if (!inside) return;
        startLive();
        return stopLive;
    }, [inside]);

    if (state.kind === "asking") return <p class="quiet-start">{t("loading")}</p>;
    if (state.kind === "unreachable") {
        return (
            <Gate title={t("gate.unreachable")}>
                <ProblemNote problem={state.problem} retry={() => void askSession()} />
            </Gate>
        );
    }
    if (state.kind === "out") return <SignIn ended={state.why === "ended"} />;
    if (!inside) return <NewPassword name={state.session.user.name} known={state.oneTimePassword} />;
    return (
        <>
            <Frame user={state.session.user} />
            <Toasts />
        </>
    );
}
