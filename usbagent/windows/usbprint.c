/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Printers bound to usbprint.sys, which shares them with the spooler. Listing opens them with no access at all and can never
 * disturb a job; the data pipes are opened for a dialogue only. The driver has no timeouts: every operation is overlapped
 * and cancelled at its deadline.
 */
#include <windows.h>

#include <initguid.h>
#include <setupapi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <winioctl.h>

#include "core/util/text.h"
#include "os/clock.h"
#include "os/error.h"
#include "os/windows/overlapped.h"
#include "os/windows/wide.h"
#include "usbagent/quirks.h"
#include "usbagent/transport.h"

/* Windows driver kit, usbprint.h. One public tool uses VENDOR_SET where it means GET_1284_ID: hence the pins. Only these two are used:
   the others set, reset, or belong to vendors. */
#define USBPRINT_GET_LPT_STATUS CTL_CODE(FILE_DEVICE_UNKNOWN, 12, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define USBPRINT_GET_1284_ID CTL_CODE(FILE_DEVICE_UNKNOWN, 13, METHOD_BUFFERED, FILE_ANY_ACCESS)
_Static_assert(USBPRINT_GET_LPT_STATUS == 0x220030, "IOCTL_USBPRINT_GET_LPT_STATUS");
_Static_assert(USBPRINT_GET_1284_ID == 0x220034, "IOCTL_USBPRINT_GET_1284_ID");

DEFINE_GUID(usbprint_interface, 0x28d78fad, 0x5a12, 0x11d1, 0xae, 0x5b, 0x00, 0x00, 0xf8, 0x03, 0xa8, 0xc2);

#define IOCTL_MS 2000
#define PATH_CHARS USB_ADDRESS_SIZE

struct usb_link {
    overlapped io;
    char name[USB_ADDRESS_SIZE];
};

static HANDLE open_device(const char *path, DWORD access)
{
    wchar_t wide[PATH_CHARS];
    if (!wide_from(wide, PATH_CHARS, path)) {
        SetLastError(ERROR_BAD_PATHNAME);
        return INVALID_HANDLE_VALUE;
    }
    return CreateFileW(wide, access, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, FILE_FLAG_OVERLAPPED, NULL);
}

/* One read IOCTL with its deadline, on a handle without access. */
static DWORD ask_driver(HANDLE h, DWORD code, void *out, DWORD size, DWORD *moved)
{
    OVERLAPPED ov;
    DWORD err = ERROR_SUCCESS;
    *moved = 0;
    memset(&ov, 0, sizeof ov);
    ov.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL);
    if (!ov.hEvent) return GetLastError();
    if (!DeviceIoControl(h, code, NULL, 0, out, size, NULL, &ov) && GetLastError() != ERROR_IO_PENDING)
        err = GetLastError();
    else
        err = overlapped_settle(h, &ov, NULL, overlapped_deadline(IOCTL_MS), moved);
    CloseHandle(ov.hEvent);
    return err;
}

static plt_status look(usb_printer *p)
{
    uint8_t raw[USB_ID_SIZE];
    DWORD moved, status = 0;
    HANDLE h = open_device(p->address, 0);
    DWORD err = h == INVALID_HANDLE_VALUE ? GetLastError() : ask_driver(h, USBPRINT_GET_1284_ID, raw, sizeof raw, &moved);
    if (err == ERROR_SUCCESS)
        usb_printer_set_id(p, raw, moved < sizeof raw ? moved : sizeof raw);
    else
        snprintf(p->problem, sizeof p->problem, "the device ID cannot be read (error %lu)", (unsigned long)err);
    if (h == INVALID_HANDLE_VALUE) return os_fail(err, "open the printer", p->address);
    p->has_status = ask_driver(h, USBPRINT_GET_LPT_STATUS, &status, sizeof status, &moved) == ERROR_SUCCESS && moved > 0;
    p->status = (uint8_t)status;
    CloseHandle(h);
    return err == ERROR_SUCCESS ? PLT_OK : os_fail(err, "read the device ID of", p->address);
}

static uint16_t hex_after(const char *path, const char *name)
{
    const char *p = strstr(path, name);
    unsigned v = 0;
    return p && sscanf(p + strlen(name), "%4x", &v) == 1 ? (uint16_t)v : 0;
}

/* \\?\usb#vid_03f0&pid_1234&mi_01#serial#{guid}: a "serial" that holds '&' was made up by Windows. */
static void read_path(usb_printer *p)
{
    char lower[USB_ADDRESS_SIZE];
    plt_copy(lower, sizeof lower, p->address);
    for (char *c = lower; *c; c++)
        if (*c >= 'A' && *c <= 'Z') *c = (char)(*c + 32);
    p->vendor_id = hex_after(lower, "vid_");
    p->product_id = hex_after(lower, "pid_");
    const char *first = strchr(p->address, '#'), *second = first ? strchr(first + 1, '#') : NULL;
    const char *third = second ? strchr(second + 1, '#') : NULL;
    if (!third || memchr(second, '&', (size_t)(third - second))) return;
    plt_utf8_copy(p->serial, sizeof p->serial, second + 1, (size_t)(third - second - 1));
}

/* "USB" and 1 are USB001: which port of Windows this device is. Only an administrator may read it; else the port stays unknown. */
static void read_port(HDEVINFO set, SP_DEVICE_INTERFACE_DATA *data, usb_printer *p)
{
    wchar_t base[32] = L"";
    char name[64];
    DWORD size = sizeof base - sizeof base[0], number = 0, number_size = sizeof number;
    HKEY key = SetupDiOpenDeviceInterfaceRegKey(set, data, 0, KEY_READ);
    if (key == INVALID_HANDLE_VALUE) return;
    bool known = RegGetValueW(key, NULL, L"Base Name", RRF_RT_REG_SZ, NULL, base, &size) == ERROR_SUCCESS &&
                 RegGetValueW(key, NULL, L"Port Number", RRF_RT_REG_DWORD, NULL, &number, &number_size) == ERROR_SUCCESS;
    if (known && wide_to(name, sizeof name, base)) snprintf(p->port, sizeof p->port, "%s%03lu", name, (unsigned long)number);
    RegCloseKey(key);
}

static bool one_interface(HDEVINFO set, SP_DEVICE_INTERFACE_DATA *data, usb_each each, void *arg)
{
    usb_printer p;
    DWORD need = 0;
    SetupDiGetDeviceInterfaceDetailW(set, data, NULL, 0, &need, NULL);
    if (need < sizeof(SP_DEVICE_INTERFACE_DETAIL_DATA_W) || need > sizeof(wchar_t) * PATH_CHARS * 2) return true;
    SP_DEVICE_INTERFACE_DETAIL_DATA_W *detail = calloc(1, need);
    if (!detail) return false;
    detail->cbSize = sizeof *detail;
    memset(&p, 0, sizeof p);
    p.transport = &usb_usbprint;
    bool ok = SetupDiGetDeviceInterfaceDetailW(set, data, detail, need, NULL, NULL) && wide_to(p.address, sizeof p.address, detail->DevicePath);
    free(detail);
    if (!ok) return true;
    read_port(set, data, &p);
    read_path(&p);
    p.closed = !usb_may_open(&p, false);
    look(&p);
    return each(arg, &p);
}

static plt_status list(const char *option, usb_each each, void *arg)
{
    (void)option;
    HDEVINFO set = SetupDiGetClassDevsW(&usbprint_interface, NULL, NULL, DIGCF_PRESENT | DIGCF_DEVICEINTERFACE);
    if (set == INVALID_HANDLE_VALUE) return os_fail(GetLastError(), "list printers of", "usbprint.sys");
    for (DWORD i = 0;; i++) {
        SP_DEVICE_INTERFACE_DATA data;
        memset(&data, 0, sizeof data);
        data.cbSize = sizeof data;
        if (!SetupDiEnumDeviceInterfaces(set, NULL, &usbprint_interface, i, &data)) break;
        if (!one_interface(set, &data, each, arg)) break;
    }
    SetupDiDestroyDeviceInfoList(set);
    return PLT_OK;
}

static void link_close(usb_link *l)
{
    if (!l) return;
    overlapped_close(&l->io);
    free(l);
}

static plt_status link_open(const usb_printer *p, usb_link **out)
{
    *out = NULL;
    if (p->closed) return PLT_UNSUPPORTED;
    usb_link *l = calloc(1, sizeof *l);
    if (!l) return PLT_NOMEM;
    plt_copy(l->name, sizeof l->name, p->address);
    HANDLE h = open_device(p->address, GENERIC_READ | GENERIC_WRITE);
    if (h == INVALID_HANDLE_VALUE) {
        DWORD err = GetLastError();
        free(l);
        return os_fail(err, "open the printer", p->address);
    }
    plt_status s = overlapped_open(&l->io, h, NULL, l->name);
    if (s != PLT_OK) {
        CloseHandle(h);
        free(l);
        return s;
    }
    *out = l;
    return PLT_OK;
}

static plt_status link_write(usb_link *l, const void *data, size_t n, uint32_t timeout_ms)
{
    return overlapped_write_all(&l->io, data, n, overlapped_deadline(timeout_ms));
}

/* One read. The driver may end it with no bytes at once, again and again: then the caller rests. */
static DWORD read_once(usb_link *l, void *data, DWORD n, uint64_t deadline, DWORD *moved)
{
    OVERLAPPED ov;
    memset(&ov, 0, sizeof ov);
    ov.hEvent = l->io.done;
    *moved = 0;
    if (!ReadFile(l->io.handle, data, n, NULL, &ov)) {
        DWORD err = GetLastError();
        if (err != ERROR_IO_PENDING) return err;
    }
    return overlapped_settle(l->io.handle, &ov, NULL, deadline, moved);
}

static plt_status link_read(usb_link *l, void *data, size_t n, uint32_t timeout_ms, size_t *got)
{
    uint64_t deadline = overlapped_deadline(timeout_ms);
    *got = 0;
    for (;;) {
        DWORD moved, err = read_once(l, data, n < 65536 ? (DWORD)n : 65536, deadline, &moved);
        *got = moved;
        if (moved > 0) return PLT_OK;
        if (err == WAIT_TIMEOUT || overlapped_left(deadline) == 0) return PLT_TIMEOUT;
        if (err != ERROR_SUCCESS) return os_fail(err, "read from", l->name);
        os_sleep_ms(20);
    }
}

const usb_transport usb_usbprint = {"usbprint", list, look, link_open, link_write, link_read, link_close, NULL};
