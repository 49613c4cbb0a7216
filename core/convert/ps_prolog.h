/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The PostScript that is put into jobs (PostScript Language Reference, third edition, 4.8 and 6.2). It runs before any code of the job, so there is
 * no graphics state yet that setpagedevice could reset. Later setpagedevice calls of the job would choose otherwise again: the operator is hidden by
 * a procedure of the same name in userdict that puts our choice into a copy of each request. A procedure is found again by name whenever it is used,
 * and `bind` in the job's procedures leaves it alone, as it replaces names of operators only. Who calls the operator through systemdict passes by.
 * Printers of Level 1 have no setpagedevice and stay as they are; printers without a duplex unit ignore the request (Policies).
 */
#ifndef PLATEN_CORE_CONVERT_PS_PROLOG_H
#define PLATEN_CORE_CONVERT_PS_PROLOG_H

#define PS_SET_LONG "mark{<</Duplex true/Tumble false>>setpagedevice}stopped cleartomark\n"
#define PS_SET_SHORT "mark{<</Duplex true/Tumble true>>setpagedevice}stopped cleartomark\n"
#define PS_SET_GREY "mark{<</ProcessColorModel/DeviceGray>>setpagedevice}stopped cleartomark\n"

/* The procedure: its beginning, what it chooses, its end. ProcessColorModel is for devices that have it. */
#define PS_KEEP "systemdict/setpagedevice known{userdict/setpagedevice{dup type/dicttype eq{dup length 3 add dict copy\n"
#define PS_KEEP_LONG "dup/Duplex true put dup/Tumble false put\n"
#define PS_KEEP_SHORT "dup/Duplex true put dup/Tumble true put\n"
#define PS_KEEP_GREY "currentpagedevice/ProcessColorModel known{dup/ProcessColorModel/DeviceGray put}if\n"
#define PS_KEEP_END "}if systemdict/setpagedevice get exec}bind put}if\n"

/* currentgray is the luma of what the operator before it set; setgray makes the colour space DeviceGray as well. */
#define PS_GREY(operator) "systemdict/" operator" known{userdict/" operator"{systemdict/" operator" get exec currentgray setgray}bind put}if\n"
#define PS_GREY_OPERATORS PS_GREY("setrgbcolor") PS_GREY("setcmykcolor") PS_GREY("sethsbcolor")

#endif
