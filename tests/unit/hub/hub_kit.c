/* SPDX-License-Identifier: Apache-2.0 */
/* The hub tests' kit. A failure in here fails the test that called it. */
#include "hub_kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "core/record/record.h"
#include "core/util/text.h"
#include "hub/db.h"
#include "hub/ingest.h"
#include "hub/json.h"
#include "os/crypto.h"

void kit_path(char out[OS_PATH_MAX], const char *dir, const char *name)
{
    assert_true(os_path_join(out, OS_PATH_MAX, dir, name));
}

/* ---- PostgreSQL ---- */

static int schemas;

static void server_sql(const char *format, int number)
{
    char sql[128], problem[600];
    db *d = NULL;
    snprintf(sql, sizeof sql, format, number);
    if (db_postgres_open(&d, getenv("PLATEN_POSTGRES"), problem, sizeof problem) != PLT_OK) fail_msg("%s", problem);
    if (db_exec(d, sql) != PLT_OK) fail_msg("%s", db_problem(d));
    db_close(d);
}

bool kit_postgres_there(void)
{
    if (getenv("PLATEN_POSTGRES")) return true;
    print_message("# SKIP PostgreSQL: PLATEN_POSTGRES names no server (tests/lab/with_postgres.sh starts one)\n");
    return false;
}

void kit_postgres_make(char *url, size_t size)
{
    server_sql("CREATE SCHEMA t%d", ++schemas);
    int n = snprintf(url, size, "%s&options=-csearch_path%%3Dt%d", getenv("PLATEN_POSTGRES"), schemas);
    assert_in_range(n, 1, size - 1);
}

void kit_postgres_remove(void)
{
    server_sql("DROP SCHEMA t%d CASCADE", schemas);
}

/* ---- stores ---- */

kit_place kit_here;

void kit_place_make(bool postgres)
{
    folder_make(kit_here.dir);
    *kit_here.url = 0;
    if (postgres) kit_postgres_make(kit_here.url, sizeof kit_here.url);
}

void kit_place_remove(void)
{
    folder_remove(kit_here.dir);
    if (*kit_here.url) kit_postgres_remove();
}

hub_store *kit_store_open(void)
{
    hub_store *s = NULL;
    hub_store_where where = {.data_dir = kit_here.dir, .url = kit_here.url};
    if (hub_store_open(&s, &where, false, kit_here.problem, sizeof kit_here.problem) != PLT_OK) fail_msg("%s", kit_here.problem);
    return s;
}

db *kit_db_open(void)
{
    kit_place *k = &kit_here;
    char path[OS_PATH_MAX];
    db *d = NULL;
    kit_path(path, k->dir, "hub.db");
    plt_status status =
        *k->url ? db_postgres_open(&d, k->url, k->problem, sizeof k->problem) : db_sqlite_open(&d, path, false, k->problem, sizeof k->problem);
    if (status != PLT_OK) fail_msg("%s", k->problem);
    return d;
}

int kit_on_sqlite(void **state)
{
    kit_place_make(false);
    *state = kit_store_open();
    return 0;
}

int kit_on_postgres(void **state)
{
    kit_place_make(true);
    *state = kit_store_open();
    return 0;
}

int kit_store_end(void **state)
{
    hub_store *s = *state;
    if (s) s->ops->close(s);
    kit_place_remove();
    return 0;
}

/* ---- chains ---- */

void kit_chain_init(kit_chain *c)
{
    memset(c, 0, sizeof *c);
    plt_buf_init(&c->lines, 64u << 20);
    memcpy(c->prev, plt_record_no_prev, sizeof c->prev);
    c->a_minute = 1;
}

void kit_chain_free(kit_chain *c)
{
    plt_buf_free(&c->lines);
}

void kit_chain_line(kit_chain *c, const char *line)
{
    plt_buf_text(&c->lines, line);
    plt_buf_byte(&c->lines, '\n');
    assert_int_equal(c->lines.status, PLT_OK);
    os_sha256(line, strlen(line), c->last_hash);
    plt_hex(c->prev, c->last_hash, 32);
    c->seq++;
}

void kit_chain_job(kit_chain *c, const char *uid, const char *document, const char *user)
{
    plt_job j;
    plt_buf line;
    uint8_t own[16];
    plt_job_init(&j);
    plt_buf_init(&line, PLT_RECORD_MAX);
    assert_int_equal(os_random(own, sizeof own), PLT_OK);
    plt_hex(j.uid, own, sizeof own);
    if (uid) plt_copy(j.uid, sizeof j.uid, uid);
    plt_copy(j.document, sizeof j.document, document);
    plt_copy(j.user, sizeof j.user, user);
    plt_copy(j.queue, sizeof j.queue, "Office");
    plt_copy(j.machine, sizeof j.machine, "PC-1");
    plt_copy(j.outcome, sizeof j.outcome, "printed");
    plt_copy(j.source, sizeof j.source, "pipe");
    j.ended = KIT_NOW + (c->seq + 1) / c->a_minute * 60000;
    j.bytes = 1000;
    j.analysis.pages = (plt_maybe){true, (uint64_t)(c->seq % 5)};
    j.analysis.impressions = (plt_maybe){true, 2};
    j.analysis.color_pages = (plt_maybe){true, 1};
    if (c->account) {
        j.policy.set = true;
        plt_copy(j.policy.action, sizeof j.policy.action, "printed");
        plt_copy(j.policy.account, sizeof j.policy.account, c->account);
        plt_copy(j.policy.currency, sizeof j.policy.currency, "EUR");
        j.policy.cost = (plt_maybe){true, 1000000};
    }
    assert_int_equal(plt_record_write(&j, c->seq + 1, c->prev, KIT_NOW, &line), PLT_OK);
    kit_chain_line(c, plt_buf_str(&line));
    plt_buf_free(&line);
}

void kit_chain_jobs(kit_chain *c, int n)
{
    for (int i = 0; i < n; i++) kit_chain_job(c, NULL, "Report", "mia");
}

int64_t kit_tenant(hub_store *s, const char *name)
{
    int64_t id = 0;
    assert_int_equal(s->ops->tenant_make(s, name, KIT_NOW, &id), PLT_OK);
    return id;
}

void kit_agent(hub_store *s, int64_t tenant_id, const char *id, const char *machine)
{
    hub_agent a = {.tenant_id = tenant_id, .enrolled = KIT_NOW};
    plt_copy(a.id, sizeof a.id, id);
    plt_copy(a.machine, sizeof a.machine, machine);
    assert_int_equal(s->ops->agent_add(s, &a), PLT_OK);
    assert_int_equal(s->ops->certificate_add(s, tenant_id, id, "aa", KIT_NOW, KIT_NOW + 365 * KIT_DAY), PLT_OK);
}

hub_device_row kit_device(int64_t tenant_id, int64_t no, const char *name, int64_t now)
{
    return (hub_device_row){.tenant_id = tenant_id,
                            .no = no,
                            .make = "HP",
                            .model = "LaserJet",
                            .serial = name,
                            .mac = "",
                            .name = name,
                            .location = "",
                            .address = "",
                            .state = "ready",
                            .supplies = "[]",
                            .lowest = HUB_NO_PERCENT,
                            .total = -1,
                            .ways = 1,
                            .last_seen = now,
                            .last_read = now,
                            .search = "",
                            .sort_name = name,
                            .sort_place = ""};
}

hub_task *kit_upload(const kit_chain *c, int64_t from, int64_t to, int64_t tenant_id, const char *agent)
{
    hub_task *t = hub_task_new();
    hub_batch_error e;
    const char *p = plt_buf_str(&c->lines);
    assert_non_null(t);
    for (int64_t seq = 1; seq <= to; seq++) {
        const char *end = strchr(p, '\n') + 1;
        if (seq >= from) plt_buf_add(&t->plain, p, (size_t)(end - p));
        p = end;
    }
    assert_int_equal(hub_batch_read(&t->batch, plt_buf_str(&t->plain), t->plain.len, &e), PLT_OK);
    t->agent.tenant_id = tenant_id;
    plt_copy(t->agent.id, sizeof t->agent.id, agent);
    t->write = hub_ingest_write;
    return t;
}

int64_t kit_put(hub_store *s, const kit_chain *c, int64_t from, int64_t to, int64_t tenant, const char *agent)
{
    int64_t jobs = -1;
    hub_task *t = kit_upload(c, from, to, tenant, agent);
    assert_int_equal(s->ops->begin(s), PLT_OK);
    assert_int_equal(s->ops->records_add(s, tenant, agent, t->batch.rows, t->batch.n, KIT_NOW, &jobs), PLT_OK);
    assert_int_equal(s->ops->commit(s), PLT_OK);
    hub_task_free(t);
    return jobs;
}

int64_t kit_reply_number(const hub_task *t, const char *name)
{
    cJSON *o = cJSON_ParseWithLength(plt_buf_str(&t->out.body), t->out.body.len);
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(o, name);
    int64_t n = cJSON_IsNumber(v) ? (int64_t)v->valuedouble : -1;
    cJSON_Delete(o);
    return n;
}

bool kit_reply_has(const hub_task *t, const char *text)
{
    return strstr(plt_buf_str(&t->out.body), text) != NULL;
}

static EVP_PKEY *key_of(const char *kind)
{
    if (strcmp(kind, "RSA2048") == 0) return EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)2048);
    if (strcmp(kind, "RSA1024") == 0) return EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)1024);
    if (strncmp(kind, "ED", 2) == 0) return EVP_PKEY_Q_keygen(NULL, NULL, kind);
    return EVP_PKEY_Q_keygen(NULL, NULL, "EC", kind);
}

void kit_csr(const char *kind, const char *cn, plt_buf *out)
{
    EVP_PKEY *key = key_of(kind);
    X509_REQ *r = X509_REQ_new();
    BIO *b = BIO_new(BIO_s_mem());
    char *p = NULL;
    assert_non_null(key);
    assert_int_equal(X509_NAME_add_entry_by_txt(X509_REQ_get_subject_name(r), "CN", MBSTRING_UTF8, (const unsigned char *)cn, -1, -1, 0), 1);
    assert_int_equal(X509_REQ_set_pubkey(r, key), 1);
    assert_true(X509_REQ_sign(r, key, strncmp(kind, "ED", 2) == 0 ? NULL : EVP_sha256()) > 0);
    assert_int_equal(PEM_write_bio_X509_REQ(b, r), 1);
    long n = BIO_get_mem_data(b, &p);
    plt_buf_add(out, p, (size_t)n);
    assert_int_equal(out->status, PLT_OK);
    BIO_free(b);
    X509_REQ_free(r);
    EVP_PKEY_free(key);
}

int64_t kit_number(const char *sql)
{
    db *d = kit_db_open();
    db_stmt *st = db_prepare(d, sql);
    assert_int_equal(db_row(d, st), PLT_OK);
    int64_t n = db_int(st, 0);
    db_finalize(st);
    db_close(d);
    return n;
}
