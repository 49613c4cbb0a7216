/* SPDX-License-Identifier: Apache-2.0 */
/* The worker's other work: the collector of network printers, without a socket. */
#ifndef PLATEN_WORKER_COLLECT_SERVE_H
#define PLATEN_WORKER_COLLECT_SERVE_H

#include "core/util/status.h"

#define PLT_WORKER_COLLECT_WORD "--collect" /* how the program is told */

/* One scan, from COLLECT on stdin to the last TURN on stdout. Enters the sandbox before the first datagram. PLT_OK: it came to its end. PLT_DENIED:
 * there is no sandbox to enter. */
plt_status plt_collect_serve(void);

#endif
