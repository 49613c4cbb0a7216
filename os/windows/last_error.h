/* SPDX-License-Identifier: Apache-2.0 */
/* Why a call has failed. */
#ifndef PLATEN_OS_WINDOWS_LAST_ERROR_H
#define PLATEN_OS_WINDOWS_LAST_ERROR_H

#include <windows.h>

/* GetLastError() of a call that has failed: never ERROR_SUCCESS, so that a failure without a reason stays a failure. */
static inline DWORD last_error(void)
{
    DWORD err = GetLastError();
    return err != ERROR_SUCCESS ? err : ERROR_GEN_FAILURE;
}

#endif
