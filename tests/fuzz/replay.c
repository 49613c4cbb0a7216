/* SPDX-License-Identifier: Apache-2.0 */
/* Runs a fuzzer over the files of the folders and files given: the regression test for what fuzzing found. */
#include <string.h>

#include "core/util/buf.h"
#include "os/error.h"
#include "os/file.h"
#include "tests/fuzz/fuzz.h"

static int count;

static bool replay(const char *path)
{
    plt_buf file;
    plt_buf_init(&file, 16u << 20);
    bool ok = os_file_load(path, &file) == PLT_OK;
    if (ok) {
        /* A copy of the exact size, so that the sanitizer sees a read past the end. */
        uint8_t *exact = malloc(file.len ? file.len : 1);
        if (!exact) return false;
        if (file.len) memcpy(exact, file.data, file.len);
        LLVMFuzzerTestOneInput(exact, file.len);
        free(exact);
        count++;
    }
    plt_buf_free(&file);
    return ok;
}

static bool entry(void *dir, const char *name, uint64_t size)
{
    char path[OS_PATH_MAX];
    (void)size;
    if (os_path_join(path, sizeof path, dir, name) && replay(path)) return true;
    fprintf(stderr, "%s/%s cannot be read\n", (const char *)dir, name);
    exit(1);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (replay(argv[i])) continue;
        if (os_dir_list(argv[i], entry, argv[i]) == PLT_OK) continue;
        fprintf(stderr, "%s\n", os_error_text());
        return 1;
    }
    printf("%d inputs\n", count);
    return count ? 0 : 1;
}
