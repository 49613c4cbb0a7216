/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A virtual printer: bytes in, bytes and counters out. It reads what it is sent with the product's own page analyser, so its counters
 * move as a real one's do, and answers PJL and PML as its model says. It never keeps what was on a page. It does no I/O and reads no
 * clock: fronts (TCP, socket file, gadget) feed it, and say what time it is. One thread.
 */
#ifndef PLATEN_LAB_PRINTER_ENGINE_H
#define PLATEN_LAB_PRINTER_ENGINE_H

#include "core/pdl/pdl.h"
#include "core/util/buf.h"
#include "tests/lab/printer_model.h"

typedef struct lab_printer lab_printer;
typedef struct lab_channel lab_channel; /* one way in: a connection, or the gadget */

/* What it knows of itself, besides supplies and texts. */
typedef enum lab_value {
    LAB_PAGES,      /* impressions in its life */
    LAB_MONO,       /* of these, without colour */
    LAB_COLOR,      /* of these, with colour */
    LAB_DUPLEX,     /* of these, on sheets that went through twice */
    LAB_SHEETS,     /* sheets of paper */
    LAB_JOBS,       /* jobs that came to their end */
    LAB_UNREADABLE, /* jobs whose pages the analyser does not know */
    LAB_STRAY,      /* sheets spoiled with what was no page */
    LAB_QUESTIONS,  /* PJL requests answered, or meant to be */
    LAB_FORBIDDEN,  /* PJL that changes, stores, resets or takes offline */
    LAB_PML_SETS,
    LAB_VALUES,
} lab_value;

typedef struct lab_print_report {
    unsigned number;
    uint64_t bytes, fnv;
    const char *name; /* of @PJL JOB; "" none */
    bool broken;      /* its channel went away before its end */
    plt_pdl_result result;
} lab_print_report;

typedef struct lab_printer_hooks {
    void *arg;
    /* A job's bytes as they come, from the UEL before it to the one behind it; n 0: that was all. NULL: nobody wants them. */
    void (*keep)(void *arg, unsigned job, const void *data, size_t n);
    /* After its last byte. NULL: nobody wants to know. */
    void (*report)(void *arg, const lab_print_report *r);
} lab_printer_hooks;

/* The model stays borrowed. NULL: no memory. Its channels are closed first, then it is freed. */
lab_printer *lab_printer_new(const lab_model *m, const lab_printer_hooks *hooks);
void lab_printer_free(lab_printer *p);

/* Pages come out at this pace; 0 at once. */
void lab_printer_pace(lab_printer *p, uint32_t pages_per_minute);
/* Lets paper out and time pass. To be called a few times a second. */
void lab_printer_tick(lab_printer *p, uint64_t now);

/* Where others read it: the SNMP responder of the farm, tests. */
uint64_t lab_printer_value(const lab_printer *p, lab_value v);
const char *lab_value_name(lab_value v);
const lab_model *lab_printer_model(const lab_printer *p);
const lab_state *lab_printer_state(const lab_printer *p);
/* What is left of the n-th supply, in pages. */
uint32_t lab_printer_supply(const lab_printer *p, size_t n);
/* The IEEE 1284 device ID as it is now. */
void lab_printer_id(const lab_printer *p, plt_buf *out);
/* USB printer class 1.1, GET_PORT_STATUS. */
uint8_t lab_printer_port_status(const lab_printer *p);
/* Everything that is true of it, as one JSON object. */
void lab_printer_truth(const lab_printer *p, plt_buf *out);

/* One line of the control language (docs/lab.md); the answer is one line of JSON. False: it was not understood. */
bool lab_printer_command(lab_printer *p, const char *line, uint64_t now, plt_buf *answer);
/* A command said "quit". */
bool lab_printer_quits(const lab_printer *p);
/* A command said "unplug": nothing comes in and nothing goes out until "plug". */
bool lab_printer_unplugged(const lab_printer *p);

lab_channel *lab_channel_open(lab_printer *p);
/* The end of its way: what was printed counts as a job that ended here. NULL-safe. */
void lab_channel_close(lab_channel *c, uint64_t now);
/* How many bytes it would take now; 0: it does not read. */
size_t lab_channel_room(const lab_channel *c);
void lab_channel_feed(lab_channel *c, const void *data, size_t n, uint64_t now);
/* Up to n bytes of what it has to say now. */
size_t lab_channel_take(lab_channel *c, void *out, size_t n, uint64_t now);
/* Nothing came for a while: a job without an end of its own is over. */
void lab_channel_idle(lab_channel *c, uint64_t now);
/* It has nothing more to say. */
bool lab_channel_is_quiet(const lab_channel *c);
/* A fault wants the front to hang up. */
bool lab_channel_hangs_up(const lab_channel *c);

#endif
