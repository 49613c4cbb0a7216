# SPDX-License-Identifier: Apache-2.0
"""A small reader of PWG and Apple raster, to compare a job with its grey version, pixel by pixel. It shares nothing with the product."""

import kit


def luma(pixel):
    if len(pixel) == 1:
        return pixel[0]
    r, g, b = pixel[:3]
    y = (77 * r + 150 * g + 29 * b + 128) >> 8
    return y if len(pixel) == 3 else max(0, 255 - y - pixel[3])


def be32(data, at):
    return int.from_bytes(data[at:at + 4], "big")


def rows(data, at, width, height, unit, white):
    """(runs of (count, pixel), how often, where it ends) of each row."""
    while height > 0:
        times, at, row, x = data[at] + 1, at + 1, [], 0
        while x < width:
            code = data[at]
            at += 1
            if code == 128:
                row.append((width - x, white))
                x = width
            elif code < 128:
                row.append((code + 1, data[at:at + unit]))
                at += unit
                x += code + 1
            else:
                row += [(1, data[at + k * unit:at + (k + 1) * unit]) for k in range(257 - code)]
                at += (257 - code) * unit
                x += 257 - code
        yield row, times, at
        height -= times


def pages(data):
    """(unit, rows) of each page of 8 bits a part."""
    urf = data[:7] == b"UNIRAST"
    if not urf and data[:4] != b"RaS2":
        raise kit.Trouble("neither PWG nor Apple raster")
    at, head = (12, 32) if urf else (4, 1796)
    while at + head <= len(data):
        where = (at + 12, at + 16) if urf else (at + 372, at + 376)
        width, height = be32(data, where[0]), be32(data, where[1])
        bits = data[at] if urf else be32(data, at + 388)
        if bits < 8:
            width, bits = (width * bits + 7) // 8, 8
        ink = bits == 32
        at += head
        page = []
        for row, times, end in rows(data, at, width, height, bits // 8, bytes([0 if ink else 255] * (bits // 8))):
            page.append((row, times))
            at = end
        yield bits // 8, page


def grey(row):
    out = []
    for count, pixel in row:
        y = luma(pixel)
        if out and out[-1][1] == y:
            out[-1][0] += count
        else:
            out.append([count, y])
    return out


def compare(before, after):
    """Words on what is wrong; "" when every pixel of `after` is the luma of that of `before`."""
    with open(before, "rb") as f:
        was = list(pages(f.read()))
    with open(after, "rb") as f:
        now = list(pages(f.read()))
    if len(was) != len(now):
        return f"{len(was)} pages became {len(now)}"
    for number, ((_, old), (unit, new)) in enumerate(zip(was, now), 1):
        if unit != 1:
            return f"page {number} still has {unit} bytes a pixel"
        if [t for _, t in old] != [t for _, t in new]:
            return f"the rows of page {number} repeat otherwise"
        for y, ((a, _), (b, _)) in enumerate(zip(old, new)):
            if grey(a) != grey(b):
                return f"page {number}: row {y} is not the luma of what it was"
    return ""
