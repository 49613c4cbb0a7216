/* SPDX-License-Identifier: Apache-2.0 */
/* Recordings: what is read is in order, each name once and lawful; written as snmprec it is read as the same again; an agent finds each object. */
#include "core/snmp/recording.h"
#include "tests/fuzz/fuzz.h"

static void same(const plt_recording *a, const plt_recording *b)
{
    EXPECT(a->count == b->count && b->left_out == 0 && b->repeated == 0);
    for (size_t i = 0; i < a->count; i++) {
        const plt_snmp_var *v = &a->objects[i], *w = &b->objects[i];
        EXPECT(v->type == w->type && plt_octets_same(v->name, w->name) && plt_octets_same(v->value, w->value));
    }
}

static void is_served(plt_recording *r)
{
    plt_serve_object o = {.at = SIZE_MAX};
    plt_octets at = PLT_OID("\0");
    for (size_t i = 0; i < r->count; i++) {
        EXPECT(plt_recording_serve.get(r, r->objects[i].name, &o) == PLT_SERVE_FOUND && o.at == i);
        if (i) EXPECT(plt_recording_serve.next(r, at, &o) == PLT_SERVE_FOUND && o.at == i);
        at = r->objects[i].name;
    }
    EXPECT(r->count == 0 || plt_recording_serve.next(r, at, &o) == PLT_SERVE_END);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    plt_recording r, again;
    plt_buf text;
    plt_status s = plt_recording_read(&r, (const char *)data, size);
    EXPECT((s == PLT_OK) == (r.count > 0) && (r.left_out > 0) == (r.bad_because != NULL) && r.used <= size);
    plt_buf_init(&text, 8 * size + 4096);
    for (size_t i = 0; i < r.count; i++) {
        EXPECT(plt_oid_valid(r.objects[i].name));
        EXPECT(i == 0 || plt_oid_compare(r.objects[i - 1].name, r.objects[i].name) < 0);
        EXPECT(plt_snmprec_put(&text, &r.objects[i]));
    }
    plt_recording_read(&again, (const char *)text.data, text.len);
    same(&r, &again);
    is_served(&r);
    plt_recording_free(&r);
    plt_recording_free(&again);
    plt_buf_free(&text);
    return 0;
}
