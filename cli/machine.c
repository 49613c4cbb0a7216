/* SPDX-License-Identifier: Apache-2.0 */
/* platen enrol, queues: settings of this machine. */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "os/error.h"
#include "os/spooler.h"
#include "service/hublink.h"
#include "service/queues.h"

int cmd_enrol(cli *c)
{
    const char *hub = cli_take_value(c, "--hub"), *key = cli_take_value(c, "--key");
    if (!hub || !key || c->argc) return cli_usage("enrol --hub https://NAME[:PORT] --key PLT1-...");
    hublink_answer w = hublink_enrol(c->data_dir, hub, key);
    if (w.result != HUBLINK_OK) return cli_fail("%s", w.words);
    printf("Enrolled at %s. The service takes it up within two seconds.\n", hub);
    return CLI_OK;
}

typedef struct queue_list {
    bool json;
    cJSON *array;
    int n;
} queue_list;

static bool list_queue(void *ctx, const os_queue *q)
{
    queue_list *l = ctx;
    bool ours = strncmp(q->port, "Platen:", 7) == 0;
    const char *how = ours ? "yes" : queues_port_wrappable(q->port) ? "no" : "cannot be";
    l->n++;
    if (l->json) {
        cJSON *o = cJSON_CreateObject();
        cJSON_AddStringToObject(o, "queue", q->name);
        cJSON_AddStringToObject(o, "port", q->port);
        cJSON_AddStringToObject(o, "driver", q->driver);
        cJSON_AddBoolToObject(o, "platen", ours);
        cJSON_AddItemToArray(l->array, o);
        return true;
    }
    if (l->n == 1) puts("Queue                           Port                            Driver                    Through Platen");
    cli_cell(q->name, 30, false);
    cli_cell(q->port, 30, false);
    cli_cell(q->driver, 24, false);
    cli_cell(how, 14, true);
    return true;
}

static int list_queues(cli *c)
{
    queue_list l = {.json = c->json, .array = c->json ? cJSON_CreateArray() : NULL};
    if (os_spooler_queues(list_queue, &l) != PLT_OK) {
        cJSON_Delete(l.array);
        return cli_fail("%s", os_error_text());
    }
    if (c->json) return cli_print_json(l.array, CLI_OK);
    if (l.n == 0) puts("This machine has no local print queue.");
    return CLI_OK;
}

static void say(void *ctx, bool failed, const char *words)
{
    (void)ctx;
    fprintf(failed ? stderr : stdout, "%s%s\n", failed ? "platen: " : "", words);
}

int cmd_queues(cli *c)
{
    static const char right[] = "queues list | wrap QUEUE|--all [--target port:NAME|tcp:HOST:PORT] [--refuse] | unwrap QUEUE|--all";
    char words[QUEUES_WORDS];
    bool all = cli_take_flag(c, "--all"), refuse = cli_take_flag(c, "--refuse");
    const char *target = cli_take_value(c, "--target");
    if (c->argc == 0 || (c->argc == 1 && strcmp(c->argv[0], "list") == 0)) return list_queues(c);
    bool wrap = strcmp(c->argv[0], "wrap") == 0;
    if ((!wrap && strcmp(c->argv[0], "unwrap") != 0) || c->argc != (all ? 1 : 2) || (all && target)) return cli_usage(right);
    if (all) return (wrap ? queues_wrap_all : queues_unwrap_all)(c->data_dir, say, NULL) ? CLI_FAILED : CLI_OK;
    plt_status s = wrap ? queues_wrap(c->data_dir, c->argv[1], target, refuse, words) : queues_unwrap(c->data_dir, c->argv[1], words);
    if (s != PLT_OK && s != PLT_EXISTS) return cli_fail("%s", words);
    puts(words);
    return CLI_OK;
}
