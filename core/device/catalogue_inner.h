/* SPDX-License-Identifier: Apache-2.0 */
/* What the catalogue's reader, writer and finder share: its memory, and the one table of fields. Private to core/device. */
#ifndef PLATEN_CORE_DEVICE_CATALOGUE_INNER_H
#define PLATEN_CORE_DEVICE_CATALOGUE_INNER_H

#include "core/device/catalogue.h"

#define CATALOGUE_FOLDED 512 /* bytes of a name as names are compared, at most: a printer's texts have 255 */

/* A name by which a model is recognised. */
typedef struct catalogue_key {
    const char *make, *text; /* folded */
    const char *said;        /* as the document has it */
    bool begins;             /* it is the beginning of names */
    const plt_catalogue_model *model;
} catalogue_key;

struct plt_catalogue {
    int64_t version;
    plt_catalogue_model *models;       /* as the document has them */
    const plt_catalogue_model **order; /* by maker and name */
    plt_catalogue_supply *supplies;
    const char **names;
    catalogue_key *keys;
    char *pool; /* of all texts; never moved */
    size_t count, supply_count, name_count, key_count, pool_n;
};

typedef enum catalogue_type {
    CATALOGUE_TEXT,
    CATALOGUE_FLAG,
    CATALOGUE_WHOLE, /* from 1 to most */
    CATALOGUE_DATE,
    CATALOGUE_KIND,
    CATALOGUE_NAMES,
    CATALOGUE_SUPPLY_LIST,
} catalogue_type;

typedef struct catalogue_field {
    const char *name; /* NULL ends a list */
    catalogue_type type;
    size_t at;    /* in the struct */
    int64_t most; /* bytes, or the largest number */
    bool must;
} catalogue_field;

extern const catalogue_field catalogue_model_fields[], catalogue_supply_fields[];

/* Are these the letters that tell a model? Lower case, blanks as one, without the maker in front. False: it does not fit. */
bool catalogue_fold(char out[CATALOGUE_FOLDED], const char *make, const char *model);
/* One order for keys: maker, text, whole names before beginnings. */
int catalogue_compare(const void *a, const void *b);

#endif
