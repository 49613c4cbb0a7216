/* SPDX-License-Identifier: Apache-2.0 */
/* Checking accounts. Codes come sorted from the hub, so that "each once" needs no table. */
#include "core/policy/accounts.h"

#include <stdio.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "core/policy/bundle.h"
#include "core/util/text.h"

int plt_account_kind(const char *word)
{
    if (strcmp(word, "client") == 0) return PLT_POLICY_ASK_CLIENT;
    if (strcmp(word, "matter") == 0) return PLT_POLICY_ASK_MATTER;
    return strcmp(word, "project") == 0 ? PLT_POLICY_ASK_PROJECT : 0;
}

static bool printable(const char *s, size_t max)
{
    size_t n = strlen(s);
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)s[i] < 0x20 || s[i] == 0x7F) return false;
    return n <= max && plt_utf8_valid(s, n);
}

const char *plt_account_fault(const char *code, const char *name, const char *kind, const char *parent)
{
    if (!*code || !printable(code, PLT_ACCOUNT_CODE_MAX)) return "an account's code has 1 to 64 bytes and no control characters";
    if (!*name || !printable(name, PLT_ACCOUNT_NAME_MAX)) return "an account's name has 1 to 256 bytes and no control characters";
    if (!plt_account_kind(kind)) return "an account's kind is client, matter or project";
    if (!printable(parent, PLT_ACCOUNT_CODE_MAX)) return "an account's parent is the code of another account, or empty";
    return strcmp(code, parent) == 0 ? "an account cannot be its own parent" : NULL;
}

/* A member that is text; "" where it is null. NULL: it is something else. */
static const char *text_of(const cJSON *o, const char *name)
{
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(o, name);
    return cJSON_IsString(v) ? v->valuestring : !v || cJSON_IsNull(v) ? "" : NULL;
}

static plt_status check_all(const cJSON *list, char error[PLT_POLICY_ERROR_SIZE])
{
    const cJSON *o;
    const char *last = "";
    size_t n = 0;
    cJSON_ArrayForEach(o, list)
    {
        const char *code = text_of(o, "code"), *name = text_of(o, "name"), *kind = text_of(o, "kind"), *parent = text_of(o, "parent");
        const char *fault =
            code && name && kind && parent && text_of(o, "pin") ? plt_account_fault(code, name, kind, parent) : "its fields are texts";
        if (!fault && n && strcmp(last, code) >= 0) fault = "accounts stand in the order of their codes, each once";
        if (++n > PLT_ACCOUNTS_MAX) fault = "there are more than 20,000";
        if (fault) {
            snprintf(error, PLT_POLICY_ERROR_SIZE, "account %zu: %s", n, fault);
            return PLT_BAD;
        }
        last = code;
    }
    return PLT_OK;
}

plt_status plt_accounts_check(const char *json, size_t n, char error[PLT_POLICY_ERROR_SIZE])
{
    error[0] = 0;
    cJSON *o = n <= PLT_ACCOUNTS_MAX_BYTES && plt_utf8_valid(json, n) && plt_json_shallow(json, n, 8) ? cJSON_ParseWithLength(json, n) : NULL;
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(o, "v"), *list = cJSON_GetObjectItemCaseSensitive(o, "accounts");
    plt_status s = cJSON_IsNumber(v) && v->valuedouble == 1 && cJSON_IsArray(list) ? check_all(list, error) : PLT_BAD;
    if (s != PLT_OK && !*error) snprintf(error, PLT_POLICY_ERROR_SIZE, "it is no list of accounts of \"v\": 1");
    cJSON_Delete(o);
    return s;
}
