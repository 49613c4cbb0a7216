/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one table of texts. Terms are the console's (hub/console/src/i18n.ts). French puts a no-break space (\u00a0) before a colon.
 * A text's box grows with it; labels set the width of their column.
 */
#include "tray/words.h"

#include <stdbool.h>

enum { ENGLISH, FRENCH, GERMAN };

static int language = ENGLISH;

static const wchar_t *const table[W_COUNT][WORDS_LANGUAGES] = {
    [W_CONNECTED] = {L"Connected", L"Connecté", L"Verbunden"},
    [W_CONNECTED_TEXT] = {L"Print jobs of this computer are recorded and sent to the hub.",
                          L"Les travaux d’impression de cet ordinateur sont enregistrés et envoyés au hub.",
                          L"Druckaufträge dieses Computers werden aufgezeichnet und an den Hub gesendet."},
    [W_SENDING] = {L"Connected, sending", L"Connecté, envoi en cours", L"Verbunden, es wird gesendet"},
    [W_SENDING_TEXT] = {L"Some records are still on their way to the hub.", L"Des enregistrements sont encore en route vers le hub.",
                        L"Einige Aufzeichnungen sind noch auf dem Weg zum Hub."},
    [W_UNREACHABLE] = {L"Hub not reached", L"Hub injoignable", L"Hub nicht erreichbar"},
    [W_UNREACHABLE_TEXT] = {L"Printing goes on. Records are kept on this computer and sent as soon as the hub answers.",
                            L"L’impression continue. Les enregistrements sont conservés sur cet ordinateur et envoyés dès que le hub répond.",
                            L"Das Drucken geht weiter. Aufzeichnungen bleiben auf diesem Computer und werden gesendet, sobald der Hub antwortet."},
    [W_NOT_ENROLLED] = {L"Not enrolled", L"Non inscrit", L"Nicht registriert"},
    [W_NOT_ENROLLED_TEXT] = {L"Print jobs are recorded on this computer only. An administrator enrols it at a hub.",
                             L"Les travaux d’impression ne sont enregistrés que sur cet ordinateur. Un administrateur l’inscrit auprès d’un hub.",
                             L"Druckaufträge werden nur auf diesem Computer aufgezeichnet. Ein Administrator registriert ihn an einem Hub."},
    [W_REFUSED_STATE] = {L"Refused by the hub", L"Refusé par le hub", L"Vom Hub abgelehnt"},
    [W_REFUSED_TEXT] =
        {L"The hub does not take this computer’s records. They are kept here. Please tell your administrator; “Copy details” gives the reason.",
         L"Le hub n’accepte pas les enregistrements de cet ordinateur. Ils sont conservés ici. Prévenez votre administrateur\u00a0; "
         L"«\u00a0Copier les détails\u00a0» donne la raison.",
         L"Der Hub nimmt die Aufzeichnungen dieses Computers nicht an. Sie bleiben hier erhalten. Bitte informieren Sie Ihren Administrator; "
         L"„Details kopieren“ nennt den Grund."},
    [W_AWAY] = {L"Service not running", L"Service arrêté", L"Dienst läuft nicht"},
    [W_AWAY_TEXT] = {L"The Platen service of this computer does not answer. Please tell your administrator if this lasts.",
                     L"Le service Platen de cet ordinateur ne répond pas. Prévenez votre administrateur si cela dure.",
                     L"Der Platen-Dienst dieses Computers antwortet nicht. Bitte informieren Sie Ihren Administrator, wenn das so bleibt."},
    [W_ASKING] = {L"One moment…", L"Un instant…", L"Einen Moment…"},
    [W_HUB] = {L"Hub", L"Hub", L"Hub"},
    [W_LAST_CONTACT] = {L"Last contact", L"Dernier contact", L"Letzter Kontakt"},
    [W_WAITING] = {L"Records waiting", L"Enregistrements en attente", L"Wartende Aufzeichnungen"},
    [W_NEVER] = {L"never", L"jamais", L"nie"},
    [W_TODAY] = {L"today, %ls", L"aujourd’hui, %ls", L"heute, %ls"},
    [W_LAST_JOB] = {L"Your last print job", L"Votre dernier travail d’impression", L"Ihr letzter Druckauftrag"},
    [W_NO_JOB] = {L"You have not printed from this computer yet.", L"Vous n’avez pas encore imprimé depuis cet ordinateur.",
                  L"Sie haben von diesem Computer noch nicht gedruckt."},
    [W_DOCUMENT] = {L"Document", L"Document", L"Dokument"},
    [W_NO_NAME] = {L"(no name)", L"(sans nom)", L"(ohne Namen)"},
    [W_PRINTER] = {L"Printer", L"Imprimante", L"Drucker"},
    [W_PAGES] = {L"Pages", L"Pages", L"Seiten"},
    [W_UNKNOWN] = {L"unknown", L"inconnu", L"unbekannt"},
    [W_OUTCOME] = {L"Outcome", L"Résultat", L"Ergebnis"},
    [W_PRINTED] = {L"Printed", L"Imprimé", L"Gedruckt"},
    [W_FAILED] = {L"Failed", L"Échec", L"Fehler"},
    [W_CANCELLED] = {L"Cancelled", L"Annulé", L"Abgebrochen"},
    [W_REFUSED] = {L"Refused", L"Refusé", L"Abgelehnt"},
    [W_ABORTED] = {L"Aborted", L"Interrompu", L"Abgerissen"},
    [W_TIME] = {L"Time", L"Heure", L"Zeit"},
    [W_COPY] = {L"Copy details", L"Copier les détails", L"Details kopieren"},
    [W_COPIED] = {L"Copied", L"Copié", L"Kopiert"},
    [W_CLOSE] = {L"Close", L"Fermer", L"Schließen"},
    [W_MENU_STATUS] = {L"&Status", L"&État", L"&Status"},
    [W_MENU_ABOUT] = {L"&About Platen", L"À &propos de Platen", L"&Info über Platen"},
    [W_MENU_QUIT] = {L"&Quit", L"&Quitter", L"&Beenden"},
    [W_ABOUT_TEXT] =
        {L"Platen accounts for the print jobs of this computer: who printed what, where, and how many pages. What a page shows never leaves "
         L"the computer. Free software under the Apache License 2.0.",
         L"Platen tient le compte des travaux d’impression de cet ordinateur\u00a0: qui a imprimé quoi, où, et combien de pages. Le contenu des "
         L"pages ne quitte jamais l’ordinateur. Logiciel libre sous licence Apache 2.0.",
         L"Platen führt Buch über die Druckaufträge dieses Computers: wer was wo gedruckt hat und wie viele Seiten. Der Inhalt der Seiten verlässt "
         L"den Computer nie. Freie Software unter der Apache-Lizenz 2.0."},
    [W_VERSION] = {L"Version", L"Version", L"Version"},
    [W_AGENT] = {L"Agent", L"Agent", L"Agent"},
    [W_MESSAGE] = {L"Message", L"Message", L"Meldung"},
    [W_Q_CAPTION] = {L"Your print job", L"Votre impression", L"Ihr Druckauftrag"},
    [W_Q_PRINT] = {L"Print this document?", L"Imprimer ce document\u00a0?", L"Dieses Dokument drucken?"},
    [W_Q_ACCOUNT] = {L"Which account is it for?", L"Sur quel compte l’imputer\u00a0?", L"Welches Konto wird belastet?"},
    [W_Q_DUPLEX] = {L"Print on both sides?", L"Imprimer en recto verso\u00a0?", L"Beidseitig drucken?"},
    [W_Q_GREY] = {L"Print without colour?", L"Imprimer sans couleur\u00a0?", L"Ohne Farbe drucken?"},
    [W_Q_HOW] = {L"How should it be printed?", L"Comment l’imprimer\u00a0?", L"Wie soll gedruckt werden?"},
    [W_OF] = {L"%ls of %ls", L"%ls sur %ls", L"%ls von %ls"},
    [W_LABELLED] = {L"%ls: %ls", L"%ls\u00a0: %ls", L"%ls: %ls"},
    [W_PAPER] = {L"Paper", L"Papier", L"Papier"},
    [W_ONE_SIDE] = {L"one side", L"recto", L"einseitig"},
    [W_BOTH_SIDES] = {L"both sides", L"recto verso", L"beidseitig"},
    [W_PAGE_1] = {L"%ls page", L"%ls page", L"%ls Seite"},
    [W_PAGE_N] = {L"%ls pages", L"%ls pages", L"%ls Seiten"},
    [W_COPY_1] = {L"%ls copy", L"%ls exemplaire", L"%ls Exemplar"},
    [W_COPY_N] = {L"%ls copies", L"%ls exemplaires", L"%ls Exemplare"},
    [W_SHEET_1] = {L"%ls sheet", L"%ls feuille", L"%ls Blatt"},
    [W_SHEET_N] = {L"%ls sheets", L"%ls feuilles", L"%ls Blatt"},
    [W_COLOUR] = {L"Colour", L"Couleur", L"Farbe"},
    [W_COLOUR_1] = {L"%ls page in colour", L"%ls page en couleur", L"%ls Seite in Farbe"},
    [W_COLOUR_N] = {L"%ls pages in colour", L"%ls pages en couleur", L"%ls Seiten in Farbe"},
    [W_NO_COLOUR] = {L"no colour", L"sans couleur", L"keine Farbe"},
    [W_COST] = {L"Cost", L"Coût", L"Kosten"},
    [W_RULE] = {L"Rule", L"Règle", L"Regel"},
    [W_PRINT] = {L"Print", L"Imprimer", L"Drucken"},
    [W_DO_NOT_PRINT] = {L"Do not print", L"Ne pas imprimer", L"Nicht drucken"},
    [W_DUPLEX] = {L"On both sides", L"En recto verso", L"Beidseitig"},
    [W_AS_IT_IS] = {L"As it is", L"Tel quel", L"Unverändert"},
    [W_GREY] = {L"Without colour", L"Sans couleur", L"Ohne Farbe"},
    [W_IN_COLOUR] = {L"In colour", L"En couleur", L"In Farbe"},
    [W_DUPLEX_GREY] = {L"On both sides, without colour", L"En recto verso, sans couleur", L"Beidseitig, ohne Farbe"},
    [W_PRINTS_IN] = {L"Without an answer it is printed in %ls.", L"Sans réponse, il sera imprimé dans %ls.", L"Ohne Antwort wird in %ls gedruckt."},
    [W_CANCELS_IN] = {L"Without an answer it is cancelled in %ls.", L"Sans réponse, il sera annulé dans %ls.",
                      L"Ohne Antwort wird der Auftrag in %ls abgebrochen."},
    [W_TIME_IS_OVER] = {L"The time for an answer is over.", L"Le délai de réponse est écoulé.", L"Die Zeit für eine Antwort ist um."},
    [W_DOUBT] = {L"The Platen service does not answer at the moment. The question stays open.",
                 L"Le service Platen ne répond pas pour le moment. La question reste ouverte.",
                 L"Der Platen-Dienst antwortet gerade nicht. Die Frage bleibt offen."},
    [W_E_AWAY] = {L"Your answer did not arrive: the Platen service does not respond. Please try again.",
                  L"Votre réponse n’est pas arrivée\u00a0: le service Platen ne répond pas. Veuillez réessayer.",
                  L"Ihre Antwort kam nicht an: Der Platen-Dienst reagiert nicht. Bitte versuchen Sie es noch einmal."},
    [W_E_LATE] = {L"It is too late: this job has already been decided.", L"Il est trop tard\u00a0: ce travail est déjà décidé.",
                  L"Zu spät: Über diesen Auftrag ist bereits entschieden."},
    [W_E_ACCOUNT] = {L"The account or its PIN is not right. Please check both and try again.",
                     L"Le compte ou son code PIN n’est pas correct. Vérifiez les deux et réessayez.",
                     L"Das Konto oder seine PIN stimmt nicht. Bitte prüfen Sie beides und versuchen Sie es noch einmal."},
    [W_E_AGAIN] = {L"This did not work just now. Please try again in a moment.", L"Cela n’a pas fonctionné. Réessayez dans un instant.",
                   L"Das hat gerade nicht geklappt. Bitte versuchen Sie es gleich noch einmal."},
    [W_E_GONE] = {L"This job is no longer there.", L"Ce travail n’existe plus.", L"Diesen Auftrag gibt es nicht mehr."},
    [W_E_CHOOSE] = {L"Please choose an account first.", L"Choisissez d’abord un compte.", L"Bitte wählen Sie zuerst ein Konto."},
    [W_ACCOUNT] = {L"Account", L"Compte", L"Konto"},
    [W_ACCOUNT_OPTIONAL] = {L"Account (optional)", L"Compte (facultatif)", L"Konto (optional)"},
    [W_SEARCH] = {L"Search by name or number", L"Rechercher par nom ou numéro", L"Nach Name oder Nummer suchen"},
    [W_SEARCHING] = {L"Searching…", L"Recherche…", L"Suche läuft…"},
    [W_NO_ACCOUNTS] = {L"No account found", L"Aucun compte trouvé", L"Kein Konto gefunden"},
    [W_NO_ACCOUNTS_YET] = {L"Type to search", L"Tapez pour rechercher", L"Tippen, um zu suchen"},
    [W_FAVOURITE] = {L"favourite", L"favori", L"Favorit"},
    [W_RECENT] = {L"recent", L"récent", L"zuletzt benutzt"},
    [W_CLIENT] = {L"client", L"client", L"Mandant"},
    [W_MATTER] = {L"matter", L"dossier", L"Akte"},
    [W_PROJECT] = {L"project", L"projet", L"Projekt"},
    [W_PIN] = {L"PIN", L"Code PIN", L"PIN"},
    [W_REMEMBER] = {L"Remember", L"Mémoriser", L"Merken"},
    [W_ONCE] = {L"for this job only", L"pour ce travail seulement", L"nur für diesen Auftrag"},
    [W_15_MINUTES] = {L"for 15 minutes", L"pendant 15 minutes", L"15 Minuten lang"},
    [W_1_HOUR] = {L"for one hour", L"pendant une heure", L"eine Stunde lang"},
    [W_8_HOURS] = {L"for 8 hours", L"pendant 8 heures", L"8 Stunden lang"},
    [W_MY_JOBS] = {L"My print jobs", L"Mes impressions", L"Meine Druckaufträge"},
    [W_NO_JOBS] = {L"You have no print jobs.", L"Vous n’avez aucun travail d’impression.", L"Sie haben keine Druckaufträge."},
    [W_JOBS_AWAY] = {L"The list cannot be read: the Platen service does not answer.",
                     L"La liste ne peut pas être lue\u00a0: le service Platen ne répond pas.",
                     L"Die Liste kann nicht gelesen werden: Der Platen-Dienst antwortet nicht."},
    [W_ASKS_YOU] = {L"Waits for your answer", L"Attend votre réponse", L"Wartet auf Ihre Antwort"},
    [W_HELD] = {L"Held", L"Retenu", L"Angehalten"},
    [W_ON_ITS_WAY] = {L"On its way to the printer", L"En route vers l’imprimante", L"Unterwegs zum Drucker"},
    [W_DENIED] = {L"Denied", L"Refusé", L"Abgelehnt"},
    [W_WHY] = {L"Reason", L"Motif", L"Grund"},
    [W_KEPT_UNTIL] = {L"Kept until", L"Conservé jusqu’à", L"Aufbewahrt bis"},
    [W_PRINT_NOW] = {L"Print now", L"Imprimer maintenant", L"Jetzt drucken"},
    [W_DELETE] = {L"Delete", L"Supprimer", L"Löschen"},
    [W_REALLY_DELETE] = {L"Really delete?", L"Vraiment supprimer\u00a0?", L"Wirklich löschen?"},
    [W_USED_PAGES] = {L"%ls of %ls pages", L"%ls pages sur %ls", L"%ls von %ls Seiten"},
    [W_USED_COLOUR] = {L"%ls of %ls colour pages", L"%ls pages couleur sur %ls", L"%ls von %ls Farbseiten"},
    [W_USED_SHEETS] = {L"%ls of %ls sheets", L"%ls feuilles sur %ls", L"%ls von %ls Blatt"},
    [W_USED_MONEY] = {L"%ls of %ls", L"%ls sur %ls", L"%ls von %ls"},
    [W_UNTIL_DAY] = {L"until %ls", L"jusqu’au %ls", L"bis %ls"},
    [W_NOTE_DENIED] = {L"Print job denied", L"Impression refusée", L"Druckauftrag abgelehnt"},
    [W_NOTE_CONVERTED] = {L"Print job changed", L"Impression modifiée", L"Druckauftrag geändert"},
    [W_NOTE_HELD] = {L"Print job held", L"Impression retenue", L"Druckauftrag angehalten"},
    [W_NOTE_RELEASED] = {L"Print job released", L"Impression libérée", L"Druckauftrag freigegeben"},
    [W_NOTE_FAILED] = {L"Print job failed", L"Échec de l’impression", L"Druckauftrag fehlgeschlagen"},
    [W_NOTE_CANCELLED] = {L"Print job cancelled", L"Impression annulée", L"Druckauftrag abgebrochen"},
    [W_NOTE_UNANSWERED] = {L"Nobody answered the question in time.", L"Personne n’a répondu à temps à la question.",
                           L"Niemand hat die Frage rechtzeitig beantwortet."},
    [W_NOTE_EXPIRED] = {L"It was held, and nobody released it in time.", L"Elle était retenue, et personne ne l’a libérée à temps.",
                        L"Er war angehalten, und niemand hat ihn rechtzeitig freigegeben."},
    [W_NOTE_ASK] = {L"Your print job waits for an answer", L"Votre impression attend une réponse", L"Ihr Druckauftrag wartet auf eine Antwort"},
    [W_NOTE_KEY] = {L"Ctrl+Alt+Shift+P opens the question.", L"Ctrl+Alt+Maj+P ouvre la question.", L"Strg+Alt+Umschalt+P öffnet die Frage."},
    [W_WAITS_1] = {L"%ls print job waits for your answer", L"%ls impression attend votre réponse", L"%ls Druckauftrag wartet auf Ihre Antwort"},
    [W_WAITS_N] = {L"%ls print jobs wait for your answer", L"%ls impressions attendent votre réponse", L"%ls Druckaufträge warten auf Ihre Antwort"},
    [W_MENU_QUESTION] = {L"Open &question", L"Ouvrir la &question", L"&Frage öffnen"},
    [W_MENU_JOBS] = {L"&My print jobs", L"&Mes impressions", L"&Meine Druckaufträge"},
    [W_MENU_READ] = {L"&Read printers now", L"&Relever les imprimantes", L"&Drucker jetzt auslesen"},
    [W_READ_TITLE] = {L"Printers of this computer", L"Imprimantes de cet ordinateur", L"Drucker dieses Computers"},
    [W_READ_1] = {L"%ls printer was read.", L"%ls imprimante relevée.", L"%ls Drucker wurde ausgelesen."},
    [W_READ_N] = {L"%ls printers were read.", L"%ls imprimantes relevées.", L"%ls Drucker wurden ausgelesen."},
    [W_READ_NONE] = {L"No printer is connected that can be read.", L"Aucune imprimante connectée ne peut être relevée.",
                     L"Es ist kein Drucker angeschlossen, der ausgelesen werden kann."},
    [W_READ_BUSY_1] = {L"%ls printer is printing and will be read afterwards.", L"%ls imprimante imprime et sera relevée ensuite.",
                       L"%ls Drucker druckt gerade und wird danach ausgelesen."},
    [W_READ_BUSY_N] = {L"%ls printers are printing and will be read afterwards.", L"%ls imprimantes impriment et seront relevées ensuite.",
                       L"%ls Drucker drucken gerade und werden danach ausgelesen."},
    [W_READ_OFF] = {L"On this computer, printers are not read: your administrator has switched it off.",
                    L"Sur cet ordinateur, les imprimantes ne sont pas relevées\u00a0: votre administrateur l’a désactivé.",
                    L"Auf diesem Computer werden Drucker nicht ausgelesen: Ihr Administrator hat es abgeschaltet."},
    [W_READ_SOON] = {L"The printers were read a moment ago. Please try again in a minute.",
                     L"Les imprimantes viennent d’être relevées. Réessayez dans une minute.",
                     L"Die Drucker wurden gerade erst ausgelesen. Bitte versuchen Sie es in einer Minute erneut."},
    [W_READ_LONG] = {L"The printers are still being read. It goes on by itself.", L"Le relevé des imprimantes dure encore. Il continue tout seul.",
                     L"Die Drucker werden noch ausgelesen. Das geht von selbst weiter."},
    [W_READ_FAILED] = {L"The printers could not be read. Your administrator finds the reason in the service’s log.",
                       L"Les imprimantes n’ont pas pu être relevées. Votre administrateur en trouve la raison dans le journal du service.",
                       L"Die Drucker konnten nicht ausgelesen werden. Ihr Administrator findet den Grund im Protokoll des Dienstes."},
    [W_READ_OLD] = {L"The Platen service on this computer is too old for that.", L"Le service Platen de cet ordinateur est trop ancien pour cela.",
                    L"Der Platen-Dienst auf diesem Computer ist dafür zu alt."},
    [W_READ_AWAY] = {L"The Platen service does not respond. Please try again.", L"Le service Platen ne répond pas. Veuillez réessayer.",
                     L"Der Platen-Dienst antwortet nicht. Bitte versuchen Sie es erneut."},
    [W_SERVICE_VERSION] = {L"Service", L"Service", L"Dienst"},
};

void words_begin(unsigned langid)
{
    unsigned primary = langid & 0x3ff; /* [MS-LCID]: the low ten bits */
    language = primary == 0x0c ? FRENCH : primary == 0x07 ? GERMAN : ENGLISH;
}

int words_language(void)
{
    return language;
}

const wchar_t *words(word w)
{
    return table[w][language];
}

/* CLDR: French has its singular for 0 and 1, English and German for 1 alone. */
const wchar_t *words_for(word one, uint64_t n)
{
    bool single = n == 1 || (n == 0 && language == FRENCH);
    return words(single ? one : one + 1);
}
