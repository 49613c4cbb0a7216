/* SPDX-License-Identifier: Apache-2.0 */
/* Elements, attributes and short texts of an XML stream, in fixed memory. It checks nothing and resolves no entities. Private to core/pdl. */
#ifndef PLATEN_CORE_PDL_XML_H
#define PLATEN_CORE_PDL_XML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define XML_NAME_SIZE 64
#define XML_VALUE_SIZE 520

/* Names come without their namespace prefix; what is longer than its buffer is cut. Each may be NULL. */
typedef struct xml_sink {
    void *ctx;
    void (*element)(void *ctx, const char *element);
    void (*attribute)(void *ctx, const char *element, const char *name, const char *value);
    void (*text)(void *ctx, const char *element, const char *text); /* between a start tag and the next tag */
} xml_sink;

typedef struct xml {
    xml_sink sink;
    uint8_t state, quote, dashes;
    uint8_t wide;  /* UTF-16: 1 little, 2 big */
    uint8_t start; /* bytes of the byte order mark that were seen */
    bool half_full, named;
    uint8_t half;
    uint32_t n;
    char element[XML_NAME_SIZE], name[XML_NAME_SIZE], value[XML_VALUE_SIZE];
} xml;

void xml_begin(xml *x, const xml_sink *sink);
void xml_feed(xml *x, const uint8_t *p, size_t n);

#endif
