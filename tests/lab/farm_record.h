/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The requests that the farm's first devices got, in their order: with one device of each shape at the front, this is what a collector
 * asks of each kind of printer. scan_bare replays them.
 */
#ifndef PLATEN_LAB_FARM_RECORD_H
#define PLATEN_LAB_FARM_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

void farm_record_write(FILE *to, uint32_t device, bool answered, const uint8_t *bytes, size_t n);

typedef bool (*farm_record_each)(void *arg, uint32_t device, bool answered, const uint8_t *bytes, size_t n);
/* False: unreadable, malformed, or `each` gave false. */
bool farm_record_read(const char *path, farm_record_each each, void *arg);

#endif
