/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The policy engine: a policy set (JSON, docs/policy.md) is compiled once and then rules job by job on the facts it is given.
 * Pure: the same set and the same facts give the same ruling, on the agent, in `platen policy`, in a back-test and in a test.
 * It never asks a clock, a directory or a printer: what it is not told is unknown, and unknown is a value of its own.
 */
#ifndef PLATEN_CORE_POLICY_POLICY_H
#define PLATEN_CORE_POLICY_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/util/buf.h"
#include "core/util/status.h"

#define PLT_POLICY_MAX_BYTES (1u << 20)
#define PLT_POLICY_MAX_RULES 10000
#define PLT_POLICY_MAX_QUOTAS 64
#define PLT_POLICY_MAX_DEPTH 32 /* of the JSON text */
#define PLT_POLICY_MAX_GROUPS 8 /* of conditions, one in another */
#define PLT_POLICY_ERROR_SIZE 384
#define PLT_POLICY_ID_SIZE 65
#define PLT_POLICY_MESSAGE_SIZE 513
#define PLT_POLICY_TEXT_MAX 1024    /* bytes of a text fact that are looked at */
#define PLT_POLICY_LIST_MAX 32768   /* bytes of all list facts together */
#define PLT_POLICY_LIST_ITEMS 1024  /* and their items */
#define PLT_POLICY_NEVER 4000000000 /* minutes: PLT_P_AGAIN of a document that was not printed before */

typedef struct plt_policy plt_policy;

/* Compiles. On failure *out is NULL and `error` says what is wrong, where, and what to do about it.
   PLT_BAD, PLT_FULL (a stated maximum), PLT_UNSUPPORTED (a newer "v"), PLT_NOMEM. */
plt_status plt_policy_compile(plt_policy **out, const char *json, size_t n, char error[PLT_POLICY_ERROR_SIZE]);
/* NULL-safe. */
void plt_policy_free(plt_policy *p);
/* The set's own version number, as its author counts. */
uint64_t plt_policy_version(const plt_policy *p);
size_t plt_policy_rules(const plt_policy *p);
/* "" when there is no such rule. Borrowed from the set. */
const char *plt_policy_rule_id(const plt_policy *p, size_t rule);
const char *plt_policy_rule_message(const plt_policy *p, size_t rule);

/* ---- The facts of a job ---- */

typedef enum plt_policy_fact {
    PLT_P_USER,
    PLT_P_WORKSTATION,
    PLT_P_SERVER,
    PLT_P_QUEUE,
    PLT_P_PORT,
    PLT_P_DEVICE,
    PLT_P_DOCUMENT,
    PLT_P_APPLICATION,
    PLT_P_DRIVER_PAPER, /* the last of the plain texts */
    PLT_P_GROUP,        /* a list, one group a line */
    PLT_P_LANGUAGE,     /* a list, joined by '+' */
    PLT_P_PAPER,        /* a list, joined by ',' */
    PLT_P_DOCUMENT_TYPE,
    PLT_P_PAGES,       /* pages of one copy */
    PLT_P_IMPRESSIONS, /* pages times copies */
    PLT_P_COLOR,       /* 1 when a page has colour, else 0 */
    PLT_P_COLOR_PAGES,
    PLT_P_COLOR_IMPRESSIONS,
    PLT_P_SHEETS,
    PLT_P_COPIES,
    PLT_P_DUPLEX, /* 0 none, 1 long edge, 2 short edge */
    PLT_P_NUP,
    PLT_P_BYTES,
    PLT_P_COST,    /* millionths of the currency */
    PLT_P_TIME,    /* minutes since midnight, local */
    PLT_P_WEEKDAY, /* 0 Monday ... 6 Sunday, local */
    PLT_P_DATE,    /* days since 1970-01-01, local */
    PLT_P_AGAIN,   /* minutes since the same document was printed, or PLT_POLICY_NEVER */
    PLT_P_DRIVER_COLOR,
    PLT_P_DRIVER_DUPLEX,
    PLT_P_DRIVER_COPIES,
    PLT_P_QUOTA, /* what was used of the set's quotas: no condition of its own */
} plt_policy_fact;

#define PLT_POLICY_FACTS 32
#define PLT_POLICY_TEXTS 12 /* the facts before PLT_P_DOCUMENT_TYPE */
#define PLT_POLICY_BIT(fact) ((uint32_t)1 << (fact))
/* What is not known before the job's data have been looked at. */
extern const uint32_t plt_policy_page_facts;
/* "queue", "pages"; "" beyond the last. */
const char *plt_policy_fact_name(plt_policy_fact f);
/* The fact of that name, PLT_POLICY_FACTS if there is none. */
int plt_policy_fact_of(const char *name);

/* How far a fact can be trusted; the numbers are those of the page analysis. */
typedef enum plt_policy_level { PLT_POLICY_UNKNOWN, PLT_POLICY_ESTIMATED, PLT_POLICY_DECLARED, PLT_POLICY_EXACT } plt_policy_level;

/* What was used of one quota in its present period, this job not yet in it. In the quota's units. */
typedef struct plt_policy_usage {
    bool known;
    int64_t used;  /* spent and reserved */
    int64_t limit; /* of this period, what was rolled over included */
    int64_t over;  /* how far beyond the limit it may go */
} plt_policy_usage;

typedef struct plt_policy_job {
    const char *text[PLT_POLICY_TEXTS]; /* NULL: unknown. Borrowed */
    int64_t number[PLT_POLICY_FACTS];   /* from PLT_P_DOCUMENT_TYPE on */
    uint8_t level[PLT_POLICY_FACTS];    /* plt_policy_level of each */
    const plt_policy_usage *usage;      /* in the order of the set's quotas; those beyond usages are unknown. Borrowed */
    size_t usages;
    uint32_t partial; /* bits of the lists that may have items which are not told: they do not say "no" */
    uint32_t cannot;  /* bits of the actions that are impossible for this job: their fallbacks are taken */
} plt_policy_job;

/* Nothing known. */
void plt_policy_job_init(plt_policy_job *j);
/* NULL makes it unknown. A text beyond PLT_POLICY_TEXT_MAX is looked at up to there. */
void plt_policy_set_text(plt_policy_job *j, plt_policy_fact f, const char *s, plt_policy_level level);
void plt_policy_set_number(plt_policy_job *j, plt_policy_fact f, int64_t n, plt_policy_level level);
/* Sets PLT_P_TIME, WEEKDAY and DATE from local wall time in seconds since 1970-01-01T00:00 of that wall. */
void plt_policy_set_time(plt_policy_job *j, int64_t local_seconds);

/* The same from words, as people write a job: "pages" "120", "color" "true", "time" "18:30", "cost" "1.20", "group" "A;B" (several), "?" for
   unknown. PLT_BAD with a reason. `value` is borrowed, and changed where it is a list. */
plt_status plt_policy_set_words(plt_policy_job *j, const char *name, char *value, char error[PLT_POLICY_ERROR_SIZE]);
/* Fills in what follows from other facts and is not known: impressions, colour, the document's type and application (doctype.h); but none of the
   facts whose bits are in `except`, which are said to be unknown. */
void plt_policy_derive(plt_policy_job *j, const char *producer, uint32_t except);

/* The set's quotas, by their place; "" past the last. */
size_t plt_policy_quotas(const plt_policy *p);
const char *plt_policy_quota_id(const plt_policy *p, size_t quota);
/* What quota `id` has used, in words: "480", for costs "12.50". The limit is the set's own. */
plt_status plt_policy_use_words(const plt_policy *p, plt_policy_usage usage[PLT_POLICY_MAX_QUOTAS], const char *id, const char *used,
                                char error[PLT_POLICY_ERROR_SIZE]);

/* ---- The ruling ---- */

typedef enum plt_policy_action {
    PLT_POLICY_ACT_ALLOW,
    PLT_POLICY_ACT_DENY,
    PLT_POLICY_ACT_HOLD,
    PLT_POLICY_ACT_REDIRECT,
    PLT_POLICY_ACT_ACCOUNT,
    PLT_POLICY_ACT_WARN,
    PLT_POLICY_ACT_DUPLEX,
    PLT_POLICY_ACT_GREY,
    PLT_POLICY_ACT_NOTIFY,
    PLT_POLICY_ACT_RECORD,
} plt_policy_action;

#define PLT_POLICY_ACTIONS 10
/* "allow", "grey"; "" beyond the last. */
const char *plt_policy_action_name(plt_policy_action a);

/* The strongest thing that happens to a job, in the one order of strength. */
typedef enum plt_policy_outcome {
    PLT_POLICY_GOES,       /* printed as it is */
    PLT_POLICY_CONVERTED,  /* duplex or grey, forced */
    PLT_POLICY_ASKED,      /* a warning, an account or an offer: a person answers */
    PLT_POLICY_REDIRECTED, /* to another queue */
    PLT_POLICY_HELD,
    PLT_POLICY_DENIED,
} plt_policy_outcome;
#define PLT_POLICY_OUTCOMES 6
const char *plt_policy_outcome_name(plt_policy_outcome o);

enum { PLT_POLICY_ASK_CLIENT = 1, PLT_POLICY_ASK_MATTER = 2, PLT_POLICY_ASK_PROJECT = 4 };
enum { PLT_POLICY_TELL_USER = 1, PLT_POLICY_TELL_MANAGER = 2, PLT_POLICY_TELL_ADMINISTRATOR = 4 };

/* How one action of a rule is to be done. Fields that an action does not have are 0. */
typedef struct plt_policy_then {
    uint8_t action;    /* plt_policy_action */
    uint8_t otherwise; /* when it cannot be done: PLT_POLICY_ACT_ALLOW, _WARN or _DENY */
    uint8_t ask;       /* account: PLT_POLICY_ASK_... */
    uint8_t tell;      /* notify: PLT_POLICY_TELL_... */
    uint8_t edge;      /* duplex: 1 long, 2 short */
    bool offer;        /* duplex, grey: the person may say no */
    bool required;     /* account: no answer is not enough */
    bool pin;          /* account */
    bool cancels;      /* warn: without an answer the job is cancelled, else printed */
    uint32_t seconds;  /* warn, account: how long to wait for the answer; hold: how long to keep the job */
    uint32_t queue;    /* redirect: plt_policy_text() gives its name */
} plt_policy_then;

#define PLT_POLICY_DEFAULT UINT32_MAX /* in place of a rule's number: the set's default */

typedef struct plt_policy_acts {
    uint32_t set;                      /* bits of the actions in force */
    uint32_t fallen;                   /* bits of the actions that could not be done: their fallbacks are in force */
    uint32_t rule[PLT_POLICY_ACTIONS]; /* which rule gave each action in force; the first one where several did */
    uint8_t tell;                      /* notify: all that the matched rules ask for */
    uint8_t outcome;                   /* plt_policy_outcome */
} plt_policy_acts;

/* Why a rule is in the notes. */
typedef enum plt_policy_how {
    PLT_POLICY_MATCHED,
    PLT_POLICY_MATCHED_UNKNOWN, /* "unknown": "match", and a fact that it needs is unknown */
    PLT_POLICY_SKIPPED_UNKNOWN, /* a fact that it needs is unknown */
} plt_policy_how;

typedef struct plt_policy_note {
    uint32_t rule;
    uint8_t how; /* plt_policy_how */
    bool shadow; /* noted, not acted on */
} plt_policy_note;

#define PLT_POLICY_NOTES 24

typedef struct plt_policy_ruling {
    plt_policy_acts acts;  /* what is done */
    plt_policy_acts would; /* what would be done if no rule were in shadow */
    uint32_t seen;         /* rules looked at, the deciding one included */
    uint32_t notes;        /* how many rules matched or were skipped; those beyond PLT_POLICY_NOTES are counted only */
    plt_policy_note note[PLT_POLICY_NOTES];
} plt_policy_ruling;

/* Rules on a job: docs/policy.md, "How a set is read". p NULL: no policy, everything is allowed. Allocates nothing, cannot fail. */
void plt_policy_judge(const plt_policy *p, const plt_policy_job *job, plt_policy_ruling *out);

/* An action turned out to be impossible: takes its fallback. Nothing happens if it is not in force. */
void plt_policy_cannot(const plt_policy *p, plt_policy_acts *acts, plt_policy_action a);

/* How the rule wants the action done; NULL when it has no such action. Borrowed from the set. */
const plt_policy_then *plt_policy_then_of(const plt_policy *p, uint32_t rule, plt_policy_action a);
const char *plt_policy_text(const plt_policy *p, uint32_t text);

/* The explanation in one line for logs and people; always text, always terminated. */
void plt_policy_line(const plt_policy *p, const plt_policy_job *job, const plt_policy_ruling *r, char *out, size_t size);
/* What the person is told where no rule has words for him, as a reason of codes (core/util/why.h): the rules that act and the conditions that made
   them. What has no consequence for him, or is in shadow, is left out; "" when nothing has. */
void plt_policy_because(const plt_policy *p, const plt_policy_job *job, const plt_policy_ruling *r, char *out, size_t size);
/* The same of what would be done if nothing were in shadow. */
void plt_policy_would_because(const plt_policy *p, const plt_policy_job *job, const plt_policy_ruling *r, char *out, size_t size);
/* The explanation as a JSON object (docs/policy.md, "What a decision says"). */
plt_status plt_policy_explain(const plt_policy *p, const plt_policy_job *job, const plt_policy_ruling *r, plt_buf *out);

/* ---- What must be known first ---- */

typedef struct plt_policy_needs {
    bool facts;      /* the ruling may change with facts that come later: keep the job back until they are there */
    bool whole;      /* the job is or may be converted, redirected or held: its data must be kept back */
    bool person;     /* somebody is or may be asked */
    bool denies;     /* it is denied already, whatever comes later */
    uint32_t wanted; /* bits of the later facts that may change the ruling */
    uint32_t rule;   /* the first rule that keeps the job back; PLT_POLICY_DEFAULT: none */
} plt_policy_needs;

/* Can this job stream at once? `later` has the bits of facts that are not known yet but will be. With all four answers false it may: whatever
   the later facts turn out to be, it is printed as it is. Rules that only notify or record keep no job back, nor do those in shadow. */
void plt_policy_need(const plt_policy *p, const plt_policy_job *job, uint32_t later, plt_policy_needs *out);

#endif
