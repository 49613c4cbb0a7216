// SPDX-License-Identifier: Apache-2.0
//
// What stands beside the reasons of a job: a part of the one table of i18n.ts, whose rules hold here. The reasons themselves: i18n-why.ts.

export const reasonTexts = {
    "reason.end": ["How it ended", "Comment il s’est terminé", "Wie er endete"],
    "reason.ruled": ["Why", "Pourquoi", "Warum"],
    "reason.would": ["What a trial would do", "Ce que ferait un essai", "Was ein Probelauf täte"],
    "reason.note": ["Note", "Remarque", "Anmerkung"],
} as const satisfies Record<string, readonly [string, string, string]>;
