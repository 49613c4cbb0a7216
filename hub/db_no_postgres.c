/* SPDX-License-Identifier: Apache-2.0 */
/* Where the hub is built without libpq (Windows): it says so. */
#include "hub/db.h"

#include <stdio.h>

plt_status db_postgres_open(db **d, const char *url, char *problem, size_t n)
{
    (void)url;
    *d = NULL;
    snprintf(problem, n, "this platen-hub was built without PostgreSQL: the hub for Linux has it");
    return PLT_UNSUPPORTED;
}
