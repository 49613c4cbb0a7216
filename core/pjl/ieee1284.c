/* SPDX-License-Identifier: Apache-2.0 */
/* IEEE 1284 device IDs: KEY:value; pairs behind a two-byte length. */
#include "core/pjl/ieee1284.h"

#include <string.h>

#include "core/util/text.h"

/* The shortest text that makes sense ("MFG:x;MDL:y;") with its length: what tells the two byte orders apart. */
#define SHORTEST 14

static bool printable(uint8_t c)
{
    return c >= 0x20 && c != 0x7F;
}

plt_status plt_1284_text(const uint8_t *raw, size_t n, const char **text, size_t *len)
{
    *text = "";
    *len = 0;
    if (n > PLT_1284_MAX) n = PLT_1284_MAX;
    if (n < 3) return PLT_BAD;
    size_t big = (size_t)raw[0] << 8 | raw[1], little = (size_t)raw[1] << 8 | raw[0];
    size_t start = 2, end = n;
    if (big >= SHORTEST && big <= n)
        end = big;
    else if (little >= SHORTEST && little <= n)
        end = little;
    else if (printable(raw[0]) && printable(raw[1]) && printable(raw[2]))
        start = 0;
    /* A length that does not count itself stops two bytes early. */
    if (start && end + 2 <= n && raw[end - 1] != ';' && printable(raw[end]) && printable(raw[end + 1])) end += 2;
    const uint8_t *nul = memchr(raw + start, 0, end - start);
    if (nul) end = (size_t)(nul - raw);
    *text = (const char *)raw + start;
    *len = end - start;
    return *len ? PLT_OK : PLT_BAD;
}

static bool blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

typedef struct span {
    const char *p;
    size_t n;
} span;

static span trim(const char *p, const char *end)
{
    while (p < end && blank(*p)) p++;
    while (end > p && blank(end[-1])) end--;
    return (span){p, (size_t)(end - p)};
}

static bool is_key(span s, const char *name)
{
    char key[32];
    if (s.n >= sizeof key) return false;
    memcpy(key, s.p, s.n);
    key[s.n] = 0;
    return plt_same(key, name);
}

static void store(char *out, size_t size, span value)
{
    if (!out[0]) plt_utf8_copy(out, size, value.p, value.n);
}

static void pair(plt_1284 *id, span key, span value)
{
    const struct {
        const char *name;
        char *out;
        size_t size;
    } keys[] = {
        {"MFG", id->make, sizeof id->make},
        {"MANUFACTURER", id->make, sizeof id->make},
        {"MDL", id->model, sizeof id->model},
        {"MODEL", id->model, sizeof id->model},
        {"CMD", id->commands, sizeof id->commands},
        {"COMMAND SET", id->commands, sizeof id->commands},
        {"CLS", id->device_class, sizeof id->device_class},
        {"CLASS", id->device_class, sizeof id->device_class},
        {"DES", id->description, sizeof id->description},
        {"DESCRIPTION", id->description, sizeof id->description},
        {"SN", id->serial, sizeof id->serial},
        {"SERN", id->serial, sizeof id->serial},
        {"SERIALNUMBER", id->serial, sizeof id->serial},
        {"CID", id->compatible, sizeof id->compatible},
        {"COMPATIBLEID", id->compatible, sizeof id->compatible},
        {"STATUS", id->status, sizeof id->status},
        {"S", id->s_block, sizeof id->s_block},
        {"VSTATUS", id->vstatus, sizeof id->vstatus},
    };
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (is_key(key, keys[i].name)) store(keys[i].out, keys[i].size, value);
}

plt_status plt_1284_parse(const uint8_t *raw, size_t n, plt_1284 *out)
{
    const char *p;
    size_t len, found = 0;
    memset(out, 0, sizeof *out);
    plt_status s = plt_1284_text(raw, n, &p, &len);
    if (s != PLT_OK) return s;
    const char *end = p + len;
    while (p < end) {
        const char *semicolon = memchr(p, ';', (size_t)(end - p));
        const char *stop = semicolon ? semicolon : end;
        const char *colon = memchr(p, ':', (size_t)(stop - p));
        if (colon) {
            pair(out, trim(p, colon), trim(colon + 1, stop));
            found++;
        }
        p = semicolon ? semicolon + 1 : end;
    }
    return found ? PLT_OK : PLT_BAD;
}

bool plt_1284_speaks(const plt_1284 *id, const char *language)
{
    const char *p = id->commands, *end = p + strlen(p);
    while (p < end) {
        const char *comma = memchr(p, ',', (size_t)(end - p));
        const char *stop = comma ? comma : end;
        if (is_key(trim(p, stop), language)) return true;
        p = comma ? comma + 1 : end;
    }
    return false;
}
