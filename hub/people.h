/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The store's people: tenants and their tree, who signs in, roles, second factors, API tokens, sessions, the audit log. A
 * part of the store's seam (hub/store.h), with its rules for threads, memory and results; docs/rights.md says what it is for.
 *
 * A scope is the number of the tenant under which somebody sees everything; HUB_OPERATOR sees all. Passwords go in as
 * hashes, secrets of tokens and recovery codes as SHA-256.
 */
#ifndef PLATEN_HUB_PEOPLE_H
#define PLATEN_HUB_PEOPLE_H

#include "hub/rights.h"
#include "hub/store.h"
#include "hub/totp.h"

#define HUB_LEVEL_SIZE 10   /* dealer, customer, site, group */
#define HUB_LABEL_SIZE 65   /* a token's name */
#define HUB_SESSION_ID 17   /* the first digits of its token's hash */
#define HUB_ACTION_SIZE 32  /* "users.add" */
#define HUB_OBJECT_SIZE 160 /* what it was done to */
#define HUB_DETAIL_SIZE 512
#define HUB_PRINT_NAMES 16      /* of one account, from one origin */
#define HUB_PRINT_NAME_SIZE 256 /* as names of held jobs are cut */
#define HUB_BY_HAND (-1)

struct hub_sso; /* hub/sso.h */

typedef struct hub_tenant {
    int64_t id, parent; /* parent 0: the operator's own */
    char name[HUB_TENANT_SIZE];
    char level[HUB_LEVEL_SIZE];
    int64_t created;
    int64_t agents; /* on the way out: not revoked, its own ones */
} hub_tenant;

typedef struct hub_person {
    char name[HUB_NAME_SIZE];
    char role[HUB_ROLE_SIZE];
    int64_t scope;
    char tenant[HUB_TENANT_SIZE]; /* on the way out: the scope's name; "" the operator */
    hub_rights rights;            /* on the way out: the role's; 0 when there is no such role any more */
    bool must_change, disabled, second_factor;
    int64_t last_sign_in; /* 0: never */
    int64_t print_names;  /* on the way out: how many it has */
} hub_person;

/* What managing the account takes. */
static inline hub_rights hub_person_holds(const hub_person *p)
{
    return p->rights | (p->print_names ? HUB_RIGHTS_OF_A_NAME : 0);
}

/* A name that somebody prints under in a tenant, as the records of its agents have it. */
typedef struct hub_print_name {
    int64_t tenant_id;
    char tenant[HUB_TENANT_SIZE]; /* on the way out */
    char name[HUB_PRINT_NAME_SIZE];
    int64_t provider; /* the tenant of the provider whose claim gave it, or HUB_BY_HAND */
} hub_print_name;

typedef struct hub_factor {
    char secret[HUB_TOTP_TEXT]; /* "": none */
    int64_t last_step;
    int64_t codes_left;
} hub_factor;

typedef struct hub_custom_role {
    char name[HUB_ROLE_SIZE];
    hub_rights rights;
    int64_t people; /* on the way out: who has it */
} hub_custom_role;

typedef struct hub_token_row {
    char id[HUB_KEY_ID];
    char label[HUB_LABEL_SIZE];
    char name[HUB_NAME_SIZE]; /* whose it is */
    hub_rights rights;
    int64_t created, expires, last_used; /* expires 0: never */
    bool revoked;
} hub_token_row;

typedef struct hub_open_session {
    char id[HUB_SESSION_ID];
    char address[48];
    char client[160]; /* what the browser calls itself */
    int64_t created, last_used;
} hub_open_session;

typedef struct hub_audit {
    int64_t tenant_id; /* whose data or things; HUB_OPERATOR: the hub's own */
    const char *who, *how, *address, *action, *object, *detail;
} hub_audit;

/* How long its lines are kept; the first one that is there, and when it was written (0: there is none). */
typedef struct hub_audit_keeping {
    int64_t days; /* HUB_FOR_EVER: they never go */
    int64_t from, oldest;
} hub_audit_keeping;

/* Which lines of the audit log; nothing but the limit has to be said. */
typedef struct hub_audit_query {
    const char *who;    /* whole, without case; NULL anybody */
    const char *action; /* "users.add", or "users" for all that begins with it and a dot; letters, dots and dashes; NULL any */
    int64_t from, to;   /* Unix ms; `to` is not included; 0 open */
    int64_t before;     /* a line's number; 0: from the newest on */
    int64_t limit;
} hub_audit_query;

typedef struct hub_people_ops {
    /* *id: its number. PLT_EXISTS: the name is taken; PLT_NOTFOUND: no such parent. */
    plt_status (*tenant_add)(hub_store *s, const hub_tenant *t, int64_t now, int64_t *id);
    plt_status (*tenant_get)(hub_store *s, int64_t id, hub_tenant *out);
    /* PLT_EXISTS: another one has the name; PLT_NOTFOUND: no such tenant. */
    plt_status (*tenant_rename)(hub_store *s, int64_t id, const char *name);
    /* With all that is under it, in a transaction. What those who do not stand above it any more had in it goes: their accounts' print names, its
       devices in their groups, open alerts of their rules. PLT_DENIED: the parent is under it; PLT_NOTFOUND: no such tenant or parent. */
    plt_status (*tenant_move)(hub_store *s, int64_t id, int64_t parent, int64_t now);
    plt_status (*tenants)(hub_store *s, int64_t scope, bool (*each)(void *ctx, const hub_tenant *t), void *ctx);
    /* PLT_OK or PLT_NOTFOUND. */
    plt_status (*within)(hub_store *s, int64_t scope, int64_t tenant_id);

    plt_status (*people)(hub_store *s, int64_t scope, bool (*each)(void *ctx, const hub_person *p), void *ctx);
    plt_status (*person)(hub_store *s, const char *name, hub_person *out);
    /* With a password that must be changed. PLT_EXISTS: the name is taken. */
    plt_status (*person_add)(hub_store *s, const hub_person *p, const char *password, int64_t now);
    plt_status (*person_change)(hub_store *s, const hub_person *p); /* role, scope, disabled; print names outside the scope go */
    plt_status (*person_remove)(hub_store *s, const char *name);    /* with sessions, tokens, codes and print names */
    plt_status (*signed_in)(hub_store *s, const char *name, int64_t now);
    /* How many could still manage everything: administrators of the operator that are not disabled. */
    plt_status (*administrators)(hub_store *s, int64_t *n);

    plt_status (*factor)(hub_store *s, const char *name, hub_factor *out);
    /* secret "": switched off. The codes replace those before. */
    plt_status (*factor_put)(hub_store *s, const char *name, const char *secret, int64_t step, const uint8_t (*codes)[32], size_t n);
    /* Uses a step up; PLT_DENIED when it, or a later one, was. */
    plt_status (*factor_use)(hub_store *s, const char *name, int64_t step);
    /* Uses a recovery code up; PLT_DENIED when there is none like it. */
    plt_status (*recovery_use)(hub_store *s, const char *name, const uint8_t hash[32]);

    plt_status (*roles)(hub_store *s, bool (*each)(void *ctx, const hub_custom_role *r), void *ctx);
    plt_status (*role_put)(hub_store *s, const char *name, hub_rights rights);
    plt_status (*role_remove)(hub_store *s, const char *name); /* PLT_EXISTS: somebody has it */

    plt_status (*token_add)(hub_store *s, const hub_token_row *t, const uint8_t hash[32]);
    /* name NULL: of everybody in the scope. */
    plt_status (*tokens)(hub_store *s, int64_t scope, const char *name, bool (*each)(void *ctx, const hub_token_row *t), void *ctx);
    /* As session_find, for a token that is good now: the account's scope, and the rights that both have. */
    plt_status (*token_find)(hub_store *s, const uint8_t hash[32], int64_t now, hub_session_row *out);
    plt_status (*token_touch)(hub_store *s, const uint8_t hash[32], int64_t now);
    plt_status (*token_revoke)(hub_store *s, int64_t scope, const char *name, const char *id); /* name NULL: of anybody in the scope */

    plt_status (*sessions)(hub_store *s, const char *name, bool (*each)(void *ctx, const hub_open_session *o), void *ctx);
    plt_status (*session_end)(hub_store *s, const char *name, const char *id);

    /* A tenant's provider; PLT_NOTFOUND: it has none. */
    plt_status (*sso_get)(hub_store *s, int64_t tenant_id, struct hub_sso *out);
    plt_status (*sso_put)(hub_store *s, struct hub_sso *provider);
    plt_status (*sso_drop)(hub_store *s, int64_t tenant_id);
    /* Which account a provider's subject is; made: by a sign-in. They go with the account. */
    plt_status (*subject_get)(hub_store *s, const struct hub_sso *provider, const char *subject, char name[HUB_NAME_SIZE], bool *made);
    plt_status (*subject_put)(hub_store *s, const struct hub_sso *provider, const char *subject, const char *name, bool made);

    /* The names that an account prints under, by tenant and name. */
    plt_status (*print_names)(hub_store *s, const char *account, bool (*each)(void *ctx, const hub_print_name *n), void *ctx);
    /* PLT_EXISTS: the tenant has it already, with whichever account. But what a provider gave to another goes to whom it gives it now. */
    plt_status (*print_name_add)(hub_store *s, const char *account, const hub_print_name *n);
    plt_status (*print_name_owner)(hub_store *s, const hub_print_name *n, char account[HUB_NAME_SIZE]);
    /* The account's that came from there go; account NULL: everybody's. */
    plt_status (*print_names_clear)(hub_store *s, const char *account, int64_t provider);

    /* Appends a line that names the hash of the one before. Inside a transaction of the caller's. */
    plt_status (*audit_add)(hub_store *s, const hub_audit *a, int64_t now);
    /* Was the same noted since? PLT_OK or PLT_NOTFOUND. */
    plt_status (*audited)(hub_store *s, const hub_audit *a, int64_t since);
    /* The lines that the question asks for, the newest first. */
    plt_status (*audit)(hub_store *s, int64_t scope, const hub_audit_query *q, bool (*each)(void *ctx, int64_t seq, const char *line), void *ctx);
    /* Checks the whole chain, from line *from on. PLT_BAD: *seq is the first line that is wrong; else the last one. */
    plt_status (*audit_check)(hub_store *s, int64_t *seq, int64_t *from);
    /* The hub's, for its lines are one chain over all tenants. */
    plt_status (*audit_keeping)(hub_store *s, hub_audit_keeping *out);
    plt_status (*audit_keep)(hub_store *s, int64_t days);
    /* How many lines are from before a time, at most `cap`. */
    plt_status (*audit_older)(hub_store *s, int64_t before, int64_t cap, int64_t *n);
} hub_people_ops;

#endif
