/* SPDX-License-Identifier: Apache-2.0 */
/* What each field is called, what it holds, and the words of the enumerations (RFC 3805, RFC 2790, and our own). Tables only. */
#include <string.h>

#include "core/device/device.h"
#include "core/util/text.h"

static const plt_word states[] = {{PLT_STATE_UNKNOWN, "unknown"},
                                  {PLT_STATE_READY, "ready"},
                                  {PLT_STATE_PRINTING, "printing"},
                                  {PLT_STATE_BUSY, "busy"},
                                  {PLT_STATE_ASLEEP, "asleep"},
                                  {PLT_STATE_WARMING, "warming"},
                                  {PLT_STATE_OFFLINE, "offline"},
                                  {PLT_STATE_ATTENTION, "attention"},
                                  {PLT_STATE_STOPPED, "stopped"},
                                  {PLT_STATE_BROKEN, "broken"},
                                  {0, NULL}};
static const plt_word conditions[] = {{PLT_LOW_PAPER, "low_paper"},
                                      {PLT_NO_PAPER, "no_paper"},
                                      {PLT_LOW_TONER, "low_toner"},
                                      {PLT_NO_TONER, "no_toner"},
                                      {PLT_DOOR_OPEN, "door_open"},
                                      {PLT_JAMMED, "jammed"},
                                      {PLT_IS_OFFLINE, "offline"},
                                      {PLT_SERVICE_REQUESTED, "service_requested"},
                                      {PLT_INPUT_MISSING, "input_missing"},
                                      {PLT_OUTPUT_MISSING, "output_missing"},
                                      {PLT_MARKER_MISSING, "marker_missing"},
                                      {PLT_OUTPUT_NEAR_FULL, "output_near_full"},
                                      {PLT_OUTPUT_FULL, "output_full"},
                                      {PLT_INPUT_EMPTY, "input_empty"},
                                      {PLT_MAINTENANCE_OVERDUE, "maintenance_overdue"},
                                      {0, NULL}};
static const plt_word yes_no[] = {{1, "yes"}, {2, "no"}, {0, NULL}};
static const plt_word device_states[] = {{1, "unknown"}, {2, "running"}, {3, "warning"}, {4, "testing"}, {5, "down"}, {0, NULL}};
static const plt_word printer_states[] = {{1, "other"}, {2, "unknown"}, {3, "idle"}, {4, "printing"}, {5, "warmup"}, {0, NULL}};
/* PrtMarkerSuppliesSupplyUnitTC and PrtCapacityUnitTC number alike. */
static const plt_word units[] = {
    {1, "other"},        {2, "unknown"},   {3, "inches/10000"},      {4, "micrometers"},     {7, "impressions"}, {8, "sheets"},  {11, "hours"},
    {12, "ounces/1000"}, {13, "grams/10"}, {14, "fluid_ounces/100"}, {15, "milliliters/10"}, {16, "feet"},       {17, "meters"}, {18, "items"},
    {19, "percent"},     {0, NULL}};
static const plt_word supply_types[] = {{1, "other"},
                                        {2, "unknown"},
                                        {3, "toner"},
                                        {4, "waste_toner"},
                                        {5, "ink"},
                                        {6, "ink_cartridge"},
                                        {7, "ink_ribbon"},
                                        {8, "waste_ink"},
                                        {9, "opc"},
                                        {10, "developer"},
                                        {11, "fuser_oil"},
                                        {12, "solid_wax"},
                                        {13, "ribbon_wax"},
                                        {14, "waste_wax"},
                                        {15, "fuser"},
                                        {16, "corona_wire"},
                                        {17, "fuser_oil_wick"},
                                        {18, "cleaner_unit"},
                                        {19, "fuser_cleaning_pad"},
                                        {20, "transfer_unit"},
                                        {21, "toner_cartridge"},
                                        {22, "fuser_oiler"},
                                        {23, "water"},
                                        {24, "waste_water"},
                                        {25, "glue_water_additive"},
                                        {26, "waste_paper"},
                                        {27, "binding_supply"},
                                        {28, "banding_supply"},
                                        {29, "stitching_wire"},
                                        {30, "shrink_wrap"},
                                        {31, "paper_wrap"},
                                        {32, "staples"},
                                        {33, "inserts"},
                                        {34, "covers"},
                                        {35, "matte_toner"},
                                        {36, "matte_ink"},
                                        {0, NULL}};
static const plt_word supply_classes[] = {{1, "other"}, {3, "supply"}, {4, "receptacle"}, {0, NULL}};
static const plt_word supply_states[] = {{PLT_SUPPLY_OK, "ok"},
                                         {PLT_SUPPLY_LOW, "low"},
                                         {PLT_SUPPLY_EMPTY, "empty"},
                                         {PLT_SUPPLY_MISSING, "missing"},
                                         {PLT_SUPPLY_FULL, "full"},
                                         {PLT_SUPPLY_NEAR_FULL, "near_full"},
                                         {0, NULL}};
static const plt_word input_types[] = {{1, "other"},  {2, "unknown"}, {3, "tray"},     {4, "fixed_tray"},
                                       {5, "manual"}, {6, "roll"},    {7, "fan_fold"}, {0, NULL}};
static const plt_word output_types[] = {{1, "other"}, {2, "unknown"}, {3, "removable_bin"}, {4, "bin"},
                                        {5, "roll"},  {6, "mailbox"}, {7, "fan_fold"},      {0, NULL}};
static const plt_word severities[] = {{1, "other"}, {3, "critical"}, {4, "warning"}, {5, "notice"}, {0, NULL}};
static const plt_word trainings[] = {{1, "other"},         {2, "unknown"},    {3, "untrained"},       {4, "trained"},
                                     {5, "field_service"}, {6, "management"}, {7, "no_intervention"}, {0, NULL}};
static const plt_word alert_groups[] = {{1, "other"},     {3, "storage"},     {4, "device"},    {5, "printer"},          {6, "cover"},
                                        {7, "language"},  {8, "input"},       {9, "output"},    {10, "marker"},          {11, "supply"},
                                        {12, "colorant"}, {13, "media_path"}, {14, "channel"},  {15, "interpreter"},     {16, "console"},
                                        {17, "lights"},   {18, "alert"},      {30, "finisher"}, {31, "finisher_supply"}, {0, NULL}};
static const plt_word alert_codes[] = {{1, "other"},
                                       {2, "unknown"},
                                       {3, "cover_open"},
                                       {4, "cover_closed"},
                                       {5, "interlock_open"},
                                       {6, "interlock_closed"},
                                       {7, "configuration_change"},
                                       {8, "jam"},
                                       {9, "missing"},
                                       {10, "life_almost_over"},
                                       {11, "life_over"},
                                       {12, "almost_empty"},
                                       {13, "empty"},
                                       {14, "almost_full"},
                                       {15, "full"},
                                       {16, "near_limit"},
                                       {17, "at_limit"},
                                       {18, "opened"},
                                       {19, "closed"},
                                       {20, "turned_on"},
                                       {21, "turned_off"},
                                       {22, "offline"},
                                       {23, "power_saver"},
                                       {24, "warming_up"},
                                       {25, "added"},
                                       {26, "removed"},
                                       {27, "resource_added"},
                                       {28, "resource_removed"},
                                       {29, "recoverable_failure"},
                                       {30, "failure"},
                                       {33, "motor_failure"},
                                       {34, "memory_exhausted"},
                                       {35, "too_cold"},
                                       {36, "too_hot"},
                                       {37, "timing_failure"},
                                       {38, "thermistor_failure"},
                                       {501, "door_open"},
                                       {502, "door_closed"},
                                       {503, "power_up"},
                                       {504, "power_down"},
                                       {507, "ready_to_print"},
                                       {801, "tray_missing"},
                                       {802, "media_size_change"},
                                       {803, "media_weight_change"},
                                       {804, "media_type_change"},
                                       {805, "media_color_change"},
                                       {806, "media_form_change"},
                                       {807, "media_low"},
                                       {808, "media_empty"},
                                       {809, "media_change_request"},
                                       {810, "manual_feed"},
                                       {811, "tray_position_failure"},
                                       {812, "tray_lift_failure"},
                                       {813, "size_cannot_be_fed"},
                                       {901, "bin_missing"},
                                       {902, "bin_almost_full"},
                                       {903, "bin_full"},
                                       {1001, "fuser_too_cold"},
                                       {1002, "fuser_too_hot"},
                                       {1003, "fuser_timing_failure"},
                                       {1004, "fuser_thermistor_failure"},
                                       {1005, "adjusting_quality"},
                                       {1101, "toner_empty"},
                                       {1102, "ink_empty"},
                                       {1103, "ribbon_empty"},
                                       {1104, "toner_low"},
                                       {1105, "ink_low"},
                                       {1106, "ribbon_low"},
                                       {1107, "waste_toner_almost_full"},
                                       {1108, "waste_ink_almost_full"},
                                       {1109, "waste_toner_full"},
                                       {1110, "waste_ink_full"},
                                       {1111, "opc_life_almost_over"},
                                       {1112, "opc_life_over"},
                                       {1113, "developer_low"},
                                       {1114, "developer_empty"},
                                       {1115, "cartridge_missing"},
                                       {1301, "duplexer_missing"},
                                       {1304, "cannot_duplex"},
                                       {0, NULL}};

#define TEXT(g, name) {PLT_GROUP_##g, PLT_TYPE_TEXT, name, NULL}
#define NUMBER(g, name) {PLT_GROUP_##g, PLT_TYPE_NUMBER, name, NULL}
#define WORD(g, name, words) {PLT_GROUP_##g, PLT_TYPE_WORD, name, words}

static const plt_field_info fields[PLT_WHAT_COUNT] = {
    [PLT_MAKE] = TEXT(IDENTITY, "make"),
    [PLT_MODEL] = TEXT(IDENTITY, "model"),
    [PLT_SERIAL] = TEXT(IDENTITY, "serial"),
    [PLT_FIRMWARE] = TEXT(IDENTITY, "firmware"),
    [PLT_NAME] = TEXT(IDENTITY, "name"),
    [PLT_DESCRIPTION] = TEXT(IDENTITY, "description"),
    [PLT_LANGUAGES] = TEXT(IDENTITY, "languages"),
    [PLT_LOCATION] = TEXT(IDENTITY, "location"),
    [PLT_CONTACT] = TEXT(IDENTITY, "contact"),
    [PLT_ASSET] = TEXT(IDENTITY, "asset"),
    [PLT_MAC] = TEXT(IDENTITY, "mac"),
    [PLT_UUID] = TEXT(IDENTITY, "uuid"),
    [PLT_ADDRESS] = TEXT(IDENTITY, "address"),
    [PLT_OBJECT_ID] = TEXT(IDENTITY, "object_id"),
    [PLT_USB_ID] = TEXT(IDENTITY, "usb_id"),
    [PLT_PORT] = TEXT(IDENTITY, "port"),
    [PLT_QUEUE] = TEXT(IDENTITY, "queue"),
    [PLT_STATE] = WORD(STATUS, "state", states),
    [PLT_CONDITIONS] = {PLT_GROUP_STATUS, PLT_TYPE_SET, "conditions", conditions},
    [PLT_ONLINE] = WORD(STATUS, "online", yes_no),
    [PLT_CODE] = NUMBER(STATUS, "code"),
    [PLT_DEVICE_STATUS] = WORD(STATUS, "device_status", device_states),
    [PLT_PRINTER_STATUS] = WORD(STATUS, "printer_status", printer_states),
    [PLT_STATUS_TEXT] = TEXT(STATUS, "text"),
    [PLT_UPTIME] = NUMBER(STATUS, "uptime"),
    [PLT_CONSOLE_TEXT] = TEXT(CONSOLE, "text"),
    [PLT_METER_COUNT] = NUMBER(METER, "count"),
    [PLT_METER_LABEL] = TEXT(METER, "label"),
    [PLT_SUPPLY_TEXT] = TEXT(SUPPLY, "text"),
    [PLT_SUPPLY_TYPE] = WORD(SUPPLY, "type", supply_types),
    [PLT_SUPPLY_CLASS] = WORD(SUPPLY, "class", supply_classes),
    [PLT_SUPPLY_UNIT] = WORD(SUPPLY, "unit", units),
    [PLT_SUPPLY_COLOR] = TEXT(SUPPLY, "color"),
    [PLT_SUPPLY_SERIAL] = TEXT(SUPPLY, "serial"),
    [PLT_SUPPLY_PART] = TEXT(SUPPLY, "part"),
    [PLT_SUPPLY_LEVEL] = NUMBER(SUPPLY, "level"),
    [PLT_SUPPLY_CAPACITY] = NUMBER(SUPPLY, "capacity"),
    [PLT_SUPPLY_PAGES_LEFT] = NUMBER(SUPPLY, "pages_left"),
    [PLT_SUPPLY_PAGES_DONE] = NUMBER(SUPPLY, "pages_done"),
    [PLT_SUPPLY_STATE] = WORD(SUPPLY, "state", supply_states),
    [PLT_INPUT_NAME] = TEXT(INPUT, "name"),
    [PLT_INPUT_TYPE] = WORD(INPUT, "type", input_types),
    [PLT_INPUT_UNIT] = WORD(INPUT, "unit", units),
    [PLT_INPUT_LEVEL] = NUMBER(INPUT, "level"),
    [PLT_INPUT_CAPACITY] = NUMBER(INPUT, "capacity"),
    [PLT_INPUT_MEDIA] = TEXT(INPUT, "media"),
    [PLT_INPUT_STATUS] = NUMBER(INPUT, "status"),
    [PLT_OUTPUT_NAME] = TEXT(OUTPUT, "name"),
    [PLT_OUTPUT_TYPE] = WORD(OUTPUT, "type", output_types),
    [PLT_OUTPUT_UNIT] = WORD(OUTPUT, "unit", units),
    [PLT_OUTPUT_LEFT] = NUMBER(OUTPUT, "left"),
    [PLT_OUTPUT_CAPACITY] = NUMBER(OUTPUT, "capacity"),
    [PLT_OUTPUT_STATUS] = NUMBER(OUTPUT, "status"),
    [PLT_ALERT_SEVERITY] = WORD(ALERT, "severity", severities),
    [PLT_ALERT_TRAINING] = WORD(ALERT, "training", trainings),
    [PLT_ALERT_GROUP] = WORD(ALERT, "group", alert_groups),
    [PLT_ALERT_GROUP_INDEX] = NUMBER(ALERT, "group_index"),
    [PLT_ALERT_LOCATION] = NUMBER(ALERT, "location"),
    [PLT_ALERT_CODE] = WORD(ALERT, "code", alert_codes),
    [PLT_ALERT_NATIVE] = NUMBER(ALERT, "native"),
    [PLT_ALERT_TEXT] = TEXT(ALERT, "text"),
    [PLT_ALERT_REMEDY] = TEXT(ALERT, "remedy"),
    [PLT_ALERT_SINCE] = {PLT_GROUP_ALERT, PLT_TYPE_TIME, "since", NULL},
};
_Static_assert(PLT_WHAT_COUNT <= 256, "plt_value keeps it in a byte");

const plt_field_info *plt_field_of(plt_what what)
{
    return &fields[(unsigned)what < PLT_WHAT_COUNT ? what : 0];
}

const char *plt_group_name(plt_group g)
{
    static const char *const names[PLT_GROUP_COUNT] = {"identity", "status", "console", "meters", "supplies", "inputs", "outputs", "alerts"};
    return (unsigned)g < PLT_GROUP_COUNT ? names[g] : "";
}

plt_what plt_field_find(plt_group g, const char *name)
{
    unsigned i = 0;
    while (i < PLT_WHAT_COUNT && (fields[i].group != g || strcmp(fields[i].name, name) != 0)) i++;
    return (plt_what)i;
}

const char *plt_word_of(plt_what what, uint64_t n)
{
    const plt_word *w = plt_field_of(what)->words;
    for (; w && w->text; w++)
        if (w->n == n) return w->text;
    return NULL;
}

bool plt_word_find(plt_what what, const char *text, uint64_t *n)
{
    const plt_word *w = plt_field_of(what)->words;
    for (; w && w->text; w++) {
        if (strcmp(w->text, text) != 0) continue;
        *n = w->n;
        return true;
    }
    return false;
}

static const char *const source_names[PLT_SOURCE_COUNT] = {"none", "windows", "usb", "mdns", "1284", "pjl", "ipp", "snmp", "pml"};

const char *plt_source_name(plt_source s)
{
    return source_names[(unsigned)s < PLT_SOURCE_COUNT ? s : 0];
}

bool plt_source_find(const char *name, plt_source *out)
{
    for (unsigned i = 0; i < PLT_SOURCE_COUNT; i++) {
        if (strcmp(source_names[i], name) != 0) continue;
        *out = (plt_source)i;
        return true;
    }
    return false;
}
