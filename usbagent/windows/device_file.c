/* SPDX-License-Identifier: Apache-2.0 */
/* LPT and COM ports by overlapped I/O. A port that another program has is busy: these are opened by one at a time. */
#include "usbagent/device_file.h"

#include <windows.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"
#include "os/error.h"
#include "os/windows/overlapped.h"
#include "os/windows/wide.h"

struct device_file {
    overlapped io;
    char path[USB_ADDRESS_SIZE];
};

plt_status device_file_open(device_file **out, const char *path)
{
    wchar_t wide[USB_ADDRESS_SIZE];
    *out = NULL;
    device_file *f = calloc(1, sizeof *f);
    if (!f) return PLT_NOMEM;
    snprintf(f->path, sizeof f->path, "%s%s", strncmp(path, "\\\\", 2) ? "\\\\.\\" : "", path);
    HANDLE h = wide_from(wide, USB_ADDRESS_SIZE, f->path)
                   ? CreateFileW(wide, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, FILE_FLAG_OVERLAPPED, NULL)
                   : INVALID_HANDLE_VALUE;
    DWORD err = h == INVALID_HANDLE_VALUE ? GetLastError() : ERROR_SUCCESS;
    plt_status s = PLT_OK;
    if (err)
        s = err == ERROR_ACCESS_DENIED || err == ERROR_SHARING_VIOLATION ? os_fail_as(PLT_BUSY, "open", path) : os_fail(err, "open", path);
    else
        s = overlapped_open(&f->io, h, NULL, f->path);
    if (s != PLT_OK) {
        if (!err) CloseHandle(h);
        free(f);
        return s;
    }
    *out = f;
    return PLT_OK;
}

plt_status device_file_write(device_file *f, const void *data, size_t n, uint32_t timeout_ms)
{
    return overlapped_write_all(&f->io, data, n, overlapped_deadline(timeout_ms));
}

plt_status device_file_read(device_file *f, void *data, size_t n, uint32_t timeout_ms, size_t *got)
{
    return overlapped_read(&f->io, data, n, overlapped_deadline(timeout_ms), got);
}

void device_file_close(device_file *f)
{
    if (!f) return;
    overlapped_close(&f->io);
    free(f);
}

/* parport's and serial's drivers give neither. */
void device_file_look(const char *path, usb_printer *p)
{
    (void)path;
    (void)p;
}
