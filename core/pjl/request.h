/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PJL requests to a printer. They are built from enums only: no function here takes a command or a value as text, so that
 * nothing that changes, stores, resets or prints can be built (docs/usb.md). plt_pjl_allowed() checks the same from the
 * outside; transports send nothing that it does not pass.
 */
#ifndef PLATEN_CORE_PJL_REQUEST_H
#define PLATEN_CORE_PJL_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/pjl/pml.h"

typedef enum plt_pjl_info {
    PLT_PJL_ID,
    PLT_PJL_CONFIG,
    PLT_PJL_MEMORY,
    PLT_PJL_PAGECOUNT,
    PLT_PJL_STATUS,
    PLT_PJL_VARIABLES,
    PLT_PJL_USTATUS,
    PLT_PJL_SUPPLIES,
    PLT_PJL_PRODINFO,
    PLT_PJL_DRUMLIFE, /* Brother */
    PLT_PJL_BRSUPPLY, /* Brother */
    PLT_PJL_MAINTENANCE,
    PLT_PJL_INFO_COUNT,
} plt_pjl_info;

typedef enum plt_pjl_variable {
    PLT_PJL_VAR_COPIES,
    PLT_PJL_VAR_DUPLEX,
    PLT_PJL_VAR_BINDING,
    PLT_PJL_VAR_PAPER,
    PLT_PJL_VAR_RENDERMODE,
    PLT_PJL_VAR_RESOLUTION,
    PLT_PJL_VAR_LANG,
    PLT_PJL_VAR_PAGES,
    PLT_PJL_VAR_COUNT,
} plt_pjl_variable;

typedef enum plt_pjl_ustatus {
    PLT_PJL_DEVICE_OFF,
    PLT_PJL_DEVICE_ON,
    PLT_PJL_DEVICE_VERBOSE,
    PLT_PJL_JOB_ON,
    PLT_PJL_JOB_OFF,
    PLT_PJL_PAGE_ON,
    PLT_PJL_PAGE_OFF,
    PLT_PJL_TIMED_OFF,
    PLT_PJL_USTATUS_COUNT,
} plt_pjl_ustatus;

#define PLT_PJL_REQUEST_MAX 2048

/* Errors are sticky: `full` when it did not fit. */
typedef struct plt_pjl_request {
    char data[PLT_PJL_REQUEST_MAX];
    size_t len;
    bool full;
} plt_pjl_request;

void plt_pjl_request_init(plt_pjl_request *r);
/* ESC%-12345X, which enters and leaves PJL. */
void plt_pjl_uel(plt_pjl_request *r);
/* ESC%-12345X at the end of what is sent: the printer waits for a job then, in whatever language. */
void plt_pjl_leave(plt_pjl_request *r);
/* @PJL ECHO PLATEN <token>: everything before its reply belongs to somebody else. */
void plt_pjl_echo(plt_pjl_request *r, uint32_t token);
void plt_pjl_ask_info(plt_pjl_request *r, plt_pjl_info what);
/* The current value; with `preset` the default one (DINQUIRE). */
void plt_pjl_inquire(plt_pjl_request *r, plt_pjl_variable what, bool preset);
void plt_pjl_ustatus_set(plt_pjl_request *r, plt_pjl_ustatus what);
void plt_pjl_ustatus_off(plt_pjl_request *r);
/* DMINFO with a PML GET of the object. */
void plt_pjl_pml_get(plt_pjl_request *r, const uint8_t *oid, size_t n);

const char *plt_pjl_info_name(plt_pjl_info what);

/* Is every byte of this a request of the kinds above, complete and in their spelling? Empty input is not. */
bool plt_pjl_allowed(const void *data, size_t n);

#endif
