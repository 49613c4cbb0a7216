/* SPDX-License-Identifier: Apache-2.0 */
/* Held jobs, both ways: what is read stays within its bounds, and is the same after it was written and read again. */
#include <stdlib.h>
#include <string.h>

#include "core/record/held.h"
#include "tests/fuzz/fuzz.h"

static void list(const char *json, size_t n)
{
    plt_held_list *a, *b;
    plt_buf one, two;
    if (plt_held_list_read(json, n, &a) != PLT_OK) return;
    EXPECT(a->seq > 0 && a->n <= PLT_HELD_MOST && a->said_n <= PLT_HELD_MOST);
    plt_buf_init(&one, PLT_HELD_JSON_MAX);
    plt_buf_init(&two, PLT_HELD_JSON_MAX);
    EXPECT(plt_held_list_write(a, &one) == PLT_OK);
    EXPECT(plt_held_list_read(plt_buf_str(&one), one.len, &b) == PLT_OK);
    EXPECT(plt_held_list_write(b, &two) == PLT_OK);
    EXPECT(one.len == two.len && memcmp(one.data, two.data, one.len) == 0);
    plt_buf_free(&one);
    plt_buf_free(&two);
    free(a);
    free(b);
}

static void orders(const char *json, size_t n)
{
    static plt_held_orders a, b;
    plt_buf text;
    if (plt_held_orders_read(json, n, &a) != PLT_OK) return;
    EXPECT(a.seq >= 0 && a.n <= PLT_HELD_MOST);
    plt_buf_init(&text, PLT_HELD_ORDERS_MAX);
    EXPECT(plt_held_orders_write(&a, &text) == PLT_OK);
    EXPECT(plt_held_orders_read(plt_buf_str(&text), text.len, &b) == PLT_OK);
    EXPECT(a.seq == b.seq && a.n == b.n);
    for (size_t i = 0; i < a.n; i++) EXPECT(a.list[i].no == b.list[i].no && a.list[i].act == b.list[i].act && !strcmp(a.list[i].uid, b.list[i].uid));
    plt_buf_free(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int64_t seq;
    bool taken;
    list((const char *)data, size);
    orders((const char *)data, size);
    plt_held_taken_read((const char *)data, size, &seq, &taken);
    return 0;
}
