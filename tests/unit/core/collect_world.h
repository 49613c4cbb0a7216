/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A scripted peer for the collector: a printer that does all right, and one for each way of doing it wrong. Time is a number here: minutes of
 * waiting take no time.
 */
#ifndef PLATEN_TESTS_COLLECT_WORLD_H
#define PLATEN_TESTS_COLLECT_WORLD_H

#include "core/collect/reader.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define MS 1000ull

typedef struct object {
    const char *name;
    plt_snmp_type type;
    const char *text; /* of strings and OIDs */
    int64_t n;
} object;

typedef enum fault {
    RIGHT,
    SILENT,
    V1_ONLY,
    NO_BULK,         /* does not answer GETBULK */
    BULK_GENERR,     /* answers genErr to it */
    SMALL_SILENT,    /* does not answer where the answer would be longer than 484 octets, the least that RFC 3417 asks for */
    SMALL_TOO_BIG,   /* says tooBig from 200 on */
    SMALL_CUT,       /* cuts the datagram at 484 */
    FEWER_VARIABLES, /* GETBULK: gives 7 variables at most */
    NO_VARIABLES,    /* GETBULK: gives none */
    SAME_NAME,       /* a walk stands still */
    BACKWARDS,       /* a walk goes back */
    ENDLESS,         /* a table has no end */
    GENERR_ONE,      /* cannot read one column */
    WRONG_ID,
    WRONG_COMMUNITY,
    WRONG_VERSION,
    OTHER_PORT,
    OTHER_ADDRESS,
    GARBAGE,
    THRICE, /* each answer three times */
    LATE,   /* each answer after 1.5 s */
    LOSSY,  /* every fourth answer is lost */
    DIES,   /* after the third answer */
    A_SERVER,
    A_REQUEST, /* sends the question back */
} fault;

typedef struct world {
    plt_collect *c;
    fault fault;
    const object *objects;
    size_t object_count;
    uint64_t now;
    unsigned asked, answered, under_way, most_under_way;
    struct {
        uint64_t at;
        plt_address from;
        uint8_t bytes[PLT_COLLECT_DATAGRAM];
        size_t n;
    } coming[64];
    size_t coming_count;
    plt_collect_result result;
    unsigned results;
    uint8_t list[65536];
    uint64_t serial_change;
} world;

extern world w;

/* One address, its peer as `f` says; `more`: besides the usual options. */
void open_world(fault f, const plt_collect_options *more);
/* Until the scan has ended. */
void run_world(void);
void close_world(void);
/* plt_collect_options.done: the result and a copy of its list go into `w`. */
void done(void *ctx, const plt_collect_result *r);

#endif
