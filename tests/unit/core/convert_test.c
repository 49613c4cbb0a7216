/* SPDX-License-Identifier: Apache-2.0 */
/* Conversion of jobs that are small enough to be read: what comes out to the last byte, what is refused and why, in any chunks, once and twice. */
#include "tests/unit/test.h"

#include <stdio.h>
#include <string.h>

#include "core/convert/convert.h"
#include "core/pdl/pdl.h"
#include "core/util/buf.h"

#define UEL "\033%-12345X"
#define JOB(text) text, sizeof(text) - 1
#define PJL_LONG "@PJL SET DUPLEX=ON\r\n@PJL SET BINDING=LONGEDGE\r\n"

static const plt_convert_want to_long = {.duplex = PLT_DUPLEX_LONG}, to_short = {.duplex = PLT_DUPLEX_SHORT}, grey = {.grey = true},
                              both = {.duplex = PLT_DUPLEX_LONG, .grey = true}, backs = {.duplex = PLT_DUPLEX_LONG, .plain_backs = true},
                              by_pjl = {.duplex = PLT_DUPLEX_LONG, .pjl = true}, by_mode = {.grey = true, .pjl = true, .grey_mode = true};

typedef struct row {
    const char *name;
    const plt_convert_want *want;
    const char *job;
    size_t n;
    plt_convert_end end;
    const char *made; /* DONE: the whole output; CANNOT: a part of the reason */
    size_t made_n;
} row;

#define XL_HEAD ") HP-PCL XL;2;0;\n"
#define XL_END "\x44\x42"

#define PS_START "%!PS-Adobe-3.0\n%%Pages: 1\n%%EndComments\n"
#define PS_SIDES(name, tumble)                                                                                                                       \
    "%%BeginFeature: *Duplex " name "\nmark{<</Duplex true/Tumble " tumble ">>setpagedevice}stopped cleartomark\n%%EndFeature\n"                     \
    "%%BeginProcSet: (Platen) 1.0 0\n"                                                                                                               \
    "systemdict/setpagedevice known{userdict/setpagedevice{dup type/dicttype eq{dup length 3 add dict copy\n"                                        \
    "dup/Duplex true put dup/Tumble " tumble " put\n}if systemdict/setpagedevice get exec}bind put}if\n%%EndProcSet\n"
#define PS_OPERATOR(name) "systemdict/" name " known{userdict/" name "{systemdict/" name " get exec currentgray setgray}bind put}if\n"
#define PS_GREY                                                                                                                                      \
    "%%BeginFeature: *ColorModel Gray\nmark{<</ProcessColorModel/DeviceGray>>setpagedevice}stopped cleartomark\n%%EndFeature\n"                      \
    "%%BeginProcSet: (Platen) 1.0 0\n"                                                                                                               \
    "systemdict/setpagedevice known{userdict/setpagedevice{dup type/dicttype eq{dup length 3 add dict copy\n"                                        \
    "currentpagedevice/ProcessColorModel known{dup/ProcessColorModel/DeviceGray put}if\n}if systemdict/setpagedevice get exec}bind "                 \
    "put}if\n" PS_OPERATOR("setrgbcolor") PS_OPERATOR("setcmykcolor") PS_OPERATOR("sethsbcolor") "%%EndProcSet\n"
#define PS_RED_PAGE "%%Page: 1 1\n1 0 0 setrgbcolor 0 0 9 9 rectfill showpage\n%%EOF\n"
#define PS_PAGE "%%Page: 1 1\n0 0 9 9 rectfill showpage\n%%EOF\n"

#define URF_START "UNIRAST\0\0\0\0\0"
#define URF_PAGE(bpp, space, duplex) bpp space duplex "\004\0\0\0\0\0\0\0\0\0\0\0\004\0\0\0\004\0\0\0\001\0\0\0\0\0\0\0\0"
#define RED_RGB "\002\003\377\377\377\000\002\377\377\377\000\377\0\0"
#define RED_GREY "\002\003\377\000\002\377\000\115"
#define MIXED_RGB "\003\376\377\0\0\0\377\0\0\0\377\200"
#define MIXED_GREY "\003\376\115\225\035\200"

static const row rows[] = {
    /* PCL */
    {"behind each reset, before what prints", &to_long, JOB("\033E\033&l26Aab\f\033Ec\f\033E"), PLT_CONVERT_DONE,
     JOB("\033E\033&l1S\033&l26Aab\f\033E\033&l1Sc\f\033E")},
    {"short edge", &to_short, JOB("\033Ea\f\033E"), PLT_CONVERT_DONE, JOB("\033E\033&l2Sa\f\033E")},
    {"the job's own in its place", &to_long, JOB("\033E\033&l0Sa\f\033&l0Sb\f\033E"), PLT_CONVERT_DONE, JOB("\033E\033&l1Sa\f\033&l1Sb\f\033E")},
    {"in a chain", &to_long, JOB("\033E\033&l26a0s1Xa\f\033E"), PLT_CONVERT_DONE, JOB("\033E\033&l1S\033&l26a1s1Xa\f\033E")},
    {"binary data are not read", &to_long, JOB("\033E\033*t300R\033*r1A\033*b6W\033E\033&l0\033*rB\f\033E"), PLT_CONVERT_DONE,
     JOB("\033E\033&l1S\033*t300R\033*r1A\033*b6W\033E\033&l0\033*rB\f\033E")},
    {"HP-GL/2 is passed", &to_long, JOB("\033E\033%0BINSP1PA0,0PD9,9\033%0A\f\033E"), PLT_CONVERT_DONE,
     JOB("\033E\033&l1S\033%0BINSP1PA0,0PD9,9\033%0A\f\033E")},
    {"an inkjet's raster", &to_long, JOB("\033E\033*g2W\002\001\033*r1A\033*b1Wx\033*rB\f\033E"), PLT_CONVERT_CANNOT, "inkjet", 0},
    {"a laser's print quality", &to_long, JOB("\033E\033*o0M\033*r1A\033*b1Wx\033*rB\f\033E"), PLT_CONVERT_DONE,
     JOB("\033E\033&l1S\033*o0M\033*r1A\033*b1Wx\033*rB\f\033E")},
    {"a maker's raster", &to_long, JOB("\033E\033*r1A\033*b1030m1Wx\033*rB\f\033E"), PLT_CONVERT_CANNOT, "maker", 0},
    {"it is so already", &to_long, JOB("\033E\033&l1Sa\f\033E"), PLT_CONVERT_SAME, NULL, 0},
    {"black is grey", &grey, JOB("\033Ea\f\033E"), PLT_CONVERT_SAME, NULL, 0},
    {"copies that differ", &to_long, JOB("\033E\033&l2Xa\f\033&l3Xb\f\033E"), PLT_CONVERT_CANNOT, "copies differ", 0},
    {"colour", &grey, JOB("\033E\033*r-3U\033*v1S\033*r1A\033*b1v1v1W\001\002\004\033*rB\f\033E"), PLT_CONVERT_CANNOT, "PCL 5", 0},
    /* PJL */
    {"before the language", &to_long, JOB(UEL "@PJL SET DUPLEX=OFF\r\n@PJL ENTER LANGUAGE=PCL\r\n\033Ea\f\033E" UEL), PLT_CONVERT_DONE,
     JOB(UEL "@PJL SET DUPLEX=OFF\r\n" PJL_LONG "@PJL ENTER LANGUAGE=PCL\r\n\033E\033&l1Sa\f\033E" UEL)},
    {"statements without line ends", &to_long, JOB(UEL "@PJL JOB NAME=\"@PJL ENTER\" @PJL enter language = pcl\n\033Ea\f\033E" UEL), PLT_CONVERT_DONE,
     JOB(UEL "@PJL JOB NAME=\"@PJL ENTER\" " PJL_LONG "@PJL enter language = pcl\n\033E\033&l1Sa\f\033E" UEL)},
    {"each job of several", &to_long, JOB(UEL "@PJL ENTER LANGUAGE=PCL\n\033Ea\f\033E" UEL "@PJL ENTER LANGUAGE=PCL\n\033Eb\f\033E" UEL),
     PLT_CONVERT_DONE,
     JOB(UEL PJL_LONG "@PJL ENTER LANGUAGE=PCL\n\033E\033&l1Sa\f\033E" UEL PJL_LONG "@PJL ENTER LANGUAGE=PCL\n\033E\033&l1Sb\f\033E" UEL)},
    {"a language that does not obey", &to_long, JOB(UEL "@PJL ENTER LANGUAGE=PCL3GUI\n\033E\033*r1A\033*b1Wx\033*rB\f\033E" UEL), PLT_CONVERT_CANNOT,
     "not rewritten in this language", 0},
    {"the wrong name", &to_long, JOB(UEL "@PJL ENTER LANGUAGE=PCL\nUNIRAST\0\0\0\0\0" URF_PAGE("\010", "\0", "\001") "\003\200"), PLT_CONVERT_CANNOT,
     "another language", 0},
    {"RENDERMODE where the job knows it", &grey,
     JOB(UEL "@PJL SET RENDERMODE=COLOR\n@PJL ENTER LANGUAGE=PCL\n\033E\033*r3U\033*v1S\033*p9X\033*c9a9b0P\f\033E" UEL), PLT_CONVERT_DONE,
     JOB(UEL "@PJL SET RENDERMODE=COLOR\n@PJL SET RENDERMODE=GRAYSCALE\r\n@PJL ENTER LANGUAGE=PCL\n"
             "\033E\033*r3U\033*v1S\033*p9X\033*c9a9b0P\f\033E" UEL)},
    {"RENDERMODE in a comment sets nothing", &grey,
     JOB(UEL "@PJL COMMENT RENDERMODE=COLOR\n@PJL ENTER LANGUAGE=PCL\n\033E\033*r3U\033*v1S\033*p9X\033*c9a9b0P\f\033E" UEL), PLT_CONVERT_CANNOT,
     "PCL 5", 0},
    {"RENDERMODE where the printer is known", &by_mode, JOB("\033E\033*r3U\033*v1S\033*c9a9b0P\f\033E"), PLT_CONVERT_DONE,
     JOB(UEL "@PJL SET RENDERMODE=GRAYSCALE\r\n@PJL ENTER LANGUAGE=PCL\r\n\033E\033*r3U\033*v1S\033*c9a9b0P\f\033E" UEL)},
    /* PCL XL */
    {"BeginPage says the sides", &to_long, JOB(XL_HEAD "\x41\xC0\x00\xF8\x34\xC0\x02\xF8\x25\x43" XL_END), PLT_CONVERT_DONE,
     JOB(XL_HEAD "\x41\xC0\x02\xF8\x25\xC0\x01\xF8\x35\x43" XL_END)},
    {"and replaces another edge", &to_short, JOB(XL_HEAD "\x41\xC0\x01\xF8\x35\x43" XL_END), PLT_CONVERT_DONE,
     JOB(XL_HEAD "\x41\xC0\x00\xF8\x35\x43" XL_END)},
    {"a red brush", &grey,
     JOB(XL_HEAD "\x41\x43\xC0\x02\xF8\x03\x6A\xC8\xC1\x03\x00\xFF\x00\x00\xF8\x0B\x63\xE1\0\0\0\0\x09\0\x09\0\xF8\x42\xA0" XL_END), PLT_CONVERT_DONE,
     JOB(XL_HEAD "\x41\x43\xC0\x01\xF8\x03\x6A\xC0\x4D\xF8\x09\x63\xE1\0\0\0\0\x09\0\x09\0\xF8\x42\xA0" XL_END)},
    {"a picture of plain rows", &grey,
     JOB(XL_HEAD "\x41\x43\xC0\x02\xF8\x03\x6A\xC0\x00\xF8\x64\xC0\x02\xF8\x62\xC1\x02\x00\xF8\x6C\xC1\x02\x00\xF8\x6B\xB0"
                 "\xC1\x00\x00\xF8\x6D\xC1\x02\x00\xF8\x63\xC0\x00\xF8\x65\xB1\xFB\x10\xFF\0\0\xFF\0\0\0\0\xFF\xFF\xFF\0\0\xFF\0\0\xB2" XL_END),
     PLT_CONVERT_DONE,
     JOB(XL_HEAD "\x41\x43\xC0\x01\xF8\x03\x6A\xC0\x00\xF8\x64\xC0\x02\xF8\x62\xC1\x02\x00\xF8\x6C\xC1\x02\x00\xF8\x6B\xB0"
                 "\xC1\x00\x00\xF8\x6D\xC1\x02\x00\xF8\x63\xC0\x01\xF8\x65\xB1\xFA\x09\0\0\0\xFF\x4D\xFF\0\x01\xFF\x1D\xFF\0\xB2" XL_END)},
    {"a picture of run lengths", &grey,
     JOB(XL_HEAD "\x41\x43\xC0\x06\xF8\x03\x6A\xC0\x00\xF8\x64\xC0\x02\xF8\x62\xC1\x02\x00\xF8\x6C\xB0"
                 "\xC1\x02\x00\xF8\x63\xC0\x01\xF8\x65\xB1\xFA\x0B\0\0\0\xF9\xFF\x07\0\0\xFF\0\0\xFF\0\0\xB2" XL_END),
     PLT_CONVERT_DONE,
     JOB(XL_HEAD "\x41\x43\xC0\x01\xF8\x03\x6A\xC0\x00\xF8\x64\xC0\x02\xF8\x62\xC1\x02\x00\xF8\x6C\xB0"
                 "\xC1\x02\x00\xF8\x63\xC0\x01\xF8\x65\xB1\xFA\x08\0\0\0\xFF\xFF\xFF\0\xFF\x1D\xFF\0\xB2" XL_END)},
    {"a picture of delta rows", &grey,
     JOB(XL_HEAD "\x41\x43\xC0\x02\xF8\x03\x6A\xC0\x00\xF8\x64\xC0\x02\xF8\x62\xC1\x02\x00\xF8\x6C\xB0"
                 "\xC1\x02\x00\xF8\x63\xC0\x03\xF8\x65\xB1\xFB\x0B\x07\0\xA0\xFF\0\0\xFF\0\0\0\0\xB2" XL_END),
     PLT_CONVERT_DONE,
     JOB(XL_HEAD "\x41\x43\xC0\x01\xF8\x03\x6A\xC0\x00\xF8\x64\xC0\x02\xF8\x62\xC1\x02\x00\xF8\x6C\xB0"
                 "\xC1\x02\x00\xF8\x63\xC0\x03\xF8\x65\xB1\xFA\x07\0\0\0\x03\0\x20\x4D\x4D\0\0\xB2" XL_END)},
    {"a palette", &grey,
     JOB(XL_HEAD "\x41\x43\xC0\x02\xF8\x03\xC0\x02\xF8\x02\xC8\xC1\x06\x00\xFF\xFF\xFF\xFF\0\0\xF8\x06\x6A\xC0\x01\xF8\x64\xC0\x00\xF8\x62"
                 "\xC1\x02\x00\xF8\x6C\xB0\xC1\x01\x00\xF8\x63\xC0\x00\xF8\x65\xB1\xFB\x04\x40\0\0\0\xB2" XL_END),
     PLT_CONVERT_DONE,
     JOB(XL_HEAD "\x41\x43\xC0\x01\xF8\x03\xC0\x02\xF8\x02\xC8\xC1\x02\x00\xFF\x4D\xF8\x06\x6A\xC0\x01\xF8\x64\xC0\x00\xF8\x62"
                 "\xC1\x02\x00\xF8\x6C\xB0\xC1\x01\x00\xF8\x63\xC0\x00\xF8\x65\xB1\xFB\x04\x40\0\0\0\xB2" XL_END)},
    {"a picture's data end early", &grey,
     JOB(XL_HEAD "\x41\x43\xC0\x02\xF8\x03\x6A\xC0\x00\xF8\x64\xC0\x02\xF8\x62\xC1\x02\x00\xF8\x6C\xB0"
                 "\xC1\x02\x00\xF8\x63\xC0\x00\xF8\x65\xB1\xFB\x08\xFF\0\0\xFF\0\0\0\0\xB2" XL_END),
     PLT_CONVERT_CANNOT, "rows", 0},
    {"JPEG", &grey,
     JOB(XL_HEAD "\x41\x43\xC0\x02\xF8\x03\x6A\xC0\x00\xF8\x64\xC0\x02\xF8\x62\xC1\x02\x00\xF8\x6C\xB0"
                 "\xC1\x02\x00\xF8\x63\xC0\x02\xF8\x65\xB1\xFB\x01\xFF\xB2" XL_END),
     PLT_CONVERT_CANNOT, "JPEG", 0},
    /* PostScript */
    {"a prologue behind the header", &to_long, JOB(PS_START PS_PAGE), PLT_CONVERT_DONE, JOB(PS_START PS_SIDES("DuplexNoTumble", "false") PS_PAGE)},
    {"the driver's own choice", &to_short,
     JOB(PS_START "%%BeginSetup\n%%BeginFeature: *Duplex None\n<</Duplex false>>setpagedevice\n%%EndFeature\n"
                  "<</Duplex false /Tumble true>>setpagedevice\n%%EndSetup\n" PS_PAGE),
     PLT_CONVERT_DONE,
     JOB(PS_START PS_SIDES("DuplexTumble", "true") "%%BeginSetup\n%%BeginFeature: *Duplex DuplexTumble\n"
                                                   "mark{<</Duplex true/Tumble true>>setpagedevice}stopped cleartomark\n%%EndFeature\n"
                                                   "<</Duplex true /Tumble true>>setpagedevice\n%%EndSetup\n" PS_PAGE)},
    {"colours by operators alone", &grey, JOB(PS_START PS_RED_PAGE), PLT_CONVERT_DONE, JOB(PS_START PS_GREY PS_RED_PAGE)},
    {"colour spaces", &grey, JOB(PS_START "%%Page: 1 1\n/DeviceRGB setcolorspace 1 0 0 setcolor 0 0 9 9 rectfill showpage\n%%EOF\n"),
     PLT_CONVERT_CANNOT, "ProcessColorModel", 0},
    {"colour spaces on a printer with models", &grey,
     JOB(PS_START "%%BeginFeature: *ColorModel CMYK\n<</ProcessColorModel /DeviceCMYK>>setpagedevice\n%%EndFeature\n"
                  "%%Page: 1 1\n/DeviceRGB setcolorspace 1 0 0 setcolor 0 0 9 9 rectfill showpage\n%%EOF\n"),
     PLT_CONVERT_DONE,
     JOB(PS_START PS_GREY "%%BeginFeature: *ColorModel Gray\n<</ProcessColorModel /DeviceGray>>setpagedevice\n%%EndFeature\n"
                          "%%Page: 1 1\n/DeviceRGB setcolorspace 1 0 0 setcolor 0 0 9 9 rectfill showpage\n%%EOF\n")},
    {"jobs behind one another", &grey, JOB(PS_START PS_RED_PAGE "\004" PS_START PS_RED_PAGE), PLT_CONVERT_DONE,
     JOB(PS_START PS_GREY PS_RED_PAGE "\004" PS_START PS_GREY PS_RED_PAGE)},
    /* rasters */
    {"red pixels of URF", &grey, JOB(URF_START URF_PAGE("\030", "\001", "\001") RED_RGB), PLT_CONVERT_DONE,
     JOB(URF_START URF_PAGE("\010", "\0", "\001") RED_GREY)},
    {"runs and white ends of rows", &grey, JOB(URF_START URF_PAGE("\030", "\001", "\001") MIXED_RGB), PLT_CONVERT_DONE,
     JOB(URF_START URF_PAGE("\010", "\0", "\001") MIXED_GREY)},
    {"CMYK of URF", &grey, JOB(URF_START URF_PAGE("\040", "\006", "\001") "\003\376\377\0\0\0\0\0\0\200\377\377\0\377\200"), PLT_CONVERT_DONE,
     JOB(URF_START URF_PAGE("\010", "\004", "\001") "\003\376\262\177\0\200")},
    {"one page has no back", &to_long, JOB(URF_START URF_PAGE("\010", "\0", "\001") "\003\200"), PLT_CONVERT_DONE,
     JOB(URF_START URF_PAGE("\010", "\0", "\003") "\003\200")},
    {"two pages have", &to_long, JOB(URF_START URF_PAGE("\010", "\0", "\001") "\003\200" URF_PAGE("\010", "\0", "\001") "\003\200"),
     PLT_CONVERT_CANNOT, "turned", 0},
    {"which may be taken as they are", &backs, JOB(URF_START URF_PAGE("\010", "\0", "\001") "\003\200" URF_PAGE("\010", "\0", "\001") "\003\200"),
     PLT_CONVERT_DONE, JOB(URF_START URF_PAGE("\010", "\0", "\003") "\003\200" URF_PAGE("\010", "\0", "\003") "\003\200")},
    {"both at once", &both, JOB(URF_START URF_PAGE("\030", "\001", "\001") RED_RGB), PLT_CONVERT_DONE,
     JOB(URF_START URF_PAGE("\010", "\0", "\003") RED_GREY)},
    {"a row that is too long", &grey, JOB(URF_START URF_PAGE("\030", "\001", "\001") "\003\005\377\0\0"), PLT_CONVERT_CANNOT, "longer", 0},
    /* others */
    {"PDF without PJL", &to_long,
     JOB("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj\n"
         "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"),
     PLT_CONVERT_CANNOT, "PJL", 0},
    {"PDF to a printer that reads it", &by_pjl,
     JOB("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj\n"
         "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"),
     PLT_CONVERT_DONE,
     JOB(UEL PJL_LONG "@PJL ENTER LANGUAGE=PDF\r\n%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
                      "2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj\n"
                      "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n" UEL)},
    {"labels", &to_long, JOB("^XA^FO10,10^FDx^FS^XZ"), PLT_CONVERT_CANNOT, "not rewritten", 0},
    {"nothing that is known", &to_long, JOB("\x01\x02\x03 unknown bytes"), PLT_CONVERT_CANNOT, "how many pages", 0},
    {"nothing at all", &grey, "", 0, PLT_CONVERT_SAME, NULL, 0},
    {"nothing that prints", &to_long, JOB("\033E\033E"), PLT_CONVERT_SAME, NULL, 0},
};

static bool keep(void *ctx, const void *data, size_t n)
{
    plt_buf_add(ctx, data, n);
    return true;
}

static plt_convert_answer run(const plt_convert_want *want, const char *job, size_t n, size_t first, size_t step, plt_buf *out)
{
    plt_convert *c;
    plt_convert_answer a;
    plt_buf_clear(out);
    assert_int_equal(plt_convert_begin(&c, want, keep, out), PLT_OK);
    for (size_t at = 0, len; at < n; at += len) {
        len = at ? step : first;
        if (len > n - at) len = n - at;
        plt_convert_feed(c, job + at, len);
    }
    plt_convert_finish(c, &a);
    plt_convert_free(c);
    return a;
}

static void check_bytes(const row *r, const plt_buf *out)
{
    if (out->len == r->made_n && !memcmp(out->data, r->made, r->made_n)) return;
    printf("%s:\n", r->name);
    for (size_t i = 0; i < out->len; i++) printf(out->data[i] >= ' ' && out->data[i] < 127 ? "%c" : "\\x%02X", out->data[i]);
    fail_msg("%s: other bytes came out", r->name);
}

static void jobs_become_what_they_should(void **state)
{
    plt_buf out, again;
    (void)state;
    plt_buf_init(&out, 1 << 20);
    plt_buf_init(&again, 1 << 20);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const row *r = &rows[i];
        plt_convert_answer a = run(r->want, r->job, r->n, r->n, r->n, &out);
        if (a.end != r->end) fail_msg("%s: ends as %d (%s)", r->name, a.end, a.why);
        if (r->end == PLT_CONVERT_CANNOT && !strstr(a.why, r->made)) fail_msg("%s: because %s", r->name, a.why);
        if (r->end != PLT_CONVERT_DONE) continue;
        check_bytes(r, &out);
        a = run(r->want, (const char *)out.data, out.len, out.len, 1, &again);
        if (a.end != PLT_CONVERT_SAME) fail_msg("%s: a second time it ends as %d (%s)", r->name, a.end, a.why);
    }
    plt_buf_free(&out);
    plt_buf_free(&again);
}

static void chunks_change_nothing(void **state)
{
    plt_buf whole, cut;
    (void)state;
    plt_buf_init(&whole, 1 << 20);
    plt_buf_init(&cut, 1 << 20);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const row *r = &rows[i];
        plt_convert_answer a = run(r->want, r->job, r->n, r->n, r->n, &whole);
        for (size_t at = 1; at < r->n; at++) {
            plt_convert_answer b = run(r->want, r->job, r->n, at, at % 7 + 1, &cut);
            bool same = a.end == b.end && !strcmp(a.why, b.why) && whole.len == cut.len && (!cut.len || !memcmp(whole.data, cut.data, cut.len));
            if (!same) fail_msg("%s: another answer when cut at %zu", r->name, at);
        }
    }
    plt_buf_free(&whole);
    plt_buf_free(&cut);
}

static bool full(void *ctx, const void *data, size_t n)
{
    (void)ctx, (void)data, (void)n;
    return false;
}

static void a_full_disk_is_no_success(void **state)
{
    plt_convert *c;
    plt_convert_answer a;
    (void)state;
    assert_int_equal(plt_convert_begin(&c, &to_long, full, NULL), PLT_OK);
    plt_convert_feed(c, JOB("\033Ea\f\033E"));
    plt_convert_finish(c, &a);
    plt_convert_free(c);
    assert_int_equal(a.end, PLT_CONVERT_CANNOT);
    assert_non_null(strstr(a.why, "written"));
}

static void wishes_that_are_none(void **state)
{
    plt_convert *c;
    plt_convert_want none = {0}, third = {.duplex = 3};
    (void)state;
    assert_int_equal(plt_convert_begin(&c, &none, keep, NULL), PLT_BAD);
    assert_int_equal(plt_convert_begin(&c, &third, keep, NULL), PLT_BAD);
    plt_convert_free(NULL);
}

/* A delta row of no bytes repeats the row before: 65,535 rows of 65,535 pixels from 131 kilobytes, again and again. */
static void a_bomb_is_refused(void **state)
{
    static const char head[] = XL_HEAD "\x41\x43\xC0\x02\xF8\x03\x6A\xC0\x00\xF8\x64\xC0\x02\xF8\x62\xC1\xFF\xFF\xF8\x6C\xB0";
    static const char block[] = "\xC1\xFF\xFF\xF8\x63\xC0\x03\xF8\x65\xB1\xFA\xFE\xFF\x01\x00";
    static uint8_t none[131070];
    plt_convert *c;
    plt_convert_answer a;
    plt_buf out;
    (void)state;
    plt_buf_init(&out, 16u << 20);
    assert_int_equal(plt_convert_begin(&c, &grey, keep, &out), PLT_OK);
    plt_convert_feed(c, head, sizeof head - 1);
    plt_convert_feed(c, block, sizeof block - 1);
    plt_convert_feed(c, none, sizeof none);
    plt_convert_finish(c, &a);
    plt_convert_free(c);
    assert_int_equal(a.end, PLT_CONVERT_CANNOT);
    plt_buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(jobs_become_what_they_should), cmocka_unit_test(chunks_change_nothing), cmocka_unit_test(a_full_disk_is_no_success),
        cmocka_unit_test(wishes_that_are_none),         cmocka_unit_test(a_bomb_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
