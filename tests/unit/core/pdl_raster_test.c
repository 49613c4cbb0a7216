/* SPDX-License-Identifier: Apache-2.0 */
/* PWG, CUPS and Apple raster: jobs made here, small enough to be read. */
#include "tests/unit/test.h"

#include <string.h>

#include "core/util/buf.h"
#include "tests/unit/core/pdl_kit.h"

#define UEL "\033%-12345X"

/* Rows of four pixels. */
#define WHITE_RGB "\003\003\377\377\377"                                  /* four rows: four times white */
#define GREY_RGB "\003\000\0\0\0\376\x80\x80\x80\x82\x81\x80\377\377\377" /* black, two greys that differ by rounding, white */
#define RED_RGB "\002\003\377\377\377\000\002\377\377\377\000\377\0\0"
#define URF_START "UNIRAST\0\0\0\0\0"
#define URF_PAGE(bpp, space, duplex) bpp space duplex "\004\0\0\0\0\0\0\0\0\0\0\0\004\0\0\0\004\0\0\0\001\0\0\0\0\0\0\0\0"

static const pdl_case urf[] = {
    {"blank, grey, coloured",
     JOB(URF_START URF_PAGE("\030", "\001", "\003") WHITE_RGB URF_PAGE("\030", "\001", "\003") GREY_RGB URF_PAGE("\030", "\001", "\003") RED_RGB),
     "URF", 3, 1, 3, 2, "long", "102x102mm", "exact", IS(1), IS(1)},
    {"one-sided and grey", JOB(URF_START URF_PAGE("\010", "\0", "\001") "\003\200" URF_PAGE("\010", "\0", "\001") "\003\001\377\001\0"), "URF", 2, 1,
     2, 2, "none", "102x102mm", "exact", IS(0), IS(1)},
    {"PJL around it",
     JOB(UEL "@PJL SET COPIES=2\n@PJL ENTER LANGUAGE=URF\n" URF_START URF_PAGE("\010", "\0", "\002") "\003\200" UEL "@PJL EOJ\n" UEL), "URF", 1, 2, 2,
     2, "short", "102x102mm", "exact", IS(0), IS(1)},
    {"a UEL among the pixels is pixels", JOB(URF_START URF_PAGE("\010", "\0", "\001") "\003\375\033%-1"), "URF", 1, 1, 1, 1, "none", "102x102mm",
     "exact", IS(0), IS(0)},
    {"CMYK with black alone", JOB(URF_START URF_PAGE("\040", "\006", "\001") "\003\003\0\0\0\200"), "URF", 1, 1, 1, 1, "none", "102x102mm", "exact",
     IS(0), IS(0)},
    {"the file's own count is checked", JOB("UNIRAST\0\0\0\0\002" URF_PAGE("\010", "\0", "\001") "\003\200"), "URF", 1, 1, 1, 1, "none", "102x102mm",
     "estimated"},
    {"two files in a row", JOB(URF_START URF_PAGE("\010", "\0", "\001") "\003\200" URF_START URF_PAGE("\010", "\0", "\001") "\003\200"), "URF", 2, 1,
     2, 2, "none", "102x102mm", "exact", IS(0), IS(2)},
    {"cut short in the pixels", JOB(URF_START URF_PAGE("\010", "\0", "\001") "\003\200" URF_PAGE("\010", "\0", "\001") "\000\200\001"), "URF", 2, 1,
     2, 2, "none", "102x102mm", "estimated"},
    {"cut short in the first header", JOB(URF_START "\010\0"), "URF", NO, NO, NO, NO, NULL, "", "unknown"},
    {"a run longer than its row", JOB(URF_START URF_PAGE("\010", "\0", "\001") "\003\007\377"), "URF", 1, 1, 1, 1, "none", "102x102mm", "estimated"},
    {"more rows than the page", JOB(URF_START URF_PAGE("\010", "\0", "\001") "\377\200"), "URF", 1, 1, 1, 1, "none", "102x102mm", "estimated"},
    {"no page behind the page",
     JOB(URF_START URF_PAGE("\010", "\0", "\001") "\003\200"
                                                  "this is no page header, but long enough"),
     "URF", NO, NO, NO, NO, "none", "102x102mm", "unknown"},
    {"absurd sizes",
     JOB(URF_START "\010\0\001\0\0\0\0\0\0\0\0\0\377\377\377\377\377\377\377\377\0\0\0\001\0\0\0\0\0\0\0\0"
                   "\0\0\0"),
     "URF", NO, NO, NO, NO, NULL, "", "unknown"},
};

/* A header of CUPS raster is large: put together here. */
typedef struct cups_page {
    uint32_t copies, duplex, tumble, width, height, bits, pixel_bits, row_bytes, order, space;
} cups_page;

static void number(uint8_t *head, size_t at, uint32_t v, bool little)
{
    for (size_t i = 0; i < 4; i++) head[at + i] = (uint8_t)(v >> 8 * (little ? i : 3 - i));
}

static void add_page(plt_buf *b, const cups_page *c, bool pwg, bool little, size_t size, const char *data, size_t n)
{
    uint8_t head[1796] = {0};
    if (pwg) memcpy(head, "PwgRaster", 9);
    number(head, 272, c->duplex, little);
    number(head, 340, c->copies, little);
    number(head, 352, 595, little);
    number(head, 356, 842, little);
    number(head, 368, c->tumble, little);
    number(head, 372, c->width, little);
    number(head, 376, c->height, little);
    number(head, 384, c->bits, little);
    number(head, 388, c->pixel_bits, little);
    number(head, 392, c->row_bytes, little);
    number(head, 396, c->order, little);
    number(head, 400, c->space, little);
    plt_buf_add(b, head, size);
    plt_buf_add(b, data, n);
}

typedef struct cups_case {
    const char *name, *sync;
    bool pwg;
    cups_page page;
    const char *data;
    size_t n;
    int impressions, color, blank;
    const char *duplex, *confidence;
} cups_case;

static const cups_case cups[] = {
    {"PWG, three copies", "RaS2", true, {3, 1, 1, 4, 4, 8, 24, 12, 0, 19}, JOB(RED_RGB), 6, 2, 0, "short", "exact"},
    {"PWG, grey", "RaS2", true, {1, 1, 0, 4, 4, 8, 8, 4, 0, 18}, JOB("\003\003\200"), 2, 0, 0, "long", "exact"},
    {"PWG, black plane", "RaS2", true, {0, 0, 0, 12, 2, 1, 1, 2, 0, 3}, JOB("\001\001\0"), 2, 0, 2, "none", "exact"},
    {"PWG, 16 bits", "RaS2", true, {0, 0, 0, 2, 1, 16, 48, 12, 0, 19}, JOB("\0\001\x80\x01\x80\x02\x80\x03"), 2, 0, 0, "none", "exact"},
    {"PWG, 16 bits, coloured", "RaS2", true, {0, 0, 0, 2, 1, 16, 48, 12, 0, 19}, JOB("\0\001\x80\x01\x80\x02\x90\x03"), 2, 2, 0, "none", "exact"},
    {"version 2, little", "2SaR", false, {1, 0, 0, 4, 2, 8, 32, 16, 0, 6}, JOB("\001\002\0\0\0\0\000\0\0\0\1"), 2, 0, 0, "none", "exact"},
    {"version 3, big, KCMY of one bit", "RaS3", false, {1, 0, 0, 4, 1, 1, 4, 2, 0, 8}, JOB("\x80\x08"), 2, 0, 0, "none", "exact"},
    {"version 3, KCMY, a cyan dot", "3SaR", false, {1, 0, 0, 4, 1, 1, 4, 2, 0, 8}, JOB("\x80\x04"), 2, 2, 0, "none", "exact"},
    {"version 1, a UEL in the pixels", "RaSt", false, {2, 0, 0, 3, 3, 8, 8, 3, 0, 3}, JOB(UEL), 4, 0, 0, "none", "exact"},
    {"version 1, little, RGB in bands", "tSaR", false, {1, 0, 0, 2, 1, 8, 8, 6, 1, 1}, JOB("\377\377\377\377\377\0"), 2, 2, 0, "none", "exact"},
    {"version 3, planes: yellow alone", "RaS3", false, {1, 0, 0, 2, 1, 8, 8, 2, 2, 4}, JOB("\0\0\0\0\0\5"), 2, 2, 0, "none", "exact"},
    {"version 3, planes: all three", "RaS3", false, {1, 0, 0, 2, 1, 8, 8, 2, 2, 4}, JOB("\0\5\0\5\0\5"), 2, NO, NO, "none", "exact"},
    {"version 2, bands, packed", "RaS2", false, {1, 0, 0, 2, 1, 8, 8, 6, 1, 1}, JOB("\000\003\377\001\300"), 2, 2, 0, "none", "exact"},
    {"inks without names", "RaS2", false, {1, 0, 0, 4, 1, 8, 16, 8, 0, 49}, JOB("\000\003\0\1"), 2, NO, NO, "none", "exact"},
    {"absurd copies", "RaS2", false, {4000000000, 0, 0, 4, 1, 8, 8, 4, 0, 3}, JOB("\000\200"), NO, NO, NO, "none", "unknown"},
};

static void check(const cups_case *c, plt_buf *b)
{
    plt_pdl_result r = pdl_kit_analyse((const char *)b->data, b->len, 0, 0);
    assert_string_equal(r.language, c->pwg ? "PWG" : "CUPS-raster");
    pdl_kit_check_number(c->name, "impressions", r.impressions, c->impressions);
    pdl_kit_check_number(c->name, "colour pages", r.color_pages, c->color);
    pdl_kit_check_number(c->name, "blank pages", r.blank_pages, c->blank);
    assert_string_equal(plt_duplex_name(r.duplex), c->duplex);
    assert_string_equal(r.paper, "A4");
    assert_string_equal(plt_confidence_name(r.confidence), c->confidence);
    pdl_kit_check_chunks(c->name, (const char *)b->data, b->len);
}

static void cups_jobs(void **state)
{
    plt_buf b;
    (void)state;
    for (size_t i = 0; i < sizeof cups / sizeof cups[0]; i++) {
        const cups_case *c = &cups[i];
        bool little = c->sync[3] == 'R';
        plt_buf_init(&b, 1u << 20);
        plt_buf_add(&b, c->sync, 4);
        for (int page = 0; page < 2; page++) add_page(&b, &c->page, c->pwg, little, strchr(c->sync, 't') ? 420 : 1796, c->data, c->n);
        check(c, &b);
        plt_buf_free(&b);
    }
}

/* Long rows go through the fast loops when they come in one piece, and through the slow ones byte by byte: 2,000 pixels of random runs, one of them
 * coloured or not. */
static void fast_and_slow_agree(void **state)
{
    static const uint8_t kinds[][3] = {{8, 0, 1}, {24, 1, 3}, {32, 6, 4}, {16, 0, 2}, {48, 1, 6}}; /* bits, URF colour space, bytes */
    uint32_t seed = 11;
    plt_buf b;
    (void)state;
    for (int round = 0; round < 100; round++) {
        const uint8_t *k = kinds[round % 5];
        bool colored = round / 5 % 2 && k[1];
        plt_buf_init(&b, 1u << 20);
        plt_buf_add(&b, URF_START, 12);
        plt_buf_byte(&b, k[0]), plt_buf_byte(&b, k[1]);
        plt_buf_add(&b, "\001\0\0\0\0\0\0\0\0\0\0\0\007\320\0\0\0\003\0\0\1\54\0\0\0\0\0\0\0\0", 30);
        for (int row = 0; row < 3; row++) {
            plt_buf_byte(&b, 0);
            for (uint32_t x = 0; x < 2000;) {
                seed = seed * 1664525u + 1013904223u;
                uint32_t n = 1 + (seed >> 24) % (round % 3 ? 4 : 100), literal = seed >> 20 & 1;
                if (n > 2000 - x) n = 2000 - x;
                if (n < 2 || round % 4 == 1) literal = 0;
                plt_buf_byte(&b, (uint8_t)(literal ? 257 - n : n - 1));
                for (uint32_t i = 0; i < (literal ? n : 1) * k[2]; i++) plt_buf_byte(&b, colored && row == 2 && x == 0 && i < k[2] / 3u ? 90 : 80);
                x += n;
            }
        }
        plt_pdl_result whole = pdl_kit_analyse((const char *)b.data, b.len, 0, 0), cut = pdl_kit_analyse((const char *)b.data, b.len, 1, 1);
        pdl_kit_expect_same("runs", &whole, &cut, 1, 1);
        pdl_kit_check_number("runs", "pages", whole.pages, 1);
        pdl_kit_check_number("runs", "colour pages", whole.color_pages, colored ? 1 : 0);
        assert_int_equal(whole.confidence, PLT_CONF_EXACT);
        plt_buf_free(&b);
    }
}

static void urf_jobs(void **state)
{
    (void)state;
    pdl_kit_check_all(urf, sizeof urf / sizeof urf[0]);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(urf_jobs),
        cmocka_unit_test(cups_jobs),
        cmocka_unit_test(fast_and_slow_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
