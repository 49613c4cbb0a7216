/* SPDX-License-Identifier: Apache-2.0 */
/* What PostScript's names mean: ps_names.c. A part of ps.h, which includes it behind what it needs. */
#ifndef PLATEN_CORE_PDL_PS_NAMES_H
#define PLATEN_CORE_PDL_PS_NAMES_H

#define PS_TABLE 8

/* Words that the idioms look for. */
typedef enum ps_word {
    W_NONE,
    W_SHOWPAGE,
    W_COPYPAGE,
    W_QUIT,
    W_EXEC,
    W_CVX,
    W_DEF,
    W_PUT,
    W_SETPAGEDEVICE,
    W_SETDUPLEXMODE,
    W_SETTUMBLE,
    W_AT_COPIES,
    W_TRUE,
    W_FALSE,
    W_COPIES,
    W_NUMCOPIES,
    W_COLLATE,
    W_DUPLEX,
    W_TUMBLE,
    W_PAGESIZE,
    W_ENDPAGE,
    W_BEGINPAGE,
    W_PROCESSCOLORMODEL,
    W_EEXEC,
    W_FONTTYPE,
    W_DICT,
    W_STATUSDICT,
    W_STOP,
    W_BEGIN,
    W_FILTERED, /* filter */
    W_EXIT,
    W_FOR,
    W_REPEAT,
    W_LOOP,
    W_WILD, /* what it executes or defines is not in sight */
    /* colour spaces and colourants */
    W_DEVICEGRAY,
    W_DEVICERGB,
    W_DEVICECMYK,
    W_CIEA,
    W_CIEABC,
    W_INDEXED,
    W_SEPARATION,
    W_DEVICEN,
    W_PATTERN,
    W_INKLESS, /* None */
    W_BLACK,   /* Black, All */
    W_PRIMARY, /* Cyan, Magenta ... */
    /* keys of pictures, filters and objects */
    W_IMAGETYPE,
    W_WIDTH,
    W_HEIGHT,
    W_BITS,
    W_DECODE,
    W_IMAGEMASK,
    W_COLORSPACE,
    W_PREDICTOR,
    W_COLUMNS,
    W_COLORS,
    W_EARLYCHANGE,
    W_MULTIPLE,
    W_A85,
    W_AHX,
    W_RL,
    W_LZW,
    W_FLATE,
    W_DCT,
    W_CCITT,
    W_SUBFILE,
    W_OBJ,
    W_ENDOBJ,
    W_R,
    W_STREAM,
    W_ENDSTREAM,
    W_CONTENTS,
    W_LENGTH,
    W_SUBTYPE,
    W_IMAGE,
    W_FORM,
    W_PATTERNTYPE,
    W_PAINTTYPE,
    W_PAGE,
    W_TYPE,
    W_FILTER,
    W_MEDIABOX,
} ps_word;

/* What an operator does to the page. */
typedef enum ps_act {
    A_NONE,
    A_GRAY,
    A_RGB,
    A_HSB,
    A_CMYK,
    A_COLOR,
    A_SPACE,
    A_PATTERN,
    A_FILL,
    A_STROKE,
    A_BOTH,
    A_TEXT,
    A_IMAGE,
    A_COLORIMAGE,
    A_MASK,
    A_SHADE,
    A_SAVE,
    A_RESTORE,
    A_RESTOREALL,
    A_INIT,
    A_TABLE, /* of a procedure: the last operand chooses the operator */
    A_STACK, /* moves or reckons with operands */
    A_FLOW,  /* loops and conditions */
    A_STORE,
    A_LOAD,
    A_CURRENTFILE,
    A_READHEX,
    A_READSTRING,
    /* of page descriptions in PDF's operators only */
    A_DO,
    A_INLINE,
    A_DATA,
    A_TEXTMODE,
} ps_act;

enum { SLOT_MAIN, SLOT_FILL, SLOT_STROKE, SLOTS };
enum { BY_FILL = 1, BY_STROKE = 2, BY_TEXT = 4 };

typedef struct ps_space {
    uint8_t word; /* W_DEVICEGRAY ...; W_NONE not known */
    uint8_t ink;  /* of a colourant at full tint, or of a palette in all */
    uint16_t palette;
} ps_space;

/* What a procedure does to its caller's page and colour. */
typedef struct ps_effect {
    uint8_t by;         /* BY_...: paints in the caller's colour */
    uint8_t by_operand; /* paints in the colour its operands set: */
    uint8_t operand_act;
    bool own; /* paints in colours of its own: */
    uint8_t own_ink;
    uint8_t set; /* ps_act, of the colour left to the caller; A_NONE: none */
    bool fixed;  /* the colour is a constant: */
    uint8_t ink;
    bool varies; /* the operands are not the caller's */
    bool scaled; /* the operands were reckoned with */
    uint8_t slot;
    int8_t saves;
    uint8_t image; /* A_IMAGE, A_COLORIMAGE, A_MASK */
    bool loads, stores, file, hex, raw;
    bool flow; /* decides or loops: what it reads is not simply the picture's rows */
    uint8_t table_n, table[PS_TABLE];
    ps_space space;
} ps_effect;

typedef struct ps_name {
    uint8_t word, act, op, slot;
    bool learnt, takes_size;
    ps_effect effect;
} ps_name;

typedef struct ps_names {
    uint64_t *keys; /* 0: free; owned by the host */
    uint16_t *at;   /* where in the list each key's name stands; the same */
    ps_name *list;  /* the same */
    size_t n, cap, list_cap;
    bool full;
} ps_names;

/* A name's key: FNV-1a, byte by byte, as most names are short and their bytes are looked at anyway to find their end. */
#define PS_KEY_FIRST UINT64_C(0xCBF29CE484222325)
static inline uint64_t ps_key_add(uint64_t h, uint8_t c)
{
    return (h ^ c) * UINT64_C(0x100000001B3);
}
static inline uint64_t ps_key_end(uint64_t h)
{
    h ^= h >> 32;
    return h ? h : 1;
}
uint64_t ps_key(const void *text, size_t n);
bool ps_names_begin(ps *s);
/* NULL when it means nothing. */
ps_name *ps_name_find(ps *s, uint64_t key);
/* Makes room for it, and may move the others; NULL when there is none. */
ps_name *ps_name_add(ps *s, uint64_t key);

#endif
