/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reports as data: a table says what each report is (its columns, where its figures come from, the list of the rows behind them); one runner makes
 * any of them from the roll-ups or from what was read of devices, never from single jobs. docs/reports.md.
 */
#ifndef PLATEN_HUB_REPORT_H
#define PLATEN_HUB_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/util/buf.h"
#include "hub/store.h"

#define HUB_REPORT_COLUMNS 16
#define HUB_REPORT_ROWS 5000
#define HUB_REPORT_ID 17
#define HUB_REPORT_DAYS 1100 /* of a trend */
#define HUB_NOT_KNOWN INT64_MIN

typedef enum hub_cell_kind {
    HUB_CELL_TEXT,
    HUB_CELL_WORD, /* of hub/report_words.h */
    HUB_CELL_COUNT,
    HUB_CELL_RATE,  /* ten-thousandths: 2500 is a quarter */
    HUB_CELL_MILLI, /* thousandths of the column's unit */
    HUB_CELL_MONEY, /* millionths; the currency is a column of its own */
    HUB_CELL_TIME,  /* Unix ms */
} hub_cell_kind;

/* Where a cell of a roll-up's row comes from. */
typedef enum hub_measure {
    HUB_M_NONE, /* the report's own filler knows */
    HUB_M_NAME,
    HUB_M_PART1, /* of a name in parts (HUB_USAGE_BORDER) */
    HUB_M_PART2,
    HUB_M_PART3,
    HUB_M_JOBS,
    HUB_M_PAGES,
    HUB_M_COLOR_PAGES,
    HUB_M_SHEETS,
    HUB_M_COLOR_RATE,
    HUB_M_DUPLEX_PAGES,
    HUB_M_DUPLEX_RATE,
    HUB_M_SAVED, /* sheets: a side each, less what both sides took */
    HUB_M_COST,
    HUB_M_UNPRICED,
    HUB_M_TREES,
    HUB_M_CO2,
    HUB_M_WATER,
    HUB_M_BEFORE, /* pages of the period before */
} hub_measure;

typedef struct hub_column {
    const char *id; /* NULL ends a list */
    hub_cell_kind kind;
    const char *unit; /* NULL none */
    hub_measure measure;
} hub_column;

/* A number, or HUB_NOT_KNOWN; of a text where it begins in the report's texts. */
typedef int64_t hub_cell;

typedef struct hub_report_query {
    int64_t scope;
    int64_t from, to; /* Unix ms; whole days (UTC) */
    int64_t now;
    uint32_t budget_ms;
    const char *group;  /* of devices, for reports that know them; NULL: any device */
    const char *people; /* a group of the tenant `scope`, for reports that know people; NULL: everybody */
} hub_report_query;

typedef struct hub_day {
    int64_t at, pages; /* Unix ms of the day's or month's beginning */
} hub_day;

typedef struct hub_report hub_report;

typedef struct hub_report_spec {
    const char *name; /* its route, behind /api/v1/reports/, says the right that it takes */
    bool state;       /* tells how things are now: the period says nothing */
    bool by_device;   /* may be asked for one group of devices */
    bool by_person;   /* ... for one group of people */
    const hub_column *columns;
    plt_status (*fill)(hub_report *r, hub_store *s);
    /* Of roll-ups */
    hub_usage_kind kind;
    bool by_tenant;
    bool (*wanted)(const char *name); /* NULL: all */
    /* Where the rows behind a row's figures are listed, as a path of the console and of the API behind /api/v1; {1} to {3} are columns' texts,
       {from} and {to} the period, {id} the row's id. NULL: nowhere but here. */
    const char *link;
} hub_report_spec;

struct hub_report {
    const hub_report_spec *spec;
    hub_report_query q;
    size_t columns;
    hub_cell *cells; /* owned: rows times columns */
    size_t rows, cap;
    plt_buf texts; /* each with its terminator */
    plt_buf ids;   /* of the rows, for links that need one: HUB_REPORT_ID bytes each */
    bool more;     /* there were more rows than HUB_REPORT_ROWS */
    bool months;   /* the trend is by month */
    bool has_total;
    hub_cell total[HUB_REPORT_COLUMNS];
    int64_t before_from, before_pages; /* the period before ends where this one begins; pages HUB_NOT_KNOWN: not compared */
    hub_day *days;                     /* owned */
    size_t day_count;
    plt_status status;
};

/* NULL past the end. */
const hub_report_spec *hub_reports(size_t at);
const hub_report_spec *hub_report_find(const char *name);

/* Fills r, which is freed with hub_report_free() in any case. */
plt_status hub_report_run(hub_report *r, hub_store *s, const hub_report_spec *spec, const hub_report_query *q);
void hub_report_free(hub_report *r);

/* For fillers: a new row, all of it not known; NULL when there is no room. Borrowed until the next. */
hub_cell *hub_report_row(hub_report *r);
hub_cell hub_report_text(hub_report *r, const char *v);

/* The roll-ups of the report's kind over a period; where the period before begins. */
hub_usage_query hub_report_usage(const hub_report *r, int64_t from, int64_t to);
int64_t hub_report_before(const hub_report *r);

/* Of a cell of kind text or word. Borrowed from the report. */
const char *hub_report_text_of(const hub_report *r, hub_cell c);
/* The row's link with its names put in, appended to out; nothing where there is none. */
void hub_report_link(const hub_report *r, size_t row, plt_buf *out);

/* Appends v; what is not unreserved (RFC 3986) is escaped. */
void hub_report_escape(plt_buf *b, const char *v);

/* report_usage.c, report_devices.c: fillers. */
plt_status hub_fill_usage(hub_report *r, hub_store *s);
plt_status hub_fill_meters(hub_report *r, hub_store *s);
plt_status hub_fill_devices(hub_report *r, hub_store *s);
plt_status hub_fill_supplies(hub_report *r, hub_store *s);
plt_status hub_fill_agents(hub_report *r, hub_store *s);
plt_status hub_fill_device_groups(hub_report *r, hub_store *s); /* report_groups.c */
plt_status hub_fill_people_groups(hub_report *r, hub_store *s); /* report_people.c */

/* report_csv.c and the like: the forms of a report, appended to out. */
void hub_report_json(const hub_report *r, plt_buf *out);
void hub_report_csv(const hub_report *r, plt_buf *out);
plt_status hub_report_pdf(const hub_report *r, int language, const char *whose, plt_buf *out);

#endif
