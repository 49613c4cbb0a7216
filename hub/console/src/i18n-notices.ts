// SPDX-License-Identifier: Apache-2.0
//
// Texts about what a policy's rule wants administrators told of: a part of i18n.ts.

export const noticeTexts = {
    "notices.say": [
        "{count} jobs of which this policy rule wants you told, in {minutes} minutes",
        "{count} travaux dont cette règle veut vous avertir, en {minutes} minutes",
        "{count} Aufträge, von denen Sie laut dieser Regel erfahren sollen, in {minutes} Minuten",
    ],
    "notices.only": [
        "Only what rules with “notify” ask to be told of, one alert for each rule",
        "Seulement ce dont des règles avec «\u00a0notify\u00a0» veulent avertir, une alerte par règle",
        "Nur, was Regeln mit „notify“ gemeldet haben wollen, eine Meldung je Regel",
    ],
} as const;
