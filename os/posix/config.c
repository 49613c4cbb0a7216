/* SPDX-License-Identifier: Apache-2.0 */
/* Settings: `key = value` lines in <data_dir>/policy.conf, then platen.conf; '#' begins a comment line. Only the second is ever written. */
#include "os/config.h"

#include <stdio.h>
#include <string.h>

#include "core/util/buf.h"
#include "os/error.h"
#include "os/file.h"

#define CONF_MAX 65536

static bool conf_path(char *out, const char *data_dir)
{
    return os_path_join(out, OS_PATH_MAX, data_dir, "platen.conf");
}

static bool policy_path(char *out, const char *data_dir)
{
    return os_path_join(out, OS_PATH_MAX, data_dir, "policy.conf");
}

/* The value on a line of that key, borrowed and unterminated; NULL if it is another line. */
static const char *value_of(const char *line, size_t n, const char *key, size_t *len)
{
    size_t k = strlen(key), i = 0;
    while (i < n && (line[i] == ' ' || line[i] == '\t')) i++;
    if (n - i < k || strncmp(line + i, key, k) != 0) return NULL;
    for (i += k; i < n && (line[i] == ' ' || line[i] == '\t');) i++;
    if (i == n || line[i] != '=') return NULL;
    for (i++; i < n && (line[i] == ' ' || line[i] == '\t');) i++;
    while (n > i && (line[n - 1] == ' ' || line[n - 1] == '\t' || line[n - 1] == '\r')) n--;
    *len = n - i;
    return line + i;
}

static plt_status get(const char *path, const char *key, char *out, size_t size)
{
    plt_buf text;
    out[0] = 0;
    plt_buf_init(&text, CONF_MAX);
    plt_status s = os_file_load(path, &text);
    if (s == PLT_OK) s = PLT_NOTFOUND;
    for (const char *line = plt_buf_str(&text); s == PLT_NOTFOUND && *line;) {
        size_t n = strcspn(line, "\n"), len;
        const char *v = value_of(line, n, key, &len);
        if (v && len < size) {
            memcpy(out, v, len);
            out[len] = 0;
            s = PLT_OK;
        }
        line += n + (line[n] == '\n');
    }
    plt_buf_free(&text);
    return s;
}

plt_status os_config_policy(const char *data_dir, const char *key, char *out, size_t size)
{
    char path[OS_PATH_MAX];
    out[0] = 0;
    return policy_path(path, data_dir) ? get(path, key, out, size) : PLT_BAD;
}

plt_status os_config_get(const char *data_dir, const char *key, char *out, size_t size)
{
    char path[OS_PATH_MAX];
    plt_status s = os_config_policy(data_dir, key, out, size);
    if (s != PLT_NOTFOUND) return s;
    return conf_path(path, data_dir) ? get(path, key, out, size) : PLT_BAD;
}

/* Writes the file anew with the key's line replaced (value) or left out (NULL). */
static plt_status rewrite(const char *data_dir, const char *key, const char *value)
{
    char path[OS_PATH_MAX];
    plt_buf text, out;
    if (!conf_path(path, data_dir)) return PLT_BAD;
    plt_buf_init(&text, CONF_MAX);
    plt_buf_init(&out, CONF_MAX);
    plt_status s = os_file_load(path, &text);
    if (s == PLT_NOTFOUND) s = PLT_OK;
    for (const char *line = plt_buf_str(&text); s == PLT_OK && *line;) {
        size_t n = strcspn(line, "\n"), len;
        if (!value_of(line, n, key, &len)) {
            plt_buf_add(&out, line, n);
            plt_buf_byte(&out, '\n');
        }
        line += n + (line[n] == '\n');
    }
    if (value) plt_buf_printf(&out, "%s = %s\n", key, value);
    if (s == PLT_OK) s = out.status;
    if (s == PLT_OK) s = os_file_store(path, plt_buf_str(&out), out.len, true);
    plt_buf_free_secret(&text);
    plt_buf_free_secret(&out);
    return s;
}

plt_status os_config_set(const char *data_dir, const char *key, const char *value)
{
    if (strpbrk(value, "\r\n")) return os_fail_as(PLT_BAD, "set", key);
    return rewrite(data_dir, key, value);
}

plt_status os_config_delete(const char *data_dir, const char *key)
{
    return rewrite(data_dir, key, NULL);
}
