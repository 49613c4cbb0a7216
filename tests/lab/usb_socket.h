/* SPDX-License-Identifier: Apache-2.0 */
/* The USB agent's way to a virtual printer on a socket file. */
#ifndef PLATEN_LAB_USB_SOCKET_H
#define PLATEN_LAB_USB_SOCKET_H

#include "usbagent/quiet.h"

typedef struct lab_socket_place {
    const char *data;    /* the printer's --unix */
    const char *control; /* its --control: who it is and its device ID */
    const char *lock;    /* who has the pipe holds this file's lock, as usblp has one opener; NULL: nobody looks */
    const char *queue;   /* a file that is there while there is a job, as a spooler's queue shows it; NULL: never */
} lab_socket_place;

/* To be said before the transport is used; borrowed. One printer at a time. */
void lab_socket_at(const lab_socket_place *place);
extern const usb_transport lab_socket_transport;
extern const usb_quiet lab_socket_quiet;

#endif
