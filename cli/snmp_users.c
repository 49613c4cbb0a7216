/* SPDX-License-Identifier: Apache-2.0 */
/*
 * platen devices snmp-users: who may ask this PC for its local printers by SNMPv3 (docs/usb-snmp.md). Of a password only the key for this PC's engine
 * is kept; neither is ever shown.
 */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/snmp.h"
#include "core/util/text.h"
#include "os/error.h"
#include "service/credentials.h"
#include "service/snmp_users.h"

static const char right[] =
    "devices snmp-users [--v3 USER[:AUTH[:PRIV]] [--least none|auth|priv] [--weak]] | --remove USER | --forget\n"
    "  Adds a user or gives it other passwords: they come from PLATEN_SNMP_AUTH and PLATEN_SNMP_PRIV of the environment. --least is how well a "
    "question\n"
    "  must be protected, as well as the user can if it is not said. --forget forgets all users and the engine. Without options it lists them.";

static int list(const plt_usm_kept *k)
{
    char engine[2 * PLT_USM_ENGINE_MAX + 1];
    plt_hex(engine, k->engine, k->engine_size);
    if (!k->count) {
        puts("Nobody may ask by SNMPv3.");
        return CLI_OK;
    }
    cli_cell("User", PLT_USM_NAME_MAX, false);
    cli_cell("Authentication", 14, false);
    cli_cell("Privacy", 13, false);
    cli_cell("Least", 5, true);
    for (const plt_usm_kept_user *u = k->users; u < k->users + k->count; u++) {
        cli_cell(u->name, PLT_USM_NAME_MAX, false);
        cli_cell(plt_usm_auth_name(u->auth), 14, false);
        cli_cell(plt_usm_priv_name(u->priv), 13, false);
        cli_cell(plt_usm_level_name(u->least), 5, true);
    }
    printf("Engine 0x%s. The service takes a change within 15 s.\n", engine);
    return CLI_OK;
}

/* Without a password a question proves nothing: that has to be said. */
static int add(plt_usm_kept *k, const plt_snmp_account *a, const char *least_word)
{
    char why[200];
    const plt_usm_account account = {a->name, a->auth, a->priv, a->auth_password, a->priv_password, a->weak};
    uint8_t least = (a->auth ? PLT_SNMP_AUTH : 0) | (a->priv ? PLT_SNMP_PRIV : 0);
    if (least_word && !plt_usm_level_named(least_word, &least)) return cli_fail("'%s' is no level: none, auth or priv", least_word);
    if (!least && !least_word) return cli_fail("'%s' would be answered without any password: --least none allows that", a->name);
    return plt_usm_keep(k, &account, least, why, sizeof why) == PLT_OK ? CLI_OK : cli_fail("%s", why);
}

static int drop(plt_usm_kept *k, const char *name)
{
    for (size_t i = 0; i < k->count; i++) {
        if (strcmp(k->users[i].name, name) != 0) continue;
        memmove(&k->users[i], &k->users[i + 1], (k->count - i - 1) * sizeof k->users[0]);
        k->count--;
        return CLI_OK;
    }
    return cli_fail("there is no SNMPv3 user '%s'", name);
}

static int change(cli *c, plt_usm_kept *k, const char *v3, const char *least, bool weak, const char *gone)
{
    plt_snmp_accounts a = {.user_count = 1};
    int code = v3 ? cli_snmp_account(v3, weak, &a.users[0]) : drop(k, gone);
    if (v3 && code == CLI_OK && !k->engine_size && snmp_users_new(c->data_dir, k) != PLT_OK)
        code = cli_fail("%s. Run as administrator; --forget begins anew", os_error_text());
    if (v3 && code == CLI_OK) code = add(k, &a.users[0], least);
    if (code == CLI_OK && snmp_users_store(c->data_dir, k) != PLT_OK) code = cli_fail("%s. Run as administrator", os_error_text());
    credentials_wipe(&a);
    return code;
}

int cli_snmp_users(cli *c)
{
    plt_usm_kept k;
    bool weak = cli_take_flag(c, "--weak"), forget = cli_take_flag(c, "--forget");
    const char *v3 = cli_take_value(c, "--v3"), *least = cli_take_value(c, "--least"), *gone = cli_take_value(c, "--remove");
    if (c->argc || (v3 && gone) || (forget && (v3 || gone)) || (!v3 && (least || weak))) return cli_usage(right);
    if (forget) {
        plt_status s = snmp_users_forget(c->data_dir);
        return s == PLT_OK || s == PLT_NOTFOUND ? CLI_OK : cli_fail("%s", os_error_text());
    }
    plt_status s = snmp_users_load(c->data_dir, &k);
    if (s != PLT_OK && s != PLT_NOTFOUND) return cli_fail("%s. --forget begins anew", os_error_text());
    int code = v3 || gone ? change(c, &k, v3, least, weak, gone) : CLI_OK;
    if (code == CLI_OK) code = list(&k);
    plt_usm_kept_wipe(&k);
    return code;
}
