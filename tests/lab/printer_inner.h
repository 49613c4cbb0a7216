/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the virtual printer share; nobody else includes it. */
#ifndef PLATEN_LAB_PRINTER_INNER_H
#define PLATEN_LAB_PRINTER_INNER_H

#include "tests/lab/printer_engine.h"

#define LAB_LINE 4096
#define LAB_FAULTS 16
#define LAB_JOB_NAME 128

/* What happens to a reply. */
typedef enum lab_fault_kind {
    LAB_FAULT_GARBAGE,
    LAB_FAULT_ALIEN,
    LAB_FAULT_SHORT,
    LAB_FAULT_MUTE,
    LAB_FAULT_TWICE,
    LAB_FAULT_STALL,
    LAB_FAULT_DRIBBLE,
    LAB_FAULT_CLOSE
} lab_fault_kind;

typedef struct lab_fault {
    lab_fault_kind kind;
    uint32_t n;    /* bytes or milliseconds */
    uint32_t skip; /* replies that still go well */
} lab_fault;

/* Pages that wait for their turn to come out. */
typedef struct lab_stack {
    uint64_t pages;
    bool color, duplex;
    uint64_t sheets; /* with the last of them */
} lab_stack;

typedef struct lab_print {
    unsigned number;
    plt_pdl *analysis;
    uint64_t bytes, fnv;
    bool wrapped; /* @PJL JOB was said: only EOJ ends it */
    bool counted;
    char name[LAB_JOB_NAME];
    plt_pdl_result result;
} lab_print;

struct lab_printer {
    const lab_model *model;
    lab_printer_hooks hooks;
    const lab_state *state;
    uint64_t n[LAB_VALUES];
    uint32_t left[LAB_SUPPLIES];
    lab_fault faults[LAB_FAULTS];
    size_t faults_n;
    lab_stack *stacks; /* owned */
    size_t stacks_n, stacks_cap;
    uint32_t pace;
    uint64_t paced_at; /* up to here the pages have come out */
    unsigned jobs_begun;
    lab_channel *channels;
    bool quits, unplugged;
};

struct lab_channel {
    lab_printer *printer;
    lab_channel *next;
    bool data;       /* inside of print data; else at lines of PJL */
    size_t uel;      /* how much of a UEL the data ends with */
    bool shared_uel; /* the last one ended a job; what follows is led in by it as well */
    char line[LAB_LINE];
    size_t line_len, line_kept; /* of the line: there, already swallowed */
    plt_buf section;            /* since the last UEL, while it is no job */
    lab_print *job;
    plt_buf reply; /* the one in the making */
    plt_buf out;
    uint64_t answer_at;
    bool dribble, hang_up;
    bool on_device, on_job, on_page;
    uint32_t timed_ms;
    uint64_t timed_at;
};

/* printer_engine.c */
void lab_enter_state(lab_printer *p, const lab_state *s, uint64_t now);
/* `text` with every $NAME replaced; \n becomes `eol`. */
void lab_expand(const lab_printer *p, const char *text, const char *eol, plt_buf *out);

/* printer_paper.c */
lab_print *lab_print_begin(lab_printer *p);
void lab_print_bytes(lab_printer *p, lab_print *j, const void *data, size_t n);
/* The end of its pages: they are counted, and go on the stack. */
void lab_print_count(lab_printer *p, lab_print *j);
/* The end of its bytes. Frees it. */
void lab_print_end(lab_printer *p, lab_print *j, bool broken);
void lab_paper_tick(lab_printer *p, uint64_t now);

/* printer_pjl.c */
/* A whole line without its end. */
void lab_pjl_line(lab_channel *c, const char *line, uint64_t now);
void lab_pjl_status_block(lab_channel *c, const char *kind, uint64_t now);
void lab_pjl_job_block(lab_channel *c, const char *what, const char *name, uint64_t pages, uint64_t now);
void lab_pjl_page_block(lab_channel *c, uint64_t page, uint64_t now);
/* Its way into a job: what was said since the last UEL belongs to it. */
void lab_channel_job(lab_channel *c, uint64_t now);
void lab_channel_job_end(lab_channel *c, uint64_t now);

/* printer_fault.c */
/* The reply in the making goes out, through the faults that are set. */
void lab_reply_send(lab_channel *c, uint64_t now);
bool lab_fault_add(lab_printer *p, const char *kind, uint32_t n, uint32_t skip);

#endif
