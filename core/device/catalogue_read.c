/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading a catalogue's document. Every member is in the table of fields or it is an error, which says where it is: a figure that was misspelt must
 * not be lost in silence. Nothing is kept of a document that has an error.
 */
#include "core/device/catalogue_inner.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "core/device/identity.h"
#include "core/util/attr.h"
#include "core/util/text.h"

#define DEPTH 8
#define SOURCE_MAX 256
#define BEGIN_LEAST 3 /* letters of a beginning: fewer would be a maker's whole range */

#define M(field) offsetof(plt_catalogue_model, field)
#define S(field) offsetof(plt_catalogue_supply, field)

const catalogue_field catalogue_model_fields[] = {
    {"make", CATALOGUE_TEXT, M(make), PLT_CATALOGUE_TEXT, true},
    {"model", CATALOGUE_TEXT, M(model), PLT_CATALOGUE_TEXT, true},
    {"names", CATALOGUE_NAMES, M(names), PLT_CATALOGUE_NAMES, false},
    {"source", CATALOGUE_TEXT, M(source), SOURCE_MAX, true},
    {"introduced", CATALOGUE_DATE, M(introduced), 0, false},
    {"color", CATALOGUE_FLAG, M(color), 1, false},
    {"duplex", CATALOGUE_FLAG, M(duplex), 1, false},
    {"a3", CATALOGUE_FLAG, M(a3), 1, false},
    {"ppm", CATALOGUE_WHOLE, M(ppm), 5000, false},
    {"ppm_color", CATALOGUE_WHOLE, M(ppm_color), 5000, false},
    {"monthly_pages", CATALOGUE_WHOLE, M(monthly_pages), 100000000, false},
    {"monthly_most", CATALOGUE_WHOLE, M(monthly_most), 100000000, false},
    {"supplies", CATALOGUE_SUPPLY_LIST, M(supplies), PLT_CATALOGUE_SUPPLIES, false},
    {NULL, CATALOGUE_TEXT, 0, 0, false},
};

const catalogue_field catalogue_supply_fields[] = {
    {"kind", CATALOGUE_KIND, S(kind), 0, true},
    {"color", CATALOGUE_TEXT, S(color), PLT_CATALOGUE_TEXT, false},
    {"part", CATALOGUE_TEXT, S(part), PLT_CATALOGUE_TEXT, true},
    {"yield", CATALOGUE_WHOLE, S(yield), 100000000, false},
    {"basis", CATALOGUE_TEXT, S(basis), PLT_CATALOGUE_TEXT, false},
    {"slot", CATALOGUE_TEXT, S(slot), PLT_CATALOGUE_TEXT, false},
    {"source", CATALOGUE_TEXT, S(source), SOURCE_MAX, false},
    {NULL, CATALOGUE_TEXT, 0, 0, false},
};

typedef struct reader {
    plt_catalogue *c;
    const char *json;
    size_t n;
    size_t objects;             /* begun so far: the document is the first */
    size_t object;              /* the one that is read */
    plt_catalogue_model *model; /* NULL: the document itself */
    size_t supply;              /* of the model; 0 none */
    plt_status status;
    char *error;
} reader;

/* ---- what is wrong, and where ---- */

/* The line on which the n-th object of the document begins. */
static size_t line_of(const reader *r, size_t object)
{
    size_t line = 1, seen = 0;
    bool text = false;
    for (size_t i = 0; i < r->n; i++) {
        char c = r->json[i];
        line += c == '\n';
        if (text && c == '\\')
            i++;
        else if (c == '"')
            text = !text;
        else if (!text && c == '{' && ++seen == object)
            break;
    }
    return line;
}

static void add(reader *r, const char *fmt, ...) PLT_PRINTF(2, 3);
static void add(reader *r, const char *fmt, ...)
{
    size_t n = strlen(r->error);
    va_list args;
    va_start(args, fmt);
    vsnprintf(r->error + n, PLT_CATALOGUE_ERROR - n, fmt, args);
    va_end(args);
}

/* "line 3, model 2 (HP LaserJet 4250), supply 1, yield: is no whole number". The first one counts; always false. */
static bool wrong(reader *r, const char *field, const char *what)
{
    if (r->status != PLT_OK) return false;
    r->status = PLT_BAD;
    if (r->object) add(r, "line %zu", line_of(r, r->object));
    if (r->model) add(r, ", model %zu", r->model->number);
    if (r->model && *r->model->model) add(r, " (%s %s)", r->model->make, r->model->model);
    if (r->supply) add(r, ", supply %zu", r->supply);
    if (field) add(r, "%s%.60s", *r->error ? ", " : "", field);
    add(r, "%s%s", *r->error ? ": " : "", what);
    return false;
}

/* ---- texts ---- */

static const char *keep(reader *r, const char *text)
{
    char *at = r->c->pool + r->c->pool_n;
    size_t n = strlen(text) + 1;
    memcpy(at, text, n);
    r->c->pool_n += n;
    return at;
}

static bool printable(const char *s)
{
    for (; *s; s++)
        if ((unsigned char)*s < 0x20 || *s == 0x7F) return false;
    return true;
}

static bool read_text(reader *r, const catalogue_field *f, const cJSON *v, const char **out)
{
    char what[64];
    const char *s = cJSON_IsString(v) ? v->valuestring : "";
    snprintf(what, sizeof what, "is a text of 1 to %d bytes", (int)f->most);
    if (!*s || strlen(s) > (size_t)f->most) return wrong(r, f->name, what);
    if (!printable(s)) return wrong(r, f->name, "has control characters");
    if (s[strspn(s, " ")] == 0) return wrong(r, f->name, "is blank");
    *out = keep(r, s);
    return true;
}

static bool read_date(reader *r, const catalogue_field *f, const cJSON *v, const char **out)
{
    const char *s = cJSON_IsString(v) ? v->valuestring : "";
    char whole[16] = "0000-01-01";
    size_t n = strlen(s);
    int64_t at;
    bool ok = n == 4 || n == 7 || n == 10;
    if (ok) memcpy(whole, s, n);
    if (!ok || !plt_time_parse(whole, &at)) return wrong(r, f->name, "is a year, month or day: 2019, 2019-04 or 2019-04-30");
    *out = keep(r, s);
    return true;
}

static bool read_kind(reader *r, const catalogue_field *f, const cJSON *v, const char **out)
{
    uint64_t n;
    const char *s = cJSON_IsString(v) ? v->valuestring : "";
    if (!plt_word_find(PLT_SUPPLY_TYPE, s, &n)) return wrong(r, f->name, "is a kind of supply: toner, ink_cartridge, opc, fuser ...");
    *out = plt_word_of(PLT_SUPPLY_TYPE, n);
    return true;
}

/* ---- numbers ---- */

static bool read_whole(reader *r, const catalogue_field *f, const cJSON *v, int64_t *out)
{
    char what[80];
    uint64_t n = 0;
    bool ok = cJSON_IsNumber(v) && plt_json_whole(v->valuedouble, &n) && n > 0 && n <= (uint64_t)f->most;
    snprintf(what, sizeof what, "is a whole number from 1 to %lld", (long long)f->most);
    if (!ok) return wrong(r, f->name, what);
    *out = (int64_t)n;
    return true;
}

static bool read_flag(reader *r, const catalogue_field *f, const cJSON *v, int64_t *out)
{
    if (!cJSON_IsBool(v)) return wrong(r, f->name, "is true or false");
    *out = cJSON_IsTrue(v);
    return true;
}

/* ---- objects ---- */

static bool read_names(reader *r, const catalogue_field *f, const cJSON *list);
static bool read_supplies(reader *r, const catalogue_field *f, const cJSON *list);

static bool read_field(reader *r, const catalogue_field *f, const cJSON *v, void *into)
{
    char *at = (char *)into + f->at;
    const char *text = NULL;
    int64_t n = 0;
    bool ok = false;
    switch (f->type) {
    case CATALOGUE_NAMES: return read_names(r, f, v);
    case CATALOGUE_SUPPLY_LIST: return read_supplies(r, f, v);
    case CATALOGUE_TEXT: ok = read_text(r, f, v, &text); break;
    case CATALOGUE_DATE: ok = read_date(r, f, v, &text); break;
    case CATALOGUE_KIND: ok = read_kind(r, f, v, &text); break;
    case CATALOGUE_FLAG: ok = read_flag(r, f, v, &n); break;
    case CATALOGUE_WHOLE: ok = read_whole(r, f, v, &n); break;
    }
    if (text) memcpy(at, &text, sizeof text);
    if (ok && !text) memcpy(at, &n, sizeof n);
    return ok;
}

/* Each member once, and all that must be there. Lists come last: what is wrong in them is said with the model's name. */
static bool read_object(reader *r, const catalogue_field *fields, const cJSON *o, void *into)
{
    unsigned seen = 0;
    const cJSON *v;
    if (!cJSON_IsObject(o)) return wrong(r, NULL, "is no object {...}");
    r->object = ++r->objects;
    cJSON_ArrayForEach(v, o)
    {
        size_t i = 0;
        while (fields[i].name && strcmp(fields[i].name, v->string) != 0) i++;
        if (!fields[i].name) return wrong(r, v->string, "is not known here; is it misspelt?");
        if (seen >> i & 1) return wrong(r, v->string, "stands here twice");
        seen |= 1u << i;
    }
    for (size_t i = 0; fields[i].name; i++) {
        if (fields[i].must && !(seen >> i & 1)) return wrong(r, fields[i].name, "is missing");
        if ((seen >> i & 1) && !read_field(r, &fields[i], cJSON_GetObjectItemCaseSensitive(o, fields[i].name), into)) return false;
    }
    return true;
}

static bool read_names(reader *r, const catalogue_field *f, const cJSON *list)
{
    plt_catalogue *c = r->c;
    const catalogue_field one = {f->name, CATALOGUE_TEXT, 0, PLT_CATALOGUE_TEXT, false};
    const cJSON *v;
    if (!cJSON_IsArray(list) || cJSON_GetArraySize(list) > PLT_CATALOGUE_NAMES) return wrong(r, f->name, "is a list of at most 20 names");
    r->model->names = c->names + c->name_count;
    cJSON_ArrayForEach(v, list)
    {
        if (!read_text(r, &one, v, &c->names[c->name_count])) return false;
        c->name_count++;
        r->model->name_count++;
    }
    return true;
}

static bool read_supplies(reader *r, const catalogue_field *f, const cJSON *list)
{
    plt_catalogue *c = r->c;
    const cJSON *v;
    if (!cJSON_IsArray(list) || cJSON_GetArraySize(list) > PLT_CATALOGUE_SUPPLIES) return wrong(r, f->name, "is a list of at most 30 supplies");
    r->model->supplies = c->supplies + c->supply_count;
    cJSON_ArrayForEach(v, list)
    {
        plt_catalogue_supply *s = &c->supplies[c->supply_count++];
        *s = (plt_catalogue_supply){.kind = "", .color = "", .part = "", .slot = "", .basis = "", .source = "", .yield = -1};
        r->supply = ++r->model->supply_count;
        if (!read_object(r, catalogue_supply_fields, v, s)) return false;
    }
    r->supply = 0;
    r->object = r->model->object;
    return true;
}

static bool read_models(reader *r, const cJSON *list)
{
    const cJSON *v;
    cJSON_ArrayForEach(v, list)
    {
        plt_catalogue_model *m = &r->c->models[r->c->count++];
        *m = (plt_catalogue_model){.make = "", .model = "", .source = "", .introduced = "", .color = -1, .duplex = -1, .a3 = -1};
        m->ppm = m->ppm_color = m->monthly_pages = m->monthly_most = -1;
        m->number = r->c->count;
        m->object = r->objects + 1;
        r->model = m;
        if (!read_object(r, catalogue_model_fields, v, m)) return false;
    }
    r->model = NULL;
    return true;
}

/* ---- names as keys ---- */

static bool add_key(reader *r, plt_catalogue_model *m, const char *said, const char *field, bool own)
{
    plt_catalogue *c = r->c;
    char folded[CATALOGUE_FOLDED], name[PLT_CATALOGUE_TEXT + 1];
    size_t n = strlen(said), star = strcspn(said, "*");
    r->model = m;
    r->object = m->object;
    if (star < n && (own || star + 1 < n)) return wrong(r, field, own ? "has no *" : "has * nowhere but at its end");
    memcpy(name, said, star);
    name[star] = 0;
    if (!catalogue_fold(folded, m->make, name) || !*folded) return wrong(r, field, "says no more than the maker");
    if (star < n && star && name[star - 1] == ' ') memcpy(folded + strlen(folded), " ", 2); /* the end of a word is part of such a beginning */
    if (star < n && strlen(folded) < BEGIN_LEAST) return wrong(r, field, "has at least three letters before its *");
    catalogue_key *k = &c->keys[c->key_count++];
    *k = (catalogue_key){.said = said, .begins = star < n, .model = m};
    k->text = keep(r, folded);
    plt_identity id;
    plt_identity_make(&id, m->make, NULL, NULL, NULL, NULL);
    k->make = keep(r, id.make);
    return true;
}

static bool clash(reader *r, const catalogue_key *a, const catalogue_key *b)
{
    const plt_catalogue_model *x = a->model->number < b->model->number ? a->model : b->model, *y = x == a->model ? b->model : a->model;
    char what[PLT_CATALOGUE_ERROR];
    const char *said = y == a->model ? a->said : b->said;
    snprintf(what, sizeof what, "\"%s\" is also a name of %s %s (model %zu, line %zu): a printer can have one entry", said, x->make, x->model,
             x->number, line_of(r, x->object));
    r->model = &r->c->models[y->number - 1];
    r->object = y->object;
    return wrong(r, "names", what);
}

static bool make_keys(reader *r)
{
    plt_catalogue *c = r->c;
    size_t at = 0;
    for (size_t i = 0; i < c->count; i++) {
        plt_catalogue_model *m = &c->models[i];
        if (!add_key(r, m, m->model, "model", true)) return false;
        for (size_t k = 0; k < m->name_count; k++)
            if (!add_key(r, m, m->names[k], "names", false)) return false;
    }
    if (c->key_count) qsort(c->keys, c->key_count, sizeof *c->keys, catalogue_compare);
    for (size_t i = 0; i < c->key_count; i++) {
        const catalogue_key *k = &c->keys[i];
        if (i && catalogue_compare(k - 1, k) == 0 && k[-1].model != k->model) return clash(r, k - 1, k);
        if (k->said == k->model->model) c->order[at++] = k->model;
    }
    return true;
}

/* ---- the document ---- */

/* cJSON would end a string at a NUL: what is behind it would be lost in silence. */
static bool has_nul(const char *json, size_t n)
{
    for (size_t i = 0; i + 5 < n; i++) {
        if (json[i] != '\\') continue;
        if (memcmp(json + i + 1, "u0000", 5) == 0) return true;
        i++;
    }
    return memchr(json, 0, n) != NULL;
}

static cJSON *parse(reader *r)
{
    const char *end = r->json;
    if (r->n > PLT_CATALOGUE_BYTES) return wrong(r, NULL, "the document is larger than 2 MiB"), NULL;
    if (!plt_utf8_valid(r->json, r->n) || has_nul(r->json, r->n)) return wrong(r, NULL, "the document is no UTF-8 text without NUL"), NULL;
    if (!plt_json_shallow(r->json, r->n, DEPTH)) return wrong(r, NULL, "the document is nested too deeply"), NULL;
    cJSON *o = r->n ? cJSON_ParseWithLengthOpts(r->json, r->n, &end, 0) : NULL;
    while (o && end < r->json + r->n && strchr(" \t\r\n", *end)) end++;
    if (o && end == r->json + r->n) return o;
    size_t line = 1;
    for (const char *p = r->json; p < end && p < r->json + r->n; p++) line += *p == '\n';
    cJSON_Delete(o);
    char what[128];
    snprintf(what, sizeof what, "line %zu is not JSON; look for a missing comma, quote or bracket there", line);
    return wrong(r, NULL, what), NULL;
}

/* Room for all that the document can have, so that nothing moves afterwards. A text takes its bytes and its end, of which quotes paid for two; a
   name, once more, folded, and its maker's. */
static bool make_room(reader *r, const cJSON *models)
{
    plt_catalogue *c = r->c;
    size_t count = 0, names = 0, supplies = 0;
    const cJSON *v;
    cJSON_ArrayForEach(v, models)
    {
        int a = cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(v, "names"));
        int b = cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(v, "supplies"));
        names += a > 0 ? (size_t)a : 0;
        supplies += b > 0 ? (size_t)b : 0;
        if (++count > PLT_CATALOGUE_MODELS) return wrong(r, "models", "there are more than 5,000");
    }
    size_t keys = count + names;
    c->models = calloc(count + 1, sizeof *c->models);
    c->order = calloc(count + 1, sizeof *c->order);
    c->names = calloc(names + 1, sizeof *c->names);
    c->supplies = calloc(supplies + 1, sizeof *c->supplies);
    c->keys = calloc(keys + 1, sizeof *c->keys);
    c->pool = malloc(2 * r->n + keys * sizeof(((plt_identity *)0)->make) + 1);
    if (c->models && c->order && c->names && c->supplies && c->keys && c->pool) return true;
    r->status = PLT_NOMEM;
    return false;
}

static void read_document(reader *r, const cJSON *o)
{
    static const char *const known[] = {"v", "version", "models"};
    const catalogue_field version = {"version", CATALOGUE_WHOLE, 0, INT64_C(2) * PLT_CATALOGUE_VERSION, true};
    unsigned seen = 0;
    const cJSON *v, *models = cJSON_GetObjectItemCaseSensitive(o, "models");
    if (!cJSON_IsObject(o)) return (void)wrong(r, NULL, "the document is no object {\"v\":1,\"version\":...,\"models\":[...]}");
    r->objects = r->object = 1;
    cJSON_ArrayForEach(v, o)
    {
        unsigned i = 0;
        while (i < 3 && strcmp(known[i], v->string) != 0) i++;
        if (i == 3) return (void)wrong(r, v->string, "is not known here; is it misspelt?");
        if (seen >> i & 1) return (void)wrong(r, v->string, "stands here twice");
        seen |= 1u << i;
    }
    v = cJSON_GetObjectItemCaseSensitive(o, "v");
    if (!cJSON_IsNumber(v) || v->valuedouble != 1) return (void)wrong(r, "v", "is 1: another form is for another Platen");
    if (!cJSON_IsArray(models)) return (void)wrong(r, "models", "is a list of models");
    if (!read_whole(r, &version, cJSON_GetObjectItemCaseSensitive(o, "version"), &r->c->version)) return;
    if (make_room(r, models) && read_models(r, models)) make_keys(r);
}

plt_status plt_catalogue_read(plt_catalogue **out, const char *json, size_t n, char error[PLT_CATALOGUE_ERROR])
{
    reader r = {.c = calloc(1, sizeof *r.c), .json = json, .n = n, .status = PLT_OK, .error = error};
    *out = NULL;
    error[0] = 0;
    if (!r.c) return PLT_NOMEM;
    cJSON *o = parse(&r);
    if (o) read_document(&r, o);
    cJSON_Delete(o);
    if (r.status == PLT_OK)
        *out = r.c;
    else
        plt_catalogue_free(r.c);
    return r.status;
}
