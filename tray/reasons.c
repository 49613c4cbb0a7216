/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reasons in French and German; their English stands in core/util/why.c. Facts and choices of policies (docs/policy.md) in all three. "Label: value."
 * needs no agreement of gender or number, in any language. Nothing here fails: what is not known is said as the service wrote it.
 */
#include "tray/reasons.h"

#include <string.h>

#include "core/util/text.h"
#include "core/util/why.h"
#include "tray/words.h"

static const char *const sentences[PLT_WHY_CODES][2] = {
    [PLT_WHY_DELETED] = {"Son propriétaire l’a supprimé.", "Der Besitzer hat ihn gelöscht."},
    [PLT_WHY_DECLINED] = {"La personne qui l’a imprimé a refusé.", "Die Person, die ihn gedruckt hat, hat abgelehnt."},
    [PLT_WHY_EXPIRED] = {"Il était retenu, et personne ne l’a libéré à temps.", "Er war angehalten, und niemand hat ihn rechtzeitig freigegeben."},
    [PLT_WHY_UNANSWERED] = {"Personne n’a répondu à temps à la question.", "Niemand hat die Frage rechtzeitig beantwortet."},
    [PLT_WHY_LOST] = {"Il a été remis au spouleur, qui ne l’a plus et ne l’a pas imprimé.",
                      "Er wurde dem Spooler übergeben, der ihn nicht mehr hat und nicht gedruckt hat."},
    [PLT_WHY_NOT_TAKEN] = {"Le spouleur ne l’a pas accepté.", "Der Spooler hat ihn nicht angenommen."},
    [PLT_WHY_NO_QUEUE] = {"La file d’impression «\u00a0{1}\u00a0» ne l’accepte pas.", "Die Warteschlange „{1}“ nimmt ihn nicht an."},
    [PLT_WHY_NOT_REWRITTEN] = {"Il n’a pas pu être imprimé comme sa règle l’exige.",
                               "Er konnte nicht so gedruckt werden, wie seine Regel es verlangt."},
    [PLT_WHY_STALE] = {"Ce travail a déjà été libéré ou repris\u00a0: imprimez de nouveau le document.",
                       "Dieser Auftrag wurde schon freigegeben oder zurückgenommen: Bitte drucken Sie das Dokument noch einmal."},
    [PLT_WHY_CUT_OFF] = {"Le programme qui l’imprimait s’est arrêté au milieu du travail.",
                         "Das Programm, das ihn druckte, endete mitten im Auftrag."},
    [PLT_WHY_PORT_FAILED] = {"Le port de l’imprimante ne l’a pas accepté (erreur Windows {1}).",
                             "Der Anschluss des Druckers hat ihn nicht angenommen (Windows-Fehler {1})."},
    [PLT_WHY_NO_SERVICE] = {"Le service d’impression ne répond pas, et ce port n’imprime que ce qu’il autorise.",
                            "Der Druckdienst antwortet nicht, und dieser Anschluss druckt nur, was er erlaubt."},

    [PLT_WHY_RELEASED_BY] = {"Il a été libéré dans la console par {1}.", "Er wurde in der Konsole von {1} freigegeben."},
    [PLT_WHY_CANCELLED_BY] = {"Il a été annulé dans la console par {1}.", "Er wurde in der Konsole von {1} abgebrochen."},

    [PLT_WHY_DENIES] = {"La règle «\u00a0{1}\u00a0» ne le laisse pas imprimer.", "Regel „{1}“ lässt ihn nicht drucken."},
    [PLT_WHY_HOLDS] = {"La règle «\u00a0{1}\u00a0» le retient jusqu’à sa libération.", "Regel „{1}“ hält ihn an, bis er freigegeben wird."},
    [PLT_WHY_REDIRECTS] = {"La règle «\u00a0{1}\u00a0» l’imprime sur «\u00a0{2}\u00a0».", "Regel „{1}“ druckt ihn auf „{2}“."},
    [PLT_WHY_ASKS_ACCOUNT] = {"La règle «\u00a0{1}\u00a0» demande un compte.", "Regel „{1}“ fragt nach einem Konto."},
    [PLT_WHY_WARNS] = {"La règle «\u00a0{1}\u00a0» demande avant d’imprimer.", "Regel „{1}“ fragt vor dem Drucken nach."},
    [PLT_WHY_DUPLEX] = {"La règle «\u00a0{1}\u00a0» l’imprime en recto verso.", "Regel „{1}“ druckt ihn beidseitig."},
    [PLT_WHY_GREY] = {"La règle «\u00a0{1}\u00a0» l’imprime sans couleur.", "Regel „{1}“ druckt ihn ohne Farbe."},
    [PLT_WHY_NOTIFIES] = {"La règle «\u00a0{1}\u00a0» s’applique.", "Regel „{1}“ gilt dafür."},
    [PLT_WHY_OFFERS_DUPLEX] = {"La règle «\u00a0{1}\u00a0» propose de l’imprimer en recto verso.",
                               "Regel „{1}“ bietet an, ihn beidseitig zu drucken."},
    [PLT_WHY_OFFERS_GREY] = {"La règle «\u00a0{1}\u00a0» propose de l’imprimer sans couleur.", "Regel „{1}“ bietet an, ihn ohne Farbe zu drucken."},
    [PLT_WHY_DEFAULT_DENIES] = {"Aucune règle ne l’autorise.", "Keine Regel erlaubt ihn."},

    [PLT_WHY_UNKNOWN] = {"{1}\u00a0: inconnu.", "{1}: nicht bekannt."},
    [PLT_WHY_MATCHES] = {"{1}\u00a0: correspond à «\u00a0{2}\u00a0».", "{1}: passt zu „{2}“."},
    [PLT_WHY_MATCHES_NOT] = {"{1}\u00a0: ne correspond pas à «\u00a0{2}\u00a0».", "{1}: passt nicht zu „{2}“."},
    [PLT_WHY_MATCHES_NONE] = {"{1}\u00a0: ne correspond ni à «\u00a0{2}\u00a0» ni au reste de ce que la règle nomme.",
                              "{1}: passt weder zu „{2}“ noch zu etwas anderem, das die Regel nennt."},
    [PLT_WHY_WORDS] = {"{1}\u00a0: contient les mots «\u00a0{2}\u00a0».", "{1}: enthält die Wörter „{2}“."},
    [PLT_WHY_WORDS_NOT] = {"{1}\u00a0: ne contient pas les mots «\u00a0{2}\u00a0».", "{1}: enthält die Wörter „{2}“ nicht."},
    [PLT_WHY_WORDS_NONE] = {"{1}\u00a0: ne contient ni les mots «\u00a0{2}\u00a0» ni d’autres que la règle nomme.",
                            "{1}: enthält weder die Wörter „{2}“ noch andere, die die Regel nennt."},
    [PLT_WHY_IS] = {"{1}\u00a0: {2}.", "{1}: {2}."},
    [PLT_WHY_IS_NOT] = {"{1}\u00a0: pas {2}.", "{1}: nicht {2}."},
    [PLT_WHY_EXACTLY] = {"{1}\u00a0: {2} (la règle dit {3}).", "{1}: {2} (die Regel sagt {3})."},
    [PLT_WHY_NOT_EXACTLY] = {"{1}\u00a0: {2} (la règle dit autre que {3}).", "{1}: {2} (die Regel sagt anders als {3})."},
    [PLT_WHY_AT_LEAST] = {"{1}\u00a0: {2} (la règle dit {3} ou plus).", "{1}: {2} (die Regel sagt {3} oder mehr)."},
    [PLT_WHY_NOT_AT_LEAST] = {"{1}\u00a0: {2} (la règle dit moins de {3}).", "{1}: {2} (die Regel sagt weniger als {3})."},
    [PLT_WHY_AT_MOST] = {"{1}\u00a0: {2} (la règle dit {3} au plus).", "{1}: {2} (die Regel sagt höchstens {3})."},
    [PLT_WHY_NOT_AT_MOST] = {"{1}\u00a0: {2} (la règle dit plus de {3}).", "{1}: {2} (die Regel sagt mehr als {3})."},
    [PLT_WHY_BETWEEN] = {"{1}\u00a0: {2} (la règle dit de {3} à {4}).", "{1}: {2} (die Regel sagt von {3} bis {4})."},
    [PLT_WHY_NOT_BETWEEN] = {"{1}\u00a0: {2} (la règle dit pas de {3} à {4}).", "{1}: {2} (die Regel sagt nicht von {3} bis {4})."},
    [PLT_WHY_AGAIN] = {"Le même document a été imprimé il y a {1} min (la règle dit {2} min au plus).",
                       "Dasselbe Dokument wurde vor {1} Min. gedruckt (die Regel sagt höchstens {2} Min.)."},
    [PLT_WHY_AGAIN_NOT] = {"Le même document a été imprimé il y a {1} min (la règle dit plus de {2} min).",
                           "Dasselbe Dokument wurde vor {1} Min. gedruckt (die Regel sagt mehr als {2} Min.)."},
    [PLT_WHY_FIRST] = {"Le document est imprimé pour la première fois.", "Das Dokument wird zum ersten Mal gedruckt."},
    [PLT_WHY_QUOTA_OVER] = {"Quota «\u00a0{1}\u00a0»\u00a0: {2} sur {4} utilisés, et {3} pour ce travail sont de trop.",
                            "Kontingent „{1}“: {2} von {4} sind verbraucht, {3} für diesen Auftrag sind zu viel."},
    [PLT_WHY_QUOTA_WITHIN] = {"Quota «\u00a0{1}\u00a0»\u00a0: {2} sur {4} utilisés, et {3} pour ce travail suffisent.",
                              "Kontingent „{1}“: {2} von {4} sind verbraucht, {3} für diesen Auftrag passen."},
    [PLT_WHY_QUOTA_STANDS] = {"Quota «\u00a0{1}\u00a0»\u00a0: {2} sur {4} utilisés, {3} pour ce travail.",
                              "Kontingent „{1}“: {2} von {4} sind verbraucht, {3} für diesen Auftrag."},
    [PLT_WHY_QUOTA_UNKNOWN] = {"Quota «\u00a0{1}\u00a0»\u00a0: l’utilisation, ou celle de ce travail, est inconnue.",
                               "Kontingent „{1}“: Was verbraucht ist oder was dieser Auftrag verbraucht, ist nicht bekannt."},
    [PLT_WHY_MORE] = {"Il y a d’autres motifs.", "Es gibt weitere Gründe."},
};

/* A policy's name for something, and English, French, German. */
typedef struct term {
    const char *name;
    const char *in[WORDS_LANGUAGES];
} term;

static const term facts[] = {
    {"user", {"User", "Utilisateur", "Benutzer"}},
    {"workstation", {"Computer", "Ordinateur", "Computer"}},
    {"machine", {"Computer", "Ordinateur", "Computer"}},
    {"server", {"Print server", "Serveur d’impression", "Druckserver"}},
    {"queue", {"Printer", "Imprimante", "Drucker"}},
    {"port", {"Port", "Port", "Anschluss"}},
    {"device", {"Device", "Appareil", "Gerät"}},
    {"document", {"Document", "Document", "Dokument"}},
    {"application", {"Program", "Application", "Programm"}},
    {"driver_paper", {"Paper chosen", "Papier choisi", "Gewähltes Papier"}},
    {"group", {"Group", "Groupe", "Gruppe"}},
    {"language", {"Printer language", "Langage d’impression", "Druckersprache"}},
    {"paper", {"Paper", "Papier", "Papier"}},
    {"document_type", {"Kind of document", "Type de document", "Dokumentart"}},
    {"pages", {"Pages", "Pages", "Seiten"}},
    {"impressions", {"Printed pages", "Pages imprimées", "Gedruckte Seiten"}},
    {"color", {"Colour", "Couleur", "Farbe"}},
    {"color_pages", {"Pages in colour", "Pages en couleur", "Farbseiten"}},
    {"color_impressions", {"Printed pages in colour", "Pages imprimées en couleur", "Gedruckte Farbseiten"}},
    {"sheets", {"Sheets", "Feuilles", "Blätter"}},
    {"copies", {"Copies", "Exemplaires", "Exemplare"}},
    {"duplex", {"Both sides", "Recto verso", "Beidseitig"}},
    {"nup", {"Pages on a side", "Pages par face", "Seiten je Blattseite"}},
    {"bytes", {"Bytes", "Octets", "Bytes"}},
    {"cost", {"Cost", "Coût", "Kosten"}},
    {"time", {"Time of day", "Heure", "Uhrzeit"}},
    {"weekday", {"Day of the week", "Jour de la semaine", "Wochentag"}},
    {"date", {"Date", "Date", "Datum"}},
    {"again", {"Printed before", "Déjà imprimé", "Schon gedruckt"}},
    {"driver_color", {"Colour chosen", "Couleur choisie", "Gewählte Farbe"}},
    {"driver_duplex", {"Both sides chosen", "Recto verso choisi", "Beidseitig gewählt"}},
    {"driver_copies", {"Copies chosen", "Exemplaires choisis", "Gewählte Exemplare"}},
    {"quota", {"Quota", "Quota", "Kontingent"}},
};

static const term choices[] = {
    {"true", {"yes", "oui", "ja"}},
    {"false", {"no", "non", "nein"}},
    {"none", {"no", "non", "nein"}},
    {"long", {"along the long edge", "sur le bord long", "an der langen Kante"}},
    {"short", {"along the short edge", "sur le bord court", "an der kurzen Kante"}},
    {"text", {"text", "texte", "Text"}},
    {"spreadsheet", {"spreadsheet", "feuille de calcul", "Tabelle"}},
    {"presentation", {"presentation", "présentation", "Präsentation"}},
    {"pdf", {"PDF", "PDF", "PDF"}},
    {"mail", {"e-mail", "e-mail", "E-Mail"}},
    {"web", {"web page", "page web", "Webseite"}},
    {"image", {"image", "image", "Bild"}},
    {"drawing", {"drawing", "dessin", "Zeichnung"}},
    {"mon", {"Monday", "lundi", "Montag"}},
    {"tue", {"Tuesday", "mardi", "Dienstag"}},
    {"wed", {"Wednesday", "mercredi", "Mittwoch"}},
    {"thu", {"Thursday", "jeudi", "Donnerstag"}},
    {"fri", {"Friday", "vendredi", "Freitag"}},
    {"sat", {"Saturday", "samedi", "Samstag"}},
    {"sun", {"Sunday", "dimanche", "Sonntag"}},
};

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

static const char *sentence(plt_why_code code)
{
    int language = words_language();
    return language ? sentences[code][language - 1] : plt_why_table[code].english;
}

static const char *term_of(const term *all, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(all[i].name, name) == 0) return all[i].in[words_language()];
    return name;
}

/* "mon,tue": each by its word. */
static void say_choices(const char *list, char *out, size_t size)
{
    out[0] = 0;
    for (size_t n = 0; *list; n = strlen(out)) {
        char one[PLT_WHY_ARG];
        size_t len = strcspn(list, ",");
        plt_utf8_copy(one, sizeof one, list, len);
        plt_copy(out + n, size - n, n ? ", " : "");
        n = strlen(out);
        plt_copy(out + n, size - n, term_of(choices, COUNT(choices), one));
        list += len + (list[len] == ',');
    }
}

/* French and German put a comma before the parts of a whole. */
static void say_number(const char *number, char *out, size_t size)
{
    plt_copy(out, size, number);
    char *point = words_language() ? strchr(out, '.') : NULL;
    if (point) *point = ',';
}

static void say_arg(char kind, const char *arg, char *out, size_t size)
{
    switch (kind) {
    case 'f': plt_copy(out, size, term_of(facts, COUNT(facts), arg)); break;
    case 'c': say_choices(arg, out, size); break;
    case 'n': say_number(arg, out, size); break;
    default: plt_copy(out, size, arg); break;
    }
}

static void say_phrase(const plt_phrase *p, char *out, size_t size)
{
    char room[PLT_WHY_ARGS][2 * PLT_WHY_ARG] = {""};
    const char *args[PLT_WHY_ARGS];
    for (size_t i = 0; i < PLT_WHY_ARGS; i++) args[i] = room[i];
    for (size_t i = 0; plt_why_table[p->code].args[i]; i++) say_arg(plt_why_table[p->code].args[i], p->arg[i], room[i], sizeof room[i]);
    plt_why_fill(out, size, sentence(p->code), args);
}

bool reasons_say(const char *why, char *out, size_t size)
{
    static const char rest[] = " …";
    plt_phrase p;
    bool bad = false;
    size_t n = 0;
    out[0] = 0;
    while (plt_why_next(&why, &p, &bad)) {
        char one[1024];
        say_phrase(&p, one, sizeof one);
        size_t len = strlen(one);
        if (n + len + 1 + sizeof rest > size) {
            if (n) plt_copy(out + n, size - n, rest);
            return n > 0;
        }
        if (n) out[n++] = ' ';
        plt_copy(out + n, size - n, one);
        n += len;
    }
    if (bad) out[0] = 0;
    return out[0] != 0;
}

void reasons_or(const char *why, const char *message, char *out, size_t size)
{
    if (!reasons_say(why, out, size)) plt_copy(out, size, message);
}
