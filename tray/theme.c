/* SPDX-License-Identifier: Apache-2.0 */
/* Looks. The colours are the console's (hub/console/src/styles/tokens.css), so that both are seen to belong together. */
#include "tray/theme.h"

#include <dwmapi.h>
#include <uxtheme.h>

#include <string.h>

#define SMOOTH 4 /* shapes are drawn so much larger and made smaller */
/* DWMWA_USE_IMMERSIVE_DARK_MODE, since Windows 10 20H1; not in every SDK, and refused without harm by older systems. */
#define FRAME_DARK 20

static bool wants_dark(void)
{
    DWORD light = 1, n = sizeof light;
    RegGetValueW(HKEY_CURRENT_USER, L"Software\\Microsoft\\Windows\\CurrentVersion\\Themes\\Personalize", L"AppsUseLightTheme", RRF_RT_REG_DWORD,
                 NULL, &light, &n);
    return light == 0;
}

static bool high_contrast(void)
{
    HIGHCONTRASTW h = {.cbSize = sizeof h};
    return SystemParametersInfoW(SPI_GETHIGHCONTRAST, sizeof h, &h, 0) && (h.dwFlags & HCF_HIGHCONTRASTON);
}

static void colours_light(theme *t)
{
    t->ground = RGB(0xff, 0xff, 0xff);
    t->text = RGB(0x18, 0x22, 0x26);
    t->soft = RGB(0x45, 0x53, 0x5a);
    t->line = RGB(0xdd, 0xe3, 0xe5);
    t->accent = RGB(0x0b, 0x63, 0x70);
    t->accent_hot = RGB(0x08, 0x4c, 0x56);
    t->on_accent = RGB(0xff, 0xff, 0xff);
    t->field = RGB(0xff, 0xff, 0xff);
    t->edge = RGB(0x8a, 0x97, 0x9d);
    t->chosen = RGB(0xdd, 0xee, 0xf0);
    t->dots[MOOD_GOOD] = RGB(0x1d, 0x8a, 0x52);
    t->dots[MOOD_WAITING] = RGB(0xe3, 0x9a, 0x12);
    t->dots[MOOD_PROBLEM] = RGB(0xc4, 0x26, 0x2e);
}

static void colours_dark(theme *t)
{
    t->ground = RGB(0x17, 0x1d, 0x20);
    t->text = RGB(0xe5, 0xeb, 0xed);
    t->soft = RGB(0xae, 0xba, 0xc0);
    t->line = RGB(0x2a, 0x34, 0x39);
    t->accent = RGB(0x5f, 0xc9, 0xd3);
    t->accent_hot = RGB(0x8a, 0xdf, 0xe6);
    t->on_accent = RGB(0x06, 0x25, 0x2a);
    t->field = RGB(0x1f, 0x27, 0x2b);
    t->edge = RGB(0x6b, 0x7a, 0x81);
    t->chosen = RGB(0x1f, 0x41, 0x47);
    t->dots[MOOD_GOOD] = RGB(0x4c, 0xc5, 0x85);
    t->dots[MOOD_WAITING] = RGB(0xf2, 0xc0, 0x69);
    t->dots[MOOD_PROBLEM] = RGB(0xff, 0x7b, 0x7b);
}

/* The user's own colours and no others. */
static void colours_system(theme *t)
{
    t->ground = GetSysColor(COLOR_WINDOW);
    t->text = t->soft = t->line = GetSysColor(COLOR_WINDOWTEXT);
    t->accent = t->accent_hot = GetSysColor(COLOR_HIGHLIGHT);
    t->on_accent = GetSysColor(COLOR_HIGHLIGHTTEXT);
    t->field = t->chosen = t->ground; /* the chosen row has its focus frame and its mark */
    t->edge = t->text;
    for (int i = 0; i <= MOOD_PROBLEM; i++) t->dots[i] = t->text;
}

static HFONT font(const LOGFONTW *base, int percent, LONG weight)
{
    LOGFONTW f = *base;
    f.lfHeight = MulDiv(f.lfHeight, percent, 100);
    if (weight > f.lfWeight) f.lfWeight = weight;
    return CreateFontIndirectW(&f);
}

void theme_make(theme *t, UINT dpi)
{
    NONCLIENTMETRICSW m = {.cbSize = sizeof m};
    memset(t, 0, sizeof *t);
    t->dpi = dpi ? dpi : USER_DEFAULT_SCREEN_DPI;
    t->dark = wants_dark();
    if (high_contrast())
        colours_system(t);
    else if (t->dark)
        colours_dark(t);
    else
        colours_light(t);
    t->brush = CreateSolidBrush(t->ground);
    t->field_brush = CreateSolidBrush(t->field);
    if (!SystemParametersInfoForDpi(SPI_GETNONCLIENTMETRICS, sizeof m, &m, 0, t->dpi))
        SystemParametersInfoW(SPI_GETNONCLIENTMETRICS, sizeof m, &m, 0);
    t->body = font(&m.lfMessageFont, 100, FW_NORMAL);
    t->strong = font(&m.lfMessageFont, 100, FW_SEMIBOLD);
    t->title = font(&m.lfMessageFont, 155, FW_SEMIBOLD);
}

void theme_free(theme *t)
{
    HGDIOBJ all[] = {t->brush, t->field_brush, t->body, t->strong, t->title};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (all[i]) DeleteObject(all[i]);
    memset(t, 0, sizeof *t);
}

int theme_px(const theme *t, int at96)
{
    return MulDiv(at96, (int)t->dpi, USER_DEFAULT_SCREEN_DPI);
}

void theme_frame(const theme *t, HWND window)
{
    BOOL dark = t->dark;
    DwmSetWindowAttribute(window, FRAME_DARK, &dark, sizeof dark);
}

void theme_control(const theme *t, HWND control)
{
    SetWindowTheme(control, t->dark ? L"DarkMode_Explorer" : L"Explorer", NULL);
}

void theme_fill(const theme *t, HDC dc, const RECT *where, shape what, COLORREF fill)
{
    int w = where->right - where->left, h = where->bottom - where->top, r = theme_px(t, 4) * 2 * SMOOTH;
    RECT big = {0, 0, w * SMOOTH, h * SMOOTH};
    HDC mem = CreateCompatibleDC(dc);
    HBITMAP map = mem ? CreateCompatibleBitmap(dc, big.right, big.bottom) : NULL;
    if (map) {
        HGDIOBJ old_map = SelectObject(mem, map), old_pen = SelectObject(mem, GetStockObject(NULL_PEN));
        HBRUSH brush = CreateSolidBrush(fill);
        FillRect(mem, &big, t->brush);
        HGDIOBJ old_brush = SelectObject(mem, brush);
        if (what == SHAPE_DOT)
            Ellipse(mem, 0, 0, big.right + 1, big.bottom + 1);
        else
            RoundRect(mem, 0, 0, big.right + 1, big.bottom + 1, r, r);
        SetStretchBltMode(dc, HALFTONE);
        SetBrushOrgEx(dc, 0, 0, NULL);
        StretchBlt(dc, where->left, where->top, w, h, mem, 0, 0, big.right, big.bottom, SRCCOPY);
        SelectObject(mem, old_brush);
        SelectObject(mem, old_pen);
        SelectObject(mem, old_map);
        DeleteObject(brush);
        DeleteObject(map);
    }
    if (mem) DeleteDC(mem);
}
