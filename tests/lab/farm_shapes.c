/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The printers that the farm knows, as data: 23 models of 14 makers. Identifiers, forms of serial numbers, private counters and habits
 * are those that such devices are known for; the numbers in them are ours. A new printer is one more row.
 */
#include "tests/lab/farm.h"

const char *const farm_quirk_names[] = {"v1-only",     "no-getbulk",   "slow",      "latin1",    "nul-ended",    "no-hrprinter",
                                        "no-supplies", "no-colorants", "no-serial", "no-entity", "short-errors", "hp-text",
                                        NULL};

#define HP "1.3.6.1.4.1.11.2.3.9.4.2."
#define CANON "1.3.6.1.4.1.1602.1.11."
#define KONICA "1.3.6.1.4.1.18334.1.1.1.5.7.2."
#define KYOCERA "1.3.6.1.4.1.1347."
#define LEXMARK "1.3.6.1.4.1.641."
#define BROTHER "1.3.6.1.4.1.2435.2.3.9.4.2.1.5.5."
#define SAMSUNG "1.3.6.1.4.1.236.11.5."
#define RICOH "1.3.6.1.4.1.367.3.2.1.2."
#define XEROX "1.3.6.1.4.1.253.8.53.13.2.1.6."
#define EPSON "1.3.6.1.4.1.1248.1.2.2."
#define SHARP "1.3.6.1.4.1.2385.1.1.19.2.1."
#define TOSHIBA "1.3.6.1.4.1.1129.2.3.50.1.3.21.6.1."
#define OKI "1.3.6.1.4.1.2001.1.1.1.1.11.1.10."
#define PANTUM "1.3.6.1.4.1.40093.1.1."
#define PWG_DEVICE_ID "1.3.6.1.4.1.2699.1.2.1.2.1.1.3"

#define COUNTER PLT_SNMP_COUNTER32
#define INTEGER PLT_SNMP_INTEGER
#define TEXT PLT_SNMP_STRING

/* Supply types and units of RFC 3805. */
enum {
    TONER = 3,
    WASTE_TONER = 4,
    INK = 5,
    INK_CARTRIDGE = 6,
    OPC = 9,
    DEVELOPER = 10,
    FUSER = 15,
    TRANSFER = 20,
    TONER_CARTRIDGE = 21,
    STAPLES = 32
};
enum { TENTHS_OF_GRAMS = 13, IMPRESSIONS = 7, SHEETS = 8, TENTHS_OF_ML = 15, ITEMS = 18, PERCENT = 19 };
enum { UNKNOWN = -2, SOME = -3 };

/* clang-format off */

/* Supplies. */
static const farm_supply hp_mono[] = {
    {"Black Cartridge HP CF259A", TONER_CARTRIDGE, PERCENT, 1, false, 100, 3000, 0, false},
    {NULL}};
static const farm_supply hp_color[] = {
    {"Black Cartridge HP W2030A", TONER_CARTRIDGE, PERCENT, 1, false, 100, 2400, 0, false},
    {"Cyan Cartridge HP W2031A", TONER_CARTRIDGE, PERCENT, 2, false, 100, 2100, 0, false},
    {"Yellow Cartridge HP W2032A", TONER_CARTRIDGE, PERCENT, 4, false, 100, 2100, 0, false},
    {"Magenta Cartridge HP W2033A", TONER_CARTRIDGE, PERCENT, 3, false, 100, 2100, 0, false},
    {NULL}};
static const farm_supply hp_old[] = {
    {"Black Print Cartridge HP Q5942X;SN12847", TONER_CARTRIDGE, IMPRESSIONS, 1, false, 20000, 20000, 0, false},
    {"Maintenance Kit HP 110V-Q5421A, 220V-Q5422A", 1, IMPRESSIONS, 0, false, 225000, 225000, 0, false},
    {NULL}};
static const farm_supply hp_ink[] = {
    {"black ink HP 912XL", INK_CARTRIDGE, TENTHS_OF_ML, 1, false, 2170, 825, 0, false},
    {"cyan ink HP 912XL", INK_CARTRIDGE, TENTHS_OF_ML, 2, false, 990, 825, 0, false},
    {"magenta ink HP 912XL", INK_CARTRIDGE, TENTHS_OF_ML, 3, false, 990, 825, 0, false},
    {"yellow ink HP 912XL", INK_CARTRIDGE, TENTHS_OF_ML, 4, false, 990, 825, 0, false},
    {NULL}};
static const farm_supply xerox_color[] = {
    {"Black Toner [K] Cartridge;SN000001", TONER, IMPRESSIONS, 1, false, 26000, 26000, 0, false},
    {"Cyan Toner [C] Cartridge", TONER, IMPRESSIONS, 2, false, 15000, 15000, 0, false},
    {"Magenta Toner [M] Cartridge", TONER, IMPRESSIONS, 3, false, 15000, 15000, 0, false},
    {"Yellow Toner [Y] Cartridge", TONER, IMPRESSIONS, 4, false, 15000, 15000, 0, false},
    {"Waste Toner Container", WASTE_TONER, IMPRESSIONS, 0, true, 43000, 43000, 0, false},
    {"Drum Cartridge [R1]", OPC, PERCENT, 0, false, 100, 125000, 0, false},
    {"Fuser Assembly", FUSER, PERCENT, 0, false, 100, 200000, 0, false},
    {"Transfer Belt Cleaner", TRANSFER, PERCENT, 0, false, 100, 200000, 0, false},
    {NULL}};
static const farm_supply xerox_mono[] = {
    {"Black Toner Cartridge", TONER, IMPRESSIONS, 1, false, 5900, 5900, 0, false},
    {"Drum Cartridge", OPC, IMPRESSIONS, 0, false, 65000, 65000, 0, false},
    {NULL}};
static const farm_supply ricoh_color[] = { /* says "some" until it is nearly empty */
    {"Black Toner", TONER, PERCENT, 1, false, 100, 0, SOME, false},
    {"Cyan Toner", TONER, PERCENT, 2, false, 100, 0, SOME, false},
    {"Magenta Toner", TONER, PERCENT, 3, false, 100, 12000, 0, false},
    {"Yellow Toner", TONER, PERCENT, 4, false, 100, 12000, 0, false},
    {"Waste Toner", WASTE_TONER, PERCENT, 0, true, 100, 0, SOME, false},
    {NULL}};
static const farm_supply canon_color[] = {
    {"Canon GPR-53 Black Toner", TONER, PERCENT, 1, false, 100, 36000, 0, false},
    {"Canon GPR-53 Cyan Toner", TONER, PERCENT, 2, false, 100, 19000, 0, false},
    {"Canon GPR-53 Magenta Toner", TONER, PERCENT, 3, false, 100, 19000, 0, false},
    {"Canon GPR-53 Yellow Toner", TONER, PERCENT, 4, false, 100, 19000, 0, false},
    {"Waste Toner", WASTE_TONER, PERCENT, 0, true, UNKNOWN, 0, SOME, false},
    {NULL}};
static const farm_supply canon_japanese[] = {
    {"\xE3\x83\x96\xE3\x83\xA9\xE3\x83\x83\xE3\x82\xAF\xE3\x83\x88\xE3\x83\x8A\xE3\x83\xBC", TONER, PERCENT, 1, false, 100, 12000, 0, false},
    {NULL}};
static const farm_supply konica_color[] = {
    {"Toner (Yellow)", TONER, PERCENT, 4, false, 100, 26000, 0, false},
    {"Toner (Magenta)", TONER, PERCENT, 3, false, 100, 26000, 0, false},
    {"Toner (Cyan)", TONER, PERCENT, 2, false, 100, 26000, 0, false},
    {"Toner (Black)", TONER, PERCENT, 1, false, 100, 28000, 0, false},
    {"Imaging Unit (Black)", DEVELOPER, PERCENT, 1, false, 100, 225000, 0, false},
    {"Fusing Unit", FUSER, PERCENT, 0, false, 100, 1000000, 0, false},
    {"Image Transfer Belt Unit", TRANSFER, PERCENT, 0, false, 100, 0, UNKNOWN, false},
    {"Waste Toner Box", WASTE_TONER, PERCENT, 0, true, 100, 0, SOME, false},
    {"Staples", STAPLES, ITEMS, 0, false, UNKNOWN, 0, SOME, false},
    {NULL}};
static const farm_supply kyocera_color[] = {
    {"TK-8335C", TONER, PERCENT, 2, false, 15000, 15000, 0, false}, /* a level in pages, called percent */
    {"TK-8335M", TONER, PERCENT, 3, false, 15000, 15000, 0, false},
    {"TK-8335Y", TONER, PERCENT, 4, false, 15000, 15000, 0, false},
    {"TK-8335K", TONER, PERCENT, 1, false, 25000, 25000, 0, false},
    {"Waste Toner Box", WASTE_TONER, PERCENT, 0, true, UNKNOWN, 0, SOME, false},
    {NULL}};
static const farm_supply kyocera_mono[] = {
    {"TK-3160", TONER_CARTRIDGE, IMPRESSIONS, 1, false, 12500, 12500, 0, false},
    {"Waste Toner Box", WASTE_TONER, ITEMS, 0, true, 1, 0, SOME, false},
    {NULL}};
static const farm_supply lexmark_mono[] = {
    {"Black Toner", TONER_CARTRIDGE, IMPRESSIONS, 1, false, 6000, 6000, 0, false},
    {"Imaging Unit", OPC, IMPRESSIONS, 0, false, 100000, 100000, 0, false},
    {"Maintenance Kit", FUSER, IMPRESSIONS, 0, false, 200000, 200000, 0, false},
    {NULL}};
static const farm_supply lexmark_color[] = {
    {"Cyan Toner", TONER_CARTRIDGE, TENTHS_OF_GRAMS, 2, false, 2320, 16000, 0, false},
    {"Magenta Toner", TONER_CARTRIDGE, TENTHS_OF_GRAMS, 3, false, 2320, 16000, 0, false},
    {"Yellow Toner", TONER_CARTRIDGE, TENTHS_OF_GRAMS, 4, false, 2320, 16000, 0, false},
    {"Black Toner", TONER_CARTRIDGE, TENTHS_OF_GRAMS, 1, false, 3700, 25000, 0, false},
    {"Waste Toner Bottle", WASTE_TONER, PERCENT, 0, true, 100, 90000, 0, true},
    {NULL}};
static const farm_supply brother_color[] = { /* counts nothing, knows only "some" and "none" */
    {"Black Toner Cartridge", TONER_CARTRIDGE, PERCENT, 1, false, UNKNOWN, 0, SOME, false},
    {"Cyan Toner Cartridge", TONER_CARTRIDGE, PERCENT, 2, false, UNKNOWN, 0, SOME, false},
    {"Magenta Toner Cartridge", TONER_CARTRIDGE, PERCENT, 3, false, UNKNOWN, 0, SOME, false},
    {"Yellow Toner Cartridge", TONER_CARTRIDGE, PERCENT, 4, false, UNKNOWN, 0, 0, false},
    {"Waste Toner Box", WASTE_TONER, PERCENT, 0, true, UNKNOWN, 0, SOME, false},
    {"Belt Unit", TRANSFER, IMPRESSIONS, 0, false, 130000, 130000, 0, false},
    {NULL}};
static const farm_supply brother_mono[] = {
    {"Tonerkassette", TONER_CARTRIDGE, PERCENT, 1, false, UNKNOWN, 0, UNKNOWN, false},
    {"Trommeleinheit f\xC3\xBCr Ger\xC3\xA4t", OPC, IMPRESSIONS, 0, false, 30000, 30000, 0, false},
    {NULL}};
static const farm_supply samsung_mono[] = {
    {"Black Toner Cartridge S/N:CRUM-15082312345", TONER_CARTRIDGE, IMPRESSIONS, 1, false, 10000, 10000, 0, false},
    {NULL}};
static const farm_supply hp_laser[] = {
    {"Black Toner Cartridge HP W1106A S/N:CRUM-19110698765", TONER_CARTRIDGE, PERCENT, 1, false, 100, 1000, 0, false},
    {NULL}};
static const farm_supply epson_ink[] = {
    {"Cartouche d'encre noire T9451", INK_CARTRIDGE, PERCENT, 1, false, 100, 5000, 0, false},
    {"Cartouche d'encre cyan T9452", INK_CARTRIDGE, PERCENT, 2, false, 100, 5000, 0, false},
    {"Cartouche d'encre magenta T9453", INK_CARTRIDGE, PERCENT, 3, false, 100, 5000, 0, false},
    {"Cartouche d'encre jaune T9454", INK_CARTRIDGE, PERCENT, 4, false, 100, 5000, 0, false},
    {"Bo\xC3\xAEte d'entretien T6716", 1, PERCENT, 0, true, 100, 50000, 0, false},
    {NULL}};
static const farm_supply sharp_color[] = {
    {"Black Toner", TONER, PERCENT, 1, false, 100, 40000, 0, false},
    {"Cyan Toner", TONER, PERCENT, 2, false, 100, 24000, 0, false},
    {"Magenta Toner", TONER, PERCENT, 3, false, 100, 24000, 0, false},
    {"Yellow Toner", TONER, PERCENT, 4, false, 100, 24000, 0, false},
    {"Waste Toner", WASTE_TONER, PERCENT, 0, true, 100, 0, UNKNOWN, false},
    {NULL}};
static const farm_supply toshiba_color[] = {
    {"Toner Black", TONER, PERCENT, 1, false, 100, 38400, 0, false},
    {"Toner Cyan", TONER, PERCENT, 2, false, 100, 33600, 0, false},
    {"Toner Magenta", TONER, PERCENT, 3, false, 100, 33600, 0, false},
    {"Toner Yellow", TONER, PERCENT, 4, false, 100, 33600, 0, false},
    {"Waste Toner Box", WASTE_TONER, PERCENT, 0, true, 100, 0, SOME, false},
    {NULL}};
static const farm_supply oki_color[] = {
    {"Cyan Toner", TONER_CARTRIDGE, PERCENT, 2, false, 100, 6000, 0, false},
    {"Magenta Toner", TONER_CARTRIDGE, PERCENT, 3, false, 100, 6000, 0, false},
    {"Gelb Toner", TONER_CARTRIDGE, PERCENT, 4, false, 100, 6000, 0, false},
    {"Schwarz Toner", TONER_CARTRIDGE, PERCENT, 1, false, 100, 8000, 0, false},
    {"Cyan Bildtrommel", OPC, PERCENT, 2, false, 100, 30000, 0, false},
    {"Schwarz Bildtrommel", OPC, PERCENT, 1, false, 100, 30000, 0, false},
    {"Transportband", TRANSFER, PERCENT, 0, false, 100, 60000, 0, false},
    {"Fixiereinheit", FUSER, PERCENT, 0, false, 100, 60000, 0, false},
    {NULL}};
static const farm_supply none[] = {{NULL}};

/* Trays. */
static const farm_tray office[] = {
    {"Tray 1", "Multipurpose tray", "Plain", 100, SOME},
    {"Tray 2", "Cassette", "Plain", 250, 0},
    {NULL}};
static const farm_tray floor_stand[] = {
    {"Tray 1", "Paper tray 1", "A4 Plain", 550, 0},
    {"Tray 2", "Paper tray 2", "A4 Plain", 550, 0},
    {"Tray 3", "Paper tray 3", "A3 Plain", 1140, 0},
    {"Bypass Tray", "Bypass tray", "", 100, SOME},
    {NULL}};
static const farm_tray german[] = {
    {"Fach 1", "Papierfach", "Normalpapier", 250, 0},
    {"MZ-Zufuhr", "Mehrzweckzufuhr f\xC3\xBCr Umschl\xC3\xA4ge", "Umschlag", 50, UNKNOWN},
    {NULL}};
static const farm_tray french[] = {
    {"Bac 1", "Bac papier", "Papier ordinaire", 250, 0},
    {"Bac arri\xC3\xA8re", "Bac arri\xC3\xA8re", "Enveloppe", 80, SOME},
    {NULL}};
static const farm_tray single[] = {{"Tray 1", "Tray", "Plain", 150, UNKNOWN}, {NULL}};

/* Private objects. */
static const farm_private hp_private[] = {
    {HP "1.1.3.2", "0", TEXT, 0, "{m}"}, {HP "1.1.3.3", "0", TEXT, 0, "{s}"}, {HP "1.1.3.6", "0", TEXT, 0, "{f}"},
    {HP "1.4.1.2.5", "0", INTEGER, FARM_TOTAL, NULL}, {HP "1.4.1.2.6", "0", INTEGER, FARM_MONO, NULL},
    {HP "1.4.1.2.7", "0", INTEGER, FARM_COLOR, NULL}, {HP "1.4.1.2.22", "0", INTEGER, FARM_DUPLEX, NULL},
    {"1.3.6.1.4.1.11.2.3.9.1.1.7", "0", TEXT, 0, "MFG:HP;MDL:{m};CMD:PJL,PML,PCLXL,PCL,PDF,POSTSCRIPT;CLS:PRINTER;DES:{m};SN:{s};"},
    {NULL}};
static const farm_private hp_old_private[] = {
    {HP "1.1.3.2", "0", TEXT, 0, "{m}"}, {HP "1.1.3.3", "0", TEXT, 0, "{s}"}, {HP "1.4.1.2.5", "0", INTEGER, FARM_TOTAL, NULL}, {NULL}};
static const farm_private xerox_private[] = {
    {XEROX "1.20", "1", COUNTER, FARM_TOTAL, NULL}, {XEROX "1.20", "33", COUNTER, FARM_PRINT_COLOR, NULL},
    {XEROX "1.20", "34", COUNTER, FARM_PRINT_MONO, NULL}, {XEROX "11.20", "3", COUNTER, FARM_COPY_MONO, NULL},
    {XEROX "11.20", "25", COUNTER, FARM_COPY_COLOR, NULL}, {XEROX "10.20", "11", COUNTER, FARM_SCAN, NULL},
    {NULL}};
static const farm_private ricoh_private[] = { /* a row says what it counts */
    {RICOH "1.4", "0", TEXT, 0, "{s}"}, {RICOH "19.1", "0", COUNTER, FARM_TOTAL, NULL},
    {RICOH "19.5.1.2", "1", INTEGER, 0, "10"}, {RICOH "19.5.1.9", "1", COUNTER, FARM_TOTAL, NULL},
    {RICOH "19.5.1.2", "2", INTEGER, 0, "200"}, {RICOH "19.5.1.9", "2", COUNTER, FARM_COPY, NULL},
    {RICOH "19.5.1.2", "3", INTEGER, 0, "400"}, {RICOH "19.5.1.9", "3", COUNTER, FARM_PRINT, NULL},
    {RICOH "19.5.1.2", "4", INTEGER, 0, "401"}, {RICOH "19.5.1.9", "4", COUNTER, FARM_PRINT_MONO, NULL},
    {RICOH "19.5.1.2", "5", INTEGER, 0, "402"}, {RICOH "19.5.1.9", "5", COUNTER, FARM_PRINT_COLOR, NULL},
    {NULL}};
static const farm_private canon_private[] = {
    {CANON "2.1.1.2", "1", TEXT, 0, "101: Total 1"}, {CANON "2.1.1.2", "2", TEXT, 0, "301: Print (Total 1)"},
    {CANON "2.1.1.3", "1", COUNTER, FARM_TOTAL, NULL}, {CANON "2.1.1.3", "2", COUNTER, FARM_PRINT, NULL},
    {CANON "1.3.1.4", "101", COUNTER, FARM_TOTAL, NULL}, {CANON "1.3.1.4", "113", COUNTER, FARM_MONO, NULL},
    {CANON "1.3.1.4", "123", COUNTER, FARM_COLOR, NULL}, {CANON "1.3.1.4", "301", COUNTER, FARM_PRINT, NULL},
    {CANON "1.3.1.4", "501", COUNTER, FARM_SCAN, NULL},
    {NULL}};
static const farm_private konica_private[] = {
    {KONICA "1.1", "0", COUNTER, FARM_TOTAL, NULL}, {KONICA "1.3", "0", COUNTER, FARM_DUPLEX, NULL},
    {KONICA "2.1.5.1", "1", COUNTER, FARM_COPY_MONO, NULL}, {KONICA "2.1.5.1", "2", COUNTER, FARM_PRINT_MONO, NULL},
    {KONICA "2.1.5.2", "1", COUNTER, FARM_COPY_COLOR, NULL}, {KONICA "2.1.5.2", "2", COUNTER, FARM_PRINT_COLOR, NULL},
    {KONICA "3.1.5", "1", COUNTER, FARM_SCAN, NULL},
    {NULL}};
static const farm_private kyocera_private[] = {
    {KYOCERA "43.10.1.1.12.1", "1", COUNTER, FARM_TOTAL, NULL}, {KYOCERA "42.3.1.1.1.1", "1", COUNTER, FARM_PRINT, NULL},
    {KYOCERA "42.3.1.1.1.1", "2", COUNTER, FARM_COPY, NULL}, {KYOCERA "42.3.1.1.1.1", "4", COUNTER, FARM_FAX, NULL},
    {KYOCERA "42.3.1.2.1.1.1", "1", COUNTER, FARM_PRINT_MONO, NULL}, {KYOCERA "42.3.1.2.1.1.1", "3", COUNTER, FARM_PRINT_COLOR, NULL},
    {KYOCERA "42.3.1.2.1.1.2", "1", COUNTER, FARM_COPY_MONO, NULL}, {KYOCERA "42.3.1.2.1.1.2", "3", COUNTER, FARM_COPY_COLOR, NULL},
    {KYOCERA "46.10.1.1.5", "3", COUNTER, FARM_SCAN, NULL}, {KYOCERA "43.5.1.1.28", "1", TEXT, 0, "{s}"},
    {NULL}};
static const farm_private kyocera_mono_private[] = {
    {KYOCERA "43.10.1.1.12.1", "1", COUNTER, FARM_TOTAL, NULL}, {KYOCERA "42.2.2.1.1.3.1", "1", COUNTER, FARM_MONO, NULL},
    {KYOCERA "43.5.1.1.28", "1", TEXT, 0, "{s}"},
    {NULL}};
static const farm_private lexmark_private[] = {
    {LEXMARK "2.1.5.1", "0", COUNTER, FARM_TOTAL, NULL}, {LEXMARK "2.1.5.2", "0", COUNTER, FARM_MONO, NULL},
    {LEXMARK "2.1.5.3", "0", COUNTER, FARM_COLOR, NULL}, {LEXMARK "2.1.2.1.6", "1", TEXT, 0, "{s}"},
    {LEXMARK "2.1.2.1.3", "1", TEXT, 0, "MANUFACTURER:Lexmark International;COMMAND SET:PJL,PCL 5 Emulation,PCLXL,POSTSCRIPT;MODEL:{m};CLASS:PRINTER;"},
    {NULL}};
static const farm_private brother_private[] = {
    {BROTHER "1", "0", TEXT, 0, "{s}"}, {BROTHER "17", "0", TEXT, 0, "{f}"}, {BROTHER "52.21.1.3", "1", COUNTER, FARM_PRINT, NULL},
    {BROTHER "52.21.1.3", "2", COUNTER, FARM_COPY, NULL}, {BROTHER "52.21.1.3", "4", COUNTER, FARM_FAX, NULL},
    {NULL}};
static const farm_private samsung_private[] = {
    {SAMSUNG "1.1.1.4", "0", TEXT, 0, "{s}"}, {SAMSUNG "11.53.11.2.1.7", "1", COUNTER, FARM_TOTAL, NULL}, {SAMSUNG "1.1.9.20", "0", TEXT, 0, "Ready"},
    {NULL}};
static const farm_private epson_private[] = {
    {EPSON "27.1.1.30.1", "1", COUNTER, FARM_TOTAL, NULL}, {EPSON "27.1.1.3.1", "1", COUNTER, FARM_MONO, NULL},
    {EPSON "27.1.1.4.1", "1", COUNTER, FARM_COLOR, NULL}, {EPSON "27.6.1.4.1.1", "1", COUNTER, FARM_PRINT, NULL},
    {EPSON "27.6.1.4.1.1", "2", COUNTER, FARM_COPY, NULL}, {EPSON "2.1.1.2.1", "1", TEXT, 0, "{m}"},
    {NULL}};
static const farm_private sharp_private[] = {
    {SHARP "3.5.4", "61", COUNTER, FARM_MONO, NULL}, {SHARP "3.5.4", "63", COUNTER, FARM_COLOR, NULL}, {NULL}};
static const farm_private toshiba_private[] = {
    {TOSHIBA "3.1", "3", COUNTER, FARM_PRINT_MONO, NULL}, {TOSHIBA "3.1", "1", COUNTER, FARM_PRINT_COLOR, NULL},
    {TOSHIBA "3.1", "4", COUNTER, FARM_PRINT, NULL}, {TOSHIBA "4.1", "4", COUNTER, FARM_COPY, NULL},
    {NULL}};
static const farm_private oki_private[] = {
    {OKI "45", "0", TEXT, 0, "{s}"}, {OKI "170.1.6", "1", COUNTER, FARM_COLOR, NULL}, {OKI "170.1.7", "1", COUNTER, FARM_MONO, NULL},
    {OKI "170.1.8", "1", COUNTER, FARM_TOTAL, NULL},
    {NULL}};
static const farm_private pantum_private[] = {
    {PANTUM "1.5", "0", TEXT, 0, "{s}"}, {PANTUM "3.12", "0", COUNTER, FARM_PRINT, NULL}, {PANTUM "3.9", "0", COUNTER, FARM_COPY, NULL},
    {PWG_DEVICE_ID, "1", TEXT, 0, "MFG:Pantum;MDL:{m};CMD:PCL,PS;SN:{s};"},
    {NULL}};
static const farm_private no_private[] = {{NULL}};

const farm_shape farm_shapes[] = {
    {"hp-m404", "HP", "HP LaserJet M404dn", "HP ETHERNET MULTI-ENVIRONMENT,SN:{s},FN:{x}K,SVCID:29041,PID:HP LaserJet M404dn", "1.3.6.1.4.1.11.2.3.9.1",
     "NPI{x}", "HP LaserJet M404dn", "PHB@F#####", "002.2430A", 0xB00CD1, FARM_EN, FARM_HP_TEXT, 0, 0, hp_mono, office, hp_private},
    {"hp-m479", "HP", "HP Color LaserJet MFP M479fdw", "HP ETHERNET MULTI-ENVIRONMENT,SN:{s},FN:{x}R,SVCID:30107,PID:HP Color LaserJet MFP M479fdw",
     "1.3.6.1.4.1.11.2.3.9.1", "NPI{x}", "HP Color LaserJet MFP M479fdw", "VNB@J#####", "002_2424A", 0x3C52A1, FARM_EN, FARM_HP_TEXT, 420, 250,
     hp_color, office, hp_private},
    {"hp-4250", "HP", "hp LaserJet 4250", "HP ETHERNET MULTI-ENVIRONMENT,ROM R.22.01,JETDIRECT,JD117,EEPROM R.25.09,CIDATE 07/24/2003",
     "1.3.6.1.4.1.11.2.3.9.1", "NPI{x}", "hp LaserJet 4250", "CN@X@#####", "20070314 08.140.2", 0x001321, FARM_EN, FARM_V1_ONLY | FARM_NO_ENTITY, 0, 0,
     hp_old, office, hp_old_private},
    {"hp-8035", "HP", "HP OfficeJet 8035", "HP ETHERNET MULTI-ENVIRONMENT,SN:{s},FN:{x}A,SVCID:28333,PID:HP OfficeJet 8035",
     "1.3.6.1.4.1.11.2.3.9.1", "HP{x}", "HP OfficeJet 8035", "TH0@#%####", "2318A", 0x9C7BEF, FARM_EN, FARM_NO_ENTITY, 610, 120, hp_ink, single, hp_private},
    {"hp-107w", "HP", "HP Laser 107w", "HP Laser 107w; V3.82.01.12 NOV-19-2019;Engine V1.00.09;NIC;S/N {s}", "1.3.6.1.4.1.236.11.5.1", "HP{x}",
     "HP Laser 107w", "CNB#N@####", "V3.82.01.12", 0x84A93E, FARM_EN, FARM_NO_ENTITY | FARM_SHORT_ERRORS, 0, 0, hp_laser, single, samsung_private},
    {"xerox-c8045", "Xerox", "Xerox AltaLink C8045",
     "Xerox AltaLink C8045; System {f}, Controller {f}, Marking Engine 093.002.000, Finisher 009.018.000", "1.3.6.1.4.1.253.8.62.1.36.1.3", "XRX{x}",
     "Xerox AltaLink C8045 Multifunction Printer", "Y4X######", "103.002.009.17410", 0x9C934E, FARM_EN, 0, 530, 440, xerox_color, floor_stand, xerox_private},
    {"xerox-b400", "Xerox", "Xerox VersaLink B400", "Xerox VersaLink B400 Printer;System 37.80.91,ESS PS4.12.0,IOT 16.21.0", "1.3.6.1.4.1.253.8.62.1.38.1.3",
     "XRX{x}", "Xerox VersaLink B400 Printer", "MX#######", "37.80.91", 0x9C934E, FARM_FR, 0, 0, 0, xerox_mono, french, xerox_private},
    {"ricoh-c3004", "Ricoh", "MP C3004", "RICOH MP C3004 1.14 / RICOH Network Printer C model / RICOH Network Scanner C model / RICOH Network Facsimile C model",
     "1.3.6.1.4.1.367.1.1", "RNP002673{x}", "RICOH MP C3004", "C737M######", "1.14", 0x002673, FARM_EN, FARM_NO_ENTITY, 480, 510, ricoh_color,
     floor_stand, ricoh_private},
    {"canon-c3525", "Canon", "Canon iR-ADV C3525", "Canon iR-ADV C3525 /P", "1.3.6.1.4.1.1602.4.7", "Canon{x}", "Canon iR-ADV C3525", "XTG#####", "41.10",
     0xF4813A, FARM_EN, FARM_NO_ENTITY, 390, 470, canon_color, floor_stand, canon_private},
    {"canon-lbp", "Canon", "LBP321", "Canon LBP321 /P", "1.3.6.1.4.1.1602.4.7", "", "Canon LBP321", "QNT#####", "05.03", 0xF4813A, FARM_JA, FARM_NO_ENTITY, 0,
     0, canon_japanese, single, no_private},
    {"konica-c258", "Konica Minolta", "bizhub C258", "KONICA MINOLTA bizhub C258", "1.3.6.1.4.1.18334.1.1.1.2.1.136.3.4", "KM{x}", "KONICA MINOLTA bizhub C258",
     "A7R0021######", "GC2-X8", 0x00206B, FARM_DE, 0, 560, 520, konica_color, german, konica_private},
    {"kyocera-3253", "Kyocera", "TASKalfa 3253ci", "KYOCERA Document Solutions Printing System", "1.3.6.1.4.1.1347.41", "KM{x}", "TASKalfa 3253ci",
     "RFL#######", "2V7_S000.002.405", 0x0017C8, FARM_EN, FARM_NO_ENTITY, 440, 400, kyocera_color, floor_stand, kyocera_private},
    {"kyocera-p3045", "Kyocera", "ECOSYS P3045dn", "KYOCERA Document Solutions Printing System", "1.3.6.1.4.1.1347.41", "KM{x}", "ECOSYS P3045dn",
     "LZK#######", "2T7_S000.001.103", 0x0017C8, FARM_FR, FARM_NO_ENTITY, 0, 0, kyocera_mono, french, kyocera_mono_private},
    {"lexmark-ms810", "Lexmark", "Lexmark MS810dn", "Lexmark MS810dn version NH.DN.P705 kernel 2.6.35.7 All-N-1", "1.3.6.1.4.1.641.1.71107113", "ET0021B7{x}",
     "Lexmark MS810dn", "4063########HHL", "LW75.DN2.P210", 0x0021B7, FARM_EN, 0, 0, 0, lexmark_mono, office, lexmark_private},
    {"lexmark-cx725", "Lexmark", "Lexmark CX725de", "Lexmark CX725de version NH.AT.N403 kernel 3.10.60 All-N-1", "1.3.6.1.4.1.641.1.71107182", "ET0021B7{x}",
     "Lexmark CX725de", "7528########", "CXTAT.052.024", 0x0021B7, FARM_EN, FARM_NUL_ENDED, 500, 300, lexmark_color, office, lexmark_private},
    {"brother-l8900", "Brother", "Brother MFC-L8900CDW", "Brother NC-8800w, Firmware Ver.1.59  ,MID 84U-T14", "1.3.6.1.4.1.2435.2.3.9.1", "BRN30055C{x}",
     "Brother MFC-L8900CDW series", "E7@###@#N######", "1.59", 0x30055C, FARM_EN, FARM_NO_ENTITY, 370, 260, brother_color, office, brother_private},
    {"brother-5450", "Brother", "Brother HL-5450DN", "Brother NC-8300h, Firmware Ver.1.03  (13.05.15),MID 8CA-E04-001", "1.3.6.1.4.1.2435.2.3.9.1",
     "BRN30055C{x}", "Brother HL-5450DN series", "E6@###@#J######", "1.03", 0x30055C, FARM_DE,
     FARM_NO_BULK | FARM_LATIN1 | FARM_NO_COLORANTS | FARM_NO_ENTITY | FARM_SHORT_ERRORS, 0, 0, brother_mono, german, brother_private},
    {"samsung-m3820", "Samsung", "Samsung M332x 382x 402x Series", "Samsung M332x 382x 402x Series; V3.00.01.23     MAR-12-2018;Engine V1.00.17;NIC V6.01.00;S/N {s}",
     "1.3.6.1.4.1.236.11.5.1", "SEC8425190{x}", "Samsung M332x 382x 402x Series", "ZDG%BJ@D##000#%....", "V3.00.01.23", 0x842519, FARM_EN,
     FARM_NO_ENTITY | FARM_NO_HR_PRINTER, 0, 0, samsung_mono, office, samsung_private},
    {"epson-c5790", "Epson", "WF-C5790 Series", "EPSON Built-in 11b/g/n Print Server", "1.3.6.1.4.1.1248.1.1.2.1.3.8.87.70.45.67.53.55.57.48", "EPSON{x}",
     "EPSON WF-C5790 Series", "X3BC######", "XS21K9", 0x64EB8C, FARM_FR, FARM_NO_ENTITY, 640, 200, epson_ink, french, epson_private},
    {"sharp-3070", "Sharp", "SHARP MX-3070N", "SHARP MX-3070N", "1.3.6.1.4.1.2385.3.1.78.1.4", "SC{x}", "SHARP MX-3070N", "  ########", "05.10.D3.00", 0x00226C,
     FARM_EN, FARM_NO_ENTITY, 450, 480, sharp_color, floor_stand, sharp_private},
    {"toshiba-3505", "Toshiba", "TOSHIBA e-STUDIO3505AC", "TOSHIBA e-STUDIO3505AC", "1.3.6.1.4.1.1129.2.3.58.4", "MFP{x}", "TOSHIBA e-STUDIO3505AC",
     "C@@@#####", "T373SY0W1360", 0x008091, FARM_EN, FARM_NO_ENTITY, 430, 450, toshiba_color, floor_stand, toshiba_private},
    {"oki-c612", "Oki", "C612", "OKI OkiLAN 8450e Rev.A3.60 10/100/1000BASE Ethernet PrintServer: Attached to C612 Rev.1.60 : (C)2018 Oki Data Corporation",
     "1.3.6.1.4.1.2001.1.1.1.1", "OKI-C612-{x}", "OKI DATA CORP:C612", "AK@#######%0", "A3.60", 0x008087, FARM_DE, FARM_NO_SERIAL | FARM_NO_ENTITY, 520, 0,
     oki_color, german, oki_private},
    {"pantum-m6500", "Pantum", "Pantum M6500W Series", "Pantum M6500W Series", "1.3.6.1.4.1.40093.1.1", "Pantum-{x}", "Pantum M6500W Series", "CC@D######", "3.1.2.1",
     0x44D878, FARM_EN, FARM_SLOW | FARM_NO_SUPPLIES | FARM_NO_COLORANTS | FARM_NO_SERIAL | FARM_NO_ENTITY, 0, 150, none, single, pantum_private},
};
/* clang-format on */
const size_t farm_shape_count = sizeof farm_shapes / sizeof farm_shapes[0];
