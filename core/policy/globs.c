/* SPDX-License-Identifier: Apache-2.0 */
/* Inclusion and disjointness of globs, by their shape. */
#include "core/policy/globs.h"

#include <string.h>

/* Bytes of the character at s: what one `?` stands for. */
static size_t step(const plt_policy *p, const char *s, size_t n)
{
    size_t len = 1;
    while (p->fold == FOLD_UNICODE && len < n && ((unsigned char)s[len] & 0xC0) == 0x80) len++;
    return len;
}

/* b is matched against a's own letters: a's `*` is only taken by b's `*`, a's `?` by `?` or `*`. */
bool policy_glob_within(const plt_policy *p, const policy_pattern *a, const policy_pattern *b)
{
    const char *s = p->pool + a->text, *pattern = p->pool + b->text;
    size_t n = a->n, m = b->n, i = 0, k = 0, star = SIZE_MAX, mark = 0;
    while (i < n) {
        if (k < m && pattern[k] == '*') {
            star = k++;
            mark = i;
        } else if (k < m && pattern[k] == '?' && s[i] != '*') {
            k++;
            i += step(p, s + i, n - i);
        } else if (k < m && pattern[k] == s[i] && s[i] != '?') {
            k++;
            i++;
        } else if (star != SIZE_MAX) {
            k = star + 1;
            mark += step(p, s + mark, n - mark);
            i = mark;
        } else {
            return false;
        }
    }
    while (k < m && pattern[k] == '*') k++;
    return k == m;
}

/* Both begin with so many characters that are no stars; do two of them differ? */
static bool heads_differ(const plt_policy *p, const policy_pattern *a, const policy_pattern *b)
{
    const char *x = p->pool + a->text, *y = p->pool + b->text;
    size_t i = 0, k = 0;
    while (i < a->n && k < b->n && x[i] != '*' && y[k] != '*') {
        size_t di = step(p, x + i, a->n - i), dk = step(p, y + k, b->n - k);
        if (x[i] != '?' && y[k] != '?' && (di != dk || memcmp(x + i, y + k, di) != 0)) return true;
        i += di;
        k += dk;
    }
    bool a_ends = i == a->n, b_ends = k == b->n;
    if (a_ends && b_ends) return false;
    return (a_ends && y[k] != '*') || (b_ends && x[i] != '*'); /* one is over, the other wants more */
}

static bool tails_differ(const plt_policy *p, const policy_pattern *a, const policy_pattern *b)
{
    const char *x = p->pool + a->text, *y = p->pool + b->text;
    size_t i = a->n, k = b->n;
    while (i && k && x[i - 1] != '*' && x[i - 1] != '?' && y[k - 1] != '*' && y[k - 1] != '?') {
        if (x[i - 1] != y[k - 1]) return true;
        i--;
        k--;
    }
    return false;
}

bool policy_globs_apart(const plt_policy *p, const policy_pattern *a, const policy_pattern *b)
{
    return heads_differ(p, a, b) || tails_differ(p, a, b);
}
