/* SPDX-License-Identifier: Apache-2.0 */
/* Files and folders. */
#include <windows.h>

#include <aclapi.h>
#include <sddl.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"
#include "os/clock.h"
#include "os/error.h"
#include "os/file.h"
#include "os/thread.h"
#include "os/windows/wide.h"
#include "tests/wine/os_test.h"

#define MAKE (OS_FILE_READ | OS_FILE_WRITE | OS_FILE_CREATE)

static bool content_is(const char *path, const char *text)
{
    plt_buf b;
    plt_buf_init(&b, 1 << 20);
    bool same = os_file_load(path, &b) == PLT_OK && strcmp(plt_buf_str(&b), text) == 0;
    if (!same) test_note("%s holds \"%.60s\"", path, plt_buf_str(&b));
    plt_buf_free(&b);
    return same;
}

/* The rights of a file or folder as SDDL. */
static bool rights_of(const char *path, char *out, size_t size)
{
    wchar_t wide[WIDE_PATH_MAX], *text = NULL;
    PSECURITY_DESCRIPTOR sd = NULL;
    out[0] = 0;
    if (wide_path(wide, path) != PLT_OK) return false;
    if (GetNamedSecurityInfoW(wide, SE_FILE_OBJECT, DACL_SECURITY_INFORMATION, NULL, NULL, NULL, NULL, &sd) != ERROR_SUCCESS) return false;
    bool ok =
        ConvertSecurityDescriptorToStringSecurityDescriptorW(sd, SDDL_REVISION_1, DACL_SECURITY_INFORMATION, &text, NULL) && wide_to(out, size, text);
    LocalFree(text);
    LocalFree(sd);
    return ok;
}

static void files_roundtrip(void)
{
    const char *path = test_path("round.bin");
    char got_text[64] = "";
    size_t got = 0;
    os_file *f = NULL;
    if (!CHECK_STATUS(PLT_OK, os_file_open(&f, path, MAKE | OS_FILE_NEW))) return;
    CHECK_STATUS(PLT_OK, os_file_write(f, "hello world", 11));
    CHECK(os_file_size(f) == 11);
    CHECK_STATUS(PLT_OK, os_file_seek(f, 6));
    CHECK_STATUS(PLT_OK, os_file_read(f, got_text, sizeof got_text, &got));
    CHECK(got == 5 && memcmp(got_text, "world", 5) == 0);
    CHECK_STATUS(PLT_OK, os_file_read(f, got_text, sizeof got_text, &got));
    CHECK(got == 0);
    CHECK_STATUS(PLT_OK, os_file_truncate(f, 5));
    CHECK_STATUS(PLT_OK, os_file_sync(f));
    CHECK(os_file_size(f) == 5);
    os_file_close(f);
    CHECK(content_is(path, "hello"));
    CHECK_STATUS(PLT_EXISTS, os_file_open(&f, path, MAKE | OS_FILE_NEW));
    CHECK(f == NULL);
    if (CHECK_STATUS(PLT_OK, os_file_open(&f, path, OS_FILE_WRITE | OS_FILE_TRUNCATE))) CHECK(os_file_size(f) == 0);
    os_file_close(f);
    CHECK_STATUS(PLT_OK, os_file_remove(path));
    CHECK(!os_file_exists(path));
}

static void files_missing(void)
{
    os_file *f = NULL;
    plt_buf b;
    plt_buf_init(&b, 100);
    CHECK_STATUS(PLT_NOTFOUND, os_file_open(&f, test_path("no-such-file"), OS_FILE_READ));
    CHECK(strstr(os_error_text(), "no-such-file") && os_error_code() == ERROR_FILE_NOT_FOUND);
    CHECK_STATUS(PLT_NOTFOUND, os_file_open(&f, test_path("no-such-folder\\x"), MAKE));
    CHECK_STATUS(PLT_NOTFOUND, os_file_load(test_path("no-such-file"), &b));
    CHECK_STATUS(PLT_NOTFOUND, os_file_remove(test_path("no-such-file")));
    CHECK_STATUS(PLT_NOTFOUND, os_file_rename(test_path("no-such-file"), test_path("x")));
    CHECK_STATUS(PLT_NOTFOUND, os_file_open(&f, "", OS_FILE_READ));
    CHECK_STATUS(PLT_BAD, os_file_open(&f, "C:\\bad\xff", OS_FILE_READ));
    CHECK(!os_file_exists(test_path("no-such-file")));
    os_file_close(NULL);
    plt_buf_free(&b);
}

static void files_load_bound(void)
{
    const struct {
        size_t size, max;
        plt_status expected;
    } table[] = {{0, 10, PLT_OK}, {9, 10, PLT_OK}, {10, 10, PLT_OK}, {11, 10, PLT_FULL}, {200000, 200000, PLT_OK}, {200001, 200000, PLT_FULL}};
    static char zeros[200001];
    const char *path = test_path("bound.bin");
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        plt_buf b;
        plt_buf_init(&b, table[i].max);
        CHECK_STATUS(PLT_OK, os_file_store(path, zeros, table[i].size, false));
        CHECK_STATUS(table[i].expected, os_file_load(path, &b));
        if (table[i].expected == PLT_OK) CHECK(b.len == table[i].size);
        plt_buf_free(&b);
    }
    os_file_remove(path);
}

static void files_private(void)
{
    const char *path = test_path("private.txt"), *dir = test_path("private-folder");
    char rights[512];
    os_file *f = NULL;
    if (CHECK_STATUS(PLT_OK, os_file_open(&f, path, MAKE | OS_FILE_NEW | OS_FILE_PRIVATE))) CHECK_STATUS(PLT_OK, os_file_write(f, "x", 1));
    os_file_close(f);
    CHECK(content_is(path, "x"));
    CHECK(rights_of(path, rights, sizeof rights));
    test_note("file: %s", rights);
    CHECK(!strstr(rights, ";WD)") && !strstr(rights, ";BU)") && !strstr(rights, ";AU)")); /* neither everybody nor users */
    CHECK_STATUS(PLT_OK, os_dir_make(dir, true));
    CHECK(rights_of(dir, rights, sizeof rights));
    test_note("folder: %s", rights);
    CHECK(!strstr(rights, ";WD)") && !strstr(rights, ";BU)") && !strstr(rights, ";AU)"));
    CHECK_STATUS(PLT_OK, os_dir_make(dir, true)); /* it is there, and ours */
    os_file_remove(path);
}

/* A folder that somebody else made where we want a private one. */
static void files_foreign_folder(void)
{
    const char *dir = test_path("planted");
    char rights[512];
    wchar_t wide[WIDE_PATH_MAX];
    PSECURITY_DESCRIPTOR sd = NULL;
    if (!CHECK_STATUS(PLT_OK, wide_path(wide, dir))) return;
    if (!CHECK(ConvertStringSecurityDescriptorToSecurityDescriptorW(L"O:WDD:(A;OICI;FA;;;WD)", SDDL_REVISION_1, &sd, NULL))) return;
    SECURITY_ATTRIBUTES sa = {sizeof sa, sd, FALSE};
    bool made = CreateDirectoryW(wide, &sa) != 0;
    LocalFree(sd);
    PSID owner = NULL;
    bool foreign = made && GetNamedSecurityInfoW(wide, SE_FILE_OBJECT, OWNER_SECURITY_INFORMATION, &owner, NULL, NULL, NULL, &sd) == ERROR_SUCCESS &&
                   IsWellKnownSid(owner, WinWorldSid);
    if (foreign) {
        CHECK_STATUS(PLT_DENIED, os_dir_make(dir, true));
    } else {
        /* Ours, but open to all: the second half can be tried at least. */
        if (!made) CHECK_STATUS(PLT_OK, os_dir_make(dir, false));
        CHECK_STATUS(PLT_OK, os_dir_make(dir, true));
        CHECK(rights_of(dir, rights, sizeof rights));
        test_note("folder: %s", rights);
        if (strstr(rights, ";WD)") && test_is_wine())
            test_skip("Wine gives no folder another owner, and its SetSecurityInfo adds the upper folder's rights");
        else if (CHECK(!strstr(rights, ";WD)")))
            test_skip("a folder of another owner cannot be made here; that an open one of our own becomes private passed");
    }
}

static void files_exclusive(void)
{
    const int plain = OS_FILE_READ, read = OS_FILE_READ | OS_FILE_EXCLUSIVE, write = MAKE | OS_FILE_EXCLUSIVE;
    const struct {
        int first, second;
        plt_status expected;
    } table[] = {
        {MAKE, MAKE, PLT_OK},   {write, write, PLT_BUSY}, {write, read, PLT_BUSY}, {read, write, PLT_BUSY},
        {read, read, PLT_BUSY}, {write, plain, PLT_OK},   {write, MAKE, PLT_BUSY}, {OS_FILE_WRITE | OS_FILE_EXCLUSIVE, write, PLT_BUSY},
        {plain, write, PLT_OK},
    };
    const char *path = test_path("exclusive.txt");
    CHECK_STATUS(PLT_OK, os_file_store(path, "held", 4, false));
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        os_file *a = NULL, *b = NULL;
        CHECK_STATUS(PLT_OK, os_file_open(&a, path, table[i].first));
        if (!CHECK_STATUS(table[i].expected, os_file_open(&b, path, table[i].second))) test_note("row %u", (unsigned)i);
        os_file_close(b);
        os_file_close(a);
        CHECK_STATUS(PLT_OK, os_file_open(&b, path, write)); /* free again at once */
        os_file_close(b);
    }
    os_file_remove(path);
}

static int holding(int argc, char **argv)
{
    os_file *f;
    if (argc < 3 || os_file_open(&f, argv[2], MAKE | OS_FILE_EXCLUSIVE) != PLT_OK) return 1;
    if (os_stdout_write("!", 1) != PLT_OK) return 1;
    os_sleep_ms(60000);
    return 0;
}

static void files_exclusive_falls(void)
{
    const os_process_limits none = {0, 0, false, 0};
    char path[OS_PATH_MAX], c = 0;
    plt_copy(path, sizeof path, test_path("held.txt"));
    const char *const args[] = {"child-hold", path, NULL};
    os_file *f = NULL;
    os_process *p = test_child(&none, args);
    if (!p) return;
    CHECK_STATUS(PLT_OK, os_process_read_all(p, &c, 1, 10000));
    CHECK_STATUS(PLT_BUSY, os_file_open(&f, path, MAKE | OS_FILE_EXCLUSIVE));
    os_process_kill(p);
    os_process_free(p);
    CHECK_STATUS(PLT_OK, os_file_open(&f, path, MAKE | OS_FILE_EXCLUSIVE));
    CHECK_STATUS(PLT_OK, os_file_remove(path)); /* by its name, while it is open */
    os_file_close(f);
    CHECK(!os_file_exists(path));
}

static void files_append(void)
{
    const char *path = test_path("append.txt");
    os_file *a = NULL, *b = NULL;
    CHECK_STATUS(PLT_OK, os_file_open(&a, path, OS_FILE_WRITE | OS_FILE_CREATE | OS_FILE_APPEND));
    CHECK_STATUS(PLT_OK, os_file_open(&b, path, OS_FILE_WRITE | OS_FILE_CREATE | OS_FILE_APPEND));
    if (a && b) {
        CHECK_STATUS(PLT_OK, os_file_write(a, "one ", 4));
        CHECK_STATUS(PLT_OK, os_file_write(b, "two ", 4));
        CHECK_STATUS(PLT_OK, os_file_write(a, "three", 5));
        CHECK(os_file_size(b) == 13);
    }
    os_file_close(a);
    os_file_close(b);
    CHECK(content_is(path, "one two three"));
    os_file_remove(path);
}

static void files_store(void)
{
    const char *path = test_path("store.txt");
    os_file *reader = NULL;
    char rights[512];
    CHECK_STATUS(PLT_OK, os_file_store(path, "old", 3, true));
    CHECK(rights_of(path, rights, sizeof rights) && !strstr(rights, ";WD)"));
    CHECK_STATUS(PLT_OK, os_file_store(path, "new content", 11, true));
    CHECK(content_is(path, "new content"));
    CHECK_STATUS(PLT_OK, os_file_store(path, "", 0, true));
    CHECK(content_is(path, ""));
    CHECK_STATUS(PLT_NOTFOUND, os_file_store(test_path("no-such-folder\\x"), "x", 1, true));
    /* A reader that has the old one open: Windows refuses to replace it, so we must have waited and said BUSY or DENIED; Wine replaces it. */
    CHECK_STATUS(PLT_OK, os_file_open(&reader, path, OS_FILE_READ));
    uint64_t t0 = os_clock_mono_ms();
    plt_status s = os_file_store(path, "newer", 5, true);
    test_note("replaced under an open reader: %s after %u ms", plt_status_name(s), (unsigned)(os_clock_mono_ms() - t0));
    CHECK(s == PLT_OK || s == PLT_BUSY || s == PLT_DENIED);
    CHECK(os_clock_mono_ms() - t0 < 3000);
    os_file_close(reader);
    CHECK(content_is(path, s == PLT_OK ? "newer" : ""));
    os_file_remove(path);
}

static bool count_entry(void *ctx, const char *name, uint64_t size)
{
    (void)size;
    if (strstr(name, ".new")) ++*(int *)ctx;
    return true;
}

static void files_store_leaves_nothing(void)
{
    char dir[OS_PATH_MAX];
    int left = 0;
    wchar_t wide[WIDE_PATH_MAX];
    plt_copy(dir, sizeof dir, test_path(""));
    /* The target is a folder, so that the last step fails. */
    CHECK_STATUS(PLT_OK, os_dir_make(test_path("a-folder"), false));
    CHECK(os_file_store(test_path("a-folder"), "x", 1, false) != PLT_OK);
    CHECK_STATUS(PLT_OK, os_dir_list(dir, count_entry, &left));
    CHECK(left == 0);
    if (wide_path(wide, test_path("a-folder")) == PLT_OK) RemoveDirectoryW(wide);
}

/* Many writers and readers of one name: every load sees one writer's whole content. */
#define ROUNDS 40

static void store_often(void *arg)
{
    char text[3000];
    memset(text, *(const char *)arg, sizeof text);
    for (int i = 0; i < ROUNDS; i++) CHECK_STATUS(PLT_OK, os_file_store(test_path("contended.txt"), text, sizeof text, false));
}

static void files_store_contended(void)
{
    static const char letters[] = "abcd";
    char path[OS_PATH_MAX];
    os_thread *t[4] = {NULL};
    plt_buf b;
    plt_copy(path, sizeof path, test_path("contended.txt"));
    plt_buf_init(&b, 5000);
    store_often((void *)(uintptr_t)&letters[0]);
    for (int i = 0; i < 2; i++) CHECK_STATUS(PLT_OK, os_thread_start(&t[i], store_often, (void *)(uintptr_t)&letters[i + 1]));
    for (int i = 0; i < 100; i++) {
        plt_buf_clear(&b);
        plt_status s = os_file_load(path, &b);
        if (s == PLT_BUSY || s == PLT_DENIED) continue; /* in the middle of the replacement */
        if (!CHECK_STATUS(PLT_OK, s) || !CHECK(b.len == 3000)) break;
        if (!CHECK(b.data[0] == b.data[1500] && b.data[0] == b.data[2999])) break;
    }
    for (int i = 0; i < 4; i++) os_thread_join(t[i]);
    plt_buf_free(&b);
    os_file_remove(path);
}

static void files_names(void)
{
    static const char *const names[] = {"caf\xc3\xa9 \xe2\x82\xac.txt", "\xe5\x8d\xb0\xe5\x88\xb7", "\xf0\x9f\x96\xa8 printer", "with space",
                                        "a.b.c"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        CHECK_STATUS(PLT_OK, os_file_store(test_path(names[i]), names[i], strlen(names[i]), false));
        CHECK(content_is(test_path(names[i]), names[i]));
        CHECK_STATUS(PLT_OK, os_file_rename(test_path(names[i]), test_path("renamed")));
        CHECK(!os_file_exists(test_path(names[i])));
        CHECK_STATUS(PLT_OK, os_file_remove(test_path("renamed")));
    }
}

static void files_long_path(void)
{
    char dir[OS_PATH_MAX], path[OS_PATH_MAX];
    plt_copy(dir, sizeof dir, test_path("long"));
    for (int i = 0; i < 8; i++) {
        char next[OS_PATH_MAX];
        CHECK(os_path_join(next, sizeof next, dir, "a-folder-with-a-name-of-fifty-characters-or-so-000"));
        plt_copy(dir, sizeof dir, next);
    }
    CHECK(strlen(dir) > 400);
    CHECK_STATUS(PLT_OK, os_dir_make(dir, false));
    CHECK(os_path_join(path, sizeof path, dir, "file.txt"));
    CHECK_STATUS(PLT_OK, os_file_store(path, "far", 3, true));
    CHECK(content_is(path, "far"));
    uint64_t bytes = 0;
    CHECK_STATUS(PLT_OK, os_disk_free(path, &bytes));
    CHECK_STATUS(PLT_OK, os_file_remove(path));
    char too_long[3000];
    memset(too_long, 'x', sizeof too_long - 1);
    memcpy(too_long, "C:\\", 3);
    too_long[sizeof too_long - 1] = 0;
    CHECK_STATUS(PLT_BAD, os_file_store(too_long, "x", 1, false));
}

struct seen {
    int files, stop_after;
    uint64_t bytes;
};

static bool see(void *ctx, const char *name, uint64_t size)
{
    struct seen *s = ctx;
    if (strncmp(name, "entry-", 6) == 0) s->files++, s->bytes += size;
    return s->files < s->stop_after;
}

static void files_list(void)
{
    char dir[OS_PATH_MAX];
    struct seen all = {0, 100, 0}, two = {0, 2, 0};
    plt_copy(dir, sizeof dir, test_path("list/with/parents")); /* slashes are separators too */
    CHECK_STATUS(PLT_OK, os_dir_make(dir, false));
    CHECK_STATUS(PLT_OK, os_dir_make(dir, false));
    for (int i = 0; i < 5; i++) {
        char name[32], path[OS_PATH_MAX];
        snprintf(name, sizeof name, "entry-%d", i);
        CHECK(os_path_join(path, sizeof path, dir, name));
        CHECK_STATUS(PLT_OK, os_file_store(path, "1234567", 7, false));
    }
    CHECK_STATUS(PLT_OK, os_dir_list(dir, see, &all));
    CHECK(all.files == 5 && all.bytes == 35);
    CHECK_STATUS(PLT_OK, os_dir_list(dir, see, &two));
    CHECK(two.files == 2);
    CHECK_STATUS(PLT_NOTFOUND, os_dir_list(test_path("no-such-folder"), see, &all));
    CHECK_STATUS(PLT_OK, os_file_store(test_path("in-the-way"), "x", 1, false));
    CHECK(os_dir_make(test_path("in-the-way"), false) != PLT_OK);
    CHECK(os_dir_make(test_path("in-the-way\\below"), true) != PLT_OK);
}

static void files_places(void)
{
    char out[OS_PATH_MAX], small[5];
    uint64_t bytes = 0;
    CHECK(os_path_join(out, sizeof out, "C:\\x", "y") && strcmp(out, "C:\\x\\y") == 0);
    CHECK(os_path_join(out, sizeof out, "C:\\", "y") && strcmp(out, "C:\\y") == 0);
    CHECK(!os_path_join(small, sizeof small, "C:\\x", "y"));
    CHECK_STATUS(PLT_OK, os_disk_free(test_path(""), &bytes));
    CHECK(bytes > 0);
    CHECK_STATUS(PLT_NOTFOUND, os_disk_free(test_path("no-such-file"), &bytes));
    CHECK_STATUS(PLT_OK, os_path_program_dir(out, sizeof out));
    CHECK(strncmp(test_self, out, strlen(out)) == 0);
    SetEnvironmentVariableW(L"PLATEN_DATA", NULL);
    CHECK_STATUS(PLT_OK, os_path_data(out, sizeof out));
    test_note("data: %s", out);
    CHECK(strstr(out, "ProgramData\\Platen") != NULL);
    SetEnvironmentVariableW(L"PLATEN_DATA", L"D:\\somewhere \x20ac");
    CHECK_STATUS(PLT_OK, os_path_data(out, sizeof out)); /* unless we are SYSTEM */
    CHECK(strcmp(out, "D:\\somewhere \xe2\x82\xac") == 0);
    SetEnvironmentVariableW(L"PLATEN_DATA", NULL);
}

const child_mode file_modes[] = {{"child-hold", holding}, {NULL, NULL}};
const test_case file_cases[] = {
    {"file: write, seek, read, truncate, remove", files_roundtrip},
    {"file: missing, empty and malformed paths", files_missing},
    {"file: load stops at the buffer's maximum", files_load_bound},
    {"file: private files and folders name no users", files_private},
    {"file: a private folder made by somebody else is refused", files_foreign_folder},
    {"file: who may have it open with whom", files_exclusive},
    {"file: exclusive falls with its process; removed while open", files_exclusive_falls},
    {"file: two appenders do not overwrite each other", files_append},
    {"file: store replaces", files_store},
    {"file: a failed store leaves nothing behind", files_store_leaves_nothing},
    {"file: readers see whole contents while others store", files_store_contended},
    {"file: unicode names", files_names},
    {"file: paths of 400 characters", files_long_path},
    {"file: folders are made and listed", files_list},
    {"file: places", files_places},
    {NULL, NULL},
};
