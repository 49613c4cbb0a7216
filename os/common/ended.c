/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ends of children. Up to 255 they are exit codes, and 128 + a signal where one ended it (os/process.h); Windows has its NTSTATUS of an unhandled
 * exception, and 1816 for what outran its job's processor time. 137 is also what our own os_process_kill leaves on Windows.
 */
#include "os/ended.h"

#include <stdio.h>

#define AGAIN "If this comes back, update Platen or report it"
#define REINSTALL "Install Platen again"
#define MEMORY "Close other programs, or give the machine more memory"
#define CRASHED "crashed"

static const os_ended known[] = {
    /* exit codes of a start that failed, and signals as Linux numbers them */
    {127, "could not be run: the program or a library of it is missing", REINSTALL},
    {129, "was ended with its terminal (SIGHUP)", ""},
    {130, "was ended by hand (SIGINT)", ""},
    {132, CRASHED " on an instruction that this processor does not have (SIGILL)", "Install the package of this processor"},
    {134, "ended itself because of a fault of its own (SIGABRT)", AGAIN},
    {135, CRASHED " on a bad access to memory (SIGBUS)", AGAIN},
    {136, CRASHED " in arithmetic (SIGFPE)", AGAIN},
    {137, "was killed from outside", "If nobody did so, the machine ran short of memory: look into the system's log"},
    {139, CRASHED " on a bad access to memory (SIGSEGV)", AGAIN},
    {141, "lost the one it talked to (SIGPIPE)", ""},
    {143, "was ended from outside (SIGTERM)", ""},
    {152, "used up the processor time that it may take", AGAIN},
    {153, "wanted to write a file, which it may not (SIGXFSZ)", AGAIN},
    {159, "did what its sandbox forbids and was stopped", AGAIN},
    /* Windows */
    {1816, "used up the processor time that it may take", AGAIN},
    {0xC0000005, CRASHED " on a bad access to memory (access violation)", AGAIN},
    {0xC0000006, "could not read its own program file or the paging file", "Check the disk"},
    {0xC0000017, "ran out of memory", MEMORY},
    {0xC000001D, CRASHED " on an instruction that this processor does not have", "Install the package of this processor"},
    {0xC0000022, "was refused what it needs to start (access denied)", "Look for an antivirus or AppLocker rule that names it"},
    {0xC0000044, "used up what its job object allows", AGAIN},
    {0xC000007B, "could not be run: one of its files is for another processor or damaged", REINSTALL},
    {0xC0000094, CRASHED " in arithmetic", AGAIN},
    {0xC00000FD, CRASHED ": its stack was full", AGAIN},
    {0xC000012D, "ran out of memory: the paging file is too small", MEMORY},
    {0xC0000135, "could not be run: a library of it is missing", REINSTALL},
    {0xC0000139, "could not be run: a library of it is of another version", REINSTALL},
    {0xC000013A, "was ended by hand (Ctrl+C)", ""},
    {0xC0000142, "could not be run: one of its libraries failed to start", "Restart the machine; if it comes back, install Platen again"},
    {0xC0000374, CRASHED ": its memory was corrupted", AGAIN},
    {0xC0000409, "ended itself because of a fault of its own", AGAIN},
    {0xC0000428, "was refused by the system: its signature is not valid", REINSTALL},
    {0, NULL, NULL},
};

static const os_ended *find(const os_ended *e, uint32_t code)
{
    for (; e && e->what; e++)
        if (e->code == code) return e;
    return NULL;
}

const char *os_ended_text(char out[OS_ENDED_TEXT], const char *who, uint32_t code, const os_ended *own)
{
    const os_ended *e = find(own, code);
    if (!e) e = find(known, code);
    if (e)
        snprintf(out, OS_ENDED_TEXT, "%s %s%s%s", who, e->what, *e->remedy ? ". " : "", e->remedy);
    else if (code == 0)
        snprintf(out, OS_ENDED_TEXT, "%s ended by itself, before it was asked to", who);
    else if (code > 128 && code <= 128 + 64)
        snprintf(out, OS_ENDED_TEXT, "%s was ended by signal %lu. " AGAIN, who, (unsigned long)code - 128);
    else if (code > 255)
        snprintf(out, OS_ENDED_TEXT, "%s was ended with 0x%08lX by Windows. " AGAIN, who, (unsigned long)code);
    else
        snprintf(out, OS_ENDED_TEXT, "%s ended with code %lu, which is none of ours. " AGAIN, who, (unsigned long)code);
    return out;
}
