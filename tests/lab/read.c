/* SPDX-License-Identifier: Apache-2.0 */
/*
 * platen-lab read: the USB agent's reading of a virtual printer on a socket file, one JSON line each: the device as the agent knows it, how long it
 * took, why something is missing. The product's own code on both sides of the pipe; only the pipe is the lab's.
 */
#include <signal.h>
#include <stdio.h>

#include "os/clock.h"
#include "os/error.h"
#include "tests/lab/args.h"
#include "tests/lab/lab_main.h"
#include "tests/lab/usb_socket.h"
#include "usbagent/query.h"

static bool one(void *arg, const usb_printer *p)
{
    usb_reading r;
    plt_buf device;
    char problem[600];
    uint64_t began = os_clock_mono_us();
    (void)arg;
    usb_query(p, &lab_socket_quiet, os_clock_unix_ms(), &r);
    plt_buf_init(&device, 4 * PLT_DEVICE_BUDGET);
    plt_device_to_json(&r.device, &device);
    lab_json(problem, sizeof problem, r.problem);
    printf("{\"device\":%s,\"problem\":\"%s\",\"gave_way\":%d,\"ms\":%.1f}\n", plt_buf_str(&device), problem, r.gave_way,
           (double)(os_clock_mono_us() - began) / 1000);
    fflush(stdout);
    plt_buf_free(&device);
    usb_reading_free(&r);
    return true;
}

int lab_read_main(int argc, char **argv)
{
    lab_socket_place place = {.data = lab_option(argc, argv, "--unix", NULL),
                              .control = lab_option(argc, argv, "--control", NULL),
                              .lock = lab_option(argc, argv, "--lock", NULL),
                              .queue = lab_option(argc, argv, "--queue", NULL)};
    long times = lab_number(argc, argv, "--times", 1), pause = lab_number(argc, argv, "--pause", 0);
    if (!place.data || !place.control) {
        fputs("platen-lab read --unix PATH --control PATH [--lock PATH] [--queue PATH] [--times N] [--pause MS]\n", stderr);
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    lab_socket_at(&place);
    for (long i = 0; i < times; i++) {
        if (lab_socket_transport.list(NULL, one, NULL) != PLT_OK) {
            fprintf(stderr, "platen-lab: %s\n", os_error_text());
            return 1;
        }
        if (pause) os_sleep_ms((uint32_t)pause);
    }
    return 0;
}
