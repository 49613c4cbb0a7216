/* SPDX-License-Identifier: Apache-2.0 */
/* The number of this process. */
#ifndef PLATEN_HUB_PID_H
#define PLATEN_HUB_PID_H

unsigned long hub_pid(void);

#endif
