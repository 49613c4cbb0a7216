/* SPDX-License-Identifier: Apache-2.0 */
/* Colours as the user set Windows (light, dark, high contrast), fonts as the system has them, sizes for the screen's resolution. */
#ifndef PLATEN_TRAY_THEME_H
#define PLATEN_TRAY_THEME_H

#include <windows.h>

#include <stdbool.h>

#include "tray/sheet.h"

typedef struct theme {
    UINT dpi;
    bool dark;
    COLORREF ground, text, soft, line, accent, accent_hot, on_accent;
    COLORREF field, edge, chosen; /* of edits and lists: ground, border, the chosen row */
    COLORREF dots[MOOD_PROBLEM + 1];
    HBRUSH brush, field_brush; /* of the ground, of edits and lists */
    HFONT body, strong, title;
} theme;

/* Owns brush and fonts; freed with theme_free, which is safe on a zeroed theme. */
void theme_make(theme *t, UINT dpi);
void theme_free(theme *t);
/* A length at 96 dpi on this screen. */
int theme_px(const theme *t, int at96);
/* The window's caption, as light or dark as the rest. */
void theme_frame(const theme *t, HWND window);

typedef enum shape { SHAPE_DOT, SHAPE_ROUNDED } shape;

/* Scroll bars and the like of a control, as dark as the rest. */
void theme_control(const theme *t, HWND control);
/* Fills a shape with smooth edges on the theme's ground. */
void theme_fill(const theme *t, HDC dc, const RECT *where, shape what, COLORREF fill);

#endif
