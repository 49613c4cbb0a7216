/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The model catalogue (docs/catalogue.md): what a maker says of a model, and how a model is recognised by what a printer calls itself. It is read
 * strictly, whole or not at all, and never guesses: where several of a model's supplies fit one of a printer's, all of them are given. Pure; memory
 * is malloc's, bounded by the document's size.
 */
#ifndef PLATEN_CORE_DEVICE_CATALOGUE_H
#define PLATEN_CORE_DEVICE_CATALOGUE_H

#include "core/device/device.h"

#define PLT_CATALOGUE_BYTES (2u << 20)
#define PLT_CATALOGUE_MODELS 5000
#define PLT_CATALOGUE_NAMES 20    /* of one model, besides its own */
#define PLT_CATALOGUE_SUPPLIES 30 /* of one model */
#define PLT_CATALOGUE_TEXT 128    /* bytes of a text; of a source 256 */
#define PLT_CATALOGUE_VERSION 999999999
#define PLT_CATALOGUE_ERROR 512

typedef struct plt_catalogue_supply {
    const char *kind;  /* the word of a prtMarkerSuppliesType (RFC 3805): "toner" */
    const char *color; /* "": it has none */
    const char *part;
    const char *slot;   /* a glob of what the printer calls it, where kind and colour do not tell; "" any */
    const char *basis;  /* what the yield was measured by; "" not said */
    const char *source; /* where part and yield were read; "" where the model was */
    int64_t yield;      /* pages; -1 not known */
} plt_catalogue_supply;

/* Texts "" and numbers -1: not known. All of it is the catalogue's. */
typedef struct plt_catalogue_model {
    const char *make, *model, *source, *introduced; /* introduced: "2019", "2019-04" or "2019-04-30" */
    int64_t color, duplex, a3;                      /* 0 no, 1 yes */
    int64_t ppm, ppm_color, monthly_pages, monthly_most;
    const char *const *names;
    size_t name_count;
    const plt_catalogue_supply *supplies;
    size_t supply_count;
    size_t number, object; /* where it stood in the document: the n-th model, the n-th object */
} plt_catalogue_model;

typedef struct plt_catalogue plt_catalogue;

/* PLT_BAD: error says the line, the model, the field and what is wrong with it. */
plt_status plt_catalogue_read(plt_catalogue **out, const char *json, size_t n, char error[PLT_CATALOGUE_ERROR]);
/* NULL-safe. */
void plt_catalogue_free(plt_catalogue *c);

int64_t plt_catalogue_version(const plt_catalogue *c);
/* By maker and name; NULL past the end. */
const plt_catalogue_model *plt_catalogue_at(const plt_catalogue *c, size_t at);
/* The model of that name, as the document has it (letter case says nothing); NULL: none. */
const plt_catalogue_model *plt_catalogue_named(const plt_catalogue *c, const char *make, const char *model);

/*
 * Whose entry a printer's words are: the whole name before a beginning, the longer beginning before the shorter. NULL: none. `by` (may be NULL): the
 * name that fitted. No name is looked at twice, and nothing is tried anew.
 */
const plt_catalogue_model *plt_catalogue_find(const plt_catalogue *c, const char *make, const char *model, const char **by);

/* Which of the model's supplies a printer's row may be. */
typedef struct plt_catalogue_fit {
    const plt_catalogue_supply *of[PLT_CATALOGUE_SUPPLIES];
    size_t n;
    bool by_part; /* the printer itself says the part number */
} plt_catalogue_fit;
void plt_catalogue_fit_of(const plt_catalogue_model *m, const plt_device *d, uint32_t row, plt_catalogue_fit *out);
/* Pages that are left by the yield and the level: an estimate. False where the supply, its yield or its level is not known, and for what fills up. */
bool plt_catalogue_pages_left(const plt_catalogue_fit *f, const plt_device *d, uint32_t row, int64_t *pages);
/* The part numbers, "A / B" where several fit; "" none. */
void plt_catalogue_parts(const plt_catalogue_fit *f, plt_buf *out);

/* A model as a JSON object: what is known of it. */
void plt_catalogue_put_model(const plt_catalogue_model *m, plt_buf *out);
/* A document's beginning, and its end behind the last model. */
void plt_catalogue_begin(plt_buf *out, int64_t version);
void plt_catalogue_end(plt_buf *out);
/* The whole as a document of another version: a line for each model. */
void plt_catalogue_write(const plt_catalogue *c, int64_t version, plt_buf *out);

#endif
