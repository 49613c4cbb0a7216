/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Commands on the store. They open it as the hub does, so they work while it runs and before it ever ran; whoever may read
 * the data folder may use them. A secret is printed once, on stdout, and kept only as its hash.
 */
#include "hub/commands.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <openssl/crypto.h>

#include "core/record/wire.h"
#include "core/util/text.h"
#include "hub/backup.h"
#include "hub/ca.h"
#include "hub/json.h"
#include "hub/people.h"
#include "hub/session.h"
#include "hub/session_api.h"
#include "os/clock.h"
#include "os/crypto.h"
#include "os/error.h"
#include "os/file.h"

#define DAY_MS (86400 * (int64_t)1000)
#define LIST_MAX (64u << 20)
#define ERASE_STEP 1000

static int complain(const char *words)
{
    fprintf(stderr, "platen-hub: %s\n", words);
    return HUB_EXIT_FAILED;
}

static int fail(hub_store *s, const char *what)
{
    fprintf(stderr, "platen-hub: %s: %s\n", what, s->ops->problem(s));
    return HUB_EXIT_FAILED;
}

static hub_store *open_store(const hub_store_where *where)
{
    hub_store *s = NULL;
    char problem[600];
    if (os_dir_make(where->data_dir, true) != PLT_OK)
        complain(os_error_text());
    else if (hub_store_open(&s, where, false, problem, sizeof problem) != PLT_OK)
        complain(problem);
    return s;
}

static hub_ca *open_ca(const char *data_dir)
{
    hub_ca *ca = NULL;
    char problem[600];
    if (os_dir_make(data_dir, true) != PLT_OK)
        complain(os_error_text());
    else if (hub_ca_open(&ca, data_dir, os_clock_unix_ms(), problem, sizeof problem) != PLT_OK)
        complain(problem);
    return ca;
}

/* 1 to 64 characters, printable, and short enough for what agents keep of it. */
static bool tenant_valid(const char *name)
{
    size_t n = strlen(name), characters = 0;
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)name[i];
        if (c < 0x20 || c == 0x7F) return false;
        characters += (c & 0xC0) != 0x80;
    }
    return n > 0 && n < HUB_TENANT_SIZE && characters <= HUB_TENANT_MAX && plt_utf8_valid(name, n);
}

/* Whoever works on the data folder leaves a line, too. */
static plt_status note(hub_store *s, const char *action, const char *object)
{
    const hub_audit a = {.who = "the machine's administrator", .how = "command", .action = action, .object = object};
    return s->people->audit_add(s, &a, os_clock_unix_ms());
}

/* ---- keys ---- */

static plt_status add_key(hub_store *s, const char *tenant, hub_key_row *k, const uint8_t secret[PLT_ENROL_SECRET])
{
    uint8_t hash[OS_SHA256_SIZE];
    int64_t tenant_id;
    os_sha256(secret, PLT_ENROL_SECRET, hash);
    plt_status status = s->ops->begin(s);
    if (status != PLT_OK) return status;
    status = s->ops->tenant_make(s, tenant, k->created, &tenant_id);
    if (status == PLT_OK) status = s->ops->key_add(s, tenant_id, k, hash);
    if (status == PLT_OK) status = note(s, "keys.add", k->id);
    if (status == PLT_OK) return s->ops->commit(s);
    s->ops->rollback(s);
    return status;
}

static void print_key(const hub_key_row *k, const char *tenant, const char *text, bool json)
{
    plt_buf b;
    plt_buf_init(&b, 4096);
    if (json) {
        plt_buf_byte(&b, '{');
        plt_json_text(&b, "key", text);
        plt_json_text(&b, "id", k->id);
        plt_json_text(&b, "tenant", tenant);
        plt_json_count(&b, "uses", k->uses_left);
        hub_json_time(&b, "expires", k->expires);
        plt_buf_text(&b, "}\n");
    } else {
        plt_buf_printf(&b, "%s\n", text);
    }
    fputs(plt_buf_str(&b), stdout);
    plt_buf_free_secret(&b);
}

int hub_cmd_key_create(const hub_store_where *where, const char *tenant, int64_t uses, int64_t days, bool json)
{
    plt_enrol_key key;
    char text[PLT_ENROL_KEY_SIZE];
    uint8_t tag[4];
    hub_key_row k = {.created = os_clock_unix_ms(), .uses_left = uses ? uses : -1};
    if (days) k.expires = k.created + days * DAY_MS;
    if (!tenant_valid(tenant)) {
        complain("a tenant's name has 1 to 64 printable characters");
        return HUB_EXIT_USAGE;
    }
    hub_ca *ca = open_ca(where->data_dir);
    if (!ca) return HUB_EXIT_FAILED;
    hub_ca_fingerprint(ca, key.ca_sha256);
    hub_ca_free(ca);
    if (os_random(key.secret, sizeof key.secret) != PLT_OK || os_random(tag, sizeof tag) != PLT_OK) return complain(os_error_text());
    plt_hex(k.id, tag, sizeof tag);
    hub_store *s = open_store(where);
    if (!s) return HUB_EXIT_FAILED;
    int code = HUB_EXIT_OK;
    if (add_key(s, tenant, &k, key.secret) == PLT_OK) {
        plt_enrol_key_write(&key, text);
        print_key(&k, tenant, text, json);
    } else {
        code = fail(s, "the key was not made");
    }
    s->ops->close(s);
    OPENSSL_cleanse(&key, sizeof key);
    OPENSSL_cleanse(text, sizeof text);
    return code;
}

static const char *key_state(const hub_key_row *k)
{
    if (k->revoked) return "revoked";
    if (k->uses_left == 0) return "used up";
    return k->expires && k->expires <= os_clock_unix_ms() ? "expired" : "good";
}

/* Both lists are gathered first: stdout may be a pipe that blocks, and the store must not wait for it. */
typedef struct list {
    plt_buf out;
    bool json;
} list;

static bool list_key(void *ctx, const hub_key_row *k)
{
    list *l = ctx;
    char at[PLT_TIME_SIZE] = "never";
    if (k->expires) plt_time_format(at, k->expires);
    if (l->json) {
        plt_json_comma(&l->out);
        plt_buf_byte(&l->out, '{');
        plt_json_text(&l->out, "id", k->id);
        plt_json_text(&l->out, "tenant", k->tenant);
        hub_json_time(&l->out, "created", k->created);
        hub_json_time(&l->out, "expires", k->expires);
        plt_json_count(&l->out, "uses_left", k->uses_left);
        plt_json_count(&l->out, "used", k->used);
        plt_json_text(&l->out, "state", key_state(k));
        plt_buf_byte(&l->out, '}');
    } else {
        char left[24] = "unlimited";
        if (k->uses_left >= 0) snprintf(left, sizeof left, "%" PRId64, k->uses_left);
        plt_buf_printf(&l->out, "%-9s %-8s used %-6" PRId64 " left %-10s expires %-24s %s\n", k->id, key_state(k), k->used, left, at, k->tenant);
    }
    return l->out.status == PLT_OK;
}

static bool list_agent(void *ctx, const hub_agent *a)
{
    list *l = ctx;
    char seen[PLT_TIME_SIZE];
    plt_time_format(seen, a->last_seen);
    if (l->json) {
        plt_json_comma(&l->out);
        plt_buf_byte(&l->out, '{');
        plt_json_text(&l->out, "id", a->id);
        plt_json_text(&l->out, "tenant", a->tenant);
        plt_json_text(&l->out, "machine", a->machine);
        plt_json_text(&l->out, "os", a->os);
        plt_json_text(&l->out, "version", a->version);
        hub_json_time(&l->out, "enrolled", a->enrolled);
        hub_json_time(&l->out, "last_seen", a->last_seen);
        plt_json_count(&l->out, "durable", a->durable);
        hub_json_time(&l->out, "certificate_expires", a->certificate_expires);
        plt_json_bool(&l->out, "revoked", a->revoked);
        plt_buf_byte(&l->out, '}');
    } else {
        plt_buf_printf(&l->out, "%-17s %-8s seen %-24s records %-8" PRId64 " %s (%s)\n", a->id, a->revoked ? "revoked" : "good", seen, a->durable,
                       a->machine, a->tenant);
    }
    return l->out.status == PLT_OK;
}

static int print_list(const hub_store_where *where, bool json, plt_status (*fill)(hub_store *s, list *l))
{
    list l = {.json = json};
    hub_store *s = open_store(where);
    if (!s) return HUB_EXIT_FAILED;
    plt_buf_init(&l.out, LIST_MAX);
    if (json) plt_buf_text(&l.out, "{\"items\":[");
    int code = fill(s, &l) == PLT_OK ? HUB_EXIT_OK : fail(s, "the list cannot be read");
    s->ops->close(s);
    if (json) plt_buf_text(&l.out, "]}\n");
    if (code == HUB_EXIT_OK && l.out.status != PLT_OK) code = complain("the list is too long");
    if (code == HUB_EXIT_OK) fputs(plt_buf_str(&l.out), stdout);
    plt_buf_free(&l.out);
    return code;
}

static plt_status fill_keys(hub_store *s, list *l)
{
    return s->ops->key_list(s, list_key, l);
}

static plt_status fill_agents(hub_store *s, list *l)
{
    return s->ops->agent_list(s, HUB_OPERATOR, list_agent, l);
}

int hub_cmd_key_list(const hub_store_where *where, bool json)
{
    return print_list(where, json, fill_keys);
}

int hub_cmd_agents(const hub_store_where *where, bool json)
{
    return print_list(where, json, fill_agents);
}

int hub_cmd_key_revoke(const hub_store_where *where, const char *id)
{
    hub_store *s = open_store(where);
    if (!s) return HUB_EXIT_FAILED;
    plt_status status = s->ops->begin(s);
    if (status == PLT_OK) status = s->ops->key_revoke(s, id);
    if (status == PLT_OK) status = note(s, "keys.revoke", id);
    if (status == PLT_OK)
        status = s->ops->commit(s);
    else
        s->ops->rollback(s);
    int code = HUB_EXIT_OK;
    if (status == PLT_NOTFOUND) {
        fprintf(stderr, "platen-hub: there is no key %s; 'platen-hub key list' shows them\n", id);
        code = HUB_EXIT_NOT_FOUND;
    } else if (status != PLT_OK) {
        code = fail(s, "the key was not revoked");
    }
    s->ops->close(s);
    return code;
}

/* ---- accounts, CA ---- */

int hub_cmd_admin_reset(const hub_store_where *where, const char *user)
{
    char password[HUB_ONE_TIME_SIZE], path[OS_PATH_MAX];
    if (!*user || strlen(user) >= HUB_NAME_SIZE || !plt_utf8_valid(user, strlen(user))) {
        complain("an account's name has 1 to 128 bytes");
        return HUB_EXIT_USAGE;
    }
    hub_store *s = open_store(where);
    if (!s) return HUB_EXIT_FAILED;
    plt_status status = s->ops->begin(s);
    if (status == PLT_OK) status = hub_account_reset(s, user, os_clock_unix_ms(), password);
    if (status == PLT_OK) status = note(s, "users.reset", user);
    if (status == PLT_OK)
        status = s->ops->commit(s);
    else
        s->ops->rollback(s);
    int code = status == PLT_OK ? HUB_EXIT_OK : fail(s, "the password was not reset");
    s->ops->close(s);
    if (code != HUB_EXIT_OK) return code;
    /* What the first start left would now be wrong. */
    if (plt_same(user, "admin") && os_path_join(path, sizeof path, where->data_dir, HUB_FIRST_LOGIN) && os_file_exists(path)) os_file_remove(path);
    printf("User: %s\nOne-time password: %s\n", user, password);
    OPENSSL_cleanse(password, sizeof password);
    return code;
}

/* In transactions of a thousand jobs, so that a hub that runs beside goes on. */
int hub_cmd_erase(const hub_store_where *where, const char *user)
{
    int64_t total = 0;
    size_t jobs = ERASE_STEP;
    hub_store *s = open_store(where);
    if (!s) return HUB_EXIT_FAILED;
    plt_status status = PLT_OK;
    while (status == PLT_OK && jobs == ERASE_STEP) {
        status = s->ops->begin(s);
        if (status == PLT_OK) status = s->ops->erase_user(s, user, ERASE_STEP, &jobs);
        if (status == PLT_OK)
            status = s->ops->commit(s);
        else
            s->ops->rollback(s);
        if (status == PLT_OK) total += (int64_t)jobs;
    }
    int code = status == PLT_OK ? HUB_EXIT_OK : fail(s, "not all was erased; give the command again");
    s->ops->close(s);
    printf("erased from %" PRId64 " jobs; their pages still count, without a name\n", total);
    return code;
}

int hub_cmd_backup(const hub_store_where *where, const char *file)
{
    char problem[1200];
    if (hub_backup(where, file, problem, sizeof problem) != PLT_OK) return complain(problem);
    printf("backup written to %s; ca.key is not in it: keep a copy of it once\n", file);
    return HUB_EXIT_OK;
}

int hub_cmd_restore(const hub_store_where *where, const char *file)
{
    char problem[1200], path[OS_PATH_MAX];
    os_file *lock = NULL;
    if (os_dir_make(where->data_dir, true) != PLT_OK) return complain(os_error_text());
    if (!os_path_join(path, sizeof path, where->data_dir, "hub.lock")) return complain("the data folder's name is too long");
    plt_status status = os_file_open(&lock, path, OS_FILE_WRITE | OS_FILE_CREATE | OS_FILE_EXCLUSIVE | OS_FILE_PRIVATE);
    if (status != PLT_OK) return complain(status == PLT_BUSY ? "a hub serves this data folder: stop it first" : os_error_text());
    status = hub_restore(where, file, problem, sizeof problem);
    os_file_close(lock);
    if (status != PLT_OK) return complain(problem);
    puts("restored; agents are told what the hub has and send the rest");
    return HUB_EXIT_OK;
}

int hub_cmd_ca_fingerprint(const char *data_dir)
{
    uint8_t hash[32];
    char hex[65];
    hub_ca *ca = open_ca(data_dir);
    if (!ca) return HUB_EXIT_FAILED;
    hub_ca_fingerprint(ca, hash);
    hub_ca_free(ca);
    plt_hex(hex, hash, sizeof hash);
    printf("SHA-256 %s\n", hex);
    return HUB_EXIT_OK;
}

/* ---- audit ---- */

int hub_cmd_audit_verify(const hub_store_where *where)
{
    int64_t seq = 0, from = 1;
    hub_store *s = open_store(where);
    if (!s) return HUB_EXIT_FAILED;
    plt_status status = s->people->audit_check(s, &seq, &from);
    int code = HUB_EXIT_OK;
    if (status == PLT_OK && from > 1)
        printf("The audit log is whole from line %" PRId64 " on: %" PRId64
               " lines, each naming the one before. Those before it went after their time.\n",
               from, seq - from + 1);
    else if (status == PLT_OK)
        printf("The audit log is whole: %" PRId64 " lines, each naming the one before.\n", seq);
    else if (status == PLT_BAD) {
        fprintf(stderr, "platen-hub: line %" PRId64 ": %s\n", seq, s->ops->problem(s));
        code = HUB_EXIT_FAILED;
    } else
        code = fail(s, "the audit log cannot be read");
    s->ops->close(s);
    return code;
}
