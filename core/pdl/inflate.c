/* SPDX-License-Identifier: Apache-2.0 */
/* Over zlib, whose memory comes from the segment's budget. */
#include "core/pdl/inflate.h"

#include <string.h>
#include <zlib.h>

struct plt_inflate {
    plt_pdl_host *host;
    z_stream z;
    bool ready;
    plt_inflate_status status;
    uint8_t out[16384];
};

static voidpf give(voidpf host, uInt items, uInt size)
{
    return plt_pdl_alloc(host, (size_t)items * size);
}

static void take_back(voidpf host, voidpf p)
{
    plt_pdl_release(host, p);
}

static int bits_of(plt_inflate_kind kind)
{
    return kind == PLT_ZLIB ? MAX_WBITS : -MAX_WBITS;
}

/* After each beginning: a printer prints what does not agree with its checksum as well, and reckoning it takes a third of the time of a large
 * picture. */
static void begun(plt_inflate *z, int code)
{
    z->ready = code == Z_OK && inflateValidate(&z->z, 0) == Z_OK;
    z->status = z->ready ? PLT_INFLATE_MORE : PLT_INFLATE_BAD;
}

plt_inflate *plt_inflate_make(plt_pdl_host *h, plt_inflate_kind kind)
{
    plt_inflate *z = plt_pdl_alloc(h, sizeof *z);
    if (!z) return NULL;
    z->host = h;
    z->z.zalloc = give;
    z->z.zfree = take_back;
    z->z.opaque = h;
    begun(z, inflateInit2(&z->z, bits_of(kind)));
    return z;
}

void plt_inflate_reset(plt_inflate *z, plt_inflate_kind kind)
{
    if (z->ready) begun(z, inflateReset2(&z->z, bits_of(kind)));
}

static plt_inflate_status step(plt_inflate *z, plt_inflate_sink sink, void *ctx)
{
    z->z.next_out = z->out;
    z->z.avail_out = sizeof z->out;
    int code = inflate(&z->z, Z_NO_FLUSH);
    size_t n = sizeof z->out - z->z.avail_out;
    if (n && !plt_pdl_spend(z->host, n)) return PLT_INFLATE_BAD;
    if (n && !sink(ctx, z->out, n)) return PLT_INFLATE_STOP;
    if (code == Z_STREAM_END) return PLT_INFLATE_END;
    /* Z_BUF_ERROR: nothing to do with this little input or room; more will come. */
    return code == Z_OK || code == Z_BUF_ERROR ? PLT_INFLATE_MORE : PLT_INFLATE_BAD;
}

plt_inflate_status plt_inflate_feed(plt_inflate *z, const uint8_t *p, size_t n, size_t *took, plt_inflate_sink sink, void *ctx)
{
    const size_t most = 1u << 30;
    *took = 0;
    while (*took < n && z->status == PLT_INFLATE_MORE) {
        size_t piece = n - *took < most ? n - *took : most;
        z->z.next_in = (z_const Bytef *)(uintptr_t)(p + *took);
        z->z.avail_in = (uInt)piece;
        do z->status = step(z, sink, ctx);
        while (z->status == PLT_INFLATE_MORE && (z->z.avail_in || !z->z.avail_out));
        *took += piece - z->z.avail_in;
    }
    return z->status;
}
