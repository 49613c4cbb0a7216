/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Macros: of each only how many pages it feeds and where it marks is kept, never its bytes. What a macro does beyond that, to copies, sides,
 * paper or colours, is said to be unknown.
 */
#include "core/pdl/pcl.h"

#include <string.h>

#define FEEDS_MAX 1000

static pcl_macro *find(pcl_page *p, int32_t id)
{
    for (size_t i = 0; i < PCL_MACROS; i++)
        if (p->macros[i].used && p->macros[i].id == id) return &p->macros[i];
    return NULL;
}

static pcl_macro *make(pcl_page *p)
{
    pcl_macro *m = find(p, p->macro_id);
    for (size_t i = 0; i < PCL_MACROS && !m; i++)
        if (!p->macros[i].used) m = &p->macros[i];
    if (!m) pcl_page_doubt(p, "more macros than the analysis keeps");
    if (m) *m = (pcl_macro){.id = p->macro_id, .used = true, .rows = PLT_INK_BLANK};
    return m;
}

void pcl_macro_mark(pcl_macro *m, plt_ink rows)
{
    if (!m->feeds) m->marks_first = true;
    m->marks_last = true;
    if (rows) m->rows = plt_ink_add(m->rows, rows);
}

/* Text and rules take the colour that is set where the macro runs. */
static plt_ink ink_of(const pcl_page *p, const pcl_macro *m)
{
    return m->colors ? PLT_INK_UNKNOWN : plt_ink_add(m->rows, pcl_color_fore(&p->color));
}

static void run(pcl_page *p)
{
    const pcl_macro *m = find(p, p->macro_id);
    if (!m || p->recording) return;
    if (m->changes) pcl_page_doubt(p, "a macro changes copies, sides or paper");
    if (m->colors) pcl_color_lose(&p->color), p->color.fore = PLT_INK_UNKNOWN;
    if (m->marks_first) pcl_page_mark(p, ink_of(p, m));
    if (m->feeds > FEEDS_MAX) pcl_page_doubt(p, "a macro feeds pages");
    for (uint32_t i = 0; i < m->feeds && i < FEEDS_MAX; i++) {
        pcl_page_feed(p);
        if (i + 1 < m->feeds) p->paint = PLT_INK_UNKNOWN; /* what stands between its feeds was not kept */
    }
    if (m->feeds && m->marks_last) pcl_page_mark(p, ink_of(p, m));
}

void pcl_macro_control(pcl_page *p, int32_t what)
{
    pcl_macro *m = find(p, p->macro_id);
    switch (what) {
    case 0: p->recording = make(p); return;
    case 1: p->recording = NULL; return;
    case 2: /* execute and call differ by what they restore */
    case 3: run(p); return;
    case 4:
        p->overlay_on = true;
        p->overlay_id = p->macro_id;
        return;
    case 5: p->overlay_on = false; return;
    case 6:
    case 7: memset(p->macros, 0, sizeof p->macros); return;
    case 8:
        if (m) m->used = false;
        return;
    default: return; /* 9 and 10: permanent or not */
    }
}

plt_ink pcl_macro_overlay(const pcl_page *p)
{
    if (!p->overlay_on) return PLT_INK_BLANK;
    for (size_t i = 0; i < PCL_MACROS; i++) {
        const pcl_macro *m = &p->macros[i];
        if (!m->used || m->id != p->overlay_id || !(m->marks_first || m->marks_last)) continue;
        return m->colors ? PLT_INK_UNKNOWN : plt_ink_add(m->rows, PLT_INK_MONO); /* it begins with the default colours */
    }
    return PLT_INK_BLANK;
}
