/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers of the icons, shared with tray.rc. Explorer shows the lowest as the program's. */
#ifndef PLATEN_TRAY_RESOURCE_H
#define PLATEN_TRAY_RESOURCE_H

#define ICON_PLATEN 1
#define ICON_WAITING 2
#define ICON_PROBLEM 3

#endif
