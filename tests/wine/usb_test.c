/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The agent's usbprint transport as it is, in front of the double of its driver: reads the virtual printer at a TCP port, and tells as one JSON
 * line what it got and what it called. tests/wine/usb_test.sh judges it.
 *
 *   usb_windows_test PORT ID [empty] [late] [busy] [noid]
 */
#include "tests/lab/usbprint_double.h"

#include "usbagent/windows/usbprint.c"

#include "tests/lab/args.h"
#include "usbagent/query.h"

static bool one(void *arg, const usb_printer *p)
{
    usb_reading r;
    plt_buf device;
    char problem[600], serial[200];
    uint64_t began = os_clock_mono_ms();
    (void)arg;
    double_count listed = double_counted();
    usb_query(p, &usb_quiet_none, os_clock_unix_ms(), &r);
    double_count asked = double_counted();
    plt_buf_init(&device, 4 * PLT_DEVICE_BUDGET);
    plt_device_to_json(&r.device, &device);
    lab_json(problem, sizeof problem, r.problem);
    lab_json(serial, sizeof serial, p->serial);
    printf("{\"device\":%s,\"problem\":\"%s\",\"ms\":%llu,\"usb\":\"%04x:%04x\",\"path_serial\":\"%s\",\"port\":\"%s\",\"port_status\":%d,\"listing_"
           "opened\":%ld,\"openings\":%ld,"
           "\"questions\":%ld,\"forbidden\":%ld,\"zero_reads\":%ld}\n",
           plt_buf_str(&device), problem, (unsigned long long)(os_clock_mono_ms() - began), p->vendor_id, p->product_id, serial, p->port,
           p->has_status ? p->status : -1, listed.openings, asked.openings, asked.questions, asked.forbidden, asked.zero_reads);
    fflush(stdout);
    plt_buf_free(&device);
    usb_reading_free(&r);
    return true;
}

int main(int argc, char **argv)
{
    double_plan plan = {.path = L"\\\\?\\usb#vid_03f0&pid_2b2a&mi_00#VNB3F12345#{28d78fad-5a12-11d1-ae5b-0000f803a8c2}", .status = 0x18};
    if (argc < 3) {
        fputs("usb_windows_test PORT ID [empty] [late] [busy] [noid]\n", stderr);
        return 2;
    }
    plan.port = (uint16_t)strtoul(argv[1], NULL, 10);
    plan.id = argv[2];
    plan.empty_reads = lab_flag(argc, argv, "empty");
    plan.late_ioctls = lab_flag(argc, argv, "late");
    plan.open_error = lab_flag(argc, argv, "busy") ? ERROR_SHARING_VIOLATION : 0;
    plan.id_error = lab_flag(argc, argv, "noid") ? ERROR_GEN_FAILURE : 0;
    double_be(&plan);
    return usb_usbprint.list(NULL, one, NULL) == PLT_OK ? 0 : 1;
}
