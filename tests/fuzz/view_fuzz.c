/* SPDX-License-Identifier: Apache-2.0 */
/* JSON text that is read without a tree: the same as cJSON makes of it, or refused. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/view_peer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    plt_view v;
    char *text = malloc(size ? size : 1); /* of its own, so that a read behind its end is seen */
    if (!text) return 0;
    memcpy(text, data, size);
    plt_view_init(&v);
    const char *why = view_peer_complaint(&v, text, size);
    plt_view_free(&v);
    free(text);
    if (!why) return 0;
    fprintf(stderr, "%s\n", why);
    abort();
}
