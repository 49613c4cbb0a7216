/* SPDX-License-Identifier: Apache-2.0 */
/* Known names by their hash. */
#include "core/pdl/pdf_names.h"

#include <assert.h>
#include <string.h>

#include "core/util/once.h"

#define NAME(name) [PDF_N_##name] = {#name, sizeof #name - 1}

static const struct {
    const char *text; /* NULL: a border between two kinds */
    size_t n;
} names[PDF_N_END] = {
    NAME(Type),
    NAME(Pages),
    NAME(Kids),
    NAME(Count),
    NAME(Root),
    NAME(Encrypt),
    NAME(Info),
    NAME(MediaBox),
    NAME(UserUnit),
    NAME(Length),
    NAME(Filter),
    NAME(DecodeParms),
    NAME(Subtype),
    NAME(N),
    NAME(First),
    NAME(Predictor),
    NAME(Colors),
    NAME(Columns),
    NAME(EarlyChange),
    NAME(Name),
    NAME(V),
    NAME(R),
    NAME(P),
    NAME(CF),
    NAME(StmF),
    NAME(StrF),
    NAME(CFM),
    NAME(AESV2),
    NAME(AESV3),
    NAME(V2),
    NAME(EncryptMetadata),
    NAME(StdCF),
    NAME(ID),
    NAME(Producer),
    NAME(Creator),
    NAME(O),
    NAME(U),
    NAME(OE),
    NAME(UE),
    NAME(Perms),
    NAME(Page),
    NAME(Catalog),
    NAME(Contents),
    NAME(Resources),
    NAME(Annots),
    NAME(Image),
    NAME(Form),
    NAME(ObjStm),
    NAME(XRef),
    NAME(ColorSpace),
    NAME(XObject),
    NAME(Pattern),
    NAME(Shading),
    NAME(Function),
    NAME(Functions),
    NAME(FunctionType),
    NAME(C0),
    NAME(C1),
    NAME(PatternType),
    NAME(PaintType),
    NAME(ShadingType),
    NAME(BitsPerComponent),
    NAME(BitsPerSample),
    NAME(Width),
    NAME(Height),
    NAME(ImageMask),
    NAME(Decode),
    NAME(Alternate),
    NAME(Range),
    NAME(DeviceGray),
    NAME(DeviceRGB),
    NAME(DeviceCMYK),
    NAME(CalGray),
    NAME(CalRGB),
    NAME(Lab),
    NAME(ICCBased),
    NAME(Indexed),
    NAME(Separation),
    NAME(DeviceN),
    NAME(Black),
    NAME(All),
    NAME(None),
    NAME(FlateDecode),
    NAME(LZWDecode),
    NAME(ASCII85Decode),
    NAME(ASCIIHexDecode),
    NAME(RunLengthDecode),
    NAME(DCTDecode),
    NAME(CCITTFaxDecode),
    NAME(JBIG2Decode),
    NAME(JPXDecode),
    NAME(Crypt),
    NAME(Identity),
    NAME(Fl),
    NAME(LZW),
    NAME(A85),
    NAME(AHx),
    NAME(RL),
    NAME(DCT),
    NAME(CCF),
    NAME(G),
    NAME(RGB),
    NAME(CMYK),
    NAME(I),
    NAME(AP),
    NAME(AS),
    NAME(F),
    NAME(Annot),
    NAME(OCProperties),
    NAME(D),
    NAME(OFF),
    NAME(Link),
    NAME(Length1),
    NAME(Length2),
    NAME(Length3),
    NAME(BPC),
    NAME(CS),
    NAME(DP),
    NAME(IM),
    NAME(BaseState),
    NAME(Font),
    NAME(FontDescriptor),
    NAME(StructElem),
    NAME(Encoding),
    NAME(Metadata),
    NAME(Outlines),
    NAME(Action),
    NAME(EmbeddedFile),
    NAME(CMap),
    NAME(StructTreeRoot),
    NAME(Filespec),
    NAME(OBJR),
    NAME(MCR),
    NAME(XML),
    NAME(Type1C),
    NAME(CIDFontType0C),
    NAME(OpenType),
    NAME(CMapName),
    NAME(Parent),
    NAME(Widths),
    NAME(ToUnicode),
    NAME(StructParents),
    NAME(StructParent),
    NAME(Names),
    NAME(Nums),
    NAME(Limits),
    NAME(Dests),

    NAME(Index),
    NAME(Prev),
    NAME(Next),
    NAME(Thumb),
    NAME(PieceInfo),
    NAME(DescendantFonts),
    NAME(CIDSystemInfo),
    NAME(CharProcs),
    NAME(FontFile),
    NAME(FontFile2),
    NAME(FontFile3),
    NAME(CIDToGIDMap),
    NAME(Differences),
    NAME(BaseFont),
    NAME(ExtGState),
    NAME(Properties),
    NAME(ProcSet),
    NAME(Group),
    NAME(SMask),
    NAME(Mask),
    NAME(OPI),
    NAME(Border),
    NAME(Rect),
    NAME(BBox),
    NAME(Matrix),
    NAME(Coords),
    NAME(Domain),
    NAME(Bounds),
    NAME(Encode),

    NAME(TrimBox),
    NAME(BleedBox),
    NAME(ArtBox),
    NAME(CropBox),
    NAME(Gamma),
    NAME(WhitePoint),
    NAME(BlackPoint),
    NAME(ViewerPreferences),
    NAME(Threads),

    NAME(Trans),

    NAME(FontBBox),
    NAME(FontMatrix),
    NAME(Size),
    NAME(W),
    NAME(H),
    NAME(S),
};

static_assert(PDF_N_END <= 256, "a slot is one byte");
static_assert(PDF_N_DROPPED <= 128, "names that are kept fit seven bits");

uint32_t pdf_name_hash(const uint8_t *text, size_t n)
{
    uint32_t h = PDF_HASH_FIRST;
    for (size_t i = 0; i < n; i++) h = pdf_hash_add(h, text[i]);
    return h;
}

static void fill(pdf_names *t)
{
    memset(t, 0, sizeof *t);
    for (uint32_t i = 1; i < PDF_N_END; i++) {
        if (!names[i].text) continue;
        uint32_t at = pdf_name_hash((const uint8_t *)names[i].text, names[i].n);
        while (t->slots[at % PDF_SLOTS]) at++;
        t->slots[at % PDF_SLOTS] = (uint8_t)i;
    }
}

void pdf_names_begin(pdf_names *t)
{
    static plt_once once;
    static pdf_names all;
    if (plt_once_made(&once)) {
        *t = all;
        return;
    }
    fill(t);
    if (!plt_once_claim(&once)) return;
    all = *t;
    plt_once_done(&once);
}

uint32_t pdf_name_id(const pdf_names *t, uint32_t hash, const uint8_t *text, size_t n)
{
    for (uint32_t at = hash; t->slots[at % PDF_SLOTS]; at++) {
        uint8_t i = t->slots[at % PDF_SLOTS];
        if (names[i].n == n && !memcmp(names[i].text, text, n)) return i;
    }
    /* Numbers right behind the bit are ours, as they are written with four bytes. */
    return (hash | PDF_N_OTHER) < (PDF_N_OTHER | 256) ? PDF_N_OTHER | 256 : hash | PDF_N_OTHER;
}
