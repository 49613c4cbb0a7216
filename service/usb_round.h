/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One look at the local printers: platen-usbagent as a child that tells what it read line by line, and is told which ports have a job. It is bounded
 * whatever the child does: hung, killed, or printing garbage.
 */
#ifndef PLATEN_SERVICE_USB_ROUND_H
#define PLATEN_SERVICE_USB_ROUND_H

#include "os/ended.h"
#include "service/agent.h"
#include "service/answers.h"
#include "service/readings.h"

#define USB_ROUND_MS 75000      /* all printers: the agent's own limit is 60 s */
#define USB_ROUND_IDLE_MS 20000 /* between two lines: the agent gives one printer 13 s */

typedef struct usb_round_sum {
    unsigned printers, busy, partly, bad; /* busy: gave way to a job; partly: did not answer all; bad: lines that are no reading */
    bool whole;                           /* every printer was listed: what is not among them is not plugged in */
    char words[256];                      /* what went wrong; "" nothing */
} usb_round_sum;

/* What platen-usbagent's exit codes mean. */
extern const os_ended usb_round_ends[];

/* Takes each printer into r, and into what SNMP tells of them (NULL: nobody asks). */
void usb_round(agent *a, readings *r, answers *snmp, usb_round_sum *sum);

#endif
