/* SPDX-License-Identifier: Apache-2.0 */
/* One line a request: device, 0 or 1 for answered, octets in hexadecimal. */
#include "tests/lab/farm_record.h"

#include <inttypes.h>
#include <string.h>

#define REQUEST_MAX 2048

void farm_record_write(FILE *to, uint32_t device, bool answered, const uint8_t *bytes, size_t n)
{
    fprintf(to, "%" PRIu32 " %d ", device, answered);
    for (size_t i = 0; i < n; i++) fprintf(to, "%02x", bytes[i]);
    fputc('\n', to);
}

static int digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool read_line(const char *line, farm_record_each each, void *arg)
{
    uint8_t bytes[REQUEST_MAX];
    size_t n = 0;
    uint32_t device;
    int answered, used = 0;
    if (sscanf(line, "%" SCNu32 " %d %n", &device, &answered, &used) != 2 || !used) return false;
    for (const char *p = line + used; digit(p[0]) >= 0 && digit(p[1]) >= 0 && n < sizeof bytes; p += 2)
        bytes[n++] = (uint8_t)(digit(p[0]) << 4 | digit(p[1]));
    return each(arg, device, answered != 0, bytes, n);
}

bool farm_record_read(const char *path, farm_record_each each, void *arg)
{
    static char line[2 * REQUEST_MAX + 64];
    FILE *from = fopen(path, "r");
    bool good = from != NULL;
    while (good && fgets(line, sizeof line, from)) good = strchr(line, '\n') && read_line(line, each, arg);
    if (from) fclose(from);
    return good;
}
