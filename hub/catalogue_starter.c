/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The starter set of the model catalogue (docs/catalogue.md): a document that comes with the console's files. It only adds: what the catalogue has,
 * for any name of a model, stays as it is.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "hub/catalogue_api.h"
#include "hub/handler.h"

#define STARTER "/catalogue-starter.json"

plt_status hub_catalogue_starter(const hub_worker *w, plt_catalogue **out, const plt_buf **text, char error[PLT_CATALOGUE_ERROR])
{
    *out = NULL;
    *text = hub_assets_file(w->hub->assets, STARTER);
    return *text ? plt_catalogue_read(out, plt_buf_str(*text), (*text)->len, error) : PLT_NOTFOUND;
}

void hub_catalogue_starter_date(const plt_catalogue *starter, char out[HUB_CATALOGUE_DATE])
{
    int64_t n = plt_catalogue_version(starter);
    snprintf(out, HUB_CATALOGUE_DATE, "%04" PRId64 "-%02" PRId64 "-%02" PRId64, n / 10000, n / 100 % 100, n % 100);
}

bool hub_catalogue_lacks(const plt_catalogue *now, const plt_catalogue_model *m)
{
    char name[PLT_CATALOGUE_TEXT + 1];
    if (!now) return true;
    if (plt_catalogue_find(now, m->make, m->model, NULL)) return false;
    for (size_t i = 0; i < m->name_count; i++) {
        snprintf(name, sizeof name, "%.*s", (int)strcspn(m->names[i], "*"), m->names[i]);
        if (plt_catalogue_find(now, m->make, name, NULL)) return false;
    }
    return true;
}

hub_step hub_api_catalogue_starter(hub_worker *w, hub_task *t)
{
    char error[PLT_CATALOGUE_ERROR], date[HUB_CATALOGUE_DATE] = "";
    const plt_catalogue *now;
    const plt_catalogue_model *m;
    const plt_buf *text;
    plt_catalogue *starter;
    int64_t models = 0, missing = 0;
    plt_status s = w->store->ops->catalogue->current(w->store, &now);
    if (s != PLT_OK && s != PLT_NOTFOUND) return hub_store_failed(w, t, s);
    s = hub_catalogue_starter(w, &starter, &text, error);
    if (s == PLT_BAD) return hub_catalogue_invalid(t, error);
    if (s != PLT_OK && s != PLT_NOTFOUND) return hub_store_failed(w, t, s);
    while (starter && (m = plt_catalogue_at(starter, (size_t)models)) != NULL) {
        models++;
        missing += hub_catalogue_lacks(now, m);
    }
    if (starter) hub_catalogue_starter_date(starter, date);
    plt_buf *b = hub_reply_json(&t->out);
    plt_buf_byte(b, '{');
    plt_json_text(b, "date", starter ? date : NULL);
    plt_json_count(b, "models", models);
    plt_json_count(b, "missing", missing);
    plt_json_text(b, "text", starter ? plt_buf_str(text) : NULL);
    plt_buf_byte(b, '}');
    plt_catalogue_free(starter);
    return HUB_DONE;
}
