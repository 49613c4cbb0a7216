/* SPDX-License-Identifier: Apache-2.0 */
/*
 * platen-lab send DEVICE FILE...: each file as one job to a device file or a socket file, as a spooler does: it waits while the device is
 * absent or somebody else's, and never makes a file of that name. One JSON line a job. Exit code 1: a job broke off or never began.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/clock.h"
#include "tests/lab/args.h"
#include "tests/lab/ask.h"
#include "tests/lab/lab_main.h"

#define RETRY_MS 5

static int open_device(const char *path)
{
    struct stat s;
    if (stat(path, &s) == 0 && S_ISSOCK(s.st_mode)) return lab_connect(path);
    return open(path, O_WRONLY);
}

/* The number of a job's bytes that went out; -1 when the file cannot be read. */
static long pour(FILE *from, int to)
{
    static char room[8192];
    long sent = 0;
    size_t n;
    while ((n = fread(room, 1, sizeof room, from)) > 0)
        for (size_t at = 0; at < n;) {
            ssize_t put = write(to, room + at, n - at);
            if (put <= 0) return sent;
            at += (size_t)put;
            sent += put;
        }
    return ferror(from) ? -1 : sent;
}

static bool send_one(const char *device, const char *path, long wait_ms)
{
    char at[256];
    int fd = -1;
    long tries = 0;
    FILE *f = fopen(path, "rb");
    if (!f || fseek(f, 0, SEEK_END) != 0) {
        fprintf(stderr, "platen-lab: %s: %s\n", path, strerror(errno));
        if (f) fclose(f);
        return false;
    }
    long size = ftell(f), sent = -1;
    rewind(f);
    uint64_t until = os_clock_mono_ms() + (uint64_t)wait_ms;
    while ((fd = open_device(device)) < 0 && os_clock_mono_ms() < until) {
        os_sleep_ms(RETRY_MS);
        tries++;
    }
    if (fd >= 0) {
        sent = pour(f, fd);
        shutdown(fd, SHUT_WR); /* a socket's way to say that this was all */
        while (read(fd, at, sizeof at) > 0) continue;
        close(fd);
    }
    fclose(f);
    lab_json(at, sizeof at, path);
    printf("{\"file\":\"%s\",\"bytes\":%ld,\"sent\":%ld,\"tries\":%ld}\n", at, size, sent, tries);
    fflush(stdout);
    return sent == size;
}

int lab_send_main(int argc, char **argv)
{
    static const char *const valued[] = {"--wait", "--pause", NULL};
    const char *device = lab_positional(argc, argv, valued, 0), *file = lab_positional(argc, argv, valued, 1);
    long wait_ms = lab_number(argc, argv, "--wait", 10000);
    long pause = lab_number(argc, argv, "--pause", 0);
    bool all = true;
    if (!file) {
        fputs("platen-lab send [--wait MS] [--pause MS] DEVICE FILE...\n", stderr);
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    for (int i = 1; (file = lab_positional(argc, argv, valued, i)) != NULL; i++) {
        all = send_one(device, file, wait_ms) && all;
        if (pause) os_sleep_ms((uint32_t)pause);
    }
    return all ? 0 : 1;
}
