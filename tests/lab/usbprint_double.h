/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A double of usbprint.sys and of SetupAPI in front of it, for the agent's usbprint transport: one printer, whose data pipe is a real
 * overlapped handle (a named pipe) that leads by TCP to a virtual printer. It keeps the driver's ways: reads that end with no bytes, no
 * timeouts, IOCTLs that end at once or later, an access of 0 for questions. What it is told to be is what the driver kit and field reports say
 * (docs/usb.md); it proves nothing about the driver itself. Included before usbagent/windows/usbprint.c, whose calls it takes over.
 */
#ifndef PLATEN_LAB_USBPRINT_DOUBLE_H
#define PLATEN_LAB_USBPRINT_DOUBLE_H

#include <winsock2.h>

#include <windows.h>

#include <setupapi.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct double_plan {
    const char *id;      /* the device ID's text */
    const wchar_t *path; /* of the interface */
    uint16_t port;       /* of the virtual printer, on 127.0.0.1 */
    uint32_t status;     /* GET_LPT_STATUS */
    bool empty_reads;    /* reads end with no bytes while there is nothing to say */
    bool late_ioctls;    /* IOCTLs end after a while */
    DWORD open_error;    /* of an opening with data access; 0: it opens */
    DWORD id_error;      /* of GET_1284_ID */
} double_plan;

typedef struct double_count {
    long questions, openings; /* handles without and with data access */
    long forbidden;           /* IOCTLs that change something, or too large a buffer for the ID */
    long zero_reads;          /* empty answers that were put into the pipe */
} double_count;

/* Borrowed. */
void double_be(const double_plan *plan);
double_count double_counted(void);

HDEVINFO double_class_devices(const GUID *class_guid, PCWSTR enumerator, HWND parent, DWORD flags);
BOOL double_enum_interfaces(HDEVINFO set, SP_DEVINFO_DATA *info, const GUID *guid, DWORD index, SP_DEVICE_INTERFACE_DATA *data);
BOOL double_interface_detail(HDEVINFO set, SP_DEVICE_INTERFACE_DATA *data, SP_DEVICE_INTERFACE_DETAIL_DATA_W *detail, DWORD size, DWORD *need,
                             SP_DEVINFO_DATA *info);
HKEY double_interface_key(HDEVINFO set, SP_DEVICE_INTERFACE_DATA *data, DWORD reserved, REGSAM access);
BOOL double_destroy_list(HDEVINFO set);
HANDLE double_open(const wchar_t *path, DWORD access, DWORD share, SECURITY_ATTRIBUTES *security, DWORD disposition, DWORD flags, HANDLE model);
BOOL double_ioctl(HANDLE h, DWORD code, void *in, DWORD in_size, void *out, DWORD out_size, DWORD *moved, OVERLAPPED *ov);

#define SetupDiGetClassDevsW double_class_devices
#define SetupDiEnumDeviceInterfaces double_enum_interfaces
#define SetupDiGetDeviceInterfaceDetailW double_interface_detail
#define SetupDiDestroyDeviceInfoList double_destroy_list
#define SetupDiOpenDeviceInterfaceRegKey double_interface_key
#define CreateFileW double_open
#define DeviceIoControl double_ioctl

#endif
