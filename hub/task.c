/* SPDX-License-Identifier: Apache-2.0 */
/* Making and freeing tasks. Bodies carry passwords and enrolment secrets: they are wiped. */
#include "hub/task.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

#include "core/util/text.h"
#include "hub/routes.h"

hub_task *hub_task_new(void)
{
    hub_task *t = calloc(1, sizeof *t);
    if (!t) return NULL;
    plt_buf_init(&t->in.body, 0);
    plt_buf_init(&t->plain, HUB_BATCH_PLAIN);
    hub_reply_init(&t->out);
    return t;
}

void hub_task_free(hub_task *t)
{
    if (!t) return;
    hub_batch_free(&t->batch);
    plt_buf_free(&t->plain);
    plt_buf_free_secret(&t->in.body);
    hub_reply_free(&t->out);
    free(t->in.query);
    free(t->more);
    OPENSSL_cleanse(t, sizeof *t);
    free(t);
}

/* What a look is at: the parts of the path, or the query as it came. */
static void name_object(hub_task *t)
{
    size_t n = 0;
    for (size_t i = 0; i < HUB_PATH_ARGS && *t->in.path_arg[i]; i++)
        n += (size_t)snprintf(t->object + n, sizeof t->object - n, "%s%s", n ? "/" : "", t->in.path_arg[i]);
    for (size_t i = 0; !*t->in.path_arg[0] && i < t->in.query_args && n < sizeof t->object; i++)
        n += (size_t)snprintf(t->object + n, sizeof t->object - n, "%s%s", n ? "&" : "", t->in.query_arg[i]);
    t->object[plt_utf8_cut(t->object, strlen(t->object), sizeof t->object - 1)] = 0;
}

void hub_task_audit(hub_task *t, hub_audit *out)
{
    if (!*t->object) name_object(t);
    *out = (hub_audit){.tenant_id = t->audit_tenant ? t->audit_tenant : t->session.scope,
                       .who = *t->session.name ? t->session.name : t->account.name,
                       .how = *t->session.token_id ? t->session.token_id : "session",
                       .address = t->in.address,
                       .action = t->in.route->audit,
                       .object = t->object,
                       .detail = t->detail};
}

const char *hub_task_query(const hub_task *t, const char *name)
{
    size_t n = strlen(name);
    for (size_t i = 0; i < t->in.query_args; i++)
        if (strncmp(t->in.query_arg[i], name, n) == 0 && t->in.query_arg[i][n] == '=') return t->in.query_arg[i] + n + 1;
    return NULL;
}
