/* SPDX-License-Identifier: Apache-2.0 */
/* The checks, in the order in which they cost: form, signature, words inside, then compiling. Nothing inside is believed before the signature holds.
 */
#include "service/feedcheck.h"

#include <stdio.h>
#include <string.h>

#include "core/policy/accounts.h"
#include "core/policy/cost.h"
#include "core/util/text.h"
#include "os/crypto.h"
#include "os/error.h"

static plt_status refuse(char why[FEED_WORDS], plt_status s, const char *words, const char *detail)
{
    snprintf(why, FEED_WORDS, words, detail);
    return s;
}

static plt_status signature(const char *ca_pem, const plt_bundle_parts *p, int64_t *from, int64_t *to, char why[FEED_WORDS])
{
    uint8_t raw[PLT_BUNDLE_SIGNATURE_MAX];
    char text[PLT_BUNDLE_SIGNATURE_MAX + 1];
    size_t n = sizeof raw;
    memcpy(text, p->signature, p->signature_n);
    text[p->signature_n] = 0;
    if (p->signature_n == 0 || strlen(text) != p->signature_n || !plt_unb64url(raw, &n, text))
        return refuse(why, PLT_DENIED, "it is not signed%s", "");
    os_signed s = {ca_pem, p->certificate, p->certificate_n, PLT_BUNDLE_PURPOSE, PLT_BUNDLE_CONTEXT, p->body, p->body_n, raw, n};
    return os_signature_check(&s, from, to) == PLT_OK ? PLT_OK : refuse(why, PLT_DENIED, "%s", os_error_text());
}

static plt_status compiles(const plt_bundle *b, char why[FEED_WORDS])
{
    char error[PLT_POLICY_ERROR_SIZE] = "";
    plt_policy *p = NULL;
    plt_prices *c = NULL;
    plt_status s = b->policy ? plt_policy_compile(&p, b->policy, strlen(b->policy), error) : PLT_OK;
    plt_policy_free(p);
    if (s != PLT_OK) return refuse(why, s, "this agent does not understand the set: %s", error);
    if (b->prices) s = plt_prices_compile(&c, b->prices, strlen(b->prices), error);
    plt_prices_free(c);
    if (s != PLT_OK) return refuse(why, s, "this agent does not understand the prices: %s", error);
    if (b->accounts) s = plt_accounts_check(b->accounts, strlen(b->accounts), error);
    return s == PLT_OK ? PLT_OK : refuse(why, s, "this agent does not understand the accounts: %s", error);
}

static plt_status fits(const char *agent, int64_t floor, const plt_bundle *b, int64_t from, int64_t to, char why[FEED_WORDS])
{
    if (strcmp(b->agent, agent) != 0) return refuse(why, PLT_DENIED, "it is for another agent (%s)", b->agent);
    if (b->issued < from || b->issued > to) return refuse(why, PLT_DENIED, "it was signed outside of the life of the signer's certificate%s", "");
    if (b->serial < floor) {
        char numbers[64];
        snprintf(numbers, sizeof numbers, "%lld, below %lld", (long long)b->serial, (long long)floor);
        return refuse(why, PLT_EXISTS, "it is older than the one that was in force (serial %s)", numbers);
    }
    return compiles(b, why);
}

plt_status feed_check(const char *ca_pem, const char *agent, int64_t floor, const void *signed_form, size_t n, plt_bundle *out, char why[FEED_WORDS])
{
    plt_bundle_parts p;
    char error[PLT_POLICY_ERROR_SIZE];
    int64_t from, to;
    memset(out, 0, sizeof *out);
    why[0] = 0;
    plt_status s = plt_bundle_split(signed_form, n, &p);
    if (s != PLT_OK) return refuse(why, s, s == PLT_FULL ? "it is larger than an agent takes%s" : "it is not a signed policy%s", "");
    s = signature(ca_pem, &p, &from, &to, why);
    if (s != PLT_OK) return s;
    s = plt_bundle_read(p.body, p.body_n, out, error);
    if (s != PLT_OK) return refuse(why, s, "%s", error);
    s = fits(agent, floor, out, from, to, why);
    if (s != PLT_OK) plt_bundle_free(out);
    return s;
}
