/* SPDX-License-Identifier: Apache-2.0 */
/* The language of the person who started this program. */
#ifndef PLATEN_OS_LANGUAGE_H
#define PLATEN_OS_LANGUAGE_H

#define OS_LANGUAGE_SIZE 32

/* Linux: LC_ALL, LC_MESSAGES or LANG, the first that says something ("fr_FR.UTF-8"). Windows: the user's display language ("fr-FR"). "" when unknown.
 */
void os_language(char out[OS_LANGUAGE_SIZE]);

#endif
