/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Frames of the users' pipe into structures, by one table a structure, and the list of open questions. It must take whatever bytes come: a field of
 * the wrong length counts as absent, an unknown one is skipped, a frame that does not hold together is none.
 */
#include "tray/asks.h"

#include <string.h>

#include "core/util/text.h"

/* -- frames */

typedef enum slot_kind { SLOT_NUMBER, SLOT_TEXT, SLOT_UID } slot_kind;

typedef struct slot {
    plt_tag tag;
    slot_kind kind;
    size_t at, size;
} slot;

#define NUMBER(type, member, tag) {tag, SLOT_NUMBER, offsetof(type, member), sizeof(uint64_t)}
#define TEXT(type, member, tag) {tag, SLOT_TEXT, offsetof(type, member), sizeof(((type *)0)->member)}
#define UID(type) {PLT_T_UID, SLOT_UID, offsetof(type, uid), PLT_UID_SIZE}
#define COUNT(a) (sizeof(a) / sizeof(a)[0])

static void put_number(void *at, uint64_t n)
{
    memcpy(at, &n, sizeof n);
}

static bool fill(void *out, const slot *s, const plt_field *f)
{
    uint8_t *at = (uint8_t *)out + s->at;
    if (s->kind == SLOT_TEXT) {
        plt_field_str(f, (char *)at, s->size);
        return false;
    }
    if (f->len != s->size) return false;
    if (s->kind == SLOT_UID) {
        memcpy(at, f->data, s->size);
        return true;
    }
    uint64_t n = plt_field_u64(f);
    put_number(at, n <= PLT_NUMBER_MAX ? n : NOT_KNOWN);
    return false;
}

/* Numbers are NOT_KNOWN and texts empty unless the frame holds them. *uid says whether a UID was there. */
static bool frame_read(void *out, size_t size, const slot *slots, size_t count, const uint8_t *payload, size_t n, bool *uid)
{
    size_t at = 0;
    bool bad = false;
    plt_field f;
    memset(out, 0, size);
    for (size_t i = 0; i < count; i++)
        if (slots[i].kind == SLOT_NUMBER) put_number((uint8_t *)out + slots[i].at, NOT_KNOWN);
    *uid = false;
    while (plt_field_next(payload, n, &at, &f, &bad))
        for (size_t i = 0; i < count; i++)
            if (slots[i].tag == (plt_tag)f.tag && fill(out, &slots[i], &f)) *uid = true;
    return !bad;
}

static bool none(void *out, size_t size)
{
    memset(out, 0, size);
    return false;
}

/* A flag or a set of bits: what is not known is not set. */
static void zero_if_unknown(uint64_t *n)
{
    if (!is_known(*n)) *n = 0;
}

bool ask_read(ask *out, const uint8_t *payload, size_t n)
{
    static const slot slots[] = {
        UID(ask),
        NUMBER(ask, asks, PLT_T_ASKS),
        NUMBER(ask, seconds, PLT_T_SECONDS),
        NUMBER(ask, silence, PLT_T_SILENCE),
        NUMBER(ask, pages, PLT_T_PAGES),
        NUMBER(ask, copies, PLT_T_COPIES),
        NUMBER(ask, impressions, PLT_T_IMPRESSIONS),
        NUMBER(ask, sheets, PLT_T_SHEETS),
        NUMBER(ask, colour_pages, PLT_T_COLORPAGES),
        NUMBER(ask, duplex, PLT_T_DUPLEX),
        NUMBER(ask, wanted, PLT_T_WANTED),
        NUMBER(ask, required, PLT_T_REQUIRED),
        NUMBER(ask, pin, PLT_T_PIN),
        TEXT(ask, message, PLT_T_MESSAGE),
        TEXT(ask, why, PLT_T_WHY),
        TEXT(ask, rule, PLT_T_RULE),
        TEXT(ask, document, PLT_T_DOCUMENT),
        TEXT(ask, queue, PLT_T_QUEUE),
        TEXT(ask, cost, PLT_T_COST),
    };
    bool uid;
    if (!frame_read(out, sizeof *out, slots, COUNT(slots), payload, n, &uid) || !uid) return none(out, sizeof *out);
    uint64_t *flags[] = {&out->asks, &out->seconds, &out->silence, &out->wanted, &out->required, &out->pin};
    for (size_t i = 0; i < COUNT(flags); i++) zero_if_unknown(flags[i]);
    out->asks &= PLT_ASK_WARN | PLT_ASK_ACCOUNT | PLT_ASK_DUPLEX | PLT_ASK_GREY;
    if (!out->asks) out->asks = PLT_ASK_WARN; /* a later service's new kind of question can still be answered by yes or no */
    return true;
}

bool over_read(over *out, const uint8_t *payload, size_t n)
{
    static const slot slots[] = {UID(over), TEXT(over, message, PLT_T_MESSAGE)};
    bool uid;
    return (frame_read(out, sizeof *out, slots, COUNT(slots), payload, n, &uid) && uid) || none(out, sizeof *out);
}

bool notice_read(notice *out, const uint8_t *payload, size_t n)
{
    static const slot slots[] = {NUMBER(notice, kind, PLT_T_KIND), TEXT(notice, message, PLT_T_MESSAGE), TEXT(notice, why, PLT_T_WHY),
                                 TEXT(notice, document, PLT_T_DOCUMENT)};
    bool uid;
    if (!frame_read(out, sizeof *out, slots, COUNT(slots), payload, n, &uid)) return none(out, sizeof *out);
    if (out->kind >= NOTICE_KINDS) out->kind = PLT_NOTICE_WORDS;
    return *out->message || *out->document || none(out, sizeof *out);
}

bool my_job_read(my_job *out, const uint8_t *payload, size_t n)
{
    static const slot slots[] = {
        UID(my_job),
        NUMBER(my_job, state, PLT_T_STATE),
        NUMBER(my_job, begun, PLT_T_BEGUN),
        NUMBER(my_job, until, PLT_T_UNTIL),
        NUMBER(my_job, pages, PLT_T_PAGES),
        NUMBER(my_job, copies, PLT_T_COPIES),
        NUMBER(my_job, sheets, PLT_T_SHEETS),
        NUMBER(my_job, colour_pages, PLT_T_COLORPAGES),
        TEXT(my_job, document, PLT_T_DOCUMENT),
        TEXT(my_job, queue, PLT_T_QUEUE),
        TEXT(my_job, cost, PLT_T_COST),
        TEXT(my_job, account, PLT_T_ACCOUNT),
        TEXT(my_job, rule, PLT_T_RULE),
        TEXT(my_job, message, PLT_T_MESSAGE),
        TEXT(my_job, why, PLT_T_WHY),
    };
    bool uid;
    if (!frame_read(out, sizeof *out, slots, COUNT(slots), payload, n, &uid) || !uid) return none(out, sizeof *out);
    if (out->state > PLT_MINE_ON_ITS_WAY) out->state = MINE_OTHER;
    return true;
}

bool account_read(account *out, const uint8_t *payload, size_t n)
{
    static const slot slots[] = {NUMBER(account, kind, PLT_T_KIND), NUMBER(account, pin, PLT_T_PIN), NUMBER(account, flags, PLT_T_FLAGS),
                                 TEXT(account, code, PLT_T_ACCOUNT), TEXT(account, name, PLT_T_NAME)};
    bool uid;
    if (!frame_read(out, sizeof *out, slots, COUNT(slots), payload, n, &uid) || !*out->code) return none(out, sizeof *out);
    zero_if_unknown(&out->kind);
    zero_if_unknown(&out->pin);
    zero_if_unknown(&out->flags);
    return true;
}

bool balance_read(balance *out, const uint8_t *payload, size_t n)
{
    static const slot slots[] = {NUMBER(balance, used, PLT_T_USED), NUMBER(balance, limit, PLT_T_LIMIT), NUMBER(balance, until, PLT_T_UNTIL),
                                 TEXT(balance, name, PLT_T_NAME), TEXT(balance, unit, PLT_T_UNIT)};
    bool uid;
    return (frame_read(out, sizeof *out, slots, COUNT(slots), payload, n, &uid) && *out->name) || none(out, sizeof *out);
}

bool error_read(reply *out, const uint8_t *payload, size_t n)
{
    static const slot slots[] = {NUMBER(reply, code, PLT_T_CODE), TEXT(reply, message, PLT_T_MESSAGE)};
    bool uid;
    if (!frame_read(out, sizeof *out, slots, COUNT(slots), payload, n, &uid)) return none(out, sizeof *out);
    if (out->code < PLT_E_UNKNOWN || out->code > PLT_E_AGAIN) out->code = PLT_E_UNKNOWN;
    return true;
}

bool printers_read(printers *out, const uint8_t *payload, size_t n)
{
    typedef struct said {
        uint64_t state, found, busy;
        char message[64];
    } said;
    static const slot slots[] = {NUMBER(said, state, PLT_T_STATE), NUMBER(said, found, PLT_T_PRINTERS), NUMBER(said, busy, PLT_T_BUSY),
                                 TEXT(said, message, PLT_T_MESSAGE)};
    said s;
    bool uid;
    if (!frame_read(&s, sizeof s, slots, COUNT(slots), payload, n, &uid) || !is_known(s.state)) return none(out, sizeof *out);
    *out = (printers){.state = s.state <= PLT_LOCAL_OFF ? s.state : PLT_LOCAL_IDLE, .wrong = *s.message != 0};
    out->found = is_known(s.found) ? s.found : 0;
    out->busy = is_known(s.busy) && s.busy <= out->found ? s.busy : 0;
    return true;
}

static int rank(const account *a)
{
    return a->flags & ACCOUNT_FAVOURITE ? 0 : a->flags & ACCOUNT_RECENT ? 1 : 2;
}

void accounts_order(account *all, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        account moved = all[i];
        size_t at = i;
        while (at > 0 && rank(&all[at - 1]) > rank(&moved)) at--;
        memmove(&all[at + 1], &all[at], (i - at) * sizeof *all);
        all[at] = moved;
    }
}

/* -- the open questions */

question *questions_find(questions *q, const uint8_t uid[PLT_UID_SIZE])
{
    for (size_t i = 0; i < q->count; i++)
        if (memcmp(q->all[i].ask.uid, uid, PLT_UID_SIZE) == 0) return &q->all[i];
    return NULL;
}

bool questions_put(questions *q, const ask *a, uint64_t now)
{
    question *at = questions_find(q, a->uid);
    uint64_t ms = a->seconds <= PLT_NUMBER_MAX / 1000 ? a->seconds * 1000 : 0;
    bool fresh = !at;
    if (fresh) {
        if (q->count == ASKS_MAX) return false;
        at = &q->all[q->count++];
        memset(at, 0, sizeof *at);
    }
    at->ask = *a;
    at->ends = ms ? now + ms : 0;
    if (fresh || ms > at->whole) at->whole = ms;
    at->doubtful = false;
    return true;
}

static void take_out(questions *q, size_t i)
{
    q->count--;
    memmove(&q->all[i], &q->all[i + 1], (q->count - i) * sizeof q->all[0]);
}

bool questions_over(questions *q, const uint8_t uid[PLT_UID_SIZE])
{
    question *at = questions_find(q, uid);
    if (at) take_out(q, (size_t)(at - q->all));
    return at != NULL;
}

void questions_doubt(questions *q)
{
    for (size_t i = 0; i < q->count; i++) q->all[i].doubtful = true;
}

size_t questions_settle(questions *q)
{
    size_t before = q->count;
    for (size_t i = q->count; i-- > 0;)
        if (q->all[i].doubtful) take_out(q, i);
    return before - q->count;
}

uint64_t question_left(const question *q, uint64_t now)
{
    return q->ends > now ? (q->ends - now + 999) / 1000 : 0;
}

unsigned question_left_permille(const question *q, uint64_t now)
{
    if (!q->whole || q->ends <= now) return 0;
    uint64_t left = q->ends - now;
    if (left >= q->whole) return 1000;
    uint64_t unit = q->whole / 1000;
    return unit ? (unsigned)(left / unit > 1000 ? 1000 : left / unit) : (unsigned)(left * 1000 / q->whole);
}

/* -- stray keys and clicks */

void guard_restart(guard *g, uint64_t now)
{
    g->since = now;
}

bool guard_lets(const guard *g, uint64_t now, bool repeated)
{
    return !repeated && now >= g->since && now - g->since >= GUARD_MS;
}
