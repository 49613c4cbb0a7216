/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the service tells the tray (docs/protocol.md 1.3), as bounded structures, and the questions that are open. Pure: no system call, no clock, no
 * allocation. Texts are valid UTF-8 without control characters, whatever the frame held.
 */
#ifndef PLATEN_TRAY_ASKS_H
#define PLATEN_TRAY_ASKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/util/frame.h"
#include "core/util/why.h"

#define ASKS_MAX 16     /* open questions; one more is left to its default and to "My jobs" */
#define JOBS_MAX 100    /* of the list of jobs */
#define ACCOUNTS_MAX 50 /* found by one search */
#define BALANCES_MAX 8

#define NOT_KNOWN UINT64_MAX /* a number that the frame does not hold, or no number that JSON could hold */
static inline bool is_known(uint64_t n)
{
    return n != NOT_KNOWN;
}

/* The state of a job that a later service may have. */
enum { MINE_OTHER = PLT_MINE_ON_ITS_WAY + 1 };
enum { KIND_CLIENT = 1, KIND_MATTER = 2, KIND_PROJECT = 4 };
enum { ACCOUNT_RECENT = 1, ACCOUNT_FAVOURITE = 2 };
enum { NOTICE_KINDS = PLT_NOTICE_EXPIRED + 1 };

typedef struct ask {
    uint8_t uid[PLT_UID_SIZE];
    uint64_t asks; /* PLT_ASK_* */
    uint64_t seconds, silence;
    uint64_t pages, copies, impressions, sheets, colour_pages, duplex;
    uint64_t wanted, required, pin;
    char message[512], why[PLT_WHY_SIZE], rule[128], document[256], queue[128], cost[64];
} ask;

typedef struct over {
    uint8_t uid[PLT_UID_SIZE];
    char message[256];
} over;

typedef struct notice {
    uint64_t kind; /* below NOTICE_KINDS */
    char message[512], why[PLT_WHY_SIZE], document[256];
} notice;

typedef struct my_job {
    uint8_t uid[PLT_UID_SIZE];
    uint64_t state; /* PLT_MINE_*, or MINE_OTHER */
    uint64_t begun, until;
    uint64_t pages, copies, sheets, colour_pages;
    char document[256], queue[128], cost[64], account[128], rule[128], message[512], why[PLT_WHY_SIZE];
} my_job;

typedef struct account {
    uint64_t kind, pin, flags;
    char code[128], name[128];
} account;

typedef struct balance {
    uint64_t used, limit, until;
    char name[128], unit[32];
} balance;

/* What ANSWER and ACT are answered by. */
typedef struct reply {
    bool taken;
    uint64_t code; /* PLT_E_*; 0 when nobody answered */
    char message[256];
} reply;

/* How the reading of this computer's printers is. */
typedef struct printers {
    uint64_t state; /* PLT_LOCAL_*; what a later service may say is PLT_LOCAL_IDLE */
    uint64_t found, busy;
    bool wrong; /* something went wrong, in words for the log */
} printers;

/* Each reads one payload of its frame; false, and all empty, when it is malformed or lacks what it cannot be without. */
bool ask_read(ask *out, const uint8_t *payload, size_t n);
bool over_read(over *out, const uint8_t *payload, size_t n);
bool notice_read(notice *out, const uint8_t *payload, size_t n);
bool my_job_read(my_job *out, const uint8_t *payload, size_t n);
bool account_read(account *out, const uint8_t *payload, size_t n);
bool balance_read(balance *out, const uint8_t *payload, size_t n);
bool error_read(reply *out, const uint8_t *payload, size_t n);
bool printers_read(printers *out, const uint8_t *payload, size_t n);

/* Favourite ones first, then recent ones; among equals the service's order stays. */
void accounts_order(account *all, size_t n);

/* -- the open questions, the oldest first */

typedef struct question {
    ask ask;
    uint64_t ends;  /* monotonic ms when the default acts; 0: it does not */
    uint64_t whole; /* ms that the person had when the question came */
    bool doubtful;  /* the connection was lost since: the service has not said again that it is open */
} question;

typedef struct questions {
    question all[ASKS_MAX];
    size_t count;
} questions;

/* Adds it, or takes over what changed of one that is there. False when there is no room. */
bool questions_put(questions *q, const ask *a, uint64_t now);
/* False when there was none. */
bool questions_over(questions *q, const uint8_t uid[PLT_UID_SIZE]);
question *questions_find(questions *q, const uint8_t uid[PLT_UID_SIZE]);
/* The connection is gone: whether they are still open is not known. */
void questions_doubt(questions *q);
/* The service has had its time to say what is open: what it did not name is not. Gives how many went. */
size_t questions_settle(questions *q);
/* Seconds left, rounded up; 0 when the time is over or there is none. */
uint64_t question_left(const question *q, uint64_t now);
/* How much of the time is left, in thousandths. */
unsigned question_left_permille(const question *q, uint64_t now);

/* -- stray keys and clicks */

/*
 * A window that comes up by itself meets a person who is typing or clicking. What comes within GUARD_MS of its coming up or of its getting the
 * keyboard was meant for something else; what a key does that was already down then, too.
 */
#define GUARD_MS 700
typedef struct guard {
    uint64_t since; /* monotonic ms */
} guard;

void guard_restart(guard *g, uint64_t now);
bool guard_lets(const guard *g, uint64_t now, bool repeated);

#endif
