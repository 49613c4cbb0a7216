/* SPDX-License-Identifier: Apache-2.0 */
/* platen-usbagent: lists this machine's USB printers and reads what they say of themselves. It never prints and never changes a printer. */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/device/meter.h"
#include "core/util/text.h"
#include "os/clock.h"
#include "os/error.h"
#include "os/spooler.h"
#include "usbagent/query.h"

enum { EXIT_GOOD = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

typedef struct command {
    bool read, json;
    const char *simulate; /* NULL: the real ones */
    cJSON *array;
    int count;
} command;

static int usage(FILE *to, int code)
{
    fputs("platen-usbagent " PLATEN_VERSION ": the USB printers of this machine\n\n"
          "  platen-usbagent list [--json]   what is plugged in; nothing is sent to a printer\n"
          "  platen-usbagent read [--json]   and its name, status and page count, by PJL, where the printer speaks it\n\n"
          "  --simulate FILE                 printers from a file instead of the machine's\n",
          to);
    return code;
}

static void add_text(cJSON *o, const char *name, const char *text)
{
    if (text[0])
        cJSON_AddStringToObject(o, name, text);
    else
        cJSON_AddNullToObject(o, name);
}

static cJSON *json_of(const usb_printer *p, const usb_reading *r)
{
    char hex[8];
    cJSON *o = cJSON_CreateObject();
    cJSON_AddStringToObject(o, "transport", p->transport->name);
    cJSON_AddStringToObject(o, "address", p->address);
    snprintf(hex, sizeof hex, "%04x", p->vendor_id);
    cJSON_AddStringToObject(o, "vendor_id", hex);
    snprintf(hex, sizeof hex, "%04x", p->product_id);
    cJSON_AddStringToObject(o, "product_id", hex);
    add_text(o, "usb_maker", p->maker);
    add_text(o, "usb_product", p->product);
    add_text(o, "usb_serial", p->serial);
    add_text(o, "device_id", p->id_text);
    add_text(o, "commands", p->id.commands);
    plt_buf device;
    plt_buf_init(&device, PLT_DEVICE_BUDGET * 4);
    if (plt_device_to_json(&r->device, &device) == PLT_OK) cJSON_AddItemToObject(o, "device", cJSON_Parse(plt_buf_str(&device)));
    plt_buf_free(&device);
    add_text(o, "problem", r->problem);
    return o;
}

static void print_line(const char *name, const char *text)
{
    if (text[0]) printf("  %-10s %s\n", name, text);
}

static void print_text(const usb_printer *p, const usb_reading *r)
{
    const plt_device *d = &r->device;
    const char *make = plt_device_text(d, PLT_MAKE, 0), *model = plt_device_text(d, PLT_MODEL, 0);
    uint64_t n;
    printf("%04x:%04x  %s%s%s\n", p->vendor_id, p->product_id, make, make[0] ? " " : "", model[0] ? model : "(model unknown)");
    print_line("serial", plt_device_text(d, PLT_SERIAL, 0));
    print_line("languages", p->id.commands);
    printf("  %-10s %s %s\n", "found by", p->transport->name, p->address);
    print_line("name", plt_device_text(d, PLT_NAME, 0));
    if (plt_device_number(d, PLT_CODE, 0, &n))
        printf("  %-10s %s (%llu) %s\n", "status", plt_device_text(d, PLT_STATUS_TEXT, 0), (unsigned long long)n,
               plt_device_text(d, PLT_CONSOLE_TEXT, 1));
    else
        print_line("status", plt_device_text(d, PLT_STATUS_TEXT, 0));
    if (plt_device_number(d, PLT_METER_COUNT, PLT_METER_TOTAL, &n)) printf("  %-10s %llu\n", "pages", (unsigned long long)n);
    print_line("note", r->problem);
}

static bool one(void *arg, const usb_printer *p)
{
    command *c = arg;
    usb_reading r;
    if (c->read)
        usb_query(p, os_clock_unix_ms(), &r);
    else
        usb_identify(p, os_clock_unix_ms(), &r);
    c->count++;
    if (c->json)
        cJSON_AddItemToArray(c->array, json_of(p, &r));
    else
        print_text(p, &r);
    usb_reading_free(&r);
    return true;
}

/* A question in the middle of a job would be printed or eat the job's answers. */
static bool is_printing(void *arg, const os_queue *q)
{
    bool *printing = arg;
    if (q->jobs && !strncmp(q->port, "USB", 3)) *printing = true;
    return !*printing;
}

static int run(command *c)
{
    static const usb_transport *const real[] = {&usb_usbprint, &usb_libusb};
    int code = EXIT_GOOD;
    bool printing = false;
    if (c->read && !c->simulate) os_spooler_queues(is_printing, &printing); /* where there is no spooler, there is nobody to disturb */
    if (printing) {
        fputs("platen-usbagent: a queue on a USB port has a job: nothing was asked. Try again when it is done.\n", stderr);
        return EXIT_FAILED;
    }
    for (size_t i = 0; i < (c->simulate ? 1 : sizeof real / sizeof real[0]); i++) {
        plt_status s = c->simulate ? usb_simulated.list(c->simulate, one, c) : real[i]->list(NULL, one, c);
        if (s == PLT_OK || s == PLT_UNSUPPORTED) continue;
        fprintf(stderr, "platen-usbagent: %s\n", os_error_text());
        code = EXIT_FAILED;
    }
    if (c->json) {
        char *text = cJSON_Print(c->array);
        puts(text ? text : "[]");
        free(text);
    } else if (!c->count && code == EXIT_GOOD) {
        puts("No USB printer is connected to this machine.");
    }
    return code;
}

int main(int argc, char **argv)
{
    command c = {0};
    bool list = argc > 1 && !strcmp(argv[1], "list");
    c.read = argc > 1 && !strcmp(argv[1], "read");
    for (int i = 2; i < argc; i++) {
        if (!strcmp(argv[i], "--json"))
            c.json = true;
        else if (!strcmp(argv[i], "--simulate") && i + 1 < argc)
            c.simulate = argv[++i];
        else
            return usage(stderr, EXIT_USAGE);
    }
    if (argc > 1 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))) return usage(stdout, EXIT_GOOD);
    if (!list && !c.read) return usage(stderr, EXIT_USAGE);
    c.array = c.json ? cJSON_CreateArray() : NULL;
    int code = run(&c);
    cJSON_Delete(c.array);
    return code;
}
