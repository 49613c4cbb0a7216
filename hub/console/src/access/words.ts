// SPDX-License-Identifier: Apache-2.0
//
// Rights, roles and levels in the chosen language. A custom role, and what only a newer hub knows, is shown as it came.

import { tWord } from "../language";
import { session } from "../session";

export const rightWord = (right: string): string => tWord("right", right);
export const roleWord = (role: string): string => tWord("role", role);
export const levelWord = (level: string): string => tWord("level", level);

/** What whoever is signed in holds; nobody gives more. */
export function ownRights(): readonly string[] {
    return session.value.kind === "in" ? (session.value.session.user.rights ?? []) : [];
}

export function ownName(): string {
    return session.value.kind === "in" ? session.value.session.user.name : "";
}

/** Of the operator: sees everything, makes roles and tenants at the top. */
export function ofOperator(): boolean {
    return session.value.kind === "in" && !session.value.session.user.tenant;
}

/** What a print name gives of one person's jobs: who gives one, or manages an account that has one, holds it. */
export const rightsOfName: readonly string[] = ["jobs", "persons", "jobs.release"];

/** Would the hub let whoever is signed in give, or manage, this much? */
export function within(rights: readonly string[]): boolean {
    const own = ownRights();
    return rights.every((right) => own.includes(right));
}
