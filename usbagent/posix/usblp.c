/* SPDX-License-Identifier: Apache-2.0 */
/* usblp on Linux: the device file of an interface is named in sysfs, and its open() is exclusive. */
#include "usbagent/usblp.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/util/text.h"
#include "os/error.h"

#define NAME_SIZE 64

/* "lp0" of /sys/bus/usb/devices/1-1.2:1.0/usbmisc/lp0. */
static bool device_name(const usb_place *p, char out[NAME_SIZE])
{
    char path[256];
    int n = snprintf(path, sizeof path, "/sys/bus/usb/devices/%d", p->bus);
    bool found = false;
    for (size_t i = 0; i < p->ports_n; i++) n += snprintf(path + n, sizeof path - (size_t)n, "%c%d", i ? '.' : '-', p->ports[i]);
    snprintf(path + n, sizeof path - (size_t)n, ":%d.%d/usbmisc", p->configuration, p->interface);
    DIR *d = opendir(path);
    if (!d) return false;
    for (struct dirent *e = readdir(d); e && !found; e = readdir(d))
        if (!strncmp(e->d_name, "lp", 2)) found = plt_copy(out, NAME_SIZE, e->d_name);
    closedir(d);
    return found;
}

plt_status usb_usblp_hold(const usb_place *place, int *held)
{
    char name[NAME_SIZE], path[NAME_SIZE + 16];
    *held = USB_NOT_HELD;
    if (!place->ports_n || !device_name(place, name)) return PLT_OK;
    snprintf(path, sizeof path, "/dev/usb/%s", name);
    *held = open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK);
    if (*held >= 0) return PLT_OK;
    *held = USB_NOT_HELD;
    if (errno == EBUSY) return os_fail_as(PLT_BUSY, "open", path);
    return errno == EACCES ? os_fail_as(PLT_DENIED, "open", path) : PLT_OK;
}

void usb_usblp_release(int held)
{
    if (held != USB_NOT_HELD) close(held);
}
