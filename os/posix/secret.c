/* SPDX-License-Identifier: Apache-2.0 */
/* Secrets: a private file; the folder's rights and the disk's encryption are what keeps them. */
#include "os/secret.h"

#include "os/file.h"

plt_status os_secret_store(const char *path, const void *data, size_t n)
{
    return os_file_store(path, data, n, true);
}

plt_status os_secret_load(const char *path, plt_buf *out)
{
    return os_file_load(path, out);
}
