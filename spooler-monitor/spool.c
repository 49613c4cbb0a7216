/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the spooler knows of a job, and what we tell it. Printer handles are not thread safe: each call opens its own and closes it.
 * Under Wine a monitor is given neither printer nor job and these calls would do nothing good: no handle is opened then.
 */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "core/util/text.h"
#include "spooler-monitor/platenmon.h"

#define INFO_MAX (1u << 20) /* JOB_INFO with all its texts and the DEVMODE */
#define TEXT_MAX 8192       /* UTF-16 units of one text; the protocol cuts at half of it */
#define STATUS_MAX 256

char *spool_utf8(const WCHAR *s)
{
    if (!s) return NULL;
    int units = (int)wcsnlen(s, TEXT_MAX);
    int bytes = units ? WideCharToMultiByte(CP_UTF8, 0, s, units, NULL, 0, NULL, NULL) : 0;
    char *out = malloc((size_t)bytes + 1);
    if (!out) return NULL;
    if (bytes) bytes = WideCharToMultiByte(CP_UTF8, 0, s, units, out, bytes, NULL, NULL);
    out[bytes] = 0;
    return out;
}

/* Keeps a copy with the facts; "" is no fact. */
static const char *keep(spool_facts *f, const WCHAR *s)
{
    if (!s || !*s || f->texts == sizeof f->text / sizeof f->text[0]) return NULL;
    char *copy = spool_utf8(s);
    if (copy) f->text[f->texts++] = copy;
    return copy;
}

static HANDLE printer_open(const WCHAR *printer, DWORD job)
{
    WCHAR name[1024];
    HANDLE h = NULL;
    if (!printer || !job || wcsnlen(printer, 1024) >= 1024) return NULL;
    wmemcpy(name, printer, wcslen(printer) + 1); /* the function takes no const */
    return OpenPrinterW(name, &h, NULL) ? h : NULL;
}

/* JOB_INFO of a level, to be freed; NULL when the spooler does not say. */
static void *job_info(HANDLE h, DWORD job, DWORD level)
{
    DWORD needed = 0;
    GetJobW(h, job, level, NULL, 0, &needed);
    for (int tries = 0; tries < 3; tries++) { /* it may grow in between */
        DWORD size = needed;
        if (size < sizeof(JOB_INFO_1W) || size > INFO_MAX) return NULL;
        void *info = malloc(size);
        if (info && GetJobW(h, job, level, info, size, &needed)) return info;
        free(info);
        if (!info || GetLastError() != ERROR_INSUFFICIENT_BUFFER) return NULL;
    }
    return NULL;
}

static const WCHAR *paper_name(short paper)
{
    static const struct {
        short number;
        const WCHAR *name;
    } known[] = {{DMPAPER_LETTER, L"Letter"},
                 {DMPAPER_LEGAL, L"Legal"},
                 {DMPAPER_TABLOID, L"Tabloid"},
                 {DMPAPER_LEDGER, L"Ledger"},
                 {DMPAPER_EXECUTIVE, L"Executive"},
                 {DMPAPER_A3, L"A3"},
                 {DMPAPER_A4, L"A4"},
                 {DMPAPER_A5, L"A5"},
                 {DMPAPER_A6, L"A6"},
                 {DMPAPER_B4, L"B4"},
                 {DMPAPER_B5, L"B5"},
                 {DMPAPER_ENV_DL, L"DL"},
                 {DMPAPER_ENV_C5, L"C5"},
                 {DMPAPER_ENV_10, L"Com10"}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (known[i].number == paper) return known[i].name;
    return NULL;
}

/* A DEVMODE says what it holds in dmFields, and how long it is in dmSize: the form's name is not in the oldest ones. */
static void take_devmode(spool_facts *f, const DEVMODEW *d)
{
    WCHAR form[CCHFORMNAME + 1];
    const WCHAR *paper = NULL;
    if (!d || d->dmSize < offsetof(DEVMODEW, dmFormName)) return;
    if (d->dmFields & DM_COPIES && d->dmCopies > 0) f->facts.copies = (uint32_t)d->dmCopies;
    if (d->dmFields & DM_COLOR && (d->dmColor == DMCOLOR_MONOCHROME || d->dmColor == DMCOLOR_COLOR)) f->facts.color = (uint32_t)d->dmColor;
    if (d->dmFields & DM_DUPLEX && d->dmDuplex >= DMDUP_SIMPLEX && d->dmDuplex <= DMDUP_HORIZONTAL) f->facts.duplex = d->dmDuplex - DMDUP_SIMPLEX;
    if (d->dmFields & DM_PAPERSIZE) paper = paper_name(d->dmPaperSize);
    if (!paper && d->dmFields & DM_FORMNAME && d->dmSize >= offsetof(DEVMODEW, dmFormName) + sizeof d->dmFormName) {
        wmemcpy(form, d->dmFormName, CCHFORMNAME);
        form[CCHFORMNAME] = 0;
        paper = form;
    }
    f->facts.paper = keep(f, paper);
}

/* Without a spooler's job the printing program is this process: its user and machine are the job's. The environment says the name of the
   machine without a way into the system, which the first byte would wait for. */
static void take_process(spool_facts *f)
{
    WCHAR name[256];
    DWORD n = 256;
    if (GetUserNameW(name, &n)) f->facts.user = keep(f, name);
    n = GetEnvironmentVariableW(L"COMPUTERNAME", name, 256);
    if (n && n < 256) f->facts.machine = keep(f, name);
}

/* The spooler prints a job with its owner's token on the thread. That of another machine's user, or none, has no session here: 0. */
static uint32_t session_of_thread(void)
{
    HANDLE token;
    DWORD session = 0, n;
    if (!OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, TRUE, &token)) return 0;
    if (!GetTokenInformation(token, TokenSessionId, &session, sizeof session, &n)) session = 0;
    CloseHandle(token);
    return session;
}

static bool take_job(spool_facts *f, const WCHAR *printer, DWORD job)
{
    HANDLE h = printer_open(printer, job);
    JOB_INFO_2W *info = h ? job_info(h, job, 2) : NULL;
    if (info) {
        const WCHAR *machine = info->pMachineName;
        while (machine && *machine == L'\\') machine++;
        f->facts.document = keep(f, info->pDocument);
        f->facts.user = keep(f, info->pUserName);
        f->facts.machine = keep(f, machine);
        f->facts.datatype = keep(f, info->pDatatype);
        take_devmode(f, info->pDevMode);
    }
    free(info);
    if (h) ClosePrinter(h);
    return info != NULL;
}

void spool_collect(spool_facts *f, const WCHAR *port_name, const WCHAR *printer, DWORD job, const DOC_INFO_1W *doc)
{
    memset(f, 0, sizeof *f);
    f->facts.duplex = -1;
    f->facts.port = keep(f, port_name);
    f->facts.queue = keep(f, printer);
    f->facts.job_id = job;
    f->facts.session = session_of_thread();
    if (!take_job(f, printer, job) && !job) take_process(f);
    if (!f->facts.document) f->facts.document = keep(f, doc->pDocName);
    if (!f->facts.datatype) f->facts.datatype = keep(f, doc->pDatatype);
}

void spool_facts_free(spool_facts *f)
{
    while (f->texts) free(f->text[--f->texts]);
}

bool spool_cancelled(const WCHAR *printer, DWORD job)
{
    HANDLE h = printer_open(printer, job);
    JOB_INFO_1W *info = h ? job_info(h, job, 1) : NULL;
    bool gone = info && info->Status & (JOB_STATUS_DELETING | JOB_STATUS_DELETED);
    free(info);
    if (h) ClosePrinter(h);
    return gone;
}

void spool_sent(const WCHAR *printer, DWORD job)
{
    HANDLE h = printer_open(printer, job);
    if (!h) return;
    SetJobW(h, job, 0, NULL, JOB_CONTROL_SENT_TO_PRINTER);
    ClosePrinter(h);
}

void spool_refuse(const WCHAR *printer, DWORD job, const char *message)
{
    WCHAR text[STATUS_MAX];
    HANDLE h = printer_open(printer, job);
    JOB_INFO_1W *info = h ? job_info(h, job, 1) : NULL;
    if (info) {
        int n = MultiByteToWideChar(CP_UTF8, 0, message, (int)plt_utf8_cut(message, strlen(message), STATUS_MAX - 1), text, STATUS_MAX - 1);
        text[n > 0 ? n : 0] = 0;
        info->pStatus = text;
        info->Position = JOB_POSITION_UNSPECIFIED; /* anything else needs more rights */
        SetJobW(h, job, 1, (BYTE *)info, 0);
    }
    if (h) SetJobW(h, job, 0, NULL, JOB_CONTROL_DELETE);
    free(info);
    if (h) ClosePrinter(h);
}
