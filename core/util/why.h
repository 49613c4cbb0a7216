/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reasons: what the service says of a job in words of its own, as stable codes with arguments. The English sentence of each code stands here, for
 * logs, records and whoever knows no code; the tray has the other languages (tray/reasons.c). What a rule's author wrote is never one of these.
 *
 * A reason travels as one line of text, `code arg arg;code arg`: phrases, each a sentence. In an argument, space, ';', '%' and control characters are
 * "%" and two hex digits. Codes are part of the protocol: never rename one, never change its arguments; a new meaning is a new code.
 */
#ifndef PLATEN_CORE_UTIL_WHY_H
#define PLATEN_CORE_UTIL_WHY_H

#include <stdbool.h>
#include <stddef.h>

#define PLT_WHY_SIZE 512 /* of a whole reason */
#define PLT_WHY_ARGS 4
#define PLT_WHY_ARG 112 /* bytes of one argument; a longer one is cut at a character's border */

typedef enum plt_why_code {
    /* How a job ended. */
    PLT_WHY_DELETED,
    PLT_WHY_DECLINED,
    PLT_WHY_EXPIRED,
    PLT_WHY_UNANSWERED,
    PLT_WHY_LOST,
    PLT_WHY_NOT_TAKEN,
    PLT_WHY_NO_QUEUE,
    PLT_WHY_NOT_REWRITTEN,
    PLT_WHY_STALE,
    PLT_WHY_CUT_OFF,
    PLT_WHY_PORT_FAILED,
    PLT_WHY_NO_SERVICE,
    /* A held job, by an order of the hub. */
    PLT_WHY_RELEASED_BY,
    PLT_WHY_CANCELLED_BY,
    /* What a rule does, in the order of plt_policy_action; `allows` and `records` have no consequence that a person meets. */
    PLT_WHY_DENIES,
    PLT_WHY_HOLDS,
    PLT_WHY_REDIRECTS,
    PLT_WHY_ASKS_ACCOUNT,
    PLT_WHY_WARNS,
    PLT_WHY_DUPLEX,
    PLT_WHY_GREY,
    PLT_WHY_NOTIFIES,
    PLT_WHY_OFFERS_DUPLEX,
    PLT_WHY_OFFERS_GREY,
    PLT_WHY_DEFAULT_DENIES,
    /* The conditions that made it so. */
    PLT_WHY_UNKNOWN,
    PLT_WHY_MATCHES,
    PLT_WHY_MATCHES_NOT,
    PLT_WHY_MATCHES_NONE,
    PLT_WHY_WORDS,
    PLT_WHY_WORDS_NOT,
    PLT_WHY_WORDS_NONE,
    PLT_WHY_IS,
    PLT_WHY_IS_NOT,
    PLT_WHY_EXACTLY,
    PLT_WHY_NOT_EXACTLY,
    PLT_WHY_AT_LEAST,
    PLT_WHY_NOT_AT_LEAST,
    PLT_WHY_AT_MOST,
    PLT_WHY_NOT_AT_MOST,
    PLT_WHY_BETWEEN,
    PLT_WHY_NOT_BETWEEN,
    PLT_WHY_AGAIN,
    PLT_WHY_AGAIN_NOT,
    PLT_WHY_FIRST,
    PLT_WHY_QUOTA_OVER,
    PLT_WHY_QUOTA_WITHIN,
    PLT_WHY_QUOTA_STANDS,
    PLT_WHY_QUOTA_UNKNOWN,
    PLT_WHY_MORE,
    PLT_WHY_CODES
} plt_why_code;

typedef struct plt_why_info {
    const char *code;
    /* One letter an argument: t a text as it is, f the name of a policy's fact, c words of a choice joined by commas, n a number, an amount of money,
       a time or a day. */
    const char *args;
    const char *english; /* {1} to {4}: the arguments */
} plt_why_info;

extern const plt_why_info plt_why_table[PLT_WHY_CODES];

typedef struct plt_phrase {
    plt_why_code code;
    char arg[PLT_WHY_ARGS][PLT_WHY_ARG];
} plt_phrase;

/* Appends one phrase to a reason. `args` has as many texts as the code has arguments. False, and nothing appended, when it does not fit. */
bool plt_why_add(char *why, size_t size, plt_why_code code, const char *const *args);
/* The next phrase; *at is moved on. False at the end, and when what follows is not known here or malformed: then *bad is set. */
bool plt_why_next(const char **at, plt_phrase *out, bool *bad);
/* Puts {1} to {4} of `text` into out, cut at a character's border. */
void plt_why_fill(char *out, size_t size, const char *text, const char *const args[PLT_WHY_ARGS]);

/* A sentence and its code: what desk and record keep of a job's end. */
typedef struct plt_told {
    char text[PLT_WHY_SIZE];
    char why[PLT_WHY_SIZE]; /* "": words of somebody else's */
} plt_told;

/* `arg` goes to a code of one argument, else it is NULL. */
void plt_tell(plt_told *out, plt_why_code code, const char *arg);

#endif
