/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The frame of a PDF file (ISO 32000-1 section 7.5) in one forward pass: objects, streams and trailers as they come, whatever a
 * cross-reference table says of them. A stream is taken by its length, so that what is embedded in it is never taken for objects; without a
 * length it ends at "endstream". Nothing is counted here: that is pdf_pages.c's, with the job's last byte.
 */
#include "core/pdl/pdf.h"

#include <string.h>

#define ENTRY 20 /* of a table of objects */

enum { TOKENS, STREAM_EOL, STREAM_LF, COUNTED, SCAN };

static void begin(void *state, plt_pdl_host *h)
{
    pdf *f = state;
    f->host = h;
    f->ticket.duplex = PLT_UNSAID;
    pdf_names_begin(&f->names);
    pdf_lex_begin(&f->lex, true);
    f->build = (pdf_build){.host = h, .names = &f->names, .most = PDF_OBJECT_MAX};
    plt_pdl_touch(h);
}

static void damage(pdf *f, const char *what)
{
    if (!f->damage) f->damage = what;
}

/* ---- objects ---- */

void pdf_object(pdf *f, uint32_t num, pdf_val v)
{
    uint32_t type = pdf_name_of(pdf_get(v, PDF_N_Type));
    if (f->at_end && pdf_store_get(f, num).kind != PDF_R_NONE) {
        damage(f, "an encrypted file was changed: which of two objects counts is not known");
        return;
    }
    if (type == PDF_N_Catalog) f->catalog = num;
    if (type == PDF_N_Page) f->leaves++;
    pdf_store_value(f, num, v);
}

static void first_id(pdf_trailer *t, pdf_val id)
{
    size_t n;
    const uint8_t *s = pdf_string(pdf_at(id, 0), &n);
    if (!s) return;
    t->id_n = n < sizeof t->id ? n : sizeof t->id;
    memcpy(t->id, s, t->id_n);
}

void pdf_trailer_set(pdf *f, pdf_val dict)
{
    pdf_trailer *t = &f->trailer;
    pdf_val root = pdf_get(dict, PDF_N_Root), encrypt = pdf_get(dict, PDF_N_Encrypt);
    if (!pdf_is(root, PDF_V_REF)) return;
    t->seen = true;
    t->root = pdf_ref(root);
    if (pdf_ref(pdf_get(dict, PDF_N_Info))) t->info = pdf_ref(pdf_get(dict, PDF_N_Info));
    first_id(t, pdf_follow(f, pdf_get(dict, PDF_N_ID)));
    if (pdf_is(encrypt, PDF_V_DICT)) {
        t->encrypt = PDF_NUMBER_MAX;
        pdf_store_value(f, t->encrypt, encrypt);
    } else if (pdf_is(encrypt, PDF_V_REF)) {
        t->encrypt = pdf_ref(encrypt);
    }
}

static void object_begin(pdf *f, bool trailer)
{
    f->in_object = true;
    f->in_trailer = trailer;
    f->streamed = false;
    f->lex.flat = false;
    f->eof = false;
    pdf_build_begin(&f->build, trailer ? PDF_KEEP_PAGES : pdf_keep_now(f));
}

static void object_leave(pdf *f)
{
    f->in_object = f->in_trailer = false;
    f->lex.flat = true;
    f->nums_n = 0;
}

static void object_end(pdf *f)
{
    if (f->streamed) {
        object_leave(f);
        return;
    }
    pdf_build_end(&f->build);
    if (f->build.lost) f->store.dropped = true;
    if (f->in_trailer)
        pdf_trailer_set(f, pdf_build_value(&f->build));
    else
        pdf_object(f, f->num, pdf_build_value(&f->build));
    object_leave(f);
}

/* "12 0 obj": false when these are no object's numbers. */
static bool header(pdf *f, const double nums[2])
{
    if (nums[0] < 0 || nums[0] > UINT32_MAX || nums[1] < 0 || nums[1] > UINT32_MAX) return false;
    f->num = (uint32_t)nums[0];
    f->gen = (uint32_t)nums[1];
    f->objects++;
    object_begin(f, false);
    return true;
}

/* ---- streams ---- */

static void stream_begin(pdf *f)
{
    pdf_val dict = pdf_build_value(&f->build);
    pdf_val length = pdf_get(dict, PDF_N_Length);
    int64_t n = pdf_int(pdf_follow(f, length), -1);
    if (!pdf_is(dict, PDF_V_DICT)) return;
    f->counted = n >= 0;
    f->left = n >= 0 ? (uint64_t)n : 0;
    f->mode = STREAM_EOL;
    f->match = 0;
    f->cr = f->lf = false;
    f->word = "endstream";
    if (pdf_name_of(pdf_get(dict, PDF_N_Type)) == PDF_N_XRef) pdf_trailer_set(f, dict);
    pdf_stream_begin(f, f->num, f->gen, dict);
}

/* Behind the word "stream": CR LF or LF (section 7.3.8.1); some writers put a CR alone, or blanks before it. */
static void stream_eol(pdf *f, const uint8_t **at)
{
    uint8_t c = **at;
    bool space = c == ' ' && f->mode == STREAM_EOL, cr = c == '\r' && f->mode == STREAM_EOL;
    if (space || cr || c == '\n') (*at)++;
    if (space) return;
    f->mode = cr ? STREAM_LF : f->counted ? COUNTED : SCAN;
}

/* Behind the length only blanks are expected, which are none of the data. */
static size_t blanks(pdf *f, const uint8_t *p, size_t n)
{
    size_t i = 0;
    while (f->counted && i < n && pdf_is_space(p[i])) i++;
    if (f->counted && i < n) {
        damage(f, "a stream's length is wrong");
        f->counted = false;
    }
    return i;
}

/* Bytes of a stream without a length. The line end before "endstream" is none of the data: one that comes last waits for what follows. */
static void stream_bytes(pdf *f, const uint8_t *p, size_t n)
{
    static const uint8_t eol[2] = {'\r', '\n'};
    size_t skip = blanks(f, p, n), k;
    p += skip;
    n -= skip;
    if (!n) return;
    k = p[n - 1] == '\n' ? 1 + (n > 1 && p[n - 2] == '\r') : p[n - 1] == '\r';
    bool crlf = f->cr && !f->lf && n == 1 && k == 1 && *p == '\n';
    if (!crlf && !pdf_stream_idle(f)) {
        if (f->cr + f->lf) pdf_stream_feed(f, eol + !f->cr, (size_t)f->cr + f->lf);
        if (n > k) pdf_stream_feed(f, p, n - k);
    }
    f->cr = crlf || (k && p[n - k] == '\r');
    f->lf = k && p[n - 1] == '\n';
}

static void counted(pdf *f, const uint8_t **at, const uint8_t *end)
{
    size_t n = (uint64_t)(end - *at) < f->left ? (size_t)(end - *at) : (size_t)f->left;
    if (n && !pdf_stream_idle(f)) pdf_stream_feed(f, *at, n);
    *at += n;
    f->left -= n;
    if (!f->left) f->mode = SCAN;
}

static void stream_end(pdf *f, bool object_too)
{
    pdf_stream_end(f);
    f->mode = TOKENS;
    pdf_lex_begin(&f->lex, false);
    pdf_build_begin(&f->build, PDF_KEEP_PAGES); /* the dictionary is used up */
    f->streamed = true;
    if (object_too) object_leave(f);
}

/* Looks for "endstream"; once a length proved wrong, "endobj" will do: the length may have led into the next object. */
static void scan(pdf *f, const uint8_t **at, const uint8_t *end)
{
    const uint8_t *p = *at;
    while (p < end) {
        if (!f->match) {
            const uint8_t *e = memchr(p, 'e', (size_t)(end - p));
            stream_bytes(f, p, (size_t)((e ? e : end) - p));
            p = e ? e : end;
            if (!e) break;
        }
        if (f->match == 3 && *p == 'o' && f->damage) f->word = "endobj";
        if (*p == (uint8_t)f->word[f->match]) {
            p++;
            if (f->word[++f->match]) continue;
            *at = p;
            stream_end(f, f->word[3] == 'o');
            return;
        }
        /* "endstre" ends with what it begins with. */
        uint8_t again = f->match == 7;
        stream_bytes(f, (const uint8_t *)f->word, f->match - again);
        f->match = again;
        f->word = "endstream";
    }
    *at = end;
}

/* ---- tokens ---- */

static void comment(pdf *f)
{
    pdf_lex *l = &f->lex;
    l->text[l->len < PDF_TEXT ? l->len : PDF_TEXT - 1] = 0;
    const char *line = (const char *)l->text;
    if (!strncmp(line, "%EOF", 4)) {
        f->eof = true;
    } else if (!strncmp(line, "PDF-", 4) && !f->in_object) {
        if (f->headers++ && f->objects) damage(f, "several documents follow each other");
        if (f->headers > 1 && f->objects)
            plt_pdl_doubt(f->host, PLT_ON_PAGES, PLT_CONF_UNKNOWN, "several PDF documents follow each other in one job");
    } else if (!f->in_object) {
        pdf_ticket_line(f, line);
    }
}

static void between(pdf *f)
{
    pdf_lex *l = &f->lex;
    if (l->kind == PDF_NUMBER) {
        if (f->nums_n == 2) f->nums[0] = f->nums[1], f->nums_n = 1;
        f->nums[f->nums_n++] = l->integer ? l->number : -1;
        return;
    }
    bool two = f->nums_n == 2;
    f->nums_n = 0;
    f->in_table = pdf_lex_is(l, "xref") || (f->in_table && l->kind == PDF_WORD && l->len == 1); /* n, f */
    if (pdf_lex_is(l, "trailer"))
        object_begin(f, true);
    else if (two && pdf_lex_is(l, "obj"))
        header(f, f->nums);
}

static void inside(pdf *f)
{
    pdf_lex *l = &f->lex;
    pdf_build *b = &f->build;
    if (l->kind == PDF_WORD && l->len >= 3) {
        if (pdf_lex_is(l, "endobj")) {
            object_end(f);
            return;
        }
        if (pdf_lex_is(l, "stream") && !f->in_trailer) {
            stream_begin(f);
            return;
        }
        if (pdf_lex_is(l, "obj") && b->ints_n == 2 && b->whole[0] && b->whole[1]) {
            double nums[2] = {b->ints[0], b->ints[1]}; /* the end of the object before is missing */
            b->ints_n = 0;
            if (!b->complete) damage(f, "an object does not end");
            object_end(f);
            header(f, nums);
            return;
        }
    }
    pdf_build_token(b, l);
    if (f->in_trailer && b->complete) object_end(f);
}

/* "0000000016 00000 n", with two bytes of white space behind it. */
static bool is_entry(const uint8_t *p)
{
    for (size_t i = 0; i < 16; i++)
        if (i == 10 ? p[i] != ' ' : (uint8_t)(p[i] - '0') > 9) return false;
    return p[16] == ' ' && (p[17] == 'n' || p[17] == 'f') && pdf_is_space(p[18]) && pdf_is_space(p[19]);
}

/* A table of where the objects are, which nobody needs who has seen them: it is passed over, and comes to nothing as tokens too. */
static void entries(pdf *f, const uint8_t **at, const uint8_t *end)
{
    const uint8_t *p = *at;
    while (p < end && pdf_is_space(*p)) p++;
    if (end - p < ENTRY || !is_entry(p)) return;
    while (end - p >= ENTRY && is_entry(p)) p += ENTRY;
    f->nums_n = 0;
    *at = p;
}

/* True at a UEL. */
static bool token(pdf *f)
{
    if (f->lex.kind == PDF_UEL) return true;
    if (!f->headers && f->lex.kind != PDF_COMMENT) damage(f, "other data stand before the PDF header");
    if (f->lex.kind == PDF_COMMENT)
        comment(f);
    else if (f->in_object)
        inside(f);
    else
        between(f);
    return false;
}

static size_t feed(void *state, const uint8_t *p, size_t n, plt_feed_end *how)
{
    pdf *f = state;
    const uint8_t *at = p, *end = p + n;
    while (at < end) {
        switch (f->mode) {
        case TOKENS:
            if (f->in_table && pdf_lex_idle(&f->lex)) entries(f, &at, end);
            if (pdf_lex_next(&f->lex, &at, end) && token(f)) {
                *how = PLT_FEED_UEL;
                return (size_t)(at - p);
            }
            break;
        case STREAM_EOL:
        case STREAM_LF: stream_eol(f, &at); break;
        case COUNTED: counted(f, &at, end); break;
        default: scan(f, &at, end); break;
        }
    }
    return n;
}

static void end(void *state)
{
    pdf *f = state;
    if (f->mode == TOKENS && pdf_lex_last(&f->lex)) token(f);
    if (f->mode != TOKENS) {
        damage(f, "the job ends inside a stream");
        pdf_stream_end(f);
    } else if (f->in_object) {
        damage(f, "the job ends inside an object");
    }
    pdf_held_run(f);
    pdf_pages(f);
}

/* At the start; or behind up to 1 KB of other data, as Acrobat takes it, once no other language has claimed the job. */
static plt_probe probe(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last)
{
    static const char magic[] = "%PDF-";
    const size_t m = sizeof magic - 1;
    (void)env;
    size_t i = 0;
    while (i < n && pdf_is_space(p[i])) i++;
    if (n - i >= m && !memcmp(p + i, magic, m)) return PLT_PROBE_YES;
    while (last && i + m <= n) {
        const uint8_t *at = memchr(p + i, magic[0], n - i - (m - 1));
        if (!at) break;
        if (!memcmp(at, magic, m)) return PLT_PROBE_YES;
        i = (size_t)(at - p) + 1;
    }
    return last ? PLT_PROBE_NO : PLT_PROBE_MORE;
}

const plt_pdl_lang plt_pdl_pdf = {"PDF", sizeof(pdf), probe, begin, feed, end};
