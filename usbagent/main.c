/* SPDX-License-Identifier: Apache-2.0 */
/* platen-usbagent: this machine's local printers and what they say of themselves. It never prints and never changes a printer. */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"
#include "os/clock.h"
#include "os/error.h"
#include "os/net.h"
#include "usbagent/fed.h"
#include "usbagent/show.h"
#include "usbagent/snmp.h"
#include "usbagent/split.h"
#include "usbagent/trace.h"

#define ALL_MS 60000 /* for all printers of one run */
#define WATCHED_MAX 32
#define WHY_SIZE 160

enum { EXIT_GOOD = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

/* A printer as it was last time. */
typedef struct watched {
    char address[USB_ADDRESS_SIZE];
    plt_device device;
} watched;

typedef struct command {
    bool read, watch, serve, json, through_cli;
    bool lines;                /* for the service: a line of JSON as soon as a printer is read, and one at the end; who prints is told on stdin */
    const usb_transport *only; /* NULL: the real ones */
    const char *option;        /* of that transport */
    const char *id;            /* of a port that tells none */
    const char *trace;
    long seconds, rounds; /* of watch; rounds 0: for ever */
    uint64_t deadline;
    int count, failures;
    cJSON *array;
    usb_snmp_options snmp; /* for --snmp */
    usb_snmp *server;      /* NULL: it is not asked for */
    watched was[WATCHED_MAX];
    size_t was_count;
} command;

static int usage(FILE *to, int code)
{
    fputs(
        "platen-usbagent " PLATEN_VERSION ": the local printers of this machine\n\n"
        "  platen-usbagent list            what is plugged in; nothing is sent to a printer\n"
        "  platen-usbagent read            status, meters, supplies and alerts, where the printer can be asked; gives way to jobs\n"
        "  platen-usbagent watch           the same every 30 s, and then only what changed\n"
        "  platen-usbagent --snmp --allow BLOCK --community TEXT [--listen ADDRESS[:PORT]]\n"
        "                                  reads them every 30 s and answers SNMP from that, as if they were network printers\n"
        "  platen-usbagent --snmp --told   for the service, which says on stdin who may ask and what to answer; opens no device\n\n"
        "  --json                          for programs: one JSON array; watch: one object a line\n"
        "  --told                          for the service: one object a line, then {\"end\":...}; the ports that have a job come on stdin, a line\n"
        "                                  with all of them, tabs between, whenever that changes; before the first and after stdin's end all are "
        "busy\n"
        "  --trace FILE                    records every byte both ways; --replay FILE reads it again\n"
        "  --port NAME --id ID             a printer on tcp:HOST:PORT, unix:PATH, a device file or COM port; ID as it says itself,\n"
        "                                  \"MFG:HP;MDL:LaserJet 4;CMD:PJL;\": without PJL in it nothing is sent\n"
        "  --simulate FILE                 printers from a file instead of the machine's\n"
        "  --every SECONDS --times N       how watch and --snmp go on\n",
        to);
    return code;
}

/* Through `platen usb` stdout is the only way out: a line for stderr begins with a 1 there. */
static void complain(const command *c, const char *text)
{
    if (c->through_cli) {
        printf("\001%s\n", text);
        fflush(stdout);
    } else {
        fprintf(stderr, "platen-usbagent: %s\n", text);
    }
}

/* The reading that the parsing process gave. False: it is none. */
static bool take_reading(const cJSON *o, plt_device *d, char problem[USB_PROBLEM_SIZE])
{
    char why[WHY_SIZE];
    char *text = cJSON_PrintUnformatted(cJSON_GetObjectItemCaseSensitive(o, "device"));
    const char *note = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(o, "problem"));
    plt_status s = text ? plt_device_from_json(d, text, strlen(text), why, sizeof why) : PLT_BAD;
    plt_copy(problem, USB_PROBLEM_SIZE, note ? note : "");
    cJSON_free(text);
    return s == PLT_OK;
}

static void add_text(cJSON *o, const char *name, const char *text)
{
    if (text[0])
        cJSON_AddStringToObject(o, name, text);
    else
        cJSON_AddNullToObject(o, name);
}

/* How it was found, before what it said. */
static cJSON *head_of(const usb_printer *p)
{
    char hex[8];
    cJSON *o = cJSON_CreateObject();
    cJSON_AddStringToObject(o, "transport", p->transport->name);
    cJSON_AddStringToObject(o, "address", p->address);
    add_text(o, "port", p->port);
    snprintf(hex, sizeof hex, "%04x", p->vendor_id);
    add_text(o, "vendor_id", p->vendor_id ? hex : "");
    snprintf(hex, sizeof hex, "%04x", p->product_id);
    add_text(o, "product_id", p->vendor_id ? hex : "");
    add_text(o, "usb_maker", p->maker);
    add_text(o, "usb_product", p->product);
    add_text(o, "usb_serial", p->serial);
    if (p->has_status) cJSON_AddNumberToObject(o, "port_status", p->status);
    return o;
}

static plt_device *before(command *c, const char *address)
{
    for (size_t i = 0; i < c->was_count; i++)
        if (!strcmp(c->was[i].address, address)) return &c->was[i].device;
    if (c->was_count == WATCHED_MAX) return NULL;
    watched *w = &c->was[c->was_count++];
    plt_copy(w->address, sizeof w->address, address);
    plt_device_init(&w->device, 0);
    return &w->device;
}

static void print_json(cJSON *o, bool pretty)
{
    char *text = pretty ? cJSON_Print(o) : cJSON_PrintUnformatted(o);
    puts(text ? text : "null");
    fflush(stdout);
    cJSON_free(text);
}

/* One JSON line of what changed; nothing when nothing did. */
static void print_changes(command *c, const usb_printer *p, const plt_device *d, const char *problem)
{
    char at[PLT_TIME_SIZE];
    plt_device changes;
    plt_buf json;
    plt_device *old = before(c, p->address);
    if (!old) return;
    plt_device_init(&changes, 0);
    plt_buf_init(&json, USB_WORD_MAX);
    if (plt_device_changes(old, d, &changes) == PLT_OK && changes.count && plt_device_to_json(&changes, &json) == PLT_OK) {
        cJSON *o = cJSON_CreateObject();
        plt_time_format(at, os_clock_unix_ms());
        cJSON_AddStringToObject(o, "time", at);
        cJSON_AddStringToObject(o, "address", p->address);
        add_text(o, "problem", problem);
        cJSON_AddRawToObject(o, "changed", plt_buf_str(&json));
        print_json(o, false);
        cJSON_Delete(o);
        plt_device_apply(old, &changes);
    }
    plt_buf_free(&json);
    plt_device_free(&changes);
}

/* What a printer says while it prints is less than what it said before: then that stays. */
static void serve_reading(command *c, const usb_printer *p, const plt_device *d, bool gave_way)
{
    if (gave_way && usb_snmp_keep(c->server, p->address)) return;
    if (usb_snmp_put(c->server, p->address, d) == PLT_OK) return;
    complain(c, "a printer is left out of what SNMP tells: there are too many, or too little memory");
    c->failures++;
}

static void show(command *c, const usb_printer *p, cJSON *reading)
{
    char problem[USB_PROBLEM_SIZE];
    plt_device d;
    plt_device_init(&d, 0);
    if (!take_reading(reading, &d, problem)) {
        complain(c, "the parsing process gave what is no reading");
        c->failures++;
    } else if (c->server) {
        serve_reading(c, p, &d, cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(reading, "gave_way")));
    } else if (c->watch) {
        print_changes(c, p, &d, problem);
    } else if (c->json) {
        cJSON *o = head_of(p);
        while (reading->child) {
            cJSON *item = cJSON_DetachItemViaPointer(reading, reading->child);
            cJSON_AddItemToObject(o, item->string, item);
        }
        if (c->lines) {
            print_json(o, false);
            cJSON_Delete(o);
        } else {
            cJSON_AddItemToArray(c->array, o);
        }
    } else {
        usb_show(p, &d, problem);
    }
    plt_device_free(&d);
}

static bool one(void *arg, const usb_printer *found)
{
    command *c = arg;
    char text[USB_PROBLEM_SIZE];
    usb_printer p = *found;
    plt_buf json;
    c->count++;
    if (c->id && !p.id_len) usb_printer_set_id(&p, (const uint8_t *)c->id, strlen(c->id));
    bool late = os_clock_mono_ms() + USB_DEVICE_MS > c->deadline;
    if (late && c->read) plt_copy(p.problem, sizeof p.problem, "the time for all printers is over: it was not asked");
    usb_trace_printer(&p);
    plt_buf_init(&json, USB_WORD_MAX);
    plt_status s = usb_split_read(&p,
                                  c->lines  ? &usb_quiet_told
                                  : c->only ? &usb_quiet_none
                                            : &usb_quiet_spooler,
                                  c->read && !late, os_clock_unix_ms(), &json);
    p.transport = found->transport; /* not the recorder */
    cJSON *reading = s == PLT_OK ? cJSON_ParseWithLength(plt_buf_str(&json), json.len) : NULL;
    if (reading) {
        show(c, &p, reading);
    } else {
        snprintf(text, sizeof text, "%.100s was not read: %s (%.100s)", p.address, plt_status_name(s), s == PLT_OK ? "no JSON" : os_error_text());
        complain(c, text);
        c->failures++;
    }
    cJSON_Delete(reading);
    plt_buf_free(&json);
    return true;
}

static void look_at_all(command *c)
{
    static const usb_transport *const real[] = {&usb_usbprint, &usb_libusb};
    bool whole = true;
    c->deadline = os_clock_mono_ms() + ALL_MS;
    for (size_t i = 0; i < (c->only ? 1 : sizeof real / sizeof real[0]); i++) {
        const usb_transport *t = c->only ? c->only : real[i];
        plt_status s = t->list(c->option, one, c);
        if (s == PLT_OK || s == PLT_UNSUPPORTED) continue;
        complain(c, os_error_text());
        c->failures++;
        whole = false;
    }
    if (c->server && whole) usb_snmp_end_round(c->server);
    if (c->lines) printf("{\"end\":true,\"whole\":%s,\"printers\":%d}\n", whole ? "true" : "false", c->count);
}

/* With --snmp: opens the port and says which. */
static bool begin_to_serve(command *c)
{
    static char name[256];
    const char *hidden = getenv("PLATEN_SNMP_COMMUNITY");
    if (hidden && hidden[0] && c->snmp.community_count < USB_SNMP_COMMUNITIES) c->snmp.communities[c->snmp.community_count++] = hidden;
    if (!c->snmp.source_count || (!c->snmp.community_count && !c->snmp.users)) {
        complain(c, "--snmp needs --allow with the addresses that may ask, and --community; there is no default of either");
        return false;
    }
    if (!c->snmp.listen.family) plt_address_parse("0.0.0.0", &c->snmp.listen);
    os_machine_name(name, sizeof name);
    c->snmp.name = name;
    if (usb_snmp_open(&c->server, &c->snmp) != PLT_OK) {
        complain(c, os_error_text());
        return false;
    }
    printf("answering SNMP on UDP port %u\n", (unsigned)usb_snmp_port(c->server));
    fflush(stdout);
    return true;
}

/* With --snmp --told: until the service ends stdin. */
static int serve_fed(command *c)
{
    static usb_fed fed;
    usb_fed_init(&fed);
    bool ready = usb_fed_options(&fed, &c->snmp) == PLT_OK;
    if (!ready) complain(c, fed.wrong);
    ready = ready && begin_to_serve(c);
    plt_usm_kept_wipe(&fed.users);
    for (plt_status s = PLT_OK; ready && s != PLT_CLOSED;) {
        s = usb_fed_take(&fed, c->server);
        if (s == PLT_BAD) complain(c, fed.wrong);
    }
    usb_snmp_close(c->server);
    usb_fed_free(&fed);
    return ready ? EXIT_GOOD : EXIT_FAILED;
}

static void watch(command *c)
{
    for (long i = 0; !c->rounds || i < c->rounds; i++) {
        if (i) os_sleep_ms((uint32_t)c->seconds * 1000);
        look_at_all(c);
    }
}

static int run(command *c)
{
    if (c->trace && usb_trace_begin(c->trace) != PLT_OK) {
        complain(c, os_error_text());
        return EXIT_FAILED;
    }
    if (c->serve && c->lines) return serve_fed(c);
    if (c->serve && !begin_to_serve(c)) return EXIT_FAILED;
    if (c->lines && usb_told_begin() != PLT_OK) {
        complain(c, os_error_text());
        return EXIT_FAILED;
    }
    c->array = c->json && !c->watch && !c->lines ? cJSON_CreateArray() : NULL;
    if (c->watch)
        watch(c);
    else
        look_at_all(c);
    if (c->array)
        print_json(c->array, true);
    else if (!c->count && !c->failures && !c->server && !c->lines)
        puts("No local printer is connected to this machine.");
    cJSON_Delete(c->array);
    usb_snmp_close(c->server);
    for (size_t i = 0; i < c->was_count; i++) plt_device_free(&c->was[i].device);
    if (c->trace && usb_trace_end() != PLT_OK) {
        complain(c, "the trace could not be written to its end");
        c->failures++;
    }
    return c->failures ? EXIT_FAILED : EXIT_GOOD;
}

static bool number(const char *text, long least, long most, long *out)
{
    char *end;
    *out = strtol(text, &end, 10);
    return *text && !*end && *out >= least && *out <= most;
}

/* --name VALUE. False: it is no option, or its value is none. */
static bool option(command *c, const char *name, const char *value)
{
    static const struct {
        const char *name;
        const usb_transport *transport;
    } transports[] = {{"--simulate", &usb_simulated}, {"--replay", &usb_replay}, {"--port", &usb_port}};
    for (size_t i = 0; i < sizeof transports / sizeof transports[0]; i++) {
        if (strcmp(name, transports[i].name) != 0) continue;
        c->only = transports[i].transport;
        c->option = value;
        return true;
    }
    if (!strcmp(name, "--id")) return (c->id = value) != NULL;
    if (!strcmp(name, "--trace")) return (c->trace = value) != NULL;
    if (c->serve && !strcmp(name, "--allow")) return usb_snmp_allow(&c->snmp, value);
    if (c->serve && !strcmp(name, "--listen")) return usb_snmp_listen(&c->snmp, value);
    if (c->serve && !strcmp(name, "--community")) {
        if (!value[0] || c->snmp.community_count == USB_SNMP_COMMUNITIES) return false;
        return (c->snmp.communities[c->snmp.community_count++] = value) != NULL;
    }
    if (!strcmp(name, "--every")) return number(value, 1, 86400, &c->seconds);
    return !strcmp(name, "--times") && number(value, 1, 1000000, &c->rounds);
}

int main(int argc, char **argv)
{
    static command c = {.seconds = 30};
    const char *what = argc > 1 ? argv[1] : "";
    if (!strcmp(what, USB_SPLIT_WORD)) return usb_split_child();
    if (!strcmp(what, "--help") || !strcmp(what, "-h")) return usage(stdout, EXIT_GOOD);
    c.serve = !strcmp(what, "--snmp");
    c.watch = c.serve || !strcmp(what, "watch");
    c.read = c.watch || !strcmp(what, "read");
    if (!c.read && strcmp(what, "list") != 0) return usage(stderr, EXIT_USAGE);
    for (int i = 2; i < argc; i++) {
        if (!strcmp(argv[i], "--json"))
            c.json = true;
        else if (!strcmp(argv[i], "--told") && (!c.watch || c.serve))
            c.lines = c.json = true;
        else if (!strcmp(argv[i], "--through-cli"))
            c.through_cli = true;
        else if (i + 1 < argc && option(&c, argv[i], argv[i + 1]))
            i++;
        else
            return usage(stderr, EXIT_USAGE);
    }
    return run(&c);
}
