/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which language does a segment begin with? Content decides, not the name in ENTER LANGUAGE alone: drivers get that wrong. Languages that
 * are walked claim their segments by their probe; the others are recognised by their first bytes and reported with
 * unknown pages. Nothing is ever taken for text because nothing else fitted.
 */
#include <string.h>

#include "core/pdl/items.h"
#include "core/pdl/lang.h"
#include "core/util/text.h"

static const plt_pdl_lang *const walked[] = {
    &plt_pdl_postscript,
    &plt_pdl_pdf,
    &plt_pdl_pclxl,
    &plt_pdl_qpdl,
    &plt_pdl_zjstream,
    &plt_pdl_xqx,
    &plt_pdl_oak,
    &plt_pdl_hbpl,
    &plt_pdl_hbp,
    &plt_pdl_sag,
    &plt_pdl_minolta,
    &plt_pdl_hiperc,
    &plt_pdl_ddst,
    &plt_pdl_spl,
    &plt_pdl_kodak,
    &plt_pdl_pwg,
    &plt_pdl_cups_raster,
    &plt_pdl_urf,
    &plt_pdl_xps,
    &plt_pdl_jpeg,
    &plt_pdl_png,
    &plt_pdl_gif,
    &plt_pdl_bmp,
    &plt_pdl_tiff,
    &plt_pdl_dvi,
    &plt_pdl_sff,
    &plt_pdl_emf,
    &plt_pdl_zpl,
    &plt_pdl_epl2,
    &plt_pdl_epl1,
    &plt_pdl_cpcl,
    &plt_pdl_tspl,
    &plt_pdl_dpl,
    &plt_pdl_dymo,
    &plt_pdl_ptouch,
    &plt_pdl_prescribe,
    &plt_pdl_lidil,
    &plt_pdl_photo,
    &plt_pdl_ppa,
    &plt_pdl_lexmark,
    &plt_pdl_lexmark_eights,
    &plt_pdl_dec,
    &plt_pdl_lj250,
    &plt_pdl_xes,
    &plt_pdl_impress,
    &plt_pdl_printronix,
    &plt_pdl_lj3100,
    &plt_pdl_capt,
    &plt_pdl_escpos,
    &plt_pdl_star,
    &plt_pdl_alps,
    &plt_pdl_escpage,
    &plt_pdl_lips,
    &plt_pdl_capsl,
    &plt_pdl_rpdl,
    &plt_pdl_npdl,
    &plt_pdl_matrix,
    &plt_pdl_fmpr,
    &plt_pdl_bjl,
    &plt_pdl_escp,
    &plt_pdl_pcl,
    &plt_pdl_hpgl,
    &plt_pdl_text,
};

#define NOT_COUNTED "pages of this language are not counted by this version"

typedef struct magic {
    const char *name;
    size_t n;
    const char *bytes;
} magic;

#define MAGIC(name, bytes) {name, sizeof(bytes) - 1, bytes}

/* First bytes; the more special one stands first. */
static const magic magics[] = {
    MAGIC("Canon-CPCA", "\xCD\xCA\x10"), /* CARPS, or another language in Canon's blocks */
};

/* First bytes that several languages share: what is left when none of the walked ones claims them. */
static const magic late[] = {
    MAGIC("ESC/P", "\033@"),
    MAGIC("IPL", "\002\033"),
    MAGIC("SBPL", "\033A\033"),
    MAGIC("SBPL", "\002\033A"),
};

/* White space and NULs, which drivers send behind ENTER LANGUAGE too. */
static size_t filler(const uint8_t *p, size_t n)
{
    size_t i = 0;
    while (i < n && (p[i] == 0 || p[i] == '\r' || p[i] == '\n' || p[i] == ' ')) i++;
    return i;
}

/* To some languages the first NUL or line end means something, to most it does not. */
static plt_probe ask(const plt_pdl_lang *lang, const plt_pdl_env *env, const uint8_t *p, size_t n, bool last)
{
    plt_probe says = lang->probe(env, p, n, last);
    size_t skip = says == PLT_PROBE_NO ? filler(p, n) : 0;
    return skip && skip < n ? lang->probe(env, p + skip, n - skip, last) : says;
}

static plt_probe probe_magic(const magic *list, size_t count, const uint8_t *p, size_t n, plt_pdl_found *out)
{
    size_t longest = 0;
    size_t skip = filler(p, n);
    p += skip, n -= skip;
    for (size_t i = 0; i < count; i++) {
        const magic *m = &list[i];
        if (n >= m->n && !memcmp(p, m->bytes, m->n)) {
            *out = (plt_pdl_found){NULL, m->name, NOT_COUNTED};
            return PLT_PROBE_YES;
        }
        if (m->n > longest) longest = m->n;
    }
    return n < longest ? PLT_PROBE_MORE : PLT_PROBE_NO;
}

bool plt_pdl_detect(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last, plt_pdl_found *out)
{
    plt_probe magic_says = probe_magic(magics, sizeof magics / sizeof magics[0], p, n, out);
    if (magic_says == PLT_PROBE_YES) return true;
    bool more = magic_says == PLT_PROBE_MORE;
    for (size_t i = 0; i < sizeof walked / sizeof walked[0] && !(more && !last); i++) {
        plt_probe says = ask(walked[i], env, p, n, last);
        if (says == PLT_PROBE_YES) {
            *out = (plt_pdl_found){walked[i], walked[i]->name, ""};
            return true;
        }
        if (says == PLT_PROBE_MORE) more = true;
    }
    if (more && !last) return false;
    if (probe_magic(late, sizeof late / sizeof late[0], p, n, out) == PLT_PROBE_YES) return true;
    if (!last) return false;
    *out = (plt_pdl_found){NULL, "", "the page language was not recognised"};
    return true;
}
