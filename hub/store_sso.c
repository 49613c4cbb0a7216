/* SPDX-License-Identifier: Apache-2.0 */
/* The store's settings of providers, one a tenant, and which of a provider's subjects is which account. */
#include "hub/store_parts.h"

#include <string.h>

#include "hub/people.h"
#include "hub/sso.h"

static const char sso_get[] =
    "SELECT label, issuer, client_id, client_secret, console, authorize, token, key_url, ca, group_claim, name_claim, roles, provision"
    " FROM sso_providers WHERE tenant_id=?1";
static const char sso_put[] = "INSERT INTO sso_providers(tenant_id, label, issuer, client_id, client_secret, console, authorize, token, key_url, ca,"
                              " group_claim, name_claim, roles, provision) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)";
static const char sso_drop[] = "DELETE FROM sso_providers WHERE tenant_id=?1";
static const char subject_get[] = "SELECT name, made FROM sso_subjects WHERE tenant_id=?1 AND issuer=?2 AND subject=?3";
static const char subject_put[] = "INSERT INTO sso_subjects(tenant_id, issuer, subject, name, made) VALUES(?1, ?2, ?3, ?4, ?5)";

#define TEXTS(s)                                                                                                                                     \
    {                                                                                                                                                \
        {(s)->label, sizeof(s)->label},                                                                                                              \
        {(s)->issuer, sizeof(s)->issuer},                                                                                                            \
        {(s)->client_id, sizeof(s)->client_id},                                                                                                      \
        {(s)->sealed, sizeof(s)->sealed},                                                                                                            \
        {(s)->console, sizeof(s)->console},                                                                                                          \
        {(s)->authorize, sizeof(s)->authorize},                                                                                                      \
        {(s)->token, sizeof(s)->token},                                                                                                              \
        {(s)->keys, sizeof(s)->keys},                                                                                                                \
        {(s)->ca, sizeof(s)->ca},                                                                                                                    \
        {(s)->group_claim, sizeof(s)->group_claim},                                                                                                  \
        {(s)->name_claim, sizeof(s)->name_claim},                                                                                                    \
        {(s)->roles, sizeof(s)->roles},                                                                                                              \
    }
#define TEXT_COUNT 12

typedef struct text_field {
    char *p;
    size_t size;
} text_field;

plt_status store_sso_get(hub_store *h, int64_t tenant_id, hub_sso *out)
{
    memset(out, 0, sizeof *out);
    const text_field texts[TEXT_COUNT] = TEXTS(out);
    db_stmt *st = db_get(of(h), sso_get);
    db_bind_int(st, 1, tenant_id);
    plt_status status = db_row(of(h), st);
    if (status != PLT_OK) return status;
    out->tenant_id = tenant_id;
    for (int i = 0; i < TEXT_COUNT; i++) db_copy(st, i, texts[i].p, texts[i].size);
    out->provision = db_int(st, TEXT_COUNT) != 0;
    db_reset(st);
    return PLT_OK;
}

plt_status store_sso_drop(hub_store *h, int64_t tenant_id)
{
    db_stmt *st = db_get(of(h), sso_drop);
    db_bind_int(st, 1, tenant_id);
    return db_run_some(of(h), st);
}

plt_status store_sso_put(hub_store *h, hub_sso *s)
{
    const text_field texts[TEXT_COUNT] = TEXTS(s);
    plt_status status = store_sso_drop(h, s->tenant_id);
    if (status != PLT_OK && status != PLT_NOTFOUND) return status;
    db_stmt *st = db_get(of(h), sso_put);
    db_bind_int(st, 1, s->tenant_id);
    for (int i = 0; i < TEXT_COUNT; i++) db_bind_text(st, i + 2, texts[i].p);
    db_bind_int(st, TEXT_COUNT + 2, s->provision);
    return db_run(of(h), st);
}

plt_status store_subject_get(hub_store *h, const hub_sso *s, const char *subject, char name[HUB_NAME_SIZE], bool *made)
{
    db_stmt *st = db_get(of(h), subject_get);
    db_bind_int(st, 1, s->tenant_id);
    db_bind_text(st, 2, s->issuer);
    db_bind_text(st, 3, subject);
    plt_status status = db_row(of(h), st);
    if (status != PLT_OK) return status;
    db_copy(st, 0, name, HUB_NAME_SIZE);
    *made = db_int(st, 1) != 0;
    db_reset(st);
    return PLT_OK;
}

plt_status store_subject_put(hub_store *h, const hub_sso *s, const char *subject, const char *name, bool made)
{
    db_stmt *st = db_get(of(h), subject_put);
    db_bind_int(st, 1, s->tenant_id);
    db_bind_text(st, 2, s->issuer);
    db_bind_text(st, 3, subject);
    db_bind_text(st, 4, name);
    db_bind_int(st, 5, made);
    return db_run(of(h), st);
}
