/* SPDX-License-Identifier: Apache-2.0 */
/* Character devices with deadlines: non-blocking, poll(). usblp gives the device ID by an ioctl of its own (linux/drivers/usb/class/usblp.c). */
#include "usbagent/device_file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "core/util/text.h"
#include "os/clock.h"
#include "os/error.h"

#define LPIOC_GET_DEVICE_ID(size) _IOC(_IOC_READ, 'P', 1, size)
#define LPGETSTATUS 0x060B
#define NAP_MS 20

struct device_file {
    int fd;
    char path[USB_ADDRESS_SIZE];
};

plt_status device_file_open(device_file **out, const char *path)
{
    *out = NULL;
    device_file *f = calloc(1, sizeof *f);
    if (!f) return PLT_NOMEM;
    plt_copy(f->path, sizeof f->path, path);
    f->fd = open(path, O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (f->fd < 0) {
        plt_status s = errno == EBUSY ? os_fail_as(PLT_BUSY, "open", path) : os_fail((uint32_t)errno, "open", path);
        free(f);
        return s;
    }
    *out = f;
    return PLT_OK;
}

static plt_status wait_for(device_file *f, short events, uint64_t deadline)
{
    uint64_t at = os_clock_mono_ms();
    struct pollfd p = {f->fd, events, 0};
    if (at >= deadline) return PLT_TIMEOUT;
    int n = poll(&p, 1, (int)(deadline - at));
    if (n < 0 && errno != EINTR) return os_fail((uint32_t)errno, "wait for", f->path);
    return n == 0 ? PLT_TIMEOUT : PLT_OK;
}

plt_status device_file_write(device_file *f, const void *data, size_t n, uint32_t timeout_ms)
{
    uint64_t deadline = os_clock_mono_ms() + timeout_ms;
    const char *p = data;
    while (n) {
        ssize_t w = write(f->fd, p, n);
        if (w > 0) {
            p += w;
            n -= (size_t)w;
            continue;
        }
        if (w < 0 && errno != EAGAIN && errno != EINTR) return os_fail((uint32_t)errno, "write to", f->path);
        plt_status s = wait_for(f, POLLOUT, deadline);
        if (s != PLT_OK) return s == PLT_TIMEOUT ? os_fail_as(s, "write to", f->path) : s;
    }
    return PLT_OK;
}

plt_status device_file_read(device_file *f, void *data, size_t n, uint32_t timeout_ms, size_t *got)
{
    uint64_t deadline = os_clock_mono_ms() + timeout_ms;
    *got = 0;
    for (;;) {
        ssize_t r = read(f->fd, data, n);
        if (r > 0) {
            *got = (size_t)r;
            return PLT_OK;
        }
        if (r < 0 && errno != EAGAIN && errno != EINTR) return os_fail((uint32_t)errno, "read from", f->path);
        if (r == 0) os_sleep_ms(NAP_MS); /* an empty answer: the printer has nothing to say yet */
        plt_status s = wait_for(f, POLLIN, deadline);
        if (s != PLT_OK) return s;
    }
}

void device_file_close(device_file *f)
{
    if (!f) return;
    close(f->fd);
    free(f);
}

void device_file_look(const char *path, usb_printer *p)
{
    uint8_t raw[USB_ID_SIZE] = {0};
    int status = 0, fd = open(path, O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0) {
        plt_copy(p->problem, sizeof p->problem, errno == EBUSY ? "another program uses the port" : "the port cannot be opened");
        return;
    }
    if (ioctl(fd, LPIOC_GET_DEVICE_ID(sizeof raw), raw) >= 0) {
        size_t n = (size_t)raw[0] << 8 | raw[1];
        if (n > 2) usb_printer_set_id(p, raw, n < sizeof raw ? n : sizeof raw);
    }
    if (ioctl(fd, LPGETSTATUS, &status) == 0) {
        p->has_status = true;
        p->status = (uint8_t)status;
    }
    close(fd);
}
