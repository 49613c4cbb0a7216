/* SPDX-License-Identifier: Apache-2.0 */
/* The model catalogue: a document that is read is the same after it was written and read again, and each model is found by its own name. */
#include <string.h>

#include "core/device/catalogue.h"
#include "tests/fuzz/fuzz.h"

static void find_each(const plt_catalogue *c)
{
    const plt_catalogue_model *m;
    for (size_t i = 0; (m = plt_catalogue_at(c, i)) != NULL; i++) {
        EXPECT(plt_catalogue_named(c, m->make, m->model) == m);
        EXPECT(plt_catalogue_find(c, m->make, m->model, NULL) == m);
        for (size_t k = 0; k < m->name_count; k++) EXPECT(strlen(m->names[k]) <= PLT_CATALOGUE_TEXT);
        EXPECT(m->ppm == -1 || (m->ppm > 0 && m->ppm <= 5000));
        EXPECT(m->name_count <= PLT_CATALOGUE_NAMES && m->supply_count <= PLT_CATALOGUE_SUPPLIES);
    }
}

/* What a printer says comes from the same bytes: they may be any. */
static void find_any(const plt_catalogue *c, const uint8_t *data, size_t size)
{
    char make[64], model[PLT_TEXT_MAX + 1];
    plt_utf8_copy(make, sizeof make, (const char *)data, size);
    plt_utf8_copy(model, sizeof model, (const char *)data + size / 2, size - size / 2);
    plt_catalogue_find(c, make, model, NULL);
    plt_catalogue_find(c, "", model, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char error[PLT_CATALOGUE_ERROR];
    plt_catalogue *c, *again;
    plt_buf one, two;
    if (plt_catalogue_read(&c, (const char *)data, size, error) != PLT_OK) {
        EXPECT(!c && *error && strlen(error) < sizeof error);
        return 0;
    }
    plt_buf_init(&one, 2 * PLT_CATALOGUE_BYTES);
    plt_buf_init(&two, 2 * PLT_CATALOGUE_BYTES);
    plt_catalogue_write(c, plt_catalogue_version(c), &one);
    EXPECT(one.status == PLT_OK);
    EXPECT(plt_catalogue_read(&again, plt_buf_str(&one), one.len, error) == PLT_OK);
    plt_catalogue_write(again, plt_catalogue_version(again), &two);
    EXPECT(one.len == two.len && memcmp(plt_buf_str(&one), plt_buf_str(&two), one.len) == 0);
    find_each(c);
    find_any(c, data, size);
    plt_catalogue_free(again);
    plt_catalogue_free(c);
    plt_buf_free(&one);
    plt_buf_free(&two);
    return 0;
}
