/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The console's files. All are read into memory at the start, so that a request is a look into a table: no path that comes
 * over the network ever reaches the file system.
 */
#ifndef PLATEN_HUB_ASSETS_H
#define PLATEN_HUB_ASSETS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/util/status.h"
#include "hub/reply.h"

typedef struct hub_assets hub_assets;

/* Reads `dir`; a folder that is missing gives an empty table. PLT_FULL: more than is reasonable (512 files, 32 MiB). */
plt_status hub_assets_load(hub_assets **a, const char *dir);
void hub_assets_free(hub_assets *a);
size_t hub_assets_count(const hub_assets *a);
/* The bytes of a file by its path from the root ("/openapi.json"), borrowed from the table; NULL: there is none such. */
const plt_buf *hub_assets_file(const hub_assets *a, const char *path);

/*
 * Answers a GET for a path: the file; index.html for a path that names a page; 404 else. The reply borrows from the table.
 * `gzip`: the client takes it; `known`: the If-None-Match header or NULL.
 */
void hub_assets_serve(const hub_assets *a, const char *path, bool gzip, const char *known, hub_reply *r);

#endif
