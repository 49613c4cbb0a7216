// SPDX-License-Identifier: Apache-2.0
//
// Groups out of a CSV file: a line for each person in a group.

import { t } from "../language";

const mostPeople = 50_000;

/** Group by group; or, in words, what is wrong with the file. */
export function groupsOfRows(rows: string[][] | null): Map<string, string[]> | string {
    if (!rows) return t("groups.import.quote");
    const head = (rows[0] ?? []).map((name) => name.trim().toLowerCase());
    const [group, person] = [head.indexOf("group"), head.indexOf("person")];
    if (group < 0 || person < 0) return t("groups.import.head");
    const groups = new Map<string, string[]>();
    for (const [at, row] of rows.entries()) {
        if (at === 0) continue;
        const [name, who] = [row[group]?.trim() ?? "", row[person]?.trim() ?? ""];
        if (!name || !who) return t("groups.import.line", { n: at + 1 });
        const people = groups.get(name) ?? [];
        if (!people.includes(who)) people.push(who);
        if (people.length > mostPeople) return t("groups.import.many", { name });
        groups.set(name, people);
    }
    return groups.size ? groups : t("groups.import.empty");
}
