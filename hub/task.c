/* SPDX-License-Identifier: Apache-2.0 */
/* Making and freeing tasks. Bodies carry passwords and enrolment secrets: they are wiped. */
#include "hub/task.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

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
    OPENSSL_cleanse(t, sizeof *t);
    free(t);
}

const char *hub_task_query(const hub_task *t, const char *name)
{
    size_t n = strlen(name);
    for (size_t i = 0; i < t->in.query_args; i++)
        if (strncmp(t->in.query_arg[i], name, n) == 0 && t->in.query_arg[i][n] == '=') return t->in.query_arg[i] + n + 1;
    return NULL;
}
