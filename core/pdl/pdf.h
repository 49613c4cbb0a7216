/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PDF and PCLm in one forward pass: pdf.c cuts the bytes into objects and streams, pdf_store.c keeps of each object what pages depend on,
 * pdf_stream.c decodes streams (into objects, operators or pixels), and with the job's last byte pdf_pages.c walks the page tree and pdf_ink.c
 * works out each page's colour. Private to core/pdl.
 */
#ifndef PLATEN_CORE_PDL_PDF_H
#define PLATEN_CORE_PDL_PDF_H

#include "core/pdl/filters.h"
#include "core/pdl/lang.h"
#include "core/pdl/pages.h"
#include "core/pdl/pdf_cipher.h"
#include "core/pdl/pdf_value.h"

typedef struct pdf pdf;

/* ---- what is kept of objects ---- */

/* Of the 6 MB of one analysis: beyond the first, colour is given up; beyond the second, objects. */
#define PDF_STORE_COLOR (3u << 20)
#define PDF_STORE_MAX (4u << 20)
/* ISO 32000-1 annex C: no object has a higher number. */
#define PDF_NUMBER_MAX 8388607u
#define PDF_OBJECT_MAX (1u << 20)

typedef enum pdf_record_kind {
    PDF_R_NONE,
    PDF_R_VALUE,   /* a value */
    PDF_R_CONTENT, /* a stream of operators: pdf_facts, its uses and first bytes, then its dictionary */
    PDF_R_IMAGE,   /* a stream of samples: pdf_samples, then its dictionary */
} pdf_record_kind;

typedef struct pdf_record {
    pdf_record_kind kind;
    const uint8_t *facts; /* of a stream; they and the value are borrowed until the next object is stored */
    pdf_val value;
} pdf_record;

typedef struct pdf_store {
    uint8_t *p; /* records, newest last */
    size_t n, cap;
    uint32_t **rows; /* of 256 places each, by an object's number */
    size_t rows_n;
    uint32_t numbers; /* one beyond the highest seen */
    bool lean;        /* colour is given up */
    bool dropped;     /* an object did not fit */
} pdf_store;

/* Replaces what is kept of the object. A value that no page can depend on is left out. */
void pdf_store_value(pdf *f, uint32_t num, pdf_val v);

typedef struct pdf_part {
    const void *p;
    size_t n;
} pdf_part;

/* The facts in n parts, and of the dictionary what is not only for decoding. */
void pdf_store_stream(pdf *f, uint32_t num, pdf_record_kind kind, const pdf_part *facts, size_t n, pdf_val dict);
pdf_record pdf_store_get(const pdf *f, uint32_t num);
/* The first object from *num on of which something is kept; false: none is. A file of two objects may number them 1 and 8,000,000. */
bool pdf_store_next(const pdf *f, uint32_t *num);
/* Follows references; a stream gives its dictionary. */
pdf_val pdf_follow(const pdf *f, pdf_val v);

/* ---- content ---- */

/* What paints: below PDF_SRC_USE an ink or one that the caller gave. */
enum { PDF_SRC_GIVEN = 5, PDF_SRC_BEFORE = 6, PDF_SRC_USE = 8 };

typedef enum pdf_use_kind { PDF_USE_SPACE, PDF_USE_PATTERN, PDF_USE_XOBJECT, PDF_USE_SHADING } pdf_use_kind;

/* A resource that a stream uses, by name. */
typedef struct pdf_use {
    uint8_t kind, painted;
    uint16_t a, b; /* space: a class, and a detail; pattern: the source below it; XObject: the sources for fill and stroke */
    uint32_t name;
} pdf_use;

/*
 * Operands in a colour space that is not known yet, and what `b` says of them:
 * none, the space's first colour; one: up to 0, between, or 1 and more (b: a palette's index); three: b is the ink as RGB, and as Lab from bit 4
 * on; four: b is the ink as CMYK; another number: b is 1 when all are 0.
 */
enum { PDF_CLASS_FIRST, PDF_CLASS_ZERO, PDF_CLASS_MID, PDF_CLASS_ONE, PDF_CLASS_THREE, PDF_CLASS_FOUR, PDF_CLASS_OTHER };

enum {
    PDF_PAINTS_FILL = 1, /* with the fill colour that it was given */
    PDF_PAINTS_STROKE = 2,
    PDF_PAINTS_BEFORE = 4, /* with one that an earlier stream of the page saved */
    PDF_LEAVES_SAVED = 8,  /* with a colour saved that a later stream may restore */
    PDF_SHOWS_TEXT = 16,
};

#define PDF_USES_MAX 1024

typedef struct pdf_facts {
    uint8_t ink; /* of what is painted with known colours */
    uint8_t flags;
    uint16_t fill, stroke; /* sources at the end */
    uint16_t uses_n;
    uint16_t bytes_n; /* the whole stream, if it may be a palette */
} pdf_facts;

/* ---- samples ---- */

typedef struct pdf_samples {
    uint8_t gray;     /* as one component: 1 something below white, 2 something above black, 4 not looked at */
    uint8_t rgb;      /* plt_ink as three components */
    uint8_t cmyk;     /* as four */
    uint8_t mask;     /* painted with the fill colour */
    uint8_t used[32]; /* as one component of up to 8 bits: the values that occur */
} pdf_samples;

/* ---- encryption ---- */

typedef struct pdf_crypt {
    bool tried, ready;
    bool aes;           /* or else RC4 */
    bool whole_key;     /* the key is used as it is: version 5 */
    bool plain_streams; /* only strings are encrypted */
    const char *failed; /* why it cannot be decrypted */
    uint8_t key[32];
    size_t key_n;
} pdf_crypt;

/* Deciphers one stream. */
typedef struct pdf_decipher {
    bool aes, chained, waits, broken;
    pdf_rc4 rc4;
    uint8_t key[64];
    size_t key_n;
    uint8_t chain[16], block[16], wait[16];
    size_t block_n;
} pdf_decipher;

typedef void (*pdf_sink)(void *ctx, const uint8_t *p, size_t n);

/*
 * With the empty user password, once the trailer and its /Encrypt dictionary are there; a second call does nothing. The key of revision 6 is slow on
 * purpose (ISO 32000-2, algorithm 2.B), so it is made only for what cannot be read without it: streams that are wanted, and the reason why no page is
 * found. Dictionaries outside of object streams, the page tree's mostly, are never encrypted.
 */
void pdf_crypt_set(pdf *f);
/* False: this stream is not encrypted. */
bool pdf_crypt_begin(const pdf *f, pdf_decipher *d, uint32_t num, uint32_t gen, bool plain);
/* Calls sink with what is deciphered. False: it cannot be. */
bool pdf_crypt_feed(pdf_decipher *d, const uint8_t *p, size_t n, pdf_sink sink, void *ctx);
void pdf_crypt_end(pdf_decipher *d, pdf_sink sink, void *ctx);

/* ---- streams ---- */

/* What stands behind the filters, or nothing. */
typedef enum pdf_codec { PDF_CODEC_NONE, PDF_CODEC_DCT, PDF_CODEC_FAX, PDF_CODEC_JPX } pdf_codec;

typedef struct pdf_coder {
    plt_filters *chain; /* made when first needed */
    plt_filter_spec specs[PLT_FILTERS_MAX];
    size_t n;
    uint32_t colors; /* of the predictor; 0 not said */
    pdf_codec codec;
    bool plain; /* filter Crypt, Identity: not encrypted */
} pdf_coder;

/* False: a filter that is not known. */
bool pdf_coder_set(const pdf *f, pdf_coder *c, pdf_val dict);
bool pdf_coder_begin(pdf *f, pdf_coder *c, plt_filter_sink sink, void *ctx);

typedef enum pdf_stream_kind { PDF_S_SKIP, PDF_S_OBJECTS, PDF_S_CONTENT, PDF_S_IMAGE } pdf_stream_kind;

typedef struct pdf_content pdf_content;
typedef struct pdf_inner pdf_inner;
typedef struct plt_jpeg plt_jpeg;

typedef struct pdf_image {
    pdf_samples facts;
    uint32_t width, height, bits;
    uint32_t parts;         /* components of a sample; 0 not known */
    bool index;             /* which values occur is wanted */
    bool done;              /* all that can be known is known */
    bool whole;             /* it is read to its end all the same */
    uint64_t left;          /* bytes that belong to it; what follows is none of it */
    uint32_t row_n, row_at; /* samples of a row, below 8 bits */
    bool low;               /* 16 bits: the next byte is the lower half */
    uint8_t carry[12], carry_n;
    plt_jpeg *jpeg; /* kept from picture to picture */
    bool is_jpeg;
} pdf_image;

/* Reads the dictionary; long and short names. */
void pdf_image_begin(pdf *f, pdf_image *im, pdf_val dict, const pdf_coder *c);
/* A sampled function's table, as samples of as many components. */
void pdf_table_begin(const pdf *f, pdf_image *im, pdf_val dict);
/* A plt_filter_sink. */
bool pdf_image_bytes(void *im, const uint8_t *p, size_t n);
/* No more bytes are needed. */
bool pdf_image_settled(const pdf_image *im);
void pdf_image_end(pdf_image *im, bool broken);

pdf_content *pdf_content_make(pdf *f);
void pdf_content_begin(pdf_content *c);
bool pdf_content_bytes(void *c, const uint8_t *p, size_t n);
/* Stores what was found as object num. */
void pdf_content_end(pdf_content *c, uint32_t num, pdf_val dict, bool broken);

pdf_inner *pdf_inner_make(pdf *f);
void pdf_inner_begin(pdf_inner *in, pdf_val dict);
bool pdf_inner_bytes(void *in, const uint8_t *p, size_t n);
/* False when the stream did not hold what it should. */
bool pdf_inner_end(pdf_inner *in);

/* A stream that cannot be read yet: encrypted, and the key stands at the end of the file. */
typedef struct pdf_held {
    struct pdf_held *next;
    uint32_t num, gen;
    size_t dict_n, n, cap;
    uint8_t *data; /* the dictionary, then the bytes */
} pdf_held;

typedef struct pdf_stream {
    pdf_stream_kind kind;
    uint32_t num, gen;
    pdf_val dict;
    pdf_coder coder;
    bool begun, deaf, deciphering;
    bool unreadable; /* a filter or a key is not known */
    pdf_decipher decipher;
    uint8_t head[8];
    uint8_t head_n;
    pdf_held *hold; /* this stream's bytes are kept */
} pdf_stream;

/* dict stays as it is until the stream's end. */
void pdf_stream_begin(pdf *f, uint32_t num, uint32_t gen, pdf_val dict);
/* Are its bytes of no use? */
bool pdf_stream_idle(const pdf *f);
void pdf_stream_feed(pdf *f, const uint8_t *p, size_t n);
void pdf_stream_end(pdf *f);
/* At the end of the job: streams that were held. */
void pdf_held_run(pdf *f);

/* ---- the whole ---- */

typedef struct pdf_trailer {
    bool seen;
    uint32_t root, info, encrypt;
    uint8_t id[64];
    size_t id_n;
} pdf_trailer;

/* Comments of a PCLm job's ticket. */
typedef struct pdf_ticket {
    bool pclm, mono;
    int duplex; /* PLT_UNSAID, or PLT_DUPLEX_* */
    uint32_t copies;
    char paper[PLT_RUN_PAPER_SIZE];
} pdf_ticket;

struct pdf {
    plt_pdl_host *host;
    pdf_names names;
    /* framing, by pdf.c */
    uint8_t mode;
    pdf_lex lex;
    pdf_build build;
    double nums[2]; /* between objects: the last two numbers */
    uint8_t nums_n;
    bool in_table; /* "xref" was the last word */
    bool in_object, in_trailer, streamed;
    uint32_t num, gen;
    uint64_t left;    /* of a counted stream */
    const char *word; /* what a stream may end with, `match` bytes of it seen */
    uint8_t match;
    bool counted; /* the stream had a length */
    bool cr, lf;  /* of a stream without a length: a line end that waits */
    bool eof;     /* %%EOF was the last thing */
    uint32_t headers;
    uint64_t objects;
    const char *damage; /* NULL, or what is wrong with the file's frame */
    /* what is found */
    pdf_store store;
    pdf_trailer trailer;
    uint32_t catalog; /* the last object that is one */
    uint32_t leaves;  /* objects that are pages */
    pdf_crypt crypt;
    pdf_stream stream;
    pdf_image image;
    pdf_content *content;
    pdf_inner *inner;
    pdf_held *held;          /* the newest first */
    size_t held_n;           /* bytes */
    bool held_lost, suspect; /* a stream was no stream of its filter */
    bool at_end;             /* all that was held is read now */
    bool unread_objects;     /* an object stream could not be read */
    bool colored_glyphs;     /* a Type 3 font has glyphs with colours of their own */
    pdf_ticket ticket;
};

/* An object, or the dictionary of a trailer or cross-reference stream, is complete. */
void pdf_object(pdf *f, uint32_t num, pdf_val v);
void pdf_trailer_set(pdf *f, pdf_val dict);
pdf_keep pdf_keep_now(const pdf *f);
/* Reports the pages. */
void pdf_pages(pdf *f);
/* A comment without its %. */
void pdf_ticket_line(pdf *f, const char *line);

/* ---- colour, at the end ---- */

typedef struct pdf_inker pdf_inker;

pdf_inker *pdf_inker_make(const pdf *f);
/* resources: the page's or inherited. */
plt_ink pdf_page_ink(pdf_inker *k, pdf_val page, pdf_val resources);
/* Why a page's ink is unknown; NULL while none is. */
const char *pdf_inker_reason(const pdf_inker *k);
/* Of an inline image, whose colour space is none of the page's resources. */
plt_ink pdf_inline_ink(const pdf *f, const pdf_samples *s, pdf_val dict);
/* How many components a colour space has, as far as that is known now; 0 not. */
uint32_t pdf_space_parts(const pdf *f, pdf_val space);

#endif
