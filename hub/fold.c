/* SPDX-License-Identifier: Apache-2.0 */
/* Simple case folding of two-byte letters (Unicode CaseFolding.txt, status C). Every pair has the same length in UTF-8. */
#include "hub/fold.h"

static uint32_t fold(uint32_t c)
{
    if ((c >= 0xC0 && c <= 0xDE && c != 0xD7) || (c >= 0x391 && c <= 0x3AB && c != 0x3A2) || (c >= 0x410 && c <= 0x42F)) return c + 32;
    if (c >= 0x400 && c <= 0x40F) return c + 80;
    /* Latin Extended-A is pairs; where it starts an odd one, and which of a pair is the capital, changes twice. */
    if ((c >= 0x100 && c <= 0x137 && c != 0x130) || (c >= 0x14A && c <= 0x177)) return c | 1;
    if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E)) return c + (c & 1);
    return c == 0x178 ? 0xFF : c;
}

void hub_fold(plt_buf *out, const char *s)
{
    for (; *s; s++) {
        unsigned char a = (unsigned char)s[0], b = (unsigned char)s[1];
        if (a >= 'A' && a <= 'Z') {
            plt_buf_byte(out, (uint8_t)(a + 32));
        } else if (a >= 0xC3 && a <= 0xDF && (b & 0xC0) == 0x80) {
            uint32_t c = fold((uint32_t)(a & 0x1F) << 6 | (b & 0x3F));
            plt_buf_byte(out, (uint8_t)(0xC0 | c >> 6));
            plt_buf_byte(out, (uint8_t)(0x80 | (c & 0x3F)));
            s++;
        } else {
            plt_buf_byte(out, a);
        }
    }
}
