/* SPDX-License-Identifier: Apache-2.0 */
/* What can go wrong with a reply on its way out. Faults are set by the control language, one reply each, in their order. */
#include <string.h>

#include "tests/lab/printer_inner.h"

static const char *const kinds[] = {"garbage", "alien", "short", "mute", "twice", "stall", "dribble", "close"};

bool lab_fault_add(lab_printer *p, const char *kind, uint32_t n, uint32_t skip)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strcmp(kind, kinds[i]) != 0 || p->faults_n == LAB_FAULTS) continue;
        p->faults[p->faults_n++] = (lab_fault){(lab_fault_kind)i, n, skip};
        return true;
    }
    return false;
}

/* Bytes of every value, form feeds included; the same ones each time. */
static void garbage(plt_buf *out, uint32_t n)
{
    uint32_t x = 12345;
    for (uint32_t i = 0; i < n; i++) {
        x = x * 1664525u + 1013904223u;
        plt_buf_byte(out, (uint8_t)(x >> 24));
    }
}

static void alien(lab_channel *c)
{
    plt_buf_text(&c->out, "@PJL ECHO somebody else\r\n\f@PJL INFO PAGECOUNT\r\nPAGECOUNT=4711\r\n\f");
}

void lab_reply_send(lab_channel *c, uint64_t now)
{
    lab_printer *p = c->printer;
    plt_buf *r = &c->reply;
    size_t n = r->len;
    for (size_t i = 0; i < p->faults_n; i++) {
        lab_fault *f = &p->faults[i];
        if (f->skip) {
            f->skip--;
            continue;
        }
        switch (f->kind) {
        case LAB_FAULT_GARBAGE: garbage(&c->out, f->n); break;
        case LAB_FAULT_ALIEN: alien(c); break;
        case LAB_FAULT_SHORT: n = n < f->n ? n : f->n; break;
        case LAB_FAULT_MUTE: n = 0; break;
        case LAB_FAULT_TWICE: plt_buf_add(&c->out, r->data, n); break;
        case LAB_FAULT_STALL: c->answer_at = now + f->n; break;
        case LAB_FAULT_DRIBBLE: c->dribble = true; break;
        case LAB_FAULT_CLOSE: c->hang_up = true; break;
        }
        memmove(f, f + 1, (p->faults_n - i - 1) * sizeof *f);
        p->faults_n--;
        break;
    }
    if (!p->state->silent) plt_buf_add(&c->out, r->data, n);
    plt_buf_clear(r);
}
