/* SPDX-License-Identifier: Apache-2.0 */
/* Recordings: each form of a value as a row, each trap as a row; whole files; what is written is read as the same again; what an agent serves. */
#include "tests/unit/test.h"

#include <stdio.h>
#include <string.h>

#include "core/snmp/recording.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

typedef struct form {
    const char *line;
    plt_snmp_type type;
    const char *octets; /* NULL: it is left out */
    size_t n;
    const char *why; /* a word of the reason */
} form;

#define READ(line, type, octets) {line, type, octets, sizeof octets - 1, NULL}
#define REFUSED(line, why) {line, 0, NULL, 0, why}

static const form forms[] = {
    READ("1.3.6.1.2.1.1.1.0|4|a | b", PLT_SNMP_STRING, "a | b"),
    READ(".1.3.6.1|4|", PLT_SNMP_STRING, ""),
    READ("1.3.6.1|4| x \r", PLT_SNMP_STRING, " x"),
    READ("1.3.6.1|4|B\xFCro", PLT_SNMP_STRING, "B\xFCro"),
    READ("1.3.6.1|4x|00fF7c", PLT_SNMP_STRING, "\x00\xFF|"),
    READ("1.3.6.1|4x|", PLT_SNMP_STRING, ""),
    READ("1.3.6.1|4e|a\\x00\\\\\\n\\'", PLT_SNMP_STRING, "a\0\\\n'"),
    READ("1.3.6.1|4|a\\x00", PLT_SNMP_STRING, "a\\x00"),
    READ("1.3.6.1|5|", PLT_SNMP_NULL, ""),
    READ("1.3.6.1|2|0", PLT_SNMP_INTEGER, "\0"),
    READ("1.3.6.1|2|-1", PLT_SNMP_INTEGER, "\xFF"),
    READ("1.3.6.1|2|128", PLT_SNMP_INTEGER, "\x00\x80"),
    READ("1.3.6.1|2|-2147483648", PLT_SNMP_INTEGER, "\x80\0\0\0"),
    READ("1.3.6.1|2|2147483647", PLT_SNMP_INTEGER, "\x7F\xFF\xFF\xFF"),
    READ("1.3.6.1|65|4294967295", PLT_SNMP_COUNTER32, "\0\xFF\xFF\xFF\xFF"),
    READ("1.3.6.1|66|0", PLT_SNMP_GAUGE32, "\0"),
    READ("1.3.6.1|67|77", PLT_SNMP_TIMETICKS, "M"),
    READ("1.3.6.1|70|18446744073709551615", PLT_SNMP_COUNTER64, "\0\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"),
    READ("1.3.6.1|6|1.3.6.1.4.1.11", PLT_SNMP_OID, "\x2B\x06\x01\x04\x01\x0B"),
    READ("1.3.6.1|6|0.0", PLT_SNMP_OID, "\0"),
    READ("1.3.6.1|64|192.0.2.255", PLT_SNMP_IPADDRESS, "\xC0\0\x02\xFF"),
    READ("1.3.6.1|64x|c00002ff", PLT_SNMP_IPADDRESS, "\xC0\0\x02\xFF"),
    READ("1.3.6.1|68x|9f7804", PLT_SNMP_OPAQUE, "\x9Fx\x04"),
    READ("1.3.4294967295|2|5", PLT_SNMP_INTEGER, "\x05"),
    REFUSED("1.3.4294967296|2|5", "OID"),
    REFUSED("3.1.6|2|5", "OID"),
    REFUSED("1|2|5", "OID"),
    REFUSED("1.3..6|2|5", "OID"),
    REFUSED("1.3.6.|2|5", "OID"),
    REFUSED("1.3.6.1", "no object"),
    REFUSED("1.3.6.1|4", "no object"),
    REFUSED("1.3.6.1||text", "no object"),
    REFUSED("|4|text", "no object"),
    REFUSED("words", "no object"),
    REFUSED("1.3.6.1|3|x", "unknown tag"),
    REFUSED("1.3.6.1|4xx|00", "unknown tag"),
    REFUSED("1.3.6.1|x|00", "unknown tag"),
    REFUSED("1.3.6.1|-4|x", "unknown tag"),
    REFUSED("1.3.6.1|4294967300|x", "unknown tag"),
    REFUSED("1.3.6.1|129|", "unknown tag"),
    REFUSED("1.3.6.1|2:numeric|min=1", "variation module"),
    REFUSED("1.3.6.1|4x|0", "hexadecimal"),
    REFUSED("1.3.6.1|4x|0g", "hexadecimal"),
    REFUSED("1.3.6.1|4e|a\\", "escape"),
    REFUSED("1.3.6.1|4e|\\x0", "escape"),
    REFUSED("1.3.6.1|4e|\\q", "escape"),
    REFUSED("1.3.6.1|2x|05", "hexadecimal digits or escaped"),
    REFUSED("1.3.6.1|2|", "no number"),
    REFUSED("1.3.6.1|2|5 pages", "no number"),
    REFUSED("1.3.6.1|2|2147483648", "none of its type"),
    REFUSED("1.3.6.1|2|-2147483649", "none of its type"),
    REFUSED("1.3.6.1|65|-1", "none of its type"),
    REFUSED("1.3.6.1|65|4294967296", "none of its type"),
    REFUSED("1.3.6.1|70|18446744073709551616", "no number"),
    REFUSED("1.3.6.1|64|192.0.2", "address"),
    REFUSED("1.3.6.1|64|192.0.2.256", "address"),
    REFUSED("1.3.6.1|64|192.0.2.1.1", "address"),
    REFUSED("1.3.6.1|64x|c0000201ff", "address"),
    REFUSED("1.3.6.1|6|iso.3", "OID"),
    REFUSED("1.3.6.1|6|", "OID"),
    /* What snmpwalk -On prints. */
    READ(".1.3.6.1 = STRING: \"a \\\"b\\\" \\\\\"", PLT_SNMP_STRING, "a \"b\" \\"),
    READ(".1.3.6.1 = STRING: bare words", PLT_SNMP_STRING, "bare words"),
    READ(".1.3.6.1 = \"\"", PLT_SNMP_STRING, ""),
    READ(".1.3.6.1 = STRING: \"one\ntwo\"", PLT_SNMP_STRING, "one\ntwo"),
    READ(".1.3.6.1 = STRING: 0:1b:2c:3:4:5", PLT_SNMP_STRING, "\x00\x1B\x2C\x03\x04\x05"),
    READ(".1.3.6.1 = STRING: 12:30", PLT_SNMP_STRING, "12:30"),
    READ(".1.3.6.1 = Hex-STRING: 00 01 \nFE FF ", PLT_SNMP_STRING, "\x00\x01\xFE\xFF"),
    READ(".1.3.6.1 = BITS: C0 00 first(0) second(1) ", PLT_SNMP_STRING, "\xC0\x00"),
    READ(".1.3.6.1 = INTEGER: up(1)", PLT_SNMP_INTEGER, "\x01"),
    READ(".1.3.6.1 = INTEGER: -2", PLT_SNMP_INTEGER, "\xFE"),
    READ(".1.3.6.1 = INTEGER: 60 seconds", PLT_SNMP_INTEGER, "<"),
    READ(".1.3.6.1 = Gauge32: 7", PLT_SNMP_GAUGE32, "\x07"),
    READ(".1.3.6.1 = Counter64: 7", PLT_SNMP_COUNTER64, "\x07"),
    READ(".1.3.6.1 = Wrong Type (should be INTEGER): Gauge32: 7", PLT_SNMP_GAUGE32, "\x07"),
    READ(".1.3.6.1 = Timeticks: (77) 0:00:00.77", PLT_SNMP_TIMETICKS, "M"),
    READ(".1.3.6.1 = OID: .1.3.6.1.4.1.11", PLT_SNMP_OID, "\x2B\x06\x01\x04\x01\x0B"),
    READ(".1.3.6.1 = IpAddress: 192.0.2.1", PLT_SNMP_IPADDRESS, "\xC0\0\x02\x01"),
    READ(".1.3.6.1 = Network Address: C0:00:02:01", PLT_SNMP_IPADDRESS, "\xC0\0\x02\x01"),
    REFUSED(".1.3.6.1 = Network Address: C0:00:02", "address"),
    REFUSED(".1.3.6.1 = Network Address: C0:00:02  1", "hexadecimal"),
    REFUSED(".1.3.6.1 = No Such Object available on this agent at this OID", "no such object"),
    REFUSED(".1.3.6.1 = Opaque: Float: 1.5", "type"),
    REFUSED(".1.3.6.1 = INTEGER:", "no number"),
    REFUSED(".1.3.6.1 = Hex-STRING: 0", "hexadecimal"),
    REFUSED("iso.3.6.1 = INTEGER: 1", "no object"),
};

static void each_form(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(forms); i++) {
        plt_recording r;
        plt_status s = plt_recording_read(&r, forms[i].line, strlen(forms[i].line));
        if (forms[i].octets) {
            if (s != PLT_OK || r.left_out) fail_msg("'%s': %s", forms[i].line, r.bad_because ? r.bad_because : plt_status_name(s));
            assert_int_equal(r.count, 1);
            if (r.objects[0].type != forms[i].type || !plt_octets_same(r.objects[0].value, plt_octets_make(forms[i].octets, forms[i].n)))
                fail_msg("'%s' is read as another value", forms[i].line);
        } else {
            if (s != PLT_BAD || r.left_out != 1 || r.bad_line != 1) fail_msg("'%s' is read", forms[i].line);
            if (!strstr(r.bad_because, forms[i].why)) fail_msg("'%s': %s", forms[i].line, r.bad_because);
        }
        plt_recording_free(&r);
    }
}

static void zeros_in_the_text_end_nothing(void **state)
{
    static const char text[] = "1.3.6\0.1|4|x\n1.3.6.2|4|a\0b\n1.3.6.3|6|1.3\0.9\n";
    plt_recording r;
    (void)state;
    assert_int_equal(plt_recording_read(&r, text, sizeof text - 1), PLT_OK);
    assert_int_equal(r.count, 1);
    assert_int_equal(r.left_out, 2);
    assert_true(plt_octets_same(r.objects[0].value, plt_octets_make("a\0b", 3)));
    plt_recording_free(&r);
}

static void a_name_too_long(void **state)
{
    static char text[2 * PLT_OID_SIZE + 64];
    plt_recording r;
    (void)state;
    for (size_t ids = PLT_OID_SIZE - 2; ids < PLT_OID_SIZE + 3; ids++) { /* "1.3" is one octet, each further number another */
        size_t n = (size_t)snprintf(text, sizeof text, "1.3");
        for (size_t i = 1; i < ids; i++) n += (size_t)snprintf(text + n, sizeof text - n, ".7");
        n += (size_t)snprintf(text + n, sizeof text - n, "|2|1");
        assert_int_equal(plt_recording_read(&r, text, n), ids <= PLT_OID_SIZE ? PLT_OK : PLT_BAD);
        plt_recording_free(&r);
    }
}

static void a_value_too_long(void **state)
{
    static char text[2 * 65537 + 16];
    plt_recording r;
    (void)state;
    for (size_t octets = 65534; octets < 65538; octets++) {
        for (int hex = 0; hex < 2; hex++) {
            size_t n = (size_t)snprintf(text, sizeof text, "1.3|4%s|", hex ? "x" : "");
            memset(text + n, 'a', octets << hex);
            assert_int_equal(plt_recording_read(&r, text, n + (octets << hex)), octets <= 65535 ? PLT_OK : PLT_BAD);
            if (r.count) assert_int_equal(r.objects[0].value.n, octets);
            plt_recording_free(&r);
        }
    }
}

static const char muddle[] = "# a comment\r\n"
                             "\r\n"
                             "1.3.6.1.10|2|1\r\n"
                             "1.3.6.1.9|2|2\r\n"
                             "nonsense\r\n"
                             "1.3.6.1.9.0|2|3\r\n"
                             "1.3.6.1.9|2|4\r\n"
                             "1.3.6.1.2000000|4|first\r\n"
                             ".1.3.6.1.128 = STRING: \"two\n"
                             "1.3.6.1.99|4|lines\"\n"
                             "  1.3.6.1.3|4x|zz\n"
                             "End of MIB\n"
                             "1.3.6.1.1|5|";

static void a_muddle_is_put_in_order(void **state)
{
    static const char *const names[] = {"1.3.6.1.1", "1.3.6.1.9", "1.3.6.1.9.0", "1.3.6.1.10", "1.3.6.1.128", "1.3.6.1.2000000"};
    plt_recording r;
    char name[PLT_OID_TEXT];
    int64_t n;
    (void)state;
    assert_int_equal(plt_recording_read(&r, muddle, sizeof muddle - 1), PLT_OK);
    assert_int_equal(r.count, COUNT(names));
    for (size_t i = 0; i < COUNT(names); i++) {
        assert_true(plt_oid_format(r.objects[i].name, name, sizeof name));
        assert_string_equal(name, names[i]);
    }
    assert_true(plt_snmp_signed(&r.objects[1], &n));
    assert_int_equal(n, 2); /* the first of two stays */
    assert_int_equal(r.repeated, 1);
    assert_int_equal(r.left_out, 3);
    assert_int_equal(r.bad_line, 5);
    assert_non_null(strstr(r.bad_because, "no object"));
    plt_recording_free(&r);
}

static void nothing_in_it(void **state)
{
    static const char *const texts[] = {"", "\n", "# 1.3.6.1|4|x\n", "\xFF\xFE", "1.3.6.1|4"};
    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        plt_recording r;
        assert_int_equal(plt_recording_read(&r, texts[i], strlen(texts[i])), PLT_BAD);
        plt_recording_free(&r);
    }
}

/* ---- written ---- */

typedef struct written {
    plt_snmp_type type;
    const char *octets;
    size_t n;
    const char *line; /* behind the name; NULL: there is none */
} written;

#define OF(octets) octets, sizeof octets - 1

static const written lines[] = {
    {PLT_SNMP_STRING, OF("Office"), "4|Office"},
    {PLT_SNMP_STRING, OF("a|b \\"), "4|a|b \\"},
    {PLT_SNMP_STRING, OF(""), "4|"},
    {PLT_SNMP_STRING, OF(" a"), "4x|2061"},
    {PLT_SNMP_STRING, OF("a "), "4x|6120"},
    {PLT_SNMP_STRING, OF("a\n"), "4x|610a"},
    {PLT_SNMP_STRING, OF("\xC3\xBC\0"), "4x|c3bc00"},
    {PLT_SNMP_OPAQUE, OF("\x9F\x78"), "68x|9f78"},
    {PLT_SNMP_NULL, OF(""), "5|"},
    {PLT_SNMP_INTEGER, OF("\xFF\xFF\xFF\xFE"), "2|-2"},
    {PLT_SNMP_INTEGER, OF("\x80\0\0\0"), "2|-2147483648"},
    {PLT_SNMP_INTEGER, OF("\0\x80\0\0\0"), NULL}, /* above what an INTEGER may be */
    {PLT_SNMP_INTEGER, OF(""), "2|0"},            /* as the codec reads it */
    {PLT_SNMP_COUNTER32, OF("\xFF\xFF\xFF\xFF"), "65|4294967295"},
    {PLT_SNMP_GAUGE32, OF("\0\xFF\xFF\xFF\xFF"), "66|4294967295"},
    {PLT_SNMP_COUNTER64, OF("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"), "70|18446744073709551615"},
    {PLT_SNMP_COUNTER32, OF("\x01\0\0\0\0"), NULL},
    {PLT_SNMP_IPADDRESS, OF("\xC0\0\x02\x01"), "64|192.0.2.1"},
    {PLT_SNMP_IPADDRESS, OF("\xC0\0\x02"), NULL},
    {PLT_SNMP_OID, OF("\x2B\x06\x01"), "6|1.3.6.1"},
    {PLT_SNMP_OID, OF(""), NULL},
    {PLT_SNMP_OID, OF("\x2B\x80\x01"), NULL},
    {PLT_SNMP_NO_INSTANCE, OF(""), NULL},
    {(plt_snmp_type)0x45, OF("x"), NULL},
};

static void each_line(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(lines); i++) {
        plt_buf b;
        char want[64] = "";
        plt_buf_init(&b, 1000);
        const plt_snmp_var v = {PLT_OID("\x2B\x06\x01\x8F\xFF\xFF\xFF\x7F"), lines[i].type, plt_octets_make(lines[i].octets, lines[i].n)};
        if (plt_snmprec_put(&b, &v) != (lines[i].line != NULL)) fail_msg("row %zu: %s", i, plt_buf_str(&b));
        if (lines[i].line) snprintf(want, sizeof want, "1.3.6.1.4294967295|%s\n", lines[i].line);
        assert_string_equal(plt_buf_str(&b), want);
        plt_buf_free(&b);
    }
}

/* ---- served ---- */

static void an_agent_serves_it(void **state)
{
    static const char text[] = "1.3.6.1.2|65|7\n1.3.6.1.9|2|-3\n1.3.6.1.9.1|4|x\n";
    plt_recording r;
    plt_serve_object o = {.at = SIZE_MAX};
    (void)state;
    assert_int_equal(plt_recording_read(&r, text, sizeof text - 1), PLT_OK);
    assert_int_equal(plt_recording_serve.get(&r, PLT_OID("\x2B\x06\x01\x02"), &o), PLT_SERVE_FOUND);
    assert_int_equal(o.value.number, 7);
    assert_int_equal(plt_recording_serve.get(&r, PLT_OID("\x2B\x06\x01\x03"), &o), PLT_SERVE_NO_INSTANCE);
    assert_int_equal(plt_recording_serve.get(&r, PLT_OID("\x2B\x06\x01\x0A"), &o), PLT_SERVE_NO_INSTANCE);
    for (int noted = 0; noted < 2; noted++) { /* with the place of the last one, and without */
        size_t seen = 0;
        plt_octets at = PLT_OID("\x2B");
        o.at = SIZE_MAX;
        while (plt_recording_serve.next(&r, at, &o) == PLT_SERVE_FOUND) {
            assert_true(plt_octets_same(o.name, r.objects[seen++].name));
            at = o.name;
            if (!noted) o.at = SIZE_MAX;
        }
        assert_int_equal(seen, 3);
    }
    o.at = 1; /* a note that is not of this name counts for nothing */
    assert_int_equal(plt_recording_serve.next(&r, PLT_OID("\x2B\x06\x01\x02"), &o), PLT_SERVE_FOUND);
    assert_int_equal(o.value.integer, -3);
    plt_recording_free(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_form),
        cmocka_unit_test(zeros_in_the_text_end_nothing),
        cmocka_unit_test(a_name_too_long),
        cmocka_unit_test(a_value_too_long),
        cmocka_unit_test(a_muddle_is_put_in_order),
        cmocka_unit_test(nothing_in_it),
        cmocka_unit_test(each_line),
        cmocka_unit_test(an_agent_serves_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
