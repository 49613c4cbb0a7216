/* SPDX-License-Identifier: Apache-2.0 */
/* PDF 1.7 (ISO 32000-1): objects, their cross-reference table, and content streams of text and boxes. It must never write a byte that a text chose
 * outside of a string. */
#include "hub/pdf.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/room.h"
#include "core/util/text.h"

#define PAGE_MAX (1u << 20)
#define FIRST 32     /* the first character with a width */
#define INSTEAD 0xBF /* inverted question mark */
#define FOOT 2800    /* base line of the foot, from below */
#define SIDE 4500    /* left and right margin of the foot */
#define FOOT_SIZE 800
#define OBJECTS_BEFORE 5 /* catalog, pages, info, two fonts */

/* Thousandths of the size, of the characters 32 to 255 in WinAnsiEncoding (from the font metrics of Helvetica and Helvetica-Bold). */
static const uint16_t widths[2][256 - FIRST] = {
    {278, 278,  355, 556, 556, 889,  667, 191,  333,  333, 389, 584, 278, 333, 278, 278, 556,  556, 556, 556,  556, 556,  556, 556, 556,
     556, 278,  278, 584, 584, 584,  556, 1015, 667,  667, 722, 722, 667, 611, 778, 722, 278,  500, 667, 556,  833, 722,  778, 667, 778,
     722, 667,  611, 722, 667, 944,  667, 667,  611,  278, 278, 278, 469, 556, 333, 556, 556,  500, 556, 556,  278, 556,  556, 222, 222,
     500, 222,  833, 556, 556, 556,  556, 333,  500,  278, 556, 500, 722, 500, 500, 500, 334,  260, 334, 584,  278, 556,  350, 222, 556,
     333, 1000, 556, 556, 333, 1000, 667, 333,  1000, 350, 611, 350, 350, 222, 222, 333, 333,  350, 556, 1000, 333, 1000, 500, 333, 944,
     350, 500,  667, 278, 333, 556,  556, 556,  556,  260, 556, 333, 737, 370, 556, 584, 333,  737, 333, 400,  584, 333,  333, 333, 556,
     537, 278,  333, 333, 365, 556,  834, 834,  834,  611, 667, 667, 667, 667, 667, 667, 1000, 722, 667, 667,  667, 667,  278, 278, 278,
     278, 722,  722, 778, 778, 778,  778, 778,  584,  778, 722, 722, 722, 722, 667, 667, 611,  556, 556, 556,  556, 556,  556, 889, 500,
     556, 556,  556, 556, 278, 278,  278, 278,  556,  556, 556, 556, 556, 556, 556, 584, 611,  556, 556, 556,  556, 500,  556, 500},
    {278, 333,  474, 556, 556, 889,  722, 238, 333,  333, 389, 584, 278, 333, 278, 278, 556,  556, 556, 556,  556, 556,  556, 556, 556,
     556, 333,  333, 584, 584, 584,  611, 975, 722,  722, 722, 722, 667, 611, 778, 722, 278,  556, 722, 611,  833, 722,  778, 667, 778,
     722, 667,  611, 722, 667, 944,  667, 667, 611,  333, 278, 333, 584, 556, 333, 556, 611,  556, 611, 556,  333, 611,  611, 278, 278,
     556, 278,  889, 611, 611, 611,  611, 389, 556,  333, 611, 556, 778, 556, 556, 500, 389,  280, 389, 584,  278, 556,  350, 278, 556,
     500, 1000, 556, 556, 333, 1000, 667, 333, 1000, 350, 611, 350, 350, 278, 278, 500, 500,  350, 556, 1000, 333, 1000, 556, 333, 944,
     350, 500,  667, 278, 333, 556,  556, 556, 556,  280, 556, 333, 737, 370, 556, 584, 333,  737, 333, 400,  584, 333,  333, 333, 611,
     556, 278,  333, 333, 365, 556,  834, 834, 834,  611, 722, 722, 722, 722, 722, 722, 1000, 722, 667, 667,  667, 667,  278, 278, 278,
     278, 722,  722, 778, 778, 778,  778, 778, 584,  778, 722, 722, 722, 722, 667, 667, 611,  556, 556, 556,  556, 556,  556, 889, 556,
     556, 556,  556, 556, 278, 278,  278, 278, 611,  611, 611, 611, 611, 611, 611, 584, 611,  611, 611, 611,  611, 556,  611, 556},
};

/* 0x80 to 0x9F of WinAnsiEncoding as Unicode; 0: nothing there. The rest is Latin-1. */
static const uint16_t windows[32] = {0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
                                     0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
                                     0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

/* ---- text ---- */

/* The code point at *s, which moves on; malformed bytes are one character each. */
static uint32_t take_point(const char **s)
{
    const uint8_t *p = (const uint8_t *)*s;
    size_t n = p[0] < 0x80 ? 1 : p[0] >= 0xC2 && p[0] < 0xE0 ? 2 : p[0] >= 0xE0 && p[0] < 0xF0 ? 3 : p[0] >= 0xF0 && p[0] < 0xF5 ? 4 : 1;
    uint32_t point = n == 1 ? p[0] : p[0] & (0x7Fu >> n);
    for (size_t i = 1; i < n; i++) {
        if ((p[i] & 0xC0) != 0x80) {
            *s += i;
            return 0xFFFD;
        }
        point = point << 6 | (p[i] & 0x3F);
    }
    *s += n;
    return n == 1 && point >= 0x80 ? 0xFFFD : point;
}

static uint8_t encode(uint32_t point)
{
    if ((point >= 32 && point < 127) || (point >= 160 && point < 256)) return (uint8_t)point;
    if (point == 0x202F) return 160; /* the narrow space between digits */
    if (point == 0x2212) return '-';
    for (size_t i = 0; i < 32 && point > 255; i++)
        if (windows[i] == point) return (uint8_t)(0x80 + i);
    return INSTEAD;
}

static int width_of(hub_pdf_face face, uint8_t c)
{
    return widths[face][c - FIRST];
}

int hub_pdf_width(hub_pdf_face face, int size, const char *text)
{
    int64_t sum = 0;
    while (*text && sum < 1000000) sum += width_of(face, encode(take_point(&text)));
    return (int)((sum * size + 999) / 1000);
}

void hub_pdf_fit(hub_pdf_face face, int size, int width, const char *text, char *out, size_t out_size)
{
    const char *end = text, *cut = text;
    int64_t room = (int64_t)width * 1000, sum = 0, dots = (int64_t)width_of(face, 0x85) * size;
    bool fits = true;
    while (*end && fits) {
        sum += (int64_t)width_of(face, encode(take_point(&end))) * size;
        fits = sum <= room;
        if (sum + dots <= room) cut = end;
    }
    size_t n = (size_t)((fits ? end : cut) - text);
    if (n >= out_size - 3) {
        n = plt_utf8_cut(text, n, out_size - 4);
        fits = false;
    }
    memcpy(out, text, n);
    out[n] = 0;
    if (!fits) memcpy(out + n, "\xE2\x80\xA6", 4);
}

/* A literal string (7.3.4.2): parentheses and the backslash are escaped, what is not ASCII is octal. */
static void put_string(plt_buf *b, const char *text)
{
    plt_buf_byte(b, '(');
    while (*text) {
        uint8_t c = encode(take_point(&text));
        if (c == '(' || c == ')' || c == '\\')
            plt_buf_printf(b, "\\%c", c);
        else if (c < 127)
            plt_buf_byte(b, c);
        else
            plt_buf_printf(b, "\\%03o", c);
    }
    plt_buf_byte(b, ')');
}

static void put_length(plt_buf *b, int v)
{
    plt_buf_printf(b, "%s%d.%02d ", v < 0 ? "-" : "", abs(v) / 100, abs(v) % 100);
}

/* ---- drawing ---- */

void hub_pdf_init(hub_pdf *p, bool lying, size_t max)
{
    *p = (hub_pdf){.width = lying ? HUB_PDF_LONG : HUB_PDF_SHORT, .height = lying ? HUB_PDF_SHORT : HUB_PDF_LONG, .max = max};
}

void hub_pdf_free(hub_pdf *p)
{
    for (size_t i = 0; i < p->pages; i++) plt_buf_free(&p->page[i]);
    free(p->page);
    memset(p, 0, sizeof *p);
}

void hub_pdf_page(hub_pdf *p)
{
    if (p->pages == HUB_PDF_PAGES) p->status = PLT_FULL;
    if (p->status != PLT_OK) return;
    plt_buf *more = plt_room(p->page, p->pages, &p->cap, sizeof *more);
    if (!more) {
        p->status = PLT_NOMEM;
        return;
    }
    p->page = more;
    plt_buf_init(&p->page[p->pages++], PAGE_MAX);
}

static plt_buf *drawn(hub_pdf *p)
{
    return p->status == PLT_OK && p->pages ? &p->page[p->pages - 1] : NULL;
}

static void put_text(plt_buf *b, const hub_pdf *p, hub_pdf_face face, int size, int x, int y, const char *text)
{
    plt_buf_printf(b, "BT /F%d ", face == HUB_PDF_BOLD ? 2 : 1);
    put_length(b, size);
    plt_buf_text(b, "Tf ");
    put_length(b, x);
    put_length(b, p->height - y);
    plt_buf_text(b, "Td ");
    put_string(b, text);
    plt_buf_text(b, " Tj ET\n");
}

void hub_pdf_text(hub_pdf *p, hub_pdf_face face, int size, int x, int y, const char *text)
{
    plt_buf *b = drawn(p);
    if (b && *text) put_text(b, p, face, size, x, y, text);
}

void hub_pdf_text_to(hub_pdf *p, hub_pdf_face face, int size, int x, int y, const char *text)
{
    hub_pdf_text(p, face, size, x - hub_pdf_width(face, size, text), y, text);
}

static void put_grey(plt_buf *b, int grey)
{
    plt_buf_printf(b, "%d.%02d g\n", grey / 100, grey % 100);
}

void hub_pdf_color(hub_pdf *p, int grey)
{
    plt_buf *b = drawn(p);
    if (b) put_grey(b, grey);
}

void hub_pdf_box(hub_pdf *p, int x, int y, int width, int height, int grey)
{
    plt_buf *b = drawn(p);
    if (!b) return;
    plt_buf_text(b, "q ");
    put_grey(b, grey);
    put_length(b, x);
    put_length(b, p->height - y - height);
    put_length(b, width);
    put_length(b, height);
    plt_buf_text(b, "re f Q\n");
}

/* ---- the file ---- */

typedef struct file {
    plt_buf *out;
    size_t base;     /* of the file in out */
    size_t *at;      /* owned: where each object begins */
    size_t n, count; /* begun, all */
} file;

static void begin_object(file *f)
{
    f->at[f->n++] = f->out->len - f->base;
    plt_buf_printf(f->out, "%zu 0 obj\n", f->n);
}

static void put_font(file *f, const char *name)
{
    begin_object(f);
    plt_buf_printf(f->out, "<< /Type /Font /Subtype /Type1 /BaseFont /%s /Encoding /WinAnsiEncoding >>\nendobj\n", name);
}

static void put_head(file *f, const hub_pdf *p, const hub_pdf_info *info)
{
    char made[PLT_TIME_SIZE];
    plt_time_format(made, info->made); /* "2026-01-31T12:34:56.789Z" */
    plt_buf_text(f->out, "%PDF-1.7\n%\xE2\xE3\xCF\xD3\n");
    begin_object(f);
    plt_buf_text(f->out, "<< /Type /Catalog /Pages 2 0 R /Lang ");
    put_string(f->out, info->language);
    plt_buf_text(f->out, " /ViewerPreferences << /DisplayDocTitle true >> >>\nendobj\n");
    begin_object(f);
    plt_buf_text(f->out, "<< /Type /Pages /Kids [");
    for (size_t i = 0; i < p->pages; i++) plt_buf_printf(f->out, "%zu 0 R ", OBJECTS_BEFORE + 1 + 2 * i);
    plt_buf_printf(f->out, "] /Count %zu >>\nendobj\n", p->pages);
    begin_object(f);
    plt_buf_text(f->out, "<< /Producer (Platen) /Title ");
    put_string(f->out, info->title);
    plt_buf_printf(f->out, " /CreationDate (D:%.4s%.2s%.2s%.2s%.2s%.2sZ) >>\nendobj\n", made, made + 5, made + 8, made + 11, made + 14, made + 17);
    put_font(f, "Helvetica");
    put_font(f, "Helvetica-Bold");
}

static void put_foot(hub_pdf *p, size_t i, const hub_pdf_info *info)
{
    char text[64];
    plt_buf number, *b = &p->page[i];
    plt_buf_init(&number, sizeof text);
    plt_buf_printf(&number, "%s %zu %s %zu", info->page, i + 1, info->pages, p->pages);
    plt_copy(text, sizeof text, plt_buf_str(&number));
    plt_buf_free(&number);
    put_grey(b, 40);
    put_text(b, p, HUB_PDF_PLAIN, FOOT_SIZE, SIDE, p->height - FOOT, info->left);
    put_text(b, p, HUB_PDF_PLAIN, FOOT_SIZE, p->width - SIDE - hub_pdf_width(HUB_PDF_PLAIN, FOOT_SIZE, text), p->height - FOOT, text);
}

static void put_page(file *f, const hub_pdf *p, size_t i)
{
    begin_object(f);
    plt_buf_text(f->out, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ");
    put_length(f->out, p->width);
    put_length(f->out, p->height);
    plt_buf_printf(f->out, "] /Resources << /Font << /F1 4 0 R /F2 5 0 R >> >> /Contents %zu 0 R >>\nendobj\n", f->n + 1);
    begin_object(f);
    plt_buf_printf(f->out, "<< /Length %zu >>\nstream\n", p->page[i].len);
    plt_buf_add(f->out, p->page[i].data, p->page[i].len);
    plt_buf_text(f->out, "endstream\nendobj\n");
}

/* Entries of the table are 20 bytes each (7.5.4). */
static void put_table(file *f)
{
    size_t table = f->out->len - f->base;
    plt_buf_printf(f->out, "xref\n0 %zu\n0000000000 65535 f \n", f->n + 1);
    for (size_t i = 0; i < f->n; i++) plt_buf_printf(f->out, "%010zu 00000 n \n", f->at[i]);
    plt_buf_printf(f->out, "trailer\n<< /Size %zu /Root 1 0 R /Info 3 0 R >>\nstartxref\n%zu\n%%%%EOF\n", f->n + 1, table);
}

plt_status hub_pdf_end(hub_pdf *p, const hub_pdf_info *info, plt_buf *out)
{
    if (p->pages == 0) hub_pdf_page(p);
    if (p->status != PLT_OK) return p->status;
    file f = {.out = out, .base = out->len, .count = OBJECTS_BEFORE + 2 * p->pages};
    f.at = calloc(f.count, sizeof *f.at);
    if (!f.at) return PLT_NOMEM;
    put_head(&f, p, info);
    for (size_t i = 0; i < p->pages && p->status == PLT_OK; i++) {
        put_foot(p, i, info);
        p->status = p->page[i].status;
        put_page(&f, p, i);
        if (out->len - f.base > p->max) p->status = PLT_FULL;
    }
    put_table(&f);
    free(f.at);
    return p->status == PLT_OK ? out->status : p->status;
}
