/* SPDX-License-Identifier: Apache-2.0 */
/* Command lines of lab programs: --name VALUE and --name, anywhere. Tools may die on bad arguments. */
#ifndef PLATEN_LAB_ARGS_H
#define PLATEN_LAB_ARGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

const char *lab_option(int argc, char **argv, const char *name, const char *otherwise);
long lab_number(int argc, char **argv, const char *name, long otherwise);
bool lab_flag(int argc, char **argv, const char *name);
/* The n-th argument that is no option; `valued` lists the options that take a value, ended by NULL. NULL: no more. */
const char *lab_positional(int argc, char **argv, const char *const valued[], int n);
/* Escapes text for a JSON string; cut to size. */
void lab_json(char *out, size_t size, const char *s);

/* Microseconds since 1970, finer than the product's clock: comparable between a Windows program under Wine and a native one. */
uint64_t lab_utc_us(void);

#endif
