/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Prints pages of text and shapes through GDI, as an application does: CreateDC "WINSPOOL" with the queue's DEVMODE, changed as
 * asked, StartDoc, pages, EndDoc.
 *
 *   gdiprint QUEUE PAGES [DOCNAME] [--copies N] [--duplex long|short|none] [--color 0|1] [--paper N]
 */
#include <windows.h>

#include <winspool.h>

#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

static int fail(const char *what)
{
    printf("{\"ok\":0,\"what\":\"%s\",\"error\":%lu}\n", what, GetLastError());
    return 1;
}

static const wchar_t *option(int argc, wchar_t **argv, const wchar_t *name)
{
    for (int i = 1; i + 1 < argc; i++)
        if (wcscmp(argv[i], name) == 0) return argv[i + 1];
    return NULL;
}

/* The queue's own DEVMODE; NULL when the driver gives none. */
static DEVMODEW *queue_devmode(wchar_t *queue)
{
    HANDLE printer;
    if (!OpenPrinterW(queue, &printer, NULL)) return NULL;
    LONG n = DocumentPropertiesW(NULL, printer, queue, NULL, NULL, 0);
    DEVMODEW *d = n > 0 ? calloc(1, (size_t)n) : NULL;
    if (d && DocumentPropertiesW(NULL, printer, queue, d, NULL, DM_OUT_BUFFER) != IDOK) {
        free(d);
        d = NULL;
    }
    ClosePrinter(printer);
    return d;
}

static void change(DEVMODEW *d, int argc, wchar_t **argv)
{
    const wchar_t *copies = option(argc, argv, L"--copies"), *duplex = option(argc, argv, L"--duplex"), *color = option(argc, argv, L"--color"),
                  *paper = option(argc, argv, L"--paper");
    if (copies) {
        d->dmFields |= DM_COPIES;
        d->dmCopies = (short)wcstol(copies, NULL, 10);
    }
    if (duplex) {
        d->dmFields |= DM_DUPLEX;
        d->dmDuplex = *duplex == L'l' ? DMDUP_VERTICAL : *duplex == L's' ? DMDUP_HORIZONTAL : DMDUP_SIMPLEX;
    }
    if (color) {
        d->dmFields |= DM_COLOR;
        d->dmColor = *color == L'1' ? DMCOLOR_COLOR : DMCOLOR_MONOCHROME;
    }
    if (paper) {
        d->dmFields |= DM_PAPERSIZE;
        d->dmPaperSize = (short)wcstol(paper, NULL, 10);
    }
}

static void draw(HDC dc, int page, int pages, const wchar_t *name)
{
    wchar_t text[160];
    int w = GetDeviceCaps(dc, HORZRES), h = GetDeviceCaps(dc, VERTRES), dpi = GetDeviceCaps(dc, LOGPIXELSY);
    HFONT font = CreateFontW(-dpi / 3, 0, 0, 0, FW_NORMAL, 0, 0, 0, DEFAULT_CHARSET, 0, 0, 0, 0, L"DejaVu Sans");
    HBRUSH brush = CreateSolidBrush(RGB(200, page * 40 % 256, 60));
    HGDIOBJ old_font = SelectObject(dc, font), old_brush = SelectObject(dc, brush);
    swprintf(text, 160, L"%ls: page %d of %d", name, page, pages);
    TextOutW(dc, w / 10, h / 10, text, (int)wcslen(text));
    Rectangle(dc, w / 10, h / 4, w / 2, h / 2);
    Ellipse(dc, w / 2, h / 2, w - w / 10, h - h / 4);
    MoveToEx(dc, 0, 0, NULL);
    LineTo(dc, w, h);
    SelectObject(dc, old_font);
    SelectObject(dc, old_brush);
    DeleteObject(font);
    DeleteObject(brush);
}

int wmain(int argc, wchar_t **argv); /* the C runtime calls it; no header declares it */

int wmain(int argc, wchar_t **argv)
{
    const wchar_t *name = argc > 3 && argv[3][0] != L'-' ? argv[3] : L"gdiprint";
    if (argc < 3) {
        fprintf(stderr, "usage: gdiprint QUEUE PAGES [DOCNAME] [--copies N] [--duplex long|short|none] [--color 0|1] [--paper N]\n");
        return 2;
    }
    int pages = (int)wcstol(argv[2], NULL, 10);
    DEVMODEW *mode = queue_devmode(argv[1]);
    if (!mode) return fail("DocumentProperties");
    change(mode, argc, argv);
    HDC dc = CreateDCW(L"WINSPOOL", argv[1], NULL, mode);
    if (!dc) return fail("CreateDC");
    DOCINFOW doc = {.cbSize = sizeof doc, .lpszDocName = name};
    int job = StartDocW(dc, &doc);
    if (job <= 0) return fail("StartDoc");
    for (int i = 1; i <= pages; i++) {
        if (StartPage(dc) <= 0) return fail("StartPage");
        draw(dc, i, pages, name);
        if (EndPage(dc) <= 0) return fail("EndPage");
    }
    if (EndDoc(dc) <= 0) return fail("EndDoc");
    DeleteDC(dc);
    free(mode);
    printf("{\"ok\":1,\"job\":%d,\"pages\":%d}\n", job, pages);
    return 0;
}
