/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names that a printer may know of itself: the operators of PLRM 3 (chapter 8) and of Level 1, Display PostScript, CID and status dictionaries,
 * papers, and what interpreters add. A name too many here only leaves a job unknown; a name too few ends a job that goes on.
 * And the names that the job itself was seen to write.
 */
#include <string.h>

#include "core/pdl/ps.h"

/* By their first letter; the first ones begin with none. */
static const char *const operators[] = {
    " #copies $error 10x14 11x17 11x17tray = == =print =string ",
    " a0 a1 a10 a2 a3 a3tray a4 a4R a4small a4tray a5 a6 a7 a8 a9 abs accuratescreens add addglyph aload alphaimage anchorsearch and anse ansiA "
    "ansiB ansiC ansiD ansic ansid appletalktype arc arch archA archB archC archD archE arcn arct arcto array ashow astore atan awidthshow ",
    " b0 b1 b2 b3 b4 b5 b5tray b6 banddevice begin beginbfchar beginbfrange begincidchar begincidrange begincmap begincodespacerange beginnotdefchar "
    "beginnotdefrange beginrearrangedfont beginusematrix bind bitshift bpside buildtime byteorder bytesavailable ",
    " c0 c1 c2 c3 c4 c5 c6 cachestatus capturemode ceiling charpath checkpassword checkscreen clear cleardictstack cleartomark clip clippath "
    "cliprestore clipsave closefile closepath colorimage com10 composefont composite compositerect concat concatmatrix condition configurationerror "
    "copy copydevice copydevice2 copypage copyscratchpage cos count countdictstack countexecstack counttomark cshow currentalpha "
    "currentblackgeneration currentcacheparams currentcapturemode currentcmykcolor currentcolor currentcolorrendering currentcolorscreen "
    "currentcolorspace currentcolortransfer currentcontext currentdash currentdevice currentdevparams currentdict currentdistillerparams currentfile "
    "currentfilladjust currentflat currentfont currentglobal currentgray currentgstate currenthalftone currenthalftonephase currenthsbcolor "
    "currentlimitclamp currentlinecap currentlinejoin currentlinewidth currentmatrix currentmiterlimit currentobjectformat currentoverprint "
    "currentoverprintmode currentpacking currentpagedevice currentpoint currentrenderalgorithm currentrgbcolor currentscreen currentshared "
    "currentsmoothness currentstrokeadjust currentsystemparams currenttextrenderingmode currenttransfer currentundercolorremoval currentuserparams "
    "curveto cvi cvlit cvn cvr cvrs cvs cvx cvxexec ",
    " daytime def defaultmatrix defaultpapertray defaulttimeouts definefont defineresource defineusername defineuserobject deletefile detach "
    "devdismount devenumerate devforall devformat deviceinfo devicenames devmount devstatus dict dictfull dictstack dictstackoverflow "
    "dictstackunderflow diskonline diskstatus dissolve div dl doprinterrors dostartpage dosysstart dtransform dup duplexmode ",
    " echo eexec emulate end endbfchar endbfrange endcidchar endcidrange endcmap endcodespacerange endnotdefchar endnotdefrange endrearrangedfont "
    "endusematrix envelope eoclip eofill eoviewclip eq erasepage errordict exch exec execform execstack execstackoverflow execuserobject executeonly "
    "executive executivepage exit exitserver exp ",
    " FontDirectory false file filenameforall fileposition fill filter findcolorrendering finddevice findencoding findfont findlibfile "
    "findprotodevice findresource firstside flattenpath floor flsa flse flush flushfile flushpage folio for forall fork framedevice ",
    " GlobalFontDirectory gcheck ge get getdeviceprops getenv getinterval globaldict glyphshow grestore grestoreall gsave gstate gt ",
    " hagaki halfletter handleerror hardwareiomode hidewindow ",
    " ISOLatin1Encoding identmatrix idiv idtransform if ifelse image imagemask index ineofill infill initclip initgraphics initializedisk initmatrix "
    "initviewclip instroke internaldict inueofill inufill inustroke invalidaccess invalidcontext invalidexit invalidfileaccess invalidfont invalidid "
    "invalidrestore invertmatrix ioerror isob5 itransform ",
    " jisb4 jisb5 jobname jobserver jobsource jobtimeout join ",
    " known kshow ",
    " languagelevel largetray le ledger ledgertray legal legaltray length letter letterR lettersmall lettertray lib limitcheck lineto ln load lock "
    "log loop lt ",
    " makefont makeimagedevice makeoperator makepattern makewordimagedevice manualfeed manualfeedtimeout margins mark matrix max maxlength min "
    "mirrorprint mod monarch monitor moveto mul ",
    " ne neg newpath newsheet noaccess nocurrentpoint not note notify null nulldevice ",
    " openlock or ",
    " packedarray pagecount pagemargin pageparams pagestackorder papersize papertray pathbbox pathforall pdfmark pop postcard prefeed prefeedwidth "
    "print printername printobject processcolors product prompt ps2ai pstack put putdeviceprops putinterval ",
    " quarto quit ",
    " ramsize rand rangecheck rcurveto read readhexstring readimage readline readonly readstring realformat realtime rectclip rectfill rectstroke "
    "rectviewclip removeall removeglyphs renamefile renderbands repeat resetfile resolution resourceforall resourcestatus restore reversepath "
    "revision rlineto rmoveto roll rootfont rotate round rrand rulesdict run runlibfile ",
    " SharedFontDirectory StandardEncoding StartData save scale scalefont sccbatch sccinteractive scheck search selectfont serialnumber serverdict "
    "setaccuratescreens setalpha setbbox setblackgeneration setcachedevice setcachedevice2 setcachelimit setcacheparams setcharwidth setcmykcolor "
    "setcolor setcolorrendering setcolorscreen setcolorspace setcolortransfer setcontextdevice setdash setdefaultmatrix setdefaulttimeouts setdevice "
    "setdevparams setdistillerparams setdoprinterrors setdostartpage setdosysstart setduplexmode setfileposition setfilladjust setflat setfont "
    "setglobal setgray setgstate sethalftone sethalftonephase sethardwareiomode sethsbcolor setjobtimeout setlimitclamp setlinecap setlinejoin "
    "setlinewidth setmargins setmatrix setmirrorprint setmiterlimit setobjectformat setoverprint setoverprintmode setpacking setpage setpagedevice "
    "setpagemargin setpageparams setpagestackorder setpapertray setpattern setprintername setrenderalgorithm setresolution setrgbcolor setsccbatch "
    "setsccinteractive setscreen setshared setsmoothness setsoftwareiomode setstrokeadjust setsystemparams settextrenderingmode settransfer "
    "settumble setucacheparams setundercolorremoval setuserparams setvmthreshold shareddict shfill show showgraphics showpage sin sizeimage "
    "softwareiomode sqrt srand stack stackoverflow stackunderflow start startdata startjob statement status statusdict stderr stdin stdout stop "
    "stopped store string stringwidth stroke strokepath sub superexec syntaxerror systemdict ",
    " tabloid textrenderingmode timeout token transform translate true truncate tumble type typecheck ",
    " UserObjects uappend ucache ucachestatus ueofill ufill undef undefined undefinedfilename undefinedresource undefinedresult undefinefont "
    "undefineresource undefineuserobject universal unmatchedmark unregistered upath usecmap usefont userdict userdiskpercent usertime ustroke "
    "ustrokepath ",
    " VMerror version viewclip viewclippath vmreclaim vmstatus ",
    " wait waittimeout wcheck where widthshow write writehexstring writeobject writestring wtranslation ",
    " xcheck xor xshow xyshow ",
    " yield yshow ",
    "  ",
};

static bool in_list(const char *text, size_t n)
{
    uint8_t first = (uint8_t)(*text | 0x20);
    const char *at = operators[first >= 'a' && first <= 'z' ? first - 'a' + 1 : 0] + 1;
    while (*at) {
        const char *end = strchr(at, ' ');
        if ((size_t)(end - at) == n && !memcmp(at, text, n)) return true;
        at = end + 1;
    }
    return false;
}

/* A page says few different names very often: what the list says of them is remembered. */
bool ps_known_operator(ps_flow *f, const ps_token *t)
{
    struct ps_asked *asked = &f->asked[t->key % PS_ASKED];
    if (asked->key != t->key) *asked = (struct ps_asked){t->key, in_list(t->text, t->len)};
    return asked->known;
}

static size_t place(const ps_flow *f, uint64_t key)
{
    size_t i = (size_t)key & (PS_SEEN - 1);
    while (f->seen[i] && f->seen[i] != key) i = (i + 1) & (PS_SEEN - 1);
    return i;
}

bool ps_known_seen(const ps_flow *f, uint64_t key)
{
    return f->seen[place(f, key)] == key;
}

void ps_known_see(ps_flow *f, uint64_t key)
{
    size_t i = place(f, key);
    if (f->seen[i] == key) return;
    if (f->seen_n >= PS_SEEN / 4 * 3) {
        f->driven = true; /* a larger program than can be followed */
        return;
    }
    f->seen[i] = key;
    f->seen_n++;
}
