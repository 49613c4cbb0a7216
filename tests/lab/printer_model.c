/* SPDX-License-Identifier: Apache-2.0 */
/* Reads a personality: `word rest` a line, and indented lines as the body of the line before. Tables of words; no word means two things. */
#include "tests/lab/printer_model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/pjl/pml.h"
#include "core/util/text.h"

/* One entry of the file. `rest` is eaten from the front by word(). */
typedef struct entry {
    char *key, *rest, *body;
    const char *wrong; /* what is wrong with it; NULL nothing */
} entry;

/* The next word of the rest; "" at its end. */
static char *word(entry *e)
{
    char *p = e->rest + strspn(e->rest, " \t"), *end = p + strcspn(p, " \t");
    e->rest = end;
    if (*end) *e->rest++ = 0;
    return p;
}

static char *others(entry *e)
{
    return e->rest + strspn(e->rest, " \t");
}

static uint64_t number(entry *e, int base)
{
    char *text = word(e), *end;
    unsigned long long n = strtoull(text, &end, base);
    if (end == text || *end) e->wrong = "a number is wanted";
    return n;
}

/* The index of one of the words up to NULL. */
static int choice(entry *e, const char *const words[])
{
    const char *text = word(e);
    for (int i = 0; words[i]; i++)
        if (!strcmp(text, words[i])) return i;
    e->wrong = "not one of the words that may stand here";
    return 0;
}

/* Quotes keep blanks at a text's end. */
static char *unquoted(char *text)
{
    size_t n = strlen(text);
    if (n < 2 || text[0] != '"' || text[n - 1] != '"') return text;
    text[n - 1] = 0;
    return text + 1;
}

static bool room(entry *e, size_t n, size_t max)
{
    if (n >= max) e->wrong = "too many of them";
    return n < max;
}

static void read_can(lab_model *m, entry *e)
{
    static const char *const words[] = {"pjl", "pml", "color", "duplex", NULL};
    bool *const flags[] = {&m->pjl, &m->pml, &m->color, &m->duplex};
    while (*others(e) && !e->wrong) *flags[choice(e, words)] = true;
}

static void read_quirk(lab_model *m, entry *e)
{
    static const char *const words[] = {"lf-only", "no-feed", "info-after-ustatus", "ustatus-at-once", NULL};
    bool *const flags[] = {&m->lf_only, &m->no_feed, &m->info_ustatus, &m->ustatus_at_once};
    int i = choice(e, words);
    if (!e->wrong) *flags[i] = true;
}

static void read_unknown(lab_model *m, entry *e)
{
    static const char *const words[] = {"question", "quoted", "silent", "empty", "ustatus", NULL};
    m->unknown = (lab_unknown)choice(e, words);
}

static void read_usb(lab_model *m, entry *e)
{
    m->vendor_id = (uint16_t)number(e, 16);
    m->product_id = (uint16_t)number(e, 16);
}

static void read_wake(lab_model *m, entry *e)
{
    m->wake_ms = (uint32_t)number(e, 10);
}

static void read_info(lab_model *m, entry *e)
{
    if (!room(e, m->infos_n, LAB_INFOS)) return;
    m->infos[m->infos_n++] = (lab_info){word(e), e->body};
}

static void read_variable(lab_model *m, entry *e)
{
    if (!room(e, m->variables_n, LAB_VARIABLES)) return;
    char *name = word(e), *value = word(e);
    m->variables[m->variables_n++] = (lab_variable){name, value, others(e), e->body};
}

/* state NAME CODE online|offline [stops] [deaf] [silent] [wakes] : DISPLAY */
static void read_state(lab_model *m, entry *e)
{
    static const char *const words[] = {"online", "offline", "stops", "deaf", "silent", "wakes", ":", NULL};
    if (!room(e, m->states_n, LAB_STATES)) return;
    lab_state s = {.name = word(e)};
    s.code = (uint32_t)number(e, 10);
    bool off = false, end = false;
    bool *const flags[] = {&s.online, &off, &s.stops, &s.deaf, &s.silent, &s.wakes, &end};
    while (!end && !e->wrong) *flags[choice(e, words)] = true;
    s.display = unquoted(others(e));
    m->states[m->states_n++] = s;
}

/* supply NAME CAPACITY LEFT mono|color TEXT */
static void read_supply(lab_model *m, entry *e)
{
    static const char *const words[] = {"mono", "color", NULL};
    if (!room(e, m->supplies_n, LAB_SUPPLIES)) return;
    lab_supply s = {.name = word(e)};
    s.capacity = (uint32_t)number(e, 10);
    s.left = (uint32_t)number(e, 10);
    s.color = choice(e, words) == 1;
    s.text = others(e);
    if (!s.capacity || s.left > s.capacity) e->wrong = "more is left than its capacity";
    m->supplies[m->supplies_n++] = s;
}

/* pml OID TYPE VALUE; a sub-identifier is a byte */
static void read_object(lab_model *m, entry *e)
{
    static const char *const words[] = {"string", "integer", "enum", "binary", NULL};
    static const uint8_t types[] = {PLT_PML_STRING, PLT_PML_INTEGER, PLT_PML_ENUM, PLT_PML_BINARY};
    if (!room(e, m->objects_n, LAB_OBJECTS)) return;
    lab_object o = {.value = ""};
    for (char *p = word(e), *end; *p; p = *end ? end + 1 : end) {
        unsigned long n = strtoul(p, &end, 10);
        if (end == p || n > 255 || (*end && *end != '.') || o.oid_len == LAB_OID_MAX) {
            e->wrong = "not an object identifier";
            return;
        }
        o.oid[o.oid_len++] = (uint8_t)n;
    }
    o.type = types[choice(e, words)];
    o.value = others(e);
    m->objects[m->objects_n++] = o;
}

static void read_start(lab_model *m, entry *e)
{
    if (!room(e, m->starts_n, LAB_STARTS)) return;
    char *name = word(e);
    m->starts[m->starts_n++] = (lab_initial){name, number(e, 10)};
}

static const struct reader {
    const char *key;
    void (*read)(lab_model *m, entry *e); /* NULL: the rest is the text at `text` */
    size_t text;
} readers[] = {
    {"about", NULL, offsetof(lab_model, about)},
    {"id1284", NULL, offsetof(lab_model, id1284)},
    {"maker", NULL, offsetof(lab_model, maker)},
    {"product", NULL, offsetof(lab_model, product)},
    {"serial", NULL, offsetof(lab_model, serial)},
    {"firmware", NULL, offsetof(lab_model, firmware)},
    {"usb", read_usb, 0},
    {"can", read_can, 0},
    {"quirk", read_quirk, 0},
    {"unknown", read_unknown, 0},
    {"wake-ms", read_wake, 0},
    {"info", read_info, 0},
    {"variable", read_variable, 0},
    {"state", read_state, 0},
    {"supply", read_supply, 0},
    {"pml", read_object, 0},
    {"start", read_start, 0},
};

static void read_entry(lab_model *m, entry *e)
{
    for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++) {
        if (strcmp(e->key, readers[i].key) != 0) continue;
        if (readers[i].read)
            readers[i].read(m, e);
        else
            *(const char **)(void *)((char *)m + readers[i].text) = others(e);
        return;
    }
    e->wrong = "no such word";
}

/* Cuts one line off; a carriage return at its end goes. */
static char *cut_line(char **at)
{
    char *line = *at, *end = line + strcspn(line, "\n");
    *at = *end ? end + 1 : end;
    *end = 0;
    if (end > line && end[-1] == '\r') end[-1] = 0;
    return line;
}

/* The indented lines that follow, joined by \n in place; four blanks of each are the indentation. */
static char *cut_body(char **at, int *lines)
{
    char *body = *at, *to = body;
    while (!strncmp(*at, "    ", 4)) {
        char *line = cut_line(at) + 4;
        size_t n = strlen(line);
        if (to != body) *to++ = '\n';
        memmove(to, line, n);
        to += n;
        ++*lines;
    }
    static char none[] = "";
    if (to == body) return none;
    *to = 0; /* inside of what was cut: the indentation made room */
    return body;
}

bool lab_model_read(lab_model *m, char *text, char *problem, size_t size)
{
    *m = (lab_model){.about = "", .id1284 = "", .maker = "", .product = "", .serial = "", .firmware = ""};
    for (int number_of = 1; *text; number_of++) {
        char *line = cut_line(&text);
        int at = number_of;
        if (!*line || *line == '#') continue;
        entry e = {.rest = line};
        e.key = word(&e);
        e.body = cut_body(&text, &number_of);
        read_entry(m, &e);
        if (!e.wrong) continue;
        snprintf(problem, size, "line %d: %s: %s", at, e.key, e.wrong);
        return false;
    }
    if (lab_model_state(m, "ready")) return true;
    snprintf(problem, size, "no state \"ready\"");
    return false;
}

const lab_state *lab_model_state(const lab_model *m, const char *name)
{
    for (size_t i = 0; i < m->states_n; i++)
        if (!strcmp(m->states[i].name, name)) return &m->states[i];
    return NULL;
}
