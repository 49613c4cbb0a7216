/* SPDX-License-Identifier: Apache-2.0 */
/* Files of page headers, each followed by the page's pixels: PWG and CUPS raster, Apple raster. Private to these languages. */
#ifndef PLATEN_CORE_PDL_RASTER_JOB_H
#define PLATEN_CORE_PDL_RASTER_JOB_H

#include "core/pdl/lang.h"
#include "core/pdl/paper.h"
#include "core/pdl/raster_rle.h"

#define RASTER_HEAD_MAX 1796
#define RASTER_ROWS_MAX (1u << 24) /* larger numbers of rows, or of bytes in one, are no page */
#define RASTER_ROW_BYTES_MAX (1u << 28)
#define RASTER_COPIES_MAX 9999

typedef struct raster_job raster_job;

/* A file's format. */
typedef struct raster_format {
    size_t sign_n;                /* at the file's start; the same again is another file behind it */
    bool (*sign)(raster_job *s);  /* the first sign_n bytes of head */
    size_t start_n;               /* bytes before the first page header, the sign included */
    void (*start)(raster_job *s); /* NULL, or takes them */
    bool (*header)(raster_job *s);
} raster_format;

struct raster_job {
    plt_pdl_host *host;
    const raster_format *format;
    enum { RASTER_START, RASTER_HEADER, RASTER_DATA, RASTER_SKIP } phase;
    uint8_t uel;
    bool little, packed; /* from the sign */
    size_t head_n, head_size;
    uint8_t head[RASTER_HEAD_MAX];
    raster_page page;
    plt_pdl_page_info info;
    char paper[PLT_PAPER_NAME];
    uint32_t said;       /* pages by the file's start; 0: not said */
    uint64_t said_above; /* how many were there before */
};

void raster_job_begin(raster_job *s, plt_pdl_host *h, const raster_format *format);
size_t raster_job_feed(void *state, const uint8_t *p, size_t n, plt_feed_end *end);
void raster_job_end(void *state);
uint32_t raster_job_number(const raster_job *s, size_t at);
/* For raster_format.header: sizes that make sense, pixels set. False: no page. */
bool raster_job_page(raster_job *s, uint32_t width, uint32_t height, uint32_t row_bytes);

#endif
