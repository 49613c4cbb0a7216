/* SPDX-License-Identifier: Apache-2.0 */
/* Memory that is asked for in many places: room in an array that grows, a text of one's own. The caller frees. */
#ifndef PLATEN_CORE_UTIL_ROOM_H
#define PLATEN_CORE_UTIL_ROOM_H

#include <stddef.h>

/* The array with room behind its n items: as it is, or moved and twice as large, *cap then. NULL without memory: the old one stays the caller's. */
void *plt_room(void *array, size_t n, size_t *cap, size_t size);
/* NULL of NULL, and without memory. */
char *plt_text_copy(const char *s);

#endif
