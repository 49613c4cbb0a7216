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

static void content(plt_buf *b, const void *data, size_t n)
{
    char line[LINE_OCTETS * 2];
    plt_buf_text(b, "Content-Transfer-Encoding: base64\r\n\r\n");
    for (size_t i = 0; i < n; i += LINE_OCTETS) {
        size_t k = n - i < LINE_OCTETS ? n - i : LINE_OCTETS;
        int digits = EVP_EncodeBlock((uint8_t *)line, (const uint8_t *)data + i, (int)k);
        plt_buf_add(b, line, (size_t)digits);
        plt_buf_text(b, "\r\n");
    }
}

static void part(plt_buf *b, const char *boundary, const char *type, const char *text)
{
    plt_buf_printf(b, "--%s\r\nContent-Type: %s; charset=utf-8\r\n", boundary, type);
    content(b, text, strlen(text));
}

/* RFC 2231, in sections that leave lines short: filename*0*=UTF-8''...; whatever is not a plain letter or digit is escaped. */
static void file_name(plt_buf *b, const char *name)
{
    int section = 0;
    for (const char *p = name; *p || section == 0; section++) {
        plt_buf_printf(b, ";\r\n filename*%d*=%s", section, section ? "" : "UTF-8''");
        for (size_t used = 0; *p && used < 54; p++) {
            unsigned char c = (unsigned char)*p;
            bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.' || c == '_';
            plt_buf_printf(b, plain ? "%c" : "%%%02X", c);
            used += plain ? 1 : 3;
        }
    }
    plt_buf_text(b, "\r\n");
}

static void attach(plt_buf *b, const char *boundary, const hub_attachment *f)
{
    plt_buf_printf(b, "--%s\r\nContent-Type: %s\r\nContent-Disposition: attachment", boundary, f->type);
    file_name(b, f->name);
    content(b, f->data, f->n);
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

/* Both forms of the text, of which a reader shows one. */
static plt_status texts(plt_buf *b, const char *boundary, const hub_letter *l)
{
    plt_buf text;
    plt_buf_printf(b, "Content-Type: multipart/alternative; boundary=\"%s\"\r\n\r\n", boundary);
    plt_buf_init(&text, 1u << 20);
    lines(&text, l->text);
    part(b, boundary, "text/plain", plt_buf_str(&text));
    plt_buf_clear(&text);
    lines(&text, l->html);
    part(b, boundary, "text/html", plt_buf_str(&text));
    plt_buf_printf(b, "--%s--\r\n", boundary);
    plt_status status = text.status;
    plt_buf_free(&text);
    return status;
}

plt_status hub_mail_write(const hub_letter *l, plt_buf *b)
{
    char boundary[96], outer[96];
    if (!hub_mail_address_valid(l->from) || !hub_mail_address_valid(l->to) || !word_valid(l->key) || !word_valid(l->language) || !word_valid(l->list))
        return PLT_BAD;
    const char *domain = strchr(l->from, '@') + 1;
    snprintf(boundary, sizeof boundary, "=_platen_%s", l->key);
    snprintf(outer, sizeof outer, "=_platen_file_%s", l->key);
    header_date(b, l->at);
    plt_buf_printf(b, "From: Platen <%s>\r\nTo: <%s>\r\n", l->from, l->to);
    header_text(b, "Subject", l->subject);
    plt_buf_printf(b, "Message-ID: <%s@%s>\r\nList-ID: Platen %s <%s.platen.%s>\r\n", l->key, domain, l->list, l->list, domain);
    header(b, "Auto-Submitted", "auto-generated");
    header(b, "X-Auto-Response-Suppress", "All");
    header(b, "X-Platen-Delivery", l->key);
    plt_buf_printf(b, "X-Platen-Attempt: %lld\r\n", (long long)l->attempt);
    header(b, "Content-Language", l->language);
    header(b, "MIME-Version", "1.0");
    if (l->file) plt_buf_printf(b, "Content-Type: multipart/mixed; boundary=\"%s\"\r\n\r\n--%s\r\n", outer, outer);
    plt_status status = texts(b, boundary, l);
    if (l->file) {
        attach(b, outer, l->file);
        plt_buf_printf(b, "--%s--\r\n", outer);
    }
    return b->status == PLT_OK ? status : b->status;
}
