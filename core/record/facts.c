/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers are seven bits a byte, the lowest first, plus one: 0 is "not known". Texts are their length and their bytes. */
#include "core/record/facts.h"

#include <string.h>

#include "core/util/cursor.h"

#define VERSION 1
#define BYTES_OF_NUMBER 10

static void put_number(plt_buf *b, uint64_t n)
{
    for (; n > 0x7F; n >>= 7) plt_buf_byte(b, (uint8_t)(0x80 | (n & 0x7F)));
    plt_buf_byte(b, (uint8_t)n);
}

static void put_maybe(plt_buf *b, plt_maybe m)
{
    put_number(b, m.known && m.n < UINT64_MAX ? m.n + 1 : 0);
}

static void put_text(plt_buf *b, const char *s)
{
    size_t n = strlen(s);
    put_number(b, n);
    plt_buf_add(b, s, n);
}

void plt_facts_write(const plt_job *j, plt_buf *out)
{
    const plt_pdl_result *a = &j->analysis;
    plt_buf_byte(out, VERSION);
    plt_buf_byte(out, (uint8_t)a->confidence);
    plt_buf_byte(out, PLT_FACTS);
    for (int f = 0; f < PLT_FACTS; f++) plt_buf_byte(out, (uint8_t)a->certainty[f].level);
    put_maybe(out, a->duplex);
    put_maybe(out, a->nup);
    put_maybe(out, j->asked_copies);
    put_maybe(out, j->asked_color);
    put_maybe(out, j->asked_duplex);
    put_number(out, j->begun > 0 ? (uint64_t)j->begun : 0);
    put_text(out, j->asked_paper);
    put_text(out, a->producer);
    /* Later than the rest, each absent where nothing more is known. */
    bool hour = j->policy.clock || j->policy.zoned;
    if (*j->device || hour) put_text(out, j->device);
    if (!hour) return;
    put_number(out, j->policy.clock > 0 ? (uint64_t)j->policy.clock : 0);
    put_number(out, j->policy.zoned ? (uint64_t)(j->policy.east_minutes + PLT_EAST_MOST) + 1 : 0);
}

static uint64_t get_number(plt_cursor *c)
{
    uint64_t n = 0;
    for (int i = 0; i < BYTES_OF_NUMBER; i++) {
        uint8_t b = plt_cursor_u8(c);
        if (i == BYTES_OF_NUMBER - 1 && b > 1) break; /* beyond 64 bits */
        n |= (uint64_t)(b & 0x7F) << 7 * i;
        if (b < 0x80) return n;
    }
    c->bad = true;
    return 0;
}

static plt_maybe get_maybe(plt_cursor *c)
{
    uint64_t n = get_number(c);
    return n ? (plt_maybe){true, n - 1} : (plt_maybe){false, 0};
}

static void get_text(plt_cursor *c, char *out, size_t size)
{
    uint64_t n = get_number(c);
    if (n >= size) c->bad = true;
    const uint8_t *p = c->bad ? NULL : plt_cursor_take(c, (size_t)n);
    if (p) memcpy(out, p, (size_t)n);
    out[p ? n : 0] = 0;
}

static plt_confidence get_level(plt_cursor *c)
{
    uint8_t v = plt_cursor_u8(c);
    if (v > PLT_CONF_EXACT) c->bad = true;
    return c->bad ? PLT_CONF_UNKNOWN : (plt_confidence)v;
}

/* By which clock rules took its hour, and in which zone. */
static void get_hour(plt_cursor *c, plt_job_policy *p)
{
    uint64_t clock = get_number(c), east = get_number(c);
    if (clock > INT64_MAX || east > 2 * PLT_EAST_MOST + 1) c->bad = true;
    if (c->bad) return;
    p->clock = (int64_t)clock;
    p->zoned = east > 0;
    p->east_minutes = (int16_t)(p->zoned ? (int)east - 1 - PLT_EAST_MOST : 0);
}

plt_status plt_facts_read(const void *data, size_t n, plt_job *j)
{
    plt_cursor c = plt_cursor_make(data, n);
    plt_pdl_result *a = &j->analysis;
    if (plt_cursor_u8(&c) != VERSION) return PLT_BAD;
    a->confidence = get_level(&c);
    if (plt_cursor_u8(&c) != PLT_FACTS) return PLT_BAD;
    for (int f = 0; f < PLT_FACTS; f++) a->certainty[f].level = get_level(&c);
    a->duplex = get_maybe(&c);
    a->nup = get_maybe(&c);
    j->asked_copies = get_maybe(&c);
    j->asked_color = get_maybe(&c);
    j->asked_duplex = get_maybe(&c);
    uint64_t begun = get_number(&c);
    j->begun = begun <= INT64_MAX ? (int64_t)begun : 0;
    get_text(&c, j->asked_paper, sizeof j->asked_paper);
    get_text(&c, a->producer, sizeof a->producer);
    j->device[0] = 0;
    if (!c.bad && plt_cursor_left(&c)) get_text(&c, j->device, sizeof j->device);
    j->policy.clock = 0;
    j->policy.zoned = false;
    if (!c.bad && plt_cursor_left(&c)) get_hour(&c, &j->policy);
    return c.bad || begun > INT64_MAX ? PLT_BAD : PLT_OK;
}
