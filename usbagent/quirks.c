/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table. Source: the list of known USB troubles that CUPS keeps, reports of its users behind each row. Product 0 stands for all of the
 * vendor's. What is wrong for printing is often harmless for asking; only what could harm is taken over.
 */
#include "usbagent/quirks.h"

#include "core/util/text.h"

#define DUMB USB_QUIRK_DUMB
#define OFF USB_QUIRK_KEEP_OFF
#define USBLP USB_QUIRK_KEEP_USBLP

static const struct {
    uint16_t vendor, product;
    uint8_t bits;
} quirks[] = {
    /* HP DeskJets of the 800 and 900 series, and NEC's of the same make */
    {0x03F0, 0x0004, DUMB},
    {0x03F0, 0x0104, DUMB},
    {0x03F0, 0x0204, DUMB},
    {0x03F0, 0x0304, DUMB},
    {0x03F0, 0x0404, DUMB},
    {0x03F0, 0x0504, DUMB},
    {0x03F0, 0x0604, DUMB},
    {0x03F0, 0x0804, DUMB},
    {0x03F0, 0x1104, DUMB},
    {0x0409, 0xEFBE, DUMB},
    {0x0409, 0xBEF4, DUMB},
    {0x0409, 0xF0BE, DUMB},
    {0x0409, 0xF1BE, DUMB},
    /* HP LaserJet P1102, DesignJet 130 */
    {0x03F0, 0x002A, USBLP},
    {0x03F0, 0x0314, USBLP},
    /* Lexmark E250d, E238, E260dn, E120n, C540n, Optra E310, MS317dn */
    {0x043D, 0x00F3, USBLP},
    {0x043D, 0x00D7, USBLP},
    {0x043D, 0x009A, USBLP},
    {0x043D, 0x0123, USBLP},
    {0x043D, 0x00CC, USBLP},
    {0x043D, 0x00CD, USBLP},
    {0x043D, 0x0139, USBLP},
    {0x043D, 0x000C, USBLP},
    {0x043D, 0x0226, USBLP},
    /* Kyocera FS-820, P6026cdn, P6130cdn */
    {0x0482, 0x0010, DUMB},
    {0x0482, 0x063F, USBLP},
    {0x0482, 0x0677, USBLP},
    /* Brother HL-1250, HL-1430, HL-1440, HL-1450 */
    {0x04F9, 0x0007, USBLP},
    {0x04F9, 0x001A, USBLP},
    {0x04F9, 0x000D, DUMB | USBLP},
    {0x04F9, 0x000E, DUMB | USBLP},
    /* Canon MF4150; the SELPHY photo printers */
    {0x04A9, 0x26A3, USBLP},
    {0x04A9, 0x304A, OFF},
    {0x04A9, 0x3063, OFF},
    {0x04A9, 0x307C, OFF},
    {0x04A9, 0x307D, OFF},
    {0x04A9, 0x30BD, OFF},
    {0x04A9, 0x30BE, OFF},
    {0x04A9, 0x30F5, OFF},
    {0x04A9, 0x30F6, OFF},
    {0x04A9, 0x310B, OFF},
    {0x04A9, 0x3127, OFF},
    {0x04A9, 0x3128, OFF},
    {0x04A9, 0x3141, OFF},
    {0x04A9, 0x3142, OFF},
    {0x04A9, 0x3143, OFF},
    {0x04A9, 0x3170, OFF},
    {0x04A9, 0x3171, OFF},
    {0x04A9, 0x3185, OFF},
    {0x04A9, 0x3186, OFF},
    {0x04A9, 0x31AA, OFF},
    {0x04A9, 0x31AB, OFF},
    {0x04A9, 0x31AF, OFF},
    {0x04A9, 0x31B0, OFF},
    {0x04A9, 0x31DD, OFF},
    {0x04A9, 0x31EE, OFF},
    {0x04A9, 0x3214, OFF},
    {0x04A9, 0x3255, OFF},
    {0x04A9, 0x3256, OFF},
    /* Oki Okipage 14ex, B410d; Epson Stylus Color 740, 670 */
    {0x06BC, 0x000B, USBLP},
    {0x06BC, 0x01C7, USBLP},
    {0x04B8, 0x0001, DUMB | USBLP},
    {0x04B8, 0x0005, USBLP},
    /* adapters from USB to a parallel port */
    {0x067B, 0x2305, DUMB | USBLP},
    {0x1A86, 0x7584, USBLP},
    /* all of Xerox, Intermec, Zebra, Star, Arkscan; Samsung ML-2160 */
    {0x0924, 0, USBLP},
    {0x067E, 0, USBLP},
    {0x0A5F, 0, DUMB | USBLP},
    {0x0519, 0, DUMB},
    {0x2D84, 0, DUMB | USBLP},
    {0x04E8, 0x330F, DUMB},
};

unsigned usb_quirks(uint16_t vendor, uint16_t product)
{
    unsigned bits = 0;
    for (size_t i = 0; i < sizeof quirks / sizeof quirks[0]; i++)
        if (quirks[i].vendor == vendor && (!quirks[i].product || quirks[i].product == product)) bits |= quirks[i].bits;
    return bits;
}

bool usb_may_open(usb_printer *p, bool kernel_driver)
{
    static const struct {
        unsigned bit;
        const char *why;
    } reasons[] = {
        {OFF, "this model speaks no printer's protocol: it is not asked"},
        {DUMB, "nothing can be read from this model: it is not asked"},
        {USBLP, "this model does not print through usblp any more once it was taken from it: it is not asked"},
    };
    unsigned bits = usb_quirks(p->vendor_id, p->product_id);
    if (!kernel_driver) bits &= ~(unsigned)USBLP;
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        if (!(bits & reasons[i].bit)) continue;
        plt_copy(p->problem, sizeof p->problem, reasons[i].why);
        return false;
    }
    return true;
}
