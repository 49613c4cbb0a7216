/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a policy compares text: folded once, then byte by byte. Version 2 folds by Unicode's simple case folding and a `?` is one
 * character; version 1 folds ASCII and a `?` is one byte. Nothing here allocates or depends on a locale. Private to core/policy.
 */
#ifndef PLATEN_CORE_POLICY_MATCH_H
#define PLATEN_CORE_POLICY_MATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum policy_fold { FOLD_UNICODE, FOLD_ASCII } policy_fold;

/* The most bytes that n bytes fold to: no character of two bytes folds to more than three. */
#define POLICY_FOLDED(n) ((n) + (n) / 2 + 1)

/* Folds s[0..n) into out, which takes POLICY_FOLDED(n) bytes and a terminator; the length. Bytes that are no UTF-8 stay as they are. */
size_t policy_folded(char *out, const char *s, size_t n, policy_fold how);

/* `*` any text, `?` one character (one byte with FOLD_ASCII), both sides folded: at most pattern_n * n steps. */
bool policy_glob(const char *pattern, size_t pattern_n, const char *s, size_t n, policy_fold how);

/* Folded text as its words: " these are words ", one space around each; out takes n + 3 bytes. A word is a run of ASCII letters,
   digits and characters from U+00C0 on that are no space or general punctuation (U+2000..U+206F, U+3000..U+3003). " " if there is none. */
size_t policy_words(char *out, const char *folded, size_t n);

/* FNV-1a. */
uint32_t policy_hash(const char *s, size_t n);

/* Which pairs of neighbouring bytes stand in a text, as 64 hashed bits. What a glob needs and a text lacks rules out a match without looking. */
uint64_t policy_pairs(const char *s, size_t n);
/* The pairs that every match of the glob must have. */
uint64_t policy_glob_pairs(const char *pattern, size_t n);

#endif
