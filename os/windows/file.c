/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files by Win32 calls. Files are opened so that others may rename and delete them meanwhile, as on POSIX systems; a file that is
 * private is so from its first moment. It must never block for more than half a second on somebody else's open handle.
 */
#include "os/file.h"

#include <windows.h>

#include <aclapi.h>
#include <userenv.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"
#include "os/error.h"
#include "os/windows/account.h"
#include "os/windows/last_error.h"
#include "os/windows/wide.h"

/* SYSTEM, administrators and ourselves, everything; nobody else, nothing inherited from above. The folder's hold below it too. */
#define PRIVATE_FILE L"D:P(A;;FA;;;SY)(A;;FA;;;BA)(A;;FA;;;@)"
#define PRIVATE_FOLDER L"D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;FA;;;@)"

#define PIECE_MAX (1u << 30)
/* A scanner or an indexer opens a new file for a moment; waits of 1, 2, 4 ... 256 ms see it through. */
#define RETRIES 9

struct os_file {
    HANDLE handle;
    bool append;
    char path[OS_PATH_MAX]; /* for messages */
};

/* -- open files */

static DWORD disposition(int flags)
{
    if (flags & OS_FILE_NEW) return CREATE_NEW;
    if (flags & OS_FILE_CREATE) return flags & OS_FILE_TRUNCATE ? CREATE_ALWAYS : OPEN_ALWAYS;
    return flags & OS_FILE_TRUNCATE ? TRUNCATE_EXISTING : OPEN_EXISTING;
}

/*
 * What others may do meanwhile. Deleting and renaming always: the name is not the file. Reading and writing too, unless we are exclusive:
 * then nobody writes; and nobody reads either when we only read, or two exclusive readers would both get it. The system drops the
 * claim with the handle, however the process ends.
 */
static DWORD sharing(int flags)
{
    if (!(flags & OS_FILE_EXCLUSIVE)) return FILE_SHARE_DELETE | FILE_SHARE_READ | FILE_SHARE_WRITE;
    return flags & OS_FILE_WRITE ? FILE_SHARE_DELETE | FILE_SHARE_READ : FILE_SHARE_DELETE;
}

static DWORD open_handle(HANDLE *out, const wchar_t *wide, int flags)
{
    DWORD access = (flags & OS_FILE_READ ? GENERIC_READ : 0u) | (flags & OS_FILE_WRITE ? GENERIC_WRITE : 0u);
    SECURITY_ATTRIBUTES sa = {sizeof sa, NULL, FALSE};
    DWORD err = flags & OS_FILE_PRIVATE ? account_security(&sa, PRIVATE_FILE) : ERROR_SUCCESS;
    *out = INVALID_HANDLE_VALUE;
    if (err == ERROR_SUCCESS) {
        /* SECURITY_ANONYMOUS: should the path lead to somebody's pipe, its owner does not even learn who we are. */
        *out = CreateFileW(wide, access, sharing(flags), &sa, disposition(flags), FILE_ATTRIBUTE_NORMAL | SECURITY_SQOS_PRESENT | SECURITY_ANONYMOUS,
                           NULL);
        if (*out == INVALID_HANDLE_VALUE) err = last_error();
    }
    account_security_free(&sa);
    return err;
}

plt_status os_file_open(os_file **out, const char *path, int flags)
{
    wchar_t wide[WIDE_PATH_MAX];
    *out = NULL;
    plt_status s = wide_path(wide, path);
    if (s != PLT_OK) return s;
    os_file *f = calloc(1, sizeof *f);
    if (!f) return os_fail_as(PLT_NOMEM, "open", path);
    DWORD err = open_handle(&f->handle, wide, flags);
    if (err != ERROR_SUCCESS) {
        free(f);
        return os_fail(err, "open", path);
    }
    f->append = (flags & OS_FILE_APPEND) != 0;
    plt_copy(f->path, sizeof f->path, path);
    *out = f;
    return PLT_OK;
}

void os_file_close(os_file *f)
{
    if (!f) return;
    CloseHandle(f->handle);
    free(f);
}

plt_status os_file_read(os_file *f, void *buf, size_t n, size_t *got)
{
    DWORD moved = 0;
    *got = 0;
    if (!ReadFile(f->handle, buf, n < PIECE_MAX ? (DWORD)n : PIECE_MAX, &moved, NULL)) {
        DWORD err = last_error();
        if (err != ERROR_HANDLE_EOF) return os_fail(err, "read", f->path);
    }
    *got = moved;
    return PLT_OK;
}

plt_status os_file_write(os_file *f, const void *buf, size_t n)
{
    const char *at = buf;
    while (n) {
        DWORD moved = 0;
        OVERLAPPED end;
        memset(&end, 0, sizeof end);
        end.Offset = end.OffsetHigh = 0xFFFFFFFF; /* "at the end of the file", found and written in one step */
        if (!WriteFile(f->handle, at, n < PIECE_MAX ? (DWORD)n : PIECE_MAX, &moved, f->append ? &end : NULL))
            return os_fail(last_error(), "write", f->path);
        at += moved;
        n -= moved;
    }
    return PLT_OK;
}

plt_status os_file_sync(os_file *f)
{
    return FlushFileBuffers(f->handle) ? PLT_OK : os_fail(last_error(), "sync", f->path);
}

plt_status os_file_seek(os_file *f, uint64_t at)
{
    LARGE_INTEGER to;
    if (at > INT64_MAX) return os_fail_as(PLT_BAD, "seek in", f->path);
    to.QuadPart = (LONGLONG)at;
    return SetFilePointerEx(f->handle, to, NULL, FILE_BEGIN) ? PLT_OK : os_fail(last_error(), "seek in", f->path);
}

plt_status os_file_truncate(os_file *f, uint64_t size)
{
    FILE_END_OF_FILE_INFO end; /* unlike SetEndOfFile this leaves the position where it is */
    if (size > INT64_MAX) return os_fail_as(PLT_BAD, "truncate", f->path);
    end.EndOfFile.QuadPart = (LONGLONG)size;
    return SetFileInformationByHandle(f->handle, FileEndOfFileInfo, &end, sizeof end) ? PLT_OK : os_fail(last_error(), "truncate", f->path);
}

uint64_t os_file_size(os_file *f)
{
    LARGE_INTEGER size;
    return GetFileSizeEx(f->handle, &size) ? (uint64_t)size.QuadPart : 0;
}

plt_status os_file_load(const char *path, plt_buf *out)
{
    os_file *f;
    plt_status s = os_file_open(&f, path, OS_FILE_READ);
    if (s != PLT_OK) return s;
    for (;;) {
        size_t room = out->max - out->len < 65536 ? out->max - out->len : 65536, got;
        /* With no room left one byte more is asked for: it is refused unless the file ends here. */
        uint8_t last, *p = room ? plt_buf_reserve(out, room) : &last;
        if (!p) {
            s = os_fail_as(out->status, "read", path);
            break;
        }
        s = os_file_read(f, p, room ? room : 1, &got);
        if (s != PLT_OK || got == 0) break;
        if (!room) {
            s = os_fail_as(PLT_FULL, "read", path);
            break;
        }
        out->len += got;
        out->data[out->len] = 0;
    }
    os_file_close(f);
    return s;
}

/* -- names */

/* Another program's open handle in the way, perhaps only for a moment. A right that is missing says the same. */
static bool may_pass(DWORD err)
{
    return err == ERROR_SHARING_VIOLATION || err == ERROR_ACCESS_DENIED || err == ERROR_LOCK_VIOLATION;
}

static DWORD move_over(const wchar_t *from, const wchar_t *to)
{
    for (int i = 0;; i++) {
        if (MoveFileExW(from, to, MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH)) return ERROR_SUCCESS;
        DWORD err = last_error();
        if (i == RETRIES || !may_pass(err)) return err;
        Sleep(1u << i);
    }
}

plt_status os_file_rename(const char *from, const char *to)
{
    wchar_t wide_old[WIDE_PATH_MAX], wide_new[WIDE_PATH_MAX];
    plt_status s = wide_path(wide_old, from);
    if (s == PLT_OK) s = wide_path(wide_new, to);
    if (s != PLT_OK) return s;
    DWORD err = move_over(wide_old, wide_new);
    return err == ERROR_SUCCESS ? PLT_OK : os_fail(err, "rename to", to);
}

plt_status os_file_remove(const char *path)
{
    wchar_t wide[WIDE_PATH_MAX];
    plt_status s = wide_path(wide, path);
    if (s != PLT_OK) return s;
    for (int i = 0; !DeleteFileW(wide); i++) {
        DWORD err = last_error();
        DWORD attributes = GetFileAttributesW(wide);
        bool folder = attributes != INVALID_FILE_ATTRIBUTES && (attributes & FILE_ATTRIBUTE_DIRECTORY);
        if (i == RETRIES || folder || !may_pass(err)) return os_fail(err, "remove", path);
        Sleep(1u << i);
    }
    return PLT_OK;
}

plt_status os_file_store(const char *path, const void *data, size_t n, bool is_private)
{
    static LONG count;
    char temp[OS_PATH_MAX];
    os_file *f = NULL;
    const int flags = OS_FILE_WRITE | OS_FILE_NEW | OS_FILE_EXCLUSIVE | (is_private ? OS_FILE_PRIVATE : 0);
    int k = snprintf(temp, sizeof temp, "%s.%lu-%ld.new", path, GetCurrentProcessId(), InterlockedIncrement(&count));
    if (k < 0 || (size_t)k >= sizeof temp) return os_fail_as(PLT_BAD, "name a file beside", path);
    plt_status s = os_file_open(&f, temp, flags);
    if (s == PLT_EXISTS && os_file_remove(temp) == PLT_OK) s = os_file_open(&f, temp, flags); /* left by a process with our number */
    if (s != PLT_OK) return s;
    s = os_file_write(f, data, n);
    if (s == PLT_OK) s = os_file_sync(f);
    os_file_close(f);
    /* The content is on the disk before the name points to it; the name's change is in the file system's journal. */
    if (s == PLT_OK) s = os_file_rename(temp, path);
    if (s != PLT_OK) {
        wchar_t wide[WIDE_PATH_MAX];
        if (wide_path(wide, temp) == PLT_OK) DeleteFileW(wide); /* keeps the message of what went wrong */
    }
    return s;
}

bool os_file_exists(const char *path)
{
    wchar_t wide[WIDE_PATH_MAX];
    return wide_path(wide, path) == PLT_OK && GetFileAttributesW(wide) != INVALID_FILE_ATTRIBUTES;
}

/* -- folders */

static DWORD folder_make(const wchar_t *wide, SECURITY_ATTRIBUTES *sa)
{
    if (CreateDirectoryW(wide, sa)) return ERROR_SUCCESS;
    DWORD err = last_error(), attributes = GetFileAttributesW(wide);
    if (attributes == INVALID_FILE_ATTRIBUTES) return err;
    /* Roots and folders that we may not write to say other things than "it exists"; a file in the way says just that. */
    return attributes & FILE_ATTRIBUTE_DIRECTORY ? ERROR_ALREADY_EXISTS : ERROR_FILE_EXISTS;
}

/* Takes an open folder that was there already: only from an owner who could read everything anyway, and with our rights. */
static DWORD folder_claim(HANDLE h, SECURITY_ATTRIBUTES *sa)
{
    BY_HANDLE_FILE_INFORMATION info;
    SECURITY_DESCRIPTOR_CONTROL control = 0;
    PSECURITY_DESCRIPTOR sd = NULL;
    PSID owner = NULL;
    PACL acl = NULL;
    BOOL present = FALSE, defaulted;
    DWORD revision;
    account own, theirs;
    if (!GetFileInformationByHandle(h, &info)) return last_error();
    if (info.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) return ERROR_ACCESS_DENIED; /* a link leads who knows where */
    DWORD err = GetSecurityInfo(h, SE_FILE_OBJECT, OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION, &owner, NULL, NULL, NULL, &sd);
    if (err != ERROR_SUCCESS) return err;
    err = account_own(&own);
    if (err == ERROR_SUCCESS) err = account_from_sid(owner, &theirs);
    if (err == ERROR_SUCCESS && !theirs.is_system && !IsWellKnownSid(owner, WinBuiltinAdministratorsSid) && !account_same(&own, &theirs))
        err = ERROR_INVALID_OWNER;
    if (err == ERROR_SUCCESS && !GetSecurityDescriptorControl(sd, &control, &revision)) err = last_error();
    LocalFree(sd);
    /* Protected rights were set on purpose, by us or by an administrator: they stay. */
    if (err != ERROR_SUCCESS || (control & SE_DACL_PROTECTED)) return err;
    if (!GetSecurityDescriptorDacl(sa->lpSecurityDescriptor, &present, &acl, &defaulted)) return last_error();
    return SetSecurityInfo(h, SE_FILE_OBJECT, DACL_SECURITY_INFORMATION | PROTECTED_DACL_SECURITY_INFORMATION, NULL, NULL, acl, NULL);
}

/* Every user may make folders below ProgramData: one that was there before us may belong to somebody who waits for our secrets. */
static DWORD folder_make_private(const wchar_t *wide)
{
    SECURITY_ATTRIBUTES sa;
    DWORD err = account_security(&sa, PRIVATE_FOLDER);
    if (err == ERROR_SUCCESS) err = folder_make(wide, &sa);
    if (err == ERROR_ALREADY_EXISTS) {
        HANDLE h = CreateFileW(wide, READ_CONTROL | WRITE_DAC | FILE_READ_ATTRIBUTES, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
                               OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OPEN_REPARSE_POINT, NULL);
        err = h == INVALID_HANDLE_VALUE ? last_error() : folder_claim(h, &sa);
        if (h != INVALID_HANDLE_VALUE) CloseHandle(h);
    }
    account_security_free(&sa);
    return err;
}

plt_status os_dir_make(const char *path, bool is_private)
{
    wchar_t wide[WIDE_PATH_MAX];
    DWORD first = ERROR_SUCCESS;
    plt_status s = wide_path(wide, path);
    if (s != PLT_OK) return s;
    /* The parents. Some fail in ways of their own ("C:", "\\server", a folder that we may pass through but not see), so the last
       folder decides, and the first failure above it explains. */
    for (wchar_t *p = wide + 1; *p; p++) {
        wchar_t keep = *p;
        if ((keep != L'\\' && keep != L'/') || !p[1]) continue;
        *p = 0;
        DWORD err = folder_make(wide, NULL);
        *p = keep;
        if (err != ERROR_SUCCESS && err != ERROR_ALREADY_EXISTS && first == ERROR_SUCCESS) first = err;
    }
    DWORD err = is_private ? folder_make_private(wide) : folder_make(wide, NULL);
    if (err == ERROR_SUCCESS || (err == ERROR_ALREADY_EXISTS && !is_private)) return PLT_OK;
    if (err == ERROR_PATH_NOT_FOUND && first != ERROR_SUCCESS) err = first;
    return os_fail(err, is_private ? "make a private folder of" : "make the folder", path);
}

plt_status os_dir_list(const char *path, bool (*fn)(void *ctx, const char *name, uint64_t size), void *ctx)
{
    char pattern[OS_PATH_MAX + 2], name[MAX_PATH * 3 + 1];
    wchar_t wide[WIDE_PATH_MAX];
    WIN32_FIND_DATAW e;
    if (!os_path_join(pattern, sizeof pattern, path, "*")) return os_fail_as(PLT_BAD, "list", path);
    plt_status s = wide_path(wide, pattern);
    if (s != PLT_OK) return s;
    HANDLE h = FindFirstFileExW(wide, FindExInfoBasic, &e, FindExSearchNameMatch, NULL, 0);
    if (h == INVALID_HANDLE_VALUE) return os_fail(last_error(), "list", path);
    do {
        if (wcscmp(e.cFileName, L".") == 0 || wcscmp(e.cFileName, L"..") == 0 || !wide_to(name, sizeof name, e.cFileName)) continue;
        if (!fn(ctx, name, ((uint64_t)e.nFileSizeHigh << 32) | e.nFileSizeLow)) break;
    } while (FindNextFileW(h, &e));
    FindClose(h);
    return PLT_OK;
}

plt_status os_disk_free(const char *path, uint64_t *bytes)
{
    wchar_t wide[WIDE_PATH_MAX];
    ULARGE_INTEGER mine;
    *bytes = 0;
    plt_status s = wide_path(wide, path);
    if (s != PLT_OK) return s;
    DWORD attributes = GetFileAttributesW(wide);
    if (attributes == INVALID_FILE_ATTRIBUTES) return os_fail(last_error(), "ask the free space of", path);
    if (!(attributes & FILE_ATTRIBUTE_DIRECTORY)) { /* the call takes folders only */
        size_t n = wcslen(wide);
        while (n && wide[n - 1] != L'\\' && wide[n - 1] != L'/') n--;
        wide[n] = 0;
    }
    if (!GetDiskFreeSpaceExW(wide[0] ? wide : NULL, &mine, NULL, NULL)) return os_fail(last_error(), "ask the free space of", path);
    *bytes = mine.QuadPart;
    return PLT_OK;
}

/* -- places */

bool os_path_join(char *out, size_t size, const char *dir, const char *name)
{
    size_t n = strlen(dir);
    const char *between = n && (dir[n - 1] == '\\' || dir[n - 1] == '/') ? "" : "\\";
    int k = snprintf(out, size, "%s%s%s", dir, between, name);
    return k >= 0 && (size_t)k < size;
}

/* Services of SYSTEM do not let the environment move their data; everybody else asks for their own. */
static DWORD data_override(wchar_t *out, DWORD cap)
{
    account own;
    if (account_own(&own) != ERROR_SUCCESS || own.is_system) return 0;
    DWORD n = GetEnvironmentVariableW(L"PLATEN_DATA", out, cap);
    return n < cap ? n : 0;
}

plt_status os_path_data(char *out, size_t size)
{
    wchar_t wide[OS_PATH_MAX];
    char common[OS_PATH_MAX];
    DWORD n = OS_PATH_MAX;
    if (data_override(wide, n)) return wide_to(out, size, wide) ? PLT_OK : os_fail_as(PLT_BAD, "use", "PLATEN_DATA");
    /* "The folder that all users share" is ProgramData. userenv.dll says so without the weight of shell32.dll, which would bring
       windows and graphics into the worker and the spooler. Where it does not know (Wine), the environment does. */
    if (!GetAllUsersProfileDirectoryW(wide, &n)) {
        n = GetEnvironmentVariableW(L"ProgramData", wide, OS_PATH_MAX);
        if (n == 0 || n >= OS_PATH_MAX) return os_fail_as(PLT_NOTFOUND, "find", "ProgramData");
    }
    if (!wide_to(common, sizeof common, wide) || !os_path_join(out, size, common, "Platen")) return os_fail_as(PLT_BAD, "use", "ProgramData");
    return PLT_OK;
}

plt_status os_path_program_dir(char *out, size_t size)
{
    wchar_t wide[OS_PATH_MAX];
    const DWORD cap = sizeof wide / sizeof wide[0];
    DWORD n = GetModuleFileNameW(NULL, wide, cap);
    if (n == 0) return os_fail(last_error(), "find", "this program");
    wchar_t *slash = n < cap ? wcsrchr(wide, L'\\') : NULL;
    if (!slash) return os_fail_as(PLT_BAD, "use", "this program's folder");
    *slash = 0;
    return wide_to(out, size, wide) ? PLT_OK : os_fail_as(PLT_BAD, "use", "this program's folder");
}
