/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Changing the model catalogue: by a document, by an earlier version, by the starter set, by one model. Each way ends in a whole document that the
 * catalogue's own reader takes, and in a further version; nothing changes the one that is in force in its place.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"
#include "hub/catalogue_api.h"
#include "hub/handler.h"

typedef struct change {
    int64_t on; /* the version that is in force; 0: none */
    hub_catalogue_version v;
} change;

static const hub_catalogue_ops *ops_of(const hub_store *s)
{
    return s->ops->catalogue;
}

static hub_step in_between(hub_task *t)
{
    hub_problem(&t->out, 409, "catalogue-changed", "Somebody else changed the catalogue in the meantime", NULL,
                "Load the catalogue again and repeat the change.");
    return HUB_DONE;
}

hub_step hub_catalogue_invalid(hub_task *t, const char *error)
{
    hub_problem(&t->out, 422, "catalogue-invalid", "The catalogue cannot be used", error, "docs/catalogue.md has the form.");
    return HUB_DONE;
}

static plt_status write_catalogue(hub_store *s, hub_task *t, int64_t now)
{
    change *c = t->more;
    c->v.created = now;
    plt_status status = ops_of(s)->add(s, c->on, &c->v, plt_buf_str(&t->plain));
    if (status == PLT_EXISTS) in_between(t);
    return status;
}

/* The first steps of all: whose it is to change, and what is in force. HUB_WRITE: go on. */
static hub_step begin(hub_worker *w, hub_task *t, const cJSON *o)
{
    change *c = calloc(1, sizeof *c);
    hub_catalogue_version now;
    const char *note = hub_json_get(o, "note");
    int64_t on = hub_json_whole(o, "on");
    t->more = c;
    if (!c) return hub_store_failed(w, t, PLT_NOMEM);
    if (t->session.scope != HUB_OPERATOR) {
        hub_problem(&t->out, 403, "beyond-own", "The catalogue is the operator's", "It serves every tenant of this hub.",
                    "Ask the operator of the hub.");
        return HUB_DONE;
    }
    if (!o) return hub_bad_request(t, "The body is no JSON object.");
    plt_status s = ops_of(w->store)->newest(w->store, &now);
    if (s != PLT_OK && s != PLT_NOTFOUND) return hub_store_failed(w, t, s);
    c->on = now.version;
    if (on >= 0 && on != c->on) return in_between(t);
    plt_copy(c->v.author, sizeof c->v.author, t->session.name);
    if (note) plt_utf8_copy(c->v.note, sizeof c->v.note, note, strlen(note));
    return HUB_WRITE;
}

/* A document that was read, in force under its number. */
static hub_step put_in_force(hub_worker *w, hub_task *t, const plt_catalogue *read, int64_t version, const char *what)
{
    change *c = t->more;
    plt_buf_free(&t->plain);
    plt_buf_init(&t->plain, PLT_CATALOGUE_BYTES);
    plt_catalogue_write(read, version, &t->plain);
    if (t->plain.status == PLT_FULL) return hub_catalogue_invalid(t, "the document is larger than 2 MiB");
    if (t->plain.status != PLT_OK) return hub_store_failed(w, t, t->plain.status);
    c->v.version = version;
    while (plt_catalogue_at(read, (size_t)c->v.models)) c->v.models++;
    snprintf(t->detail, sizeof t->detail, "version %" PRId64 ", %" PRId64 " models%s%.150s", version, c->v.models, *what ? ": " : "", what);
    plt_buf *b = hub_reply_json(&t->out);
    plt_buf_byte(b, '{');
    plt_json_count(b, "version", version);
    plt_json_count(b, "models", c->v.models);
    plt_buf_byte(b, '}');
    t->write = write_catalogue;
    return HUB_WRITE;
}

/* The catalogue in force without the model `was`, and with the further ones (`more`: objects with commas between them, NULL: none) behind the others.
 */
static hub_step compose(hub_worker *w, hub_task *t, const plt_catalogue *now, const plt_catalogue_model *was, const char *more, const char *what)
{
    const change *c = t->more;
    const plt_catalogue_model *m;
    char error[PLT_CATALOGUE_ERROR];
    plt_catalogue *read = NULL;
    plt_buf text;
    plt_buf_init(&text, PLT_CATALOGUE_BYTES + 1);
    plt_catalogue_begin(&text, c->on + 1);
    for (size_t i = 0; now && (m = plt_catalogue_at(now, i)) != NULL; i++) {
        if (m == was) continue;
        plt_json_comma(&text);
        plt_buf_byte(&text, '\n');
        plt_catalogue_put_model(m, &text);
    }
    if (more) {
        plt_json_comma(&text);
        plt_buf_byte(&text, '\n');
        plt_buf_text(&text, more);
    }
    plt_catalogue_end(&text);
    plt_status s = text.status == PLT_OK ? plt_catalogue_read(&read, plt_buf_str(&text), text.len, error) : text.status;
    hub_step step = s == PLT_FULL  ? hub_catalogue_invalid(t, "the document is larger than 2 MiB")
                    : s == PLT_BAD ? hub_catalogue_invalid(t, error)
                    : s != PLT_OK  ? hub_store_failed(w, t, s)
                                   : put_in_force(w, t, read, c->on + 1, what);
    plt_catalogue_free(read);
    plt_buf_free(&text);
    return step;
}

/* ---- a document ---- */

static hub_step older(hub_task *t, int64_t version, int64_t in_force)
{
    char detail[160];
    snprintf(detail, sizeof detail, "The document is version %" PRId64 ", and version %" PRId64 " is in force.", version, in_force);
    hub_problem(&t->out, 409, "catalogue-older", "The document is not newer than the catalogue", detail,
                "Import it as an older one if that is what you want: it becomes the next version.");
    return HUB_DONE;
}

static hub_step take_document(hub_worker *w, hub_task *t, const plt_buf *text, bool any)
{
    const change *c = t->more;
    char error[PLT_CATALOGUE_ERROR], what[64] = "";
    plt_catalogue *read;
    plt_status s = plt_catalogue_read(&read, plt_buf_str(text), text->len, error);
    if (s == PLT_BAD) return hub_catalogue_invalid(t, error);
    if (s != PLT_OK) return hub_store_failed(w, t, s);
    int64_t version = plt_catalogue_version(read);
    if (c->v.from) snprintf(what, sizeof what, "as version %" PRId64 " was", c->v.from);
    bool newer = version > c->on && version <= PLT_CATALOGUE_VERSION;
    hub_step step = !newer && !any ? older(t, version, c->on) : put_in_force(w, t, read, newer && !c->v.from ? version : c->on + 1, what);
    plt_catalogue_free(read);
    return step;
}

/* What the catalogue lacks of the starter set, behind its own models. */
static hub_step take_starter(hub_worker *w, hub_task *t)
{
    change *c = t->more;
    char error[PLT_CATALOGUE_ERROR], date[HUB_CATALOGUE_DATE], what[64];
    const plt_catalogue *now;
    const plt_catalogue_model *m;
    const plt_buf *text;
    plt_catalogue *starter;
    plt_buf more;
    plt_status s = ops_of(w->store)->current(w->store, &now);
    if (s != PLT_OK && s != PLT_NOTFOUND) return hub_store_failed(w, t, s);
    if ((now ? plt_catalogue_version(now) : 0) != c->on) return in_between(t);
    s = hub_catalogue_starter(w, &starter, &text, error);
    if (s == PLT_NOTFOUND) return hub_not_there(t, "No starter set comes with this hub");
    if (s == PLT_BAD) return hub_catalogue_invalid(t, error);
    if (s != PLT_OK) return hub_store_failed(w, t, s);
    plt_buf_init(&more, PLT_CATALOGUE_BYTES);
    for (size_t i = 0; (m = plt_catalogue_at(starter, i)) != NULL; i++) {
        if (!hub_catalogue_lacks(now, m)) continue;
        if (more.len) plt_buf_text(&more, ",\n");
        plt_catalogue_put_model(m, &more);
    }
    hub_catalogue_starter_date(starter, date);
    snprintf(what, sizeof what, "starter set %s", date);
    if (!*c->v.note) plt_copy(c->v.note, sizeof c->v.note, what);
    hub_step step = HUB_DONE;
    if (more.status != PLT_OK)
        step = hub_store_failed(w, t, more.status);
    else if (more.len)
        step = compose(w, t, now, NULL, plt_buf_str(&more), what);
    else
        hub_problem(&t->out, 409, "catalogue-same", "The catalogue lacks nothing of the starter set", NULL, "Nothing is to be done.");
    plt_buf_free(&more);
    plt_catalogue_free(starter);
    return step;
}

hub_step hub_api_catalogue_put(hub_worker *w, hub_task *t)
{
    cJSON *o = hub_json_read(plt_buf_str(&t->in.body), t->in.body.len);
    const char *given = hub_json_get(o, "text");
    int64_t from = hub_json_whole(o, "from");
    bool any = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(o, "older")) || from > 0;
    bool starter = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(o, "starter"));
    plt_buf text;
    plt_buf_init(&text, PLT_CATALOGUE_BYTES + 1);
    hub_step step = begin(w, t, o);
    if (step == HUB_WRITE && (given != NULL) + (from > 0) + starter != 1)
        step = hub_bad_request(t, "It takes text, a document of at most 2 MiB, or from, the number of an earlier version, or starter, true.");
    else if (step == HUB_WRITE && starter)
        step = take_starter(w, t);
    else if (step == HUB_WRITE) {
        plt_status s = PLT_OK;
        if (from > 0)
            s = ops_of(w->store)->text(w->store, ((change *)t->more)->v.from = from, &text);
        else
            plt_buf_text(&text, given);
        step = s == PLT_NOTFOUND         ? hub_not_there(t, "There is no such version of the catalogue")
               : s != PLT_OK             ? hub_store_failed(w, t, s)
               : text.status == PLT_FULL ? hub_catalogue_invalid(t, "the document is larger than 2 MiB")
               : text.status != PLT_OK   ? hub_store_failed(w, t, text.status)
                                         : take_document(w, t, &text, any);
    }
    plt_buf_free(&text);
    cJSON_Delete(o);
    return step;
}

/* ---- one model ---- */

static hub_step change_model(hub_worker *w, hub_task *t, const cJSON *was, const cJSON *model)
{
    const change *c = t->more;
    const char *make = hub_json_get(was, "make"), *name = hub_json_get(was, "model");
    const plt_catalogue *now;
    const plt_catalogue_model *old = NULL;
    char what[160];
    plt_status s = ops_of(w->store)->current(w->store, &now);
    if (s != PLT_OK && s != PLT_NOTFOUND) return hub_store_failed(w, t, s);
    if ((now ? plt_catalogue_version(now) : 0) != c->on) return in_between(t);
    if (was && now && make && name) old = plt_catalogue_named(now, make, name);
    if (was && !old) return hub_not_there(t, "The catalogue has no such model");
    char *text = model ? cJSON_PrintUnformatted(model) : NULL;
    if (model && !text) return hub_store_failed(w, t, PLT_NOMEM);
    if (!model) make = old->make, name = old->model;
    if (model) make = hub_json_get(model, "make"), name = hub_json_get(model, "model");
    snprintf(what, sizeof what, "%s%.60s %.60s", model ? "" : "without ", make ? make : "", name ? name : "");
    hub_step step = compose(w, t, now, old, text, what);
    cJSON_free(text);
    return step;
}

hub_step hub_api_catalogue_model_put(hub_worker *w, hub_task *t)
{
    cJSON *o = hub_json_read(plt_buf_str(&t->in.body), t->in.body.len);
    const cJSON *was = cJSON_GetObjectItemCaseSensitive(o, "was"), *model = cJSON_GetObjectItemCaseSensitive(o, "model");
    hub_step step = begin(w, t, o);
    if (cJSON_IsNull(was)) was = NULL;
    if (step == HUB_WRITE && (!cJSON_IsObject(model) || (was && !cJSON_IsObject(was))))
        step = hub_bad_request(t, "model is the model as an object; was, if it is there, has make and model of the one it replaces.");
    else if (step == HUB_WRITE)
        step = change_model(w, t, was, model);
    cJSON_Delete(o);
    return step;
}

hub_step hub_api_catalogue_model_drop(hub_worker *w, hub_task *t)
{
    cJSON *o = hub_json_read(plt_buf_str(&t->in.body), t->in.body.len);
    hub_step step = begin(w, t, o);
    if (step == HUB_WRITE) step = change_model(w, t, o, NULL);
    cJSON_Delete(o);
    return step;
}
