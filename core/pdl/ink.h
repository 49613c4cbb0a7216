/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Is it colour? One rule for all languages (docs/page-analysis.md): what is painted decides, white is no ink, and a triple whose components
 * differ by no more than rounding is grey. Every pixel counts: a coloured dot makes a coloured page. Pure, no state. Private to core/pdl.
 */
#ifndef PLATEN_CORE_PDL_INK_H
#define PLATEN_CORE_PDL_INK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is on a side, or on a part of it. BLANK < MONO < COLOR, so that the parts of a page add up by plt_ink_add. */
typedef enum plt_ink {
    PLT_INK_UNKNOWN = 0, /* not looked at, or it cannot be seen */
    PLT_INK_PLAIN = 1,   /* no colour; whether there is anything was not looked at */
    PLT_INK_BLANK = 2,
    PLT_INK_MONO = 3,
    PLT_INK_COLOR = 4,
} plt_ink;

/* A page of both: colour wins; then not knowing; then what is there. */
plt_ink plt_ink_add(plt_ink a, plt_ink b);

/* How far components of a grey may lie apart, of 255. */
#define PLT_INK_ROUNDING 2

/* Additive, 8 bits a component: 255 is white. */
plt_ink plt_ink_rgb(uint8_t r, uint8_t g, uint8_t b);
/* n bytes in rows of whole pixels. */
plt_ink plt_ink_rgb_row(const uint8_t *p, size_t n);
plt_ink plt_ink_gray_row(const uint8_t *p, size_t n, uint8_t white);
/* Subtractive, 0 is white. Only black, or equal parts of the three others, is mono. */
plt_ink plt_ink_cmyk(uint8_t c, uint8_t m, uint8_t y, uint8_t k);
plt_ink plt_ink_cmyk_row(const uint8_t *p, size_t n);
/* Components from 0 to 1 of operators: rgb additive, cmyk subtractive. */
plt_ink plt_ink_rgb_f(double r, double g, double b);
plt_ink plt_ink_cmyk_f(double c, double m, double y, double k);
/* Is any of n bytes other than `value`? */
bool plt_ink_any_but(const uint8_t *p, size_t n, uint8_t value);

#endif
