/* SPDX-License-Identifier: Apache-2.0 */
/* The one thing about a Linux printer gadget that is not reading and writing. */
#ifndef PLATEN_LAB_PRINTER_GADGET_H
#define PLATEN_LAB_PRINTER_GADGET_H

#include <stdint.h>

/* What GET_PORT_STATUS answers from now on. The gadget's own "selected" bit follows the open file, whatever is said here. */
void lab_gadget_port_status(int fd, uint8_t status);

#endif
