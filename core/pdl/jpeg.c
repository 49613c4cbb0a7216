/* SPDX-License-Identifier: Apache-2.0 */
/* Frame headers only: one component is grey. */
#include "core/pdl/jpeg.h"

struct plt_jpeg {
    uint8_t state, marker;
    uint32_t left, at;
    uint8_t head[6];
    bool framed;
};

enum { J_MARK, J_CODE, J_LEN1, J_LEN2, J_BODY };

plt_jpeg *plt_jpeg_make(plt_pdl_host *h)
{
    return plt_pdl_alloc(h, sizeof(plt_jpeg));
}

void plt_jpeg_begin(plt_jpeg *j)
{
    *j = (plt_jpeg){0};
}

static bool is_frame(uint8_t m)
{
    return m >= 0xC0 && m <= 0xCF && m != 0xC4 && m != 0xC8 && m != 0xCC;
}

static bool stands_alone(uint8_t m)
{
    return m == 0 || m == 1 || (m >= 0xD0 && m <= 0xD9);
}

static void body_byte(plt_jpeg *j, uint8_t c)
{
    if (is_frame(j->marker) && j->at < sizeof j->head) j->head[j->at] = c;
    j->at++;
    if (--j->left) return;
    j->state = J_MARK;
    if (is_frame(j->marker) && j->at >= sizeof j->head) j->framed = true;
}

void plt_jpeg_feed(plt_jpeg *j, const uint8_t *p, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint8_t c = p[i];
        switch (j->state) {
        case J_MARK: j->state = c == 0xFF ? J_CODE : J_MARK; break;
        case J_CODE:
            if (c == 0xFF) break;
            j->marker = c;
            j->state = stands_alone(c) ? J_MARK : J_LEN1;
            break;
        case J_LEN1:
            j->left = (uint32_t)c << 8;
            j->state = J_LEN2;
            break;
        case J_LEN2:
            j->left |= c;
            j->left = j->left > 2 ? j->left - 2 : 0;
            j->at = 0;
            j->state = j->left ? J_BODY : J_MARK;
            break;
        default: body_byte(j, c); break;
        }
    }
}

plt_ink plt_jpeg_end(const plt_jpeg *j)
{
    return j->framed && j->head[5] == 1 ? PLT_INK_MONO : PLT_INK_UNKNOWN;
}

uint32_t plt_jpeg_height(const plt_jpeg *j)
{
    return j->framed ? (uint32_t)j->head[1] << 8 | j->head[2] : 0;
}

uint32_t plt_jpeg_width(const plt_jpeg *j)
{
    return j->framed ? (uint32_t)j->head[3] << 8 | j->head[4] : 0;
}
