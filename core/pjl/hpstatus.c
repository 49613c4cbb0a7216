/* SPDX-License-Identifier: Apache-2.0 */
/* S blocks (revisions 0 to 4, as open drivers for these printers read them) and VSTATUS. Nothing that is not there is made up. */
#include "core/pjl/hpstatus.h"

#include <string.h>

#include "core/util/text.h"

/* Where things stand, in digits from the beginning. */
static const struct layout {
    uint8_t status, pens, pen_size;
} layouts[] = {{14, 16, 8}, {14, 16, 8}, {14, 16, 4}, {16, 18, 8}, {20, 22, 8}};
#define DOOR 2

/* The ink's numbers, as far as open drivers agree on them. */
static const char *const inks[] = {"",
                                   "black",
                                   "cyan,magenta,yellow",
                                   "light cyan,light magenta,black",
                                   "cyan",
                                   "magenta",
                                   "yellow",
                                   "light cyan",
                                   "light magenta",
                                   "light yellow",
                                   "gray,black",
                                   "blue"};
/* Revision 2: four digits a pen, and other numbers. */
static const char *const short_inks[] = {"", "black", "cyan", "magenta", "yellow", "black", "cyan", "magenta", "yellow"};

static int digit(const char *s, size_t n, size_t at)
{
    char c = at < n ? s[at] : 0;
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool digits(const char *s, size_t n, size_t at, size_t count, uint32_t *out)
{
    *out = 0;
    for (size_t i = 0; i < count; i++) {
        int d = digit(s, n, at + i);
        if (d < 0) return false;
        *out = *out << 4 | (uint32_t)d;
    }
    return true;
}

static const char *ink(const char *const *names, size_t count, uint32_t i)
{
    return i < count ? names[i] : "";
}

static int percent(uint32_t level)
{
    return level <= 100 ? (int)level : -1;
}

static plt_hp_pen long_pen(uint32_t v)
{
    return (plt_hp_pen){(plt_hp_kind)((v >> 31 & 1) | (v >> 30 & 1) << 1), ink(inks, sizeof inks / sizeof *inks, v >> 24 & 0x3F),
                        (uint8_t)(v >> 14 & 3), (uint8_t)(v >> 16 & 7), percent(v & 0xFF)};
}

/* Heads come first, their supplies after them. */
static plt_hp_pen short_pen(uint32_t v, bool head)
{
    return (plt_hp_pen){head ? PLT_HP_HEAD : PLT_HP_SUPPLY, ink(short_inks, sizeof short_inks / sizeof *short_inks, v >> 12 & 15),
                        (uint8_t)(v >> 7 & 3), (uint8_t)(v >> 9 & 7), percent(v & 0x7F)};
}

plt_status plt_hp_s_block(const char *s, plt_hp_status *out)
{
    size_t n = strlen(s);
    uint32_t v;
    memset(out, 0, sizeof *out);
    out->code = -1;
    int revision = digit(s, n, 1), door = digit(s, n, DOOR), pens;
    if (revision < 0 || door < 0) return PLT_BAD;
    if ((size_t)revision >= sizeof layouts / sizeof layouts[0]) return PLT_UNSUPPORTED;
    const struct layout *l = &layouts[revision];
    out->has_door = door & 8;
    out->door_open = out->has_door && (door & 1);
    if (!digits(s, n, l->status, 2, &v)) return PLT_BAD;
    out->code = v >> 4 == 3 ? 0x30 : (int)v; /* a three stands for all of its sixteen */
    pens = digit(s, n, l->pens);
    if (pens < 0) return PLT_BAD;
    for (int i = 0; i < pens; i++) {
        if (!digits(s, n, (size_t)l->pens + 1 + (size_t)i * l->pen_size, l->pen_size, &v)) return PLT_BAD;
        out->pen[out->pens++] = l->pen_size == 8 ? long_pen(v) : short_pen(v, i < pens / 2);
    }
    return PLT_OK;
}

/* ---- VSTATUS: $HB0$NC0,ff,DN,IDLE,CUT,K0,C0,DP,NR,KP092,CP041 ---- */

static bool field_at(const char *v, size_t index, const char **p, size_t *n)
{
    for (; index; index--) {
        v = strchr(v, ',');
        if (!v) return false;
        v++;
    }
    *p = v;
    *n = strcspn(v, ",");
    return true;
}

static bool word_is(const char *p, size_t n, const char *word)
{
    char text[8];
    if (n >= sizeof text) return false;
    memcpy(text, p, n);
    text[n] = 0;
    return plt_same(text, word);
}

/* "KP092" is the black pen's level, "CP041" that of the colours. */
static int level_of(const char *v, char letter)
{
    const char *p;
    size_t n;
    for (size_t i = 8; field_at(v, i, &p, &n); i++) {
        if (n < 3 || n > 5 || p[0] != letter || p[1] != 'P') continue;
        uint32_t level = 0;
        for (size_t k = 2; k < n; k++) {
            if (p[k] < '0' || p[k] > '9') return -1;
            level = level * 10 + (uint32_t)(p[k] - '0');
        }
        return percent(level);
    }
    return -1;
}

/* "$HB0": a pen that is Here, of Black ink. */
static void add_pen(const char *v, const char *p, plt_hp_status *out)
{
    static const struct {
        char letter;
        const char *color;
        char level;
        uint8_t health;
    } kinds[] = {{'B', "black", 'K', 0}, {'C', "cyan,magenta,yellow", 'C', 0}, {'D', "light cyan,light magenta,black", 'C', 0}, {'U', "", 0, 1}};
    char letter = p[2] >= 'a' && p[2] <= 'z' ? (char)(p[2] - 32) : p[2];
    if (p[1] == 'A' || p[1] == 'a') return; /* absent */
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (letter != kinds[i].letter) continue;
        out->pen[out->pens++] = (plt_hp_pen){PLT_HP_CARTRIDGE, kinds[i].color, kinds[i].health, 0, kinds[i].level ? level_of(v, kinds[i].level) : -1};
    }
}

plt_status plt_hp_vstatus(const char *v, plt_hp_status *out)
{
    /* In the order of the codes of the S block. */
    static const char *const words[] = {"IDLE", "BUSY", "PRNT", "OFFF", "RPRT", "CNCL", "IOST", "DRYW", "PENC", "OOPA", "BNEJ",
                                        "BNMZ", "PHMZ", "DPMZ", "PAJM", "CARS", "PAPS", "PENF", "ERRO", "PWDN", "FPTS", "CLNO"};
    const char *p;
    size_t n;
    memset(out, 0, sizeof *out);
    out->code = -1;
    if (v[0] != '$') return PLT_BAD;
    size_t pens = strcspn(v, ",");
    /* "$H00000000$M00000000" of a few others is not understood: no pens then. */
    for (size_t i = 0; pens == 8 && i < pens; i += 4)
        if (v[i] == '$') add_pen(v, v + i, out);
    if (field_at(v, 2, &p, &n)) {
        out->has_door = true;
        out->door_open = !word_is(p, n, "DN");
    }
    if (!field_at(v, 3, &p, &n)) return PLT_BAD;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (word_is(p, n, words[i])) out->code = (int)i;
    return PLT_OK;
}
