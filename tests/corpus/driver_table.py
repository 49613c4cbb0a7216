# SPDX-License-Identifier: Apache-2.0
"""The queues of the other drivers of Debian, which the box does not have: those of the root `drivers` (tools/box.d/packages.drivers), as queue_table.py
describes its own. Each language of each driver stands here, HP's by its classes (hpPrinterLanguage and hpPrinterPlatform in its PPD files), foomatic's by
its drivers."""

GROUPS = [
    ("hpcups", "drv:hpcups/{}", "LIDIL", True, "?", "", (), "hp-deskjet_3320 hp-psc_1200_series"),
    ("hpcups", "drv:hpcups/{}", "LIDIL", True, "?", "", (), "hp-deskjet_3600 hp-psc_1400_series"),
    ("hpcups", "drv:hpcups/{}", "LIDIL", True, "?", "", (), "hp-deskjet_d4100_series hp-deskjet_d4300_series"),
    ("hpcups", "drv:hpcups/{}", "LIDIL", True, "?", "", (), "hp-deskjet_d2600_series hp-officejet_4000_k210"),
    ("hpcups", "drv:hpcups/{}", "PCL3/GUI", True, "?", "", (), "hp-deskjet_890c hp-officejet_pro_1170c_series"),
    ("hpcups", "drv:hpcups/{}", "PCL3/GUI", True, "?", "", (), "hp-deskjet_810c hp-psc_500 hp-deskjet_825c hp-deskjet_845c hp-2000c hp-psc_950xi hp-deskjet_1120"),
    ("hpcups", "drv:hpcups/{}", "PCL3/GUI", True, "?", "", (),
     "hp-business_inkjet_1000 hp-deskjet_5570_series hp-envy_photo_6200_series hp-officejet_200_mobile_series hp-tango hp-deskjet_3630_series hp-amp "
     "hp-deskjet_2600_series hp-officejet_pro_9020_series hp-officejet_8700 hp-officejet_pro_7720_series hp-smart_tank_wireless_450_series"),
    ("hpcups", "drv:hpcups/{}", "PCL3", True, "?", "", (), "hp-deskjet_500c hp-deskjet_400 hp-deskjet_1100"), ("hpcups", "drv:hpcups/{}", "PCL3", False, "?", "", (), "hp-officejet_series_350"),
    ("hpcups", "drv:hpcups/{}", "PCL3", None, "?", "", (), "apollo-2100 hp-deskjet_630c hp-deskjet_610c hp-officejet_series_725 hp-deskjet_850c hp-officejet_pro_1150c"),
    ("hpcups", "drv:hpcups/{}", "PCL5", True, "?", "", (), "hp-business_inkjet_2300-pcl3 hp-officejet_9100_series-pcl3 hp-color_laserjet_2500_series"),
    ("hpcups", "drv:hpcups/{}", "PCL5", False, "?", "", (), "hp-laserjet_1022-pcl3 hp-laserjet_1015 hp-mopier_320-pcl3"),
    ("hpcups", "drv:hpcups/{}", "PCLXL", False, "?", "", (), "hp-laserjet_1010 hp-laserjet_1012"),
    ("hpcups", "drv:hpcups/{}", "PCLXL", True, "?", "", (), "hp-color_laserjet_3500 hp-color_laserjet_3600"),
    ("hpcups", "drv:hpcups/{}", "JPEG", True, "?", "", (), "hp-photosmart_a530_series hp-photosmart_a640_series"),
    ("hpcups", "drv:hpcups/{}", "HBPL1", True, "?", "", (), "hp-color_laserjet_pro_mfp_m176n"),
    ("hpcups", "drv:hpcups/{}", "HBPL1", False, "?", "", (), "hp-laser_ns_1020 hp-neverstop_laser_mfp_120x"),
    ("hpcups", "drv:hpcups/{}", "ZjStream", False, "?", "", (), "hp-laserjet_1000 hp-laserjet_professional_p1606dn hp-laserjet_m1005 hp-laserjet_p2014n-zxs"),
    ("hpcups", "drv:hpcups/{}", "ZjStream", True, "?", "", (), "hp-color_laserjet_1600"),
    ("hpijs", "drv:hpijs/{}", "LIDIL", True, "?", "brief", (), "hp-deskjet_3320-hpijs hp-deskjet_3600-hpijs hp-deskjet_d4100_series-hpijs hp-deskjet_d2600_series-hpijs"),
    ("hpijs", "drv:hpijs/{}", "PCL3", True, "?", "brief", (), "apollo-2100-hpijs hp-deskjet_810c-hpijs hp-amp-hpijs hp-deskjet_1010_series-hpijs hp-photosmart_pro_b8800_series-hpijs"),
    ("hpijs", "foomatic:{}", "PCL5", False, "?", "brief", (), "Lexmark-CX927de-hpijs-pcl5e"), ("hpijs", "foomatic:{}", "PCL5", True, "?", "brief", (), "Xerox-WorkCentre_C2424-hpijs-pcl5c"),
    ("hpijs", "foomatic:{}", "PCL3", True, "?", "brief", (), "Apollo-P-2500-hpijs-pcl3"),
    ("escpr", "escpr:{}", "ESC/P-R", True, "?", "named", (),
     "Artisan_1430 EP-808A_Series ET-2650_Series PictureMate_PM_235 Stylus_Office_BX610FW WF-5190_Series PX-M650F XP-630_Series"),
    ("c2esp", "drv:c2esp/{}", "Kodak-ESP", True, "?", "", (), "Kodak_ESP_5 Kodak_ESP_32xx_Series Kodak_ESP_92xx_Series"),
    ("c2esp", "drv:c2espC/{}", "Kodak-ESP", True, "?", "", (), "Kodak_ESP_1.2 Kodak_ESP_C11x_Series Kodak_Hero_9.1"),
    ("sag-gdi", "drv:rastertosag-gdi/{}", "SAG-GDI", False, "?", "", (), "rsp1000s rsp1100s"),
    ("ptouch", "ptouch:{}", "PTouch", False, "?", "", (), "PT-1500PC-ptouch-pt PT-9200DX-ptouch-pt PT-9500PC-ptouch-pt PT-P700-ptouch-pt QL-500-ptouch-ql QL-650TD-ptouch-ql QL-820NWB-ptouch-ql"),
    ("dymo", "dymo:{}", "DYMO", False, "?", "", (), "lw450 lw300 lw4xl lwduol"), ("dymo", "dymo:{}", "DYMO", False, "?", "named", (), "lm400 lmpnp lp350 lwduot"),
    ("pxljr", "pxljr:{}", "PCLXL", True, "?", "", (), "HP-Color_LaserJet_3500-pxljr HP-Color_LaserJet_3600-pxljr"),
    ("m2300w", "m2300w:{}", "Minolta", True, "?", "", (), "Minolta-magicolor_2300W-m2300w KONICA_MINOLTA-magicolor_2400W-m2400w"),
    ("fujixerox", "fujixerox:{}", "PDF", True, "?", "piped", (), "fxlinuxprint"),
    ("oki", "file:okidata/{}.ppd", "PCL5", False, "?", "piped long", (), "B2200PCL OK400PCL"), ("oki", "file:okidata/{}.ppd", "ESC/P", False, "?", "", (), "okdotmatrix9 okdotmatrix24"),
    ("oki", "file:okidata/{}.ppd", "PostScript", None, "?", "piped", (), "C610PS B6500PS OK4X1PSBR"),
    ("op", "openprinting:{}", "PostScript", None, "stream", "brief", (),
     "Brother/BR8050_2_GPL Canon/cnadvc5030x1g Epson/epalmx20 Gestetner/PS/Gestetner-IM_430_PS HP/hp_officejet_9100_series InfoPrint/PS/InfoPrint-Pro_1107EX_PS "
     "Infotec/PS/Infotec-MP_6000_PS KONICA_MINOLTA/KOC451GX Kyocera/de/Kyocera_CS-C2525E_de Kyocera/pt/Kyocera_TASKalfa_500ci Lexmark/Lexmark_MC2500_Series "
     "Oce/Oce-VarioPrint_2060PS/1/OCVP2060 Oki/ok7200u1 Ricoh/PS/Ricoh-IPSiO_SP_C411 Samsung/PS/Samsung_C140x_Series Sharp/Sharp-MX-M264NR-ps Sharp/shmxb201 "
     "Toshiba/TOSHIBA_EST4511_451c_CUPS Utax/Global/English/TA2506ci"),
    ("op", "openprinting:{}", "PCLXL", None, "?", "brief", (), "Ricoh/PXL/Ricoh-SP_377SNwX_PXL Samsung/PXL/Samsung_SCX-4x26_Series_PXL Gestetner/PXL/Gestetner-Pro_C5210S_PXL"),
    ("op", "openprinting:{}", "PDF", None, "?", "brief", (), "Savin/PDF/Savin-2404WDP_PDF Lanier/PDF/Lanier-IM_2500_PDF"),
    ("op", "openprinting:{}", "PCL5", None, "?", "brief", (), "Ricoh/PCL5/Ricoh-SP_2200L_PCL5"),
    ("fd", "foomatic:{}", "PPA", None, "?", "", (), "HP-DeskJet_720C-pnm2ppa HP-DeskJet_820C-pnm2ppa HP-DeskJet_1000C-pnm2ppa"),
    ("fd", "foomatic:{}", "Minolta", False, "?", "brief", (), "Minolta-PagePro_1250W-min12xxw KONICA_MINOLTA-PagePro_1300W-min12xxw"),
    ("fd", "foomatic:{}", "Lexmark", True, "?", "brief", (), "Lexmark-2050-c2050 Compaq-IJ750-lxm3200-tweaked"),
    ("fd", "foomatic:{}", "Lexmark", False, "?", "brief", (), "Compaq-IJ900-lxm5700m Lexmark-5700-lex5700 Lexmark-7000-lex7000"),
    ("fd", "foomatic:{}", "CaPSL", False, "?", "paper brief", (), "Canon-LBP-4U-cjet Canon-LBP-8A1-lbp8"),
    ("fd", "foomatic:{}", "PostScript", None, "?", "brief", (), "Lexmark-Optra_C710-Postscript Generic-PostScript_Level_1_Printer-Postscript1"),
    ("fd", "foomatic:{}", "ESC/P", False, "?", "brief", (), "Epson-ActionPrinter_3250-ap3250 Epson-LQ-850-lq850 Oki-ML_380-epson Epson-Dot_Matrix-eps9mid Epson-Dot_Matrix-eps9high NEC-PinWriter_P6-necp6 "
     "NEC-P2X-necp2xX.upp IBM-ProPrinterII-ibmpro Oki-ML_320-okiibm Oki-Microline_182-oki182 Star-JJ-100-jj100 Star-StarJet_48-sj48 DEC-LA50-la50 DEC-LA70-la70 DEC-LA75-la75 "
     "DEC-LA75_Plus-la75plus"),
    ("fd", "foomatic:{}", "ESC/P", True, "?", "brief", (), "Fujitsu-2400-epsonc IBM-3853_JetPrinter-jetp3852 Epson-Stylus_Color_600-stcolor Epson-MachJet-mj700v2c"),
    ("fd", "foomatic:{}", "BJL", True, "?", "brief", (), "Canon-BJC-50-bjc600 Canon-BJC-7100-bjc800 Canon-S500-bj8XXYYZ.upp Canon-BJC-250ex-bjc250gs Canon-BJC-880J-bjc880j"),
    ("fd", "foomatic:{}", "BJL", False, "?", "brief", (), "Canon-BJ-35v-bj10 Canon-BJ-20-bj10e Canon-BJ-15v-bj10v Canon-BJ-10v-bj10vh Canon-BJC-210SP-bj200"),
    ("fd", "foomatic:{}", "PCL3", True, "?", "brief", (), "HP-DeskJet_500C-cdj500 HP-DeskJet_990C-cdj550 HP-DesignJet_500-cdnj500 HP-Business_Inkjet_2200-chp2200 HP-DesignJet_230-dnj650c HP-PaintJet-paintjet HP-PaintJet-pj "
     "HP-PaintJet_XL-pjetxl HP-PaintJet_XL-pjxl HP-DeskJet_1200C-pjxl300 DEC-LJ250-declj250 DEC-LJ250-lj250 NEC-PICTY180-picty180"), ("fd", "foomatic:{}", "PCL3", None, "?", "dot", (), "HP-DeskJet_890C-pcl3"),
    ("fd", "foomatic:{}", "PCL3", False, "?", "brief", (), "HP-DeskJet-deskjet HP-DeskJet_505J_Plus-dj505j HP-DeskJet_550C-djet500 HP-2563-lp2563 Oce-9050-oce9050"),
    ("fd", "foomatic:{}", "PCL5", False, "?", "brief", (), "Kyocera-F-3300-laserjet HP-LaserJet_4V_4LJ_Pro-lj4dithp Kyocera-FS-9130DN-lj4dith Minolta-PagePro_8L-ljet2p Kyocera-FS-1550-ljet3 "
     "Kyocera-KM-5050-ljet4 Brother-HL-8-ljetplus Brother-HL-2040-hl1250"),
    ("fd", "foomatic:{}", "PCL5", False, "?", "always brief", (), "Kyocera-FS-3500-ljet3d Lexmark-MX911-ljet4d"),
    ("fd", "foomatic:{}", "PCL5", True, "?", "brief", (), "Kyocera-KM-C2520-cljet5"), ("fd", "foomatic:{}", "HBP", False, "?", "brief", (), "Brother-HL-730-hl7x0"),
    ("fd", "foomatic:{}", "PCLXL", False, "?", "", (), "Kyocera-FS-6700-lj5gray Lexmark-XC9235-pxlmono"), ("fd", "foomatic:{}", "PCLXL", True, "?", "", (), "Xerox-WorkCentre_7345-pxlcolor Dell-3010cn-pxldpl"),
    ("fd", "foomatic:{}", "ESC/Page", None, "?", "brief", (), "Epson-AL-C1900-eplaser Epson-LP-9100-eplaser-jp Epson-LP-xx00-escpage Epson-LP-7000-lp2000"), ("fd", "foomatic:{}", "ESC/Page", False, "?", "paper brief", (), "Epson-LP_8000-lp8000"), ("fd", "foomatic:{}", "ESC/Page", False, "?", "never brief", (), "Epson-EPL-5800-eplaser"),
    ("fd", "foomatic:{}", "LIPS", False, "?", "brief", (), "Canon-LIPS-IIplus-lips2p Canon-LIPS-III-lips3 Canon-LBP-470-lips4 Canon-LBP-470-lips4v"), ("fd", "foomatic:{}", "LIPS", False, "?", "paper brief", (), "Canon-LBP-310-lbp310 Canon-LBP-350-lbp320"),
    ("fd", "foomatic:{}", "SAG-GDI", False, "?", "", (), "Samsung-ML-1610-gdi"),
    ("fd", "foomatic:{}", "page-printer", False, "?", "brief", (), "Ricoh-RPDL_III_Laser_Printer-rpdl Ricoh-4081-r4081 NEC-MultiWriter-npdl Fujitsu-FMLBP2xx_Page_Printer-fmlbp Imagen-ImPress-imagen Xerox-2700_XES-xes Oki-OL400w-oki4w "
     "DEC-LN03-ln03"),
    ("fd", "foomatic:{}", "dot-matrix", False, "?", "brief", (), "Fujitsu-FMPR-fmpr NEC-PC-PR201-pr201 NEC-PC-PR150-pr150 Apple-ImageWriter_II-iwhi Apple-Dot_Matrix-appledmp CItoh-M8510-m8510 Oki-Microline_600CL-ml600"),
    ("fd", "foomatic:{}", "ALPS", False, "?", "paper brief", (), "Alps-MD-1300-md1xMono"), ("fd", "foomatic:{}", "ALPS", True, "?", "brief", (), "Alps-MD-1000-md2k Alps-MD-5000-md50Eco Alps-MD-5000-md50Mono Alps-MD-5000-md5k"),
    ("fd", "foomatic:{}", "small", True, "?", "paper brief", (), "Sharp-AJ-1800-sharp.upp"), ("fd", "foomatic:{}", "small", True, "?", "brief", (), "Mitsubishi-CP50_Color_Printer-cp50 SiPix-Pocket_Printer_A6-sipixa6.upp Tektronix-4693d-t4693dX Tektronix-4696-tek4696"),
]
