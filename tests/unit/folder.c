/* SPDX-License-Identifier: Apache-2.0 */
#include "folder.h"

#include "tests/unit/test.h"

#include <stdio.h>
#include <stdlib.h>

#include <unistd.h>

#include "core/util/text.h"
#include "os/crypto.h"

void folder_make(char out[OS_PATH_MAX])
{
    const char *tmp = getenv("TMPDIR");
    uint8_t tag[8];
    char hex[17];
    assert_int_equal(os_random(tag, sizeof tag), PLT_OK);
    plt_hex(hex, tag, sizeof tag);
    snprintf(out, OS_PATH_MAX, "%s/platen-test-%s", tmp && *tmp ? tmp : "/tmp", hex);
    assert_int_equal(os_dir_make(out, true), PLT_OK);
}

static bool remove_entry(void *ctx, const char *name, uint64_t size)
{
    char path[OS_PATH_MAX];
    (void)size;
    if (!os_path_join(path, sizeof path, ctx, name)) return true;
    if (os_file_remove(path) != PLT_OK) folder_remove(path);
    return true;
}

void folder_empty(const char *dir)
{
    char copy[OS_PATH_MAX];
    plt_copy(copy, sizeof copy, dir);
    os_dir_list(copy, remove_entry, copy);
}

void folder_remove(const char *dir)
{
    folder_empty(dir);
    rmdir(dir);
}
