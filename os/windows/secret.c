/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Secrets by DPAPI in a private file. The machine's scope: the service must read them whoever is logged on, and a disk that is taken
 * out gives nothing away. Any program on this machine could decrypt the bytes, so the file's rights are the other half.
 */
#include "os/secret.h"

#include <windows.h>

#include <wincrypt.h>

#include "os/error.h"
#include "os/file.h"
#include "os/windows/last_error.h"

#define SECRET_MAX (1u << 20)

plt_status os_secret_store(const char *path, const void *data, size_t n)
{
    union {
        const void *in;
        BYTE *out; /* the API takes its input without const, and only reads it */
    } u = {data};
    DATA_BLOB plain, sealed = {0, NULL};
    if (n > SECRET_MAX) return os_fail_as(PLT_FULL, "seal", path);
    plain.cbData = (DWORD)n;
    plain.pbData = u.out;
    if (!CryptProtectData(&plain, L"Platen", NULL, NULL, NULL, CRYPTPROTECT_LOCAL_MACHINE | CRYPTPROTECT_UI_FORBIDDEN, &sealed))
        return os_fail(last_error(), "seal", path);
    plt_status s = os_file_store(path, sealed.pbData, sealed.cbData, true);
    LocalFree(sealed.pbData);
    return s;
}

plt_status os_secret_load(const char *path, plt_buf *out)
{
    DATA_BLOB plain = {0, NULL}, sealed;
    plt_buf file;
    plt_buf_init(&file, SECRET_MAX + 65536);
    plt_status s = os_file_load(path, &file);
    if (s == PLT_OK) {
        sealed.cbData = (DWORD)file.len;
        sealed.pbData = file.data;
        if (!CryptUnprotectData(&sealed, NULL, NULL, NULL, NULL, CRYPTPROTECT_UI_FORBIDDEN, &plain)) {
            (void)os_fail(last_error(), "open the sealed", path);
            s = PLT_BAD; /* another machine's, or damaged */
        }
    }
    if (s == PLT_OK) {
        plt_buf_add(out, plain.pbData, plain.cbData);
        if (out->status != PLT_OK) s = os_fail_as(out->status, "read", path);
    }
    if (plain.pbData) {
        SecureZeroMemory(plain.pbData, plain.cbData);
        LocalFree(plain.pbData);
    }
    plt_buf_free(&file);
    return s;
}
