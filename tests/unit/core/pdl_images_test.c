/* SPDX-License-Identifier: Apache-2.0 */
/* Pictures, TIFF, DVI, fax and spool files, plain text. */
#include "tests/unit/test.h"

#include <string.h>

#include "core/util/buf.h"
#include "tests/unit/core/pdl_kit.h"
#include "tests/unit/core/pdl_pictures.h"

#define UEL "\033%-12345X"

/* ---- PNG (made by hand: zlib with stored blocks; check sums are not looked at) ---- */

#define PNG "\x89PNG\r\n\x1A\n"
#define IHDR(w, h, depth, type) "\0\0\0\015IHDR\0\0\0" w "\0\0\0" h depth type "\0\0\0CRC."
#define IEND "\0\0\0\0IENDCRC."
#define RAW(n, not_n, data) "\x78\001\001" n "\0" not_n "\377" data "ADLE"
#define GREY_PNG PNG IHDR("\001", "\001", "\010", "\0") "\0\0\0\015IDAT" RAW("\002", "\375", "\0\x80") "CRC." IEND
#define RED_PNG PNG IHDR("\001", "\001", "\010", "\002") "\0\0\0\017IDAT" RAW("\004", "\373", "\0\377\0\0") "CRC." IEND

/* ---- TIFF ---- */

#define ENTRY(tag, value) tag "\003\0\001\0\0\0" value "\0\0\0"
#define TIFF_PAGE(next) "\002\0" ENTRY("\006\001", "\001") ENTRY("\025\001", "\001") next "\0\0\0"

#define SHORT_ENTRY(tag, value) tag "\003\0\001\0\0\0" value "\0\0"
#define RATIONAL_AT(tag, at) tag "\005\0\001\0\0\0" at "\0\0\0"
/* Of so many dots, at so many to the inch. */
#define TIFF_SIZED(width, height, across, down)                                                                                                      \
    "II*\0\010\0\0\0\007\0" SHORT_ENTRY("\0\001", width) SHORT_ENTRY("\001\001", height) ENTRY("\006\001", "\001") ENTRY("\025\001", "\001")         \
        RATIONAL_AT("\032\001", "\x62") RATIONAL_AT("\033\001", "\x6A") ENTRY("\050\001", "\002") "\0\0\0\0" across "\0\0\0\001\0\0\0" down          \
                                                                                                  "\0\0\0\001\0\0\0"

/* ---- GIF, BMP ---- */

#define GIF "GIF89a\001\0\001\0\x80\0\0\0\0\0\377\377\377"
#define GIF_IMAGE "!\xF9\004\0\0\0\0\0,\0\0\0\0\001\0\001\0\0\002\002D\001\0;"
#define BMP_HEAD(bits)                                                                                                                               \
    "BM\x3A\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\001\0\0\0\001\0\0\0\001\0" bits "\0\0\0\0\0\004\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"

/* ---- DVI ---- */

#define DVI_PRE "\xF7\002\001\x83\x92\xC0\x1C\x3B\0\0\0\0\003\xE8\003TeX"
#define ZEROS8 "\0\0\0\0\0\0\0\0"
#define BOP "\x8B" ZEROS8 ZEROS8 ZEROS8 ZEROS8 ZEROS8 "\377\377\377\377"
#define EOP "\x8C"
#define POST(n) "\xF8" ZEROS8 ZEROS8 ZEROS8 "\0\002\0" n "\xF9\0\0\0\0\002\xDF\xDF\xDF\xDF"

/* ---- SFF, EMFSPOOL ---- */

#define SFF(n) "Sfff\001\0\0\0" n "\0\024\0\0\0\0\0\0\0\0\0"
#define SFF_PAGE "\376\020\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
#define EMF "\0\0\001\0\030\0\0\0\020\0\0\0\024\0\0\0d\0\0\0o\0\0\0"
#define EMF_PAGE "\014\0\0\0\004\0\0\0data\015\0\0\0\004\0\0\0back"

static const pdl_case cases[] = {
    {"PNG, grey", JOB(GREY_PNG), "PNG", 1, 1, 1, NO, NULL, "", "exact", IS(0), IS(0)},
    {"PNG, red", JOB(RED_PNG), "PNG", 1, 1, 1, NO, NULL, "", "exact", IS(1), IS(0)},
    {"two PNG in PJL", JOB(UEL "@PJL SET COPIES=2\n" GREY_PNG RED_PNG UEL), "PNG", 2, 2, 4, NO, NULL, "", "exact", IS(1), IS(0)},
    {"settings behind ENTER LANGUAGE=PHOTOJPEG, a job a picture",
     JOB("\033E" UEL "@PJL ENTER LANGUAGE=PHOTOJPEG\n@PJL SET COPIES=2\n@PJL SET PAPER=0\n" GREY_PNG "\033E" UEL "\0\0\033E" UEL
         "@PJL ENTER LANGUAGE=PHOTOJPEG\n@PJL SET COPIES=2\n@PJL SET JOBID=1\n" RED_PNG "\033E" UEL),
     "PNG", 2, 2, 4, NO, NULL, "", "exact", IS(1), IS(0)},
    {"PNG cut short", JOB(PNG IHDR("\001", "\001", "\010", "\0") "\0\0"), "PNG", 1, 1, 1, NO, NULL, "", "estimated", NO},
    {"PNG and something else", JOB(GREY_PNG "what is this?"), "PNG", 1, 1, 1, NO, NULL, "", "estimated"},
    {"GIF, grey", JOB(GIF GIF_IMAGE), "GIF", 1, 1, 1, NO, NULL, "", "exact", IS(0)},
    {"two GIF", JOB(GIF GIF_IMAGE GIF GIF_IMAGE), "GIF", 2, 1, 2, NO, NULL, "", "exact", IS(0)},
    {"BMP of 24 bits", JOB(BMP_HEAD("\030") "\377\0\377\0"), "BMP", 1, 1, 1, NO, NULL, "", "exact", IS(1), IS(0)},
    {"TIFF, two pages, forward", JOB("II*\0\012\0\0\0xx" TIFF_PAGE("\056") "xxxxxx" TIFF_PAGE("\0")), "TIFF", 2, 1, 2, NO, NULL, "", "exact", IS(0)},
    {"TIFF whose chain goes back", JOB("II*\0\012\0\0\0xx" TIFF_PAGE("\010") "xxxxxx"), "TIFF", NO, NO, NO, NO, NULL, "", "unknown"},
    {"TIFF of a fax, whose lines are longer than A4 is wide", JOB(TIFF_SIZED("\300\006", "\364\010", "\314", "\304")), "TIFF", 1, 1, 1, NO, NULL,
     "A4", "exact", IS(0)},
    {"TIFF of a fax on Letter", JOB(TIFF_SIZED("\300\006", "\154\010", "\314", "\304")), "TIFF", 1, 1, 1, NO, NULL, "Letter", "exact", IS(0)},
    {"TIFF as wide, but no fax", JOB(TIFF_SIZED("\300\006", "\304\012", "\310", "\xC8")), "TIFF", 1, 1, 1, NO, NULL, "219x350mm", "exact", IS(0)},
    {"TIFF cut short", JOB("II*\0\012\0\0\0xx" TIFF_PAGE("\056") "xx"), "TIFF", NO, NO, NO, NO, NULL, "", "unknown"},
    {"DVI", JOB(DVI_PRE BOP "a\x8C" BOP "\xEF\005\x8B\x8B\x8B\x8B\x8B\x8C" POST("\002")), "DVI", 2, 1, 2, NO, NULL, "", "exact", NO},
    {"DVI, colour and paper",
     JOB(DVI_PRE BOP "\xEF\027papersize=210mm,297mm  \xEF\026color push rgb 1 0 0.5a\xEF\011color pop" EOP BOP EOP POST("\002")), "DVI", 2, 1, 2, NO,
     NULL, "A4", "exact", IS(1), IS(1)},
    {"DVI cut short", JOB(DVI_PRE BOP "a\x8C" BOP "b"), "DVI", 1, 1, 1, NO, NULL, "", "estimated"},
    {"DVI that lies", JOB(DVI_PRE BOP "a\x8C" POST("\005")), "DVI", 1, 1, 1, NO, NULL, "", "estimated"},
    {"SFF", JOB(SFF("\002") SFF_PAGE "\003abc\0\002\0\376\020" SFF_PAGE "\xF0\377\001\376\376\0"), "SFF", 2, 1, 2, NO, NULL, "", "exact", IS(0), NO},
    {"SFF cut short", JOB(SFF("\002") SFF_PAGE "\003abc"), "SFF", 1, 1, 1, NO, NULL, "", "estimated", IS(0)},
    {"EMF spool file", JOB(EMF EMF_PAGE EMF_PAGE), "EMF", 2, 1, 2, NO, NULL, "", "declared", NO},
    {"EMF spool file cut short", JOB(EMF EMF_PAGE "\014\0\0\0\004\0\0\0da"), "EMF", NO, NO, NO, NO, NULL, "", "unknown"},
    /* -- text -- */
    {"text by form feeds", JOB("one\n\ftwo\n\f\fthree\n"), "text", 4, 1, 4, NO, NULL, "", "declared", IS(0), IS(1)},
    {"text in UTF-8", JOB("caf\303\251 \342\202\254 \360\237\230\200\n\f"), "text", 1, 1, 1, NO, NULL, "", "declared"},
    {"text in PJL", JOB(UEL "@PJL SET COPIES=3\nhello\r\n\f" UEL), "text", 1, 3, 3, NO, NULL, "", "declared"},
    {"text with an end mark", JOB("hello\r\n\004"), "text", 1, 1, 1, NO, NULL, "", "declared"},
    {"rubbish is no text", JOB("hello\001 hello hello"), "", NO, NO, NO, NO, NULL, "", "unknown"},
};

static void the_table_holds(void **state)
{
    (void)state;
    pdl_kit_check_all(cases, sizeof cases / sizeof cases[0]);
}

static void jpegs_in_a_row(void **state)
{
    plt_buf b;
    (void)state;
    plt_buf_init(&b, 1u << 16);
    plt_buf_text(&b, UEL "@PJL ENTER LANGUAGE=JPEG\n");
    plt_buf_add(&b, jpeg_grey, sizeof jpeg_grey);
    plt_buf_add(&b, jpeg_dot, sizeof jpeg_dot);
    plt_buf_add(&b, jpeg_cmyk, sizeof jpeg_cmyk);
    plt_buf_text(&b, UEL);
    plt_pdl_result r = pdl_kit_analyse((const char *)b.data, b.len, 0, 0);
    assert_string_equal(r.language, "JPEG");
    pdl_kit_check_number("JPEG", "pages", r.pages, 3);
    pdl_kit_check_number("JPEG", "colour pages", r.color_pages, 1);
    assert_int_equal(r.confidence, PLT_CONF_EXACT);
    pdl_kit_check_chunks("JPEG", (const char *)b.data, b.len);
    plt_buf_free(&b);
}

static plt_pdl_result lines(const size_t *sections, size_t n, const char *after)
{
    plt_buf b;
    plt_buf_init(&b, 1u << 20);
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < sections[i]; k++) plt_buf_text(&b, "a line of text\r\n");
        if (i + 1 < n) plt_buf_text(&b, "\f");
    }
    plt_buf_text(&b, after);
    plt_pdl_result r = pdl_kit_analyse((const char *)b.data, b.len, 0, 0);
    pdl_kit_check_chunks("text", (const char *)b.data, b.len);
    plt_buf_free(&b);
    return r;
}

static void long_texts(void **state)
{
    plt_pdl_result r;
    (void)state;
    r = lines((const size_t[]){200}, 1, "");
    pdl_kit_check_number("200 lines", "pages", r.pages, 4);
    assert_int_equal(r.confidence, PLT_CONF_ESTIMATED);
    r = lines((const size_t[]){66, 64, 10}, 3, "");
    pdl_kit_check_number("pages of 66 lines", "pages", r.pages, 3);
    assert_int_equal(r.confidence, PLT_CONF_ESTIMATED);
    r = lines((const size_t[]){60, 60}, 2, "");
    pdl_kit_check_number("pages of 60 lines", "pages", r.pages, 2);
    assert_int_equal(r.confidence, PLT_CONF_DECLARED);
    r = lines((const size_t[]){100}, 1, "\001\002");
    pdl_kit_check_number("binary later", "pages", r.pages, NO);
    r = lines((const size_t[]){100}, 1, "\033E more");
    pdl_kit_check_number("a command later", "pages", r.pages, NO);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_holds),
        cmocka_unit_test(jpegs_in_a_row),
        cmocka_unit_test(long_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
