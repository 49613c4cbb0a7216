// SPDX-License-Identifier: Apache-2.0
//
// Who is signed in. The password is never kept, but for the moment between signing in with a one-time
// password and choosing another one, and then only in memory.

import { api, refusal, type Session } from "./api";
import { asProblem, Problem } from "./problem";
import { Store } from "./store";

export type SessionState =
    | { kind: "asking" }
    | { kind: "unreachable"; problem: Problem }
    | { kind: "out"; why: "start" | "ended" | "left" }
    | { kind: "in"; session: Session; oneTimePassword: string };

export const session = new Store<SessionState>({ kind: "asking" });

/** Asks the hub whether a session stands; called at the start and after every 401 or 403. */
export async function askSession(): Promise<void> {
    const before = session.value;
    try {
        const found = await api.session();
        const known = before.kind === "in" ? before.oneTimePassword : "";
        session.set({ kind: "in", session: found, oneTimePassword: found.must_change_password ? known : "" });
    } catch (error) {
        const problem = asProblem(error);
        if (problem.status === 401) session.set({ kind: "out", why: before.kind === "in" ? "ended" : "start" });
        else if (before.kind !== "in") session.set({ kind: "unreachable", problem });
    }
}

export async function signIn(name: string, password: string, code: string): Promise<void> {
    const found = await api.signIn(name, password, code);
    session.set({ kind: "in", session: found, oneTimePassword: found.must_change_password ? password : "" });
}

export async function signOut(): Promise<void> {
    await api.signOut();
    session.set({ kind: "out", why: "left" });
}

export async function changePassword(old: string, wanted: string): Promise<void> {
    await api.changePassword(old, wanted);
    await askSession();
}

/** May whoever is signed in do this? The hub decides; the console only does not offer what would be refused. */
export function holds(right: string): boolean {
    const state = session.value;
    return state.kind === "in" && (state.session.user.rights?.includes(right) ?? true);
}

refusal.heard = () => void askSession();
