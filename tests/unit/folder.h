/* SPDX-License-Identifier: Apache-2.0 */
/* A folder of a test's own, below TMPDIR. */
#ifndef PLATEN_TESTS_UNIT_FOLDER_H
#define PLATEN_TESTS_UNIT_FOLDER_H

#include "os/file.h"

/* Fresh and private; fails the test when it cannot be made. */
void folder_make(char out[OS_PATH_MAX]);
/* Removes what is in it, with the folders in it. */
void folder_empty(const char *dir);
void folder_remove(const char *dir);

#endif
