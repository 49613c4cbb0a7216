/* SPDX-License-Identifier: Apache-2.0 */
/* Messages in three languages from one table. What printers and people call things goes into HTML escaped and nowhere else unfiltered. */
#include "hub/alert_words.h"

#include <stdio.h>
#include <string.h>

#include "core/util/text.h"
#include "hub/json.h"

#define WORDS_MAX (256u << 10)
#define SUBJECT_MAX 400

enum { EN, FR, DE, LANGUAGES };

typedef enum word {
    NEW,
    OVER,
    ALERT,
    ALERTS,
    MORE,
    SINCE,
    TEST,
    TEST_TEXT,
    STATE,
    LEFT_DAYS,
    TARGET,
    STUCK,
    RESET,
    SILENT_SINCE,
    CERTIFICATE,
    NEVER,
    JOBS_IN,
    TOLD_OF,
    FOOT,
    PLACE,
    WORDS
} word;

/* clang-format off */
static const char *const table[WORDS][LANGUAGES] = {
    [NEW] = {"New", "Nouveau", "Neu"},
    [OVER] = {"Over", "Terminé", "Vorbei"},
    [ALERT] = {"alert", "alerte", "Meldung"},
    [ALERTS] = {"alerts", "alertes", "Meldungen"},
    [MORE] = {"And more, which the console shows:", "Et d'autres, que la console montre :", "Und weitere, die die Konsole zeigt:"},
    [SINCE] = {"since", "depuis", "seit"},
    [TEST] = {"Test message", "Message d'essai", "Testnachricht"},
    [TEST_TEXT] = {"This is a test. Alerts of Platen will come this way.", "Ceci est un essai. Les alertes de Platen arriveront par cette voie.",
                   "Dies ist ein Test. Meldungen von Platen kommen auf diesem Weg."},
    [STATE] = {"State", "État", "Zustand"},
    [LEFT_DAYS] = {"days left", "jours restants", "Tage übrig"},
    [TARGET] = {"The meter has reached its target", "Le compteur a atteint sa cible", "Der Zähler hat sein Ziel erreicht"},
    [STUCK] = {"The meter has not moved since", "Le compteur n'a pas bougé depuis", "Der Zähler steht still seit"},
    [RESET] = {"The meter was reset", "Le compteur a été remis à zéro", "Der Zähler wurde zurückgesetzt"},
    [SILENT_SINCE] = {"Not heard of since", "Sans nouvelles depuis", "Nicht mehr gemeldet seit"},
    [CERTIFICATE] = {"its certificate has ended: enrol it again", "son certificat a expiré : inscrivez-le à nouveau",
                     "sein Zertifikat ist abgelaufen: neu aufnehmen"},
    [NEVER] = {"it has never reported since it was enrolled", "il n'a jamais rien envoyé depuis son inscription",
               "es hat sich seit der Aufnahme nie gemeldet"},
    [JOBS_IN] = {"jobs that a policy acted on, within minutes:", "tâches touchées par une politique, en minutes :",
                 "Aufträge, in die eine Richtlinie eingriff, in Minuten:"},
    [TOLD_OF] = {"jobs of which a policy rule wants you told, within minutes:", "tâches dont une règle veut vous avertir, en minutes :",
                 "Aufträge, von denen Sie laut einer Regel erfahren sollen, in Minuten:"},
    [FOOT] = {"You get this message because a rule of Platen names your address. Rules and channels are in the console, under Alerts.",
              "Vous recevez ce message car une règle de Platen désigne votre adresse. Règles et canaux : console, Alertes.",
              "Sie erhalten diese Nachricht, weil eine Regel von Platen Ihre Adresse nennt. Regeln und Kanäle stehen in der Konsole unter Meldungen."},
    [PLACE] = {"Place", "Lieu", "Ort"},
};

static const struct {
    const char *state, *in[LANGUAGES];
} states[] = {
    {"attention", {"needs attention", "demande une intervention", "braucht jemanden"}}, {"stopped", {"stopped", "arrêtée", "angehalten"}},
    {"broken", {"broken", "en panne", "defekt"}}, {"offline", {"offline", "hors ligne", "offline"}},
    {"silent", {"does not answer", "ne répond pas", "antwortet nicht"}}, {"refused", {"refuses to answer", "refuse de répondre", "verweigert die Auskunft"}},
    {"gone", {"gone", "disparue", "verschwunden"}}, {"ready", {"ready", "prête", "bereit"}},
};
/* clang-format on */

typedef struct writer {
    hub_words *out;
    int lang;
} writer;

static int language_of(const char *l)
{
    return !strcmp(l, "fr") ? FR : !strcmp(l, "de") ? DE : EN;
}

bool hub_language_known(const char *l)
{
    return !strcmp(l, "en") || language_of(l) != EN;
}

static const char *say(const writer *w, word x)
{
    return table[x][w->lang];
}

/* Text without control characters, so that no name makes a line. */
static void plain(plt_buf *b, const char *s)
{
    for (; s && *s; s++) plt_buf_byte(b, (unsigned char)*s < 0x20 || *s == 0x7F ? ' ' : (uint8_t)*s);
}

static void escaped(plt_buf *b, const char *s)
{
    static const char *const to[] = {['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;", ['"'] = "&quot;", ['\''] = "&#39;"};
    for (; s && *s; s++) {
        unsigned char c = (unsigned char)*s;
        if (c < sizeof to / sizeof *to && to[c])
            plt_buf_text(b, to[c]);
        else
            plt_buf_byte(b, c < 0x20 || c == 0x7F ? ' ' : c);
    }
}

/* "2026-01-01 12:34 UTC" of an RFC 3339 time. */
static void moment(plt_buf *b, const char *time)
{
    if (time && strlen(time) >= 16) plt_buf_printf(b, "%.10s %.5s UTC", time, time + 11);
}

static const char *state_word(const writer *w, const char *state)
{
    for (size_t i = 0; state && i < sizeof states / sizeof *states; i++)
        if (!strcmp(states[i].state, state)) return states[i].in[w->lang];
    return state;
}

/* ---- what it is about, by kind; without controls, not escaped ---- */

static void about_status(const writer *w, const cJSON *d, plt_buf *b)
{
    plt_buf_printf(b, "%s: ", say(w, STATE));
    plain(b, state_word(w, hub_json_get(d, "state")));
}

static void about_supply(const writer *w, const cJSON *d, plt_buf *b)
{
    int64_t percent = hub_json_whole(d, "percent"), days = hub_json_whole(d, "days");
    const char *text = hub_json_get(d, "supply");
    plain(b, text ? text : hub_json_get(d, "color"));
    if (percent >= 0) plt_buf_printf(b, ": %lld %%", (long long)percent);
    if (days >= 0) plt_buf_printf(b, ", %lld %s", (long long)days, say(w, LEFT_DAYS));
}

static void about_meter(const writer *w, const cJSON *d, plt_buf *b)
{
    const char *what = hub_json_get(d, "meter");
    if (what && !strcmp(what, "stuck")) {
        plt_buf_printf(b, "%s ", say(w, STUCK));
        moment(b, hub_json_get(d, "moved"));
    } else if (what && !strcmp(what, "reset")) {
        plt_buf_printf(b, "%s: ", say(w, RESET));
        moment(b, hub_json_get(d, "reset"));
    } else {
        plt_buf_printf(b, "%s: %lld / %lld", say(w, TARGET), (long long)hub_json_whole(d, "total"), (long long)hub_json_whole(d, "target"));
    }
}

static void about_agent(const writer *w, const cJSON *d, plt_buf *b)
{
    const char *why = hub_json_get(d, "why");
    plt_buf_printf(b, "%s ", say(w, SILENT_SINCE));
    moment(b, hub_json_get(d, "last_seen"));
    if (why && !strcmp(why, "certificate")) plt_buf_printf(b, "; %s", say(w, CERTIFICATE));
    if (why && !strcmp(why, "never")) plt_buf_printf(b, "; %s", say(w, NEVER));
}

static void about_policy(const writer *w, const cJSON *d, plt_buf *b)
{
    plt_buf_printf(b, "%lld %s %lld", (long long)hub_json_whole(d, "count"), say(w, hub_json_get(d, "rule") ? TOLD_OF : JOBS_IN),
                   (long long)hub_json_whole(d, "minutes"));
}

static void about(const writer *w, const char *kind, const cJSON *d, plt_buf *b)
{
    static const struct {
        const char *kind;
        void (*say)(const writer *w, const cJSON *d, plt_buf *b);
    } kinds[] = {{"status", about_status}, {"supply", about_supply}, {"meter", about_meter}, {"agent", about_agent}, {"policy", about_policy}};
    for (size_t i = 0; kind && i < sizeof kinds / sizeof *kinds; i++)
        if (!strcmp(kinds[i].kind, kind)) kinds[i].say(w, d, b);
}

static void one_alert(const writer *w, const char *kind, const cJSON *a)
{
    const cJSON *d = cJSON_GetObjectItemCaseSensitive(a, "detail");
    const char *event = hub_json_get(a, "event"), *place = hub_json_get(a, "place"), *label = hub_json_get(a, "label");
    const char *turn = say(w, event && !strcmp(event, "closed") ? OVER : NEW);
    plt_buf what, *t = &w->out->text, *h = &w->out->html;
    plt_buf_init(&what, 4096);
    about(w, kind, d, &what);
    plt_buf_printf(t, "%s: ", turn);
    plain(t, label);
    plt_buf_printf(t, "\n  %s\n", plt_buf_str(&what));
    if (place) {
        plt_buf_printf(t, "  %s: ", say(w, PLACE));
        plain(t, place);
        plt_buf_byte(t, '\n');
    }
    plt_buf_printf(t, "  %s ", say(w, SINCE));
    moment(t, hub_json_get(a, "since"));
    plt_buf_text(t, "\n\n");
    plt_buf_printf(h, "<li><b>%s: ", turn);
    escaped(h, label);
    plt_buf_text(h, "</b><br>");
    escaped(h, plt_buf_str(&what));
    if (place) {
        plt_buf_printf(h, "<br>%s: ", say(w, PLACE));
        escaped(h, place);
    }
    plt_buf_printf(h, "<br>%s ", say(w, SINCE));
    moment(h, hub_json_get(a, "since"));
    plt_buf_text(h, "</li>\n");
    plt_buf_free(&what);
}

static void subject_of(const writer *w, const cJSON *o, const char *rule, int64_t n)
{
    plt_buf *b = &w->out->subject;
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(o, "alerts");
    plt_buf_text(b, "Platen: ");
    plain(b, rule ? rule : say(w, TEST));
    if (n == 1 && cJSON_GetArraySize(list) == 1) {
        plt_buf_text(b, ": ");
        plain(b, hub_json_get(cJSON_GetArrayItem(list, 0), "label"));
    } else if (n > 0) {
        plt_buf_printf(b, ": %lld %s", (long long)n, say(w, n == 1 ? ALERT : ALERTS));
    }
}

static void write_all(const writer *w, const cJSON *o)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(o, "alerts"), *a;
    const char *rule = hub_json_get(o, "rule"), *kind = hub_json_get(o, "kind");
    int64_t opened = hub_json_whole(o, "opened"), closed = hub_json_whole(o, "closed"), more = hub_json_whole(o, "more");
    plt_buf *t = &w->out->text, *h = &w->out->html;
    subject_of(w, o, rule, (opened < 0 ? 0 : opened) + (closed < 0 ? 0 : closed));
    plain(t, plt_buf_str(&w->out->subject));
    plt_buf_text(t, "\n\n");
    plt_buf_text(h, "<!doctype html><html><body style=\"font-family:sans-serif\"><h2>");
    escaped(h, plt_buf_str(&w->out->subject));
    plt_buf_text(h, "</h2>\n<ul>\n");
    cJSON_ArrayForEach(a, list) one_alert(w, kind, a);
    plt_buf_text(h, "</ul>\n");
    if (!rule) {
        plt_buf_printf(t, "%s\n\n", say(w, TEST_TEXT));
        plt_buf_printf(h, "<p>%s</p>\n", say(w, TEST_TEXT));
    }
    if (more > 0) {
        plt_buf_printf(t, "%s %lld\n\n", say(w, MORE), (long long)more);
        plt_buf_printf(h, "<p>%s %lld</p>\n", say(w, MORE), (long long)more);
    }
    plt_buf_printf(t, "-- \n%s\n", say(w, FOOT));
    plt_buf_printf(h, "<hr><p><small>%s</small></p></body></html>\n", say(w, FOOT));
}

plt_status hub_words_of(const char *body, size_t n, const char *language, hub_words *out)
{
    plt_buf_init(&out->subject, SUBJECT_MAX);
    plt_buf_init(&out->text, WORDS_MAX);
    plt_buf_init(&out->html, WORDS_MAX * 2);
    const writer w = {out, language_of(language)};
    cJSON *o = hub_json_read(body, n);
    if (o) write_all(&w, o);
    plt_status status = o ? PLT_OK : PLT_BAD;
    cJSON_Delete(o);
    const plt_buf *const all[] = {&out->subject, &out->text, &out->html};
    for (int i = 0; i < 3 && status == PLT_OK; i++) status = all[i]->status;
    return status;
}

void hub_words_free(hub_words *w)
{
    plt_buf_free(&w->subject);
    plt_buf_free(&w->text);
    plt_buf_free(&w->html);
}
