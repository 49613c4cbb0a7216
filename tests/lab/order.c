/* SPDX-License-Identifier: Apache-2.0 */
/* platen-lab order PATH WORD...: one line to a virtual printer's control socket, its answer on stdout. Exit code 1: not obeyed. */
#include <stdio.h>
#include <string.h>

#include "tests/lab/ask.h"
#include "tests/lab/lab_main.h"

int lab_order_main(int argc, char **argv)
{
    static char out[65536];
    char line[512] = "";
    if (argc < 3) {
        fputs("platen-lab order PATH WORD...: what a virtual printer understands stands in docs/lab.md\n", stderr);
        return 2;
    }
    for (int i = 2; i < argc; i++) {
        size_t n = strlen(line);
        snprintf(line + n, sizeof line - n, "%s%s", argv[i], i + 1 < argc ? " " : "\n");
    }
    size_t n = lab_ask(argv[1], line, out, sizeof out);
    if (!n) fprintf(stderr, "platen-lab: %s: no virtual printer answers there\n", argv[1]);
    fputs(out, stdout);
    return n && strcmp(out, "{\"ok\":0}\n") != 0 ? 0 : 1;
}
