/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Dye-sublimation photo printers (known by what gutenprint's driver writes): each maker's jobs are rows of records with a fixed beginning, whose
 * heads tell how many bytes of picture follow and, with some, how many prints are made of it. A table a maker says what its records look like, and
 * which of them completes a page. Pictures are passed over by their lengths, so colour and blank pages stay unknown; a record that is not in the
 * table ends the counting, as its length is not known either.
 */
#include <string.h>

#include "core/pdl/items.h"

#define SIDE_MAX 16384u /* dots, in heads that are believed */
#define DATA_MAX (1u << 30)
#define PLANES 3

typedef enum number_kind { LITTLE, BIG, DIGITS } number_kind;

typedef struct number {
    uint8_t at, n; /* n bytes; 0: no number */
    number_kind kind;
} number;

typedef enum role {
    SETTING,
    IMAGE, /* there is something to print */
    PLANE, /* the third one completes a page */
    START, /* of a page that planes complete; the length of each may stand here */
    PAGE,  /* completes a page, with the data that it carries itself */
} role;

typedef struct record {
    const char *start;
    uint8_t start_n, look; /* bytes that are looked at: all of the head, at least */
    role role;
    number length, height; /* of the data: one number, or width and height */
    uint16_t more;
    uint8_t times; /* the data are so many times as long, and so many bytes longer; times 0: once */
    number copies;
    uint8_t inside; /* bytes of `look` that the length counts */
    bool kept;      /* START: the length is that of each plane; PLANE: it was told by START */
} record;

typedef struct sign {
    uint8_t at, n;
    const char *bytes;
} sign;

typedef struct dialect {
    const char *name;
    sign signs[2]; /* of its first record */
    const record *records;
    uint8_t count;
} dialect;

/* A record that begins with these bytes and has a head of so many; a sign. */
#define R(bytes, head, ...) {.start = bytes, .start_n = sizeof(bytes) - 1, .look = head, __VA_ARGS__}
#define SIGN(where, text) {.at = where, .n = sizeof(text) - 1, .bytes = text}
#define LE(where, size) {.at = where, .n = size, .kind = LITTLE}
#define BE(where, size) {.at = where, .n = size, .kind = BIG}
#define DEC(where, size) {.at = where, .n = size, .kind = DIGITS}

/* DNP and Citizen: ESC P, a class, a command, eight digits that count the data. */
static const record dnp[] = {
    R("\033PCNTRL QTY ", 40, .length = DEC(24, 8), .inside = 8, .copies = DEC(32, 7)),
    R("\033PCNTRL START ", 32, .role = PAGE, .length = DEC(24, 8)),
    R("\033PIMAGE YPLANE ", 32, .role = IMAGE, .length = DEC(24, 8)),
    R("\033P", 32, .length = DEC(24, 8)),
};

static const record hiti[] = {R("GPHT4\0\0\0", 52, .role = PAGE, .length = LE(48, 4), .copies = LE(28, 4))};

/* Behind each picture stand four bytes more. */
static const record sinfonia[] = {
    R("\020\0\0\0", 116, .role = PAGE, .length = LE(52, 4), .height = LE(56, 4), .times = 3, .more = 4, .copies = LE(60, 4))};

static const record kodak_chc[] = {R("\003\033CHC\012", 17, .role = PAGE, .length = BE(10, 2), .height = BE(12, 2), .times = 3, .copies = BE(8, 2))};

/* The third byte counts what follows the fourth; the copies are the sixth byte, or the seventh behind a zero. */
#define KODAK(bytes, head, copies_at) R(bytes, head, .role = PAGE, .length = LE(7, 2), .height = LE(9, 2), .times = 3, .copies = LE(copies_at, 1))
static const record kodak[] = {
    KODAK("\001@\012\0\1\0", 14, 6),
    KODAK("\001@\012\0", 14, 5),
    KODAK("\001@\022\0", 22, 5),
    KODAK("\001@\034\0", 32, 5),
};

static const record kodak_1400[] = {R("PGHD", 36, .role = PAGE, .length = LE(12, 4), .times = 3)};

/* Canon's SELPHY: a record a page with the picture's size; before, planes with a length each, which some printers have in the page's head. */
static const record selphy[] = {R("\017\0\0@", 32, .role = PAGE, .length = LE(24, 4), .height = LE(28, 4), .times = 3)};
static const record selphy_planes[] = {R("@\0", 12, .role = START), R("@\1", 12, .role = PLANE, .length = LE(4, 4))};
static const record selphy_es[] = {R("@\0", 16, .role = START, .length = LE(12, 4), .kept = true), R("@\1", 12, .role = PLANE, .kept = true),
                                   R("@ ", 12, .role = SETTING)};
static const record kodak_dock[] = {R("0\0", 12, .role = START), R("0\1", 12, .role = PLANE, .length = LE(4, 4))};

/* Mitsubishi: records of settings whose fourth byte counts what follows; pictures in planes or dot by dot; ESC P prints. */
#define MITSUBISHI(bytes, repeated) R(bytes, 12, .role = IMAGE, .length = BE(8, 2), .height = BE(10, 2), .times = repeated)
static const record mitsubishi[] = {
    R("\033W!", 30, .length = LE(3, 1), .inside = 26, .copies = BE(28, 2)),
    R("\033W", 4, .length = LE(3, 1)),
    MITSUBISHI("\033ZT\200", 3),
    MITSUBISHI("\033ZT\0", 1),
    R("\033P", 4, .role = PAGE),
};
static const record mitsubishi_mono[] = {
    R("\033W!", 14, .length = LE(3, 1), .inside = 10, .copies = LE(13, 1)),
    R("\033W", 4, .length = LE(3, 1)),
    MITSUBISHI("\033Zt", 1),
    R("\033P", 2, .role = PAGE),
    R("\033Q", 2, .role = SETTING),
    R("\033X", 2, .role = SETTING), /* and a text */
};

/* The later ones: heads of 512 bytes, and the picture with the page's second one. */
#define MITSUBISHI_512(bytes, head, width_at)                                                                                                        \
    R(bytes, head, .role = PAGE, .length = BE(width_at, 2), .height = BE(width_at + 2, 2), .times = 3, .more = 512 - (head))
static const record mitsubishi_d70[] = {R("\033EWU", 4, .more = 508), MITSUBISHI_512("\033ZT", 20, 16)};
static const record mitsubishi_d90[] = {R("\033SP0", 4, .more = 508), MITSUBISHI_512("\033ZT\1", 14, 10), R("\033BQ1", 6, .role = SETTING)};

/* Olympus, and older Mitsubishi and Kodak: commands of 64 bytes each, pictures filled up to as many by zeros. */
#define BLOCK_PICTURE(bytes, width_at, repeated)                                                                                                     \
    R(bytes, 64, .role = IMAGE, .length = BE(width_at, 2), .height = BE(width_at + 2, 2), .times = repeated)
#define BLOCK_PLANE(bytes) R(bytes, 64, .length = BE(7, 2), .height = BE(9, 2))
static const record blocks[] = {
    BLOCK_PICTURE("\033ZT", 7, 3),      BLOCK_PICTURE("\033Z1", 7, 1), BLOCK_PICTURE("\033Z2", 7, 1),  BLOCK_PICTURE("\033Z3", 7, 1),
    R("\033N", 64, .copies = LE(2, 1)), R("\033P", 64, .role = PAGE),  R("\033", 64, .role = SETTING),
};
static const record olympus_p400[] = {
    BLOCK_PLANE("\033Z1"),          BLOCK_PLANE("\033Z2"),         BLOCK_PLANE("\033Z3"),
    R("\033ZQ", 64, .role = START), R("\033P", 64, .role = PLANE), R("\033", 64, .role = SETTING),
};
static const record olympus_ps100[] = {
    BLOCK_PICTURE("\033ZT", 8, 3),
    R("\033P", 64, .role = PAGE),
    R("0.", 64, .copies = BE(14, 2)),
    R("\033", 64, .role = SETTING),
};

/* Fujifilm's ASK and its kin, with Sony's commands: a byte counts the data, and four bytes those of the picture. */
static const record fujifilm[] = {
    R("\033\356", 9, .length = LE(5, 1), .inside = 2, .copies = BE(7, 2)),
    R("\033\352", 10, .role = IMAGE, .length = BE(6, 4)),
    R("\033\012", 7, .role = PAGE),
    R("\033#", 7, .length = LE(5, 1)),
    R("\033\036", 7, .length = LE(5, 1)),
    R("\033\341", 7, .length = LE(5, 1)),
    R("\033\025", 7, .length = LE(5, 1)),
};

#define DIALECT(word, list, ...)                                                                                                                     \
    {                                                                                                                                                \
        .name = word, .records = list, .count = sizeof list / sizeof list[0], .signs = { __VA_ARGS__ }                                               \
    }
static const dialect dialects[] = {
    DIALECT("DNP", dnp, SIGN(0, "\033PCNTRL ")),
    DIALECT("DNP", dnp, SIGN(0, "\033PIMAGE ")),
    DIALECT("HiTi", hiti, SIGN(0, "GPHT4\0\0\0")),
    DIALECT("Sinfonia", sinfonia, SIGN(0, "\020\0\0\0"), SIGN(12, "\1\0\0\0d\0\0\0")),
    DIALECT("Kodak-photo", kodak_chc, SIGN(0, "\003\033CHC\012")),
    DIALECT("Kodak-photo", kodak, SIGN(0, "\001@")),
    DIALECT("Kodak-photo", kodak_1400, SIGN(0, "PGHD")),
    DIALECT("Kodak-photo", kodak_dock, SIGN(0, "0\0"), SIGN(12, "0\1")),
    DIALECT("SELPHY", selphy, SIGN(0, "\017\0\0@\0\0\0\0\0\0\0\0\0\0")),
    DIALECT("SELPHY", selphy_planes, SIGN(0, "@"), SIGN(12, "@\1")),
    DIALECT("SELPHY", selphy_es, SIGN(0, "@"), SIGN(16, "@\1")),
    DIALECT("Mitsubishi-photo", mitsubishi, SIGN(0, "\033W .\0")),
    DIALECT("Mitsubishi-photo", mitsubishi, SIGN(0, "\033W!.\0")),
    DIALECT("Mitsubishi-photo", mitsubishi_mono, SIGN(0, "\033Q\033W")),
    DIALECT("Mitsubishi-photo", mitsubishi_d70, SIGN(0, "\033EWU\0")),
    DIALECT("Mitsubishi-photo", mitsubishi_d90, SIGN(0, "\033SP0\0")),
    DIALECT("Mitsubishi-photo", blocks, SIGN(0, "\033Q\0"), SIGN(64, "\033ZF\0")),
    DIALECT("Kodak-photo", blocks, SIGN(0, "\033N"), SIGN(64, "\033ZF\0")),
    DIALECT("Olympus", blocks, SIGN(0, "\033FP\0"), SIGN(64, "\033Y\0")),
    DIALECT("Olympus", olympus_p400, SIGN(0, "\033ZQ\0"), SIGN(64, "\033FP\0")),
    DIALECT("Olympus", olympus_ps100, SIGN(0, "\033U\0"), SIGN(64, "\033W\0")),
    DIALECT("Fujifilm-ASK", fujifilm, SIGN(0, "\033#\0\0\0\4\0")),
    DIALECT("Fujifilm-ASK", fujifilm, SIGN(0, "\033\036\0\0\0\014\0")),
};

typedef struct photo {
    plt_items w; /* first: plt_items_feed */
    const dialect *d;
    bool begun;    /* something is there that is not yet printed */
    bool complete; /* the page is, with the data that the last record announced */
    uint8_t planes;
    uint32_t plane; /* its length, told at the page's start */
    uint32_t copies;
} photo;

static uint32_t value(const number *f, const uint8_t *p)
{
    uint32_t v = 0;
    p += f->at;
    if (f->kind == DIGITS) { /* blanks are no data */
        plt_items_digits(p, f->n, f->n, &v);
        return v;
    }
    for (size_t i = 0; i < f->n; i++) v = v << 8 | p[f->kind == BIG ? i : f->n - 1u - i];
    return v;
}

/* The data behind the bytes that are looked at; false: no printer has such a picture. */
static bool measure(const photo *s, const record *r, const uint8_t *p, uint64_t *data)
{
    uint32_t width = value(&r->length, p), height = r->height.n ? value(&r->height, p) : 1;
    uint64_t n = r->role == START ? 0 : r->kept ? s->plane : (uint64_t)width * height;
    if (r->height.n && (!width || !height || width > SIDE_MAX || height > SIDE_MAX)) return false;
    n = n * (r->times ? r->times : 1) + r->more;
    if (n > DATA_MAX || n < r->inside) return false;
    *data = n - r->inside;
    return true;
}

static plt_match begins(const uint8_t *p, size_t n, const char *bytes, size_t size)
{
    if (memcmp(p, bytes, n < size ? n : size) != 0) return PLT_MATCH_NO;
    return n < size ? PLT_MATCH_MORE : PLT_MATCH_YES;
}

/* The record that begins here. NULL with *more: it takes more bytes to tell, or to see its head. */
static const record *find(const dialect *d, const uint8_t *p, size_t n, bool *more)
{
    *more = false;
    for (size_t i = 0; i < d->count; i++) {
        const record *r = &d->records[i];
        plt_match says = begins(p, n, r->start, r->start_n);
        if (says == PLT_MATCH_NO) continue;
        *more = says == PLT_MATCH_MORE || n < r->look;
        return *more ? NULL : r;
    }
    return NULL;
}

static plt_match has_signs(const dialect *d, const uint8_t *p, size_t n)
{
    plt_match all = PLT_MATCH_YES;
    for (size_t i = 0; i < 2 && d->signs[i].n; i++) {
        const sign *g = &d->signs[i];
        plt_match says = n <= g->at ? PLT_MATCH_MORE : begins(p + g->at, n - g->at, g->bytes, g->n);
        if (says == PLT_MATCH_NO) return says;
        if (says == PLT_MATCH_MORE) all = says;
    }
    return all;
}

/* Whose job begins so? Its first record must make sense. */
static const dialect *recognise(const uint8_t *p, size_t n, bool *more)
{
    const photo nothing = {0};
    uint64_t data;
    *more = false;
    for (size_t i = 0; i < sizeof dialects / sizeof dialects[0]; i++) {
        bool wait = false;
        plt_match says = has_signs(&dialects[i], p, n);
        if (says == PLT_MATCH_NO) continue;
        const record *r = find(&dialects[i], p, n, &wait);
        if (says == PLT_MATCH_YES && r && measure(&nothing, r, p, &data)) return &dialects[i];
        *more |= says == PLT_MATCH_MORE || wait;
    }
    return NULL;
}

static void page(photo *s)
{
    plt_items_page(&s->w, s->copies, PLT_INK_UNKNOWN);
    s->begun = s->complete = false;
    s->planes = 0;
    s->copies = 0;
}

static void take(photo *s, const record *r, const uint8_t *p)
{
    if (r->copies.n) s->copies = value(&r->copies, p);
    if (r->role == START) {
        if (s->begun) plt_pdl_doubt(s->w.h, PLT_ON_PAGES, PLT_CONF_ESTIMATED, "a page has fewer planes than three");
        if (s->begun) page(s);
        s->plane = r->kept ? value(&r->length, p) : 0;
    }
    if (r->role == PLANE) s->planes++;
    s->begun |= r->role == IMAGE || r->role == PLANE;
    s->complete = r->role == PAGE || s->planes == PLANES;
}

static size_t lose(photo *s, size_t seen)
{
    return plt_items_lose(&s->w, seen, "it holds data that are in no record");
}

/* What may stand between records: zeros, and Mitsubishi's texts. */
static bool between(const photo *s, uint8_t c)
{
    return c == 0 || (s->d->records == mitsubishi_mono && c >= 0x20 && c <= 0x7E);
}

static size_t item(void *state, const uint8_t *p, size_t n, bool last)
{
    photo *s = state;
    bool more = false;
    uint64_t data;
    if (s->complete) page(s);
    if (s->w.lost) return plt_items_pass(p, n);
    if (!s->d) {
        s->d = recognise(p, n, &more);
        if (!s->d && more && !last) return 0;
        if (s->d) plt_pdl_language(s->w.h, s->d->name);
    }
    const record *r = s->d ? find(s->d, p, n, &more) : NULL;
    if (!r && more) return 0; /* with `last`, what is left stays in w.got */
    if (!r) return s->d && between(s, *p) ? 1 : lose(s, 1);
    if (!measure(s, r, p, &data)) return lose(s, r->look);
    take(s, r, p);
    plt_items_data(&s->w, data, PLT_ITEMS_BLIND);
    return r->look;
}

static void begin(void *state, plt_pdl_host *h)
{
    photo *s = state;
    plt_items_begin(&s->w, h, s, item);
    plt_pdl_touch(h);
    plt_pdl_doubt(h, PLT_ON_COLOR, PLT_CONF_UNKNOWN, "grey is mixed of colours on photo paper, and the pictures are not looked at");
    plt_pdl_doubt(h, PLT_ON_BLANK, PLT_CONF_UNKNOWN, "the pictures are not looked at");
}

static void end(void *state)
{
    photo *s = state;
    plt_items_end(&s->w);
    bool cut = s->w.cut || s->w.have || (s->begun && !s->complete);
    if (cut) plt_pdl_doubt(s->w.h, PLT_ON_PAGES, PLT_CONF_ESTIMATED, "the data end in the middle of a page: the job was cut short");
    if (s->complete || s->begun) page(s);
}

static plt_probe probe(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last)
{
    bool more;
    (void)env;
    if (recognise(p, n, &more)) return PLT_PROBE_YES;
    return more && !last ? PLT_PROBE_MORE : PLT_PROBE_NO;
}

const plt_pdl_lang plt_pdl_photo = {"photo", sizeof(photo), probe, begin, plt_items_feed, end};
