/* SPDX-License-Identifier: Apache-2.0 */
/* What state a printer of the farm can be in, as data: RFC 2790's status and error bits together with the alerts of RFC 3805 that belong to them. */
#include "tests/lab/farm.h"

/* RFC 2790: hrDeviceStatus, hrPrinterStatus. */
enum { RUNNING = 2, WARNING = 3, DOWN = 5 };
enum { OTHER = 1, IDLE = 3, PRINTING = 4, WARMUP = 5 };
/* RFC 3805: severity, training, group. */
enum { CRITICAL = 3, WARNS = 4 };
enum { UNTRAINED = 3, TRAINED = 4, NOBODY = 7 };
enum { COVER = 6, INPUT = 8, MEDIA_PATH = 13, SUPPLIES = 11, GENERAL = 5 };

/* clang-format off */
const farm_condition farm_conditions[] = {
    {"idle", RUNNING, IDLE, {0, 0}, 120, {"Ready", "Bereit", "Pr\xC3\xAAt", "\xE5\x8D\xB0\xE5\x88\xB7\xE5\x8F\xAF\xE8\x83\xBD"}, {{0}}},
    {"asleep", RUNNING, OTHER, {0, 0}, 60, {"Sleep mode on", "Energiesparmodus", "Mode veille", "\xE3\x82\xB9\xE3\x83\xAA\xE3\x83\xBC\xE3\x83\x97"}, {{0}}},
    {"printing", RUNNING, PRINTING, {0, 0}, 20, {"Printing", "Druckt", "Impression", "\xE5\x8D\xB0\xE5\x88\xB7\xE4\xB8\xAD"}, {{0}}},
    {"warming-up", RUNNING, WARMUP, {0, 0}, 4, {"Warming up", "Aufw\xC3\xA4rmen", "Pr\xC3\xA9" "chauffage", "\xE6\xBA\x96\xE5\x82\x99\xE4\xB8\xAD"}, {{0}}},
    {"toner-low", WARNING, IDLE, {0x20, 0}, 24, {"Toner low", "Toner niedrig", "Toner bas", "\xE3\x83\x88\xE3\x83\x8A\xE3\x83\xBC\xE4\xB8\x8D\xE8\xB6\xB3"},
     {{WARNS, UNTRAINED, SUPPLIES, 1, -2, 1104, {"Toner low", "Toner niedrig", "Toner bas", "\xE3\x83\x88\xE3\x83\x8A\xE3\x83\xBC\xE4\xB8\x8D\xE8\xB6\xB3"}}}},
    {"no-paper", WARNING, IDLE, {0x40, 0x04}, 12, {"Load tray 1", "Fach 1 f\xC3\xBCllen", "Charger bac 1", "\xE7\x94\xA8\xE7\xB4\x99\xE3\x81\xAA\xE3\x81\x97"},
     {{CRITICAL, UNTRAINED, INPUT, 1, 1, 808, {"Load tray 1", "Fach 1 f\xC3\xBCllen", "Charger bac 1", "\xE7\x94\xA8\xE7\xB4\x99\xE3\x81\xAA\xE3\x81\x97"}}}},
    {"jam", DOWN, OTHER, {0x04, 0}, 5, {"Paper jam", "Papierstau", "Bourrage papier", "\xE7\xB4\x99\xE3\x81\xA5\xE3\x81\xBE\xE3\x82\x8A"},
     {{CRITICAL, TRAINED, MEDIA_PATH, 1, 13, 8, {"Paper jam; open the rear door", "Papierstau; hintere Klappe \xC3\xB6" "ffnen", "Bourrage papier", "\xE7\xB4\x99\xE3\x81\xA5\xE3\x81\xBE\xE3\x82\x8A"}}}},
    {"door-open", DOWN, OTHER, {0x08, 0}, 5, {"Door open", "Klappe offen", "Capot ouvert", "\xE3\x82\xAB\xE3\x83\x90\xE3\x83\xBC"},
     {{CRITICAL, UNTRAINED, COVER, 1, 0, 3, {"Door open", "Klappe offen", "Capot ouvert", "\xE3\x82\xAB\xE3\x83\x90\xE3\x83\xBC"}}}},
    {"offline", DOWN, OTHER, {0x02, 0}, 3, {"Offline", "Offline", "Hors ligne", "\xE3\x82\xAA\xE3\x83\x95\xE3\x83\xA9\xE3\x82\xA4\xE3\x83\xB3"}, {{0}}},
    {"service", DOWN, OTHER, {0x23, 0}, 3, {"Call service", "Service rufen", "Appeler le SAV", "\xE3\x82\xB5\xE3\x83\xBC\xE3\x83\x93\xE3\x82\xB9"},
     {{WARNS, UNTRAINED, SUPPLIES, 1, -2, 1104, {"Toner low", "Toner niedrig", "Toner bas", ""}},
      {CRITICAL, NOBODY, GENERAL, 1, -1, 1, {"50.2 Fuser error", "50.2 Fehler der Fixiereinheit", "50.2 Erreur four", ""}}}},
};
/* clang-format on */
const size_t farm_condition_count = sizeof farm_conditions / sizeof farm_conditions[0];
