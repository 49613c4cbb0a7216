/* SPDX-License-Identifier: Apache-2.0 */
/* Which of the kernel's words are about a USB printer, that no other process can say them, and an end that waits. What the kernel really says of a
   printer: tests/e2e/usb_hotplug_test.sh. */
#include "tests/unit/test.h"

#include <stdatomic.h>

#include "os/clock.h"

#include "os/posix/hotplug.c"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define WORD(text) text, sizeof text /* the last zero belongs to it */

static void only_printers_count(void **state)
{
    static const struct {
        const char *word;
        size_t n;
        bool printer;
    } cases[] = {
        {WORD("add@/devices/usb1/1-1/1-1:1.0\0ACTION=add\0DEVPATH=/devices/usb1/1-1/1-1:1.0\0SUBSYSTEM=usb\0INTERFACE=7/1/2"), true},
        {WORD("remove@/devices/usb1\0ACTION=remove\0SUBSYSTEM=usb\0DEVTYPE=usb_interface\0PRODUCT=3f0/2b2a/100\0INTERFACE=7/1/3\0SEQNUM=9"), true},
        {WORD("bind@/devices/usb1\0ACTION=bind\0SUBSYSTEM=usb\0INTERFACE=7/1/2"), false},
        {WORD("add@/devices/usb1\0ACTION=add\0SUBSYSTEM=usb\0INTERFACE=8/6/80"), false},
        {WORD("add@/devices/usb1\0ACTION=add\0SUBSYSTEM=usb\0INTERFACE=70/1/2"), false},
        {WORD("add@/devices/usb1\0ACTION=add\0SUBSYSTEM=usbmisc\0INTERFACE=7/1/2"), false},
        {WORD("add@/devices/usb1\0ACTION=add\0SUBSYSTEM=usb\0DEVTYPE=usb_device"), false},
        {WORD("x\0XACTION=add\0SUBSYSTEM=usb\0INTERFACE=7/1/2"), false},
        {"add@/devices\0ACTION=add\0SUBSYSTEM=usb\0INTERFACE=7/1/2", 53, false}, /* the last zero is missing: cut off */
        {"", 0, false},
        {WORD(""), false},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) assert_int_equal(is_printer(cases[i].word, cases[i].n), cases[i].printer);
}

static void count(void *ctx)
{
    atomic_int *n = ctx;
    atomic_fetch_add(n, 1);
}

/* A word from another process than the kernel, which root may send, is none. */
static void only_the_kernel_is_heard(void **state)
{
    static const char word[] = "add@/devices/usb1/1-1/1-1:1.0\0ACTION=add\0SUBSYSTEM=usb\0INTERFACE=7/1/2";
    struct sockaddr_nl from = {.nl_family = AF_NETLINK};
    atomic_int heard = 0;
    os_hotplug *h;
    (void)state;
    if (os_hotplug_start(&h, count, &heard) != PLT_OK) {
        print_message("# SKIP no netlink here: %s\n", os_error_text());
        skip();
    }
    struct sockaddr_nl to;
    socklen_t size = sizeof to;
    assert_int_equal(getsockname(h->fd, (struct sockaddr *)&to, &size), 0);
    int fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_KOBJECT_UEVENT);
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&from, sizeof from), 0);
    to.nl_groups = 0;
    ssize_t sent = sendto(fd, word, sizeof word, 0, (struct sockaddr *)&to, sizeof to);
    for (int i = 0; i < 20; i++) os_sleep_ms(5);
    os_hotplug_stop(h);
    close(fd);
    print_message("# %s\n", sent == (ssize_t)sizeof word ? "a false word was sent" : "this system lets no process send one");
    assert_int_equal(atomic_load(&heard), 0);
}

static void it_ends_at_once(void **state)
{
    atomic_int heard = 0;
    (void)state;
    for (int i = 0; i < 50; i++) {
        os_hotplug *h;
        uint64_t began = os_clock_mono_ms();
        if (os_hotplug_start(&h, count, &heard) != PLT_OK) skip();
        os_hotplug_stop(h);
        assert_true(os_clock_mono_ms() - began < 1000);
    }
    os_hotplug_stop(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(only_printers_count), cmocka_unit_test(only_the_kernel_is_heard),
                                       cmocka_unit_test(it_ends_at_once)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
