/* SPDX-License-Identifier: Apache-2.0 */
/* The driver's double. A thread for each opening carries bytes between the named pipe's far end and the virtual printer. */
#include "tests/lab/usbprint_double.h"

#undef CreateFileW
#undef DeviceIoControl

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GET_LPT_STATUS 0x220030u
#define GET_1284_ID 0x220034u
#define ID_BUFFER_MAX 4094 /* the buffer's size goes out on the wire, and some devices refuse larger ones */
#define TURN_MS 5
#define EMPTY_MOST 20 /* empty reads in a row */
#define PENDING ((ULONG_PTR)0x103)
#define LATE_MS 100

typedef struct opening {
    HANDLE far_end;
    SOCKET printer;
} opening;

typedef struct late_answer {
    OVERLAPPED *ov;
    ULONG_PTR status, moved;
} late_answer;

static double_plan plan;
static double_count counted;
static long pipes;

void double_be(const double_plan *p)
{
    plan = *p;
}

double_count double_counted(void)
{
    return counted;
}

/* ---- SetupAPI ---- */

HDEVINFO double_class_devices(const GUID *class_guid, PCWSTR enumerator, HWND parent, DWORD flags)
{
    (void)class_guid;
    (void)enumerator;
    (void)parent;
    (void)flags;
    return (HDEVINFO)&plan;
}

BOOL double_enum_interfaces(HDEVINFO set, SP_DEVINFO_DATA *info, const GUID *guid, DWORD index, SP_DEVICE_INTERFACE_DATA *data)
{
    (void)set;
    (void)info;
    (void)data;
    (void)guid;
    if (index == 0) return TRUE;
    SetLastError(ERROR_NO_MORE_ITEMS);
    return FALSE;
}

BOOL double_interface_detail(HDEVINFO set, SP_DEVICE_INTERFACE_DATA *data, SP_DEVICE_INTERFACE_DETAIL_DATA_W *detail, DWORD size, DWORD *need,
                             SP_DEVINFO_DATA *info)
{
    DWORD all = (DWORD)(offsetof(SP_DEVICE_INTERFACE_DETAIL_DATA_W, DevicePath) + (wcslen(plan.path) + 1) * sizeof(wchar_t));
    (void)set;
    (void)data;
    (void)info;
    if (need) *need = all;
    if (!detail || size < all) {
        SetLastError(ERROR_INSUFFICIENT_BUFFER);
        return FALSE;
    }
    wcscpy_s(detail->DevicePath, (size - offsetof(SP_DEVICE_INTERFACE_DETAIL_DATA_W, DevicePath)) / sizeof(wchar_t), plan.path);
    return TRUE;
}

/* What Windows keeps there: "USB" and 1 for USB001. */
HKEY double_interface_key(HDEVINFO set, SP_DEVICE_INTERFACE_DATA *data, DWORD reserved, REGSAM access)
{
    static const wchar_t base[] = L"USB";
    DWORD number = 1;
    HKEY key;
    (void)set;
    (void)data;
    (void)reserved;
    (void)access;
    if (RegCreateKeyExW(HKEY_CURRENT_USER, L"Software\\Platen\\Lab", 0, NULL, REG_OPTION_VOLATILE, KEY_ALL_ACCESS, NULL, &key, NULL) != ERROR_SUCCESS)
        return INVALID_HANDLE_VALUE;
    RegSetValueExW(key, L"Base Name", 0, REG_SZ, (const BYTE *)base, sizeof base);
    RegSetValueExW(key, L"Port Number", 0, REG_DWORD, (const BYTE *)&number, sizeof number);
    return key;
}

BOOL double_destroy_list(HDEVINFO set)
{
    return set == (HDEVINFO)&plan;
}

/* ---- the data pipe ---- */

static SOCKET connect_printer(void)
{
    static bool started;
    WSADATA d;
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(plan.port)};
    if (!started) started = WSAStartup(MAKEWORD(2, 2), &d) == 0;
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    SOCKET s = socket(AF_INET, SOCK_STREAM, 0);
    if (s != INVALID_SOCKET && connect(s, (struct sockaddr *)&a, sizeof a) == 0) return s;
    if (s != INVALID_SOCKET) closesocket(s);
    return INVALID_SOCKET;
}

/* What the host wrote goes to the printer. False: the host closed. */
static bool from_host(const opening *o)
{
    char room[4096];
    DWORD there = 0, n = 0;
    if (!PeekNamedPipe(o->far_end, NULL, 0, NULL, &there, NULL)) return false;
    if (!there) return true;
    return ReadFile(o->far_end, room, sizeof room, &n, NULL) && send(o->printer, room, (int)n, 0) == (int)n;
}

static bool to_host(const opening *o, const char *data, int n)
{
    DWORD put;
    return WriteFile(o->far_end, data, (DWORD)n, &put, NULL);
}

/* What the printer says goes to the host; and when it says nothing, nothing does, too. False: the printer closed. */
static bool from_printer(const opening *o, int *empty)
{
    char room[512]; /* a full-speed printer's packets are as short */
    fd_set set;
    struct timeval turn = {0, TURN_MS * 1000};
    FD_ZERO(&set);
    FD_SET(o->printer, &set);
    if (select(0, &set, NULL, NULL, &turn) > 0) {
        int n = recv(o->printer, room, sizeof room, 0);
        *empty = 0;
        return n > 0 && to_host(o, room, n);
    }
    if (!plan.empty_reads || *empty >= EMPTY_MOST) return true;
    ++*empty;
    counted.zero_reads++;
    return to_host(o, room, 0) && FlushFileBuffers(o->far_end); /* such answers do not queue: the next comes to the next read */
}

static DWORD WINAPI carry(void *arg)
{
    opening *o = arg;
    int empty = 0;
    while (from_host(o) && from_printer(o, &empty)) continue;
    closesocket(o->printer);
    CloseHandle(o->far_end);
    free(o);
    return 0;
}

static HANDLE open_data(void)
{
    wchar_t name[64];
    DWORD messages = PIPE_READMODE_MESSAGE;
    if (plan.open_error) {
        SetLastError(plan.open_error);
        return INVALID_HANDLE_VALUE;
    }
    swprintf(name, 64, L"\\\\.\\pipe\\platen-usbprint-%lu-%ld", GetCurrentProcessId(), InterlockedIncrement(&pipes));
    opening *o = calloc(1, sizeof *o);
    if (!o) return INVALID_HANDLE_VALUE;
    o->printer = connect_printer();
    o->far_end = CreateNamedPipeW(name, PIPE_ACCESS_DUPLEX | FILE_FLAG_FIRST_PIPE_INSTANCE, PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE | PIPE_WAIT, 1,
                                  65536, 65536, 0, NULL);
    HANDLE near_end = CreateFileW(name, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, FILE_FLAG_OVERLAPPED, NULL);
    HANDLE thread = NULL;
    if (o->printer != INVALID_SOCKET && near_end != INVALID_HANDLE_VALUE && SetNamedPipeHandleState(near_end, &messages, NULL, NULL))
        thread = CreateThread(NULL, 0, carry, o, 0, NULL);
    if (thread) {
        CloseHandle(thread);
        return near_end;
    }
    fprintf(stderr, "usbprint double: no pipe or no printer (error %lu)\n", GetLastError());
    SetLastError(ERROR_DEVICE_NOT_CONNECTED);
    return INVALID_HANDLE_VALUE;
}

HANDLE double_open(const wchar_t *path, DWORD access, DWORD share, SECURITY_ATTRIBUTES *security, DWORD disposition, DWORD flags, HANDLE model)
{
    if (wcscmp(path, plan.path) != 0) return CreateFileW(path, access, share, security, disposition, flags, model);
    if (!(flags & FILE_FLAG_OVERLAPPED) || (share & (FILE_SHARE_READ | FILE_SHARE_WRITE)) != (FILE_SHARE_READ | FILE_SHARE_WRITE)) {
        counted.forbidden++; /* it would shut the spooler out, or hang for ever */
        SetLastError(ERROR_SHARING_VIOLATION);
        return INVALID_HANDLE_VALUE;
    }
    if (access == 0) {
        counted.questions++;
        HANDLE h = CreateEventW(NULL, TRUE, FALSE, NULL); /* good for double_ioctl and CloseHandle */
        return h ? h : INVALID_HANDLE_VALUE;
    }
    counted.openings++;
    return open_data();
}

/* ---- IOCTLs ---- */

static DWORD WINAPI answer_late(void *arg)
{
    late_answer *a = arg;
    Sleep(LATE_MS);
    a->ov->InternalHigh = a->moved;
    a->ov->Internal = a->status;
    SetEvent(a->ov->hEvent);
    free(a);
    return 0;
}

/* Ends the operation as the I/O manager does: at once, or later by a thread. */
static BOOL end_ioctl(OVERLAPPED *ov, DWORD moved)
{
    late_answer *a = plan.late_ioctls ? calloc(1, sizeof *a) : NULL;
    if (!a) {
        ov->Internal = 0;
        ov->InternalHigh = moved;
        SetEvent(ov->hEvent);
        return TRUE;
    }
    *a = (late_answer){ov, 0, moved};
    ov->Internal = PENDING;
    HANDLE thread = CreateThread(NULL, 0, answer_late, a, 0, NULL);
    if (thread) CloseHandle(thread);
    SetLastError(ERROR_IO_PENDING);
    return FALSE;
}

static DWORD put_id(uint8_t *out, DWORD size)
{
    size_t n = strlen(plan.id), all = n + 2;
    uint8_t head[2] = {(uint8_t)(all >> 8), (uint8_t)all};
    for (size_t i = 0; i < all && i < size; i++) out[i] = i < 2 ? head[i] : (uint8_t)plan.id[i - 2];
    if (all < size) out[all++] = 0;
    return (DWORD)(all < size ? all : size);
}

BOOL double_ioctl(HANDLE h, DWORD code, void *in, DWORD in_size, void *out, DWORD out_size, DWORD *moved, OVERLAPPED *ov)
{
    (void)h;
    (void)in;
    (void)in_size;
    (void)moved;
    if (code == GET_1284_ID && out_size <= ID_BUFFER_MAX && !plan.id_error) return end_ioctl(ov, put_id(out, out_size));
    if (code == GET_LPT_STATUS && out_size >= sizeof plan.status) {
        memcpy(out, &plan.status, sizeof plan.status);
        return end_ioctl(ov, sizeof plan.status);
    }
    if (code == GET_1284_ID && plan.id_error) {
        SetLastError(plan.id_error);
        return FALSE;
    }
    counted.forbidden++;
    SetLastError(code == GET_1284_ID ? ERROR_CRC : ERROR_INVALID_FUNCTION);
    return FALSE;
}
