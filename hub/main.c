/* SPDX-License-Identifier: Apache-2.0 */
/* The command line of platen-hub: which command, which options; what they do is elsewhere. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"
#include "hub/commands.h"
#include "hub/server.h"
#include "os/log.h"
#include "os/service.h"

#define USES_MAX 1000000
#define DAYS_MAX 36500

static const char help[] =
    "platen-hub: collects what Platen's agents account for, and serves the web console.\n\n"
    "  platen-hub serve [--data DIR] [--store URL] [--agents ADDR:PORT] [--console ADDR:PORT]\n"
    "                   [--name DNSNAME]... [--console-dir DIR] [--log FILE] [--print-addresses] [--local-webhooks] [--connections N]\n"
    "  platen-hub key create --tenant NAME [--uses N] [--days D] [--json] [--data DIR]\n"
    "  platen-hub key list [--json] [--data DIR]\n"
    "  platen-hub key revoke ID [--data DIR]\n"
    "  platen-hub admin reset [--user NAME] [--data DIR]\n"
    "  platen-hub erase --user NAME [--data DIR]\n"
    "  platen-hub backup FILE [--data DIR]\n"
    "  platen-hub restore FILE [--data DIR]\n"
    "  platen-hub ca fingerprint [--data DIR]\n"
    "  platen-hub agents [--json] [--data DIR]\n"
    "  platen-hub audit verify [--data DIR]\n"
    "  platen-hub --help | --version\n\n"
    "serve: as a service where a service manager started it, else in the foreground until it is ended.\n"
    "  --data DIR          where the database, the CA and the keys are (default: the machine's data folder, hub)\n"
    "  --store URL         postgres://USER@HOST/DATABASE instead of the database in DIR; every command takes it. The password\n"
    "                      comes from the file that PGPASSFILE names, from PGPASSWORD or from the URL, where others can see it\n"
    "  --agents ADDR:PORT  where agents connect (default: every address, port 8443); port 0: the system chooses\n"
    "  --console ADDR:PORT where the console is (default: 127.0.0.1:8444)\n"
    "  --name NAME         a further DNS name or address for the server's certificate; may be given several times\n"
    "  --connections N     at once, 256 to 200000 (default: 12000, for 10500 agents); memory: docs/scale.md\n"
    "  --console-dir DIR   the console's files (default: console beside the program, else ../share/platen/console)\n"
    "  --log FILE          log there and not to stderr\n"
    "  --local-webhooks    alerts may be sent to webhooks on this machine and in private networks (default: on the Internet only)\n"
    "  --print-addresses   print {\"agents\",\"console\",\"pid\"} on stdout once it serves\n"
    "key create: an enrolment key for a tenant, which is made if it is new. --uses N machines (default: any number), for --days D (default: "
    "always).\n"
    "admin reset: a new one-time password for an account (default: admin); it is made if it is missing; its sessions\n"
    "and its second factor end.\n"
    "audit verify: is each line of the audit log as it was written, and is none missing?\n"
    "erase: takes a person out of all jobs and sums: the name, and the titles of what they printed. What was printed still counts.\n"
    "backup: the database as it is now, into a new file, while the hub runs. restore: into a data folder without a database, or with --store into\n"
    "an empty database; the file is the same for both, so the two are also the way from one to the other.\n\n"
    "Exit codes: 0 done or ended as asked, 1 failed or could not start (the message says why), 2 wrong use, 3 there is no such key.\n";

typedef struct arguments {
    hub_server_options serve;
    const char *tenant, *user;
    const char *words[3]; /* the command */
    int word_count;
    int64_t uses, days;
    bool json;
} arguments;

static int wrong(const char *what, const char *object)
{
    fprintf(stderr, "platen-hub: %s %s; 'platen-hub --help' shows how\n", what, object);
    return HUB_EXIT_USAGE;
}

static bool number(const char *text, int64_t max, int64_t *out)
{
    char *end = NULL;
    long long n = strtoll(text, &end, 10);
    *out = n;
    return end != text && *end == 0 && n >= 1 && n <= max;
}

static bool add_name(hub_server_options *o, const char *name)
{
    if (o->name_count == HUB_SERVER_NAMES || !hub_ca_name_valid(name)) return false;
    o->names[o->name_count++] = name;
    return true;
}

static bool take_store(hub_server_options *o, const char *v)
{
    bool known = strncmp(v, "postgres://", 11) == 0 || strncmp(v, "postgresql://", 13) == 0;
    return known && plt_copy(o->store, sizeof o->store, v);
}

static bool take_connections(hub_server_options *o, const char *v)
{
    int64_t n;
    if (!number(v, HUB_CONNECTIONS_MOST, &n) || n < HUB_CONNECTIONS_LEAST) return false;
    o->connections = (size_t)n;
    return true;
}

/* An option with a value; false when the value is wrong or the option unknown. */
static bool take_value(arguments *a, const char *name, const char *v)
{
    hub_server_options *o = &a->serve;
    if (strcmp(name, "--data") == 0) return plt_copy(o->data_dir, sizeof o->data_dir, v);
    if (strcmp(name, "--store") == 0) return take_store(o, v);
    if (strcmp(name, "--console-dir") == 0) return plt_copy(o->console_dir, sizeof o->console_dir, v);
    if (strcmp(name, "--log") == 0) return plt_copy(o->log, sizeof o->log, v);
    if (strcmp(name, "--agents") == 0) return hub_listen_parse(v, &o->agents);
    if (strcmp(name, "--console") == 0) return hub_listen_parse(v, &o->console);
    if (strcmp(name, "--name") == 0) return add_name(o, v);
    if (strcmp(name, "--connections") == 0) return take_connections(o, v);
    if (strcmp(name, "--uses") == 0) return number(v, USES_MAX, &a->uses);
    if (strcmp(name, "--days") == 0) return number(v, DAYS_MAX, &a->days);
    if (strcmp(name, "--tenant") == 0)
        a->tenant = v;
    else if (strcmp(name, "--user") == 0)
        a->user = v;
    else
        return false;
    return true;
}

/* 0 to go on, else an exit code. */
static int read_arguments(int argc, char **argv, arguments *a)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--json") == 0)
            a->json = true;
        else if (strcmp(argv[i], "--print-addresses") == 0)
            a->serve.print_addresses = true;
        else if (strcmp(argv[i], "--local-webhooks") == 0)
            a->serve.local_webhooks = true;
        else if (argv[i][0] == '-') {
            if (i + 1 == argc) return wrong("no such option, or no value for", argv[i]);
            if (!take_value(a, argv[i], argv[i + 1])) return wrong("wrong option or value:", argv[i]);
            i++;
        } else if (a->word_count < 3)
            a->words[a->word_count++] = argv[i];
        else
            return wrong("one word too many:", argv[i]);
    }
    return 0;
}

static bool is(const arguments *a, const char *first, const char *second, int words)
{
    return a->word_count == words && strcmp(a->words[0], first) == 0 && (!second || strcmp(a->words[1], second) == 0);
}

static int run(arguments *a)
{
    const char *data = a->serve.data_dir;
    const hub_store_where where = {.data_dir = data, .url = a->serve.store};
    if (is(a, "serve", NULL, 1)) return os_service_run("PlatenHub", hub_server_run, &a->serve);
    if (is(a, "key", "create", 2))
        return a->tenant ? hub_cmd_key_create(&where, a->tenant, a->uses, a->days, a->json) : wrong("key create needs", "--tenant");
    if (is(a, "key", "list", 2)) return hub_cmd_key_list(&where, a->json);
    if (is(a, "key", "revoke", 3)) return hub_cmd_key_revoke(&where, a->words[2]);
    if (is(a, "admin", "reset", 2)) return hub_cmd_admin_reset(&where, a->user ? a->user : "admin");
    if (is(a, "erase", NULL, 1)) return a->user && *a->user ? hub_cmd_erase(&where, a->user) : wrong("erase needs", "--user");
    if (is(a, "backup", NULL, 2)) return hub_cmd_backup(&where, a->words[1]);
    if (is(a, "restore", NULL, 2)) return hub_cmd_restore(&where, a->words[1]);
    if (is(a, "ca", "fingerprint", 2)) return hub_cmd_ca_fingerprint(data);
    if (is(a, "audit", "verify", 2)) return hub_cmd_audit_verify(&where);
    if (is(a, "agents", NULL, 1)) return hub_cmd_agents(&where, a->json);
    return wrong("no such command:", a->word_count ? a->words[0] : "(none)");
}

int main(int argc, char **argv)
{
    static arguments a = {.serve = {.agents = {"", 8443}, .console = {"127.0.0.1", 8444}, .connections = HUB_CONNECTIONS}};
    char base[OS_PATH_MAX];
    if (argc == 2 && strcmp(argv[1], "--version") == 0) {
        puts("platen-hub " PLATEN_VERSION);
        return HUB_EXIT_OK;
    }
    if (argc == 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0)) {
        fputs(help, stdout);
        return HUB_EXIT_OK;
    }
    os_log_open(NULL, OS_LOG_WARN);
    if (os_path_data(base, sizeof base) == PLT_OK) os_path_join(a.serve.data_dir, sizeof a.serve.data_dir, base, "hub");
    int code = read_arguments(argc, argv, &a);
    return code ? code : run(&a);
}
