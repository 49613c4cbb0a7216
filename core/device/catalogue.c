/* SPDX-License-Identifier: Apache-2.0 */
/* What a catalogue is asked. It must never say of a printer what the document does not say of its model. */
#include "core/device/catalogue_inner.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/device/identity.h"
#include "core/util/json.h"
#include "core/util/text.h"

void plt_catalogue_free(plt_catalogue *c)
{
    if (!c) return;
    free(c->models);
    free(c->order);
    free(c->names);
    free(c->supplies);
    free(c->keys);
    free(c->pool);
    free(c);
}

int64_t plt_catalogue_version(const plt_catalogue *c)
{
    return c->version;
}

const plt_catalogue_model *plt_catalogue_at(const plt_catalogue *c, size_t at)
{
    return at < c->count ? c->order[at] : NULL;
}

/* ---- recognising ---- */

static bool of_maker(const char *make, const char *word)
{
    plt_identity id;
    plt_identity_make(&id, word, NULL, NULL, NULL, NULL);
    return *make && strcmp(id.make, make) == 0;
}

/* Behind the maker's words at the beginning: "HP LaserJet", "KONICA MINOLTA bizhub". A name that is nothing else stays. */
static const char *behind_maker(const char *make, const char *model)
{
    const char *rest = model + strspn(model, " ");
    while (of_maker(make, rest)) {
        const char *next = rest + strcspn(rest, " ");
        next += strspn(next, " ");
        if (!*next) break;
        rest = next;
    }
    return rest;
}

bool catalogue_fold(char out[CATALOGUE_FOLDED], const char *make, const char *model)
{
    plt_identity id;
    size_t n = 0;
    plt_identity_make(&id, make, NULL, NULL, NULL, NULL);
    for (const char *p = behind_maker(id.make, model); *p; p++) {
        if (*p == ' ' && (p[1] == ' ' || p[1] == 0)) continue;
        if (n == CATALOGUE_FOLDED - 1) return false;
        out[n++] = *p >= 'A' && *p <= 'Z' ? (char)(*p - 'A' + 'a') : *p;
    }
    out[n] = 0;
    return true;
}

int catalogue_compare(const void *a, const void *b)
{
    const catalogue_key *x = a, *y = b;
    int by = strcmp(x->make, y->make);
    if (!by) by = strcmp(x->text, y->text);
    return by ? by : (int)x->begins - (int)y->begins;
}

static const catalogue_key *look(const plt_catalogue *c, const char *make, const char *text, bool begins)
{
    const catalogue_key key = {.make = make, .text = text, .begins = begins};
    return c->key_count ? bsearch(&key, c->keys, c->key_count, sizeof key, catalogue_compare) : NULL;
}

const plt_catalogue_model *plt_catalogue_find(const plt_catalogue *c, const char *make, const char *model, const char **by)
{
    char text[CATALOGUE_FOLDED];
    plt_identity id;
    plt_identity_make(&id, *make ? make : model, NULL, NULL, NULL, NULL); /* without a maker, the name's first word may be it */
    if (!catalogue_fold(text, id.make, model)) return NULL;
    const catalogue_key *k = look(c, id.make, text, false);
    for (size_t n = strlen(text); !k && n; n--) {
        text[n] = 0;
        k = look(c, id.make, text, true);
    }
    if (by) *by = k ? k->said : "";
    return k ? k->model : NULL;
}

const plt_catalogue_model *plt_catalogue_named(const plt_catalogue *c, const char *make, const char *model)
{
    char text[CATALOGUE_FOLDED], own[CATALOGUE_FOLDED];
    plt_identity id;
    plt_identity_make(&id, make, NULL, NULL, NULL, NULL);
    const catalogue_key *k = catalogue_fold(text, make, model) ? look(c, id.make, text, false) : NULL;
    return k && catalogue_fold(own, k->model->make, k->model->model) && strcmp(own, text) == 0 ? k->model : NULL;
}

/* ---- supplies ---- */

/* A toner and its cartridge are one to whoever orders it; printers use both words. */
static uint64_t family(uint64_t kind)
{
    return kind == 21 ? 3 : kind == 6 ? 5 : kind; /* tonerCartridge, inkCartridge (RFC 3805) */
}

typedef struct row {
    const char *part, *text, *color;
    uint64_t kind;
} row;

/* 0: it is another one; else the better the more it tells. */
static int fits(const plt_catalogue_supply *s, const row *r)
{
    uint64_t kind = 0;
    plt_word_find(PLT_SUPPLY_TYPE, s->kind, &kind);
    if (!r->kind || family(kind) != family(r->kind) || (*s->color && !plt_same(s->color, r->color))) return 0;
    if (*s->slot) return plt_glob(s->slot, r->text) ? 2 : 0;
    return 1;
}

void plt_catalogue_fit_of(const plt_catalogue_model *m, const plt_device *d, uint32_t at, plt_catalogue_fit *out)
{
    row r = {plt_device_text(d, PLT_SUPPLY_PART, at), plt_device_text(d, PLT_SUPPLY_TEXT, at), plt_device_text(d, PLT_SUPPLY_COLOR, at), 0};
    int best = 1;
    *out = (plt_catalogue_fit){.n = 0};
    plt_device_number(d, PLT_SUPPLY_TYPE, at, &r.kind);
    for (size_t i = 0; m && i < m->supply_count; i++) {
        const plt_catalogue_supply *s = &m->supplies[i];
        int fit = *r.part && plt_same(s->part, r.part) ? 3 : fits(s, &r);
        if (fit < best) continue;
        if (fit > best) out->n = 0;
        best = fit;
        out->of[out->n++] = s;
    }
    out->by_part = best == 3;
}

bool plt_catalogue_pages_left(const plt_catalogue_fit *f, const plt_device *d, uint32_t at, int64_t *pages)
{
    uint64_t holds = 0;
    uint32_t percent;
    *pages = 0;
    if (f->n != 1 || f->of[0]->yield < 0 || !plt_supply_percent(d, at, &percent)) return false;
    if (plt_device_number(d, PLT_SUPPLY_CLASS, at, &holds) && holds == 4) return false; /* receptacleThatIsFilled */
    *pages = f->of[0]->yield * (int64_t)percent / 100;
    return true;
}

void plt_catalogue_parts(const plt_catalogue_fit *f, plt_buf *out)
{
    for (size_t i = 0; i < f->n; i++) {
        if (i) plt_buf_text(out, " / ");
        plt_buf_text(out, f->of[i]->part);
    }
}

/* ---- writing ---- */

static void put_object(const catalogue_field *fields, const void *from, plt_buf *out);

static void put_lists(const catalogue_field *f, const plt_catalogue_model *m, plt_buf *out)
{
    bool names = f->type == CATALOGUE_NAMES;
    size_t n = names ? m->name_count : m->supply_count;
    if (!n) return;
    plt_json_key(out, f->name);
    plt_buf_byte(out, '[');
    for (size_t i = 0; i < n; i++) {
        plt_json_comma(out);
        if (names)
            plt_json_quote(out, m->names[i]);
        else
            put_object(catalogue_supply_fields, &m->supplies[i], out);
    }
    plt_buf_byte(out, ']');
}

static void put_field(const catalogue_field *f, const void *from, plt_buf *out)
{
    const char *at = (const char *)from + f->at, *text;
    int64_t n;
    switch (f->type) {
    case CATALOGUE_NAMES:
    case CATALOGUE_SUPPLY_LIST: put_lists(f, from, out); return;
    case CATALOGUE_TEXT:
    case CATALOGUE_DATE:
    case CATALOGUE_KIND:
        memcpy(&text, at, sizeof text);
        if (*text) plt_json_text(out, f->name, text);
        return;
    case CATALOGUE_FLAG:
    case CATALOGUE_WHOLE:
        memcpy(&n, at, sizeof n);
        if (n < 0) return;
        if (f->type == CATALOGUE_FLAG)
            plt_json_bool(out, f->name, n != 0);
        else
            plt_json_count(out, f->name, n);
    }
}

static void put_object(const catalogue_field *fields, const void *from, plt_buf *out)
{
    plt_buf_byte(out, '{');
    for (const catalogue_field *f = fields; f->name; f++) put_field(f, from, out);
    plt_buf_byte(out, '}');
}

void plt_catalogue_put_model(const plt_catalogue_model *m, plt_buf *out)
{
    put_object(catalogue_model_fields, m, out);
}

void plt_catalogue_begin(plt_buf *out, int64_t version)
{
    plt_buf_printf(out, "{\"v\":1,\"version\":%" PRId64 ",\"models\":[", version);
}

void plt_catalogue_end(plt_buf *out)
{
    plt_buf_text(out, "\n]}\n");
}

void plt_catalogue_write(const plt_catalogue *c, int64_t version, plt_buf *out)
{
    plt_catalogue_begin(out, version);
    for (size_t i = 0; i < c->count; i++) {
        plt_buf_text(out, i ? ",\n" : "\n");
        plt_catalogue_put_model(c->order[i], out);
    }
    plt_catalogue_end(out);
}
