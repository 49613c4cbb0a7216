/* SPDX-License-Identifier: Apache-2.0 */
/* gzip in memory, both ways bounded by the output buffer's maximum. */
#include <string.h>
#define ZLIB_CONST
#include <zlib.h>

#include "os/http.h"

#define WINDOW_GZIP (15 + 16)

plt_status os_gzip(const void *data, size_t n, plt_buf *out)
{
    z_stream z;
    memset(&z, 0, sizeof z);
    if (n > UINT32_MAX) return PLT_FULL;
    if (deflateInit2(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, WINDOW_GZIP, 8, Z_DEFAULT_STRATEGY) != Z_OK) return PLT_NOMEM;
    size_t bound = deflateBound(&z, (uLong)n);
    uint8_t *room = plt_buf_reserve(out, bound);
    if (room) {
        z.next_in = data;
        z.avail_in = (uInt)n;
        z.next_out = room;
        z.avail_out = (uInt)bound;
        if (deflate(&z, Z_FINISH) == Z_STREAM_END) {
            out->len += bound - z.avail_out;
            out->data[out->len] = 0;
        } else {
            out->status = PLT_BAD;
        }
    }
    deflateEnd(&z);
    return out->status;
}

plt_status os_gunzip(const void *data, size_t n, plt_buf *out)
{
    z_stream z;
    memset(&z, 0, sizeof z);
    if (n > UINT32_MAX) return PLT_FULL;
    if (inflateInit2(&z, WINDOW_GZIP) != Z_OK) return PLT_NOMEM;
    z.next_in = data;
    z.avail_in = (uInt)n;
    int r = Z_OK;
    plt_status s = PLT_OK;
    while (s == PLT_OK && r != Z_STREAM_END) {
        size_t room = out->max - out->len < 65536 ? out->max - out->len : 65536;
        uint8_t over[1]; /* one byte beyond the maximum tells "exactly full" from "too large" */
        uint8_t *p = room ? plt_buf_reserve(out, room) : over;
        if (!p) {
            s = out->status;
            break;
        }
        size_t give = room ? room : 1;
        z.next_out = p;
        z.avail_out = (uInt)give;
        r = inflate(&z, Z_NO_FLUSH);
        size_t made = give - z.avail_out;
        if (!room && made)
            s = PLT_FULL;
        else if (room)
            out->len += made;
        if (s == PLT_OK && r != Z_OK && r != Z_STREAM_END) s = r == Z_MEM_ERROR ? PLT_NOMEM : PLT_BAD;
    }
    if (s == PLT_OK && z.avail_in != 0) s = PLT_BAD; /* something after the end */
    if (out->data) out->data[out->len] = 0;
    inflateEnd(&z);
    return s;
}
