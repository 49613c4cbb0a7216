/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one table of texts. Terms are the console's (hub/console/src/i18n.ts). French puts a no-break space (\u00a0) before a colon.
 * A text's box grows with it; labels set the width of their column.
 */
#include "tray/words.h"

#include <windows.h>

enum { ENGLISH, FRENCH, GERMAN, LANGUAGES };

static int language = ENGLISH;

static const wchar_t *const table[W_COUNT][LANGUAGES] = {
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
};

void words_begin(void)
{
    WORD primary = PRIMARYLANGID(GetUserDefaultUILanguage());
    language = primary == LANG_FRENCH ? FRENCH : primary == LANG_GERMAN ? GERMAN : ENGLISH;
}

const wchar_t *words(word w)
{
    return table[w][language];
}
