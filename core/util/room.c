/* SPDX-License-Identifier: Apache-2.0 */
/* Growing by doubling, with the product checked. */
#include "core/util/room.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define LEAST 16

void *plt_room(void *array, size_t n, size_t *cap, size_t size)
{
    if (n < *cap) return array;
    size_t want = *cap ? *cap * 2 : LEAST;
    void *moved = want > *cap && want <= SIZE_MAX / size ? realloc(array, want * size) : NULL;
    if (moved) *cap = want;
    return moved;
}

char *plt_text_copy(const char *s)
{
    if (!s) return NULL;
    size_t n = strlen(s) + 1;
    char *out = malloc(n);
    if (out) memcpy(out, s, n);
    return out;
}
