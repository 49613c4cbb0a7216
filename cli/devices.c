/* SPDX-License-Identifier: Apache-2.0 */
/* platen devices: the printers that this agent knows, from its ledger; and `read`, which asks the service to read them now. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "core/device/device.h"
#include "core/device/meter.h"
#include "core/util/frame.h"
#include "core/util/text.h"
#include "os/clock.h"
#include "os/error.h"
#include "os/pipe.h"

#define WAIT_MS 5000
#define POLL_MS 300
#define PATIENCE_MS 1800000 /* a large network takes its time */

static const char right[] = "devices [--json] | devices read | devices credentials ... | devices snmp-users ...";

typedef struct listing {
    bool json;
    unsigned shown;
} listing;

static void show_json(const ledger_device *d, bool first)
{
    char at[PLT_TIME_SIZE];
    cJSON *o = cJSON_CreateObject();
    plt_time_format(at, d->at);
    cJSON_AddStringToObject(o, "via", d->via);
    cJSON_AddStringToObject(o, "key", d->key);
    cJSON_AddStringToObject(o, "outcome", d->outcome);
    cJSON_AddStringToObject(o, "address", d->address);
    cJSON_AddStringToObject(o, "at", at);
    if (*d->why) cJSON_AddStringToObject(o, "why", d->why);
    if (*d->json) cJSON_AddRawToObject(o, "device", d->json);
    char *text = cJSON_PrintUnformatted(o);
    printf("%s%s", first ? "" : ",\n", text ? text : "null");
    cJSON_free(text);
    cJSON_Delete(o);
}

static void head(void)
{
    cli_cell("Via", 3, false);
    cli_cell("Address", 22, false);
    cli_cell("Model", 28, false);
    cli_cell("Serial", 16, false);
    cli_cell("Pages", 9, false);
    cli_cell("Outcome", 8, false);
    cli_cell("Answered", 19, true);
}

static void show_row(const ledger_device *d)
{
    char at[32], pages[24] = "-", why[160];
    plt_device device;
    uint64_t n;
    plt_device_init(&device, 0);
    if (*d->json) plt_device_from_json(&device, d->json, strlen(d->json), why, sizeof why);
    if (plt_device_number(&device, PLT_METER_COUNT, PLT_METER_TOTAL, &n)) snprintf(pages, sizeof pages, "%llu", (unsigned long long)n);
    const char *model = plt_device_text(&device, PLT_MODEL, 0), *serial = plt_device_text(&device, PLT_SERIAL, 0);
    cli_time(at, (long long)d->at);
    cli_cell(d->via, 3, false);
    cli_cell(*d->address ? d->address : "-", 22, false);
    cli_cell(*model ? model : "-", 28, false);
    cli_cell(*serial ? serial : "-", 16, false);
    cli_cell(pages, 9, false);
    cli_cell(d->outcome, 8, false);
    cli_cell(at, 19, true);
    if (*d->why && strcmp(d->outcome, "read") != 0) printf("     %s\n", d->why);
    plt_device_free(&device);
}

static bool show(void *ctx, const ledger_device *d)
{
    listing *l = ctx;
    if (l->json)
        show_json(d, !l->shown);
    else
        show_row(d);
    l->shown++;
    return true;
}

static int list(cli *c)
{
    listing l = {.json = c->json};
    ledger *led = cli_ledger(c);
    if (!led) return CLI_FAILED;
    if (c->json)
        putchar('[');
    else
        head();
    plt_status s = ledger_devices(led, show, &l);
    if (s == PLT_NOTFOUND) s = PLT_OK; /* the service has not read any yet */
    if (c->json) puts("]");
    if (!c->json && s == PLT_OK && !l.shown)
        puts("No printer has been read yet. Local printers are read by themselves; network printers when the setting Ranges says where they are.");
    ledger_close(led);
    return s == PLT_OK ? CLI_OK : cli_fail("%s", os_error_text());
}

/* ---- read now ---- */

typedef struct answer {
    uint64_t running, ended, printers, code;
    char message[1024];
} answer;

static plt_status ask(os_pipe *p, plt_frame_type type, uint8_t *got, answer *out)
{
    uint8_t header[PLT_FRAME_HEADER], payload[4096];
    size_t n = 0, at = 0;
    plt_field f;
    bool bad = false;
    memset(out, 0, sizeof *out);
    plt_frame_header(header, type, 0);
    plt_status s = os_pipe_write(p, header, sizeof header, WAIT_MS);
    if (s == PLT_OK) s = os_pipe_read_all(p, header, sizeof header, WAIT_MS);
    if (s == PLT_OK) s = plt_frame_parse(header, got, &n);
    if (s == PLT_OK && n > sizeof payload) s = PLT_BAD;
    if (s == PLT_OK && n) s = os_pipe_read_all(p, payload, n, WAIT_MS);
    while (s == PLT_OK && plt_field_next(payload, n, &at, &f, &bad)) {
        switch (f.tag) {
        case PLT_T_STATE: out->running = plt_field_u64(&f); break;
        case PLT_T_ENDED: out->ended = plt_field_u64(&f); break;
        case PLT_T_PRINTERS: out->printers = plt_field_u64(&f); break;
        case PLT_T_CODE: out->code = plt_field_u64(&f); break;
        case PLT_T_MESSAGE: plt_field_str(&f, out->message, sizeof out->message); break;
        default: break;
        }
    }
    return bad ? PLT_BAD : s;
}

static int say_end(const answer *a)
{
    if (*a->message) fprintf(stderr, "platen: %s\n", a->message);
    printf("%llu printer%s read. 'platen devices' shows them.\n", (unsigned long long)a->printers, a->printers == 1 ? " was" : "s were");
    return *a->message ? CLI_FAILED : CLI_OK;
}

static int read_now(cli *c)
{
    char name[OS_PIPE_NAME_MAX];
    os_pipe *p;
    answer a;
    uint8_t type = 0;
    plt_status s = os_pipe_name(name, c->data_dir, "user");
    if (s == PLT_OK) s = os_pipe_connect(&p, name, WAIT_MS);
    if (s != PLT_OK) {
        cli_fail("the service does not answer: %s. Start it, then try again", os_error_text());
        return CLI_AWAY;
    }
    uint64_t until = os_clock_mono_ms() + PATIENCE_MS;
    s = ask(p, PLT_F_READ, &type, &a);
    while (s == PLT_OK && type == PLT_F_READINGS && a.running && os_clock_mono_ms() < until) {
        os_sleep_ms(POLL_MS);
        s = ask(p, PLT_F_READINGS_ASK, &type, &a);
    }
    os_pipe_close(p);
    if (s != PLT_OK) return cli_fail("the service does not answer: %s", os_error_text());
    if (type != PLT_F_READINGS) return cli_fail("%s", *a.message ? a.message : "the service does not know the question: is it an older version?");
    return a.running ? cli_fail("the round is not over after %d minutes; it goes on", PATIENCE_MS / 60000) : say_end(&a);
}

int cmd_devices(cli *c)
{
    if (c->argc == 0) return list(c);
    if (!strcmp(c->argv[0], "read") && c->argc == 1) return read_now(c);
    bool credentials = !strcmp(c->argv[0], "credentials");
    if (credentials || !strcmp(c->argv[0], "snmp-users")) {
        c->argv++;
        c->argc--;
        return credentials ? cli_credentials(c) : cli_snmp_users(c);
    }
    return cli_usage(right);
}
