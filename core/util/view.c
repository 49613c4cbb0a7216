/* SPDX-License-Identifier: Apache-2.0 */
/* The values lie in the order of the text, so that all of an object follow it; while an object is open its span is the distance to the one around it.
 */
#include "core/util/view.h"

#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"

#define FIRST_ROOM 128

typedef struct reader {
    plt_view *v;
    const char *at, *end;
    char *out;            /* what comes next of the texts: never more than was read */
    uint32_t depth, open; /* the innermost open list or object; valid while depth is not 0 */
    plt_status status;
} reader;

void plt_view_init(plt_view *v)
{
    *v = (plt_view){0};
}

void plt_view_free(plt_view *v)
{
    free(v->values);
    free(v->text);
    plt_view_init(v);
}

static bool bad(reader *r)
{
    r->status = PLT_BAD;
    return false;
}

static plt_value *push(reader *r, plt_view_kind kind, const char *name)
{
    plt_view *v = r->v;
    if (v->count == v->room) {
        uint32_t room = v->room ? v->room * 2 : FIRST_ROOM;
        plt_value *more = room > v->room ? realloc(v->values, room * sizeof *more) : NULL;
        if (!more) {
            r->status = PLT_NOMEM;
            return NULL;
        }
        v->values = more;
        v->room = room;
    }
    plt_value *value = &v->values[v->count++];
    *value = (plt_value){name, "", 1, (uint8_t)kind};
    return value;
}

static char next(reader *r)
{
    while (r->at < r->end && (*r->at == ' ' || *r->at == '\n' || *r->at == '\r' || *r->at == '\t')) r->at++;
    return r->at < r->end ? *r->at : 0;
}

static bool take(reader *r, char c)
{
    if (next(r) != c) return false;
    r->at++;
    return true;
}

/* ---- texts ---- */

static bool four_digits(reader *r, uint32_t *unit)
{
    uint8_t two[2];
    char digits[5] = "";
    if (r->end - r->at < 4) return false;
    memcpy(digits, r->at, 4);
    if (!plt_unhex(two, sizeof two, digits)) return false;
    r->at += 4;
    *unit = (uint32_t)two[0] << 8 | two[1];
    return true;
}

/* Behind \u: one unit, or two that make one character. */
static bool character(reader *r)
{
    uint32_t c, low;
    if (!four_digits(r, &c) || c == 0 || (c >= 0xDC00 && c <= 0xDFFF)) return false;
    if (c >= 0xD800 && c <= 0xDBFF) {
        if (r->end - r->at < 2 || r->at[0] != '\\' || r->at[1] != 'u') return false;
        r->at += 2;
        if (!four_digits(r, &low) || low < 0xDC00 || low > 0xDFFF) return false;
        c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
    }
    if (c < 0x80) {
        *r->out++ = (char)c;
        return true;
    }
    int more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    static const uint8_t lead[] = {0, 0xC0, 0xE0, 0xF0};
    *r->out++ = (char)(lead[more] | c >> (6 * more));
    while (more-- > 0) *r->out++ = (char)(0x80 | (c >> (6 * more) & 0x3F));
    return true;
}

static bool escape(reader *r)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    if (r->at == r->end) return false;
    char c = *r->at++;
    if (c == 'u') return character(r);
    const char *found = c ? strchr(from, c) : NULL;
    if (!found) return false;
    *r->out++ = to[found - from];
    return true;
}

/* Behind the opening quote; NULL: it is none. */
static const char *string(reader *r)
{
    const char *text = r->out;
    for (;;) {
        const char *run = r->at;
        while (r->at < r->end && *r->at != '"' && *r->at != '\\' && (unsigned char)*r->at >= 0x20) r->at++;
        memcpy(r->out, run, (size_t)(r->at - run));
        r->out += r->at - run;
        if (r->at == r->end || (*r->at != '"' && *r->at != '\\')) break;
        if (*r->at++ == '"') {
            *r->out++ = 0;
            return text;
        }
        if (!escape(r)) break;
    }
    bad(r);
    return NULL;
}

/* ---- numbers and words ---- */

static bool digits(reader *r)
{
    const char *from = r->at;
    while (r->at < r->end && *r->at >= '0' && *r->at <= '9') r->at++;
    return r->at > from;
}

static bool one_of(reader *r, const char *set)
{
    bool is = r->at < r->end && *r->at && strchr(set, *r->at);
    r->at += is;
    return is;
}

static bool number(reader *r, const char *name)
{
    const char *from = r->at;
    one_of(r, "-");
    const char *whole = r->at;
    if (!digits(r) || (*whole == '0' && r->at - whole > 1)) return bad(r);
    if (one_of(r, ".") && !digits(r)) return bad(r);
    if (one_of(r, "eE")) {
        one_of(r, "+-");
        if (!digits(r)) return bad(r);
    }
    plt_value *v = push(r, PLT_VIEW_NUMBER, name);
    if (!v) return false;
    v->text = r->out;
    memcpy(r->out, from, (size_t)(r->at - from));
    r->out += r->at - from;
    *r->out++ = 0;
    return true;
}

static bool word(reader *r, const char *name)
{
    static const struct {
        const char *text;
        plt_view_kind kind;
    } words[] = {{"null", PLT_VIEW_NULL}, {"false", PLT_VIEW_FALSE}, {"true", PLT_VIEW_TRUE}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t n = strlen(words[i].text);
        if ((size_t)(r->end - r->at) < n || memcmp(r->at, words[i].text, n) != 0) continue;
        r->at += n;
        return push(r, words[i].kind, name) != NULL;
    }
    return bad(r);
}

/* ---- lists and objects ---- */

static bool open_one(reader *r, plt_view_kind kind, const char *name, uint32_t max)
{
    uint32_t around = r->open, at = r->v->count;
    if (r->depth == max) return bad(r);
    plt_value *v = push(r, kind, name);
    if (!v) return false;
    v->span = r->depth ? at - around : 0;
    r->depth++;
    r->open = at;
    r->at++;
    return true;
}

static void close_one(reader *r)
{
    plt_value *v = &r->v->values[r->open];
    uint32_t around = r->open - v->span;
    v->span = r->v->count - r->open;
    r->open = around;
    r->depth--;
}

static bool in_object(const reader *r)
{
    return r->depth && r->v->values[r->open].kind == PLT_VIEW_OBJECT;
}

/* The name of the value that is due. */
static const char *name_of(reader *r)
{
    if (!in_object(r)) return "";
    const char *name = take(r, '"') ? string(r) : NULL;
    if (name && take(r, ':')) return name;
    bad(r);
    return NULL;
}

/* Behind a value: everything that ends here; true: another one is due. */
static bool more(reader *r)
{
    while (r->depth) {
        if (take(r, ',')) return true;
        if (!take(r, in_object(r) ? '}' : ']')) return bad(r);
        close_one(r);
    }
    return false;
}

static bool one(reader *r, uint32_t max)
{
    const char *name = name_of(r);
    if (!name) return false;
    char c = next(r);
    if (c == '{' || c == '[') {
        if (!open_one(r, c == '{' ? PLT_VIEW_OBJECT : PLT_VIEW_LIST, name, max)) return false;
        if (!take(r, c == '{' ? '}' : ']')) return true; /* its first value is due */
        close_one(r);
    } else if (c == '"') {
        r->at++;
        const char *text = string(r);
        plt_value *v = text ? push(r, PLT_VIEW_TEXT, name) : NULL;
        if (!v) return false;
        v->text = text;
    } else if (!((c >= '0' && c <= '9') || c == '-' ? number(r, name) : word(r, name))) {
        return false;
    }
    return more(r);
}

plt_status plt_view_read(plt_view *v, const char *json, size_t n, uint32_t max)
{
    reader r = {.v = v, .at = json, .end = json + n};
    v->count = 0;
    v->read = 0;
    if (n + 2 > v->text_room) { /* each text gives up a quote for its end; a number that ends the text does not */
        char *text = realloc(v->text, n + 2);
        if (!text) return PLT_NOMEM;
        v->text = text;
        v->text_room = n + 2;
    }
    r.out = v->text;
    while (one(&r, max)) {
    }
    v->read = (size_t)(r.at - json);
    return r.status;
}

/* ---- what was read ---- */

const plt_value *plt_view_member(const plt_value *o, const char *name)
{
    if (!plt_view_is(o, PLT_VIEW_OBJECT)) return NULL;
    const plt_value *v = o + 1, *end = o + o->span;
    while (v < end && strcmp(v->name, name) != 0) v += v->span;
    return v < end ? v : NULL;
}

bool plt_view_is(const plt_value *v, plt_view_kind kind)
{
    return v && v->kind == kind;
}

bool plt_view_whole(const plt_value *v, uint64_t *n)
{
    uint64_t sum = 0;
    size_t i = 0;
    if (!plt_view_is(v, PLT_VIEW_NUMBER)) return false;
    for (; i < 16 && v->text[i] >= '0' && v->text[i] <= '9'; i++) sum = sum * 10 + (uint64_t)(v->text[i] - '0');
    if (v->text[i]) return plt_json_whole(strtod(v->text, NULL), n);
    *n = sum;
    return sum <= PLT_NUMBER_MAX;
}
