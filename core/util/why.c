/* SPDX-License-Identifier: Apache-2.0 */
/* The codes of reasons with their English sentences, and the line they travel in. Pure; takes whatever bytes come. */
#include "core/util/why.h"

#include <stdio.h>
#include <string.h>

#include "core/util/text.h"

const plt_why_info plt_why_table[PLT_WHY_CODES] = {
    [PLT_WHY_DELETED] = {"deleted", "", "Its owner deleted it."},
    [PLT_WHY_DECLINED] = {"declined", "", "The person who printed it said no."},
    [PLT_WHY_EXPIRED] = {"expired", "", "It was held, and nobody released it in time."},
    [PLT_WHY_UNANSWERED] = {"unanswered", "", "Nobody answered the question in time."},
    [PLT_WHY_LOST] = {"lost", "", "It was given to the spooler, which does not have it any more and did not print it."},
    [PLT_WHY_NOT_TAKEN] = {"not-taken", "", "The spooler did not take it."},
    [PLT_WHY_NO_QUEUE] = {"no-queue", "t", "The print queue \"{1}\" does not take it."},
    [PLT_WHY_NOT_REWRITTEN] = {"not-rewritten", "", "It could not be printed as its rule demands."},
    [PLT_WHY_STALE] = {"stale", "", "This job was released before, or taken back: print the document again."},
    [PLT_WHY_CUT_OFF] = {"cut-off", "", "The program that printed it ended in the middle of the job."},
    [PLT_WHY_PORT_FAILED] = {"port-failed", "n", "The printer's port did not take it (Windows error {1})."},
    [PLT_WHY_NO_SERVICE] = {"no-service", "", "The print service does not answer, and this port prints only what it allows."},

    [PLT_WHY_RELEASED_BY] = {"released-by", "t", "It was released on the console by {1}."},
    [PLT_WHY_CANCELLED_BY] = {"cancelled-by", "t", "It was cancelled on the console by {1}."},

    [PLT_WHY_DENIES] = {"denies", "t", "Rule \"{1}\" does not let it print."},
    [PLT_WHY_HOLDS] = {"holds", "t", "Rule \"{1}\" holds it until it is released."},
    [PLT_WHY_REDIRECTS] = {"redirects", "tt", "Rule \"{1}\" prints it on \"{2}\"."},
    [PLT_WHY_ASKS_ACCOUNT] = {"asks-account", "t", "Rule \"{1}\" asks for an account."},
    [PLT_WHY_WARNS] = {"warns", "t", "Rule \"{1}\" asks before it prints."},
    [PLT_WHY_DUPLEX] = {"duplex", "t", "Rule \"{1}\" prints it on both sides."},
    [PLT_WHY_GREY] = {"grey", "t", "Rule \"{1}\" prints it without colour."},
    [PLT_WHY_NOTIFIES] = {"notifies", "t", "Rule \"{1}\" applies."},
    [PLT_WHY_OFFERS_DUPLEX] = {"offers-duplex", "t", "Rule \"{1}\" offers to print it on both sides."},
    [PLT_WHY_OFFERS_GREY] = {"offers-grey", "t", "Rule \"{1}\" offers to print it without colour."},
    [PLT_WHY_DEFAULT_DENIES] = {"default-denies", "", "No rule allows it."},

    [PLT_WHY_UNKNOWN] = {"unknown", "f", "{1}: not known."},
    [PLT_WHY_MATCHES] = {"matches", "ft", "{1}: fits \"{2}\"."},
    [PLT_WHY_MATCHES_NOT] = {"matches-not", "ft", "{1}: does not fit \"{2}\"."},
    [PLT_WHY_MATCHES_NONE] = {"matches-none", "ft", "{1}: fits neither \"{2}\" nor anything else that the rule names."},
    [PLT_WHY_WORDS] = {"words", "ft", "{1}: has the words \"{2}\"."},
    [PLT_WHY_WORDS_NOT] = {"words-not", "ft", "{1}: does not have the words \"{2}\"."},
    [PLT_WHY_WORDS_NONE] = {"words-none", "ft", "{1}: has neither the words \"{2}\" nor others that the rule names."},
    [PLT_WHY_IS] = {"is", "fc", "{1}: {2}."},
    [PLT_WHY_IS_NOT] = {"is-not", "fc", "{1}: not {2}."},
    [PLT_WHY_EXACTLY] = {"exactly", "fnn", "{1}: {2} (the rule says {3})."},
    [PLT_WHY_NOT_EXACTLY] = {"not-exactly", "fnn", "{1}: {2} (the rule says other than {3})."},
    [PLT_WHY_AT_LEAST] = {"at-least", "fnn", "{1}: {2} (the rule says {3} or more)."},
    [PLT_WHY_NOT_AT_LEAST] = {"not-at-least", "fnn", "{1}: {2} (the rule says less than {3})."},
    [PLT_WHY_AT_MOST] = {"at-most", "fnn", "{1}: {2} (the rule says {3} at most)."},
    [PLT_WHY_NOT_AT_MOST] = {"not-at-most", "fnn", "{1}: {2} (the rule says more than {3})."},
    [PLT_WHY_BETWEEN] = {"between", "fnnn", "{1}: {2} (the rule says from {3} to {4})."},
    [PLT_WHY_NOT_BETWEEN] = {"not-between", "fnnn", "{1}: {2} (the rule says not from {3} to {4})."},
    [PLT_WHY_AGAIN] = {"again", "nn", "The same document was printed {1} min ago (the rule says {2} min at most)."},
    [PLT_WHY_AGAIN_NOT] = {"again-not", "nn", "The same document was printed {1} min ago (the rule says more than {2} min)."},
    [PLT_WHY_FIRST] = {"first", "", "The document is printed for the first time."},
    [PLT_WHY_QUOTA_OVER] = {"quota-over", "tnnn", "Quota \"{1}\": {2} of {4} are used, and {3} for this job are too many."},
    [PLT_WHY_QUOTA_WITHIN] = {"quota-within", "tnnn", "Quota \"{1}\": {2} of {4} are used, and {3} for this job fit."},
    [PLT_WHY_QUOTA_STANDS] = {"quota-stands", "tnnn", "Quota \"{1}\": {2} of {4} are used, {3} for this job."},
    [PLT_WHY_QUOTA_UNKNOWN] = {"quota-unknown", "t", "Quota \"{1}\": what is used, or what this job uses, is not known."},
    [PLT_WHY_MORE] = {"more", "", "There are further reasons."},
};

/* ---- writing ---- */

static bool is_plain(char c)
{
    return c != ' ' && c != ';' && c != '%' && (unsigned char)c >= 0x20 && c != 0x7f;
}

static size_t put_arg(char *out, const char *arg)
{
    size_t n = plt_utf8_cut(arg, strlen(arg), PLT_WHY_ARG - 1), at = 0;
    out[at++] = ' ';
    for (size_t i = 0; i < n; i++) {
        if (is_plain(arg[i]))
            out[at++] = arg[i];
        else
            at += (size_t)snprintf(out + at, 4, "%%%02X", (unsigned)(unsigned char)arg[i]);
    }
    return at;
}

bool plt_why_add(char *why, size_t size, plt_why_code code, const char *const *args)
{
    char one[32 + PLT_WHY_ARGS * 3 * PLT_WHY_ARG];
    const plt_why_info *info = &plt_why_table[code];
    size_t had = strlen(why), n = strlen(info->code);
    memcpy(one, info->code, n);
    for (size_t i = 0; info->args[i]; i++) n += put_arg(one + n, args[i]);
    if (had + (had != 0) + n >= size) return false;
    if (had) why[had++] = ';';
    memcpy(why + had, one, n);
    why[had + n] = 0;
    return true;
}

void plt_tell(plt_told *out, plt_why_code code, const char *arg)
{
    const char *const args[PLT_WHY_ARGS] = {arg ? arg : "", "", "", ""};
    out->why[0] = 0;
    plt_why_add(out->why, sizeof out->why, code, args);
    plt_why_fill(out->text, sizeof out->text, plt_why_table[code].english, args);
}

/* ---- reading ---- */

static int digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* One argument up to space, ';' or the end; false when it is malformed or too long. */
static bool take_arg(const char **at, char *out)
{
    char raw[PLT_WHY_ARG];
    size_t n = 0;
    const char *p = *at;
    for (; *p && *p != ' ' && *p != ';'; p++) {
        char c = *p;
        if (c == '%') {
            int high = digit(p[1]), low = high < 0 ? -1 : digit(p[2]);
            if (low < 0) return false;
            c = (char)(high << 4 | low);
            p += 2;
        }
        if (n + 1 >= sizeof raw || !c) return false;
        raw[n++] = c;
    }
    *at = p;
    plt_utf8_copy(out, PLT_WHY_ARG, raw, n); /* may hold control characters, may be no UTF-8 */
    return true;
}

static int code_of(const char *s, size_t n)
{
    int c = 0;
    while (c < PLT_WHY_CODES && (strlen(plt_why_table[c].code) != n || memcmp(plt_why_table[c].code, s, n) != 0)) c++;
    return c;
}

bool plt_why_next(const char **at, plt_phrase *out, bool *bad)
{
    const char *p = *at;
    memset(out, 0, sizeof *out);
    if (!*p) return false;
    size_t n = strcspn(p, " ;");
    int code = code_of(p, n);
    *bad = true;
    if (code == PLT_WHY_CODES) return false;
    out->code = (plt_why_code)code;
    p += n;
    for (size_t i = 0; plt_why_table[code].args[i]; i++)
        if (*p++ != ' ' || !take_arg(&p, out->arg[i])) return false;
    if (*p && *p != ';') return false;
    *at = *p ? p + 1 : p;
    *bad = false;
    return true;
}

void plt_why_fill(char *out, size_t size, const char *text, const char *const args[PLT_WHY_ARGS])
{
    char room[1024];
    size_t n = 0;
    for (const char *p = text; *p && n + 1 < sizeof room;) {
        if (p[0] != '{' || p[1] < '1' || p[1] > '0' + PLT_WHY_ARGS || p[2] != '}') {
            room[n++] = *p++;
            continue;
        }
        for (const char *a = args[p[1] - '1']; *a && n + 1 < sizeof room; a++) room[n++] = *a;
        p += 3;
    }
    plt_utf8_copy(out, size, room, n);
}
