/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records: what the ledger holds and the hub receives, one JSON object a line (docs/protocol.md section 2). A record is
 * immutable and names the hash of the one before. This room makes and reads the lines; hashing comes in as an argument.
 */
#ifndef PLATEN_CORE_RECORD_RECORD_H
#define PLATEN_CORE_RECORD_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/pdl/result.h"
#include "core/util/buf.h"
#include "core/util/status.h"
#include "core/util/why.h"

#define PLT_RECORD_MAX 65536 /* bytes of a line */
#define PLT_HASH_HEX 65      /* 64 digits and the terminator */
#define PLT_UID_HEX 33
#define PLT_EAST_MOST 1440 /* minutes that a time zone may be away from UTC */

/* SHA-256 of data; supplied by the caller, since core has no library for it. */
typedef void (*plt_digest_fn)(const void *data, size_t n, uint8_t out[32]);

/* What the policy set said of a job and what came of it. */
typedef struct plt_job_policy {
    bool set;                         /* false: no set was in force, all else is empty */
    uint64_t version;                 /* the author's own */
    char set_id[64];                  /* the hub's name of the set; "" one of this PC's own */
    plt_maybe published;              /* the hub's version of it */
    char rule[65];                    /* that gave the action; "" the set's default */
    char action[12];                  /* printed, converted, asked, redirected, held, denied */
    char would[12];                   /* the same if nothing were in shadow */
    char explanation[384];            /* one line */
    char because[PLT_WHY_SIZE];       /* the same for the person, as codes; "" nothing happened to him */
    char would_because[PLT_WHY_SIZE]; /* of `would`, where it is another */
    char message[513];                /* for the person who printed */
    char answer[8];                   /* print, cancel; none: nobody answered; "" nobody was asked */
    char account[65];
    plt_maybe cost; /* millionths of the currency */
    char currency[8];
    char note[256];                        /* what could not be done as it was ruled, and what was done then */
    int64_t clock;                         /* Unix ms: when the job began by the time that rules go by, where the PC's clock said otherwise; else 0 */
    bool zoned;                            /* the next one is known; older agents do not say it */
    int16_t east_minutes;                  /* how far local time was ahead of UTC then */
    bool notified;                         /* a question or a notice reached the user's screen */
    bool tell_manager, tell_administrator; /* the rule asks for it; it is written here and nowhere else */
    plt_maybe order;                       /* of the hub, that released or cancelled it */
    char ordered_by[129];                  /* who gave it on the console */
} plt_job_policy;

typedef struct plt_job {
    char uid[PLT_UID_HEX];
    char queue[256], port[260], target[512], document[1024], user[256], machine[256], datatype[64]; /* "" not given */
    char device[192]; /* the printer behind the target, as rules saw it: "Make Model (serial)"; "" not known */
    plt_maybe job_id;
    int64_t begun, ended; /* Unix ms; 0 not known */
    uint64_t bytes;
    char outcome[16]; /* printed, failed, cancelled, refused, aborted */
    char error[512];
    char why[PLT_WHY_SIZE];                            /* error as codes; "" they are somebody else's words */
    char source[8];                                    /* pipe, journal */
    plt_maybe asked_copies, asked_color, asked_duplex; /* what DEVMODE asked */
    char asked_paper[48];
    plt_pdl_result analysis;
    plt_job_policy policy;
    uint32_t session; /* that printed it, 0 not known; not in the record */
} plt_job;

/* Everything unknown, nothing given. */
void plt_job_init(plt_job *j);

/* Appends the job's line (no newline) to out. `prev` is 64 hex digits. */
plt_status plt_record_write(const plt_job *j, int64_t seq, const char *prev, int64_t at_ms, plt_buf *out);

typedef struct plt_record {
    int64_t seq;
    char prev[PLT_HASH_HEX];
    char uid[PLT_UID_HEX];
    char type[16];
    int64_t at; /* Unix ms */
    bool is_job;
    plt_job job; /* filled when is_job */
} plt_record;

/* Reads and checks one line. PLT_BAD: `why` (of size why_size) says what is wrong with it. */
plt_status plt_record_read(const char *line, size_t n, plt_record *out, char *why, size_t why_size);

/* The hash of a line as 64 hex digits. */
void plt_record_hash(const char *line, size_t n, plt_digest_fn digest, char out[PLT_HASH_HEX]);

/* Sixty-four zeros: what the first record names as the one before. */
extern const char plt_record_no_prev[PLT_HASH_HEX];

#endif
