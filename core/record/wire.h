/* SPDX-License-Identifier: Apache-2.0 */
/* The JSON bodies between agent and hub (docs/protocol.md section 3), and the enrolment key. Pure. */
#ifndef PLATEN_CORE_RECORD_WIRE_H
#define PLATEN_CORE_RECORD_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/record/record.h"
#include "core/util/buf.h"
#include "core/util/status.h"

#define PLT_ENROL_SECRET 24
#define PLT_ENROL_KEY_SIZE 96 /* of the text, terminator included */

typedef struct plt_enrol_key {
    uint8_t ca_sha256[32];
    uint8_t secret[PLT_ENROL_SECRET];
} plt_enrol_key;

/* "PLT1-..." both ways. Reading gives PLT_BAD for anything else. */
void plt_enrol_key_write(const plt_enrol_key *k, char out[PLT_ENROL_KEY_SIZE]);
plt_status plt_enrol_key_read(const char *text, plt_enrol_key *out);

plt_status plt_wire_enrol_request(const plt_enrol_key *key, const char *csr, const char *machine, const char *system, const char *version,
                                  plt_buf *out);
plt_status plt_wire_renew_request(const char *csr, plt_buf *out);

typedef struct plt_enrol_reply {
    char agent[64], tenant[128];
    char *certificate, *ca; /* PEM, owned: plt_enrol_reply_free */
} plt_enrol_reply;

/* A reply of enrol (everything) or renew (`certificate` only). */
plt_status plt_wire_enrol_reply(const char *json, size_t n, bool renewed, plt_enrol_reply *out);
void plt_enrol_reply_free(plt_enrol_reply *r);

typedef struct plt_durable {
    int64_t seq;
    char hash[PLT_HASH_HEX]; /* of record seq; "" when the hub gave none */
} plt_durable;

plt_status plt_wire_durable(const char *json, size_t n, plt_durable *out);

/* What an agent says of its policy. Texts are borrowed. */
typedef struct plt_policy_report {
    int64_t serial; /* 0: none of the hub's is in force */
    const char *set;
    int64_t version;
    bool shadow;
    const char *problem; /* why a later one was refused; "" none was */
} plt_policy_report;

plt_status plt_wire_policy_report(const plt_policy_report *r, plt_buf *out);

typedef struct plt_problem {
    char type[64], title[160], detail[320], remedy[320];
    int64_t durable; /* -1 when there is none */
} plt_problem;

/* Reads application/problem+json leniently: what is not there stays empty. */
void plt_wire_problem(const char *json, size_t n, plt_problem *out);

#endif
