# SPDX-License-Identifier: Apache-2.0
"""The queues of queues.py: the PPD files of Debian's driver packages, and what each driver makes of copies, sides, papers and empty pages.

`copies` is about the copies that the driver's filter is asked for, when the filters before it have not repeated the pages already:
  stream  the data carry the multiplier: a job of three copies is as large as one of one copy, and names the number
  repeat  the driver sends each page again: the job is as many times as large
  lost    neither: as large, and the number stands nowhere in it
It was told by the sizes of jobs of one and of three copies, and by the bytes; where that could not be told it is "?", and nothing is claimed.
`quirks`:
  long, short   says this edge for both kinds of two-sided printing
  always, never says two-sided by the long edge, or one-sided, whatever is asked
  paper         names another paper than the one it was asked for
  sides         does not say on which sides it prints                dot    an empty page is not empty in the data
  brief         not even the first of its models goes through the whole matrix
  turns         sends the backs first, and an empty one, for a person to turn the sheets over: with sides only they and the paper are claimed
  drops         writes nothing for an empty page
  piped         its filter reads what is piped to it and no file: the job is made from the document anew
  named         its filter asks for the PPD file by the printer's name, as the scheduler keeps it
`colour` is None where the driver makes greys of its coloured inks: what is coloured then is its own. An option without a value stands for the first choice
in the PPD that is not Monochrome.
"""

# prefix, kind of PPD, language, colour, copies, quirks, options, models: the first goes through the whole matrix.
GROUPS = [
    ("hp", "drv:sample/{}", "PCL5", False, "stream", "long", (), "laserjet generpcl"),
    ("hp", "drv:sample/{}", "PCL3", True, "repeat", "", (), "deskjet"),
    ("epson", "drv:sample/{}", "ESC/P", False, "repeat", "", (), "epson9 epson24 okidata9 okidat24"),
    ("label", "drv:sample/{}", "ZPL", False, "stream", "", (), "zebra"), ("label", "drv:sample/{}", "CPCL", False, "stream", "", (), "zebracpl"),
    ("label", "drv:sample/{}", "EPL1", False, "lost", "", (), "zebraep1"), ("label", "drv:sample/{}", "EPL2", False, "lost", "", (), "zebraep2"),
    ("label", "drv:sample/{}", "DYMO", False, "repeat", "", (), "dymo"), ("label", "drv:sample/{}", "PCL5", False, "stream", "", (), "intelbar"),
    ("brlaser", "drv:brlaser/{}", "PCL5", False, "stream", "short", (), "brl2360d br2140 br7070d brb7500d"),
    ("pclx", "drv:cupsfilters/{}", "PCL-RTL", False, "lost", "", (), "dsgnjt1050cpcl dsgnjt600pcl dsgnjt4000pcl dsgnjtt790pcl"),
    ("splix", "drv:splix-samsung/{}", "QPDL", False, "stream", "", (), "ml2550 ml1510 ml2165 ml3560 scx4200 sf565p"),
    ("splix", "drv:splix-samsung/{}", "QPDL", True, "stream", "", (), "clp510 clp200 clp300 clp310 clp600 clx3160"),
    ("splix", "drv:splix-xerox/{}", "QPDL", False, "stream", "", (), "ph3425 ph3115 ph5500 wcpe16"),
    ("splix", "drv:splix-xerox/{}", "QPDL", True, "stream", "", (), "ph6100 ph6110"),
    ("splix", "drv:splix-dell/{}", "QPDL", False, "stream", "", (), "1100 1110"), ("splix", "drv:splix-lexmark/{}", "QPDL", False, "stream", "", (), "x215mfp"),
    ("splix", "drv:splix-toshiba/{}", "QPDL", False, "stream", "", (), "es180s"),
    ("foo2zjs", "foo2zjs:{}", "ZjStream", False, "?", "turns", (), "HP-LaserJet_Pro_P1606dn HP-LaserJet_1000 HP-LaserJet_1020 HP-LaserJet_P2035 HP-LaserJet_Pro_M12a"),
    ("foo2zjs", "foo2zjs:{}", "ZjStream", True, "?", "turns", ("ColorMode=",),
     "HP-Color_LaserJet_2600n HP-LaserJet_Pro_CP1025nw"),
    ("foo2zjs", "foo2zjs:{}", "ZjStream", None, "?", "turns", ("ColorMode=",), "KONICA_MINOLTA-magicolor_2430_DL Minolta-magicolor_2200_DL Generic-ZjStream_Printer"),
    ("foo2xqx", "foo2zjs:{}", "XQX", False, "?", "long turns", (), "HP-LaserJet_P1505n HP-LaserJet_M1005_MFP HP-LaserJet_P2014"),
    ("foo2lava", "foo2zjs:{}", "LAVAFLOW", True, "?", "", ("ColorMode=",), "KONICA_MINOLTA-magicolor_1690MF Oki-C110 Xerox-Phaser_6115MFP"),
    ("foo2lava", "foo2zjs:{}", "magicolor", True, "?", "", ("ColorMode=",), "KONICA_MINOLTA-magicolor_2480_MF KONICA_MINOLTA-magicolor_4690MF"),
    ("foo2qpdl", "foo2zjs:{}", "QPDL", True, "?", "", ("ColorMode=",), "Samsung-CLP-310 Samsung-CLP-300 Samsung-CLP-600 Samsung-CLP-620"),
    ("foo2qpdl", "foo2zjs:{}", "QPDL", False, "?", "", (), "Samsung-ML-1670"),
    ("foo2slx", "foo2zjs:{}", "SLX", True, "?", "", ("ColorMode=",), "Lexmark-C500"),
    ("foo2hiperc", "foo2zjs:{}", "HIPERC", True, "?", "long", ("ColorMode=",), "Oki-C310dn Oki-C3100 Oki-C810"),
    ("foo2oak", "foo2zjs:{}", "OAK", True, "?", "", ("ColorMode=",), "HP-Color_LaserJet_1500 Generic-OAKT_Printer"),
    ("foo2oak", "foo2zjs:{}", "OAK", False, "?", "", (), "Kyocera-KM-1635"),
    ("foo2hbpl2", "foo2zjs:{}", "HBPL2", None, "?", "", ("ColorMode=",), "Xerox-WorkCentre_6015 Dell-1355"),
    ("foo2hbpl2", "foo2zjs:{}", "HBPL2", False, "?", "", (), "Epson-AcuLaser_M1400 Fuji_Xerox-DocuPrint_P205 Xerox-WorkCentre_3045"),
    ("foo2ddst", "foo2zjs:{}", "DDST", False, "?", "", (), "Ricoh-SP_112 Ricoh-SP_201Nw"),
    ("gutenprint", "gutenprint:{}", "ESC/P2", True, "repeat", "paper", ("StpQuality=Economy",),
     "escp2-c80 escp2 escp2-pro escp2-c20 escp2-740 escp2-870 escp2-r200 escp2-r2400 escp2-b500dn escp2-wf7520 escp2-et2550 escp2-picmate100 escp2-9600 escp2-c120"),
    ("gutenprint", "gutenprint:{}", "BJL", True, "repeat", "paper", ("StpQuality=Economy",),
     "bjc-4000 bjc-210 bjc-8200 bjc-s600 bjc-PIXMA-iP4000R bjc-PIXMA-iP4200 bjc-MG5300-series bjc-MB2300-series bjc-PIXMA-G2000"),
    ("gutenprint", "gutenprint:{}", "BJL", False, "repeat", "paper", ("StpQuality=Economy",), "bjc-30"),
    ("gutenprint", "gutenprint:{}", "PCL5", False, "stream", "", ("StpQuality=Economy",), "pcl-g_5 pcl-g_4 pcl-g_6_a4 brother-hl-2250dn canon-lbp-1000 epson-epl-5900"),
    ("gutenprint", "gutenprint:{}", "PCL3", True, "stream", "", ("StpQuality=Economy",), "pcl-g_c pcl-apollo-p2100 compaq-ij1200"),
    ("gutenprint", "gutenprint:{}", "DPL", False, "repeat", "", (), "datamax_oneil_E4204B"), ("gutenprint", "gutenprint:{}", "Lexmark", True, "repeat", "", (), "lexmark-z52"),
    ("gutenprint", "gutenprint:{}", "SELPHY", None, "lost", "paper sides", (), "canon-es1 canon-cp220 canon-cp1300 canon-cp10 canon-es2 canon-es40 canon-cp790 canon-cp900"),
    ("gutenprint", "gutenprint:{}", "DNP", None, "stream", "paper sides", (), "dnp-ds40 citizen-cw-01 citizen-cz-01 dnp-ds820"),
    ("gutenprint", "gutenprint:{}", "Kodak-photo", None, "stream", "paper sides brief", (), "kodak-6800 kodak-605 kodak-7000 kodak-8810 kodak-6900 kodak-8500"),
    ("gutenprint", "gutenprint:{}", "Kodak-photo", None, "lost", "paper sides brief", (), "kodak-1400"),
    ("gutenprint", "gutenprint:{}", "Kodak-photo", None, "repeat", "paper sides brief", (), "kodak-dock"),
    ("gutenprint", "gutenprint:{}", "Mitsubishi-photo", None, "stream", "paper sides brief", (),
     "mitsubishi-9550d mitsubishi-9800d mitsubishi-9600dw mitsubishi-cp30dw mitsubishi-3020d mitsubishi-3020da mitsubishi-p93d mitsubishi-p95d"),
    ("gutenprint", "gutenprint:{}", "HiTi", None, "stream", "paper sides brief", (), "hiti-p510s hiti-p720l"),
    ("gutenprint", "gutenprint:{}", "Sinfonia", None, "stream", "paper sides brief", (), "shinko-chcs1245 shinko-chcs2145 shinko-chcs6245"),
    ("gutenprint", "gutenprint:{}", "Fujifilm-ASK", None, "stream", "paper sides brief", (), "fujifilm-ask-2000 fujifilm-ask-4000"),
    ("gutenprint", "gutenprint:{}", "Olympus", None, "repeat", "paper sides brief", (), "olympus-p400 olympus-p440"),
    ("gutenprint", "gutenprint:{}", "Olympus", None, "stream", "paper sides brief", (), "olympus-ps100"),
    ("gutenprint", "gutenprint:{}", "dye-sub", None, "?", "paper sides brief", (), "mitsubishi-d70dw sony-updr150 sony-upd895 olympus-p10 magicard-tango-2e honeywell_rp2"),
    ("filter", "minimal:{}", "PostScript", True, "lost", "sides", (), "rastertops"), ("filter", "minimal:{}", "PDF", True, "lost", "sides", (), "rastertopdf"),
    ("filter", "minimal:{}", "PCLm", True, "lost", "sides", (), "rastertopclm"), ("filter", "minimal:{}", "PWG", True, "stream", "", (), "rastertopwg"),
    ("filter", "minimal:{}", "PCL5", None, "stream", "", (), "rastertopclx"), ("filter", "minimal:{}", "ESC/P2", None, "lost", "paper dot", (), "rastertoescpx"),
    ("ps", "hp:{}", "PostScript", None, "stream", "", (), "hp-color_laserjet_cp5225-ps hp-business_inkjet_2250-ps hp-laserjet_flow_e82660-ps hp-laserjet_p3005-ps"),
    ("pdf", "file:cupsfilters/{}.ppd", "PDF", True, "stream", "", (),
     "Generic-PDF_Printer-PDF HP-Color_LaserJet_CM3530_MFP-PDF Ricoh-PDF_Printer-PDF Fuji_Xerox-DocuPrint_CM305_df-PDF"),
    ("pclxl", "file:cupsfilters/{}.ppd", "PCLXL", True, "lost", "", (), "pxlcolor"), ("pclxl", "file:cupsfilters/{}.ppd", "PCLXL", False, "lost", "", (), "pxlmono"),
]

# With the filters of Debian 13 their driver writes a job's begin and its end and no page between them: fewer bytes than any page.
PAGELESS = {"foo2qpdl-Samsung-CLP-600": 1024, "foo2qpdl-Samsung-CLP-620": 1024, "fd-Generic-PostScript_Level_1_Printer-Postscript1": 64}

# Queues of --quick, each by a different filter.
QUICK = {"hp-generpcl", "hp-deskjet", "epson-epson24", "label-zebra", "brlaser-brl2360d", "splix-ml2550", "splix-clp510", "pclxl-pxlcolor"}


def queues(groups):
    return [(f"{prefix}-{model.replace('/', '-')}", ppd.format(model), language, colour, copies, quirks, options, at == 0 and "brief" not in quirks)
            for prefix, ppd, language, colour, copies, quirks, options, models in groups for at, model in enumerate(models.split())]


# A PPD file for filters of cups-filters that no package has one for. What the raster is like: colour space, order, bits of a colour, resolution, and
# lines of the filter's own.
PCLM = """*cupsPclmStripHeightPreferred: "16"
*cupsPclmStripHeightSupported: "16"
*cupsPclmSourceResolutionSupported: "300dpi"
*cupsPclmCompressionMethodPreferred: "flate"
"""
MINIMAL = {"rastertops": (19, 0, 8, 100, ""), "rastertopdf": (19, 0, 8, 100, ""), "rastertopclm": (19, 0, 8, 300, PCLM), "rastertopwg": (19, 0, 8, 100, ""),
           "rastertopclx": (3, 0, 1, 150, "*cupsModelNumber: 79\n"), "rastertoescpx": (3, 0, 1, 180, "")}


def minimal(filter_name):
    space, order, bits, dpi, more = MINIMAL[filter_name]
    sizes = [("A4", 595, 842), ("Letter", 612, 792)]
    papers = ""
    for key in ("PageSize", "PageRegion"):
        choices = "".join(f'*{key} {name}/{name}: "<</PageSize[{w} {h}]/ImagingBBox null>>setpagedevice"\n' for name, w, h in sizes)
        papers += f"*OpenUI *{key}/{key}: PickOne\n*Default{key}: A4\n{choices}*CloseUI: *{key}\n"
    areas = "".join(f'*ImageableArea {name}/{name}: "0 0 {w} {h}"\n*PaperDimension {name}/{name}: "{w} {h}"\n' for name, w, h in sizes)
    device = f"<</cupsColorSpace {space}/cupsColorOrder {order}/cupsBitsPerColor {bits}/HWResolution[{dpi} {dpi}]>>setpagedevice"
    return f"""*PPD-Adobe: "4.3"
*FormatVersion: "4.3"
*FileVersion: "1.0"
*LanguageVersion: English
*LanguageEncoding: ISOLatin1
*PCFileName: "MINIMAL.PPD"
*Manufacturer: "Minimal"
*Product: "(Minimal)"
*ModelName: "Minimal {filter_name}"
*ShortNickName: "Minimal {filter_name}"
*NickName: "Minimal {filter_name}"
*PSVersion: "(3010.000) 0"
*LanguageLevel: "3"
*ColorDevice: True
*FileSystem: False
*cupsVersion: 2.4
*cupsFilter: "application/vnd.cups-raster 0 {filter_name}"
{more}*DefaultImageableArea: A4
*DefaultPaperDimension: A4
{areas}{papers}*OpenUI *Resolution/Resolution: PickOne
*DefaultResolution: {dpi}dpi
*Resolution {dpi}dpi/{dpi} dpi: "{device}"
*CloseUI: *Resolution
*OpenUI *Duplex/2-Sided Printing: PickOne
*DefaultDuplex: None
*Duplex None/Off: "<</Duplex false>>setpagedevice"
*Duplex DuplexNoTumble/Long Edge: "<</Duplex true/Tumble false>>setpagedevice"
*Duplex DuplexTumble/Short Edge: "<</Duplex true/Tumble true>>setpagedevice"
*CloseUI: *Duplex
"""
