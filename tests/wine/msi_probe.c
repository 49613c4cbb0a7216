/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the MSI's tests cannot ask with Windows' own tools.
 *
 *   msi_probe key KEY         the rights (SDDL) of a key below HKLM
 *   msi_probe folder PATH     the rights of a file or folder
 *   msi_probe hold PATH       maps a program or DLL as if it ran, prints "held", keeps it until it is killed
 *   msi_probe idle            makes an empty window and stays, as a measure for a process's own weight
 */
#include <windows.h>

#include <aclapi.h>
#include <sddl.h>

#include <stdio.h>
#include <string.h>

static int print_rights(HANDLE h, SE_OBJECT_TYPE type)
{
    PSECURITY_DESCRIPTOR sd = NULL;
    wchar_t *text = NULL;
    DWORD err = GetSecurityInfo(h, type, DACL_SECURITY_INFORMATION, NULL, NULL, NULL, NULL, &sd);
    if (err == ERROR_SUCCESS && !ConvertSecurityDescriptorToStringSecurityDescriptorW(sd, SDDL_REVISION_1, DACL_SECURITY_INFORMATION, &text, NULL))
        err = GetLastError();
    if (err == ERROR_SUCCESS)
        printf("%ls\n", text);
    else
        printf("error %lu\n", err);
    LocalFree(text);
    LocalFree(sd);
    return err != ERROR_SUCCESS;
}

static int key_rights(const wchar_t *name)
{
    HKEY key;
    if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, name, 0, READ_CONTROL | KEY_WOW64_64KEY, &key) != ERROR_SUCCESS) return 1;
    int code = print_rights(key, SE_REGISTRY_KEY);
    RegCloseKey(key);
    return code;
}

static int file_rights(const wchar_t *path)
{
    HANDLE h = CreateFileW(path, READ_CONTROL, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL, OPEN_EXISTING,
                           FILE_FLAG_BACKUP_SEMANTICS, NULL);
    if (h == INVALID_HANDLE_VALUE) return 1;
    int code = print_rights(h, SE_FILE_OBJECT);
    CloseHandle(h);
    return code;
}

/* A section of the file as an image: what the loader makes, without running anything. */
static int hold(const wchar_t *path)
{
    HANDLE h = CreateFileW(path, GENERIC_READ | GENERIC_EXECUTE, FILE_SHARE_READ | FILE_SHARE_DELETE, NULL, OPEN_EXISTING, 0, NULL);
    HANDLE section = h == INVALID_HANDLE_VALUE ? NULL : CreateFileMappingW(h, NULL, PAGE_READONLY | SEC_IMAGE, 0, 0, NULL);
    if (!section || !MapViewOfFile(section, FILE_MAP_READ, 0, 0, 0)) return 1;
    CloseHandle(h);
    puts("held");
    fflush(stdout);
    Sleep(INFINITE);
    return 0;
}

static int idle(void)
{
    MSG m;
    CreateWindowExW(0, L"STATIC", L"idle", WS_OVERLAPPEDWINDOW | WS_VISIBLE, 10, 10, 300, 200, NULL, NULL, NULL, NULL);
    puts("idle");
    fflush(stdout);
    while (GetMessageW(&m, NULL, 0, 0) > 0) DispatchMessageW(&m);
    return 0;
}

int wmain(int argc, wchar_t **argv); /* the C runtime's entry with -municode; no header declares it */

int wmain(int argc, wchar_t **argv)
{
    const wchar_t *what = argc > 1 ? argv[1] : L"";
    if (wcscmp(what, L"idle") == 0) return idle();
    if (argc != 3) return 2;
    if (wcscmp(what, L"key") == 0) return key_rights(argv[2]);
    if (wcscmp(what, L"folder") == 0) return file_rights(argv[2]);
    if (wcscmp(what, L"hold") == 0) return hold(argv[2]);
    return 2;
}
