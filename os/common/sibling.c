/* SPDX-License-Identifier: Apache-2.0 */
/* The other programs of the product stand beside the running one. */
#include <stdio.h>

#include "os/error.h"
#include "os/file.h"

plt_status os_path_sibling(char *out, size_t size, const char *program)
{
    char dir[OS_PATH_MAX], name[64];
    plt_status s = os_path_program_dir(dir, sizeof dir);
    if (s != PLT_OK) return s;
    /* Windows' name first: elsewhere a file of that name does not exist. */
    snprintf(name, sizeof name, "%s.exe", program);
    if (os_path_join(out, size, dir, name) && os_file_exists(out)) return PLT_OK;
    if (os_path_join(out, size, dir, program) && os_file_exists(out)) return PLT_OK;
    return os_fail_as(PLT_NOTFOUND, "find beside this program", program);
}
