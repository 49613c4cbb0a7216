// SPDX-License-Identifier: Apache-2.0
//
// The texts of "Read now": a part of the one table of i18n.ts, whose rules hold here.

export const readNowTexts = {
    "readnow": ["Read now", "Relever maintenant", "Jetzt auslesen"],
    "readnow.of": ["Read now, {machine}", "Relever maintenant, {machine}", "Jetzt auslesen, {machine}"],
    "readnow.title": [
        "The agents that reach this printer read it now, without waiting for their schedule",
        "Les agents qui atteignent cette imprimante la relèvent maintenant, sans attendre leur horaire",
        "Die Agenten, die diesen Drucker erreichen, lesen ihn jetzt aus, ohne auf ihren Zeitplan zu warten",
    ],
    "readnow.dialog": ["Read the printers of {machine} now", "Relever maintenant les imprimantes de {machine}", "Drucker von {machine} jetzt auslesen"],
    "readnow.text": [
        "The agent reads now what it reads by its schedule anyway. A print job is not disturbed: a printer that is busy is read behind it.",
        "L’agent relève maintenant ce qu’il relève de toute façon à son horaire. Aucune impression n’est gênée\u00a0: une imprimante occupée est relevée ensuite.",
        "Der Agent liest jetzt, was er nach seinem Zeitplan ohnehin liest. Kein Druckauftrag wird gestört: Ein beschäftigter Drucker wird danach ausgelesen.",
    ],
    "readnow.what": ["Which printers", "Quelles imprimantes", "Welche Drucker"],
    "readnow.all": ["All", "Toutes", "Alle"],
    "readnow.usb": ["Local printers", "Imprimantes locales", "Lokale Drucker"],
    "readnow.net": ["Network printers", "Imprimantes du réseau", "Netzwerkdrucker"],
    "readnow.asked": ["Asked, no answer yet", "Demandé, pas encore de réponse", "Gefragt, noch keine Antwort"],
    "readnow.away": [
        "The agent does not answer. It is asked when it comes, until {until}",
        "L’agent ne répond pas. Il recevra la demande à son retour, jusqu’à {until}",
        "Der Agent antwortet nicht. Er wird gefragt, sobald er sich meldet, bis {until}",
    ],
    "readnow.reading": ["Reading…", "Relevé en cours…", "Wird ausgelesen…"],
    "readnow.done": ["{count} printer read, {when}|{count} printers read, {when}", "{count} imprimante relevée, {when}|{count} imprimantes relevées, {when}", "{count} Drucker ausgelesen, {when}|{count} Drucker ausgelesen, {when}"],
    "readnow.busy": ["Busy with a job, {when}: it is read behind it", "Occupée par une impression, {when}\u00a0: relevée ensuite", "Mit einem Auftrag beschäftigt, {when}: wird danach ausgelesen"],
    "readnow.failed": ["Not read, {when}", "Pas de relevé, {when}", "Nicht ausgelesen, {when}"],
    "readnow.too-soon": ["Asked too soon after the last time, {when}", "Demandé trop tôt après la dernière fois, {when}", "Zu früh nach dem letzten Mal gefragt, {when}"],
    "readnow.off": ["Switched off on this machine, {when}", "Désactivé sur cet ordinateur, {when}", "Auf diesem Computer abgeschaltet, {when}"],
    "readnow.expired": ["The agent did not come, {when}", "L’agent ne s’est pas présenté, {when}", "Der Agent hat sich nicht gemeldet, {when}"],
    "readnow.lost": ["It began and never answered, {when}", "Commencé, puis plus de réponse, {when}", "Begonnen und nie beantwortet, {when}"],
} as const satisfies Record<string, readonly [string, string, string]>;
