/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What all windows of the tray have in common: labels that wrap, rows of label and value, buttons, lines. Texts are static controls, so that screen
 * readers find them. Labels and controls stand in their reading order: what stands before a field names it.
 */
#ifndef PLATEN_TRAY_PANEL_H
#define PLATEN_TRAY_PANEL_H

#include "tray/theme.h"

#define PANEL_LABELS (2 * SHEET_ROWS + 12)

/* Lengths at 96 dpi. */
enum { MARGIN = 20, MARK = 36, GAP = 12, ROW_GAP = 6, BUTTON_WIDTH = 96, BUTTON_HEIGHT = 30, EDGE = 12 };
/* Identifiers of labels tell their colour. */
enum { ID_TEXT = 100, ID_SOFT, ID_WRONG };

typedef struct panel {
    HWND handle;
    int width; /* of the client area, at 96 dpi */
    theme look;
    HICON mark;
    HWND labels[PANEL_LABELS];
    size_t count;
    bool held;    /* painting waits for the end of the layout */
    int lines[2]; /* y of the lines that part the blocks; 0: none */
} panel;

typedef enum face { FACE_MAIN, FACE_PLAIN, FACE_LINK } face;

/* A window class with Platen's icon; false when there can be none. */
bool panel_class(const wchar_t *name, WNDPROC on_message);
/* A tab stop that is drawn by panel_button. `more` are styles. */
HWND panel_add_button(panel *p, int id, const wchar_t *text, DWORD more);

/* Fonts and colours for this resolution. */
void panel_restyle(panel *p, UINT dpi);
void panel_free(panel *p);

/* Takes all labels away; layout begins. */
void panel_begin(panel *p);
/* Shows what was laid out: a window of this height, in the corner by the notification area or where its lower right corner is. */
void panel_end(panel *p, int height, bool first);

SIZE panel_measure(const panel *p, HFONT font, const wchar_t *text, int width);
/* One text in a rectangle; gives the y below it. `more` is a static control's style. */
int panel_put(panel *p, const wchar_t *text, HFONT font, int id, const RECT *at, DWORD more);
/* A text that wraps, from x to the right margin; gives the y below it. */
int panel_block(panel *p, const wchar_t *text, HFONT font, int id, int x, int y);
/* The sheet's rows, with lines between the blocks; gives the y below them. */
int panel_rows(panel *p, const sheet *content, int y);
/* Puts a control at its place, next in the reading order. An empty rectangle hides it. */
void panel_control(panel *p, HWND control, const RECT *at);
/* Width that a button needs. */
int panel_button_width(const panel *p, const wchar_t *text, face f);

/* Ground and lines; the caller's painting goes between it and EndPaint. */
void panel_paint(panel *p, HDC dc, const RECT *where);
void panel_button(const panel *p, const DRAWITEMSTRUCT *d, face f, const wchar_t *text);
void panel_focus(const panel *p, const DRAWITEMSTRUCT *d, COLORREF colour);
/* Answers WM_CTLCOLORSTATIC, ...EDIT, ...LISTBOX, ...BTN. */
LRESULT panel_colour(const panel *p, UINT message, HDC dc, HWND control);

#endif
