/* SPDX-License-Identifier: Apache-2.0 */
/* Mail from its parts (RFC 5322, 2045 to 2047, 3834, 2919). Bodies are base64, so that no line is too long and no octet is too high. */
#include "hub/mail.h"

#include <stdio.h>
#include <string.h>

#include <openssl/evp.h>

#include "core/util/text.h"

#define WORD_OCTETS 42 /* of an encoded word: 56 digits, at most 75 characters with what surrounds them */
#define LINE_OCTETS 57 /* 76 digits */
#define DAY_MS INT64_C(86400000)

bool hub_mail_address_valid(const char *s)
{
    const char *at = strchr(s, '@');
    size_t n = strlen(s);
    if (!at || at == s || n > 254 || at - s > 64 || strchr(at + 1, '@') || !at[1] || at[1] == '.' || s[n - 1] == '.') return false;
    for (size_t i = 0; i < n; i++)
        if (s[i] <= 0x20 || s[i] >= 0x7F || strchr("\"(),:;<>[\\]", s[i])) return false;
    return strspn(at + 1, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-") == strlen(at + 1);
}

/* ---- headers ---- */

static void header(plt_buf *b, const char *name, const char *value)
{
    plt_buf_printf(b, "%s: %s\r\n", name, value);
}

/* Short and printable ASCII, and nothing that could be taken for an encoded word. */
static bool simple(const char *s)
{
    size_t n = strlen(s);
    for (size_t i = 0; i < n; i++)
        if (s[i] < 0x20 || s[i] >= 0x7F) return false;
    return n <= 66 && !strstr(s, "=?");
}

/* RFC 2047: words of whole characters, a folded line each. */
static void header_text(plt_buf *b, const char *name, const char *value)
{
    char clean[512], word[WORD_OCTETS * 2];
    plt_utf8_copy(clean, sizeof clean, value, strlen(value));
    if (simple(clean)) {
        header(b, name, clean);
        return;
    }
    plt_buf_printf(b, "%s:", name);
    for (const char *p = clean; *p;) {
        size_t n = plt_utf8_cut(p, strlen(p), WORD_OCTETS);
        if (!n) n = 1;
        EVP_EncodeBlock((uint8_t *)word, (const uint8_t *)p, (int)n);
        p += n;
        plt_buf_printf(b, " =?UTF-8?B?%s?=\r\n", word);
    }
}

static void header_date(plt_buf *b, int64_t at)
{
    static const char days[] = "ThuFriSatSunMonTueWed", months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    char t[PLT_TIME_SIZE];
    plt_time_format(t, at);
    int month = (t[5] - '0') * 10 + t[6] - '0';
    plt_buf_printf(b, "Date: %.3s, %.2s %.3s %.4s %.8s +0000\r\n", days + 3 * (at / DAY_MS % 7), t + 8, months + 3 * (month - 1), t, t + 11);
}

/* ---- bodies ---- */

static void part(plt_buf *b, const char *boundary, const char *type, const char *text)
{
    char line[LINE_OCTETS * 2];
    size_t n = strlen(text);
    plt_buf_printf(b, "--%s\r\nContent-Type: %s; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n", boundary, type);
    for (size_t i = 0; i < n; i += LINE_OCTETS) {
        size_t k = n - i < LINE_OCTETS ? n - i : LINE_OCTETS;
        EVP_EncodeBlock((uint8_t *)line, (const uint8_t *)text + i, (int)k);
        plt_buf_printf(b, "%s\r\n", line);
    }
}

/* Text lines of mail end in CR LF. */
static void lines(plt_buf *b, const char *text)
{
    for (; *text; text++) {
        if (*text == '\n') plt_buf_byte(b, '\r');
        if (*text != '\r') plt_buf_byte(b, (uint8_t)*text);
    }
}

static bool word_valid(const char *s)
{
    return *s && strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") == strlen(s);
}

plt_status hub_mail_write(const hub_letter *l, plt_buf *b)
{
    char boundary[96];
    plt_buf text;
    if (!hub_mail_address_valid(l->from) || !hub_mail_address_valid(l->to) || !word_valid(l->key) || !word_valid(l->language)) return PLT_BAD;
    const char *domain = strchr(l->from, '@') + 1;
    snprintf(boundary, sizeof boundary, "=_platen_%s", l->key);
    header_date(b, l->at);
    plt_buf_printf(b, "From: Platen <%s>\r\nTo: <%s>\r\n", l->from, l->to);
    header_text(b, "Subject", l->subject);
    plt_buf_printf(b, "Message-ID: <%s@%s>\r\nList-ID: Platen alerts <alerts.platen.%s>\r\n", l->key, domain, domain);
    header(b, "Auto-Submitted", "auto-generated");
    header(b, "X-Auto-Response-Suppress", "All");
    header(b, "X-Platen-Delivery", l->key);
    plt_buf_printf(b, "X-Platen-Attempt: %lld\r\n", (long long)l->attempt);
    header(b, "Content-Language", l->language);
    header(b, "MIME-Version", "1.0");
    plt_buf_printf(b, "Content-Type: multipart/alternative; boundary=\"%s\"\r\n\r\n", boundary);
    plt_buf_init(&text, 1u << 20);
    lines(&text, l->text);
    part(b, boundary, "text/plain", plt_buf_str(&text));
    plt_buf_clear(&text);
    lines(&text, l->html);
    part(b, boundary, "text/html", plt_buf_str(&text));
    plt_status status = text.status;
    plt_buf_free(&text);
    plt_buf_printf(b, "--%s--\r\n", boundary);
    return b->status == PLT_OK ? status : b->status;
}
