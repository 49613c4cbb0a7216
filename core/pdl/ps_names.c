/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What names mean: the operators of PLRM 3 that matter here, those of PDF's page descriptions, and the procedures that a job defines. Names
 * are kept by a 64-bit hash. Two names of one hash would at worst spoil a colour.
 */
#include <assert.h>
#include <string.h>

#include "core/pdl/ps.h"
#include "core/util/once.h"

#define NAMES_FIRST 2048
#define NAMES_MAX 32768
#define SPARSE 4       /* so many places for each name: most words are none of them, and are to find an empty one at once */
#define LIST_FIRST 256 /* a little more than those that are known: to zero room for others would take longer than many a job */

typedef struct word {
    const char *name;
    uint8_t word; /* or act */
} word;

static const word words[] = {
    {"showpage", W_SHOWPAGE},
    {"copypage", W_COPYPAGE},
    {"quit", W_QUIT},
    {"exec", W_EXEC},
    {"cvx", W_CVX},
    {"def", W_DEF},
    {"put", W_PUT},
    {"setpagedevice", W_SETPAGEDEVICE},
    {"setduplexmode", W_SETDUPLEXMODE},
    {"settumble", W_SETTUMBLE},
    {"@copies", W_AT_COPIES},
    {"true", W_TRUE},
    {"false", W_FALSE},
    {"#copies", W_COPIES},
    {"NumCopies", W_NUMCOPIES},
    {"Collate", W_COLLATE},
    {"Duplex", W_DUPLEX},
    {"Tumble", W_TUMBLE},
    {"PageSize", W_PAGESIZE},
    {"EndPage", W_ENDPAGE},
    {"BeginPage", W_BEGINPAGE},
    {"ProcessColorModel", W_PROCESSCOLORMODEL},
    {"eexec", W_EEXEC},
    {"FontType", W_FONTTYPE},
    {"dict", W_DICT},
    {"statusdict", W_STATUSDICT},
    {"stop", W_STOP},
    {"begin", W_BEGIN},
    {"nulldevice", W_WILD},
    {"undefined", W_WILD},
    {"filter", W_FILTERED},
    {"exit", W_EXIT},
    {"for", W_FOR},
    {"repeat", W_REPEAT},
    {"loop", W_LOOP},
    {"cvn", W_WILD},
    {"run", W_WILD},
    {"runlibfile", W_WILD},
    {"token", W_WILD},
    {"file", W_WILD},
    {"superexec", W_WILD},
    {"execuserobject", W_WILD},
    {"findresource", W_WILD},
    {"resourceforall", W_WILD},
    {"forall", W_WILD},
    {"errordict", W_WILD},
    {"$error", W_WILD},
    {"handleerror", W_WILD},
    {"startjob", W_WILD},
    {"exitserver", W_WILD},
    {"internaldict", W_WILD},
    {"DeviceGray", W_DEVICEGRAY},
    {"G", W_DEVICEGRAY},
    {"CalGray", W_DEVICEGRAY},
    {"DeviceRGB", W_DEVICERGB},
    {"RGB", W_DEVICERGB},
    {"CalRGB", W_DEVICERGB},
    {"DeviceCMYK", W_DEVICECMYK},
    {"CMYK", W_DEVICECMYK},
    {"CIEBasedA", W_CIEA},
    {"CIEBasedABC", W_CIEABC},
    {"Indexed", W_INDEXED},
    {"I", W_INDEXED},
    {"Separation", W_SEPARATION},
    {"DeviceN", W_DEVICEN},
    {"Pattern", W_PATTERN},
    {"None", W_INKLESS},
    {"Black", W_BLACK},
    {"All", W_BLACK},
    {"Cyan", W_PRIMARY},
    {"Magenta", W_PRIMARY},
    {"Yellow", W_PRIMARY},
    {"Red", W_PRIMARY},
    {"Green", W_PRIMARY},
    {"Blue", W_PRIMARY},
    {"ImageType", W_IMAGETYPE},
    {"Width", W_WIDTH},
    {"W", W_WIDTH},
    {"Height", W_HEIGHT},
    {"H", W_HEIGHT},
    {"BitsPerComponent", W_BITS},
    {"BPC", W_BITS},
    {"Decode", W_DECODE},
    {"D", W_DECODE},
    {"ImageMask", W_IMAGEMASK},
    {"IM", W_IMAGEMASK},
    {"ColorSpace", W_COLORSPACE},
    {"CS", W_COLORSPACE},
    {"Predictor", W_PREDICTOR},
    {"Columns", W_COLUMNS},
    {"Colors", W_COLORS},
    {"EarlyChange", W_EARLYCHANGE},
    {"MultipleDataSources", W_MULTIPLE},
    {"ASCII85Decode", W_A85},
    {"A85", W_A85},
    {"ASCIIHexDecode", W_AHX},
    {"AHx", W_AHX},
    {"RunLengthDecode", W_RL},
    {"RL", W_RL},
    {"LZWDecode", W_LZW},
    {"LZW", W_LZW},
    {"FlateDecode", W_FLATE},
    {"Fl", W_FLATE},
    {"DCTDecode", W_DCT},
    {"DCT", W_DCT},
    {"CCITTFaxDecode", W_CCITT},
    {"CCF", W_CCITT},
    {"SubFileDecode", W_SUBFILE},
    {"obj", W_OBJ},
    {"endobj", W_ENDOBJ},
    {"R", W_R},
    {"stream", W_STREAM},
    {"endstream", W_ENDSTREAM},
    {"Contents", W_CONTENTS},
    {"Length", W_LENGTH},
    {"Subtype", W_SUBTYPE},
    {"Image", W_IMAGE},
    {"Form", W_FORM},
    {"PatternType", W_PATTERNTYPE},
    {"PaintType", W_PAINTTYPE},
    {"Page", W_PAGE},
    {"MediaBox", W_MEDIABOX},
    {"Type", W_TYPE},
    {"Filter", W_FILTER},
    {"F", W_FILTER},
};

typedef struct act {
    const char *name;
    uint8_t act, slot;
} act;

static const word operators[] = {
    {"setgray", A_GRAY},
    {"setrgbcolor", A_RGB},
    {"sethsbcolor", A_HSB},
    {"setcmykcolor", A_CMYK},
    {"setcolor", A_COLOR},
    {"setcolorspace", A_SPACE},
    {"setpattern", A_PATTERN},
    {"makepattern", A_PATTERN},
    {"fill", A_FILL},
    {"eofill", A_FILL},
    {"rectfill", A_FILL},
    {"ufill", A_FILL},
    {"ueofill", A_FILL},
    {"stroke", A_STROKE},
    {"rectstroke", A_STROKE},
    {"ustroke", A_STROKE},
    {"show", A_TEXT},
    {"ashow", A_TEXT},
    {"widthshow", A_TEXT},
    {"awidthshow", A_TEXT},
    {"kshow", A_TEXT},
    {"xshow", A_TEXT},
    {"yshow", A_TEXT},
    {"xyshow", A_TEXT},
    {"glyphshow", A_TEXT},
    {"image", A_IMAGE},
    {"colorimage", A_COLORIMAGE},
    {"imagemask", A_MASK},
    {"shfill", A_SHADE},
    {"execform", A_SHADE},
    {"gsave", A_SAVE},
    {"save", A_SAVE},
    {"grestore", A_RESTORE},
    {"restore", A_RESTORE},
    {"grestoreall", A_RESTOREALL},
    {"initgraphics", A_INIT},
    {"setpagedevice", A_INIT},
    {"def", A_STORE},
    {"store", A_STORE},
    {"put", A_STORE},
    {"load", A_LOAD},
    {"currentfile", A_CURRENTFILE},
    {"readhexstring", A_READHEX},
    {"readstring", A_READSTRING},
    {"div", A_STACK},
    {"idiv", A_STACK},
    {"mul", A_STACK},
    {"add", A_STACK},
    {"sub", A_STACK},
    {"neg", A_STACK},
    {"exch", A_STACK},
    {"roll", A_STACK},
    {"dup", A_STACK},
    {"index", A_STACK},
    {"copy", A_STACK},
    {"pop", A_STACK},
    {"repeat", A_FLOW},
    {"aload", A_STACK},
    {"if", A_FLOW},
    {"ifelse", A_FLOW},
    {"for", A_FLOW},
    {"forall", A_FLOW},
    {"loop", A_FLOW},
};

/* PDF 1.7, appendix A. */
static const act page_operators[] = {
    {"g", A_GRAY, SLOT_FILL},    {"G", A_GRAY, SLOT_STROKE},    {"rg", A_RGB, SLOT_FILL},    {"RG", A_RGB, SLOT_STROKE},
    {"k", A_CMYK, SLOT_FILL},    {"K", A_CMYK, SLOT_STROKE},    {"cs", A_SPACE, SLOT_FILL},  {"CS", A_SPACE, SLOT_STROKE},
    {"sc", A_COLOR, SLOT_FILL},  {"SC", A_COLOR, SLOT_STROKE},  {"scn", A_COLOR, SLOT_FILL}, {"SCN", A_COLOR, SLOT_STROKE},
    {"f", A_FILL, SLOT_MAIN},    {"F", A_FILL, SLOT_MAIN},      {"f*", A_FILL, SLOT_MAIN},   {"S", A_STROKE, SLOT_MAIN},
    {"s", A_STROKE, SLOT_MAIN},  {"B", A_BOTH, SLOT_MAIN},      {"B*", A_BOTH, SLOT_MAIN},   {"b", A_BOTH, SLOT_MAIN},
    {"b*", A_BOTH, SLOT_MAIN},   {"Tj", A_TEXT, SLOT_MAIN},     {"TJ", A_TEXT, SLOT_MAIN},   {"'", A_TEXT, SLOT_MAIN},
    {"\"", A_TEXT, SLOT_MAIN},   {"Tr", A_TEXTMODE, SLOT_MAIN}, {"sh", A_SHADE, SLOT_MAIN},  {"q", A_SAVE, SLOT_MAIN},
    {"Q", A_RESTORE, SLOT_MAIN}, {"Do", A_DO, SLOT_MAIN},       {"BI", A_INLINE, SLOT_MAIN}, {"ID", A_DATA, SLOT_MAIN},
};

uint64_t ps_key(const void *text, size_t n)
{
    const uint8_t *p = text;
    uint64_t h = PS_KEY_FIRST;
    for (size_t i = 0; i < n; i++) h = ps_key_add(h, p[i]);
    return ps_key_end(h);
}

/* Keys stand by themselves: most lookups find nothing, and need nothing else in the cache. */
static size_t place(const ps_names *t, uint64_t key)
{
    size_t i = (size_t)key & (t->cap - 1);
    while (t->keys[i] && t->keys[i] != key) i = (i + 1) & (t->cap - 1);
    return i;
}

ps_name *ps_name_find(ps *s, uint64_t key)
{
    ps_names *t = &s->names;
    if (!t->cap) return NULL;
    size_t i = place(t, key);
    return t->keys[i] ? &t->list[t->at[i]] : NULL;
}

static bool grow(ps *s)
{
    ps_names *t = &s->names, old = *t;
    size_t cap = t->cap ? t->cap * 2 : NAMES_FIRST;
    if (cap > NAMES_MAX) return false;
    uint64_t *keys = plt_pdl_alloc(s->host, cap * sizeof *keys);
    uint16_t *at = plt_pdl_alloc(s->host, cap * sizeof *at);
    if (!keys || !at) {
        plt_pdl_release(s->host, keys);
        plt_pdl_release(s->host, at);
        return false;
    }
    t->keys = keys;
    t->at = at;
    t->cap = cap;
    for (size_t i = 0; i < old.cap; i++) {
        if (!old.keys[i]) continue;
        size_t to = place(t, old.keys[i]);
        keys[to] = old.keys[i];
        at[to] = old.at[i];
    }
    plt_pdl_release(s->host, old.keys);
    plt_pdl_release(s->host, old.at);
    return true;
}

static bool list_grow(ps *s)
{
    ps_names *t = &s->names;
    size_t cap = t->list_cap ? t->list_cap * 2 : LIST_FIRST;
    ps_name *list = plt_pdl_resize(s->host, t->list, cap * sizeof *list);
    if (!list) return false;
    t->list = list;
    t->list_cap = cap;
    return true;
}

ps_name *ps_name_add(ps *s, uint64_t key)
{
    ps_names *t = &s->names;
    ps_name *e = ps_name_find(s, key);
    if (e) return e;
    if ((t->n * SPARSE >= t->cap && !grow(s)) || (t->n == t->list_cap && !list_grow(s))) {
        t->full = true;
        return NULL;
    }
    size_t i = place(t, key);
    t->keys[i] = key;
    t->at[i] = (uint16_t)t->n;
    return &t->list[t->n++];
}

/* The names of each job's beginning, as they stand in its tables. */
static struct {
    plt_once once;
    size_t n;
    uint64_t keys[NAMES_FIRST];
    uint16_t at[NAMES_FIRST];
    ps_name list[LIST_FIRST];
} known;

#define COUNT(a) (sizeof(a) / sizeof(a)[0])
static_assert(COUNT(words) + COUNT(operators) + COUNT(page_operators) <= LIST_FIRST && LIST_FIRST * SPARSE <= NAMES_FIRST, "no table grows for them");

static ps_name *add_text(ps *s, const char *name)
{
    return ps_name_add(s, ps_key(name, strlen(name)));
}

static void add_known(ps *s)
{
    for (size_t i = 0; i < COUNT(words); i++) add_text(s, words[i].name)->word = words[i].word;
    for (size_t i = 0; i < COUNT(operators); i++) add_text(s, operators[i].name)->act = operators[i].word;
    for (size_t i = 0; i < COUNT(page_operators); i++) {
        ps_name *e = add_text(s, page_operators[i].name);
        e->op = page_operators[i].act;
        e->slot = page_operators[i].slot;
    }
}

bool ps_names_begin(ps *s)
{
    ps_names *t = &s->names;
    if (!grow(s) || !list_grow(s)) return false;
    if (plt_once_made(&known.once)) {
        memcpy(t->keys, known.keys, sizeof known.keys);
        memcpy(t->at, known.at, sizeof known.at);
        memcpy(t->list, known.list, sizeof known.list);
        t->n = known.n;
        return true;
    }
    add_known(s);
    if (!plt_once_claim(&known.once)) return true;
    memcpy(known.keys, t->keys, sizeof known.keys);
    memcpy(known.at, t->at, sizeof known.at);
    memcpy(known.list, t->list, sizeof known.list);
    known.n = t->n;
    plt_once_done(&known.once);
    return true;
}
