/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PostScript by its document structure comments (Adobe 5001, DSC 3.0) and by the shape of its program, which is never executed:
 *   postscript.c  documents, their checks, the way of the bytes
 *   ps_dsc.c      structure comments
 *   ps_scan.c     bytes to tokens
 *   ps_names.c    what a name means: operators, and procedures learnt from the job's own prolog
 *   ps_tokens.c   copies, sides, paper; signs that the comments cannot be believed
 *   ps_size.c     procedures that take a paper's size
 *   ps_flow.c     loops, the program's own end
 *   ps_hidden.c   programs hidden in filters
 *   ps_known.c    names that a printer or the job knows
 *   ps_paint.c    what is painted, and in which colour
 *   ps_learn.c    what the job's own procedures paint
 *   ps_space.c    colour spaces and operands
 *   ps_image.c    pictures and their data
 *   ps_object.c   jobs that carry PDF objects and page descriptions (Ghostscript's ps2write)
 * Private to core/pdl.
 */
#ifndef PLATEN_CORE_PDL_PS_H
#define PLATEN_CORE_PDL_PS_H

#include "core/pdl/filters.h"
#include "core/pdl/jpeg.h"
#include "core/pdl/lang.h"
#include "core/util/attr.h"

#define PS_HISTORY 4
#define PS_WORD 64
#define PS_BYTES 1024 /* a palette of 256 CMYK colours */
#define PS_NUMBERS 32
#define PS_SAVES 32
#define PS_FRAMES 8
#define PS_BODY_SAVES 8

typedef struct ps ps;

#include "core/pdl/ps_names.h"

/* ---- tokens ---- */

typedef enum ps_kind {
    PS_NAME,
    PS_LITERAL,
    PS_NUMBER,
    PS_STRING,
    PS_OPEN,
    PS_CLOSE,
    PS_ARRAY,
    PS_ARRAY_END,
    PS_DICT,
    PS_DICT_END,
    PS_OTHER,
} ps_kind;

/* kind and word stand apart: one load of both, which a compiler makes of neighbours, would wait for the two stores just before it. */
typedef struct ps_token {
    uint8_t kind;
    bool blank; /* a string of nothing but spaces */
    double number;
    uint64_t key;
    ps_name *name;
    const char *text; /* of names and literals, borrowed for the call */
    size_t len;
    uint8_t word;
} ps_token;

/* What is kept of one. */
typedef struct ps_past {
    uint8_t kind;
    double number;
    uint8_t word;
} ps_past;

typedef struct ps_scan {
    uint8_t state;
    uint8_t escape; /* digits of an octal escape still to come */
    uint8_t octal, match;
    uint32_t parens;
    bool lines; /* structure comments, ^D and UEL are looked for */
    bool line_start;
    bool stop; /* by a token: no program follows, but data */
    bool too_long, blank, half;
    bool want; /* strings go to ps.bytes */
    size_t len;
    char text[PS_WORD];
} ps_scan;

/* Bytes of a program, with pictures' data in it: the job itself, or what an object's filters put out. */
typedef struct ps_source {
    ps_scan scan;
    bool data;      /* in a picture's or an object's data */
    bool before;    /* the white space before them is still to come */
    bool before_cr; /* its CR was there */
    bool counted;   /* by `left`, else by the chain */
    uint64_t left;
    plt_filters *chain;
} ps_source;

void ps_scan_reset(ps_scan *t);
/* In the middle of a string or the like. */
bool ps_scan_inside(const ps_scan *t);
/* In the ciphered part of a font, where a ^D is data. */
bool ps_scan_in_cipher(const ps_scan *t);
/* How many of the n bytes were taken: all, or up to a structure comment, a ^D or an ESC, or behind what set `stop`. */
size_t ps_scan_feed(ps *s, ps_source *src, const uint8_t *p, size_t n);
/* What ps_scan.c found. */
void ps_token_in(ps *s, ps_source *src, ps_token *t);
/* The same for a number: most tokens are. */
void ps_number_in(ps *s, ps_source *src, double v, bool real);

/* ---- pictures ---- */

#define PS_CHAIN 4

typedef struct ps_image {
    uint32_t width, height, bits, components;
    bool dict, inverted, mask, multiple;
    bool wide; /* its Decode has other numbers than 0 and 1 */
    bool file, hex, raw;
    bool odd;        /* a filter that is not decoded */
    uint8_t n, last; /* filters; W_DCT or W_CCITT behind them */
    plt_filter_spec chain[PS_CHAIN];
    uint32_t predictor, columns, colors;
    bool late;
    ps_space space; /* of a PDF picture */
} ps_image;

typedef struct ps_pixels {
    uint8_t word; /* W_DEVICERGB ...; W_NONE: not to be looked at */
    uint8_t bits, components, have;
    bool inverted, jpeg;
    uint16_t palette;
    uint8_t rest[8];
    plt_ink ink;
    /* separate planes: a row of each is put together */
    uint32_t row, at;
    uint8_t *rows;
    uint8_t digit;
    bool half;
} ps_pixels;

/* ---- painting ---- */

typedef struct ps_color {
    plt_ink ink;
    bool set;
    ps_space space;
} ps_color;

typedef struct ps_graphics {
    ps_color slot[SLOTS];
} ps_graphics;

/* A procedure whose body is being read. */
typedef struct ps_frame {
    uint64_t key;
    uint32_t depth; /* of braces around it */
    uint8_t slot;
    ps_effect e;
    /* the colour in force: what the caller left, a constant or operands */
    struct ps_body_color {
        uint8_t set;
        bool fixed, varies, scaled;
        uint8_t ink;
        ps_space space;
    } now, saved[PS_BODY_SAVES];
    int saves;
    bool touched, reckoned; /* since the last operator: unknown names, stack operators */
    uint8_t quoted;         /* ps_act: a colour operator's name that may be executed */
    ps_image image;         /* of the text around it */
    ps_space operand;
} ps_frame;

typedef struct ps_object {
    uint32_t number; /* 0: free */
    uint8_t ink, by; /* by: BY_... in the colour in force */
    bool is_space, is_mark, uncolored;
    ps_space space;
} ps_object;

typedef struct ps_paint {
    bool on; /* colour is wanted */
    plt_ink page;
    ps_graphics now, saved[PS_SAVES];
    ps_graphics setup; /* as the first page began */
    size_t saves;
    double numbers[PS_NUMBERS]; /* the last ones */
    size_t n, n_array;          /* since the last operator; when the last '[' came */
    size_t base, base_array;    /* of them, outside of the braces that are open on the page */
    uint64_t literal, literal_before;
    uint8_t literal_word;
    bool literal_upper;
    bool named;  /* the last token was a literal: '{' begins its procedure */
    bool string; /* since the last operator: */
    bool inked;
    uint32_t object_named; /* the object that the last literal names */
    uint8_t text_mode;
    bool lost;   /* state that could not be kept */
    bool flag;   /* the last true or false */
    bool hidden; /* code that cannot be seen was executed */
    bool font;   /* a font is being defined: what is in cipher is its own */
    uint32_t braces;
    uint8_t before_name; /* the token before was this name */
    /* colour space being read */
    uint32_t arrays;
    uint8_t family;
    ps_space operand, reading;
    uint32_t named_colorants;
    uint32_t hival;
    uint8_t *palettes; /* 256 inks each; owned by the host */
    size_t palettes_n;
    ps_frame frames[PS_FRAMES];
    size_t frames_n;
    ps_image image;
    ps_pixels pixels;
    plt_jpeg *jpeg;
} ps_paint;

typedef struct ps_objects {
    bool in, content; /* in an object; its tokens are a page description */
    uint32_t number;
    uint8_t key, subtype, type;
    uint8_t pattern_type, paint_type;
    uint64_t length;
    bool has_length, inline_image, streamed, seen, media_box;
    bool page_content; /* a page's content was seen */
    uint32_t contents[32];
    size_t contents_n;
    ps_object *table; /* owned by the host */
    size_t n, cap;
    plt_ink page;   /* the page's while a form is read */
    ps_graphics gs; /* the page's */
    size_t saves;
} ps_objects;

/* The procedure being defined on no other's inside: ps_size.c. */
typedef struct ps_sizer {
    uint64_t key; /* of its name; 0: none */
    uint8_t body;
} ps_sizer;

#include "core/pdl/ps_flow.h"

/* ---- documents ---- */

typedef enum ps_section { PS_HEADER, PS_PREAMBLE, PS_PROLOG, PS_SETUP, PS_PAGE, PS_TRAILER } ps_section;

/* One document of the segment: %! to %%EOF, ^D or UEL. */
typedef struct ps_document {
    ps_section section;
    bool dsc;                      /* "%!PS-Adobe-": promises structure */
    bool query;                    /* a question to the printer */
    uint32_t documents, resources; /* nesting */
    bool has_declared;
    uint64_t declared;        /* %%Pages */
    uint64_t pages;           /* %%Page */
    uint64_t shown;           /* showpage by itself, outside of any procedure */
    uint64_t shown_here;      /* on this page */
    uint32_t comment_copies;  /* %RBINumCopies, %%Requirements: said in comments only */
    bool eof, trailer, late;  /* late: marks behind the last showpage */
    bool looped, looped_here; /* loops show pages; on this page */
    int64_t extra;            /* pages that they show beyond the comments */
    const char *over;         /* NULL, or why the program has ended */
    const char *maybe;        /* the same, but not sure: no page may follow */
    bool redefined;           /* showpage means something else: its count proves nothing */
    const char *alarm;        /* NULL, or why the comments cannot be believed */
    const char *doubt;
    char media[PLT_PAPER_SIZE];      /* of the document, in its comments */
    char page_media[PLT_PAPER_SIZE]; /* of this page */
    char chosen[PLT_PAPER_SIZE];     /* by a feature or setpagedevice */
    struct ps_media {
        char name[24], paper[PLT_PAPER_SIZE];
    } medias[8]; /* %%DocumentMedia: what its names are */
    size_t medias_n;
    bool in_media; /* %%+ goes on with it */
} ps_document;

struct ps {
    plt_pdl_host *host;
    /* lines */
    char line[256];
    size_t len;
    bool in_comment, notify, last_cr, cr_lines;
    uint8_t uel;
    uint64_t skip; /* bytes of counted data */
    uint64_t skip_lines;
    bool skip_eol;   /* the LF of a CRLF may still come before the skipped bytes */
    bool skip_cr;    /* in skipped lines: the last byte was a CR */
    bool expect_end; /* %%EndData must be the next line */
    bool ctrl_d;     /* a ^D was the last thing seen */
    bool started;
    bool ending; /* of a document: no more of it comes */
    /* copies and sides in effect */
    uint32_t copies, collated;
    bool copies_executed; /* by the program, not only by PJL */
    int duplex;           /* -1 not said, else PLT_DUPLEX_* */
    bool grey;            /* the printer is told to print grey */
    uint32_t nup;
    uint64_t nup_next; /* the last logical page so far */
    /* of a dictionary on its way to setpagedevice */
    ps_past past[PS_HISTORY]; /* a ring: ps_past_at() */
    uint8_t newest;
    uint32_t braces;
    uint32_t wish_copies;
    int wish_duplex, wish_tumble; /* -1 not said */
    double wish_width, wish_height;
    bool box; /* behind /MediaBox, when only pages are wanted */
    uint8_t box_n;
    double box_v[4];
    uint8_t tail[16]; /* of what was skimmed */
    size_t tail_n;
    ps_source top, inner;
    size_t bytes_n;
    uint8_t bytes[PS_BYTES];
    ps_names names;
    ps_paint paint;
    ps_objects objects;
    ps_flow flow;
    ps_sizer sizer;
    ps_document doc;
};

/* The token so many before the newest. */
static inline const ps_past *ps_past_at(const ps *s, size_t back)
{
    return &s->past[(s->newest + back) % PS_HISTORY];
}
/* Is the program here executed as it stands, once? Prologs and resources are definitions; included documents have their showpage disarmed. */
static inline bool ps_live(const ps *s)
{
    const ps_document *d = &s->doc;
    return !d->documents && !d->resources && d->section != PS_PROLOG;
}
/* Adds one printed page with the copies, sides and ink in effect. */
void ps_count_page(ps *s);
/* The same with this ink; the page's own goes on. */
void ps_count_inked(ps *s, plt_ink ink);
void ps_document_begin(ps *s);
void ps_document_end(ps *s);
/* The page that %%Page began is complete. */
void ps_page_end(ps *s);
/* The line in ps.line. */
void ps_comment(ps *s);
/* Procedures that take a paper's size. */
void ps_size_token(ps *s, const ps_token *t);
void ps_set_copies(ps *s, uint32_t n);
/* In points; what is no size is left alone. */
void ps_paper_is(ps *s, double width, double height);
/* The program's state is set right again: a structure comment came. */
void ps_resync(ps *s);

void ps_paint_token(ps *s, ps_source *src, ps_token *t);
/* An operand: the last few are kept. */
void ps_paint_number(ps_paint *a, double v);
/* A document, or a page that nothing before it reaches: nothing on it, and black. */
void ps_paint_page(ps *s);
/* The page was counted: nothing on the next one. The colours stay. */
void ps_paint_clear(ps *s);
/* showpage does what initgraphics does; what was saved stays. */
void ps_paint_showpage(ps *s);
/* The first page that has a comment begins: with the set-up's colours, and on what the set-up has painted. */
void ps_paint_first(ps *s);
/* The next one. Not `seen`: the showpage before it stands in a procedure, and a restore behind it may have brought back the set-up's colours. */
void ps_paint_next(ps *s, bool seen);
/* What is on the page so far. */
plt_ink ps_paint_ink(const ps *s);
void ps_paint_mark(ps *s, plt_ink ink);
/* Paints by fill, stroke or text in the colours in force. */
void ps_paint_by(ps *s, uint8_t by);
void ps_paint_act(ps *s, ps_source *src, uint8_t act, uint8_t slot);
void ps_paint_save(ps *s);
void ps_paint_restore(ps *s);

/* A name inside of a procedure's body. */
void ps_learn_name(ps *s, ps_token *t);
void ps_learn_literal(ps *s, const ps_token *t);
void ps_learn_open(ps *s);
void ps_learn_close(ps *s);
/* "/alias /of load def" */
void ps_learn_alias(ps *s, uint64_t alias, uint64_t of);

/* The ink of n operands, the last ones of the numbers. `scaled`: they are not yet between 0 and 1. */
plt_ink ps_operands_ink(const ps_paint *a, uint8_t act, const ps_space *space, bool scaled);
void ps_space_token(ps *s, ps_source *src, const ps_token *t);
/* A space by its name alone; word W_NONE when it is none. */
ps_space ps_space_of(uint8_t word);

void ps_image_filter(ps_image *im, uint8_t word);
void ps_image_token(ps_paint *a, const ps_token *t, uint8_t key);
/* A picture is painted here: starts its data, if they follow. */
void ps_image_paint(ps *s, ps_source *src, uint8_t act);
bool ps_image_sink(void *ctx, const uint8_t *p, size_t n);
/* Data follow in src, through the picture's filters, to `sink`. */
bool ps_data_begin(ps *s, ps_source *src, const ps_image *im, plt_filter_sink sink, void *ctx);
size_t ps_data_feed(ps *s, ps_source *src, const uint8_t *p, size_t n);
/* Prepares for pixels in this space; false when they need not be looked at and their ink is known. */
bool ps_pixels_begin(ps *s, const ps_image *im, const ps_space *space);
plt_ink ps_pixels_end(ps *s);
void ps_data_end(ps *s, ps_source *src);

/* True when the token belongs to an object. */
bool ps_object_token(ps *s, ps_source *src, ps_token *t);
void ps_object_data_end(ps *s);
void ps_objects_page(ps *s);

#endif
