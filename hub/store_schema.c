/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The schema, as numbered steps. A step that was released is never changed; a change is a further step. Each step is one
 * transaction, so that a start which is cut short finds the old schema or the new one.
 */
#include "hub/store_parts.h"

typedef struct step {
    const char *sql;
    const char *postgres;      /* where PostgreSQL's is another; NULL: the same */
    plt_status (*fill)(db *d); /* what SQL cannot work out, after it; NULL: nothing */
} step;

/* A record's line and its hash are as the agent made them: what everything else can be rebuilt from. */
#define DIRECTORY_1                                                                                                                                  \
    "CREATE TABLE tenants(tenant_id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, created INTEGER NOT NULL);"                                      \
                                                                                                                                                     \
    "CREATE TABLE enrolment_keys(tenant_id INTEGER NOT NULL, key_id TEXT NOT NULL, secret_hash BLOB NOT NULL UNIQUE, created INTEGER NOT NULL,"      \
    " expires INTEGER NOT NULL, uses_left INTEGER NOT NULL, used INTEGER NOT NULL, revoked INTEGER NOT NULL, PRIMARY KEY(tenant_id, key_id));"       \
                                                                                                                                                     \
    "CREATE TABLE agents(tenant_id INTEGER NOT NULL, agent_id TEXT NOT NULL, machine TEXT NOT NULL, os TEXT NOT NULL, version TEXT NOT NULL,"        \
    " enrolled INTEGER NOT NULL, last_seen INTEGER NOT NULL, revoked INTEGER NOT NULL, durable INTEGER NOT NULL, durable_hash BLOB NOT NULL,"        \
    " PRIMARY KEY(tenant_id, agent_id)) WITHOUT ROWID;"                                                                                              \
    "CREATE UNIQUE INDEX agents_by_id ON agents(agent_id);"                                                                                          \
                                                                                                                                                     \
    "CREATE TABLE certificates(tenant_id INTEGER NOT NULL, agent_id TEXT NOT NULL, serial TEXT NOT NULL, issued INTEGER NOT NULL,"                   \
    " expires INTEGER NOT NULL, PRIMARY KEY(tenant_id, agent_id, serial)) WITHOUT ROWID;"                                                            \
                                                                                                                                                     \
    "CREATE TABLE records(tenant_id INTEGER NOT NULL, agent_id TEXT NOT NULL, seq INTEGER NOT NULL, hash BLOB NOT NULL, uid TEXT NOT NULL,"          \
    " type TEXT NOT NULL, received INTEGER NOT NULL, duplicate INTEGER NOT NULL, line TEXT NOT NULL, PRIMARY KEY(tenant_id, agent_id, seq));"

/* What the console lists. Unknown text is '', an unknown number -1: sorting and paging need no special case for NULL. */
#define JOB_COLUMNS_1                                                                                                                                \
    "tenant_id INTEGER NOT NULL, agent_id TEXT NOT NULL, seq INTEGER NOT NULL, uid TEXT NOT NULL,"                                                   \
    " time INTEGER NOT NULL, received INTEGER NOT NULL, machine TEXT NOT NULL COLLATE NOCASE, user_name TEXT NOT NULL COLLATE NOCASE,"               \
    " queue TEXT NOT NULL COLLATE NOCASE, port TEXT NOT NULL, document TEXT NOT NULL COLLATE NOCASE, outcome TEXT NOT NULL, bytes INTEGER NOT NULL," \
    " language TEXT NOT NULL, pages INTEGER NOT NULL, copies INTEGER NOT NULL, impressions INTEGER NOT NULL, sheets INTEGER NOT NULL,"               \
    " color_pages INTEGER NOT NULL, duplex TEXT NOT NULL, paper TEXT NOT NULL, confidence TEXT NOT NULL, source TEXT NOT NULL, search TEXT NOT NULL"

#define JOB_INDEXES_1                                                                                                                                \
    "CREATE INDEX jobs_by_user ON jobs(nocase(user_name), time);"                                                                                    \
    "CREATE INDEX jobs_by_queue ON jobs(nocase(queue), time);"                                                                                       \
    "CREATE INDEX jobs_by_machine ON jobs(nocase(machine), time);"                                                                                   \
    "CREATE INDEX jobs_by_document ON jobs(nocase(document), time);"                                                                                 \
    "CREATE INDEX jobs_by_pages ON jobs(pages, time);"

#define REST_1                                                                                                                                       \
    "CREATE TABLE usage_hours(tenant_id INTEGER NOT NULL, hour INTEGER NOT NULL, jobs INTEGER NOT NULL, pages INTEGER NOT NULL,"                     \
    " color_pages INTEGER NOT NULL, PRIMARY KEY(tenant_id, hour)) WITHOUT ROWID;"                                                                    \
                                                                                                                                                     \
    "CREATE TABLE accounts(tenant_id INTEGER NOT NULL, name TEXT NOT NULL COLLATE NOCASE, role TEXT NOT NULL, password TEXT NOT NULL,"               \
    " must_change INTEGER NOT NULL, changed INTEGER NOT NULL, PRIMARY KEY(tenant_id, name)) WITHOUT ROWID;"                                          \
                                                                                                                                                     \
    "CREATE TABLE sessions(tenant_id INTEGER NOT NULL, token_hash BLOB NOT NULL, name TEXT NOT NULL COLLATE NOCASE, created INTEGER NOT NULL,"       \
    " last_used INTEGER NOT NULL, PRIMARY KEY(tenant_id, token_hash)) WITHOUT ROWID;"

#define SUM_COLUMNS                                                                                                                                  \
    " INTEGER NOT NULL, name TEXT NOT NULL COLLATE NOCASE, jobs INTEGER NOT NULL, pages INTEGER NOT NULL, color_pages INTEGER NOT NULL,"             \
    " sheets INTEGER NOT NULL"

/* One of the three kinds of roll-ups from the jobs there are; hub/store_usage.c adds up the same. */
#define FILL_DAYS(kind, column)                                                                                                                      \
    "INSERT INTO usage_days(tenant_id, kind, day, name, jobs, pages, color_pages, sheets) SELECT tenant_id, " kind ", time/86400000, min(" column    \
    "), count(*), sum(CASE WHEN outcome<>'printed' THEN 0 WHEN impressions>=0 THEN impressions WHEN pages>=0 THEN pages ELSE 0 END),"                \
    " sum(CASE WHEN outcome='printed' AND color_pages>0 THEN color_pages ELSE 0 END),"                                                               \
    " sum(CASE WHEN outcome='printed' AND sheets>0 THEN sheets ELSE 0 END) FROM jobs GROUP BY tenant_id, time/86400000, nocase(" column ");"
#define FILL_MONTHS(month)                                                                                                                           \
    "INSERT INTO usage_months(tenant_id, kind, month, name, jobs, pages, color_pages, sheets) SELECT tenant_id, kind, m, min(name), sum(jobs),"      \
    " sum(pages), sum(color_pages), sum(sheets) FROM (SELECT *, CASE WHEN day BETWEEN -700000 AND 2900000 THEN " month                               \
    " ELSE 0 END AS m FROM usage_days) x GROUP BY tenant_id, kind, m, nocase(name);"

#define PRICE_HISTORY_18                                                                                                                             \
    "CREATE TABLE price_versions(tenant_id INTEGER NOT NULL, version INTEGER NOT NULL, created INTEGER NOT NULL, from_version INTEGER NOT NULL,"     \
    " since TEXT NOT NULL, author TEXT NOT NULL, note TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY(tenant_id, version));"                          \
    "INSERT INTO price_versions(tenant_id, version, created, from_version, since, author, note, body)"                                               \
    " SELECT tenant_id, 1, changed, 0, '', author, '', body FROM price_lists; DROP TABLE price_lists;"                                               \
    "ALTER TABLE policy_sets ADD COLUMN removed INTEGER NOT NULL DEFAULT 0;"                                                                         \
    "ALTER TABLE policy_sets ADD COLUMN removed_by TEXT NOT NULL DEFAULT '';"

/* Days; 0: for ever. The one row of upkeep says when a hub last had its turn. */
#define KEEPING_18                                                                                                                                   \
    "CREATE TABLE retention(tenant_id INTEGER NOT NULL, titles_days INTEGER NOT NULL, jobs_days INTEGER NOT NULL, author TEXT NOT NULL,"             \
    " changed INTEGER NOT NULL, PRIMARY KEY(tenant_id));"                                                                                            \
    "CREATE TABLE upkeep(at INTEGER NOT NULL); INSERT INTO upkeep(at) VALUES(0);"                                                                    \
    "DROP INDEX jobs_titled; CREATE INDEX jobs_titled ON jobs(tenant_id, time) WHERE document<>'';"

/* A tenant that had none went by the defaults: it keeps them, where those above it now would say a shorter time. */
#define KEEPING_24                                                                                                                                   \
    "CREATE INDEX tenant_tree_by_tenant ON tenant_tree(tenant_id, ancestor);"                                                                        \
    "INSERT INTO retention(tenant_id, titles_days, jobs_days, author, changed) SELECT t.tenant_id, 60, 730, '', 0 FROM tenants t WHERE NOT "         \
    "EXISTS(SELECT 1 FROM retention k WHERE k.tenant_id=t.tenant_id)"                                                                                \
    " AND EXISTS(SELECT 1 FROM tenant_tree x JOIN retention r ON r.tenant_id=x.ancestor WHERE x.tenant_id=t.tenant_id"                               \
    " AND (r.titles_days BETWEEN 1 AND 59 OR r.jobs_days BETWEEN 1 AND 729));"                                                                       \
    "ALTER TABLE retention ADD COLUMN readings_days INTEGER NOT NULL DEFAULT 0;"                                                                     \
    "ALTER TABLE device_ways ADD COLUMN thinned INTEGER NOT NULL DEFAULT 0;"                                                                         \
    "CREATE INDEX device_ways_thinned ON device_ways(tenant_id, thinned);"                                                                           \
    "ALTER TABLE meter_readings ADD COLUMN paper INTEGER NOT NULL DEFAULT 0;"

#define ACCOUNT_MARK "'\"account\":\"'"
#define ACCOUNT_REST "substr(r.line, instr(r.line, " ACCOUNT_MARK ")+11)"
#define ACCOUNT_18                                                                                                                                   \
    "ALTER TABLE jobs ADD COLUMN account TEXT NOT NULL COLLATE NOCASE DEFAULT '';"                                                                   \
    "UPDATE jobs SET account=coalesce((SELECT substr(" ACCOUNT_REST ", 1, instr(" ACCOUNT_REST ", '\"')-1) FROM records r"                           \
    " WHERE r.tenant_id=jobs.tenant_id AND r.agent_id=jobs.agent_id AND r.seq=jobs.seq AND instr(r.line, " ACCOUNT_MARK ")>0"                        \
    " AND instr(" ACCOUNT_REST ", '\"')>1 AND instr(substr(" ACCOUNT_REST ", 1, instr(" ACCOUNT_REST ", '\"')), '\\')=0), '') WHERE document<>'';"   \
    "CREATE INDEX jobs_by_account ON jobs(nocase(account), time) WHERE account<>'';"

static const step steps[] = {
    /* 1. PostgreSQL's jobs lie in a partition a month (store_months.c); their number breaks ties where SQLite has its row's. */
    {.sql = DIRECTORY_1 "CREATE TABLE jobs(job_no INTEGER PRIMARY KEY, " JOB_COLUMNS_1 ");"
                        "CREATE UNIQUE INDEX jobs_by_record ON jobs(tenant_id, agent_id, seq);"
                        "CREATE UNIQUE INDEX jobs_by_uid ON jobs(tenant_id, uid);"
                        "CREATE INDEX jobs_by_time ON jobs(time);" JOB_INDEXES_1 REST_1,
     .postgres = DIRECTORY_1 "CREATE SEQUENCE job_numbers;"
                             "CREATE TABLE jobs(job_no INTEGER NOT NULL DEFAULT nextval('job_numbers'), " JOB_COLUMNS_1
                             ", PRIMARY KEY(tenant_id, agent_id, seq, time)) PARTITION BY RANGE(time);"
                             "CREATE TABLE jobs_other PARTITION OF jobs DEFAULT;"
                             "CREATE INDEX jobs_by_time ON jobs(time, job_no);" JOB_INDEXES_1 REST_1
                             "CREATE UNIQUE INDEX accounts_by_name ON accounts(tenant_id, nocase(name));"},
    /* 2: who may see what (docs/rights.md) */
    {.sql =
         "ALTER TABLE tenants ADD COLUMN parent INTEGER NOT NULL DEFAULT 0;"
         "ALTER TABLE tenants ADD COLUMN level TEXT NOT NULL DEFAULT 'customer';"
         "CREATE TABLE tenant_tree(ancestor INTEGER NOT NULL, tenant_id INTEGER NOT NULL, PRIMARY KEY(ancestor, tenant_id)) WITHOUT ROWID;"
         "INSERT INTO tenant_tree(ancestor, tenant_id) SELECT tenant_id, tenant_id FROM tenants;"

         "ALTER TABLE accounts ADD COLUMN scope INTEGER NOT NULL DEFAULT 0;"
         "ALTER TABLE accounts ADD COLUMN disabled INTEGER NOT NULL DEFAULT 0;"
         "ALTER TABLE accounts ADD COLUMN totp TEXT NOT NULL DEFAULT '';"
         "ALTER TABLE accounts ADD COLUMN totp_step INTEGER NOT NULL DEFAULT 0;"
         "ALTER TABLE accounts ADD COLUMN last_sign_in INTEGER NOT NULL DEFAULT 0;"
         "ALTER TABLE sessions ADD COLUMN address TEXT NOT NULL DEFAULT '';"
         "ALTER TABLE sessions ADD COLUMN client TEXT NOT NULL DEFAULT '';"

         "CREATE TABLE recovery_codes(name TEXT NOT NULL COLLATE NOCASE, code_hash BLOB NOT NULL, PRIMARY KEY(name, code_hash)) WITHOUT ROWID;"
         "CREATE TABLE roles(name TEXT NOT NULL PRIMARY KEY, rights INTEGER NOT NULL) WITHOUT ROWID;"
         "CREATE TABLE tokens(token_id TEXT NOT NULL PRIMARY KEY, secret_hash BLOB NOT NULL UNIQUE, label TEXT NOT NULL, name TEXT NOT NULL COLLATE "
         "NOCASE,"
         " rights INTEGER NOT NULL, created INTEGER NOT NULL, expires INTEGER NOT NULL, last_used INTEGER NOT NULL, revoked INTEGER NOT NULL);"

         "CREATE TABLE audit(seq INTEGER PRIMARY KEY, tenant_id INTEGER NOT NULL, at INTEGER NOT NULL, who TEXT NOT NULL COLLATE NOCASE,"
         " action TEXT NOT NULL, object TEXT NOT NULL, line TEXT NOT NULL, hash TEXT NOT NULL);"
         "CREATE INDEX audit_by_who ON audit(who, at);"
         "CREATE TABLE audit_head(seq INTEGER NOT NULL, hash TEXT NOT NULL);"
         "INSERT INTO audit_head(seq, hash) VALUES(0, '0000000000000000000000000000000000000000000000000000000000000000');"},
    /* 3. Whether a job came before is asked of the records: an index over partitions cannot say it. */
    {.sql = "CREATE UNIQUE INDEX records_by_uid ON records(tenant_id, uid) WHERE type='job' AND duplicate=0;"
            "DROP INDEX IF EXISTS jobs_by_uid;"},
    /* 4. Roll-ups per day and month (a count from January 1970) of users (0), queues (1) and machines (2). What still has a title is found by an
       index. */
    {.sql = "CREATE TABLE usage_days(tenant_id INTEGER NOT NULL, kind INTEGER NOT NULL, day" SUM_COLUMNS
            ", PRIMARY KEY(tenant_id, kind, day, name)) WITHOUT ROWID;"
            "CREATE TABLE usage_months(tenant_id INTEGER NOT NULL, kind INTEGER NOT NULL, month" SUM_COLUMNS
            ", PRIMARY KEY(tenant_id, kind, month, name)) WITHOUT ROWID;"
            "CREATE INDEX jobs_titled ON jobs(time) WHERE document<>'';" FILL_DAYS("0", "user_name") FILL_DAYS("1", "queue") FILL_DAYS("2", "machine")
                FILL_MONTHS(
                    "(CAST(strftime('%Y', day*86400, 'unixepoch') AS INTEGER)-1970)*12+CAST(strftime('%m', day*86400, 'unixepoch') AS INTEGER)-1"),
     .postgres = "CREATE TABLE usage_days(tenant_id INTEGER NOT NULL, kind INTEGER NOT NULL, day" SUM_COLUMNS ");"
                 "CREATE UNIQUE INDEX usage_days_key ON usage_days(tenant_id, kind, day, nocase(name));"
                 "CREATE TABLE usage_months(tenant_id INTEGER NOT NULL, kind INTEGER NOT NULL, month" SUM_COLUMNS ");"
                 "CREATE UNIQUE INDEX usage_months_key ON usage_months(tenant_id, kind, month, nocase(name));"
                 "CREATE INDEX jobs_titled ON jobs(time) WHERE document<>'';" FILL_DAYS("0", "user_name") FILL_DAYS("1", "queue")
                     FILL_DAYS("2", "machine") FILL_MONTHS("(extract(year FROM date '1970-01-01' + CAST(day AS integer))-1970)*12"
                                                           "+extract(month FROM date '1970-01-01' + CAST(day AS integer))-1")},
    /* 5: devices. What was read belongs to a way, and a device is the ways that name it (docs/devices.md). */
    {.sql =
         "CREATE TABLE devices(tenant_id INTEGER NOT NULL, device_no INTEGER NOT NULL, merged_into INTEGER NOT NULL, make TEXT NOT NULL,"
         " model TEXT NOT NULL, serial TEXT NOT NULL, mac TEXT NOT NULL, name TEXT NOT NULL, location TEXT NOT NULL, address TEXT NOT NULL,"
         " state TEXT NOT NULL, supplies TEXT NOT NULL, lowest INTEGER NOT NULL, low INTEGER NOT NULL, attention INTEGER NOT NULL, total INTEGER NOT "
         "NULL,"
         " alerts INTEGER NOT NULL, ways INTEGER NOT NULL, first_seen INTEGER NOT NULL, last_seen INTEGER NOT NULL, last_read INTEGER NOT NULL,"
         " search TEXT NOT NULL, sort_name TEXT NOT NULL, sort_place TEXT NOT NULL, PRIMARY KEY(tenant_id, device_no));"
         "CREATE UNIQUE INDEX devices_by_no ON devices(device_no);"
         "CREATE INDEX devices_by_name ON devices(sort_name, device_no);"
         "CREATE INDEX devices_by_seen ON devices(last_seen, device_no);"

         "CREATE TABLE device_ways(tenant_id INTEGER NOT NULL, way_no INTEGER NOT NULL, device_no INTEGER NOT NULL, home INTEGER NOT NULL,"
         " ended INTEGER NOT NULL, pinned INTEGER NOT NULL, agent_id TEXT NOT NULL, via TEXT NOT NULL, way_key TEXT NOT NULL, address TEXT NOT NULL,"
         " first_seen INTEGER NOT NULL, last_seen INTEGER NOT NULL, last_read INTEGER NOT NULL, outcome INTEGER NOT NULL, why TEXT NOT NULL,"
         " make TEXT NOT NULL, model TEXT NOT NULL, serial TEXT NOT NULL, mac TEXT NOT NULL, uuid TEXT NOT NULL, PRIMARY KEY(tenant_id, way_no));"
         "CREATE UNIQUE INDEX device_ways_by_key ON device_ways(tenant_id, agent_id, via, way_key, ended);"
         "CREATE INDEX device_ways_by_device ON device_ways(tenant_id, device_no, way_no);"
         "CREATE INDEX device_ways_by_address ON device_ways(tenant_id, agent_id, via, address);"
         "CREATE INDEX device_ways_by_serial ON device_ways(tenant_id, serial);"
         "CREATE INDEX device_ways_by_mac ON device_ways(tenant_id, mac);"
         "CREATE INDEX device_ways_by_uuid ON device_ways(tenant_id, uuid);"

         "CREATE TABLE device_values(tenant_id INTEGER NOT NULL, way_no INTEGER NOT NULL, model TEXT NOT NULL, PRIMARY KEY(tenant_id, way_no));"

         "CREATE TABLE meter_readings(tenant_id INTEGER NOT NULL, way_no INTEGER NOT NULL, meter INTEGER NOT NULL, at INTEGER NOT NULL,"
         " until INTEGER NOT NULL, count INTEGER NOT NULL, source INTEGER NOT NULL, PRIMARY KEY(tenant_id, way_no, meter, at));"

         "CREATE TABLE supply_levels(tenant_id INTEGER NOT NULL, way_no INTEGER NOT NULL, supply INTEGER NOT NULL, at INTEGER NOT NULL,"
         " until INTEGER NOT NULL, percent INTEGER NOT NULL, serial TEXT NOT NULL, PRIMARY KEY(tenant_id, way_no, supply, at));"

         "CREATE TABLE device_alerts(tenant_id INTEGER NOT NULL, way_no INTEGER NOT NULL, alert INTEGER NOT NULL, opened INTEGER NOT NULL,"
         " closed INTEGER NOT NULL, severity TEXT NOT NULL, code TEXT NOT NULL, words TEXT NOT NULL, remedy TEXT NOT NULL,"
         " PRIMARY KEY(tenant_id, way_no, alert, opened));"

         "CREATE TABLE device_events(tenant_id INTEGER NOT NULL, event_no INTEGER NOT NULL, device_no INTEGER NOT NULL, way_no INTEGER NOT NULL,"
         " at INTEGER NOT NULL, other INTEGER NOT NULL, kind TEXT NOT NULL, detail TEXT NOT NULL, PRIMARY KEY(tenant_id, event_no));"
         "CREATE INDEX device_events_by_device ON device_events(device_no, at);"},
    /* 6: policies */
    {.sql =
         "CREATE TABLE policy_serials(tenant_id INTEGER NOT NULL, serial INTEGER NOT NULL, PRIMARY KEY(tenant_id));"

         "CREATE TABLE policy_sets(tenant_id INTEGER NOT NULL, set_id TEXT NOT NULL, name TEXT NOT NULL, draft TEXT NOT NULL, draft_by TEXT NOT NULL,"
         " created INTEGER NOT NULL, draft_at INTEGER NOT NULL, PRIMARY KEY(tenant_id, set_id));"

         "CREATE TABLE policy_versions(tenant_id INTEGER NOT NULL, set_id TEXT NOT NULL, version INTEGER NOT NULL, created INTEGER NOT NULL,"
         " from_version INTEGER NOT NULL, author TEXT NOT NULL, note TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY(tenant_id, set_id, version));"

         "CREATE TABLE policy_assignments(tenant_id INTEGER NOT NULL, scope INTEGER NOT NULL, group_id TEXT NOT NULL, percent INTEGER NOT NULL,"
         " set_id TEXT NOT NULL, version INTEGER NOT NULL, shadow INTEGER NOT NULL, author TEXT NOT NULL, created INTEGER NOT NULL,"
         " PRIMARY KEY(tenant_id, scope, group_id));"

         "CREATE TABLE agent_groups(tenant_id INTEGER NOT NULL, group_id TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY(tenant_id, group_id));"

         "CREATE TABLE agent_group_members(tenant_id INTEGER NOT NULL, group_id TEXT NOT NULL, agent_id TEXT NOT NULL,"
         " PRIMARY KEY(tenant_id, group_id, agent_id));"
         "CREATE INDEX agent_groups_by_agent ON agent_group_members(tenant_id, agent_id);"

         "CREATE TABLE charge_accounts(tenant_id INTEGER NOT NULL, code TEXT NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL, parent TEXT NOT NULL,"
         " pin TEXT NOT NULL, PRIMARY KEY(tenant_id, code));"

         "CREATE TABLE price_lists(tenant_id INTEGER NOT NULL, body TEXT NOT NULL, author TEXT NOT NULL, changed INTEGER NOT NULL,"
         " PRIMARY KEY(tenant_id));"

         "CREATE TABLE policy_reports(tenant_id INTEGER NOT NULL, agent_id TEXT NOT NULL, serial INTEGER NOT NULL, set_id TEXT NOT NULL,"
         " version INTEGER NOT NULL, shadow INTEGER NOT NULL, problem TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY(tenant_id, agent_id));"},
    /* 7: quotas, leases, groups of people */
    {.sql = "CREATE TABLE quota_accounts(tenant_id INTEGER NOT NULL, quota TEXT NOT NULL, owner TEXT NOT NULL, period INTEGER NOT NULL,"
            " rolled INTEGER NOT NULL, spent INTEGER NOT NULL, leased INTEGER NOT NULL, PRIMARY KEY(tenant_id, quota, owner));"

            "CREATE TABLE quota_leases(tenant_id INTEGER NOT NULL, agent_id TEXT NOT NULL, lease_id TEXT NOT NULL, quota TEXT NOT NULL,"
            " owner TEXT NOT NULL, period INTEGER NOT NULL, units INTEGER NOT NULL, until INTEGER NOT NULL, spent INTEGER NOT NULL,"
            " state INTEGER NOT NULL, PRIMARY KEY(tenant_id, agent_id, lease_id));"
            "CREATE INDEX quota_leases_ended ON quota_leases(until) WHERE state=2;"

            "CREATE TABLE people_groups(tenant_id INTEGER NOT NULL, group_name TEXT NOT NULL, person TEXT NOT NULL,"
            " PRIMARY KEY(tenant_id, group_name, person));"
            "CREATE INDEX people_groups_by_person ON people_groups(tenant_id, person);"},
    /* 8: what reports add up (docs/reports.md), of jobs that come from now on; what was issued. */
    {.sql = "ALTER TABLE usage_days ADD COLUMN duplex_pages INTEGER NOT NULL DEFAULT 0;"
            "ALTER TABLE usage_days ADD COLUMN duplex_sheets INTEGER NOT NULL DEFAULT 0;"
            "ALTER TABLE usage_days ADD COLUMN cost INTEGER NOT NULL DEFAULT 0;"
            "ALTER TABLE usage_days ADD COLUMN unpriced INTEGER NOT NULL DEFAULT 0;"
            "ALTER TABLE usage_months ADD COLUMN duplex_pages INTEGER NOT NULL DEFAULT 0;"
            "ALTER TABLE usage_months ADD COLUMN duplex_sheets INTEGER NOT NULL DEFAULT 0;"
            "ALTER TABLE usage_months ADD COLUMN cost INTEGER NOT NULL DEFAULT 0;"
            "ALTER TABLE usage_months ADD COLUMN unpriced INTEGER NOT NULL DEFAULT 0;"

            "CREATE TABLE issued(tenant_id INTEGER NOT NULL, issue_id TEXT NOT NULL, kind TEXT NOT NULL, period TEXT NOT NULL, at INTEGER NOT NULL,"
            " who TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY(tenant_id, issue_id));"
            "CREATE UNIQUE INDEX issued_by_period ON issued(tenant_id, kind, period);"},
    /* 9: alerts (docs/alerts.md). Of a rule and a subject one alert at most is live; numbers follow the highest one, under the writer's lock. */
    {.sql =
         "CREATE TABLE alert_rules(tenant_id INTEGER NOT NULL, rule_id TEXT NOT NULL, name TEXT NOT NULL, author TEXT NOT NULL,"
         " changed INTEGER NOT NULL, body TEXT NOT NULL, last INTEGER NOT NULL, first INTEGER NOT NULL, day INTEGER NOT NULL, count INTEGER NOT NULL,"
         " number INTEGER NOT NULL, PRIMARY KEY(tenant_id, rule_id));"
         "CREATE INDEX alert_rules_by_id ON alert_rules(rule_id);"

         "CREATE TABLE alerts(alert_no INTEGER NOT NULL, tenant_id INTEGER NOT NULL, rule_id TEXT NOT NULL, kind TEXT NOT NULL,"
         " subject TEXT NOT NULL, label TEXT NOT NULL, place TEXT NOT NULL, agent_id TEXT NOT NULL, device_no INTEGER NOT NULL, value INTEGER NOT "
         "NULL,"
         " detail TEXT NOT NULL, look INTEGER NOT NULL, phase INTEGER NOT NULL, since INTEGER NOT NULL, turned INTEGER NOT NULL, due INTEGER NOT "
         "NULL,"
         " flaps INTEGER NOT NULL, opened INTEGER NOT NULL, closed INTEGER NOT NULL, acked INTEGER NOT NULL, acked_by TEXT NOT NULL, note TEXT NOT "
         "NULL,"
         " told INTEGER NOT NULL, PRIMARY KEY(tenant_id, alert_no));"
         "CREATE INDEX alerts_by_no ON alerts(alert_no);"
         "CREATE UNIQUE INDEX alerts_live ON alerts(tenant_id, rule_id, subject) WHERE phase<4;"
         "CREATE INDEX alerts_by_subject ON alerts(rule_id, subject, closed);"
         "CREATE INDEX alerts_due ON alerts(due) WHERE due>0;"
         "CREATE INDEX alerts_untold ON alerts(rule_id, told) WHERE told<2;"
         "CREATE INDEX alerts_open ON alerts(alert_no) WHERE phase IN (2, 3);"

         "CREATE TABLE alert_channels(tenant_id INTEGER NOT NULL, channel_id TEXT NOT NULL, name TEXT NOT NULL, kind INTEGER NOT NULL,"
         " enabled INTEGER NOT NULL, language TEXT NOT NULL, target TEXT NOT NULL, ca TEXT NOT NULL, generation INTEGER NOT NULL,"
         " PRIMARY KEY(tenant_id, channel_id));"
         "CREATE INDEX alert_channels_by_id ON alert_channels(channel_id);"

         "CREATE TABLE mail_server(tenant_id INTEGER NOT NULL, host TEXT NOT NULL, port INTEGER NOT NULL, tls INTEGER NOT NULL, user_name TEXT NOT "
         "NULL,"
         " secret BLOB NOT NULL, sender TEXT NOT NULL, ca TEXT NOT NULL, PRIMARY KEY(tenant_id));"

         "CREATE TABLE alert_deliveries(delivery_no INTEGER NOT NULL, tenant_id INTEGER NOT NULL, rule_id TEXT NOT NULL, channel_id TEXT NOT NULL,"
         " delivery_key TEXT NOT NULL, target TEXT NOT NULL, body TEXT NOT NULL, created INTEGER NOT NULL, due INTEGER NOT NULL,"
         " attempts INTEGER NOT NULL, lease_until INTEGER NOT NULL, lease_by TEXT NOT NULL, state INTEGER NOT NULL, reason TEXT NOT NULL,"
         " finished INTEGER NOT NULL, PRIMARY KEY(tenant_id, delivery_no), UNIQUE(tenant_id, delivery_key));"
         "CREATE INDEX alert_deliveries_by_no ON alert_deliveries(delivery_no);"
         "CREATE INDEX alert_deliveries_due ON alert_deliveries(due) WHERE state=0;"},
    /* 10: rulings on past jobs read no records: what they need is packed beside the job (core/record/facts.h); '' in jobs of before. One customer's
       jobs in the order of time are found by an index of theirs. Roll-ups change in place where their page has room. */
    {.sql = "ALTER TABLE jobs ADD COLUMN facts BLOB NOT NULL DEFAULT x'';"
            "CREATE INDEX jobs_by_tenant ON jobs(tenant_id, time);",
     .postgres = "ALTER TABLE jobs ADD COLUMN facts BLOB NOT NULL DEFAULT '';"
                 "CREATE INDEX jobs_by_tenant ON jobs(tenant_id, time, job_no);"
                 "ALTER TABLE usage_hours SET (fillfactor=50); ALTER TABLE usage_days SET (fillfactor=70); ALTER TABLE usage_months SET "
                 "(fillfactor=60);"},
    /* 11: numbers of devices (the hub's), ways and events (a tenant's). The greatest one plus one could be chosen by two hubs, and again when its row
       had gone. */
    {.sql = "CREATE TABLE numbers(tenant_id INTEGER NOT NULL, what TEXT NOT NULL, last INTEGER NOT NULL, PRIMARY KEY(tenant_id, what)) WITHOUT ROWID;"
            "INSERT INTO numbers(tenant_id, what, last) SELECT 0, 'device', coalesce(max(device_no), 0) FROM devices;"
            "INSERT INTO numbers(tenant_id, what, last) SELECT tenant_id, 'way', max(way_no) FROM device_ways GROUP BY tenant_id;"
            "INSERT INTO numbers(tenant_id, what, last) SELECT tenant_id, 'event', max(event_no) FROM device_events GROUP BY tenant_id;"},
    /* 12: single sign-on */
    {.sql = "CREATE TABLE sso_providers(tenant_id INTEGER NOT NULL, label TEXT NOT NULL, issuer TEXT NOT NULL, client_id TEXT NOT NULL,"
            " client_secret TEXT NOT NULL, console TEXT NOT NULL, authorize TEXT NOT NULL, token TEXT NOT NULL, key_url TEXT NOT NULL,"
            " ca TEXT NOT NULL, group_claim TEXT NOT NULL, roles TEXT NOT NULL, provision INTEGER NOT NULL, PRIMARY KEY(tenant_id));"

            "CREATE TABLE sso_subjects(tenant_id INTEGER NOT NULL, issuer TEXT NOT NULL, subject TEXT NOT NULL, name TEXT NOT NULL COLLATE NOCASE,"
            " made INTEGER NOT NULL, PRIMARY KEY(tenant_id, issuer, subject));"},
    /* 13: what a change with a key was answered with, for a day (hub/once.h); groups of devices */
    {.sql =
         "CREATE TABLE answers(tenant_id INTEGER NOT NULL, who TEXT NOT NULL, how TEXT NOT NULL, request_key TEXT NOT NULL, at INTEGER NOT NULL,"
         " print BLOB NOT NULL, kept INTEGER NOT NULL, status INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY(tenant_id, who, how, request_key));"
         "CREATE INDEX answers_by_time ON answers(at);"
         "CREATE INDEX answers_of_tenant ON answers(tenant_id, at);"

         /* A part is a device or, with number 0, a rule. */
         "CREATE TABLE device_groups(tenant_id INTEGER NOT NULL, group_id TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY(tenant_id, group_id));"
         "CREATE UNIQUE INDEX device_groups_by_name ON device_groups(tenant_id, name);"
         "CREATE TABLE device_group_parts(tenant_id INTEGER NOT NULL, group_id TEXT NOT NULL, part_no INTEGER NOT NULL, device_no INTEGER NOT NULL,"
         " site INTEGER NOT NULL, model TEXT NOT NULL, name TEXT NOT NULL, place TEXT NOT NULL, model_like TEXT NOT NULL, name_like TEXT NOT NULL,"
         " place_like TEXT NOT NULL, PRIMARY KEY(tenant_id, group_id, part_no));"
         "CREATE INDEX device_group_parts_by_group ON device_group_parts(group_id, device_no);"
         "CREATE INDEX devices_merged ON devices(merged_into) WHERE merged_into>0;"},
    /* 14: who has leases of a quota's owner out, so that they can be called back. */
    {.sql = "CREATE INDEX quota_leases_by_owner ON quota_leases(tenant_id, quota, owner) WHERE state=0;"},
    /* 15: what agents are asked to read now */
    {.sql = "CREATE TABLE read_orders(tenant_id INTEGER NOT NULL, agent_id TEXT NOT NULL, what INTEGER NOT NULL, order_no INTEGER NOT NULL,"
            " state INTEGER NOT NULL, printers INTEGER NOT NULL, reason TEXT NOT NULL, asked INTEGER NOT NULL, changed INTEGER NOT NULL,"
            " until INTEGER NOT NULL, PRIMARY KEY(tenant_id, agent_id, what));"},
    /* 16: reports by mail on a schedule, and the files of those that are too large for one */
    {.sql = "CREATE TABLE schedules(tenant_id INTEGER NOT NULL, schedule_id TEXT NOT NULL, author TEXT NOT NULL, changed INTEGER NOT NULL,"
            " body TEXT NOT NULL, next INTEGER NOT NULL, last_due INTEGER NOT NULL, last_at INTEGER NOT NULL, outcome INTEGER NOT NULL,"
            " reason TEXT NOT NULL, lease_until INTEGER NOT NULL, lease_by TEXT NOT NULL, PRIMARY KEY(tenant_id, schedule_id));"
            "CREATE INDEX schedules_by_id ON schedules(schedule_id);"
            "CREATE INDEX schedules_due ON schedules(next) WHERE next>0;"
            "CREATE TABLE report_files(tenant_id INTEGER NOT NULL, file_id TEXT NOT NULL, at INTEGER NOT NULL, content BLOB NOT NULL,"
            " PRIMARY KEY(tenant_id, file_id));"
            "CREATE INDEX report_files_by_time ON report_files(at);"},
    /* 17: jobs that agents hold now, each with the last order on it (act, order_no 0: none); the number of the list that came last */
    {.sql = "CREATE TABLE held_lists(tenant_id INTEGER NOT NULL, agent_id TEXT NOT NULL, seq INTEGER NOT NULL, told INTEGER NOT NULL,"
            " PRIMARY KEY(tenant_id, agent_id));"
            "CREATE TABLE held_jobs(tenant_id INTEGER NOT NULL, agent_id TEXT NOT NULL, uid TEXT NOT NULL,"
            " user_name TEXT NOT NULL COLLATE NOCASE, document TEXT NOT NULL, machine TEXT NOT NULL, queue TEXT NOT NULL, device TEXT NOT NULL, rule "
            "TEXT NOT NULL, currency TEXT NOT NULL,"
            " pages INTEGER NOT NULL, copies INTEGER NOT NULL, sheets INTEGER NOT NULL, color_pages INTEGER NOT NULL, cost INTEGER NOT NULL,"
            " since INTEGER NOT NULL, ends INTEGER NOT NULL, gone INTEGER NOT NULL, order_no INTEGER NOT NULL DEFAULT 0,"
            " act INTEGER NOT NULL DEFAULT 0, state INTEGER NOT NULL DEFAULT 0, asked_by TEXT NOT NULL DEFAULT '', asked INTEGER NOT NULL DEFAULT 0,"
            " changed INTEGER NOT NULL DEFAULT 0, until INTEGER NOT NULL DEFAULT 0, PRIMARY KEY(tenant_id, agent_id, uid));"
            "CREATE INDEX held_jobs_by_time ON held_jobs(since);"},
    /* 18: every price list that was saved; sets that were removed; the account of a job; how long a tenant keeps what. Records of the last sixty days
       still have their lines, and in them the account, which has neither a quote nor a backslash if it is taken from there. */
    {.sql = PRICE_HISTORY_18 KEEPING_18 ACCOUNT_18},
    /* 19: what agents are set to read of the network */
    {.sql = "CREATE TABLE collections(tenant_id INTEGER NOT NULL, agent_id TEXT NOT NULL, serial INTEGER NOT NULL, addresses INTEGER NOT NULL,"
            " author TEXT NOT NULL, changed INTEGER NOT NULL, sealed BLOB NOT NULL, held INTEGER NOT NULL, refused INTEGER NOT NULL,"
            " reported INTEGER NOT NULL, report TEXT NOT NULL, PRIMARY KEY(tenant_id, agent_id));"},
    /* 20: receipts that are issued by themselves, and those that replace an earlier one of their period; which devices are on one */
    {.sql = "DROP INDEX issued_by_period;"
            "ALTER TABLE issued ADD COLUMN replaces TEXT NOT NULL DEFAULT '';"
            "ALTER TABLE issued ADD COLUMN reason TEXT NOT NULL DEFAULT '';"
            "ALTER TABLE issued ADD COLUMN devices INTEGER NOT NULL DEFAULT -1;"
            "ALTER TABLE issued ADD COLUMN gaps INTEGER NOT NULL DEFAULT -1;"
            "ALTER TABLE issued ADD COLUMN counted INTEGER NOT NULL DEFAULT -1;"
            "CREATE UNIQUE INDEX issued_by_period ON issued(tenant_id, kind, period, replaces);"
            "CREATE TABLE issued_devices(tenant_id INTEGER NOT NULL, issue_id TEXT NOT NULL, device_no INTEGER NOT NULL, counted INTEGER NOT NULL,"
            " gaps INTEGER NOT NULL, PRIMARY KEY(tenant_id, issue_id, device_no));"
            "CREATE INDEX issued_devices_by_device ON issued_devices(device_no);"
            "CREATE TABLE receipt_plans(tenant_id INTEGER NOT NULL, automatic INTEGER NOT NULL, hours INTEGER NOT NULL, month INTEGER NOT NULL,"
            " due INTEGER NOT NULL, at INTEGER NOT NULL, reason TEXT NOT NULL, lease_until INTEGER NOT NULL, lease_by TEXT NOT NULL,"
            " PRIMARY KEY(tenant_id));"
            "CREATE INDEX receipt_plans_due ON receipt_plans(due) WHERE due>0;"},
    /* 21: the names that accounts print under, and the claim that a provider gives them by */
    {.sql = "CREATE TABLE print_names(tenant_id INTEGER NOT NULL, name TEXT NOT NULL COLLATE NOCASE, account TEXT NOT NULL COLLATE NOCASE,"
            " provider INTEGER NOT NULL);"
            "CREATE UNIQUE INDEX print_names_by_name ON print_names(tenant_id, nocase(name));"
            "CREATE INDEX print_names_by_account ON print_names(nocase(account));"
            "CREATE INDEX held_jobs_by_user ON held_jobs(tenant_id, nocase(user_name));"
            "ALTER TABLE sso_providers ADD COLUMN name_claim TEXT NOT NULL DEFAULT '';"},
    /* 22: the model catalogue, each version of it; the hub's (tenant_id 0) */
    {.sql = "CREATE TABLE catalogue_versions(tenant_id INTEGER NOT NULL, version INTEGER NOT NULL, created INTEGER NOT NULL,"
            " from_version INTEGER NOT NULL, models INTEGER NOT NULL, author TEXT NOT NULL, note TEXT NOT NULL, body TEXT NOT NULL,"
            " PRIMARY KEY(tenant_id, version));"},
    /* 23: how many days lines of the audit log are kept (0: for ever), and the last one that went: what is left begins with its hash. */
    {.sql = "ALTER TABLE audit_head ADD COLUMN days INTEGER NOT NULL DEFAULT 0;"
            "ALTER TABLE audit_head ADD COLUMN cut INTEGER NOT NULL DEFAULT 0;"
            "ALTER TABLE audit_head ADD COLUMN cut_hash TEXT NOT NULL DEFAULT '0000000000000000000000000000000000000000000000000000000000000000';"},
    /* 24: times of retention hold for the tenants below, too; readings of before a time are thinned, up to which month of a way, and which are a
       paper's */
    {.sql = KEEPING_24},
    /* 25: what the list of agents is sorted and searched by, and an index for each of its orders */
    {.sql = "ALTER TABLE agents ADD COLUMN certificate_expires INTEGER NOT NULL DEFAULT 0;"
            "ALTER TABLE agents ADD COLUMN sort_machine TEXT NOT NULL DEFAULT '';"
            "ALTER TABLE agents ADD COLUMN sort_version TEXT NOT NULL DEFAULT '';"
            "ALTER TABLE agents ADD COLUMN search TEXT NOT NULL DEFAULT '';"
            "UPDATE agents SET certificate_expires=coalesce((SELECT max(c.expires) FROM certificates c WHERE c.tenant_id=agents.tenant_id"
            " AND c.agent_id=agents.agent_id), 0);"
            "CREATE INDEX agents_by_machine ON agents(sort_machine, agent_id);"
            "CREATE INDEX agents_of_tenant ON agents(tenant_id, sort_machine, agent_id);"
            "CREATE INDEX agents_by_seen ON agents(last_seen, agent_id);"
            "CREATE INDEX agents_by_version ON agents(sort_version, agent_id);"
            "CREATE INDEX agents_by_os ON agents(os, agent_id);"
            "CREATE INDEX agents_by_certificate ON agents(certificate_expires, agent_id);",
     .fill = store_agents_fill},
};

#define STEPS ((int64_t)(sizeof steps / sizeof *steps))
_Static_assert(STEPS == STORE_VERSION, "a step more is a version more");

static plt_status current(db *d, int64_t *version)
{
    plt_status status = db_exec(d, "CREATE TABLE IF NOT EXISTS schema_version(version INTEGER NOT NULL)");
    *version = 0;
    if (status != PLT_OK) return status;
    db_stmt *st = db_get(d, "SELECT max(version) FROM schema_version");
    status = db_row(d, st);
    if (status != PLT_OK) return status;
    *version = db_int(st, 0);
    db_reset(st);
    return PLT_OK;
}

static plt_status take_step(db *d, int64_t to)
{
    const step *s = &steps[to - 1];
    plt_status status = db_exec(d, d->engine == DB_POSTGRES && s->postgres ? s->postgres : s->sql);
    if (status == PLT_OK && s->fill) status = s->fill(d);
    db_stmt *st = db_get(d, "INSERT INTO schema_version(version) VALUES(?1)");
    db_bind_int(st, 1, to);
    return status == PLT_OK ? db_run(d, st) : status;
}

plt_status store_migrate_to(db *d, int64_t to)
{
    int64_t version = 0;
    plt_status status = db_begin(d); /* two processes that start at once take turns */
    if (status != PLT_OK) return status;
    status = current(d, &version);
    if (status == PLT_OK && version > STEPS)
        status = db_fail_as(d, PLT_UNSUPPORTED, "the database was written by a newer platen-hub: update this one");
    while (status == PLT_OK && version < to) status = take_step(d, ++version);
    if (status == PLT_OK) return db_commit(d);
    db_rollback(d);
    return status;
}

plt_status store_migrate(db *d)
{
    return store_migrate_to(d, STEPS);
}
