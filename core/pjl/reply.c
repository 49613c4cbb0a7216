/* SPDX-License-Identifier: Apache-2.0 */
/* The lenient reader of PJL replies. Pure, bounded by what it is given, allocates nothing. */
#include "core/pjl/reply.h"

#include <stdio.h>
#include <string.h>

#include "core/pjl/pml.h"
#include "core/util/text.h"

#define FF '\f'

static bool blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == 0;
}

static const char *find(const char *p, const char *end, const char *text)
{
    size_t n = strlen(text);
    for (; (size_t)(end - p) >= n; p++)
        if (!memcmp(p, text, n)) return p;
    return NULL;
}

bool plt_pjl_next(const void *data, size_t n, size_t *at, plt_pjl_block *out)
{
    if (*at >= n) return false; /* also when nothing has come and there is no data at all */
    const char *base = data, *end = base + n;
    const char *p = find(base + *at, end, "@PJL");
    if (!p) return false;
    p += 4;
    while (p < end && (*p == ' ' || *p == '\t')) p++;
    const char *eol = p;
    while (eol < end && *eol != '\n' && *eol != '\r' && *eol != FF) eol++;
    const char *head_end = eol;
    while (head_end > p && blank(head_end[-1])) head_end--;
    const char *body = eol;
    while (body < end && (*body == '\r' || *body == '\n')) body++;
    /* The reply ends with its form feed; where that is missing, with the next reply. */
    const char *feed = memchr(body, FF, (size_t)(end - body)), *next = find(body, end, "@PJL");
    const char *stop = feed && (!next || feed < next) ? feed : next ? next : end, *last = stop;
    /* Cut off in the middle of a line (somebody else read the rest): "CODE=1" would be another code than was said. */
    while (stop == next && last > body && last[-1] != '\r' && last[-1] != '\n') last--;
    *out = (plt_pjl_block){p, (size_t)(head_end - p), body, (size_t)(last - body), stop < end};
    *at = (size_t)(stop - base) + (stop == feed ? 1 : 0);
    return true;
}

bool plt_pjl_is(const plt_pjl_block *b, const char *text)
{
    size_t n = strlen(text);
    char head[64];
    if (b->head_len != n || n >= sizeof head) return false;
    memcpy(head, b->head, n);
    head[n] = 0;
    return plt_same(head, text);
}

bool plt_pjl_find_echo(const void *data, size_t n, uint32_t token, size_t *behind)
{
    char want[48];
    plt_pjl_block b;
    size_t at = 0;
    snprintf(want, sizeof want, "ECHO PLATEN %lu", (unsigned long)token);
    while (plt_pjl_next(data, n, &at, &b)) {
        if (!plt_pjl_is(&b, want)) continue;
        *behind = at;
        return true;
    }
    return false;
}

bool plt_pjl_is_info(const plt_pjl_block *b, plt_pjl_info what)
{
    char want[32];
    snprintf(want, sizeof want, "INFO %s", plt_pjl_info_name(what));
    return plt_pjl_is(b, want);
}

/* The body's next line without blanks around it; false at the end. */
static bool next_line(const plt_pjl_block *b, size_t *at, const char **line, size_t *len)
{
    const char *base = b->body, *end = base + b->body_len, *p = base + *at;
    while (p < end && blank(*p)) p++;
    if (p == end) return false;
    const char *stop = p;
    while (stop < end && *stop != '\n' && *stop != '\r') stop++;
    *at = (size_t)(stop - base);
    while (stop > p && blank(stop[-1])) stop--;
    *line = p;
    *len = (size_t)(stop - p);
    return true;
}

/* "?" alone, or in quotes, is how printers say that they do not know a request. */
static bool is_question(const char *p, size_t n)
{
    return (n == 1 && *p == '?') || (n == 3 && !memcmp(p, "\"?\"", 3));
}

static bool number(const char *p, const char *end, uint64_t *out)
{
    uint64_t v = 0;
    const char *first = p;
    for (; p < end && *p >= '0' && *p <= '9'; p++) {
        if (v > 100000000000000u) return false;
        v = v * 10 + (uint64_t)(*p - '0');
    }
    *out = v;
    return p > first;
}

plt_pjl_answer plt_pjl_read_pagecount(const plt_pjl_block *b, uint64_t *out)
{
    const char *line, *end = b->body + b->body_len;
    size_t at = 0, len;
    if (!next_line(b, &at, &line, &len)) return PLT_PJL_NO_ANSWER;
    if (is_question(line, len)) return PLT_PJL_UNSUPPORTED;
    const char *p = find(b->body, end, "PAGECOUNT"), *other = find(b->body, end, "TOTALPAGES");
    if (!p || (other && other < p)) p = other;
    if (!p) p = number(line, line + len, out) ? line : end; /* the number alone */
    /* The value may stand behind blanks, '=', quotes or on the next line, but never behind another name. */
    while (p < end && *p >= 'A' && *p <= 'Z') p++;
    while (p < end && (blank(*p) || *p == '=' || *p == '"' || *p == ':')) p++;
    return number(p, end, out) ? PLT_PJL_ANSWERED : PLT_PJL_NO_ANSWER;
}

static void unquote(const char **p, size_t *n)
{
    if (*n >= 2 && (**p == '"' || **p == '\'') && (*p)[*n - 1] == **p) {
        (*p)++;
        *n -= 2;
    }
    while (*n && blank(**p)) (*p)++, (*n)--;
    while (*n && blank((*p)[*n - 1])) (*n)--;
}

plt_pjl_answer plt_pjl_read_id(const plt_pjl_block *b, char *out, size_t size)
{
    const char *line;
    size_t at = 0, len;
    out[0] = 0;
    if (!next_line(b, &at, &line, &len)) return PLT_PJL_NO_ANSWER;
    if (is_question(line, len)) return PLT_PJL_UNSUPPORTED;
    if (len > 3 && !memcmp(line, "ID=", 3)) line += 3, len -= 3;
    unquote(&line, &len);
    plt_utf8_copy(out, size, line, len);
    return out[0] ? PLT_PJL_ANSWERED : PLT_PJL_NO_ANSWER;
}

/* "[3 ENUMERATED]", "[2 RANGE]" behind a variable says how many lines of values follow. */
static size_t without_bracket(const char *p, size_t n)
{
    if (!n || p[n - 1] != ']') return n;
    for (size_t i = n; i-- > 0;) {
        if (p[i] != '[') continue;
        while (i && blank(p[i - 1])) i--;
        return i;
    }
    return n;
}

bool plt_pjl_next_pair(const plt_pjl_block *b, size_t *at, plt_pjl_pair *out)
{
    const char *line;
    size_t from = *at, len;
    memset(out, 0, sizeof *out);
    if (!next_line(b, at, &line, &len)) return false;
    out->indented = line > b->body + from && (line[-1] == '\t' || line[-1] == ' ');
    const char *sign = memchr(line, '=', len);
    if (!sign) sign = memchr(line, ':', len);
    if (*line == '"' || *line == '\'') sign = NULL;
    const char *value = sign ? sign + 1 : line;
    size_t name_len = sign ? (size_t)(sign - line) : 0, value_len = len - (size_t)(value - line);
    while (name_len && blank(line[name_len - 1])) name_len--;
    value_len = without_bracket(value, value_len);
    while (value_len && blank(*value)) value++, value_len--;
    unquote(&value, &value_len);
    plt_utf8_copy(out->name, sizeof out->name, line, name_len);
    plt_utf8_copy(out->value, sizeof out->value, value, value_len);
    return true;
}

bool plt_pjl_number(const char *text, uint64_t *out)
{
    const char *end = text + strlen(text), *p = text;
    *out = 0;
    while (p < end && *p >= '0' && *p <= '9') p++;
    return p == end && number(text, end, out);
}

bool plt_pjl_is_unsupported(const plt_pjl_block *b)
{
    const char *line;
    size_t at = 0, len;
    return next_line(b, &at, &line, &len) && is_question(line, len);
}

/* "CODE", or "CODE2": true and the code's number. */
static bool is_code(const char *name)
{
    if (strncmp(name, "CODE", 4) != 0) return false;
    return !name[4] || (name[4] >= '0' && name[4] <= '9' && !name[5]);
}

plt_pjl_answer plt_pjl_read_status(const plt_pjl_block *b, plt_pjl_status *out)
{
    plt_pjl_pair pair;
    size_t at = 0;
    uint64_t code;
    memset(out, 0, sizeof *out);
    if (plt_pjl_is_unsupported(b)) return PLT_PJL_UNSUPPORTED;
    while (plt_pjl_next_pair(b, &at, &pair)) {
        if (is_code(pair.name)) {
            if (out->codes < PLT_PJL_CODES_MAX && plt_pjl_number(pair.value, &code) && code <= UINT32_MAX) out->code[out->codes++] = (uint32_t)code;
        } else if (!strcmp(pair.name, "DISPLAY")) {
            plt_copy(out->display, sizeof out->display, pair.value);
        } else if (!strcmp(pair.name, "ONLINE")) {
            out->has_online = pair.value[0] != 0;
            out->online = plt_same(pair.value, "TRUE");
        }
    }
    return out->codes ? PLT_PJL_ANSWERED : PLT_PJL_NO_ANSWER;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* How the reply frames its hex digits varies, so every run of eight or more is tried. */
plt_pjl_answer plt_pjl_read_pml(const plt_pjl_block *b, const uint8_t *oid, size_t oid_len, uint8_t *scratch, size_t scratch_size, uint8_t *type,
                                const uint8_t **value, size_t *len)
{
    const char *line;
    size_t at = 0, line_len;
    while (next_line(b, &at, &line, &line_len)) {
        if (is_question(line, line_len)) return PLT_PJL_UNSUPPORTED;
        for (size_t i = 0; i < line_len; i++) {
            size_t digits = 0, n = 0;
            while (i + digits < line_len && hex_digit(line[i + digits]) >= 0) digits++;
            if (digits < 8) {
                i += digits;
                continue;
            }
            for (; n < digits / 2 && n < scratch_size; n++) scratch[n] = (uint8_t)(hex_digit(line[i + 2 * n]) << 4 | hex_digit(line[i + 2 * n + 1]));
            plt_pml_reply r;
            if (plt_pml_parse(scratch, n, &r) == PLT_OK && r.oid_len == oid_len && !memcmp(r.oid, oid, oid_len)) {
                *type = r.type;
                *value = r.value;
                *len = r.value_len;
                return r.outcome < 0x80 ? PLT_PJL_ANSWERED : PLT_PJL_UNSUPPORTED;
            }
            i += digits;
        }
    }
    return PLT_PJL_NO_ANSWER;
}
