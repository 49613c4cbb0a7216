/* SPDX-License-Identifier: Apache-2.0 */
/* The cursor's codec: version, order, tenant, agent, sequence, big endian, base64url. */
#include "hub/cursor.h"

#include <string.h>

#include "core/util/cursor.h"
#include "core/util/text.h"

#define VERSION 1
#define BYTES 27 /* version, sort, descending, tenant, agent, seq */

static void put64(uint8_t *p, uint64_t v)
{
    for (int i = 0; i < 8; i++) p[i] = (uint8_t)(v >> (56 - 8 * i));
}

static int64_t get64(plt_cursor *c)
{
    uint64_t hi = plt_cursor_be32(c);
    return (int64_t)(hi << 32 | plt_cursor_be32(c));
}

bool hub_id_valid(const char *id)
{
    return strlen(id) == HUB_AGENT_ID - 1 && strspn(id, "0123456789abcdef") == HUB_AGENT_ID - 1;
}

void hub_cursor_format(const hub_cursor *c, char out[HUB_CURSOR_TEXT])
{
    uint8_t raw[BYTES] = {VERSION, (uint8_t)c->sort, c->descending};
    put64(raw + 3, (uint64_t)c->tenant_id);
    plt_unhex(raw + 11, 8, c->agent);
    put64(raw + 19, (uint64_t)c->seq);
    plt_b64url(out, raw, sizeof raw);
}

bool hub_cursor_parse(const char *text, hub_cursor *out)
{
    uint8_t raw[BYTES];
    size_t n = sizeof raw;
    memset(out, 0, sizeof *out);
    if (!plt_unb64url(raw, &n, text) || n != BYTES) return false;
    plt_cursor c = plt_cursor_make(raw, n);
    uint8_t version = plt_cursor_u8(&c), sort = plt_cursor_u8(&c), descending = plt_cursor_u8(&c);
    out->sort = (hub_sort)sort;
    out->descending = descending == 1;
    out->tenant_id = get64(&c);
    plt_hex(out->agent, plt_cursor_take(&c, 8), 8);
    out->seq = get64(&c);
    return version == VERSION && sort < HUB_SORTS && descending <= 1 && out->tenant_id > 0 && out->seq > 0;
}
