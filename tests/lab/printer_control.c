/* SPDX-License-Identifier: Apache-2.0 */
/* The control language: one line a command, one line of JSON as its answer. For tests that arrange what a printer goes through. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"
#include "tests/lab/args.h"
#include "tests/lab/printer_inner.h"

typedef struct arguments {
    char word[4][64]; /* the command and up to three more; "" none */
} arguments;

static void json_text(plt_buf *out, const char *name, const char *text)
{
    char safe[2 * 1024];
    lab_json(safe, sizeof safe, text);
    plt_buf_printf(out, "\"%s\":\"%s\"", name, safe);
}

void lab_printer_truth(const lab_printer *p, plt_buf *out)
{
    const lab_model *m = p->model;
    const lab_state *s = lab_printer_state(p);
    plt_buf id;
    plt_buf_init(&id, 1024);
    lab_printer_id(p, &id);
    const struct {
        const char *name, *text;
    } texts[] = {{"maker", m->maker}, {"product", m->product}, {"serial", m->serial},   {"firmware", m->firmware},
                 {"state", s->name},  {"display", s->display}, {"id", plt_buf_str(&id)}};
    plt_buf_text(out, "{");
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        json_text(out, texts[i].name, texts[i].text);
        plt_buf_text(out, ",");
    }
    plt_buf_printf(out, "\"usb\":\"%04x:%04x\",\"pjl\":%d,\"pml\":%d,\"code\":%u,\"online\":%d,\"port_status\":%u", m->vendor_id, m->product_id,
                   m->pjl, m->pml, (unsigned)s->code, s->online, lab_printer_port_status(p));
    for (size_t v = 0; v < LAB_VALUES; v++) plt_buf_printf(out, ",\"%s\":%llu", lab_value_name((lab_value)v), (unsigned long long)p->n[v]);
    plt_buf_text(out, ",\"supplies\":{");
    for (size_t i = 0; i < m->supplies_n; i++)
        plt_buf_printf(out, "%s\"%s\":{\"left\":%u,\"capacity\":%u}", i ? "," : "", m->supplies[i].name, (unsigned)p->left[i],
                       (unsigned)m->supplies[i].capacity);
    plt_buf_text(out, "}}");
    plt_buf_free(&id);
}

static bool number(const char *text, uint64_t *out)
{
    char *end;
    *out = strtoull(text, &end, 10);
    return *text && !*end;
}

static bool do_state(lab_printer *p, const arguments *a, uint64_t now, plt_buf *answer)
{
    const lab_state *s = lab_model_state(p->model, a->word[1]);
    (void)answer;
    if (s) lab_enter_state(p, s, now);
    return s != NULL;
}

static bool do_set(lab_printer *p, const arguments *a, uint64_t now, plt_buf *answer)
{
    uint64_t n;
    (void)now;
    (void)answer;
    if (!number(a->word[2], &n)) return false;
    for (size_t v = 0; v < LAB_VALUES; v++) {
        if (strcmp(a->word[1], lab_value_name((lab_value)v)) != 0) continue;
        p->n[v] = n;
        return true;
    }
    for (size_t i = 0; i < p->model->supplies_n; i++) {
        if (strcmp(a->word[1], p->model->supplies[i].name) != 0 || n > p->model->supplies[i].capacity) continue;
        p->left[i] = (uint32_t)n;
        return true;
    }
    return false;
}

static bool do_fault(lab_printer *p, const arguments *a, uint64_t now, plt_buf *answer)
{
    uint64_t n = 0, skip = 0;
    (void)now;
    (void)answer;
    if (a->word[2][0] && !number(a->word[2], &n)) return false;
    if (a->word[3][0] && !number(a->word[3], &skip)) return false;
    return lab_fault_add(p, a->word[1], (uint32_t)n, (uint32_t)skip);
}

static bool do_clear(lab_printer *p, const arguments *a, uint64_t now, plt_buf *answer)
{
    (void)a;
    (void)now;
    (void)answer;
    p->faults_n = 0;
    return true;
}

static bool do_pace(lab_printer *p, const arguments *a, uint64_t now, plt_buf *answer)
{
    uint64_t n;
    (void)now;
    (void)answer;
    if (!number(a->word[1], &n) || n > 6000) return false;
    p->pace = (uint32_t)n;
    return true;
}

static bool do_plug(lab_printer *p, const arguments *a, uint64_t now, plt_buf *answer)
{
    (void)now;
    (void)answer;
    p->unplugged = a->word[0][0] == 'u';
    return true;
}

static bool do_quit(lab_printer *p, const arguments *a, uint64_t now, plt_buf *answer)
{
    (void)a;
    (void)now;
    (void)answer;
    p->quits = true;
    return true;
}

static bool do_truth(lab_printer *p, const arguments *a, uint64_t now, plt_buf *answer)
{
    (void)a;
    (void)now;
    lab_printer_truth(p, answer);
    return true;
}

static const struct order {
    const char *name;
    bool (*run)(lab_printer *p, const arguments *a, uint64_t now, plt_buf *answer);
} orders[] = {
    {"state", do_state}, {"set", do_set},     {"fault", do_fault}, {"clear", do_clear}, {"pace", do_pace},
    {"plug", do_plug},   {"unplug", do_plug}, {"quit", do_quit},   {"truth", do_truth},
};

bool lab_printer_command(lab_printer *p, const char *line, uint64_t now, plt_buf *answer)
{
    arguments a = {0};
    for (size_t i = 0; i < 4; i++) {
        line += strspn(line, " \t\r\n");
        size_t n = strcspn(line, " \t\r\n");
        if (n >= sizeof a.word[i]) break;
        memcpy(a.word[i], line, n);
        line += n;
    }
    size_t before = answer->len;
    for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++) {
        if (strcmp(a.word[0], orders[i].name) != 0 || !orders[i].run(p, &a, now, answer)) continue;
        if (answer->len == before) plt_buf_text(answer, "{\"ok\":1}");
        return true;
    }
    plt_buf_text(answer, "{\"ok\":0}");
    return false;
}

bool lab_printer_quits(const lab_printer *p)
{
    return p->quits;
}

bool lab_printer_unplugged(const lab_printer *p)
{
    return p->unplugged;
}
