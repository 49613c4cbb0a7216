/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The PostScript that is put into jobs (PostScript Language Reference, third edition, 6.1 and 6.2). It runs before any code of the job, so there is
 * no graphics state yet that setpagedevice could reset. Later setpagedevice calls of the job would set other sides again: the operator is hidden by a
 * procedure of the same name in userdict that puts our sides into a copy of each request. A procedure is found again by name whenever it is used, and
 * `bind` in the job's procedures leaves it alone, as it replaces names of operators only. Who calls the operator through systemdict passes by.
 * Printers of Level 1 have no setpagedevice and stay as they are; printers without a duplex unit ignore the request (Policies).
 */
#ifndef PLATEN_CORE_CONVERT_PS_PROLOG_H
#define PLATEN_CORE_CONVERT_PS_PROLOG_H

#define PS_SET(tumble) "mark{<</Duplex true/Tumble " tumble ">>setpagedevice}stopped cleartomark\n"
#define PS_KEEP(tumble)                                                                                                                              \
    "systemdict/setpagedevice known{userdict/setpagedevice{dup type/dicttype eq{dup length 2 add dict copy\n"                                        \
    "dup/Duplex true put dup/Tumble " tumble " put}if systemdict/setpagedevice get exec}bind put}if\n"

#define PS_SET_LONG PS_SET("false")
#define PS_SET_SHORT PS_SET("true")
#define PS_KEEP_LONG PS_KEEP("false")
#define PS_KEEP_SHORT PS_KEEP("true")

#endif
