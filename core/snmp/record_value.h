/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One value of a recording, from its text to its content octets. Between recording.c and the two forms of text; nobody else's. No value has
 * more octets than its text has letters, which is what recording.c gives as room.
 */
#ifndef PLATEN_CORE_SNMP_RECORD_VALUE_H
#define PLATEN_CORE_SNMP_RECORD_VALUE_H

#include "core/snmp/snmp.h"

typedef struct record_value {
    plt_snmp_type type;
    uint8_t *p; /* room for as many octets as the text has letters */
    size_t n;
} record_value;

/* Each gives NULL, or why the text is not such a value. */
const char *record_number(plt_octets text, record_value *out); /* of out->type */
const char *record_hex(plt_octets text, record_value *out);    /* blanks and ends of lines between octets are passed over */
const char *record_address(plt_octets text, record_value *out);
const char *record_oid(plt_octets text, record_value *out);
const char *record_text(plt_octets text, record_value *out);
plt_octets record_trim(plt_octets text); /* without the blanks at its ends */

/* What stands behind the OID: "4x|0001", and "STRING: \"text\"". */
const char *snmprec_value(plt_octets text, record_value *out);
const char *snmpwalk_value(plt_octets text, record_value *out);
/* Does the next line belong to this value of snmpwalk's? Texts go on until their quote, octets while there are any. */
bool snmpwalk_goes_on(plt_octets value, plt_octets line);

#endif
