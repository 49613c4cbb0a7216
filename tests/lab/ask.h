/* SPDX-License-Identifier: Apache-2.0 */
/* The client's side of a virtual printer's control socket. */
#ifndef PLATEN_LAB_ASK_H
#define PLATEN_LAB_ASK_H

#include <stddef.h>

/* A connection to a socket file; -1 none. */
int lab_connect(const char *path);
/* One line (with its end) there, the answer's line into `out`. Its length; 0: nobody answers within five seconds. */
size_t lab_ask(const char *path, const char *line, char *out, size_t size);

#endif
