/* SPDX-License-Identifier: Apache-2.0 */
/* The table of the console's files. What is not in it does not exist. */
#include "hub/assets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"
#include "os/crypto.h"
#include "os/file.h"
#include "os/http.h"

#define FILES_MAX 512
#define BYTES_MAX (32u << 20)
#define DEPTH_MAX 8
#define ASSET_PATH 256
#define ETAG_SIZE 40

typedef struct asset {
    char path[ASSET_PATH]; /* from the root, with a leading slash */
    char etag[ETAG_SIZE];
    const char *type;
    plt_buf plain, packed; /* packed is empty where it would not be smaller */
} asset;

struct hub_assets {
    asset *files;
    size_t n, bytes;
};

/* Where os_dir_list is in the tree. */
typedef struct walk {
    hub_assets *assets;
    const char *dir;    /* on the disk */
    const char *prefix; /* in the table */
    int depth;
    plt_status status;
} walk;

static const char *type_of(const char *path)
{
    static const struct {
        const char *end, *type;
    } known[] = {
        {".html", "text/html; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".svg", "image/svg+xml"},
        {".png", "image/png"},
        {".ico", "image/x-icon"},
        {".json", "application/json"},
        {".woff2", "font/woff2"},
        {".txt", "text/plain; charset=utf-8"},
        {".webmanifest", "application/manifest+json"},
    };
    size_t n = strlen(path);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        size_t m = strlen(known[i].end);
        if (n > m && plt_same(path + n - m, known[i].end)) return known[i].type;
    }
    return "application/octet-stream";
}

static plt_status add_file(hub_assets *a, const char *disk, const char *path)
{
    uint8_t hash[OS_SHA256_SIZE];
    char hex[33];
    if (a->n == FILES_MAX) return PLT_FULL;
    asset *f = &a->files[a->n];
    memset(f, 0, sizeof *f);
    plt_copy(f->path, sizeof f->path, path);
    plt_buf_init(&f->plain, BYTES_MAX - a->bytes);
    plt_status s = os_file_load(disk, &f->plain);
    if (s != PLT_OK) {
        plt_buf_free(&f->plain);
        return s;
    }
    plt_buf_init(&f->packed, f->plain.len + f->plain.len / 8 + 256);
    if (os_gzip(plt_buf_str(&f->plain), f->plain.len, &f->packed) != PLT_OK || f->packed.len >= f->plain.len) plt_buf_free(&f->packed);
    os_sha256(plt_buf_str(&f->plain), f->plain.len, hash);
    plt_hex(hex, hash, 16);
    snprintf(f->etag, sizeof f->etag, "W/\"%s\"", hex); /* weak: the packed form has it, too */
    f->type = type_of(path);
    a->bytes += f->plain.len + f->packed.len;
    a->n++;
    return PLT_OK;
}

static bool visit(void *ctx, const char *name, uint64_t size)
{
    walk *w = ctx;
    char disk[OS_PATH_MAX], path[ASSET_PATH];
    (void)size;
    if (name[0] == '.') return true; /* hidden files are nobody's business */
    if (!os_path_join(disk, sizeof disk, w->dir, name) || (size_t)snprintf(path, sizeof path, "%s/%s", w->prefix, name) >= sizeof path) return true;
    walk below = {w->assets, disk, path, w->depth + 1, PLT_OK};
    /* A folder can be listed, a file cannot. */
    if (w->depth < DEPTH_MAX && os_dir_list(disk, visit, &below) == PLT_OK)
        w->status = below.status;
    else
        w->status = add_file(w->assets, disk, path);
    return w->status == PLT_OK;
}

plt_status hub_assets_load(hub_assets **out, const char *dir)
{
    *out = NULL;
    hub_assets *a = calloc(1, sizeof *a);
    if (a) a->files = calloc(FILES_MAX, sizeof *a->files);
    if (!a || !a->files) {
        free(a);
        return PLT_NOMEM;
    }
    walk top = {a, dir, "", 0, PLT_OK};
    if (os_dir_list(dir, visit, &top) != PLT_OK) top.status = PLT_OK; /* no folder, no files */
    if (top.status == PLT_OK)
        *out = a;
    else
        hub_assets_free(a);
    return top.status;
}

void hub_assets_free(hub_assets *a)
{
    if (!a) return;
    for (size_t i = 0; i < a->n; i++) {
        plt_buf_free(&a->files[i].plain);
        plt_buf_free(&a->files[i].packed);
    }
    free(a->files);
    free(a);
}

size_t hub_assets_count(const hub_assets *a)
{
    return a->n;
}

static const asset *find(const hub_assets *a, const char *path)
{
    for (size_t i = 0; i < a->n; i++)
        if (strcmp(a->files[i].path, path) == 0) return &a->files[i];
    return NULL;
}

const plt_buf *hub_assets_file(const hub_assets *a, const char *path)
{
    const asset *f = find(a, path);
    return f ? &f->plain : NULL;
}

/* A page's address has no dot in its last part; what has one, or lies in assets/, is a file. */
static bool is_page(const char *path)
{
    const char *last = strrchr(path, '/');
    return strncmp(path, "/assets/", 8) != 0 && (!last || !strchr(last, '.'));
}

void hub_assets_serve(const hub_assets *a, const char *path, bool gzip, const char *known, hub_reply *r)
{
    const asset *f = find(a, path);
    if (!f && is_page(path)) f = find(a, "/index.html");
    if (!f) {
        if (a->n)
            hub_problem(r, 404, "not-found", "There is no such page", NULL, "Start at the console's first page.");
        else
            hub_problem(r, 404, "no-console", "The console's files are not installed", "The hub runs without them.",
                        "Install the console beside platen-hub or name its folder with --console-dir.");
        return;
    }
    r->type = f->type;
    r->etag = f->etag;
    /* The build puts a hash into the names below assets/: what they name never changes. */
    r->cache = strncmp(f->path, "/assets/", 8) == 0 ? "public, max-age=31536000, immutable" : "no-cache";
    if (known && strstr(known, f->etag)) {
        r->status = 304;
        return;
    }
    r->status = 200;
    r->fixed_gzip = gzip && f->packed.len;
    r->fixed = r->fixed_gzip ? f->packed.data : f->plain.data;
    r->fixed_n = r->fixed_gzip ? f->packed.len : f->plain.len;
    if (!r->fixed) r->fixed = (const uint8_t *)"";
}
