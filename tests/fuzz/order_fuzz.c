/* SPDX-License-Identifier: Apache-2.0 */
/* Orders to read, both ways: what is read stays within its bounds, and is the same after it was written and read again. */
#include <string.h>

#include "core/record/order.h"
#include "tests/fuzz/fuzz.h"

static void report(const char *json, size_t n)
{
    plt_order a, b;
    plt_buf text;
    if (plt_order_report_read(json, n, &a) != PLT_OK) return;
    EXPECT(a.no > 0 && a.printers >= 0 && a.state >= PLT_ORDER_READING && a.state < PLT_ORDER_EXPIRED && strlen(a.reason) < PLT_ORDER_REASON);
    plt_buf_init(&text, PLT_ORDER_JSON_MAX);
    EXPECT(plt_order_report_write(&a, &text) == PLT_OK);
    EXPECT(plt_order_report_read(plt_buf_str(&text), text.len, &b) == PLT_OK);
    EXPECT(a.no == b.no && a.state == b.state && a.printers == b.printers && strcmp(a.reason, b.reason) == 0);
    plt_buf_free(&text);
}

static void list(const char *json, size_t n)
{
    plt_order a[PLT_ORDER_KINDS], b[PLT_ORDER_KINDS];
    size_t count = 0, again = 0;
    plt_buf text;
    if (plt_order_list_read(json, n, a, &count) != PLT_OK) return;
    EXPECT(count <= PLT_ORDER_KINDS);
    plt_buf_init(&text, PLT_ORDER_JSON_MAX);
    EXPECT(plt_order_list_write(a, count, &text) == PLT_OK);
    EXPECT(plt_order_list_read(plt_buf_str(&text), text.len, b, &again) == PLT_OK);
    EXPECT(again == count && memcmp(a, b, sizeof a) == 0);
    plt_buf_free(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    report((const char *)data, size);
    list((const char *)data, size);
    return 0;
}
