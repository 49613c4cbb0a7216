/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One table of words for the numbers of the device model (RFC 3805, RFC 2790 and our own) in English, French and German, and the few sentences that
 * are made of them. Words of people stand here and nowhere else in the agent; no program reads them.
 */
#include "core/device/words.h"

#include <stdio.h>
#include <string.h>

#include "core/util/text.h"

static const struct {
    plt_what what;
    uint16_t n;
    const char *in[PLT_LANGUAGE_COUNT];
} rows[] = {
#define ROW(what, n, en, fr, de) {what, n, {en, fr, de}},
#include "core/device/words_table.h"
#undef ROW
};

/* As printers write them; each language's name leads to the row. */
static const char *const colors[][PLT_LANGUAGE_COUNT] = {
    {"black", "noir", "schwarz"},
    {"cyan", "cyan", "cyan"},
    {"magenta", "magenta", "magenta"},
    {"yellow", "jaune", "gelb"},
    {"red", "rouge", "rot"},
    {"green", "vert", "grün"},
    {"blue", "bleu", "blau"},
    {"white", "blanc", "weiß"},
    {"orange", "orange", "orange"},
    {"violet", "violet", "violett"},
    {"gray", "gris", "grau"},
    {"light gray", "gris clair", "hellgrau"},
    {"light cyan", "cyan clair", "hellcyan"},
    {"light magenta", "magenta clair", "hellmagenta"},
    {"matte black", "noir mat", "mattschwarz"},
    {"photo black", "noir photo", "fotoschwarz"},
    {"clear", "transparent", "farblos"},
    {"color", "couleur", "Farbe"},
};

static const char *const labels[PLT_LABEL_COUNT][PLT_LANGUAGE_COUNT] = {
    [PLT_LABEL_ADDRESS] = {"Address", "Adresse", "Adresse"},
    [PLT_LABEL_MODEL] = {"Model", "Modèle", "Modell"},
    [PLT_LABEL_SERIAL] = {"Serial number", "Numéro de série", "Seriennummer"},
    [PLT_LABEL_PAGES] = {"Pages", "Pages", "Seiten"},
    [PLT_LABEL_STATE] = {"State", "État", "Status"},
    [PLT_LABEL_SUPPLIES] = {"Supplies", "Consommables", "Material"},
    [PLT_LABEL_SOME] = {"some", "il en reste", "etwas"},
    [PLT_LABEL_UNKNOWN] = {"?", "?", "?"},
    [PLT_LABEL_FREE] = {"free", "libre", "frei"},
};

#define COUNT(a) (sizeof(a) / sizeof *(a))

static plt_language known(plt_language l)
{
    return (unsigned)l < PLT_LANGUAGE_COUNT ? l : PLT_ENGLISH;
}

bool plt_language_find(const char *name, plt_language *out)
{
    static const char *const names[PLT_LANGUAGE_COUNT] = {"en", "fr", "de"};
    size_t n = strcspn(name, "_-.@");
    *out = PLT_ENGLISH;
    for (unsigned i = 0; n == 2 && i < PLT_LANGUAGE_COUNT; i++) {
        if (memcmp(name, names[i], 2) != 0) continue;
        *out = (plt_language)i;
        return true;
    }
    return false;
}

const char *plt_word_in(plt_language l, plt_what what, uint64_t n)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        if (rows[i].what == what && rows[i].n == n) return rows[i].in[known(l)];
    return NULL;
}

const char *plt_color_in(plt_language l, const char *color)
{
    for (size_t i = 0; i < COUNT(colors); i++)
        for (unsigned k = 0; k < PLT_LANGUAGE_COUNT; k++)
            if (plt_same(colors[i][k], color)) return colors[i][known(l)];
    return plt_same(color, "grey") ? plt_color_in(l, "gray") : color;
}

const char *plt_label_in(plt_language l, plt_label label)
{
    return labels[(unsigned)label < PLT_LABEL_COUNT ? label : PLT_LABEL_UNKNOWN][known(l)];
}

bool plt_supply_is_receptacle(const plt_device *d, uint32_t row)
{
    static const uint8_t wastes[] = {4, 8, 14, 24, 26}; /* prtMarkerSuppliesType: toner, ink, wax, water, paper */
    uint64_t n;
    if (plt_device_number(d, PLT_SUPPLY_CLASS, row, &n) && (n == 3 || n == 4)) return n == 4;
    return plt_device_number(d, PLT_SUPPLY_TYPE, row, &n) && n <= UINT8_MAX && memchr(wastes, (int)n, sizeof wastes);
}

/* Toner and ink are called by their colour alone. */
static bool is_ink(uint64_t type)
{
    return type == 3 || type == 5 || type == 6 || type == 21 || type == 35 || type == 36;
}

void plt_supply_name(plt_language l, const plt_device *d, uint32_t row, char out[64])
{
    uint64_t type = 0;
    bool typed = plt_device_number(d, PLT_SUPPLY_TYPE, row, &type) && type > 2;
    const char *color = plt_device_text(d, PLT_SUPPLY_COLOR, row), *kind = typed ? plt_word_in(l, PLT_SUPPLY_TYPE, type) : NULL;
    char text[2 * PLT_TEXT_MAX];
    if (plt_same(color, "none") || plt_same(color, "other") || plt_same(color, "unknown") || plt_supply_is_receptacle(d, row)) color = "";
    if (!kind && !*color) kind = plt_device_text(d, PLT_SUPPLY_TEXT, row);
    if (kind && !*kind) kind = plt_word_in(l, PLT_SUPPLY_TYPE, 2);
    color = plt_color_in(l, color);
    if (*color && (!kind || is_ink(type)))
        snprintf(text, sizeof text, "%s", color);
    else if (*color && l == PLT_FRENCH)
        snprintf(text, sizeof text, "%s %s", kind, color);
    else
        snprintf(text, sizeof text, "%s%s%s", color, *color ? " " : "", kind);
    plt_utf8_copy(out, 64, text, strlen(text));
}

void plt_supply_level(plt_language l, const plt_device *d, uint32_t row, char out[32])
{
    uint64_t state;
    uint32_t percent;
    const plt_value *level = plt_device_get(d, PLT_SUPPLY_LEVEL, row);
    const char *space = l == PLT_ENGLISH ? "" : "\xC2\xA0", *word = NULL; /* no line may break there */
    bool receptacle = plt_supply_is_receptacle(d, row);
    if (plt_supply_percent(d, row, &percent)) {
        /* RFC 3805, prtMarkerSuppliesLevel: of a receptacle it is the room that is left. */
        const char *left = receptacle ? plt_label_in(l, PLT_LABEL_FREE) : "";
        snprintf(out, 32, "%u%s%%%s%s", (unsigned)percent, space, *left ? " " : "", left);
        return;
    }
    if (plt_device_number(d, PLT_SUPPLY_STATE, row, &state)) word = plt_word_in(l, PLT_SUPPLY_STATE, state);
    if (!word) word = plt_label_in(l, level && level->kind == PLT_SOME && !receptacle ? PLT_LABEL_SOME : PLT_LABEL_UNKNOWN);
    plt_utf8_copy(out, 32, word, strlen(word));
}

void plt_alert_text(plt_language l, const plt_device *d, uint32_t row, char *out, size_t size)
{
    uint64_t severity = 1, code = 2;
    char text[3 * PLT_TEXT_MAX];
    const plt_value *v = plt_device_get(d, PLT_ALERT_TEXT, row);
    const char *own = v ? plt_value_text(d, v) : "", *word, *what;
    plt_device_number(d, PLT_ALERT_SEVERITY, row, &severity);
    plt_device_number(d, PLT_ALERT_CODE, row, &code);
    word = plt_word_in(l, PLT_ALERT_SEVERITY, severity);
    what = code > 2 ? plt_word_in(l, PLT_ALERT_CODE, code) : NULL;
    /* Our own English words of a PJL code say the same again. */
    if (what && v && v->source != PLT_SOURCE_SNMP && l != PLT_ENGLISH) own = "";
    if (v && v->source != PLT_SOURCE_SNMP && l == PLT_ENGLISH && *own) what = NULL;
    if (!what && !*own) what = plt_word_in(l, PLT_ALERT_CODE, 2);
    const char *colon = l == PLT_FRENCH ? "\xC2\xA0: " : ": ";
    snprintf(text, sizeof text, "%s%s%s%s%s%s", word ? word : "", word ? colon : "", what ? what : own, what && *own ? " (" : "", what ? own : "",
             what && *own ? ")" : "");
    plt_utf8_copy(out, size, text, strlen(text));
}
