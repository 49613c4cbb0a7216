/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A chain of stages, each with a small buffer for what it puts out. Stages are as in PLRM 3 section 3.13 and PDF 1.7 section 7.4. A stage
 * that is broken passes nothing on; the first one goes on looking for its end. What expands is counted against the job's budget.
 */
#include "core/pdl/filters.h"

#include <string.h>

#include "core/pdl/inflate.h"

#define OUT_SIZE 4096

#define LZW_CODES 4096
#define LZW_CLEAR 256
#define LZW_END 257

typedef struct lzw {
    uint32_t bits; /* not yet used, `held` of them */
    uint32_t held, width, next;
    int32_t before; /* the code before, or -1 */
    uint16_t prefix[LZW_CODES], length[LZW_CODES];
    uint8_t first[LZW_CODES], last[LZW_CODES];
    uint8_t text[LZW_CODES + 1]; /* one code's */
} lzw;

/* A row is held whole; one of more than this is not decoded. */
#define ROW_MAX (1u << 20)

typedef struct predictor {
    uint32_t row, step; /* bytes of a row, and of a pixel */
    uint32_t at;        /* in this row; a PNG row's tag comes first */
    bool tagged;
    uint8_t tag;
    uint8_t *now, *above;
} predictor;

typedef struct stage {
    plt_filters *chain;
    size_t index;
    plt_filter_spec spec;
    bool ended, broken;
    size_t out_n;
    uint32_t group; /* ASCII85: the value so far; hex: the first digit */
    uint8_t in_group;
    bool tilde;
    uint8_t run;  /* run length: how many bytes are left of it */
    bool repeats; /* the next byte is repeated */
    uint8_t out[OUT_SIZE];
    predictor pred;
    /* kept from chain to chain */
    lzw *lz;
    plt_inflate *z;
} stage;

struct plt_filters {
    plt_pdl_host *host;
    size_t n;
    plt_filter_sink sink;
    void *ctx;
    bool deaf; /* the sink wants no more */
    stage stages[PLT_FILTERS_MAX];
};

static size_t stage_feed(stage *s, const uint8_t *p, size_t n);
static void stage_finish(stage *s);

/* ---- between stages ---- */

/* False when nobody behind stage s wants more. The depth of the calls is that of the chain. */
static bool pass(stage *s, const uint8_t *p, size_t n)
{
    plt_filters *f = s->chain;
    if (f->deaf || s->broken) return false;
    if (s->index + 1 < f->n) {
        stage *next = s + 1;
        if (!next->ended && !next->broken) stage_feed(next, p, n);
        return !next->ended && !next->broken && !f->deaf;
    }
    if (!f->sink || !f->sink(f->ctx, p, n)) f->deaf = true;
    return !f->deaf;
}

static bool flush(stage *s)
{
    size_t n = s->out_n;
    s->out_n = 0;
    return !n || pass(s, s->out, n);
}

static bool put(stage *s, uint8_t c)
{
    s->out[s->out_n++] = c;
    return s->out_n < OUT_SIZE || flush(s);
}

static bool put_bytes(stage *s, const uint8_t *p, size_t n)
{
    while (n) {
        size_t room = OUT_SIZE - s->out_n, step = n < room ? n : room;
        memcpy(s->out + s->out_n, p, step);
        s->out_n += step;
        p += step;
        n -= step;
        if (s->out_n == OUT_SIZE && !flush(s)) return false;
    }
    return true;
}

/* Nobody listens: a first stage need only find its end. */
static bool unheard(const stage *s)
{
    const plt_filters *f = s->chain;
    if (f->deaf || s->broken) return true;
    return s->index + 1 < f->n && (s[1].ended || s[1].broken);
}

/* Can it still find its end in broken data? */
static bool framed(const stage *s)
{
    return s->spec.kind != PLT_FILTER_FLATE && s->spec.kind != PLT_FILTER_LZW;
}

/* What behind it has ended, or is deaf, does not care: only with all earlier bytes passed on does that not depend on the chunks. */
static bool broken(stage *s)
{
    flush(s);
    bool needs_end = !s->index && !framed(s);
    if (needs_end || !unheard(s)) s->broken = true;
    return false;
}

/* ---- ASCII85 and hex ---- */

static bool is_space(uint8_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r') || c == 0;
}

/* n characters of a group make n - 1 bytes. */
static void a85_last(stage *s)
{
    uint32_t v = s->group, n = s->in_group;
    s->in_group = 0;
    if (!n) return;
    if (n == 1) {
        broken(s);
        return;
    }
    for (uint32_t i = n; i < 5; i++) v = v * 85 + 84;
    for (uint32_t i = 0; i + 1 < n; i++) put(s, (uint8_t)(v >> (24 - 8 * i)));
}

static void a85_byte(stage *s, uint8_t c)
{
    if (is_space(c)) return;
    if (s->tilde) {
        s->ended = true;
        if (c != '>') broken(s);
        a85_last(s);
    } else if (c == '~') {
        s->tilde = true;
    } else if (c == 'z' && !s->in_group) {
        static const uint8_t zeros[4];
        put_bytes(s, zeros, 4);
    } else if (c < '!' || c > 'u') {
        broken(s);
    } else {
        s->group = s->in_group ? s->group * 85 + (c - 33u) : c - 33u; /* modulo 2^32: a group beyond it is taken as it comes */
        if (++s->in_group < 5) return;
        s->in_group = 0;
        const uint8_t four[4] = {(uint8_t)(s->group >> 24), (uint8_t)(s->group >> 16), (uint8_t)(s->group >> 8), (uint8_t)s->group};
        put_bytes(s, four, 4);
    }
}

static bool a85_five(const uint8_t *p)
{
    /* '!' is 33 and 'u' 117. */
    return (uint8_t)(p[0] - 33) < 85 && (uint8_t)(p[1] - 33) < 85 && (uint8_t)(p[2] - 33) < 85 && (uint8_t)(p[3] - 33) < 85 &&
           (uint8_t)(p[4] - 33) < 85;
}

/* Whole groups: how many bytes of input they were. */
static size_t a85_groups(stage *s, const uint8_t *p, size_t n)
{
    size_t i = 0, at = s->out_n;
    for (; n - i >= 5 && at + 4 <= OUT_SIZE && a85_five(p + i); i += 5, at += 4) {
        const uint8_t *q = p + i;
        uint32_t v = (((q[0] - 33u) * 85 + (q[1] - 33u)) * 85 + (q[2] - 33u)) * 85 + (q[3] - 33u);
        v = v * 85 + (q[4] - 33u);
        s->out[at] = (uint8_t)(v >> 24);
        s->out[at + 1] = (uint8_t)(v >> 16);
        s->out[at + 2] = (uint8_t)(v >> 8);
        s->out[at + 3] = (uint8_t)v;
    }
    s->out_n = at;
    if (at + 4 > OUT_SIZE) flush(s);
    return i;
}

static size_t to_mark(stage *s, const uint8_t *p, size_t n, uint8_t mark)
{
    const uint8_t *at = memchr(p, mark, n);
    s->in_group = 0;
    s->out_n = 0;
    return at ? (size_t)(at - p) : n;
}

static size_t a85_feed(stage *s, const uint8_t *p, size_t n)
{
    for (size_t i = 0; i < n;) {
        if (!s->tilde && unheard(s)) {
            i += to_mark(s, p + i, n - i, '~');
            if (i == n) return n;
        } else if (!s->tilde && !s->in_group) {
            size_t k = a85_groups(s, p + i, n - i);
            i += k;
            if (k) continue;
        }
        a85_byte(s, p[i++]);
        if (s->ended) return i;
    }
    return n;
}

static int hex_digit(uint8_t c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

static void hex_byte(stage *s, uint8_t c)
{
    int v = hex_digit(c);
    if (v >= 0) {
        if (s->in_group) put(s, (uint8_t)(s->group << 4 | (uint32_t)v));
        s->group = (uint32_t)v;
        s->in_group = !s->in_group;
    } else if (c == '>') {
        s->ended = true;
        if (s->in_group) put(s, (uint8_t)(s->group << 4));
    } else if (!is_space(c)) {
        broken(s);
    }
}

static size_t hex_feed(stage *s, const uint8_t *p, size_t n)
{
    for (size_t i = 0; i < n;) {
        if (unheard(s)) {
            i += to_mark(s, p + i, n - i, '>');
            if (i == n) return n;
        }
        hex_byte(s, p[i++]);
        if (s->ended) return i;
    }
    return n;
}

/* ---- run length ---- */

static bool spent(stage *s, size_t n)
{
    if (plt_pdl_spend(s->chain->host, n)) return true;
    s->broken = true;
    return false;
}

static size_t run_feed(stage *s, const uint8_t *p, size_t n)
{
    uint8_t same[128];
    for (size_t i = 0; i < n;) {
        if (!s->run) {
            uint8_t c = p[i++];
            if (c == 128) {
                s->ended = true;
                return i;
            }
            s->repeats = c > 128;
            s->run = s->repeats ? (uint8_t)(257 - c) : (uint8_t)(c + 1);
        } else if (s->repeats) {
            memset(same, p[i++], s->run);
            if (!unheard(s) && spent(s, s->run)) put_bytes(s, same, s->run);
            s->run = 0;
        } else {
            size_t step = n - i < s->run ? n - i : s->run;
            if (!unheard(s) && spent(s, step)) put_bytes(s, p + i, step);
            i += step;
            s->run = (uint8_t)(s->run - step);
        }
    }
    return n;
}

/* ---- LZW ---- */

static void lzw_clear(lzw *z)
{
    z->width = 9;
    z->next = LZW_END + 1;
    z->before = -1;
}

static void lzw_begin(lzw *z)
{
    z->bits = z->held = 0;
    lzw_clear(z);
    for (uint32_t i = 0; i < 256; i++) {
        z->length[i] = 1;
        z->first[i] = z->last[i] = (uint8_t)i;
    }
}

static void lzw_add(lzw *z, uint32_t before, uint8_t last)
{
    z->prefix[z->next] = (uint16_t)before;
    z->length[z->next] = (uint16_t)(z->length[before] + 1);
    z->first[z->next] = z->first[before];
    z->last[z->next] = last;
    z->next++;
}

static bool lzw_put(stage *s, uint32_t code)
{
    lzw *z = s->lz;
    uint32_t n = z->length[code];
    for (uint32_t i = n; i--; code = z->prefix[code]) z->text[i] = z->last[code];
    return spent(s, n) && put_bytes(s, z->text, n);
}

static void lzw_code(stage *s, uint32_t code)
{
    lzw *z = s->lz;
    if (code == LZW_CLEAR) {
        lzw_clear(z);
        return;
    }
    if (code == LZW_END) {
        s->ended = true;
        return;
    }
    bool known = code < 256 || (code > LZW_END && code < z->next);
    if (z->before >= 0 && z->next < LZW_CODES && (known || code == z->next)) {
        uint32_t before = (uint32_t)z->before;
        lzw_add(z, before, known ? z->first[code] : z->first[before]);
    } else if (!known) {
        broken(s);
        return;
    }
    lzw_put(s, code);
    z->before = (int32_t)code;
    if (z->next + !s->spec.late >= 1u << z->width && z->width < 12) z->width++;
}

static size_t lzw_feed(stage *s, const uint8_t *p, size_t n)
{
    lzw *z = s->lz;
    for (size_t i = 0; i < n;) {
        z->bits = z->bits << 8 | p[i++];
        z->held += 8;
        if (z->held < z->width) continue;
        z->held -= z->width;
        lzw_code(s, z->bits >> z->held & ((1u << z->width) - 1));
        z->bits &= (1u << z->held) - 1;
        if (s->ended || s->broken) return i;
    }
    return n;
}

/* ---- flate ---- */

static bool flate_sink(void *ctx, const uint8_t *p, size_t n)
{
    stage *s = ctx;
    pass(s, p, n);
    return true; /* a first stage must find its end all the same */
}

static size_t flate_feed(stage *s, const uint8_t *p, size_t n)
{
    size_t took;
    plt_inflate_status status = plt_inflate_feed(s->z, p, n, &took, flate_sink, s);
    if (status == PLT_INFLATE_END) s->ended = true;
    if (status == PLT_INFLATE_BAD) broken(s);
    return took;
}

/* ---- predictors ---- */

static bool predictor_begin(stage *s)
{
    plt_filter_spec *d = &s->spec;
    predictor *p = &s->pred;
    if (!d->colors) d->colors = 1;
    if (!d->bits) d->bits = 8;
    if (!d->columns) d->columns = 1;
    if (d->colors > 32 || d->bits > 16 || d->columns > ROW_MAX * 8) return false;
    if (d->predictor == 2 && d->bits != 8) return false;
    uint64_t bits = (uint64_t)d->colors * d->bits * d->columns;
    if (bits > (uint64_t)ROW_MAX * 8) return false;
    p->row = (uint32_t)((bits + 7) / 8);
    p->step = (d->colors * d->bits + 7) / 8;
    p->at = 0;
    p->tagged = d->predictor >= 10;
    uint8_t *now = plt_pdl_resize(s->chain->host, p->now, p->row);
    if (now) p->now = now;
    uint8_t *above = plt_pdl_resize(s->chain->host, p->above, p->row);
    if (above) p->above = above;
    if (!now || !above) return false;
    memset(p->above, 0, p->row);
    return true;
}

static uint8_t paeth(int a, int b, int c)
{
    int pa = b - c, pb = a - c, pc = pa + pb;
    if (pa < 0) pa = -pa;
    if (pb < 0) pb = -pb;
    if (pc < 0) pc = -pc;
    return (uint8_t)(pa <= pb && pa <= pc ? a : pb <= pc ? b : c);
}

/* PNG (RFC 2083) section 6: None, Sub, Up, Average, Paeth; over n bytes of a row. */
static void png_row(predictor *p, uint32_t n)
{
    uint8_t *now = p->now;
    const uint8_t *up = p->above;
    for (uint32_t i = 0; i < n && p->tag; i++) {
        int a = i >= p->step ? now[i - p->step] : 0, c = i >= p->step ? up[i - p->step] : 0, guess = 0;
        switch (p->tag) {
        case 1: guess = a; break;
        case 2: guess = up[i]; break;
        case 3: guess = (a + up[i]) / 2; break;
        case 4: guess = paeth(a, up[i], c); break;
        default: break;
        }
        now[i] = (uint8_t)(now[i] + guess);
    }
}

static bool row_end(stage *s)
{
    predictor *p = &s->pred;
    uint32_t n = p->at;
    p->at = 0;
    if (p->tagged) {
        if (!n) return true;
        png_row(p, --n);
    } else if (s->spec.predictor == 2) {
        for (uint32_t i = p->step; i < n; i++) p->now[i] = (uint8_t)(p->now[i] + p->now[i - p->step]);
    }
    bool more = put_bytes(s, p->now, n);
    uint8_t *t = p->above;
    p->above = p->now;
    p->now = t;
    return more;
}

static size_t predictor_feed(stage *s, const uint8_t *in, size_t n)
{
    predictor *p = &s->pred;
    for (size_t i = 0; i < n;) {
        if (p->tagged && !p->at) {
            p->tag = in[i++];
            p->at = 1;
            if (p->tag > 4) broken(s);
            continue;
        }
        uint32_t full = p->row + p->tagged, left = full - p->at;
        size_t step = n - i < left ? n - i : left;
        memcpy(p->now + p->at - p->tagged, in + i, step);
        p->at += (uint32_t)step;
        i += step;
        if (p->at == full && !row_end(s)) return n;
    }
    return n;
}

/* ---- stages ---- */

static bool stage_begin(stage *s, const plt_filter_spec *spec)
{
    plt_pdl_host *h = s->chain->host;
    s->spec = *spec;
    s->ended = s->broken = s->tilde = s->repeats = false;
    s->out_n = 0;
    s->group = 0;
    s->in_group = s->run = 0;
    switch (spec->kind) {
    case PLT_FILTER_LZW:
        if (!s->lz) s->lz = plt_pdl_alloc(h, sizeof *s->lz);
        if (s->lz) lzw_begin(s->lz);
        return s->lz != NULL;
    case PLT_FILTER_FLATE:
        if (s->z)
            plt_inflate_reset(s->z, PLT_ZLIB);
        else
            s->z = plt_inflate_make(h, PLT_ZLIB);
        return s->z != NULL;
    case PLT_FILTER_PREDICTOR: return predictor_begin(s);
    default: return true;
    }
}

static size_t stage_feed(stage *s, const uint8_t *p, size_t n)
{
    size_t took = n;
    switch (s->spec.kind) {
    case PLT_FILTER_ASCII85: took = a85_feed(s, p, n); break;
    case PLT_FILTER_HEX: took = hex_feed(s, p, n); break;
    case PLT_FILTER_RUNLENGTH: took = run_feed(s, p, n); break;
    case PLT_FILTER_LZW: took = lzw_feed(s, p, n); break;
    case PLT_FILTER_FLATE: took = flate_feed(s, p, n); break;
    case PLT_FILTER_PREDICTOR: took = predictor_feed(s, p, n); break;
    }
    flush(s);
    if (s->ended) stage_finish(s);
    return took;
}

/* The stage's input has ended: what it and those behind it hold goes out. */
static void stage_finish(stage *s)
{
    for (;; s++) {
        if (!s->ended && s->spec.kind == PLT_FILTER_ASCII85) a85_last(s);
        if (!s->ended && s->spec.kind == PLT_FILTER_HEX && s->in_group) put(s, (uint8_t)(s->group << 4));
        if (s->spec.kind == PLT_FILTER_PREDICTOR && s->pred.at) row_end(s);
        s->ended = true;
        flush(s);
        if (s->index + 1 >= s->chain->n || s[1].ended) return;
    }
}

/* ---- the chain ---- */

plt_filters *plt_filters_make(plt_pdl_host *h)
{
    plt_filters *f = plt_pdl_alloc(h, sizeof *f);
    if (!f) return NULL;
    f->host = h;
    for (size_t i = 0; i < PLT_FILTERS_MAX; i++) {
        f->stages[i].chain = f;
        f->stages[i].index = i;
    }
    return f;
}

bool plt_filters_begin(plt_filters *f, const plt_filter_spec *specs, size_t n, plt_filter_sink sink, void *ctx)
{
    f->n = 0;
    f->sink = sink;
    f->ctx = ctx;
    f->deaf = !sink;
    if (n > PLT_FILTERS_MAX) return false;
    for (size_t i = 0; i < n; i++)
        if (!stage_begin(&f->stages[i], &specs[i])) return false;
    f->n = n;
    return true;
}

plt_filter_status plt_filters_feed(plt_filters *f, const uint8_t *p, size_t n, size_t *took)
{
    stage *s = f->stages;
    *took = n;
    if (!f->n) {
        if (!f->deaf && !f->sink(f->ctx, p, n)) f->deaf = true;
        return PLT_FILTER_MORE;
    }
    if (s->ended) {
        *took = 0;
        return PLT_FILTER_END;
    }
    *took = s->broken && !framed(s) ? 0 : stage_feed(s, p, n);
    if (s->ended) return PLT_FILTER_END;
    return s->broken && !framed(s) ? PLT_FILTER_BAD : PLT_FILTER_MORE;
}

void plt_filters_end(plt_filters *f)
{
    if (f->n && !f->stages[0].ended) stage_finish(f->stages);
}

bool plt_filters_broken(const plt_filters *f)
{
    for (size_t i = 0; i < f->n; i++)
        if (f->stages[i].broken) return true;
    return false;
}
