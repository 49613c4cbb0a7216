/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the tray reads of the users’ pipe: a stream of frames. Texts must end and be UTF-8, questions stay
 * within their room, whatever order ASK and OVER come in.
 */
#include <string.h>

#include "core/util/text.h"
#include "tests/fuzz/fuzz.h"
#include "tray/asks.h"
#include "tray/reasons.h"

#define IS_TEXT(member)                                                                                                                              \
    do {                                                                                                                                             \
        EXPECT(memchr(member, 0, sizeof(member)) != NULL);                                                                                           \
        EXPECT(plt_utf8_valid(member, strlen(member)));                                                                                              \
    } while (0)

static bool number_or_unknown(uint64_t n)
{
    return n <= PLT_NUMBER_MAX || !is_known(n);
}

static void one_ask(questions *q, const uint8_t *data, size_t n, uint64_t now)
{
    ask a;
    if (!ask_read(&a, data, n)) return;
    IS_TEXT(a.message);
    IS_TEXT(a.rule);
    IS_TEXT(a.document);
    IS_TEXT(a.queue);
    IS_TEXT(a.cost);
    EXPECT(a.asks && number_or_unknown(a.pages) && a.seconds <= PLT_NUMBER_MAX);
    if (questions_put(q, &a, now)) {
        const question *at = questions_find(q, a.uid);
        EXPECT(at && question_left_permille(at, now + 1000) <= 1000);
        EXPECT(question_left(at, now) <= PLT_NUMBER_MAX);
    }
    EXPECT(q->count <= ASKS_MAX);
}

static void one_over(questions *q, const uint8_t *data, size_t n)
{
    over o;
    if (!over_read(&o, data, n)) return;
    IS_TEXT(o.message);
    questions_over(q, o.uid);
    EXPECT(!questions_find(q, o.uid));
}

static void one_of_a_list(const uint8_t *data, size_t n)
{
    my_job j;
    account a;
    balance b;
    notice s;
    reply r;
    printers p;
    if (my_job_read(&j, data, n)) {
        char said[256];
        IS_TEXT(j.message);
        IS_TEXT(j.why);
        IS_TEXT(j.document);
        if (reasons_say(j.why, said, sizeof said)) IS_TEXT(said);
        EXPECT(j.state <= MINE_OTHER && number_or_unknown(j.until));
    }
    if (account_read(&a, data, n)) {
        IS_TEXT(a.name);
        IS_TEXT(a.code);
        EXPECT(*a.code);
    }
    if (balance_read(&b, data, n)) {
        IS_TEXT(b.unit);
        EXPECT(*b.name && number_or_unknown(b.used));
    }
    if (notice_read(&s, data, n)) EXPECT(s.kind < NOTICE_KINDS && (*s.message || *s.document));
    if (printers_read(&p, data, n)) EXPECT(p.state <= PLT_LOCAL_OFF && p.busy <= p.found && is_known(p.found));
    if (error_read(&r, data, n)) EXPECT(!r.taken && r.code >= PLT_E_UNKNOWN && r.code <= PLT_E_AGAIN);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static questions q;
    uint64_t now = 1000;
    uint8_t type;
    size_t n;
    memset(&q, 0, sizeof q);
    while (size >= PLT_FRAME_HEADER && plt_frame_parse(data, &type, &n) == PLT_OK && n <= size - PLT_FRAME_HEADER) {
        const uint8_t *payload = data + PLT_FRAME_HEADER;
        if (type == PLT_F_ASK)
            one_ask(&q, payload, n, now);
        else if (type == PLT_F_OVER)
            one_over(&q, payload, n);
        else
            one_of_a_list(payload, n);
        if (type == PLT_F_LIST_END) questions_doubt(&q);
        if (type == PLT_F_TAKEN) EXPECT(questions_settle(&q) <= ASKS_MAX);
        data = payload + n;
        size -= PLT_FRAME_HEADER + n;
        now += 250;
    }
    return 0;
}
