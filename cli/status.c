/* SPDX-License-Identifier: Apache-2.0 */
/* platen status: asks the service by its pipe for users. */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "core/util/answer.h"
#include "core/util/frame.h"
#include "os/error.h"
#include "os/pipe.h"

#define WAIT_MS 3000

static const char *const states[] = {"not enrolled", "connected", "hub not reached", "refused"};

static plt_status ask(const char *data_dir, plt_answer *out)
{
    char name[OS_PIPE_NAME_MAX];
    static uint8_t payload[PLT_FRAME_MAX_PAYLOAD];
    uint8_t header[PLT_FRAME_HEADER], type;
    size_t n = 0;
    os_pipe *p = NULL;
    memset(out, 0, sizeof *out);
    plt_status s = os_pipe_name(name, data_dir, "user");
    if (s == PLT_OK) s = os_pipe_connect(&p, name, WAIT_MS);
    plt_frame_header(header, PLT_F_STATUS_ASK, 0);
    if (s == PLT_OK) s = os_pipe_write(p, header, sizeof header, WAIT_MS);
    if (s == PLT_OK) s = os_pipe_read_all(p, header, sizeof header, WAIT_MS);
    if (s == PLT_OK) s = plt_frame_parse(header, &type, &n);
    if (s == PLT_OK && type != PLT_F_STATUS) s = os_fail_as(PLT_BAD, "understand the answer of", name);
    if (s == PLT_OK) s = os_pipe_read_all(p, payload, n, WAIT_MS);
    if (s == PLT_OK && !plt_answer_read(out, payload, n)) s = os_fail_as(PLT_BAD, "understand the answer of", name);
    os_pipe_close(p);
    return s;
}

static int print_json(const plt_answer *s)
{
    cJSON *o = cJSON_CreateObject();
    cJSON_AddStringToObject(o, "state", states[s->state]);
    cJSON_AddStringToObject(o, "message", s->message);
    cJSON_AddStringToObject(o, "readings", s->readings);
    cJSON_AddStringToObject(o, "hub", s->hub);
    cJSON_AddStringToObject(o, "agent", s->agent);
    cJSON_AddStringToObject(o, "version", s->version);
    cJSON_AddStringToObject(o, "policy", s->policy);
    cJSON_AddStringToObject(o, "policy_problem", s->policy_problem);
    cJSON_AddStringToObject(o, "clock", s->clock);
    cJSON_AddNumberToObject(o, "records", (double)s->records);
    cJSON_AddNumberToObject(o, "jobs", (double)s->jobs);
    cJSON_AddNumberToObject(o, "queued", (double)s->queued);
    cJSON_AddNumberToObject(o, "last_sync", (double)s->last_sync);
    return cli_print_json(o, CLI_OK);
}

int cmd_status(cli *c)
{
    plt_answer s;
    char at[32];
    if (c->argc) return cli_usage("status [--json]");
    plt_status st = ask(c->data_dir, &s);
    if (st != PLT_OK) {
        cli_fail("the service does not answer: %s. Start it: 'sc start PlatenService' on Windows, 'platen-service' elsewhere", os_error_text());
        return CLI_AWAY;
    }
    if (c->json) return print_json(&s);
    cli_time(at, (long long)s.last_sync);
    printf("State      %s\n", states[s.state]);
    if (*s.message) printf("           %s\n", s.message);
    if (*s.hub) printf("Hub        %s (this machine is agent %s)\n", s.hub, s.agent);
    printf("Last sync  %s\n", at);
    printf("Records    %llu, of which %llu wait to be sent\n", (unsigned long long)s.records, (unsigned long long)s.queued);
    if (*s.readings) printf("Printers   %s\n", s.readings);
    if (*s.outcome) printf("Your last  %s on %s: %s\n", *s.document ? s.document : "(no name)", *s.queue ? s.queue : "-", s.outcome);
    if (*s.policy) printf("Policy     %s\n", s.policy);
    if (*s.policy_problem) printf("           %s\n", s.policy_problem);
    if (*s.clock) printf("Clock      %s\n", s.clock);
    printf("Version    %s\n", s.version);
    return CLI_OK;
}
