/* SPDX-License-Identifier: Apache-2.0 */
/* Threads, clock, errors, settings, secrets, log, spooler. */
#include <windows.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"
#include "os/clock.h"
#include "os/common/error_platform.h"
#include "os/config.h"
#include "os/error.h"
#include "os/file.h"
#include "os/groups.h"
#include "os/log.h"
#include "os/process.h"
#include "os/random.h"
#include "os/secret.h"
#include "os/spooler.h"
#include "os/thread.h"
#include "os/windows/account.h"
#include "os/windows/wide.h"
#include "tests/wine/os_test.h"

/* -- clock, errors, text */

static void clock_runs(void)
{
    int64_t unix0 = os_clock_unix_ms();
    uint64_t ms0 = os_clock_mono_ms(), us0 = os_clock_mono_us();
    CHECK(unix0 > 1735689600000 && unix0 < 4102444800000); /* 2025 to 2100 */
    os_sleep_ms(100);
    uint64_t ms = os_clock_mono_ms() - ms0, us = os_clock_mono_us() - us0;
    int64_t wall = os_clock_unix_ms() - unix0;
    CHECK(ms >= 95 && ms < 1000 && us >= 95000 && us < 1000000 && wall >= 90 && wall < 1000);
}

/* A place that stays empty in 64 tries was not written. */
/* Which start of the system this is, stays as long as it runs; another follows when its volatile key is gone, as it is behind a new start. */
static void clock_knows_its_start(void)
{
    static const wchar_t key[] = L"SOFTWARE\\Platen\\Start";
    uint64_t start = os_clock_start(), steady = os_clock_steady_ms();
    CHECK(start != 0);
    CHECK(os_clock_start() == start);
    CHECK(RegDeleteKeyExW(HKEY_LOCAL_MACHINE, key, KEY_WOW64_64KEY, 0) == ERROR_SUCCESS);
    CHECK(os_clock_start() != start);
    os_sleep_ms(50);
    CHECK(os_clock_steady_ms() >= steady + 30);
}

static void random_is_whole(void)
{
    uint8_t seen[300] = {0}, p[301];
    p[300] = 0x5A;
    for (int t = 0; t < 64; t++) {
        CHECK(os_random(p, 300) == PLT_OK && p[300] == 0x5A);
        for (size_t i = 0; i < 300; i++) seen[i] |= p[i];
    }
    for (size_t i = 0; i < 300; i++) CHECK(seen[i] != 0);
    CHECK(os_random(p, 0) == PLT_OK);
}

static void errors_speak(void)
{
    static const struct {
        DWORD code;
        plt_status status;
    } table[] = {{0, PLT_IO},
                 {ERROR_ACCESS_DENIED, PLT_DENIED},
                 {ERROR_FILE_NOT_FOUND, PLT_NOTFOUND},
                 {ERROR_SHARING_VIOLATION, PLT_BUSY},
                 {ERROR_DISK_FULL, PLT_FULL},
                 {ERROR_HANDLE_DISK_FULL, PLT_FULL},
                 {ERROR_BROKEN_PIPE, PLT_CLOSED},
                 {WAIT_TIMEOUT, PLT_TIMEOUT},
                 {3000, PLT_NOTFOUND},
                 {3006, PLT_EXISTS},
                 {3008, PLT_BUSY},
                 {3009, PLT_BUSY},
                 {10061, PLT_NOTFOUND},
                 {10054, PLT_CLOSED},
                 {120, PLT_UNSUPPORTED},
                 {87, PLT_BAD},
                 {8, PLT_NOMEM},
                 {0xC0000005, PLT_IO},
                 {999999, PLT_IO}};
    char text[256], tiny[4];
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (!CHECK_STATUS(table[i].status, os_error_status(table[i].code))) test_note("code %lu", table[i].code);
        os_error_message(table[i].code, text, sizeof text);
        size_t n = strlen(text);
        CHECK(n > 0 && text[n - 1] != '\n' && text[n - 1] != ' ' && text[n - 1] != '.' && !strchr(text, '\n'));
    }
    os_error_message(5, tiny, sizeof tiny);
    CHECK(strlen(tiny) < sizeof tiny);
    CHECK_STATUS(PLT_DENIED, os_fail(5, "open", "C:\\x.db"));
    test_note("%s", os_error_text());
    CHECK(strstr(os_error_text(), "open C:\\x.db: ") && strstr(os_error_text(), "(5)") && os_error_code() == 5);
}

static void wide_texts(void)
{
    static const struct {
        const char *utf8;
        const wchar_t *utf16;
    } table[] = {{"", L""}, {"abc", L"abc"}, {"caf\xc3\xa9", L"caf\x00e9"}, {"\xf0\x9f\x96\xa8", L"\xd83d\xdda8"}, {"\xe2\x82\xac", L"\x20ac"}};
    wchar_t w[32];
    char c[32];
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        CHECK(wide_from(w, 32, table[i].utf8) && wcscmp(w, table[i].utf16) == 0);
        CHECK(wide_to(c, sizeof c, table[i].utf16) && strcmp(c, table[i].utf8) == 0);
    }
    CHECK(!wide_from(w, 32, "\xff") && w[0] == 0);
    CHECK(!wide_from(w, 32, "\xc3") && w[0] == 0);
    CHECK(!wide_from(w, 3, "abc") && w[0] == 0);
    CHECK(wide_from(w, 4, "abc"));
    CHECK(!wide_to(c, 3, L"abc") && c[0] == 0);
    CHECK(wide_to(c, 4, L"abc"));
    CHECK(wide_to(c, sizeof c, L"x\xd83d") && strcmp(c, "x\xef\xbf\xbd") == 0);
    CHECK(!wide_to(c, 0, L"abc") && !wide_from(w, 0, "abc"));
}

/* -- threads */

#define ADDERS 8

static struct {
    os_mutex *lock;
    os_cond *cond;
    int value, waiting;
    bool go;
} shared;

static void add(void *arg)
{
    (void)arg;
    for (int i = 0; i < 20000; i++) {
        os_mutex_lock(shared.lock);
        shared.value++;
        os_mutex_unlock(shared.lock);
    }
}

static void wait_for_go(void *arg)
{
    (void)arg;
    os_mutex_lock(shared.lock);
    shared.waiting++;
    while (!shared.go) CHECK(os_cond_wait(shared.cond, shared.lock, 10000));
    shared.value++;
    os_mutex_unlock(shared.lock);
}

static void nap(void *arg)
{
    os_sleep_ms(*(const uint32_t *)arg);
}

static void threads_lock(void)
{
    os_thread *t[ADDERS] = {NULL};
    shared.lock = os_mutex_create();
    shared.value = 0;
    if (!CHECK(shared.lock)) return;
    for (int i = 0; i < ADDERS; i++) CHECK_STATUS(PLT_OK, os_thread_start(&t[i], add, NULL));
    for (int i = 0; i < ADDERS; i++) os_thread_join(t[i]);
    CHECK(shared.value == ADDERS * 20000);
    os_mutex_free(shared.lock);
    os_mutex_free(NULL);
    os_thread_join(NULL);
}

static void threads_cond(void)
{
    os_thread *t[ADDERS] = {NULL};
    shared.lock = os_mutex_create();
    shared.cond = os_cond_create();
    shared.value = shared.waiting = 0;
    shared.go = false;
    if (!CHECK(shared.lock && shared.cond)) return;
    uint64_t t0 = os_clock_mono_ms();
    os_mutex_lock(shared.lock);
    CHECK(!os_cond_wait(shared.cond, shared.lock, 150));
    os_mutex_unlock(shared.lock);
    CHECK(os_clock_mono_ms() - t0 >= 140 && os_clock_mono_ms() - t0 < 1000);
    for (int i = 0; i < ADDERS; i++) CHECK_STATUS(PLT_OK, os_thread_start(&t[i], wait_for_go, NULL));
    for (int all = 0; all < ADDERS; os_sleep_ms(5)) {
        os_mutex_lock(shared.lock);
        all = shared.waiting;
        os_mutex_unlock(shared.lock);
    }
    os_mutex_lock(shared.lock);
    shared.go = true;
    os_cond_signal(shared.cond);
    os_cond_broadcast(shared.cond);
    os_mutex_unlock(shared.lock);
    for (int i = 0; i < ADDERS; i++) os_thread_join(t[i]);
    CHECK(shared.value == ADDERS);
    os_cond_free(shared.cond);
    os_mutex_free(shared.lock);
}

static void threads_join_for(void)
{
    static const uint32_t ms = 400;
    os_thread *t = NULL;
    CHECK_STATUS(PLT_OK, os_thread_start(&t, nap, (void *)(uintptr_t)&ms));
    CHECK_STATUS(PLT_TIMEOUT, os_thread_join_for(&t, 50));
    CHECK(t != NULL);
    CHECK_STATUS(PLT_OK, os_thread_join_for(&t, 5000));
    CHECK(t == NULL);
    CHECK_STATUS(PLT_OK, os_thread_join_for(&t, 0));
    CHECK_STATUS(PLT_OK, os_thread_start(&t, nap, (void *)(uintptr_t)&ms));
    os_thread_detach(t);
    os_thread_detach(NULL);
}

/* -- settings */

#define KEY "os-test value"

static bool raw_value(const wchar_t *key, DWORD type, const void *data, DWORD n)
{
    HKEY h;
    if (RegCreateKeyExW(HKEY_LOCAL_MACHINE, key, 0, NULL, 0, KEY_SET_VALUE | KEY_WOW64_64KEY, NULL, &h, NULL) != ERROR_SUCCESS) return false;
    LSTATUS err = RegSetValueExW(h, L"os-test value", 0, type, data, n);
    RegCloseKey(h);
    return err == ERROR_SUCCESS;
}

static void settings(void)
{
    static const wchar_t policies[] = L"SOFTWARE\\Policies\\Platen", cut[] = {L'c', L'u', L't'};
    static const DWORD number = 4000000000u;
    char out[64], small[4];
    os_config_delete("x", KEY);
    CHECK_STATUS(PLT_NOTFOUND, os_config_get("x", KEY, out, sizeof out));
    CHECK(out[0] == 0);
    plt_status s = os_config_set("x", KEY, "gr\xc3\xbc\xc3\x9f");
    if (s == PLT_DENIED) {
        test_skip("not an administrator");
        return;
    }
    CHECK_STATUS(PLT_OK, s);
    CHECK_STATUS(PLT_OK, os_config_get("x", KEY, out, sizeof out));
    CHECK(strcmp(out, "gr\xc3\xbc\xc3\x9f") == 0);
    CHECK_STATUS(PLT_FULL, os_config_get("x", KEY, small, sizeof small));
    CHECK(small[0] == 0);
    CHECK_STATUS(PLT_BAD, os_config_set("x", KEY, "two\nlines"));
    CHECK_STATUS(PLT_OK, os_config_set("x", KEY, ""));
    CHECK_STATUS(PLT_OK, os_config_get("x", KEY, out, sizeof out));
    CHECK(out[0] == 0);
    CHECK(raw_value(L"SOFTWARE\\Platen", REG_SZ, cut, sizeof cut)); /* no terminator in the registry */
    CHECK_STATUS(PLT_OK, os_config_get("x", KEY, out, sizeof out));
    CHECK(strcmp(out, "cut") == 0);
    CHECK(raw_value(policies, REG_DWORD, &number, sizeof number)); /* policy goes first */
    CHECK_STATUS(PLT_OK, os_config_get("x", KEY, out, sizeof out));
    CHECK(strcmp(out, "4000000000") == 0);
    CHECK_STATUS(PLT_OK, os_config_delete("x", KEY)); /* ours; policy's stays */
    CHECK_STATUS(PLT_OK, os_config_get("x", KEY, out, sizeof out));
    CHECK(RegDeleteKeyValueW(HKEY_LOCAL_MACHINE, policies, L"os-test value") == ERROR_SUCCESS);
    CHECK_STATUS(PLT_NOTFOUND, os_config_get("x", KEY, out, sizeof out));
    CHECK_STATUS(PLT_OK, os_config_delete("x", KEY));
}

/* -- secrets */

static bool contains(const plt_buf *b, const char *text)
{
    size_t n = strlen(text);
    for (size_t i = 0; i + n <= b->len; i++)
        if (memcmp(b->data + i, text, n) == 0) return true;
    return false;
}

static void secrets(void)
{
    static const char text[] = "-----BEGIN A KEY----- not for everybody";
    char path[OS_PATH_MAX];
    plt_buf file, out;
    plt_copy(path, sizeof path, test_path("secret.bin"));
    plt_buf_init(&file, 10000);
    plt_buf_init(&out, 10000);
    CHECK_STATUS(PLT_NOTFOUND, os_secret_load(path, &out));
    CHECK_STATUS(PLT_OK, os_secret_store(path, text, sizeof text));
    CHECK_STATUS(PLT_OK, os_secret_load(path, &out));
    CHECK(out.len == sizeof text && memcmp(out.data, text, sizeof text) == 0);
    CHECK_STATUS(PLT_OK, os_file_load(path, &file));
    CHECK(file.len > sizeof text);
    if (contains(&file, "not for everybody") && test_is_wine())
        test_skip("Wine's CryptProtectData leaves the text readable; the roundtrip passed");
    else
        CHECK(!contains(&file, "not for everybody"));
    /* Damaged: an error, never other bytes. */
    file.data[file.len / 2] ^= 0x55;
    plt_buf_free_secret(&out);
    CHECK_STATUS(PLT_OK, os_file_store(path, file.data, file.len, true));
    plt_status s = os_secret_load(path, &out);
    CHECK(s == PLT_BAD || (s == PLT_OK && out.len == sizeof text && memcmp(out.data, text, sizeof text) == 0));
    CHECK_STATUS(PLT_OK, os_file_store(path, "rubbish", 7, true));
    CHECK_STATUS(PLT_BAD, os_secret_load(path, &out));
    plt_buf_free_secret(&out);
    plt_buf_init(&out, 5);
    CHECK_STATUS(PLT_OK, os_secret_store(path, text, sizeof text));
    CHECK_STATUS(PLT_FULL, os_secret_load(path, &out));
    plt_buf_free_secret(&out);
    plt_buf_free(&file);
}

/* -- the spooler */

static bool see_queue(void *ctx, const os_queue *q)
{
    test_note("queue \"%s\" on %s, driver %s, %u jobs", q->name, q->port, q->driver, (unsigned)q->jobs);
    ++*(int *)ctx;
    return true;
}

static bool see_port(void *ctx, const char *port, const char *target, bool refuse)
{
    char *seen = ctx;
    size_t n = strlen(seen);
    snprintf(seen + n, 256 - n, "[%s %s %d]", port, target, refuse);
    return true;
}

static void spooler_reads(void)
{
    static const wchar_t ports[] = L"SYSTEM\\CurrentControlSet\\Control\\Print\\Monitors\\Platen Port\\Ports",
                         monitor[] = L"SYSTEM\\CurrentControlSet\\Control\\Print\\Monitors\\Platen Port";
    char seen[256] = "";
    int queues = 0;
    DWORD yes = 1;
    HKEY h, key;
    CHECK_STATUS(PLT_OK, os_spooler_queues(see_queue, &queues));
    test_note("%d queues", queues);
    if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, monitor, 0, KEY_READ | KEY_WOW64_64KEY, &h) == ERROR_SUCCESS) {
        RegCloseKey(h);
        test_skip("the monitor is installed here; its ports are left alone");
        return;
    }
    CHECK_STATUS(PLT_OK, os_spooler_ports(see_port, seen));
    CHECK(seen[0] == 0);
    if (RegCreateKeyExW(HKEY_LOCAL_MACHINE, ports, 0, NULL, 0, KEY_ALL_ACCESS | KEY_WOW64_64KEY, NULL, &h, NULL) != ERROR_SUCCESS) {
        test_skip("not an administrator; the queues were listed");
        return;
    }
    CHECK(RegCreateKeyExW(h, L"P1:", 0, NULL, 0, KEY_ALL_ACCESS, NULL, &key, NULL) == ERROR_SUCCESS);
    CHECK(RegSetValueExW(key, L"Target", 0, REG_SZ, (const BYTE *)L"tcp:host:9100", 28) == ERROR_SUCCESS);
    RegCloseKey(key);
    CHECK(RegCreateKeyExW(h, L"P2:", 0, NULL, 0, KEY_ALL_ACCESS, NULL, &key, NULL) == ERROR_SUCCESS);
    CHECK(RegSetValueExW(key, L"Target", 0, REG_SZ, (const BYTE *)L"port:LPT1:", 22) == ERROR_SUCCESS);
    CHECK(RegSetValueExW(key, L"Refuse", 0, REG_DWORD, (const BYTE *)&yes, sizeof yes) == ERROR_SUCCESS);
    RegCloseKey(key);
    RegCloseKey(h);
    CHECK_STATUS(PLT_OK, os_spooler_ports(see_port, seen));
    CHECK(strcmp(seen, "[P1: tcp:host:9100 0][P2: port:LPT1: 1]") == 0);
    RegDeleteTreeW(HKEY_LOCAL_MACHINE, ports);
    RegDeleteKeyExW(HKEY_LOCAL_MACHINE, ports, KEY_WOW64_64KEY, 0);
    RegDeleteKeyExW(HKEY_LOCAL_MACHINE, monitor, KEY_WOW64_64KEY, 0);
}

static void spooler_refuses(void)
{
    static const struct {
        const char *port, *target;
    } table[] = {{"", "tcp:h:1"}, {"P:", ""}, {"bad\xff", "tcp:h:1"}, {"P:", "bad\xff"}};
    char long_name[600];
    memset(long_name, 'x', sizeof long_name - 1);
    long_name[sizeof long_name - 1] = 0;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) CHECK_STATUS(PLT_BAD, os_spooler_port_add(table[i].port, table[i].target, false));
    CHECK_STATUS(PLT_BAD, os_spooler_port_add(long_name, "tcp:h:1", false));
    CHECK_STATUS(PLT_BAD, os_spooler_port_delete(""));
    CHECK(os_spooler_queue_set_port("no such queue", "LPT1:") == PLT_NOTFOUND);
    test_note("%s", os_error_text());
    plt_status s = os_spooler_port_add("P:", "tcp:h:1", false); /* no monitor to ask */
    test_note("port without a monitor: %s: %s", plt_status_name(s), os_error_text());
    CHECK(s != PLT_OK);
    s = os_spooler_monitor_add("no-such-platenmon.dll");
    test_note("monitor without a file: %s: %s", plt_status_name(s), os_error_text());
    CHECK(s != PLT_OK);
    s = os_spooler_monitor_delete();
    test_note("delete a monitor that is not there: %s: %s", plt_status_name(s), s ? os_error_text() : "");
    CHECK(s == PLT_OK || s == PLT_DENIED);
}

/* -- the log, in a child: it stays open */

static int logging(int argc, char **argv)
{
    char line[1500];
    if (argc < 3 || os_log_open(argv[2], OS_LOG_INFO) != PLT_OK) return 1;
    memset(line, 'x', sizeof line - 1);
    line[sizeof line - 1] = 0;
    for (int i = 0; i < 3000; i++) os_log(OS_LOG_INFO, "%d %s", i, line);
    os_log(OS_LOG_DEBUG, "not this");
    os_log(OS_LOG_WARN, "the last %s", "line\nof all");
    return 0;
}

static void log_turns_over(void)
{
    const os_process_limits none = {0, 0, false, 0};
    char path[OS_PATH_MAX], old[OS_PATH_MAX + 8];
    uint32_t code = 99;
    plt_buf b;
    plt_copy(path, sizeof path, test_path("log.txt"));
    snprintf(old, sizeof old, "%s.old", path);
    const char *const args[] = {"child-log", path, NULL};
    os_process *p = test_child(&none, args);
    if (p) CHECK_STATUS(PLT_OK, os_process_wait(p, 30000, &code));
    os_process_free(p);
    CHECK(code == 0);
    plt_buf_init(&b, 8u << 20);
    CHECK_STATUS(PLT_OK, os_file_load(path, &b));
    CHECK(b.len < (1u << 20) && strstr(plt_buf_str(&b), "warn  the last line of all\n") && !strstr(plt_buf_str(&b), "not this"));
    plt_buf_clear(&b);
    CHECK_STATUS(PLT_OK, os_file_load(old, &b));
    CHECK(b.len > (4u << 20) && strstr(plt_buf_str(&b), "info  0 xxx"));
    plt_buf_free(&b);
}

const child_mode system_modes[] = {{"child-log", logging}, {NULL, NULL}};
/* ---- groups ---- */

static bool has_line(const char *text, const char *line)
{
    size_t n = strlen(line);
    for (const char *at = text; at; at = strchr(at, '\n'), at = at ? at + 1 : NULL)
        if (strncmp(at, line, n) == 0 && (at[n] == '\n' || !at[n])) return true;
    return false;
}

/* By name and by SID; under Wine the only session is this process's own. */
static void groups_of_a_session(void)
{
    account own;
    char name[512], world[512];
    plt_buf out;
    union {
        SID sid;
        BYTE room[SECURITY_MAX_SID_SIZE];
    } everyone;
    DWORD n = sizeof everyone;
    account group;
    plt_buf_init(&out, 1 << 20);
    CHECK(account_own(&own) == ERROR_SUCCESS);
    account_name(&own, name, sizeof name);
    plt_status s = os_groups_of(name, &out);
    if (s == PLT_NOTFOUND && !test_is_wine()) {
        test_skip("the token of a session is for SYSTEM alone, or nobody is logged on");
        return;
    }
    CHECK_STATUS(PLT_OK, s);
    test_note("%s: %.300s", name, plt_buf_str(&out));
    CHECK(CreateWellKnownSid(WinWorldSid, NULL, &everyone.sid, &n));
    CHECK(account_from_sid(&everyone.sid, &group) == ERROR_SUCCESS);
    account_name(&group, world, sizeof world);
    CHECK(has_line(plt_buf_str(&out), "S-1-1-0"));
    CHECK(has_line(plt_buf_str(&out), world));
    CHECK_STATUS(PLT_NOTFOUND, os_groups_of("no such user here", &out));
    CHECK(out.len == 0);
    plt_buf_free(&out);
}

const test_case system_cases[] = {
    {"groups: those of a session's token, by name and SID", groups_of_a_session},
    {"clock: runs", clock_runs},
    {"clock: knows its start", clock_knows_its_start},
    {"random: every octet asked for", random_is_whole},
    {"error: numbers have a status and words", errors_speak},
    {"wide: UTF-8 and UTF-16", wide_texts},
    {"thread: a mutex keeps threads apart", threads_lock},
    {"thread: condition variables wake and time out", threads_cond},
    {"thread: join with a deadline, detach", threads_join_for},
    {"config: set, get, delete; policy goes first", settings},
    {"secret: roundtrip, damage, bounds", secrets},
    {"spooler: queues and ports are listed", spooler_reads},
    {"spooler: refusals", spooler_refuses},
    {"log: turns over", log_turns_over},
    {NULL, NULL},
};
