/* SPDX-License-Identifier: Apache-2.0 */
/* platen devices credentials: with what the service asks network printers. They go into a sealed file and are never shown again. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/snmp.h"
#include "core/util/text.h"
#include "os/error.h"
#include "service/credentials.h"

static const char right[] =
    "devices credentials [--community C]... [--v3 USER[:AUTH[:PRIV]]] [--weak] [--add] | --forget\n"
    "  Communities may come from PLATEN_SNMP_COMMUNITY, passwords come from PLATEN_SNMP_AUTH and PLATEN_SNMP_PRIV of the environment, so that no\n"
    "  list of processes shows them. --add keeps what is there; without options it says how many there are.";

int cli_snmp_account(const char *text, bool weak, plt_snmp_account *out)
{
    char copy[128], why[200];
    const char *auth_password = getenv("PLATEN_SNMP_AUTH"), *priv_password = getenv("PLATEN_SNMP_PRIV");
    plt_usm_user *tried = NULL;
    *out = (plt_snmp_account){
        .weak = weak, .auth = auth_password ? PLT_AUTH_SHA256 : PLT_AUTH_NONE, .priv = priv_password ? PLT_PRIV_AES128 : PLT_PRIV_NONE};
    if (!plt_copy(copy, sizeof copy, text)) return cli_fail("the name behind --v3 is too long");
    char *auth = strchr(copy, ':'), *priv = auth ? strchr(auth + 1, ':') : NULL;
    if (auth) *auth++ = 0;
    if (priv) *priv++ = 0;
    if (auth && !plt_usm_auth_named(auth, &out->auth)) return cli_fail("'%s' is no authentication algorithm", auth);
    if (priv && !plt_usm_priv_named(priv, &out->priv)) return cli_fail("'%s' is no privacy algorithm", priv);
    if (!plt_copy(out->name, sizeof out->name, copy)) return cli_fail("an SNMPv3 user's name has at most %d letters", PLT_USM_NAME_MAX);
    if (!plt_copy(out->auth_password, sizeof out->auth_password, auth_password ? auth_password : "") ||
        !plt_copy(out->priv_password, sizeof out->priv_password, priv_password ? priv_password : ""))
        return cli_fail("a password has at most %d letters", PLT_SECRET_SIZE - 1);
    const plt_usm_account a = {out->name, out->auth, out->priv, auth_password, priv_password, weak};
    plt_status s = plt_usm_user_create(&tried, &a, why, sizeof why);
    plt_usm_user_free(tried);
    return s == PLT_OK ? CLI_OK : cli_fail("%s", why);
}

static int add_community(plt_snmp_accounts *a, const char *text)
{
    if (a->community_count == PLT_COMMUNITIES_MOST) return cli_fail("more than %d communities", PLT_COMMUNITIES_MOST);
    if (!*text || !plt_copy(a->communities[a->community_count], PLT_SECRET_SIZE, text))
        return cli_fail("a community has 1 to %d letters", PLT_SECRET_SIZE - 1);
    a->community_count++;
    return CLI_OK;
}

static int take(cli *c, plt_snmp_accounts *a, bool *any)
{
    const char *text = getenv("PLATEN_SNMP_COMMUNITY"), *v3;
    int code = text && *text ? add_community(a, text) : CLI_OK;
    bool weak = cli_take_flag(c, "--weak");
    *any = text && *text;
    while (code == CLI_OK && (text = cli_take_value(c, "--community")) != NULL) {
        code = add_community(a, text);
        *any = true;
    }
    while (code == CLI_OK && (v3 = cli_take_value(c, "--v3")) != NULL) {
        if (a->user_count == PLT_USERS_MOST) return cli_fail("more than %d SNMPv3 users", PLT_USERS_MOST);
        code = cli_snmp_account(v3, weak, &a->users[a->user_count++]);
        *any = true;
    }
    return code;
}

static int say(const plt_snmp_accounts *a)
{
    printf("%zu communit%s and %zu SNMPv3 user%s are kept.\n", a->community_count, a->community_count == 1 ? "y" : "ies", a->user_count,
           a->user_count == 1 ? "" : "s");
    return CLI_OK;
}

int cli_credentials(cli *c)
{
    plt_snmp_accounts old, fresh = {.community_count = 0};
    bool add = cli_take_flag(c, "--add"), any = false;
    if (cli_take_flag(c, "--forget")) {
        plt_status s = credentials_forget(c->data_dir);
        return s == PLT_OK || s == PLT_NOTFOUND ? CLI_OK : cli_fail("%s", os_error_text());
    }
    bool readable = credentials_load(c->data_dir, &old) == PLT_OK;
    if (add) fresh = old;
    int code = take(c, &fresh, &any);
    if (code == CLI_OK && c->argc) code = cli_usage(right);
    if (code == CLI_OK && !readable && (add || !any)) code = cli_fail("%s: set them anew, without --add", os_error_text());
    if (code == CLI_OK && any && credentials_store(c->data_dir, &fresh) != PLT_OK) code = cli_fail("%s. Run as administrator", os_error_text());
    if (code == CLI_OK) code = say(any ? &fresh : &old);
    credentials_wipe(&old);
    credentials_wipe(&fresh);
    return code;
}
