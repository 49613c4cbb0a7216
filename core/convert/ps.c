/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PostScript, line by line. A prologue of our own stands behind the header comments of each job, before any of its code: it sets sides and makes
 * setpagedevice keep them, or makes the colour operators set grey (ps_prolog.h says how). What the driver chose, *Duplex features and /Duplex and
 * /Tumble with true or false behind them, is replaced in the lines too, so that a reader of the job is not told otherwise. Counted data
 * (%%BeginData, %%BeginBinary) and lines too long for text are passed on as they are.
 */
#include <stdio.h>
#include <string.h>

#include "core/convert/conv.h"
#include "core/convert/ps_prolog.h"
#include "core/util/text.h"

#define ESC 0x1B
#define CTRL_D 4
#define LINE 2048

typedef enum ps_state {
    ST_HEAD,    /* the header comments of a job */
    ST_BODY,    /* the rest */
    ST_FEATURE, /* in a *Duplex feature of the job's, which is left out */
} ps_state;

typedef struct ps {
    conv *c;
    ps_state state;
    bool next_job, raw;       /* behind ^D; in a line that is passed on as it comes */
    bool grey;                /* wanted, and not by RENDERMODE */
    bool has_model, colorful; /* see end() */
    uint8_t uel;
    uint64_t skip; /* bytes of counted data */
    uint64_t skip_lines;
    size_t n;
    char line[LINE + 1];
} ps;

static void begin(void *state, conv *c)
{
    ps *s = state;
    s->c = c;
    s->grey = conv_want(c)->grey && !conv_said(c)->mono;
}

/* ---- what is put in ---- */

static bool tumbles(const ps *s)
{
    return conv_want(s->c)->duplex == PLT_DUPLEX_SHORT;
}

static void put_sides(ps *s)
{
    conv_text(s->c, tumbles(s) ? "%%BeginFeature: *Duplex DuplexTumble\n" PS_SET_SHORT : "%%BeginFeature: *Duplex DuplexNoTumble\n" PS_SET_LONG);
}

static void put_prolog(ps *s)
{
    bool sides = conv_want(s->c)->duplex != PLT_DUPLEX_NONE;
    if (sides) put_sides(s);
    if (sides) conv_text(s->c, "%%EndFeature\n");
    if (s->grey) conv_text(s->c, "%%BeginFeature: *ColorModel Gray\n" PS_SET_GREY "%%EndFeature\n");
    if (sides || s->grey) {
        conv_text(s->c, "%%BeginProcSet: (Platen) 1.0 0\n" PS_KEEP);
        if (sides) conv_text(s->c, tumbles(s) ? PS_KEEP_SHORT : PS_KEEP_LONG);
        conv_text(s->c, s->grey ? PS_KEEP_GREY PS_KEEP_END PS_GREY_OPERATORS : PS_KEEP_END);
        conv_text(s->c, "%%EndProcSet\n");
    }
    s->state = ST_BODY;
}

/* ---- lines ---- */

static bool starts(const char *s, const char *with)
{
    return !strncmp(s, with, strlen(with));
}

/* Names by which a program may have colours that the hidden operators do not set, or hide such a program. */
static const char *const colorful[] = {"setcolor",   "colorimage", "ImageType",  "shfill",  "makepattern",
                                       "setpattern", "filter",     "exitserver", "startjob"};

/* What a line says of the printer and of the program's colours. */
static void learn(ps *s)
{
    if (!s->grey) return;
    if (strstr(s->line, "/ProcessColorModel")) s->has_model = true;
    for (size_t i = 0; i < sizeof colorful / sizeof colorful[0] && !s->colorful; i++)
        if (strstr(s->line, colorful[i])) s->colorful = true;
}

/* The length of "/ProcessColorModel /DeviceCMYK" and its kin at p; *key: up to the value. */
static size_t model_setting(const char *p, size_t *key)
{
    static const char *const models[] = {"/DeviceCMYK", "/DeviceRGB", "/DeviceCMY", "/DeviceKCMY", "/DeviceRGBK", "/DeviceN", "/DeviceGray"};
    size_t n = 18;
    if (!starts(p, "/ProcessColorModel")) return 0;
    while (p[n] == ' ' || p[n] == '\t') n++;
    *key = n;
    for (size_t i = 0; i < sizeof models / sizeof models[0]; i++)
        if (starts(p + n, models[i])) return n + strlen(models[i]);
    return 0;
}

/* The length of "/Duplex true" and its kin at p; *key: up to the value. 0: another thing. */
static size_t side_setting(const char *p, size_t *key)
{
    size_t n = starts(p, "/Duplex") ? 7 : starts(p, "/Tumble") ? 7 : 0;
    if (!n || (p[n] != ' ' && p[n] != '\t')) return 0;
    while (p[n] == ' ' || p[n] == '\t') n++;
    *key = n;
    size_t value = starts(p + n, "true") ? 4 : starts(p + n, "false") ? 5 : 0;
    char behind = p[n + value];
    bool ends = !behind || strchr(" \t\r\n/>[]{}()%", behind);
    return value && ends ? n + value : 0;
}

/* What stands in the line's place i and must say something else: its length with the old value, and the new value. 0: nothing. */
static size_t setting(const ps *s, size_t i, size_t *key, const char **value)
{
    const char *p = s->line + i;
    size_t len = conv_want(s->c)->duplex ? side_setting(p, key) : 0;
    *value = len && (p[1] == 'D' || tumbles(s)) ? "true" : "false";
    if (len || !s->grey) return len;
    *value = "/DeviceGray";
    return model_setting(p, key);
}

static void put_line(ps *s)
{
    const char *value;
    size_t from = 0, key;
    for (size_t i = 0; i < s->n; i++) {
        size_t len = s->line[i] == '/' ? setting(s, i, &key, &value) : 0;
        if (!len) continue;
        conv_put(s->c, s->line + from, i + key - from);
        conv_text(s->c, value);
        i += len - 1;
        from = i + 1;
    }
    conv_put(s->c, s->line + from, s->n - from);
}

static void counted(ps *s, const char *v, bool data)
{
    uint64_t n = 0;
    while (*v == ' ') v++;
    for (; *v >= '0' && *v <= '9' && n < UINT32_MAX; v++) n = n * 10 + (uint64_t)(*v - '0');
    if (data && strstr(v, "Lines"))
        s->skip_lines = n;
    else
        s->skip = n;
    s->colorful = true; /* they are not looked into */
}

static bool ends_header(const char *line)
{
    return line[0] != '%' || starts(line, "%%Begin") || starts(line, "%%Page:") || starts(line, "%%EndProlog") || starts(line, "%%EndSetup");
}

/* Is the line the beginning of a feature with this name ("Duplex ")? */
static bool is_feature(const char *line, const char *name)
{
    static const char *const begins[] = {"%%BeginFeature:", "%%BeginNonPPDFeature:", "%RBIBeginNonPPDFeature:"};
    for (size_t i = 0; i < 3; i++) {
        if (!starts(line, begins[i])) continue;
        const char *v = line + strlen(begins[i]);
        while (*v == ' ' || *v == '*') v++;
        return starts(v, name);
    }
    return false;
}

static bool ends_feature(const char *line)
{
    return starts(line, "%%EndFeature") || starts(line, "%%EndNonPPDFeature") || starts(line, "%RBIEndNonPPDFeature");
}

/* A line of the job's code or comments, or its choice of sides or colours, in whose place ours stands. */
static void body_line(ps *s)
{
    if (s->state == ST_BODY && conv_want(s->c)->duplex && is_feature(s->line, "Duplex ")) {
        put_sides(s);
        s->state = ST_FEATURE;
    } else if (s->state == ST_BODY && s->grey && is_feature(s->line, "ColorModel ")) {
        conv_text(s->c, "%%BeginFeature: *ColorModel Gray\n");
    } else {
        put_line(s);
    }
}

/* A line is complete, its end included; or the job ended within it. */
static void line_end(ps *s)
{
    const char *line = s->line;
    s->line[s->n] = 0;
    bool empty = line[0] == '\r' || line[0] == '\n';
    if (s->next_job && starts(line, "%!")) s->state = ST_HEAD;
    s->next_job = s->next_job && empty;
    if (s->state == ST_HEAD && ends_header(line) && !empty) put_prolog(s);
    learn(s);
    if (s->state == ST_FEATURE) {
        if (ends_feature(line)) {
            s->state = ST_BODY;
            conv_text(s->c, "%%EndFeature\n");
        }
    } else {
        if (starts(line, "%%BeginBinary:")) counted(s, line + 14, false);
        if (starts(line, "%%BeginData:")) counted(s, line + 12, true);
        body_line(s);
    }
    s->n = 0;
    if (s->state == ST_HEAD && starts(line, "%%EndComments")) put_prolog(s);
}

/* What is held is no line: it is put out as it is, and the rest of the line will be. */
static void give_up_line(ps *s)
{
    s->line[s->n] = 0;
    if (s->state == ST_HEAD && ends_header(s->line)) put_prolog(s);
    if (s->state == ST_FEATURE) conv_refuse(s->c, "the block that sets the sides does not end");
    conv_put(s->c, s->line, s->n);
    s->n = 0;
    s->raw = true;
    s->colorful = true; /* it is not looked into */
}

/* ---- bytes ---- */

static bool is_special(uint8_t c)
{
    return c == '\n' || c == '\r' || c == ESC || c == CTRL_D;
}

static void text(ps *s, const uint8_t *p, size_t n)
{
    while (n && !s->raw) {
        size_t room = LINE - s->n, step = n < room ? n : room;
        memcpy(s->line + s->n, p, step);
        s->n += step;
        p += step;
        n -= step;
        if (s->n == LINE) give_up_line(s);
    }
    conv_put(s->c, p, n);
}

/* True when the byte completed a UEL. */
static bool special(ps *s, uint8_t c)
{
    if (s->uel || c == ESC) {
        if (!s->uel) {
            if (s->n) give_up_line(s);
            s->raw = true;
        }
        bool uel = plt_pdl_uel(&s->uel, c);
        conv_put(s->c, &c, 1);
        return uel;
    }
    if (s->raw) {
        conv_put(s->c, &c, 1);
    } else if (c == CTRL_D) {
        if (s->n) line_end(s);
        conv_put(s->c, &c, 1);
    } else {
        s->line[s->n++] = (char)c;
        line_end(s);
    }
    s->raw = false;
    if (c == CTRL_D) s->next_job = true;
    return false;
}

static size_t counted_bytes(ps *s, const uint8_t *p, size_t n)
{
    size_t step = s->skip < n ? (size_t)s->skip : n;
    s->skip -= step;
    conv_put(s->c, p, step);
    return step;
}

static size_t counted_lines(ps *s, const uint8_t *p, size_t n)
{
    size_t i = 0;
    while (i < n && s->skip_lines)
        if (p[i++] == '\n') s->skip_lines--;
    conv_put(s->c, p, i);
    return i;
}

static size_t feed(void *state, const uint8_t *p, size_t n, plt_feed_end *how)
{
    ps *s = state;
    for (size_t i = 0; i < n;) {
        size_t run = 0;
        if (s->skip) {
            i += counted_bytes(s, p + i, n - i);
            continue;
        }
        if (s->skip_lines) {
            i += counted_lines(s, p + i, n - i);
            continue;
        }
        while (!s->uel && i + run < n && !is_special(p[i + run])) run++;
        text(s, p + i, run);
        i += run;
        if (i == n) break;
        if (!special(s, p[i++])) continue;
        *how = PLT_FEED_UEL;
        return i;
    }
    return n;
}

/*
 * Grey is believed where the job itself chooses a ProcessColorModel, so that its printer has one, or its printer is known; or where every colour of
 * the program comes from the operators that we hide. Else it would be a hope.
 */
static void end(void *state)
{
    ps *s = state;
    if (s->n) line_end(s);
    if (s->state == ST_FEATURE) conv_refuse(s->c, "the block that sets the sides does not end");
    bool sure = s->has_model || conv_want(s->c)->grey_mode || !s->colorful;
    if (s->grey && !sure) conv_refuse(s->c, "it has pictures or colour spaces, and whether the printer obeys ProcessColorModel is not known");
}

const conv_lang conv_postscript = {sizeof(ps), begin, feed, end};
