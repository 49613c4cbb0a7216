/* SPDX-License-Identifier: Apache-2.0 */
/*
 * os/windows/hotplug.c as it is, over a double of CM_Register_Notification, which Wine does not have: the cable is the file that PLATEN_LAB_CABLE
 * names, and whenever it comes or goes the callback is called, as the documentation says, by a thread of the system's. Linked before the library, it
 * takes the place of the seam in a platen-service.exe for tests.
 */
#include <windows.h>

#include <cfgmgr32.h>
#include <stdbool.h>

static CONFIGRET WINAPI double_register(PCM_NOTIFY_FILTER filter, PVOID arg, PCM_NOTIFY_CALLBACK callback, PHCMNOTIFICATION handle);
static CONFIGRET WINAPI double_unregister(HCMNOTIFICATION handle);

#define CM_Register_Notification double_register
#define CM_Unregister_Notification double_unregister
#include "os/windows/hotplug.c"

static struct {
    PCM_NOTIFY_CALLBACK callback;
    void *arg;
    wchar_t cable[MAX_PATH];
    HANDLE end, thread;
} the;

static DWORD WINAPI watch(void *arg)
{
    bool was = GetFileAttributesW(the.cable) != INVALID_FILE_ATTRIBUTES;
    (void)arg;
    while (WaitForSingleObject(the.end, 50) == WAIT_TIMEOUT) {
        CM_NOTIFY_EVENT_DATA event = {.FilterType = CM_NOTIFY_FILTER_TYPE_DEVICEINTERFACE};
        bool is = GetFileAttributesW(the.cable) != INVALID_FILE_ATTRIBUTES;
        event.u.DeviceInterface.ClassGuid = hotplug_usbprint;
        if (is != was)
            the.callback((HCMNOTIFICATION)&the, the.arg, is ? CM_NOTIFY_ACTION_DEVICEINTERFACEARRIVAL : CM_NOTIFY_ACTION_DEVICEINTERFACEREMOVAL,
                         &event, sizeof event);
        was = is;
    }
    return 0;
}

/* Only the very filter that Windows wants gets a registration. */
static CONFIGRET WINAPI double_register(PCM_NOTIFY_FILTER filter, PVOID arg, PCM_NOTIFY_CALLBACK callback, PHCMNOTIFICATION handle)
{
    bool right = filter->cbSize == sizeof *filter && filter->FilterType == CM_NOTIFY_FILTER_TYPE_DEVICEINTERFACE && !filter->Flags &&
                 IsEqualGUID(&filter->u.DeviceInterface.ClassGuid, &hotplug_usbprint);
    DWORD n = GetEnvironmentVariableW(L"PLATEN_LAB_CABLE", the.cable, MAX_PATH);
    if (!right || !callback || !n || n >= MAX_PATH) return CR_INVALID_DATA;
    the.callback = callback;
    the.arg = arg;
    the.end = CreateEventW(NULL, TRUE, FALSE, NULL);
    the.thread = the.end ? CreateThread(NULL, 0, watch, NULL, 0, NULL) : NULL;
    *handle = (HCMNOTIFICATION)&the;
    return the.thread ? CR_SUCCESS : CR_OUT_OF_MEMORY;
}

static CONFIGRET WINAPI double_unregister(HCMNOTIFICATION handle)
{
    if (handle != (HCMNOTIFICATION)&the) return CR_INVALID_DATA;
    SetEvent(the.end);
    WaitForSingleObject(the.thread, INFINITE);
    CloseHandle(the.thread);
    CloseHandle(the.end);
    return CR_SUCCESS;
}
