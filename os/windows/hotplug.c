/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Arrivals and removals of usbprint.sys' interfaces, by CM_Register_Notification. RegisterDeviceNotification would do as well, but wants a window or
 * a service's handle and brings its events through the service's control handler: this way is the same in a service and in the foreground. Interfaces
 * bound to WinUSB have other classes and wait for the interval.
 */
#include <windows.h>

#include <initguid.h>

#include <cfgmgr32.h>
#include <stdlib.h>

#include "os/error.h"
#include "os/hotplug.h"

DEFINE_GUID(hotplug_usbprint, 0x28d78fad, 0x5a12, 0x11d1, 0xae, 0x5b, 0x00, 0x00, 0xf8, 0x03, 0xa8, 0xc2);

struct os_hotplug {
    HCMNOTIFICATION handle;
    void (*changed)(void *ctx);
    void *ctx;
};

static DWORD CALLBACK on_event(HCMNOTIFICATION handle, PVOID arg, CM_NOTIFY_ACTION action, PCM_NOTIFY_EVENT_DATA event, DWORD size)
{
    const os_hotplug *h = arg;
    (void)handle, (void)event, (void)size;
    if (action == CM_NOTIFY_ACTION_DEVICEINTERFACEARRIVAL || action == CM_NOTIFY_ACTION_DEVICEINTERFACEREMOVAL) h->changed(h->ctx);
    return ERROR_SUCCESS;
}

plt_status os_hotplug_start(os_hotplug **out, void (*changed)(void *ctx), void *ctx)
{
    CM_NOTIFY_FILTER filter = {.cbSize = sizeof filter, .FilterType = CM_NOTIFY_FILTER_TYPE_DEVICEINTERFACE};
    *out = NULL;
    filter.u.DeviceInterface.ClassGuid = hotplug_usbprint;
    os_hotplug *h = calloc(1, sizeof *h);
    if (!h) return os_fail_as(PLT_NOMEM, "listen for", "USB printers that come and go");
    h->changed = changed;
    h->ctx = ctx;
    CONFIGRET r = CM_Register_Notification(&filter, h, on_event, &h->handle);
    if (r != CR_SUCCESS) {
        free(h);
        return os_fail_as(r == CR_CALL_NOT_IMPLEMENTED ? PLT_UNSUPPORTED : PLT_IO, "listen for", "USB printers that come and go");
    }
    *out = h;
    return PLT_OK;
}

/* It waits for calls that are under way. */
void os_hotplug_stop(os_hotplug *h)
{
    if (!h) return;
    CM_Unregister_Notification(h->handle);
    free(h);
}
