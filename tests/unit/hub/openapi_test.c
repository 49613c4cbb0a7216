/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hub/openapi.json against the table of routes: each call of the console's side is in both, takes the same right, lets in the same kinds of caller
 * and takes a body or none. What the replies look like, the end-to-end tests compare (tests/api/contract.py).
 */
#include "hub_kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hub/json.h"
#include "hub/routes.h"
#include "os/file.h"

typedef struct document {
    cJSON *root, *paths;
} document;

static int load(void **state)
{
    static document d;
    plt_buf text;
    plt_buf_init(&text, 4u << 20);
    assert_int_equal(os_file_load(OPENAPI, &text), PLT_OK);
    d.root = cJSON_ParseWithLength(plt_buf_str(&text), text.len);
    plt_buf_free(&text);
    assert_non_null(d.root);
    d.paths = cJSON_GetObjectItemCaseSensitive(d.root, "paths");
    assert_true(cJSON_IsObject(d.paths));
    *state = &d;
    return 0;
}

static int unload(void **state)
{
    cJSON_Delete(((document *)*state)->root);
    return 0;
}

/* A path of the document as the table writes it: each name in braces is "{}". */
static void bare_path(const char *from, char *to, size_t size)
{
    size_t n = 0;
    for (bool within = false; *from; from++) {
        if (*from == '}') within = false;
        assert_true(n + 1 < size);
        if (!within) to[n++] = *from;
        if (*from == '{') within = true;
    }
    to[n] = 0;
}

static bool same_call(const hub_route *r, const char *method, const char *path)
{
    char small[8] = "";
    for (size_t i = 0; r->method[i]; i++) small[i] = (char)(r->method[i] | 0x20);
    return r->side == HUB_CONSOLE && strcmp(method, small) == 0 && strcmp(path, r->path) == 0;
}

static const hub_route *find(const char *method, const char *path)
{
    size_t n;
    const hub_route *r = hub_routes(&n);
    for (size_t i = 0; i < n; i++) {
        if (same_call(&r[i], method, path)) return &r[i];
    }
    return NULL;
}

static int path_names(const cJSON *operation)
{
    int n = 0;
    const cJSON *p;
    cJSON_ArrayForEach(p, cJSON_GetObjectItemCaseSensitive(operation, "parameters"))
    {
        n += strcmp(hub_json_get(p, "in"), "path") == 0;
    }
    return n;
}

static int braces(const char *path)
{
    int n = 0;
    for (; *path; path++) n += *path == '{';
    return n;
}

static void compare(const hub_route *r, const cJSON *operation, const char *path)
{
    const char *right = hub_json_get(operation, "x-right");
    const char *want = r->right == HUB_RIGHT_NONE ? NULL : hub_right_name(r->right);
    if (!right != !want || (right && strcmp(right, want) != 0))
        fail_msg("%s %s: x-right is %s, the table has %s", r->method, path, right ? right : "none", want ? want : "none");
    int ways_in = r->caller == HUB_ANYONE ? 0 : r->no_token ? 1 : 2;
    int said = cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(operation, "security"));
    if (said != ways_in) fail_msg("%s %s: security names %d ways in, the table has %d", r->method, path, said, ways_in);
    bool body = cJSON_HasObjectItem(operation, "requestBody");
    if (body != (r->max_body > 0)) fail_msg("%s %s: a body is %s", r->method, path, body ? "said, and not taken" : "taken, and not said");
    if (path_names(operation) != braces(path)) fail_msg("%s %s: the names of its path are not its parameters", r->method, path);
}

static void test_document_is_the_table(void **state)
{
    const document *d = *state;
    size_t calls = 0, n, console = 0;
    const cJSON *item, *operation;
    cJSON_ArrayForEach(item, d->paths)
    {
        char path[128];
        bare_path(item->string, path, sizeof path);
        cJSON_ArrayForEach(operation, item)
        {
            const hub_route *r = find(operation->string, path);
            if (!r) fail_msg("%s %s is in the document only", operation->string, item->string);
            compare(r, operation, item->string);
            calls++;
        }
    }
    const hub_route *r = hub_routes(&n);
    for (size_t i = 0; i < n; i++) console += r[i].side == HUB_CONSOLE;
    assert_int_equal(calls, console); /* so that none of the table is missing: paths are distinct */
}

static bool kept_twice(const cJSON *paths, const char *path)
{
    int n = 0;
    const cJSON *item;
    cJSON_ArrayForEach(item, paths)
    {
        char other[128];
        bare_path(item->string, other, sizeof other);
        n += strcmp(path, other) == 0;
    }
    return n != 1;
}

static void test_paths_are_distinct(void **state)
{
    const document *d = *state;
    const cJSON *item;
    cJSON_ArrayForEach(item, d->paths)
    {
        char path[128];
        bare_path(item->string, path, sizeof path);
        if (kept_twice(d->paths, path)) fail_msg("%s stands twice", item->string);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_document_is_the_table), cmocka_unit_test(test_paths_are_distinct)};
    return cmocka_run_group_tests(tests, load, unload);
}
