/* SPDX-License-Identifier: Apache-2.0 */
/* Reports by mail: the moments at which they are due, what is sent of which days, two hubs, a hub that was away, an author who may not any more. */
#include "alerts_world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"
#include "hub/json.h"
#include "hub/months.h"
#include "hub/people.h"
#include "hub/post_report.h"
#include "hub/schedule_run.h"
#include "hub/seal.h"
#include "hub/zone.h"

#define ID "00000000000000e1"
#define DAILY                                                                                                                                        \
    "{\"name\":\"Pages\",\"report\":\"usage-queues\",\"days\":\"yesterday\",\"every\":\"day\",\"hour\":6,\"zone\":\"UTC\",\"format\":\"csv\","       \
    "\"language\":\"en\",\"to\":[\"a@example.org\",\"b@example.org\"]}"

static hub_schedule read_schedule(const char *text)
{
    hub_schedule s;
    if (!hub_schedule_parse(text, strlen(text), &s)) fail_msg("%s", text);
    return s;
}

static int64_t moment(const char *text)
{
    int64_t at;
    assert_true(plt_time_parse(text, &at));
    return at;
}

/* ---- moments ---- */

static void test_moments(void **state)
{
    (void)state;
    static const struct {
        const char *when, *after, *due, *from, *to; /* the last two: last-month of a month's, last-week of a week's, else yesterday */
    } cases[] = {
        {"\"every\":\"day\",\"hour\":6,\"zone\":\"UTC\"", "2026-01-01T05:59:59Z", "2026-01-01T06:00:00Z", "2025-12-31", "2026-01-01"},
        {"\"every\":\"day\",\"hour\":6,\"zone\":\"UTC\"", "2026-01-01T06:00:00Z", "2026-01-02T06:00:00Z", "2026-01-01", "2026-01-02"},
        {"\"every\":\"day\",\"hour\":0,\"zone\":\"Europe/Berlin\"", "2026-01-01T00:00:00Z", "2026-01-01T23:00:00Z", "2026-01-01", "2026-01-02"},
        {"\"every\":\"day\",\"hour\":0,\"zone\":\"Europe/Berlin\"", "2026-07-01T00:00:00Z", "2026-07-01T22:00:00Z", "2026-07-01", "2026-07-02"},
        /* clocks go forward at 01:00 UTC: 02:00 there is not; and back: 02:00 is there twice */
        {"\"every\":\"day\",\"hour\":2,\"zone\":\"Europe/Berlin\"", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z", "2026-03-28", "2026-03-29"},
        {"\"every\":\"day\",\"hour\":2,\"zone\":\"Europe/Berlin\"", "2026-03-29T01:00:00Z", "2026-03-30T00:00:00Z", "2026-03-29", "2026-03-30"},
        {"\"every\":\"day\",\"hour\":2,\"zone\":\"Europe/Berlin\"", "2026-10-24T12:00:00Z", "2026-10-25T01:00:00Z", "2026-10-24", "2026-10-25"},
        {"\"every\":\"day\",\"hour\":2,\"zone\":\"Europe/Berlin\"", "2026-10-25T01:00:00Z", "2026-10-26T01:00:00Z", "2026-10-25", "2026-10-26"},
        {"\"every\":\"week\",\"weekday\":1,\"hour\":7,\"zone\":\"UTC\"", "2026-01-01T00:00:00Z", "2026-01-05T07:00:00Z", "2025-12-29", "2026-01-05"},
        {"\"every\":\"week\",\"weekday\":7,\"hour\":7,\"zone\":\"UTC\"", "2026-01-01T00:00:00Z", "2026-01-04T07:00:00Z", "2025-12-22", "2025-12-29"},
        {"\"every\":\"month\",\"day\":1,\"hour\":0,\"zone\":\"UTC\"", "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z", "2026-01-01", "2026-02-01"},
        {"\"every\":\"month\",\"day\":28,\"hour\":23,\"zone\":\"UTC\"", "2026-02-28T22:00:00Z", "2026-02-28T23:00:00Z", "2026-01-01", "2026-02-01"},
        {"\"every\":\"month\",\"day\":1,\"hour\":3,\"zone\":\"Europe/Berlin\"", "2026-12-15T00:00:00Z", "2027-01-01T02:00:00Z", "2026-12-01",
         "2027-01-01"},
        {"\"every\":\"month\",\"day\":1,\"hour\":0,\"zone\":\"Europe/Berlin\"", "2026-02-15T00:00:00Z", "2026-02-28T23:00:00Z", "2026-02-01",
         "2026-03-01"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char text[512];
        int64_t from, to;
        const char *days = strstr(cases[i].when, "month") ? "last-month" : strstr(cases[i].when, "week") ? "last-week" : "yesterday";
        snprintf(text, sizeof text,
                 "{\"name\":\"n\",\"report\":\"rates\",\"days\":\"%s\",%s,\"format\":\"csv\",\"language\":\"en\",\"to\":[\"a@b\"]}", days,
                 cases[i].when);
        hub_schedule s = read_schedule(text);
        int64_t due = hub_schedule_next(&s, moment(cases[i].after));
        if (due != moment(cases[i].due)) fail_msg("case %zu is due %lld s after what it should", i, (long long)(due - moment(cases[i].due)) / 1000);
        hub_schedule_days(&s, due, &from, &to);
        if (from != moment(cases[i].from) || to != moment(cases[i].to)) fail_msg("case %zu: days %lld to %lld", i, (long long)from, (long long)to);
    }
}

/* Over years and zones: each day, week and month once, in order, and at its hour there but for the day on which clocks change. */
static void test_each_once(void **state)
{
    (void)state;
    static const char *const zones[] = {"UTC", "Europe/Berlin", "America/New_York", "Australia/Sydney", "EST5EDT,M3.2.0,M11.1.0"};
    static const struct {
        const char *every;
        int of_a_year;
    } kinds[] = {{"\"every\":\"day\"", 365}, {"\"every\":\"week\",\"weekday\":3", 52}, {"\"every\":\"month\",\"day\":28", 12}};
    for (size_t z = 0; z < COUNT(zones); z++)
        for (size_t k = 0; k < COUNT(kinds); k++)
            for (int hour = 0; hour < 24; hour++) {
                char text[512];
                hub_zone zone;
                int n = 0, off = 0;
                snprintf(text, sizeof text,
                         "{\"name\":\"n\",\"report\":\"rates\",\"days\":\"7-days\",%s,\"hour\":%d,\"zone\":\"%s\",\"format\":\"pdf\",\"language\":"
                         "\"en\",\"to\":[\"a@b\"]}",
                         kinds[k].every, hour, zones[z]);
                hub_schedule s = read_schedule(text);
                assert_true(hub_zone_read(zones[z], &zone));
                int64_t at = KIT_NOW - 12 * HOUR, end = KIT_NOW + 4 * 365 * KIT_DAY;
                for (int64_t next; (next = hub_schedule_next(&s, at)) < end; at = next, n++) {
                    assert_true(next > at);
                    off += (next / HOUR + hub_zone_east(&zone, next) / 3600) % 24 != hour;
                }
                assert_in_range(n, 4 * kinds[k].of_a_year - 1, 4 * kinds[k].of_a_year + 4);
                assert_in_range(off, 0, 4); /* the hour that is not, once a year */
            }
}

static void test_refused(void **state)
{
    (void)state;
    static const char *const change[][2] = {
        {"\"Pages\"", "\"\""},
        {"usage-queues", "usage"},
        {"yesterday", "today"},
        {"\"day\"", "\"year\""},
        {"\"hour\":6", "\"hour\":24"},
        {"\"hour\":6", "\"hour\":-1"},
        {"\"hour\":6", "\"hour\":1.5"},
        {"\"UTC\"", "\"Mars/Base\""},
        {"\"csv\"", "\"json\""},
        {"\"en\"", "\"it\""},
        {"a@example.org", "a b@c"},
        {"a@example.org", "a@b\\r\\nBcc: x@y"},
        {"\"day\"", "\"week\""},
        {"\"day\"", "\"month\",\"day\":29"},
        {"\"csv\"", "\"csv\",\"group\":\"00000000000000d1\""}, /* a report of queues knows no devices */
    };
    hub_schedule s;
    assert_true(hub_schedule_parse(DAILY, sizeof DAILY - 1, &s));
    for (size_t i = 0; i < COUNT(change); i++) {
        char text[1024];
        const char *at = strstr(DAILY, change[i][0]);
        assert_non_null(at);
        snprintf(text, sizeof text, "%.*s%s%s", (int)(at - DAILY), DAILY, change[i][1], at + strlen(change[i][0]));
        if (hub_schedule_parse(text, strlen(text), &s)) fail_msg("taken: %s", text);
    }
    /* what is written is what was read */
    plt_buf b;
    s = read_schedule(DAILY);
    plt_buf_init(&b, 8192);
    plt_buf_byte(&b, '{');
    hub_schedule_write(&s, &b);
    plt_buf_byte(&b, '}');
    hub_schedule again = read_schedule(plt_buf_str(&b));
    assert_memory_equal(&again, &s, sizeof s);
    plt_buf_free(&b);
}

/* ---- sending ---- */

static hub_scheduler one, two;
static hub_store *other;

static const hub_schedule_ops *ops_of(hub_store *s)
{
    return s->ops->schedules;
}

static void put_author(hub_store *s, const char *role, bool disabled)
{
    hub_person p = {.scope = world_tenant, .disabled = disabled};
    plt_copy(p.name, sizeof p.name, "mia");
    plt_copy(p.role, sizeof p.role, role);
    if (s->people->person_add(s, &p, "x", KIT_NOW) == PLT_EXISTS) assert_int_equal(s->people->person_change(s, &p), PLT_OK);
}

static void put_server(hub_store *s)
{
    uint8_t key[HUB_SEAL_KEY];
    hub_mail_settings *m = calloc(1, sizeof *m);
    assert_non_null(m);
    memset(key, 7, sizeof key);
    plt_copy(m->host, sizeof m->host, "mail");
    plt_copy(m->user, sizeof m->user, "u");
    plt_copy(m->sender, sizeof m->sender, "platen@example.org");
    m->port = 587;
    assert_int_equal(hub_seal(key, "mail", "s3cret", 7, m->secret), PLT_OK);
    m->secret_n = 7 + HUB_SEAL_MORE;
    assert_int_equal(world_ops(s)->mail_put(s, m), PLT_OK);
    free(m);
}

/* Saved at the world's time, by mia. */
static void put_schedule(hub_store *s, const char *text)
{
    hub_schedule_row r = {.tenant_id = world_tenant, .id = ID, .author = "mia", .schedule = read_schedule(text), .changed = world_now};
    r.next = hub_schedule_next(&r.schedule, world_now);
    assert_int_equal(ops_of(s)->put(s, &r), PLT_OK);
}

static void begin(hub_store *s, const char *text)
{
    world_begin(s);
    world_now = KIT_NOW;
    put_author(s, "administrator", false);
    put_server(s);
    put_schedule(s, text);
    other = kit_store_open();
    one = (hub_scheduler){.s = s, .who = "one", .console = "https://hub:8444", .most = HUB_ATTACHED_MOST};
    two = (hub_scheduler){.s = other, .who = "two", .console = "https://hub:8444", .most = HUB_ATTACHED_MOST};
}

static void end(void)
{
    other->ops->close(other);
    world_empty_box();
}

static bool round_of(hub_scheduler *d)
{
    bool did = false;
    if (hub_schedule_round(d, world_now, &did) != PLT_OK) fail_msg("%s", d->s->ops->problem(d->s));
    return did;
}

static hub_schedule_row row_of(hub_store *s)
{
    hub_schedule_row r;
    assert_int_equal(ops_of(s)->get(s, HUB_OPERATOR, ID, &r), PLT_OK);
    return r;
}

/* The mail's text parts have base64; the digits of a text may stand anywhere in them, so the parts are looked at by their kind. */
static bool sent_has(int i, const char *words)
{
    return strstr(plt_buf_str(&world_box.sent[i].body), words) != NULL;
}

static void test_due(void **state)
{
    hub_store *s = *state;
    begin(s, DAILY);
    assert_false(round_of(&one));
    world_now = KIT_NOW + 6 * HOUR - 1;
    assert_false(round_of(&one));
    world_now = KIT_NOW + 6 * HOUR;
    assert_true(round_of(&one));
    assert_false(round_of(&one));
    assert_false(round_of(&two));
    hub_schedule_row r = row_of(s);
    assert_int_equal(r.outcome, HUB_OUTCOME_SENT);
    assert_int_equal(r.last_due, KIT_NOW + 6 * HOUR);
    assert_int_equal(r.next, KIT_NOW + KIT_DAY + 6 * HOUR);
    assert_int_equal(kit_number("SELECT count(*) FROM alert_deliveries"), 2);
    assert_int_equal(kit_number("SELECT count(*) FROM report_files"), 1); /* one file for both */
    if (world_post(s, "h1") != 2) fail_msg("not sent: %s", world_newest(s).reason);
    assert_string_equal(world_box.sent[0].to, "a@example.org");
    assert_string_equal(world_box.sent[1].to, "b@example.org");
    for (int i = 0; i < 2; i++) {
        assert_true(sent_has(i, "Subject: Pages: Usage by queue 2025-12-31\r\n"));
        assert_true(sent_has(i, "Content-Type: multipart/mixed; boundary="));
        assert_true(sent_has(i, "Content-Type: text/csv; charset=utf-8\r\nContent-Disposition: attachment;\r\n "
                                "filename*0*=UTF-8''Usage%20by%20queue%202025-12-31.csv\r\n"));
        assert_true(sent_has(i, "cXVldWUsam9icyxwYWdlcyxjb2xvcl9wYWdlcyxzaGVldHMsYmVmb3JlDQo=")); /* the header line of the CSV */
    }
    assert_int_equal(world_post(s, "h1"), 0);
    world_now += KIT_DAY;
    assert_true(round_of(&two));
    assert_int_equal(kit_number("SELECT count(*) FROM alert_deliveries"), 4);
    end();
}

/* Both have seen that it is due; one claims it. One that dies after the claim leaves a lease, and the other does it once that is over. */
static void test_two_hubs(void **state)
{
    hub_store *s = *state;
    hub_schedule_row seen;
    begin(s, DAILY);
    world_now = KIT_NOW + 6 * HOUR;
    assert_int_equal(ops_of(s)->due(s, world_now, &seen), PLT_OK);
    assert_int_equal(ops_of(s)->claim(s, &seen, "dead", world_now), PLT_OK);
    assert_int_equal(ops_of(other)->claim(other, &seen, "two", world_now), PLT_BUSY);
    assert_false(round_of(&two));
    world_now += HUB_LEASE_MS;
    assert_true(round_of(&two));
    assert_int_equal(kit_number("SELECT count(*) FROM alert_deliveries"), 2);
    /* the one that was taken for dead comes back: its lease is lost, and nothing of it is written */
    seen.last_at = world_now;
    assert_int_equal(ops_of(s)->finish(s, &seen, seen.next, "dead"), PLT_BUSY);
    assert_false(round_of(&one));
    assert_int_equal(kit_number("SELECT count(*) FROM alert_deliveries"), 2);
    /* a change meanwhile takes the claim away, too */
    world_now += KIT_DAY;
    assert_int_equal(ops_of(s)->due(s, world_now, &seen), PLT_OK);
    put_schedule(s, DAILY);
    assert_int_equal(ops_of(s)->claim(s, &seen, "one", world_now), PLT_BUSY);
    end();
}

/* Four days without a hub: one report, of the last day, with a word; then as ever. */
static void test_missed(void **state)
{
    hub_store *s = *state;
    begin(s, DAILY);
    world_now = KIT_NOW + 4 * KIT_DAY + 9 * HOUR;
    assert_true(round_of(&one));
    assert_false(round_of(&one));
    assert_int_equal(kit_number("SELECT count(*) FROM alert_deliveries"), 2);
    assert_int_equal(kit_number("SELECT count(*) FROM alert_deliveries WHERE body LIKE '%\"late\":true,\"missed\":4,%'"), 2);
    assert_int_equal(row_of(s).last_due, KIT_NOW + 4 * KIT_DAY + 6 * HOUR);
    assert_int_equal(row_of(s).next, KIT_NOW + 5 * KIT_DAY + 6 * HOUR);
    end();
}

/* What the author may not see any more goes to nobody, and the page says why. */
static void test_author(void **state)
{
    static const struct {
        const char *role;
        bool disabled;
        const char *why;
    } cases[] = {{"administrator", true, "switched off"}, {"privacy officer", false, "right"}, {"gone", false, "right"}};
    hub_store *s = *state;
    begin(s, DAILY);
    for (size_t i = 0; i < COUNT(cases); i++) {
        put_author(s, cases[i].role, cases[i].disabled);
        world_now += KIT_DAY;
        assert_true(round_of(&one));
        hub_schedule_row r = row_of(s);
        assert_int_equal(r.outcome, HUB_OUTCOME_FAILED);
        if (!strstr(r.reason, cases[i].why)) fail_msg("%s", r.reason);
        assert_true(r.next > world_now);
    }
    assert_int_equal(s->people->person_remove(s, "mia"), PLT_OK);
    world_now += KIT_DAY;
    assert_true(round_of(&one));
    assert_non_null(strstr(row_of(s).reason, "removed"));
    /* another tenant's */
    hub_person p = {.name = "mia", .role = "administrator", .scope = kit_tenant(s, "Elsewhere")};
    assert_int_equal(s->people->person_add(s, &p, "x", KIT_NOW), PLT_OK);
    world_now += KIT_DAY;
    assert_true(round_of(&one));
    assert_non_null(strstr(row_of(s).reason, "does not see this tenant"));
    assert_int_equal(kit_number("SELECT count(*) FROM alert_deliveries"), 0);
    assert_int_equal(kit_number("SELECT count(*) FROM report_files"), 0);
    p.scope = world_tenant;
    assert_int_equal(s->people->person_change(s, &p), PLT_OK);
    world_now += KIT_DAY;
    assert_true(round_of(&one));
    assert_int_equal(row_of(s).outcome, HUB_OUTCOME_SENT);
    end();
}

/* Names of people are looked at when they are sent: the audit log has it. */
static void test_audited(void **state)
{
    hub_store *s = *state;
    begin(s, "{\"name\":\"People\",\"report\":\"usage-users\",\"days\":\"7-days\",\"every\":\"day\",\"hour\":6,\"zone\":\"UTC\",\"format\":\"pdf\","
             "\"language\":\"de\",\"to\":[\"a@example.org\"]}");
    world_now += KIT_DAY;
    assert_true(round_of(&one));
    assert_int_equal(kit_number("SELECT count(*) FROM audit WHERE who='mia' AND action='reports.see' AND object='People'"), 1);
    assert_int_equal(world_post(s, "h1"), 1);
    assert_true(sent_has(0, "Content-Type: application/pdf\r\n"));
    assert_true(sent_has(0, "filename*0*=UTF-8''Nutzung%20je%20Benutzer%202025-12-25%20%E2%80%93%20202;\r\n filename*1*=5-12-31.pdf\r\n"));
    end();
}

/* Too large to be attached: a link, and no file. */
static void test_link(void **state)
{
    hub_store *s = *state;
    hub_report_letter l;
    begin(s, DAILY);
    one.most = 10;
    world_now += KIT_DAY;
    assert_true(round_of(&one));
    assert_int_equal(kit_number("SELECT count(*) FROM report_files"), 0);
    assert_int_equal(world_post(s, "h1"), 2);
    assert_false(sent_has(0, "attachment"));
    assert_true(sent_has(0, "Content-Type: multipart/alternative"));
    static const char body[] =
        "{\"name\":\"<b>&\",\"report\":\"meters\",\"tenant\":\"A \\\"B\\\"\",\"author\":\"mia\",\"language\":\"fr\",\"state\":false,"
        "\"from\":\"2026-01-01T00:00:00.000Z\",\"to\":\"2026-02-01T00:00:00.000Z\",\"due\":\"2026-02-01T06:00:00.000Z\",\"late\":true,"
        "\"missed\":2,\"file\":null,\"pdf\":true,\"link\":\"https://hub/reports/meters\"}";
    assert_int_equal(hub_report_letter_of(body, sizeof body - 1, &l), PLT_OK);
    assert_string_equal(plt_buf_str(&l.subject), "<b>&: Compteurs pour facturation 2026-01-01 \xE2\x80\x93 2026-01-31");
    assert_non_null(strstr(plt_buf_str(&l.text), "https://hub/reports/meters"));
    assert_non_null(strstr(plt_buf_str(&l.text), "omis\xC2\xA0: 2."));
    assert_non_null(strstr(plt_buf_str(&l.text), "2026-02-01T06:00:00.000Z"));
    assert_null(strstr(plt_buf_str(&l.html), "<b>"));
    assert_non_null(strstr(plt_buf_str(&l.html), "&#60;b&#62;&#38;"));
    hub_report_letter_free(&l);
    assert_int_equal(hub_report_letter_of("[]", 2, &l), PLT_BAD);
    hub_report_letter_free(&l);
    end();
}

/* Switched off, removed, and what this hub cannot read: nothing goes out, and nothing else is held up. */
static void test_off(void **state)
{
    hub_store *s = *state;
    begin(s, DAILY);
    hub_schedule_row r = row_of(s);
    plt_copy(r.id, sizeof r.id, "00000000000000e2");
    assert_int_equal(ops_of(s)->put(s, &r), PLT_OK);
    db *d = kit_db_open();
    assert_int_equal(db_exec(d, "UPDATE schedules SET body='{\"report\":\"of another version\"}', next=1 WHERE schedule_id='00000000000000e2'"),
                     PLT_OK);
    db_close(d);
    world_now = KIT_NOW + 6 * HOUR;
    assert_true(round_of(&one));
    assert_true(round_of(&one)); /* the one behind it */
    assert_false(round_of(&one));
    assert_int_equal(ops_of(s)->get(s, HUB_OPERATOR, "00000000000000e2", &r), PLT_OK);
    assert_int_equal(r.outcome, HUB_OUTCOME_FAILED);
    assert_int_equal(r.next, 0);
    assert_int_equal(kit_number("SELECT count(*) FROM alert_deliveries"), 2);
    assert_int_equal(ops_of(s)->drop(s, ID), PLT_OK);
    assert_int_equal(ops_of(s)->drop(s, ID), PLT_NOTFOUND);
    assert_int_equal(world_post(s, "h1"), 0); /* what waited is given up */
    assert_int_equal(kit_number("SELECT count(*) FROM alert_deliveries WHERE state=2"), 2);
    end();
}

#define CASES(on) on(test_due), on(test_two_hubs), on(test_missed), on(test_author), on(test_audited), on(test_link), on(test_off)

int main(void)
{
    const struct CMUnitTest sqlite[] = {CASES(KIT_SQLITE), cmocka_unit_test(test_moments), cmocka_unit_test(test_each_once),
                                        cmocka_unit_test(test_refused)};
    const struct CMUnitTest postgres[] = {CASES(KIT_POSTGRES)};
    int bad = cmocka_run_group_tests_name("SQLite", sqlite, NULL, NULL);
    if (kit_postgres_there()) bad += cmocka_run_group_tests_name("PostgreSQL", postgres, NULL, NULL);
    return bad;
}
