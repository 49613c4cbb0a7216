/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses of the Internet, version 4 and 6, as octets and as text. Pure: no name is ever looked up here. */
#ifndef PLATEN_CORE_UTIL_ADDRESS_H
#define PLATEN_CORE_UTIL_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct plt_address {
    uint8_t ip[16]; /* version 4: the first four, the others 0 */
    uint32_t scope; /* version 6, link-local: the interface's number; 0 else */
    uint16_t port;  /* 0: none given */
    uint8_t family; /* 4 or 6; 0: none */
} plt_address;

#define PLT_ADDRESS_TEXT 64

/* "192.0.2.7", "2001:db8::1", "fe80::1%3": the whole text, without a port. Leading zeros of version 4 are refused: they were octal once. */
bool plt_address_parse(const char *text, plt_address *out);
/* With the port where there is one: "192.0.2.7:161", "[2001:db8::1]:161"; version 6 as RFC 5952 wants it. */
void plt_address_format(const plt_address *a, char out[PLT_ADDRESS_TEXT]);
/* Same family, octets and scope: the ports are not looked at. */
bool plt_address_same_host(const plt_address *a, const plt_address *b);
/* Is it of the public Internet? Not this machine, a private or shared network, a link, a group, documentation, or a form that hides another one. */
bool plt_address_public(const plt_address *a);
/* By family, then octets: negative, 0, positive. */
int plt_address_compare(const plt_address *a, const plt_address *b);
/* The octets that count: 4 or 16. */
size_t plt_address_octets(const plt_address *a);
/* The next address up; false at the last one. */
bool plt_address_next(plt_address *a);

#endif
