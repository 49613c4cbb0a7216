/* SPDX-License-Identifier: Apache-2.0 */
/* The one form of a receipt's file. What was split is joined again and compared: another spelling of the same is refused. */
#include "core/record/receipt.h"

#include <stdbool.h>
#include <string.h>

#include "core/util/text.h"

#define HEAD "{\"receipt\":"
#define MIDDLE ",\"certificate\":\""
#define SIGNED "\",\"signature\":\""
#define TAIL "\"}\n"

plt_status plt_receipt_join(const char *body, size_t n, const char *certificate, const char *signature, plt_buf *out)
{
    plt_buf_text(out, HEAD);
    plt_buf_add(out, body, n);
    plt_buf_text(out, MIDDLE);
    for (const char *p = certificate; *p; p++) {
        if (*p == '\n')
            plt_buf_text(out, "\\n");
        else
            plt_buf_byte(out, (uint8_t)*p);
    }
    plt_buf_text(out, SIGNED);
    plt_buf_text(out, signature);
    plt_buf_text(out, TAIL);
    return out->status;
}

/* The last place of `what` in text that ends at `end`; NULL: none. */
static const char *last_of(const char *text, const char *end, const char *what)
{
    size_t n = strlen(what);
    if ((size_t)(end - text) < n) return NULL;
    for (const char *p = end - n; p >= text; p--)
        if (memcmp(p, what, n) == 0) return p;
    return NULL;
}

/* A text between two places, without its escaped line ends. */
static bool take(const char *from, const char *to, char *out, size_t size)
{
    size_t n = 0;
    for (; from < to && n + 1 < size; from++) {
        bool end = *from == '\\' && from + 1 < to && from[1] == 'n';
        out[n++] = end ? '\n' : *from;
        from += end;
    }
    out[n] = 0;
    return from == to && strlen(out) == n;
}

/* The one spelling of a signature: its unused bits are none of its own. */
static bool one_spelling(const char *signature)
{
    uint8_t raw[PLT_RECEIPT_SIGNATURE_MAX];
    char again[PLT_RECEIPT_SIGNATURE_MAX * 2];
    size_t n = sizeof raw;
    if (!*signature || !plt_unb64url(raw, &n, signature)) return false;
    plt_b64url(again, raw, n);
    return strcmp(again, signature) == 0;
}

static bool same_form(const char *file, size_t n, const plt_receipt *r)
{
    plt_buf again;
    plt_buf_init(&again, PLT_RECEIPT_MAX);
    plt_receipt_join(r->body, r->body_n, r->certificate, r->signature, &again);
    bool same = again.status == PLT_OK && again.len == n && memcmp(again.data, file, n) == 0;
    plt_buf_free(&again);
    return same;
}

plt_status plt_receipt_split(const char *file, size_t n, plt_receipt *out)
{
    const char *end = file + n;
    memset(out, 0, sizeof *out);
    if (n > PLT_RECEIPT_MAX || n < sizeof HEAD - 1 || memcmp(file, HEAD, sizeof HEAD - 1) != 0) return PLT_BAD;
    out->body = file + sizeof HEAD - 1;
    const char *tail = last_of(out->body, end, TAIL), *sign = tail ? last_of(out->body, tail, SIGNED) : NULL;
    const char *middle = sign ? last_of(out->body, sign, MIDDLE) : NULL;
    if (!middle || tail + sizeof TAIL - 1 != end) return PLT_BAD;
    out->body_n = (size_t)(middle - out->body);
    bool good = take(middle + sizeof MIDDLE - 1, sign, out->certificate, sizeof out->certificate) &&
                take(sign + sizeof SIGNED - 1, tail, out->signature, sizeof out->signature) && one_spelling(out->signature) &&
                same_form(file, n, out);
    return good ? PLT_OK : PLT_BAD;
}
