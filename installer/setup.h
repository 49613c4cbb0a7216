/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the custom actions of the MSI do that Windows Installer's tables cannot say. Each part reports what it did by setup_say, which writes
 * the MSI's log. Parts that undo things never fail: a product that cannot be removed is worse than one that leaves a file.
 */
#ifndef PLATEN_INSTALLER_SETUP_H
#define PLATEN_INSTALLER_SETUP_H

#include <windows.h>

#include <msi.h>
#include <msiquery.h>

#include <stdbool.h>

#include "core/util/attr.h"
#include "core/util/status.h"
#include "os/file.h"

#define SETUP_SERVICE L"PlatenService"
#define SETUP_PARTS 4
#define SETUP_PART_MAX 1024

typedef struct setup {
    MSIHANDLE session;
    char part[SETUP_PARTS][SETUP_PART_MAX]; /* CustomActionData, cut at each '|'; may hold the enrolment key */
    char data_dir[OS_PATH_MAX];
} setup;

/* One line in the log. An error is shown to a person as well, if one is there. */
void setup_say(setup *s, bool error, const char *fmt, ...) PLT_PRINTF(3, 4);

/* ---- machine.c: settings, the data folder, the service ---- */

/* HKLM\SOFTWARE\Platen for SYSTEM and administrators only, whatever its rights were. */
plt_status settings_make(setup *s);
/* Writes a setting; an empty value leaves what is there. The value is never logged. */
plt_status settings_put(setup *s, const char *key, const char *value);
/* The same for a setting that has no value yet. */
plt_status settings_put_first(setup *s, const char *key, const char *value);
void settings_remove(setup *s);
plt_status data_make(setup *s);
/* Removes the data folder with all that is in it, and says how much that was. */
void data_remove(setup *s);
/* Removes a folder if nothing is in it. */
void folder_remove_empty(setup *s, const char *folder);
/* A service that dies is started again by the service manager. */
void service_restarts(setup *s);

/* ---- printing.c: the spooler ---- */

/* Without the monitor (protected print mode, no spooler) the service still works: this does not fail. */
void printing_register(setup *s);
/* Gives every queue its own port back and removes our ports and the monitor; stops the spooler for that only if it must. */
void printing_unregister(setup *s);

/* ---- files.c: programs that run while they are replaced ---- */

/* Ends the trays of all sessions that run from this folder. */
void trays_end(setup *s, const char *folder);
/* Renames a program or DLL that is in use, so that Windows Installer finds its place free and asks for no restart. `mark` makes the name unique. */
void file_set_aside(setup *s, const char *folder, const char *name, const char *mark);
/* Undoes that. */
void file_put_back(setup *s, const char *folder, const char *name, const char *mark);
/* Deletes what was ever set aside; as long as it runs, and always when asked to wait, that happens at the next start of Windows. */
void files_forget(setup *s, const char *folder, const char *name, bool wait);
bool system_folder(char *out, size_t size);

#endif
