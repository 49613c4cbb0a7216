/* SPDX-License-Identifier: Apache-2.0 */
/* The open link, its deadline, and the two ways to ask over it: PJL, and PML in packets. Used by query.c only. */
#ifndef PLATEN_USBAGENT_DIALOGUE_H
#define PLATEN_USBAGENT_DIALOGUE_H

#include "core/pjl/channel.h"
#include "core/pjl/pml.h"
#include "core/pjl/reply.h"
#include "core/util/buf.h"
#include "usbagent/quiet.h"
#include "usbagent/transport.h"

typedef struct dialogue {
    const usb_printer *printer;
    const usb_quiet *quiet;
    usb_link *link;
    uint64_t deadline; /* of everything */
    uint32_t token;    /* of the last question's first ECHO; the second has one more */
    bool heard;        /* it has answered an ECHO */
    bool ustatus;      /* INFO only between USTATUS DEVICE=ON and USTATUSOFF: some answer no other (HP 2300N) */
    plt_buf in;
    /* USTATUS blocks that came on their own. */
    void (*unasked)(void *arg, const plt_pjl_block *b);
    void *arg;
} dialogue;

/* PLT_BUSY: a job is there. */
plt_status dialogue_open(dialogue *g, const usb_printer *p, const usb_quiet *quiet);
void dialogue_close(dialogue *g);

/* Asks one INFO. PLT_OK: *out is its reply, borrowed until the next call. PLT_TIMEOUT: no reply in time; others end the dialogue. */
plt_status dialogue_info(dialogue *g, plt_pjl_info what, uint32_t timeout_ms, plt_pjl_block *out);
#define DIALOGUE_OBJECTS 8 /* in one question: less than a printer's smallest buffer */

typedef struct dialogue_object {
    uint8_t oid[PLT_PML_OID_MAX];
    size_t n;
} dialogue_object;

typedef void (*dialogue_value)(void *arg, size_t i, const plt_pml_reply *r);

/* Asks some PML objects by DMINFO in one question and gives what was answered, in the order of asking. PLT_OK also when nothing was. */
plt_status dialogue_pml(dialogue *g, const dialogue_object *o, size_t count, uint32_t timeout_ms, dialogue_value each, void *arg);

/* The same over packets, with a channel that dialogue_channel has opened. `room` keeps the message. */
plt_status dialogue_channel(dialogue *g, plt_channel *c, uint32_t timeout_ms);
plt_status dialogue_channel_pml(dialogue *g, plt_channel *c, const uint8_t *oid, size_t n, uint32_t timeout_ms, plt_buf *room, plt_pml_reply *out);
void dialogue_channel_close(dialogue *g, plt_channel *c);

#endif
