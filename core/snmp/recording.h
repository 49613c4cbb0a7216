/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an agent has, kept as text and served again: snmpsim's snmprec form, a line an object ("1.3.6.1.2.1.1.1.0|4|text"), and what
 * `snmpwalk -On` prints. Reading a recording allocates; every value lies in its own memory, and nothing of the text is needed any more.
 * Opens no file and sends nothing.
 */
#ifndef PLATEN_CORE_SNMP_RECORDING_H
#define PLATEN_CORE_SNMP_RECORDING_H

#include "core/snmp/serve.h"
#include "core/util/buf.h"

#define PLT_RECORDING_OBJECTS_MOST 1000000u
#define PLT_RECORDING_TEXT_MOST (256u << 20)
#define PLT_OID_TEXT (4 * PLT_OID_SIZE + 1) /* of the longest OID */

typedef struct plt_recording {
    plt_snmp_var *objects; /* in the order of a walk, each name once */
    size_t count, cap;
    uint8_t *octets; /* names and values */
    size_t used;
    /* What the text was like: */
    size_t left_out;         /* lines that are no object, or none that can be served */
    size_t repeated;         /* names that stand there again: the first one stays */
    size_t bad_line;         /* the first one left out, from 1 */
    const char *bad_because; /* why; NULL: none was */
} plt_recording;

/* PLT_BAD: no object in it. PLT_FULL: too large. PLT_NOMEM. In each case free it with plt_recording_free. */
plt_status plt_recording_read(plt_recording *r, const char *text, size_t n);
void plt_recording_free(plt_recording *r);
/* Serves one; arg is the recording. */
extern const plt_serve_view plt_recording_serve;

/* One object as a line of snmprec. False, and nothing is written: snmprec has no form for it, or no line that is read as the same again. */
bool plt_snmprec_put(plt_buf *out, const plt_snmp_var *v);

#endif
