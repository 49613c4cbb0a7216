/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which printer a reading is of. A printer is a set of ways to it (an agent's USB port, a collector's address); what its ways show of
 * it is the evidence. Pure rules over that (docs/devices.md): serial number with make, then MAC, then UUID, then the way itself. A name, an
 * address, a port or an IEEE 1284 ID without a serial number never makes two ways one printer. What contradicts is said, never merged.
 */
#ifndef PLATEN_CORE_DEVICE_IDENTITY_H
#define PLATEN_CORE_DEVICE_IDENTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/device/device.h"

/* Evidence, normalised: what is no evidence (fillings, a multicast MAC) is "". */
typedef struct plt_identity {
    char make[64];   /* lower case, aliases of a maker as one: "hp" */
    char model[128]; /* as it was said */
    char serial[64]; /* upper case, without spaces */
    char mac[13];    /* 12 upper-case hex digits */
    char uuid[37];   /* lower case */
} plt_identity;

/* What the model shows. */
void plt_identity_of(const plt_device *d, plt_identity *out);
/* The same from texts as they came; NULL is "". */
void plt_identity_make(plt_identity *out, const char *make, const char *model, const char *serial, const char *mac, const char *uuid);
/* A hardware address that can name one machine: not zero, not all ones, no group, not locally administered. */
bool plt_mac_is_real(const char mac[13]);
/* Not a constant of firmware: at least four different digits. */
bool plt_uuid_is_real(const char *uuid);
/* Do the two names share the word that tells a model (one with a digit: "4250", "M404dn")? Unknown names are alike. */
bool plt_models_alike(const char *a, const char *b);

/* By what two are one, or contradict; the first is the strongest. */
typedef enum plt_by { PLT_BY_PIN, PLT_BY_SERIAL, PLT_BY_MAC, PLT_BY_UUID, PLT_BY_WAY, PLT_BY_NOTHING } plt_by;
const char *plt_by_name(plt_by by);

typedef enum plt_clash {
    PLT_CLASH_NONE,
    PLT_CLASH_MAC,   /* same MAC, other serial number or maker: an engine board swapped, or a print server's */
    PLT_CLASH_UUID,  /* same UUID, other serial number: firmware that gives all the same one */
    PLT_CLASH_TWIN,  /* same serial number, and nothing else alike: a filling, or a second one of it */
    PLT_CLASH_PLACE, /* the same way leads to another printer now */
} plt_clash;
const char *plt_clash_name(plt_clash clash);

/* A way that is known, and the printer it is of. */
typedef struct plt_known_way {
    int64_t device;
    bool own;    /* the way of the reading itself */
    bool pinned; /* a person said whose it is */
    plt_identity id;
} plt_known_way;

/* What one known way says of the evidence: same by what (PLT_BY_NOTHING: not), or what contradicts. */
plt_by plt_identity_compare(const plt_identity *now, const plt_known_way *w, plt_clash *clash);

#define PLT_OTHERS_MAX 8

typedef struct plt_judgement {
    int64_t device; /* 0: one that is not known yet */
    plt_by by;
    size_t joined; /* other printers that are this one */
    int64_t join[PLT_OTHERS_MAX];
    plt_by join_by[PLT_OTHERS_MAX];
    size_t clashes; /* printers that evidence speaks for and against: left apart */
    int64_t clash[PLT_OTHERS_MAX];
    plt_clash clash_how[PLT_OTHERS_MAX];
    bool place_taken; /* the own way led to another printer before */
} plt_judgement;

/*
 * `ways`: all ways of each printer that has one which shares evidence with `now`, or is its own way. Of several printers the one
 * with the best evidence is meant, of equals the one with the lowest number. One that holds a pinned way is never joined.
 */
void plt_identity_judge(const plt_identity *now, const plt_known_way *ways, size_t n, plt_judgement *out);

#endif
