/* SPDX-License-Identifier: Apache-2.0 */
/* The printer itself: its values and states, and the texts that show them. */
#include "tests/lab/printer_engine.h"

#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"
#include "tests/lab/printer_inner.h"

#define LOW_PERCENT 10

static const char *const value_names[LAB_VALUES] = {
    "pages", "mono", "color", "duplex", "sheets", "jobs", "unreadable", "stray", "questions", "forbidden", "pml_sets",
};

lab_printer *lab_printer_new(const lab_model *m, const lab_printer_hooks *hooks)
{
    lab_printer *p = calloc(1, sizeof *p);
    if (!p) return NULL;
    p->model = m;
    if (hooks) p->hooks = *hooks;
    p->state = lab_model_state(m, "ready");
    for (size_t i = 0; i < m->supplies_n; i++) p->left[i] = m->supplies[i].left;
    for (size_t i = 0; i < m->starts_n; i++)
        for (size_t v = 0; v < LAB_VALUES; v++)
            if (!strcmp(m->starts[i].name, value_names[v])) p->n[v] = m->starts[i].n;
    return p;
}

void lab_printer_free(lab_printer *p)
{
    if (!p) return;
    free(p->stacks);
    free(p);
}

void lab_printer_pace(lab_printer *p, uint32_t pages_per_minute)
{
    p->pace = pages_per_minute;
}

uint64_t lab_printer_value(const lab_printer *p, lab_value v)
{
    return p->n[v];
}

const char *lab_value_name(lab_value v)
{
    return value_names[v];
}

const lab_model *lab_printer_model(const lab_printer *p)
{
    return p->model;
}

uint32_t lab_printer_supply(const lab_printer *p, size_t n)
{
    return p->left[n];
}

static uint32_t percent(const lab_printer *p, size_t supply)
{
    return (uint32_t)((uint64_t)p->left[supply] * 100 / p->model->supplies[supply].capacity);
}

static bool prints(const lab_printer *p)
{
    for (const lab_channel *c = p->channels; c; c = c->next)
        if (c->job && !c->job->counted) return true;
    return p->stacks_n > 0;
}

static bool is_low(const lab_printer *p)
{
    for (size_t i = 0; i < p->model->supplies_n; i++)
        if (percent(p, i) <= LOW_PERCENT) return true;
    return false;
}

/* A ready printer also prints, or misses something, without having been told so. */
const lab_state *lab_printer_state(const lab_printer *p)
{
    const lab_state *s = NULL;
    if (strcmp(p->state->name, "ready") != 0) return p->state;
    if (prints(p)) s = lab_model_state(p->model, "busy");
    if (!s && is_low(p)) s = lab_model_state(p->model, "low");
    return s ? s : p->state;
}

void lab_enter_state(lab_printer *p, const lab_state *s, uint64_t now)
{
    if (s == p->state) return;
    p->state = s;
    for (lab_channel *c = p->channels; c; c = c->next)
        if (c->on_device) lab_pjl_status_block(c, "DEVICE", now);
}

void lab_printer_tick(lab_printer *p, uint64_t now)
{
    lab_paper_tick(p, now);
    for (lab_channel *c = p->channels; c; c = c->next) {
        if (!c->timed_ms || now - c->timed_at < c->timed_ms) continue;
        c->timed_at = now;
        lab_pjl_status_block(c, "TIMED", now);
    }
}

uint8_t lab_printer_port_status(const lab_printer *p)
{
    enum { NOT_ERROR = 0x08, SELECTED = 0x10, PAPER_EMPTY = 0x20 };
    const lab_state *s = lab_printer_state(p);
    return (uint8_t)((s->stops ? 0 : NOT_ERROR) | (s->online ? SELECTED : 0) | (strcmp(s->name, "empty") ? 0 : PAPER_EMPTY));
}

/* ---- $NAME ---- */

static bool expand_supply(const lab_printer *p, const char *name, size_t n, plt_buf *out)
{
    for (size_t i = 0; i < p->model->supplies_n; i++) {
        const lab_supply *s = &p->model->supplies[i];
        size_t k = strlen(s->name);
        if (n < k || memcmp(name, s->name, k) != 0) continue;
        const char *what = name + k;
        if (n == k)
            plt_buf_printf(out, "%u", (unsigned)percent(p, i));
        else if (n == k + 5 && !memcmp(what, "_left", 5))
            plt_buf_printf(out, "%u", (unsigned)p->left[i]);
        else if (n == k + 4 && !memcmp(what, "_max", 4))
            plt_buf_printf(out, "%u", (unsigned)s->capacity);
        else
            continue;
        return true;
    }
    return false;
}

static bool expand_text(const lab_printer *p, const char *name, size_t n, plt_buf *out)
{
    const lab_state *s = lab_printer_state(p);
    const struct {
        const char *name, *text;
    } texts[] = {
        {"serial", p->model->serial}, {"firmware", p->model->firmware},         {"maker", p->model->maker}, {"product", p->model->product},
        {"display", s->display},      {"online", s->online ? "TRUE" : "FALSE"}, {"state", s->name},
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (strlen(texts[i].name) != n || memcmp(name, texts[i].name, n) != 0) continue;
        plt_buf_text(out, texts[i].text);
        return true;
    }
    if (n != 4 || memcmp(name, "code", 4) != 0) return false;
    plt_buf_printf(out, "%u", (unsigned)s->code);
    return true;
}

static bool expand_value(const lab_printer *p, const char *name, size_t n, plt_buf *out)
{
    for (size_t v = 0; v < LAB_VALUES; v++) {
        if (strlen(value_names[v]) != n || memcmp(name, value_names[v], n) != 0) continue;
        plt_buf_printf(out, "%llu", (unsigned long long)p->n[v]);
        return true;
    }
    return false;
}

void lab_expand(const lab_printer *p, const char *text, const char *eol, plt_buf *out)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz_0123456789";
    while (*text) {
        size_t n = strcspn(text, "$\n");
        plt_buf_add(out, text, n);
        text += n;
        if (*text == '\n') {
            plt_buf_text(out, eol);
            text++;
        } else if (*text == '$') {
            n = strspn(++text, letters);
            if (!expand_value(p, text, n, out) && !expand_text(p, text, n, out) && !expand_supply(p, text, n, out)) plt_buf_byte(out, '$'), n = 0;
            text += n;
        }
    }
}

void lab_printer_id(const lab_printer *p, plt_buf *out)
{
    lab_expand(p, p->model->id1284, "", out);
}
