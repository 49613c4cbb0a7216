/* SPDX-License-Identifier: Apache-2.0 */
/* GetLastError(), Winsock's and the spooler's numbers (they share one space) in the project's terms. Never allocates. */
#include <winsock2.h>

#include <windows.h>

#include "core/util/text.h"
#include "os/common/error_platform.h"
#include "os/windows/wide.h"

static const struct {
    plt_status status;
    DWORD codes[24]; /* ends with 0 */
} table[] = {
    {PLT_NOMEM, {ERROR_NOT_ENOUGH_MEMORY, ERROR_OUTOFMEMORY, ERROR_NO_SYSTEM_RESOURCES, ERROR_COMMITMENT_LIMIT, ERROR_NOT_ENOUGH_QUOTA, WSAENOBUFS}},
    {PLT_TIMEOUT, {WAIT_TIMEOUT, ERROR_SEM_TIMEOUT, ERROR_TIMEOUT, WSAETIMEDOUT}},
    {PLT_CLOSED,
     {ERROR_BROKEN_PIPE, ERROR_NO_DATA, ERROR_PIPE_NOT_CONNECTED, ERROR_HANDLE_EOF, ERROR_OPERATION_ABORTED, ERROR_NETNAME_DELETED, WSAECONNRESET,
      WSAECONNABORTED, WSAESHUTDOWN, WSAENETRESET}},
    {PLT_DENIED,
     {ERROR_ACCESS_DENIED, ERROR_PRIVILEGE_NOT_HELD, ERROR_WRITE_PROTECT, ERROR_CANT_OPEN_ANONYMOUS, ERROR_BAD_IMPERSONATION_LEVEL,
      ERROR_ELEVATION_REQUIRED, ERROR_CANNOT_IMPERSONATE, ERROR_INVALID_OWNER, WSAEACCES}},
    {PLT_NOTFOUND,
     {ERROR_FILE_NOT_FOUND,
      ERROR_PATH_NOT_FOUND,
      ERROR_INVALID_DRIVE,
      ERROR_BAD_NETPATH,
      ERROR_BAD_NET_NAME,
      ERROR_MOD_NOT_FOUND,
      ERROR_NOT_FOUND,
      ERROR_DIRECTORY,
      ERROR_INVALID_PRINTER_NAME,
      ERROR_UNKNOWN_PORT,
      ERROR_UNKNOWN_PRINT_MONITOR,
      ERROR_SERVICE_DOES_NOT_EXIST,
      WSAECONNREFUSED,
      WSAEHOSTUNREACH,
      WSAENETUNREACH,
      WSAEHOSTDOWN,
      WSAENETDOWN,
      WSAHOST_NOT_FOUND,
      WSANO_DATA,
      WSATRY_AGAIN,
      WSANO_RECOVERY}},
    {PLT_EXISTS, {ERROR_FILE_EXISTS, ERROR_ALREADY_EXISTS, ERROR_PRINT_MONITOR_ALREADY_INSTALLED, ERROR_PRINTER_ALREADY_EXISTS, WSAEADDRINUSE}},
    {PLT_FULL, {ERROR_DISK_FULL, ERROR_HANDLE_DISK_FULL, ERROR_DISK_QUOTA_EXCEEDED, ERROR_FILE_TOO_LARGE, ERROR_MORE_DATA}},
    {PLT_BUSY,
     {ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION, ERROR_BUSY, ERROR_PIPE_BUSY, ERROR_DELETE_PENDING, ERROR_PRINT_MONITOR_IN_USE,
      ERROR_PRINTER_HAS_JOBS_QUEUED, WSAEWOULDBLOCK}},
    {PLT_BAD,
     {ERROR_INVALID_PARAMETER, ERROR_INVALID_NAME, ERROR_BAD_PATHNAME, ERROR_FILENAME_EXCED_RANGE, ERROR_INVALID_DATA, ERROR_BAD_FORMAT,
      ERROR_NO_UNICODE_TRANSLATION, WSAEINVAL}},
    {PLT_UNSUPPORTED, {ERROR_CALL_NOT_IMPLEMENTED, ERROR_NOT_SUPPORTED, ERROR_INVALID_FUNCTION, WSAEAFNOSUPPORT, WSAEOPNOTSUPP}},
};

/* Asked about failures only: one without a number is a failure all the same. */
plt_status os_error_status(uint32_t code)
{
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        for (const DWORD *c = table[i].codes; *c; c++)
            if (*c == code) return table[i].status;
    return PLT_IO;
}

void os_error_message(uint32_t code, char *out, size_t size)
{
    /* English first: support reads logs of machines in every language; then whatever the machine has. */
    static const DWORD languages[] = {MAKELANGID(LANG_ENGLISH, SUBLANG_ENGLISH_US), 0};
    wchar_t text[256];
    DWORD n = 0;
    for (size_t i = 0; i < 2 && n == 0; i++)
        n = FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS | FORMAT_MESSAGE_MAX_WIDTH_MASK, NULL, code, languages[i], text,
                           sizeof text / sizeof text[0], NULL);
    while (n && (text[n - 1] <= L' ' || text[n - 1] == L'.')) n--;
    text[n] = 0;
    if (n == 0 || !wide_to(out, size, text)) plt_copy(out, size, plt_status_name(os_error_status(code)));
}
