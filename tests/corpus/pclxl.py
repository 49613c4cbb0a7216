# SPDX-License-Identifier: Apache-2.0
"""A small reader of PCL XL's binary binding, to compare a job with its grey version, operator by operator and pixel by pixel. It shares nothing with
the product. Only what Ghostscript's drivers send is understood; anything else is named."""

import struct

import kit
import rasters

SIZES = (1, 2, 4, 2, 4, 4)
FORMATS = "BHIhif"
COLOR_SPACE, PALETTE, GRAY_LEVEL, RGB_COLOR, HEIGHT, MAPPING, COMPRESS, WIDTH, PAD = 0x03, 0x06, 0x09, 0x0B, 0x63, 0x64, 0x65, 0x6C, 0x6E
SET_SPACE, BRUSH, PEN, PUSH, POP, BEGIN_PAGE, BEGIN_IMAGE, READ_IMAGE, BEGIN_PATTERN, READ_PATTERN = 0x6A, 0x63, 0x79, 0x61, 0x60, 0x43, 0xB0, 0xB1, 0xB3, 0xB4
RGB = (2, 6)


def operators(data):
    """(operator, {attribute: values}, the data behind it) one by one, of the first stream in the job."""
    at = data.index(b" HP-PCL XL;") - 1
    order = "<" if data[at:at + 1] == b")" else ">"
    at = data.index(b"\n", at) + 1
    attributes, value, last = {}, None, None
    while at < len(data) and data[at] != 0x1B:
        tag = data[at]
        at += 1
        if 0xC0 <= tag <= 0xE5 and tag % 16 < 6 or 0xC8 <= tag <= 0xCD:
            kind, n = tag % 8, 1 if tag < 0xC8 else {0xD: 2, 0xE: 4}.get(tag >> 4)
            if n is None:
                size = SIZES[data[at] - 0xC0]
                n, at = struct.unpack_from(order + FORMATS[data[at] - 0xC0], data, at + 1)[0], at + 1 + size
            value = struct.unpack_from(f"{order}{n}{FORMATS[kind]}", data, at)
            at += n * SIZES[kind]
        elif tag == 0xF8:
            attributes[data[at]] = value
            at += 1
        elif tag in (0xFA, 0xFB):
            size = 4 if tag == 0xFA else 1
            n = struct.unpack_from(order + ("I" if size == 4 else "B"), data, at)[0]
            last[2] = data[at + size:at + size + n]
            at += size + n
        elif 0x41 <= tag <= 0xBF:
            if last:
                yield tuple(last)
            last, attributes = [tag, attributes, b""], {}
        elif tag not in b"\0\t\n\v\f\r ":
            raise kit.Trouble(f"tag {tag:02X} in PCL XL")
    if last:
        yield tuple(last)


def runs(data, n):
    out, at = bytearray(), 0
    while at < len(data) and len(out) < n:
        code = data[at]
        at += 1
        if code < 128:
            out += data[at:at + code + 1]
            at += code + 1
        elif code > 128:
            out += data[at:at + 1] * (257 - code)
            at += 1
    return bytes(out)


def deltas(data, width, height):
    out, row, at = bytearray(), bytearray(width), 0
    for _ in range(height):
        end = at + 2 + data[at] + 256 * data[at + 1]
        at, x = at + 2, 0
        while at < end:
            count, offset = (data[at] >> 5) + 1, data[at] & 31
            at += 1
            x += offset
            while offset == 31 or offset == 255:
                offset, at = data[at], at + 1
                x += offset
            row[x:x + count] = data[at:at + count]
            at += count
            x += count
        out += row
    return bytes(out)


def pixels(image, block, parts):
    """The rows of a block of an image, without their padding."""
    (_, attributes, data), pad = block, block[1].get(PAD, (4,))[0]
    width, height = image[1][WIDTH][0] * parts, attributes[HEIGHT][0]
    row = (width + pad - 1) // pad * pad
    method = attributes.get(COMPRESS, (0,))[0]
    data = data if method == 0 else runs(data, row * height) if method == 1 else deltas(data, row, height)
    return [data[y * row:y * row + width] for y in range(height)]


def luma(values):
    return tuple(rasters.luma(values[i:i + 3]) for i in range(0, len(values), 3))


class State:
    def __init__(self):
        self.space, self.saved, self.image, self.rgb = 1, [], None, False


def same_color(before, after):
    """Is the brush, pen or space of `after` the luma of `before`?"""
    was, now = dict(before[1]), dict(after[1])
    if was.get(COLOR_SPACE, (0,))[0] in RGB:
        now[COLOR_SPACE] = was[COLOR_SPACE] if now[COLOR_SPACE] == (1,) else None
        if PALETTE in was and now.get(PALETTE) == luma(was[PALETTE]):
            now[PALETTE] = was[PALETTE]
    if RGB_COLOR in was:
        rgb, level = was.pop(RGB_COLOR), now.pop(GRAY_LEVEL, None)
        whole = all(isinstance(v, int) for v in rgb)
        want = rasters.luma(rgb) if whole else 0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2]
        if level is None or abs(level[0] - want) > (0 if whole else 1e-5):
            return False
    return was == now


def same(state, before, after):
    op = before[0]
    if op != after[0]:
        return False
    if op == BEGIN_PAGE:
        state.space, state.saved = 1, []
    if op == PUSH:
        state.saved.append(state.space)
    if op == POP and state.saved:
        state.space = state.saved.pop()
    if op == SET_SPACE:
        state.space = before[1][COLOR_SPACE][0]
    if op in (SET_SPACE, BRUSH, PEN):
        return same_color(before, after)
    if op in (BEGIN_IMAGE, BEGIN_PATTERN):
        state.image, state.rgb = before, state.space in RGB and before[1][MAPPING] == (0,)
    if op in (READ_IMAGE, READ_PATTERN) and state.rgb:
        return [bytes(luma(row)) for row in pixels(state.image, before, 3)] == pixels(state.image, after, 1)
    return before == after


def compare(before, after):
    """Words on what is wrong; "" when `after` is the grey version of `before`."""
    with open(before, "rb") as f:
        was = list(operators(f.read()))
    with open(after, "rb") as f:
        now = list(operators(f.read()))
    if len(was) != len(now):
        return f"{len(was)} operators became {len(now)}"
    state = State()
    for i, (a, b) in enumerate(zip(was, now)):
        if not same(state, a, b):
            return f"operator {i} ({a[0]:02X}) is not the grey version of what it was"
    return ""
