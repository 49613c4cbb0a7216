/* SPDX-License-Identifier: Apache-2.0 */
/* Fields of the conversion's frames. What came from a worker is believed no further than it can be checked: it may have been taken over by a job. */
#include "worker/conversion.h"

#include "core/util/frame.h"

static const struct bit {
    uint32_t bit;
    size_t at; /* of a bool in plt_convert_want */
} bits[] = {
    {PLT_CONVERT_GREY, offsetof(plt_convert_want, grey)},
    {PLT_CONVERT_PJL, offsetof(plt_convert_want, pjl)},
    {PLT_CONVERT_GREY_MODE, offsetof(plt_convert_want, grey_mode)},
    {PLT_CONVERT_PLAIN_BACKS, offsetof(plt_convert_want, plain_backs)},
};
#define BITS (sizeof bits / sizeof bits[0])

size_t plt_convert_want_encode(const plt_convert_want *want, uint8_t *out, size_t cap)
{
    plt_frame_builder b;
    uint64_t flags = want->duplex == PLT_DUPLEX_LONG ? PLT_CONVERT_LONG_EDGE : want->duplex == PLT_DUPLEX_SHORT ? PLT_CONVERT_SHORT_EDGE : 0;
    for (size_t i = 0; i < BITS; i++)
        if (*(const bool *)((const char *)want + bits[i].at)) flags |= bits[i].bit;
    plt_frame_begin(&b, out, cap, PLT_F_CONVERT);
    plt_frame_u64(&b, PLT_T_FLAGS, flags);
    return plt_frame_end(&b);
}

plt_status plt_convert_want_decode(const uint8_t *payload, size_t n, plt_convert_want *out)
{
    plt_field f;
    size_t at = 0;
    bool bad = false;
    uint64_t flags = 0;
    while (plt_field_next(payload, n, &at, &f, &bad))
        if (f.tag == PLT_T_FLAGS) flags = plt_field_u64(&f);
    *out = (plt_convert_want){0};
    bool edge_long = flags & PLT_CONVERT_LONG_EDGE, edge_short = flags & PLT_CONVERT_SHORT_EDGE;
    if (edge_long) out->duplex = PLT_DUPLEX_LONG;
    if (edge_short) out->duplex = PLT_DUPLEX_SHORT;
    for (size_t i = 0; i < BITS; i++) *(bool *)((char *)out + bits[i].at) = flags & bits[i].bit;
    return bad || (edge_long && edge_short) || (!out->duplex && !out->grey) ? PLT_BAD : PLT_OK;
}

size_t plt_convert_answer_encode(const plt_convert_answer *a, uint8_t *out, size_t cap)
{
    plt_frame_builder b;
    plt_frame_begin(&b, out, cap, PLT_F_CONVERTED);
    plt_frame_u64(&b, PLT_T_STATUS, a->end);
    if (a->why[0]) plt_frame_text(&b, PLT_T_REASON, a->why);
    return plt_frame_end(&b);
}

plt_status plt_convert_answer_decode(const uint8_t *payload, size_t n, plt_convert_answer *out)
{
    plt_field f;
    size_t at = 0;
    bool bad = false, has = false;
    *out = (plt_convert_answer){.end = PLT_CONVERT_CANNOT};
    while (plt_field_next(payload, n, &at, &f, &bad)) {
        if (f.tag == PLT_T_STATUS) {
            has = f.len == 8 && plt_field_u64(&f) <= PLT_CONVERT_CANNOT;
            if (has) out->end = (plt_convert_end)plt_field_u64(&f);
        } else if (f.tag == PLT_T_REASON) {
            plt_field_str(&f, out->why, sizeof out->why);
        }
    }
    return bad || !has || (out->end == PLT_CONVERT_CANNOT && !out->why[0]) ? PLT_BAD : PLT_OK;
}
