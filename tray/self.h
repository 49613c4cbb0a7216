/* SPDX-License-Identifier: Apache-2.0 */
/*
 * This program's own file. An upgrade replaces it while we run (the old one is renamed), an uninstall takes it away: then the tray of somebody who
 * stays logged on must become the new one, or go.
 */
#ifndef PLATEN_TRAY_SELF_H
#define PLATEN_TRAY_SELF_H

#include <stdbool.h>

typedef enum self_state { SELF_SAME, SELF_REPLACED, SELF_GONE } self_state;

void self_begin(void);
/* To be asked at every poll: a change counts once it has lasted for a while. */
self_state self_look(void);
/* Starts what is there now. */
bool self_start_again(void);

#endif
