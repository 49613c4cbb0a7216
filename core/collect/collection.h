/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a hub sets for an agent's reading of the network (docs/collection.md): ranges, each with its own ordered list of credentials, what is left
 * out, and how often. The hub writes it, the agent reads it, both check it by the same rules. Pure: names of hosts are looked up by whoever asks. It
 * holds secrets: free it with plt_collection_free, which wipes it.
 */
#ifndef PLATEN_CORE_COLLECT_COLLECTION_H
#define PLATEN_CORE_COLLECT_COLLECTION_H

#include "core/collect/collect.h"
#include "core/collect/range.h"
#include "core/collect/schedule.h"

#define PLT_COLLECTION_RANGES 32
#define PLT_COLLECTION_CREDENTIALS 16
#define PLT_COLLECTION_USERS 8 /* of the credentials */
#define PLT_COLLECTION_NAME 64
#define PLT_COLLECTION_SECRET 129
#define PLT_COLLECTION_WORDS 4096        /* of one range's addresses, blanks between */
#define PLT_COLLECTION_EXCLUDED 128      /* entries that are left out */
#define PLT_COLLECTION_ADDRESSES 262144u /* that one agent asks */
#define PLT_COLLECTION_RATE 100000
#define PLT_COLLECTION_JSON (256u << 10)
#define PLT_COLLECTION_WHY 256

typedef enum plt_credential_kind { PLT_CREDENTIAL_COMMUNITY, PLT_CREDENTIAL_USER, PLT_CREDENTIAL_KINDS } plt_credential_kind;

typedef struct plt_credential {
    char name[PLT_COLLECTION_NAME]; /* what people call it; no secret */
    plt_credential_kind kind;
    char community[PLT_COLLECTION_SECRET];
    char user[PLT_USM_NAME_MAX + 1];
    plt_usm_auth auth;
    plt_usm_priv priv;
    bool weak; /* MD5, DES and 3DES are allowed */
    char auth_password[PLT_COLLECTION_SECRET], priv_password[PLT_COLLECTION_SECRET];
} plt_credential;

typedef struct plt_collection_range {
    char name[PLT_COLLECTION_NAME];
    char addresses[PLT_COLLECTION_WORDS]; /* as plt_ranges_parse takes them */
    uint8_t credentials[PLT_WAYS_MOST];   /* places, in the order in which they are tried */
    size_t credential_count;
} plt_collection_range;

typedef struct plt_collection {
    int64_t serial; /* of the hub; each change has a greater one */
    plt_collection_range ranges[PLT_COLLECTION_RANGES];
    size_t range_count;
    char exclude[PLT_COLLECTION_WORDS]; /* asked in no range, without "!" */
    plt_credential credentials[PLT_COLLECTION_CREDENTIALS];
    size_t credential_count;
    uint32_t minutes[PLT_INTERVALS];
    uint32_t rate; /* datagrams a second */
    bool mask;     /* no address of a printer is recorded */
} plt_collection;

/* NULL without memory. */
plt_collection *plt_collection_new(void);
void plt_collection_free(plt_collection *c); /* NULL-safe */

/*
 * The JSON's form: members, words, lengths; what is absent is as usual, a secret that is absent is "". PLT_BAD: `why` (PLT_COLLECTION_WHY octets)
 * says what is wrong with which member, and never repeats a secret.
 */
plt_status plt_collection_read(const char *json, size_t n, plt_collection *out, char *why);
/* With secrets for the agent and for what is kept; without for everybody else. */
plt_status plt_collection_write(const plt_collection *c, bool secrets, plt_buf *out);
/* Takes the secrets that c lacks from `before`: of the credential of that name, kind and user. */
void plt_collection_keep_secrets(plt_collection *c, const plt_collection *before);
/* Could an agent work by it? *addresses: how many it would ask, a name counting as one. */
plt_status plt_collection_check(const plt_collection *c, uint64_t *addresses, char *why);
/* One range's addresses without what is left out, not closed yet. `name` is told of each name of a host; may be NULL. */
plt_status plt_collection_addresses(const plt_collection *c, size_t range, plt_ranges *r,
                                    void (*name)(void *ctx, plt_ranges *r, const char *host, uint16_t port), void *ctx, char *why);

/* ---- what the agent says of it ---- */

/* Who sets the ranges: a group policy goes before the hub, the hub before what is set at the machine. */
typedef enum plt_setter { PLT_SET_BY_NOBODY, PLT_SET_BY_MACHINE, PLT_SET_BY_HUB, PLT_SET_BY_POLICY, PLT_SETTERS } plt_setter;

typedef struct plt_credential_result {
    char name[PLT_COLLECTION_NAME];
    int64_t printers, refused;    /* read with it; that refused it */
    char why[PLT_COLLECTION_WHY]; /* of the last refusal */
} plt_credential_result;

typedef struct plt_collection_report {
    int64_t serial;                   /* of what is kept here; 0: nothing of the hub's */
    int64_t refused;                  /* of one that cannot be used; 0: none */
    char problem[PLT_COLLECTION_WHY]; /* why */
    plt_setter source;
    int64_t addresses; /* that the last look asked; -1: there was none */
    plt_credential_result credentials[PLT_COLLECTION_CREDENTIALS];
    size_t credential_count;
    char words[512]; /* what is wrong with the last look */
} plt_collection_report;

#define PLT_COLLECTION_REPORT_JSON 16384

plt_status plt_collection_report_write(const plt_collection_report *r, plt_buf *out);
plt_status plt_collection_report_read(const char *json, size_t n, plt_collection_report *out);

#endif
