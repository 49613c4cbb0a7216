/* SPDX-License-Identifier: Apache-2.0 */
/* subjectAltName, built entry by entry: a name never passes through OpenSSL's configuration syntax, where a comma adds names. */
#include "hub/ca_names.h"

#include <string.h>

#include <openssl/x509v3.h>

#define DNS_MAX 253

static bool dns_valid(const char *s)
{
    size_t n = strlen(s);
    if (n == 0 || n > DNS_MAX || s[0] == '.' || s[0] == '-') return false;
    if (strncmp(s, "*.", 2) == 0) s += 2;
    return strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") == strlen(s) && *s && !strstr(s, "..");
}

static GENERAL_NAME *general(const char *name)
{
    GENERAL_NAME *g = GENERAL_NAME_new();
    ASN1_OCTET_STRING *ip = g ? a2i_IPADDRESS(name) : NULL;
    if (!g) return NULL;
    if (ip) {
        GENERAL_NAME_set0_value(g, GEN_IPADD, ip);
        return g;
    }
    ASN1_IA5STRING *dns = dns_valid(name) ? ASN1_IA5STRING_new() : NULL;
    if (dns && ASN1_STRING_set(dns, name, -1) == 1) {
        GENERAL_NAME_set0_value(g, GEN_DNS, dns);
        return g;
    }
    ASN1_IA5STRING_free(dns);
    GENERAL_NAME_free(g);
    return NULL;
}

bool hub_ca_name_valid(const char *name)
{
    GENERAL_NAME *g = general(name);
    GENERAL_NAME_free(g);
    return g != NULL;
}

bool hub_ca_names_set(X509 *x, const char *const *names, size_t count)
{
    GENERAL_NAMES *all = GENERAL_NAMES_new();
    bool ok = all != NULL;
    for (size_t i = 0; ok && i < count; i++) {
        GENERAL_NAME *g = general(names[i]);
        ok = g && sk_GENERAL_NAME_push(all, g) > 0;
        if (!ok) GENERAL_NAME_free(g);
    }
    ok = ok && X509_add1_ext_i2d(x, NID_subject_alt_name, all, 0, X509V3_ADD_APPEND) == 1;
    GENERAL_NAMES_free(all);
    return ok;
}

static bool names_have(const GENERAL_NAMES *all, GENERAL_NAME *g)
{
    for (int i = 0; i < sk_GENERAL_NAME_num(all); i++)
        if (GENERAL_NAME_cmp(sk_GENERAL_NAME_value(all, i), g) == 0) return true;
    return false;
}

bool hub_ca_names_equal(const X509 *x, const char *const *names, size_t count)
{
    GENERAL_NAMES *all = X509_get_ext_d2i(x, NID_subject_alt_name, NULL, NULL);
    bool same = all && (size_t)sk_GENERAL_NAME_num(all) == count;
    for (size_t i = 0; same && i < count; i++) {
        GENERAL_NAME *g = general(names[i]);
        same = g && names_have(all, g);
        GENERAL_NAME_free(g);
    }
    GENERAL_NAMES_free(all);
    return same;
}
