/* SPDX-License-Identifier: Apache-2.0 */
/* Devices from JSON: what is read is written the same way for ever after, and changes put back give what was read. */
#include <string.h>

#include "core/device/device.h"
#include "core/util/text.h"
#include "tests/fuzz/fuzz.h"

#define JSON_MAX (1u << 20)

static void look_at(const plt_device *d)
{
    char room[32];
    EXPECT(d->count * sizeof *d->values + d->pool.len <= d->budget);
    for (size_t i = 0; i < d->count; i++) {
        const plt_value *v = &d->values[i];
        const char *text = plt_value_text(d, v), *raw = plt_value_raw(d, v, room);
        EXPECT(plt_utf8_valid(text, strlen(text)) && strlen(text) <= PLT_TEXT_MAX);
        EXPECT(plt_utf8_valid(raw, strlen(raw)) && strlen(raw) <= PLT_TEXT_MAX);
        EXPECT(v->kind == PLT_IS || v->n == 0);
        EXPECT(plt_device_get(d, (plt_what)v->what, v->row) != NULL);
    }
}

/* Writing, reading and writing again gives the same bytes. */
static void round_trip(const plt_device *d, size_t budget)
{
    char why[128];
    plt_device again;
    plt_buf first, second;
    plt_buf_init(&first, JSON_MAX);
    plt_buf_init(&second, JSON_MAX);
    plt_device_init(&again, budget);
    EXPECT(plt_device_to_json(d, &first) == PLT_OK);
    EXPECT(plt_device_from_json(&again, plt_buf_str(&first), first.len, why, sizeof why) == PLT_OK);
    EXPECT(plt_device_to_json(&again, &second) == PLT_OK);
    EXPECT(!strcmp(plt_buf_str(&first), plt_buf_str(&second)));
    plt_device_free(&again);
    plt_buf_free(&first);
    plt_buf_free(&second);
}

static void changes_of(const plt_device *before, const plt_device *now)
{
    plt_device changes, after;
    plt_device_init(&changes, before->budget * 2);
    plt_device_init(&after, 0);
    EXPECT(plt_device_changes(before, now, &changes) == PLT_OK);
    EXPECT(plt_device_copy(&after, before) == PLT_OK);
    if (plt_device_apply(&after, &changes) == PLT_OK && before->status == PLT_OK) {
        plt_device_changes(&after, now, &changes);
        EXPECT(changes.count == 0);
    }
    plt_device_free(&changes);
    plt_device_free(&after);
}

/* The input: one device, or two around a zero byte. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char why[128];
    plt_device d[2];
    const uint8_t *zero = size ? memchr(data, 0, size) : NULL;
    size_t n = zero ? (size_t)(zero - data) : size, rest = zero ? size - n - 1 : 0;
    size_t budget = size & 1 ? 512 : PLT_DEVICE_BUDGET;
    for (int i = 0; i < 2; i++) plt_device_init(&d[i], budget);
    bool ok = plt_device_from_json(&d[0], (const char *)data, n, why, sizeof why) == PLT_OK;
    EXPECT(ok || why[0]);
    if (zero) ok = plt_device_from_json(&d[1], (const char *)zero + 1, rest, why, sizeof why) == PLT_OK && ok;
    for (int i = 0; i < 2 && ok; i++) {
        look_at(&d[i]);
        round_trip(&d[i], budget);
    }
    if (ok) changes_of(&d[0], &d[1]);
    for (int i = 0; i < 2; i++) plt_device_free(&d[i]);
    return 0;
}
