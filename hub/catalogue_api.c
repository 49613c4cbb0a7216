/* SPDX-License-Identifier: Apache-2.0 */
/* Looking at the model catalogue. What an entry does not say is left out, never filled in. */
#include "hub/catalogue_api.h"

#include <stdlib.h>
#include <string.h>

#include "hub/fold.h"
#include "hub/handler.h"

#define PAGE_DEFAULT 100
#define PAGE_MOST 500
#define SEARCH_MAX 512
#define MISSING_MOST 200
#define VERSIONS_DEFAULT 50

static const hub_catalogue_ops *ops_of(const hub_worker *w)
{
    return w->store->ops->catalogue;
}

/* ---- the entries ---- */

/* Does the folded text stand in maker and name? */
static bool wanted(const plt_catalogue_model *m, const plt_buf *search, plt_buf *room)
{
    if (!search->len) return true;
    plt_buf_clear(room);
    hub_fold(room, m->make);
    plt_buf_byte(room, ' ');
    hub_fold(room, m->model);
    return strstr(plt_buf_str(room), plt_buf_str(search)) != NULL;
}

/* Items from the after-th entry on, at most `limit`; the place of the next one, -1 when there is none. */
static int64_t put_items(const plt_catalogue *c, const plt_buf *search, int64_t after, int64_t limit, plt_buf *b, int64_t *count)
{
    const plt_catalogue_model *m;
    int64_t shown = 0, next = -1;
    plt_buf room;
    plt_buf_init(&room, SEARCH_MAX);
    *count = 0;
    for (size_t i = 0; c && (m = plt_catalogue_at(c, i)) != NULL; i++) {
        if (!wanted(m, search, &room)) continue;
        ++*count;
        if ((int64_t)i < after || next >= 0) continue;
        if (shown++ == limit) {
            next = (int64_t)i;
            continue;
        }
        plt_json_comma(b);
        plt_catalogue_put_model(m, b);
    }
    plt_buf_free(&room);
    return next;
}

hub_step hub_api_catalogue(hub_worker *w, hub_task *t)
{
    const plt_catalogue *c;
    hub_catalogue_version v;
    const char *q = hub_query_text(t, "q");
    int64_t after = hub_query_number(t, "after", 0, PLT_CATALOGUE_MODELS), limit = hub_query_number(t, "limit", PAGE_DEFAULT, PAGE_MOST), count;
    if (after < 0 || limit < 0 || (q && strlen(q) > SEARCH_MAX / 2))
        return hub_bad_query(t, "q is at most 256 bytes, after the number of a reply's next, limit a number from 1 to 500.");
    plt_status s = ops_of(w)->current(w->store, &c);
    if (s == PLT_OK || s == PLT_NOTFOUND) s = ops_of(w)->newest(w->store, &v);
    if (s != PLT_OK && s != PLT_NOTFOUND) return hub_store_failed(w, t, s);
    plt_buf search;
    plt_buf_init(&search, SEARCH_MAX);
    if (q) hub_fold(&search, q);
    plt_buf *b = hub_items_begin(t);
    int64_t next = put_items(c, &search, after, limit, b, &count);
    plt_buf_free(&search);
    plt_buf_byte(b, ']');
    plt_json_count(b, "next", next);
    plt_json_count(b, "count", count);
    plt_json_count(b, "version", v.version ? v.version : -1);
    plt_json_count(b, "models", v.models);
    plt_json_text(b, "author", v.author);
    plt_json_text(b, "note", v.note);
    hub_json_time(b, "changed", v.created);
    plt_json_bool(b, "changeable", t->session.scope == HUB_OPERATOR && hub_holds(t->session.rights, HUB_RIGHT_DEVICES_CHANGE));
    plt_buf_byte(b, '}');
    return HUB_DONE;
}

/* ---- models without one ---- */

typedef struct missing {
    const plt_catalogue *c; /* NULL: there is none */
    plt_buf *out;
    int64_t listed, more, without, with;
} missing;

static bool add_missing(void *ctx, const char *make, const char *model, int64_t devices)
{
    missing *m = ctx;
    if (m->c && plt_catalogue_find(m->c, make, model, NULL)) {
        m->with += devices;
        return true;
    }
    m->without += devices;
    if (m->listed == MISSING_MOST) {
        m->more++;
        return true;
    }
    m->listed++;
    plt_json_comma(m->out);
    plt_buf_byte(m->out, '{');
    plt_json_text(m->out, "make", make);
    plt_json_text(m->out, "model", model);
    plt_json_count(m->out, "devices", devices);
    plt_buf_byte(m->out, '}');
    return m->out->status == PLT_OK;
}

hub_step hub_api_catalogue_missing(hub_worker *w, hub_task *t)
{
    missing m = {.c = NULL};
    plt_status s = ops_of(w)->current(w->store, &m.c);
    if (s != PLT_OK && s != PLT_NOTFOUND) return hub_store_failed(w, t, s);
    m.out = hub_items_begin(t);
    s = ops_of(w)->models(w->store, t->session.scope, add_missing, &m);
    plt_buf_byte(m.out, ']');
    plt_json_count(m.out, "more", m.more);
    plt_json_count(m.out, "without", m.without);
    plt_json_count(m.out, "with", m.with);
    plt_buf_byte(m.out, '}');
    return s == PLT_OK ? HUB_DONE : hub_store_failed(w, t, s);
}

/* ---- versions ---- */

static bool add_version(void *ctx, const hub_catalogue_version *v)
{
    plt_buf *b = ctx;
    plt_json_comma(b);
    plt_buf_byte(b, '{');
    hub_json_version(b, v->version, v->created, v->from, v->author, v->note);
    plt_json_count(b, "models", v->models);
    plt_buf_byte(b, '}');
    return b->status == PLT_OK;
}

hub_step hub_api_catalogue_versions(hub_worker *w, hub_task *t)
{
    return hub_items_end(w, t, ops_of(w)->versions(w->store, INT64_MAX, VERSIONS_DEFAULT, add_version, hub_items_begin(t)));
}

hub_step hub_api_catalogue_version(hub_worker *w, hub_task *t)
{
    int64_t version = strtoll(t->in.path_arg[0], NULL, 10);
    plt_buf text;
    plt_buf_init(&text, PLT_CATALOGUE_BYTES + 1);
    plt_status s = ops_of(w)->text(w->store, version, &text);
    hub_step step = hub_reply_version(w, t, s, version, plt_buf_str(&text), "There is no such version of the catalogue");
    plt_buf_free(&text);
    return step;
}

/* ---- on a device's page ---- */

void hub_catalogue_put_entry(plt_buf *b, const plt_catalogue_model *m, const char *by)
{
    plt_json_key(b, "catalogue");
    if (!m) {
        plt_buf_text(b, "null");
        return;
    }
    plt_buf_byte(b, '{');
    plt_json_text(b, "by", by);
    plt_json_key(b, "entry");
    plt_catalogue_put_model(m, b);
    plt_buf_byte(b, '}');
}

void hub_catalogue_put_supply(plt_buf *b, const plt_catalogue_model *m, const plt_device *d, uint32_t row)
{
    plt_catalogue_fit fit;
    int64_t pages;
    plt_catalogue_fit_of(m, d, row, &fit);
    plt_json_key(b, "parts");
    plt_buf_byte(b, '[');
    for (size_t i = 0; i < fit.n; i++) {
        plt_json_comma(b);
        plt_buf_byte(b, '{');
        plt_json_text(b, "part", fit.of[i]->part);
        plt_json_count(b, "yield", fit.of[i]->yield);
        plt_json_text(b, "basis", fit.of[i]->basis);
        plt_buf_byte(b, '}');
    }
    plt_buf_byte(b, ']');
    plt_json_count(b, "pages_left", plt_catalogue_pages_left(&fit, d, row, &pages) ? pages : -1);
}
