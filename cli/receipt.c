/* SPDX-License-Identifier: Apache-2.0 */
/* platen receipt verify FILE: is a receipt as the hub signed it? It must never call one valid of which any byte was changed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "core/record/receipt.h"
#include "core/util/text.h"
#include "os/crypto.h"
#include "os/error.h"

#define USAGE "receipt verify FILE [--ca FILE]   (the hub's ca.pem; without it that of this machine's hub)"
#define CA_MAX 65536

typedef enum verdict { VALID, CHANGED, UNKNOWN_KEY } verdict;

static const char *text_of(const cJSON *o, const char *name)
{
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(o, name);
    return cJSON_IsString(v) ? v->valuestring : "";
}

/* Names the body the certificate that came with it, and was it signed while that lived? */
static bool names_signer(const cJSON *body, const plt_receipt *r)
{
    uint8_t sum[OS_SHA256_SIZE];
    char hex[2 * OS_SHA256_SIZE + 1];
    os_sha256(r->certificate, strlen(r->certificate), sum);
    plt_hex(hex, sum, sizeof sum);
    return strcmp(text_of(body, "signer"), hex) == 0;
}

static verdict judge(const plt_receipt *r, const cJSON *body, const char *ca_pem)
{
    uint8_t raw[PLT_RECEIPT_SIGNATURE_MAX];
    size_t n = sizeof raw;
    int64_t from, to, issued;
    if (!cJSON_IsObject(body) || !names_signer(body, r) || !plt_unb64url(raw, &n, r->signature)) return CHANGED;
    os_signed s = {ca_pem, r->certificate, strlen(r->certificate), PLT_RECEIPT_PURPOSE, PLT_RECEIPT_CONTEXT, r->body, r->body_n, raw, n};
    if (!os_signature_holds(&s)) return CHANGED;
    if (os_signature_check(&s, &from, &to) != PLT_OK) return UNKNOWN_KEY;
    return plt_time_parse(text_of(body, "issued"), &issued) && issued >= from && issued <= to ? VALID : CHANGED;
}

static int say(cli *c, verdict v, const cJSON *body)
{
    static const char *const words[] = {"valid", "changed", "unknown key"};
    static const int codes[] = {CLI_OK, CLI_FAILED, CLI_UNKNOWN};
    if (c->json) {
        cJSON *o = cJSON_CreateObject();
        cJSON_AddStringToObject(o, "verdict", words[v]);
        if (v == VALID) cJSON_AddStringToObject(o, "id", text_of(body, "id"));
        return cli_print_json(o, codes[v]);
    }
    if (v == VALID)
        printf("valid: %s of %s for %s, issued %s, signed by %.16s\n", text_of(body, "kind"), text_of(body, "tenant"), text_of(body, "period"),
               text_of(body, "issued"), text_of(body, "signer"));
    else if (v == CHANGED)
        puts("changed: it is not what the hub signed. Ask the hub for it again, and for the reason.");
    else
        printf("unknown key: it is whole, but this CA did not certify who signed it (%s). Is it another hub's?\n", os_error_text());
    return codes[v];
}

static int verify(cli *c, const char *path, const char *ca_path)
{
    plt_buf file, ca;
    plt_receipt *r = malloc(sizeof *r);
    plt_buf_init(&file, PLT_RECEIPT_MAX);
    plt_buf_init(&ca, CA_MAX);
    int code = CLI_FAILED;
    if (!r)
        code = cli_fail("out of memory");
    else if (os_file_load(path, &file) != PLT_OK)
        code = cli_fail("%s cannot be read: %s", path, os_error_text());
    else if (os_file_load(ca_path, &ca) != PLT_OK)
        code = cli_fail("%s cannot be read: %s. Give the hub's certificate with --ca FILE", ca_path, os_error_text());
    else if (plt_receipt_split(plt_buf_str(&file), file.len, r) != PLT_OK)
        code = say(c, CHANGED, NULL);
    else {
        cJSON *body = plt_json_shallow(r->body, r->body_n, PLT_JSON_DEPTH) ? cJSON_ParseWithLength(r->body, r->body_n) : NULL;
        code = say(c, judge(r, body, plt_buf_str(&ca)), body);
        cJSON_Delete(body);
    }
    plt_buf_free(&ca);
    plt_buf_free(&file);
    free(r);
    return code;
}

int cmd_receipt(cli *c)
{
    char own[OS_PATH_MAX];
    const char *ca = cli_take_value(c, "--ca");
    if (c->argc != 2 || strcmp(c->argv[0], "verify") != 0) return cli_usage(USAGE);
    if (!ca && !os_path_join(own, sizeof own, c->data_dir, "hub-ca.crt")) return cli_fail("the data folder's name is too long");
    return verify(c, c->argv[1], ca ? ca : own);
}
