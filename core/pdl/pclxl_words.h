/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What PCL XL's binary bindings are made of (HP PCL XL Feature Reference, protocol class 1.1 to 3.0): tags, types, attributes, operators. For the
 * two that walk them: the analysis (core/pdl) and the conversion (core/convert).
 */
#ifndef PLATEN_CORE_PDL_PCLXL_WORDS_H
#define PLATEN_CORE_PDL_PCLXL_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Data tags, Feature Reference 2.3. */
enum {
    TAG_SCALAR = 0xC0,
    TAG_ARRAY = 0xC8,
    TAG_PAIR = 0xD0,
    TAG_QUAD = 0xE0,
    TAG_ATTR8 = 0xF8,
    TAG_ATTR16 = 0xF9,
    TAG_DATA32 = 0xFA,
    TAG_DATA8 = 0xFB,
};

/* Data types; a value's tag is one of the first four and its type. */
enum { XL_U8, XL_U16, XL_U32, XL_S16, XL_S32, XL_REAL, XL_TYPES };
static const uint8_t xl_type_size[XL_TYPES] = {1, 2, 4, 2, 4, 4};

static inline uint32_t xl_read(bool little, const uint8_t *p, size_t size)
{
    uint32_t v = 0;
    for (size_t i = 0; i < size; i++) v = v << 8 | p[little ? size - 1 - i : i];
    return v;
}

/* Attribute identifiers, Feature Reference appendix G. */
enum {
    XL_PALETTE_DEPTH = 0x02,
    XL_COLOR_SPACE = 0x03,
    XL_NULL_BRUSH = 0x04,
    XL_NULL_PEN = 0x05,
    XL_PALETTE_DATA = 0x06,
    XL_PATTERN_SELECT = 0x08,
    XL_GRAY_LEVEL = 0x09,
    XL_RGB_COLOR = 0x0B,
    XL_PRIMARY_ARRAY = 0x0E,
    XL_MEDIA_SIZE = 0x25,
    XL_MEDIA_SOURCE = 0x26,
    XL_ROP3 = 0x2C,
    XL_CUSTOM_SIZE = 0x2F,
    XL_CUSTOM_UNITS = 0x30,
    XL_PAGE_COPIES = 0x31,
    XL_SIMPLEX = 0x34,
    XL_DUPLEX = 0x35,
    XL_DUPLEX_SIDE = 0x36,
    XL_POINTS = 0x4D,
    XL_COLOR_DEPTH = 0x62,
    XL_BLOCK_HEIGHT = 0x63,
    XL_COLOR_MAPPING = 0x64,
    XL_COMPRESS = 0x65,
    XL_PATTERN_ID = 0x69,
    XL_SOURCE_WIDTH = 0x6C,
    XL_PAD = 0x6E,
    XL_VU_EXTENSION = 0x91,
    XL_VU_LENGTH = 0x92,
};

/* Operators, Feature Reference appendix F. */
enum {
    OP_FIRST = 0x41,
    OP_BEGIN_SESSION = 0x41,
    OP_END_SESSION = 0x42,
    OP_BEGIN_PAGE = 0x43,
    OP_END_PAGE = 0x44,
    OP_VENDOR = 0x46,
    OP_DEFAULT_GS = 0x57,
    OP_READ_STREAM = 0x5D,
    OP_EXEC_STREAM = 0x5E,
    OP_POP_GS = 0x60,
    OP_PUSH_GS = 0x61,
    OP_BRUSH = 0x63,
    OP_COLOR_SPACE = 0x6A,
    OP_CURSOR = 0x6B,
    OP_CURSOR_REL = 0x6C,
    OP_PEN = 0x79,
    OP_ROP = 0x7B,
    OP_CLOSE_PATH = 0x84,
    OP_NEW_PATH = 0x85,
    OP_PAINT_PATH = 0x86,
    OP_CHORD = 0x97,
    OP_ELLIPSE = 0x99,
    OP_PIE = 0x9E,
    OP_RECTANGLE = 0xA0,
    OP_ROUND_RECTANGLE = 0xA2,
    OP_TEXT = 0xA8,
    OP_TEXT_PATH = 0xA9,
    OP_BEGIN_IMAGE = 0xB0,
    OP_READ_IMAGE = 0xB1,
    OP_END_IMAGE = 0xB2,
    OP_BEGIN_PATTERN = 0xB3,
    OP_READ_PATTERN = 0xB4,
    OP_END_PATTERN = 0xB5,
    OP_SCAN_LINE = 0xB9,
    OP_PASSTHROUGH = 0xBF,
    OP_LAST = 0xBF,
};

/* Of an image's rows, CompressMode. */
enum { METHOD_RAW, METHOD_RLE, METHOD_JPEG, METHOD_DELTA };

#endif
