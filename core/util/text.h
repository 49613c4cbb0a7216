/* SPDX-License-Identifier: Apache-2.0 */
/* Small text tools: UTF-8 borders, hex, base64url, RFC 3339 times, globs. Pure, no locale, no clock. */
#ifndef PLATEN_CORE_UTIL_TEXT_H
#define PLATEN_CORE_UTIL_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The longest prefix of s[0..n) that is at most max bytes and ends at a character's border. */
size_t plt_utf8_cut(const char *s, size_t n, size_t max);
bool plt_utf8_valid(const char *s, size_t n);
/* Copies with a terminator, cut at a border; malformed bytes and control characters become '?'. size > 0. */
void plt_utf8_copy(char *out, size_t size, const char *s, size_t n);

/* out takes 2n+1 bytes. */
void plt_hex(char *out, const void *data, size_t n);
/* Reads exactly 2n digits and a terminator; false else. */
bool plt_unhex(void *out, size_t n, const char *hex);

/* RFC 4648 section 5 without padding. Encoding: out takes plt_b64url_size(n) bytes, terminator included. */
size_t plt_b64url_size(size_t n);
void plt_b64url(char *out, const void *data, size_t n);
/* Decodes; *n is the room on entry, the length on return. False on a foreign character or too little room. */
bool plt_unb64url(void *out, size_t *n, const char *text);

/* "2026-01-31T12:34:56.789Z"; out takes PLT_TIME_SIZE bytes. */
#define PLT_TIME_SIZE 32
void plt_time_format(char out[PLT_TIME_SIZE], int64_t unix_ms);
/* RFC 3339 with Z or an offset, fraction optional; also a plain date (midnight UTC). False when malformed. */
bool plt_time_parse(const char *s, int64_t *unix_ms);

/* Bounded copy that always terminates; true when everything fitted. */
bool plt_copy(char *out, size_t size, const char *s);
/* ASCII case-insensitive equality. */
bool plt_same(const char *a, const char *b);
/* '*' and '?' against a whole string, ASCII case-insensitive, at most |pattern| * |s| steps. */
bool plt_glob(const char *pattern, const char *s);

/* Why a text of fields was refused. The first complaint counts. */
typedef struct plt_complaint {
    char *why;
    size_t size;
    bool bad;
} plt_complaint;
/* "field 'name' what". */
void plt_complain(plt_complaint *c, const char *name, const char *what);

/* Does the JSON text nest no deeper than this? Asked before a parser that recurses sees it. */
#define PLT_JSON_DEPTH 32
bool plt_json_shallow(const char *s, size_t n, int max);
#define PLT_NUMBER_MAX 9007199254740991u /* 2^53 - 1: beyond it a JSON number is no exact integer */
/* Is it a whole number from 0 to PLT_NUMBER_MAX? */
bool plt_json_whole(double v, uint64_t *n);

#endif
