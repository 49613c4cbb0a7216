/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a virtual printer is: one text file under tests/lab/printers/ (docs/lab.md tells its words), read into tables. Texts may hold
 * $NAME, which the engine replaces by the printer's value when it answers. Reading takes bytes only; no file is opened here.
 */
#ifndef PLATEN_LAB_PRINTER_MODEL_H
#define PLATEN_LAB_PRINTER_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LAB_INFOS 24
#define LAB_VARIABLES 24
#define LAB_STATES 16
#define LAB_SUPPLIES 8
#define LAB_OBJECTS 64
#define LAB_STARTS 16
#define LAB_OID_MAX 32

/* How it answers what it does not know. */
typedef enum lab_unknown { LAB_QUESTION, LAB_QUOTED, LAB_SILENT, LAB_EMPTY, LAB_USTATUS } lab_unknown;

typedef struct lab_info {
    const char *name; /* of INFO */
    const char *body; /* lines joined by \n */
} lab_info;

typedef struct lab_variable {
    const char *name, *value, *range; /* "DUPLEX", "OFF", "[2 ENUMERATED]" */
    const char *options;              /* lines joined by \n; "" none */
} lab_variable;

/* What the panel shows, and what the printer does meanwhile. */
typedef struct lab_state {
    const char *name;
    uint32_t code;
    bool online;
    bool stops;  /* no page comes out, no more job data is taken */
    bool deaf;   /* takes nothing at all */
    bool silent; /* takes everything, answers nothing */
    bool wakes;  /* the first byte ends this state, after wake_ms */
    const char *display;
} lab_state;

typedef struct lab_supply {
    const char *name;
    uint32_t capacity, left; /* in pages */
    bool color;              /* only colour pages use it up */
    const char *text;
} lab_supply;

typedef struct lab_object {
    uint8_t oid[LAB_OID_MAX];
    size_t oid_len;
    uint8_t type; /* PLT_PML_* */
    const char *value;
} lab_object;

typedef struct lab_initial {
    const char *name;
    uint64_t n;
} lab_initial;

typedef struct lab_model {
    const char *about, *id1284, *maker, *product, *serial, *firmware; /* "" unknown */
    uint16_t vendor_id, product_id;
    bool pjl, pml, color, duplex;
    bool lf_only;         /* lines end with LF alone */
    bool no_feed;         /* replies end without a form feed */
    bool info_ustatus;    /* INFO is answered only after USTATUS DEVICE=ON */
    bool ustatus_at_once; /* USTATUS DEVICE is followed by a block, and not only by the next change */
    lab_unknown unknown;
    uint32_t wake_ms;
    lab_info infos[LAB_INFOS];
    lab_variable variables[LAB_VARIABLES];
    lab_state states[LAB_STATES];
    lab_supply supplies[LAB_SUPPLIES];
    lab_object objects[LAB_OBJECTS];
    lab_initial starts[LAB_STARTS];
    size_t infos_n, variables_n, states_n, supplies_n, objects_n, starts_n;
} lab_model;

/* Reads the file's text, which is changed and stays borrowed. False: `problem` says the line and what is wrong with it. */
bool lab_model_read(lab_model *m, char *text, char *problem, size_t size);
const lab_state *lab_model_state(const lab_model *m, const char *name);

#endif
