/* SPDX-License-Identifier: Apache-2.0 */
/* Names as people sort them: without the case of letters, and numbers in them by what they are worth: PC-9 before PC-10, 0.9 before 0.10. Pure. */
#ifndef PLATEN_HUB_NATURAL_H
#define PLATEN_HUB_NATURAL_H

#include <stddef.h>

/* A text whose bytes order as `name` does; cut where it does not fit, at the end of a character. */
void hub_natural_key(char *out, size_t size, const char *name);

#endif
