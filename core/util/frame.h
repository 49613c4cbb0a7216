/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Frames: what the local pipes, the journal and the worker's stdin/stdout carry (docs/protocol.md
 * section 1). Pure codec: bytes in, struct out. No allocation: the builder writes into the caller's
 * array, so that the monitor inside the spooler needs none either.
 */
#ifndef PLATEN_CORE_UTIL_FRAME_H
#define PLATEN_CORE_UTIL_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/util/status.h"

#define PLT_FRAME_HEADER 8
#define PLT_FRAME_MAX_PAYLOAD 65536
#define PLT_FRAME_VERSION 1
#define PLT_UID_SIZE 16
/* No string field is longer than this; the sender cuts at a character's border. */
#define PLT_FIELD_MAX 4096

typedef enum plt_frame_type {
    PLT_F_BEGIN = 0x01,
    PLT_F_DATA = 0x02,
    PLT_F_LOST = 0x03,
    PLT_F_END = 0x04,
    PLT_F_GATED = 0x05,
    PLT_F_VERDICT = 0x11,
    PLT_F_DONE = 0x12,
    PLT_F_RULING = 0x13,
    PLT_F_STATUS_ASK = 0x20,
    PLT_F_STATUS = 0x21,
    PLT_F_WATCH = 0x22,
    PLT_F_ASK = 0x23,
    PLT_F_ANSWER = 0x24,
    PLT_F_TAKEN = 0x25,
    PLT_F_OVER = 0x26,
    PLT_F_JOBS_ASK = 0x27,
    PLT_F_JOB = 0x28,
    PLT_F_LIST_END = 0x29,
    PLT_F_ACT = 0x2A,
    PLT_F_ACCOUNTS_ASK = 0x2B,
    PLT_F_ACCOUNT = 0x2C,
    PLT_F_NOTICE = 0x2D,
    PLT_F_BALANCE = 0x2E,
    PLT_F_ERROR = 0x2F,
    PLT_F_ANALYZE = 0x30,
    PLT_F_FINISH = 0x31,
    PLT_F_ANALYSIS = 0x32,
    PLT_F_PAGES = 0x33,
    PLT_F_CONVERT = 0x34,
    PLT_F_CONVERTED = 0x35,
    PLT_F_COLLECT = 0x36,
    PLT_F_ADDRESSES = 0x37,
    PLT_F_LEARNED = 0x38,
    PLT_F_TURN = 0x39,
    PLT_F_FOUND = 0x3A,
    PLT_F_COLLECTED = 0x3B,
    PLT_F_READ = 0x40,
    PLT_F_READINGS_ASK = 0x41,
    PLT_F_READINGS = 0x42,
    PLT_F_READ_LOCAL = 0x43,
    PLT_F_LOCAL_ASK = 0x44,
    PLT_F_LOCAL = 0x45,
} plt_frame_type;

/* Field tags, one space for all frames. Numbers are part of the protocol: never reuse one. */
typedef enum plt_tag {
    PLT_T_UID = 1,
    PLT_T_QUEUE = 2,
    PLT_T_PORT = 3,
    PLT_T_TARGET = 4,
    PLT_T_JOBID = 5,
    PLT_T_DOCUMENT = 6,
    PLT_T_USER = 7,
    PLT_T_MACHINE = 8,
    PLT_T_DATATYPE = 9,
    PLT_T_COPIES = 10,
    PLT_T_COLOR = 11,  /* DEVMODE: 1 mono, 2 colour */
    PLT_T_DUPLEX = 12, /* 0 none, 1 long edge, 2 short edge */
    PLT_T_PAPER = 13,
    PLT_T_BEGUN = 14,
    PLT_T_ENDED = 15,
    PLT_T_OFFSET = 16,
    PLT_T_BYTES = 17,
    PLT_T_STATUS = 18,
    PLT_T_ERROR = 19,
    PLT_T_MESSAGE = 20,
    PLT_T_VERDICT = 21,
    PLT_T_TRUNCATED = 22, /* the tag of a field that was cut */
    PLT_T_STATE = 30,
    PLT_T_QUEUED = 31,
    PLT_T_RECORDS = 32,
    PLT_T_JOBS = 33,
    PLT_T_LASTSYNC = 34,
    PLT_T_HUB = 35,
    PLT_T_AGENT = 36,
    PLT_T_VERSION = 37,
    PLT_T_OUTCOME = 38,
    PLT_T_CODE = 39,
    PLT_T_LANGUAGE = 50,
    PLT_T_PRODUCER = 51,
    PLT_T_PAGES = 52,
    PLT_T_IMPRESSIONS = 53,
    PLT_T_SHEETS = 54,
    PLT_T_COLORPAGES = 55,
    PLT_T_MONOPAGES = 56,
    PLT_T_BLANKPAGES = 57,
    PLT_T_CONFIDENCE = 58,
    PLT_T_REASON = 59,
    PLT_T_FLAGS = 60,
    PLT_T_NUP = 61,
    PLT_T_CERTAINTY = 62, /* fact, level, reason */
    PLT_T_RUNS = 63,
    PLT_T_ASKS = 70, /* bits: PLT_ASK_... */
    PLT_T_COST = 71, /* text with its currency */
    PLT_T_RULE = 72,
    PLT_T_SECONDS = 73,
    PLT_T_SILENCE = 74,  /* 0 prints, 1 is cancelled */
    PLT_T_WANTED = 75,   /* bits: 1 client, 2 matter, 4 project */
    PLT_T_REQUIRED = 76, /* 0, 1 */
    PLT_T_PIN = 77,
    PLT_T_ANSWER = 78, /* 0 cancel, 1 print */
    PLT_T_ACCOUNT = 79,
    PLT_T_NAME = 80,
    PLT_T_GREY = 81,
    PLT_T_MINUTES = 82,
    PLT_T_SEARCH = 83,
    PLT_T_LIMIT = 84,
    PLT_T_ACT = 85, /* 0 delete, 1 release */
    PLT_T_UNTIL = 86,
    PLT_T_USED = 87,
    PLT_T_UNIT = 88,
    PLT_T_KIND = 89,
    PLT_T_RULING = 90,  /* PLT_RULING_... */
    PLT_T_GATE = 91,    /* PLT_GATE_... */
    PLT_T_SESSION = 92, /* BEGIN: the logon session that printed */
    PLT_T_POLICY = 95,  /* STATUS: what of the hub's is in force */
    PLT_T_PROBLEM = 96, /* STATUS: why a later policy was refused */
    PLT_T_VIA = 100,    /* usb, net */
    PLT_T_PRINTERS = 101,
    PLT_T_READINGS = 102, /* of STATUS: what is wrong with the readings of printers, in words */
    PLT_T_BUSY = 103,     /* printers that have a job */
    PLT_T_WHY = 110,      /* what MESSAGE says, as a reason of codes (core/util/why.h) */
    PLT_T_CLOCK = 111,    /* STATUS: by which clock rules go, in words */
} plt_tag;

enum { PLT_END_PRINTED = 0, PLT_END_FAILED = 1, PLT_END_CANCELLED = 2, PLT_END_REFUSED = 3 };
enum { PLT_VERDICT_PASS = 0, PLT_VERDICT_GATE = 1, PLT_VERDICT_REFUSE = 2 };
enum { PLT_RULING_RELEASE = 0, PLT_RULING_TAKEN = 1, PLT_RULING_DROP = 2, PLT_RULING_NONE = 3 };
enum { PLT_GATE_NONE = 0, PLT_GATE_RULED = 1, PLT_GATE_PORT_RULE = 2 };
enum { PLT_ASK_WARN = 1, PLT_ASK_ACCOUNT = 2, PLT_ASK_DUPLEX = 4, PLT_ASK_GREY = 8 };
enum {
    PLT_NOTICE_WORDS = 0,
    PLT_NOTICE_DENIED = 1,
    PLT_NOTICE_CONVERTED = 2,
    PLT_NOTICE_HELD = 3,
    PLT_NOTICE_RELEASED = 4,
    PLT_NOTICE_FAILED = 5,
    PLT_NOTICE_UNANSWERED = 6,
    PLT_NOTICE_EXPIRED = 7
};
enum { PLT_E_UNKNOWN = 1, PLT_E_NOT_YOURS = 2, PLT_E_LATE = 3, PLT_E_ACCOUNT = 4, PLT_E_AGAIN = 5 };
enum {
    PLT_MINE_WAITING = 0,
    PLT_MINE_HELD = 1,
    PLT_MINE_PRINTED = 2,
    PLT_MINE_DENIED = 3,
    PLT_MINE_CANCELLED = 4,
    PLT_MINE_FAILED = 5,
    PLT_MINE_ON_ITS_WAY = 6
};
enum { PLT_ANALYZE_COUNT_ONLY = 1, PLT_ANALYZE_PAGE_LIST = 2 };
enum {
    PLT_CONVERT_LONG_EDGE = 1,
    PLT_CONVERT_SHORT_EDGE = 2,
    PLT_CONVERT_GREY = 4,
    PLT_CONVERT_PJL = 8,
    PLT_CONVERT_GREY_MODE = 16,
    PLT_CONVERT_PLAIN_BACKS = 32,
};
enum { PLT_LOCAL_IDLE = 0, PLT_LOCAL_READING = 1, PLT_LOCAL_OFF = 2 };
enum { PLT_STATE_NOT_ENROLLED = 0, PLT_STATE_CONNECTED = 1, PLT_STATE_UNREACHABLE = 2, PLT_STATE_REFUSED = 3 };

/* Writes a header for n payload bytes. */
void plt_frame_header(uint8_t out[PLT_FRAME_HEADER], plt_frame_type type, size_t n);
/* Reads a header: PLT_OK, or PLT_BAD when magic, version or length are not ours. */
plt_status plt_frame_parse(const uint8_t in[PLT_FRAME_HEADER], uint8_t *type, size_t *n);

/* Builds one frame of fields in the caller's array; `full` is sticky. */
typedef struct plt_frame_builder {
    uint8_t *out; /* borrowed */
    size_t cap;
    size_t len; /* header included */
    bool full;
    plt_frame_type type;
} plt_frame_builder;

void plt_frame_begin(plt_frame_builder *b, void *out, size_t cap, plt_frame_type type);
void plt_frame_bytes(plt_frame_builder *b, plt_tag tag, const void *data, size_t n);
void plt_frame_u64(plt_frame_builder *b, plt_tag tag, uint64_t v);
/* NULL is left out; text past PLT_FIELD_MAX is cut at a UTF-8 border and marked. */
void plt_frame_text(plt_frame_builder *b, plt_tag tag, const char *s);
/* Fills in the header and gives the frame's whole length; 0 when it did not fit. */
size_t plt_frame_end(plt_frame_builder *b);

typedef struct plt_field {
    uint16_t tag;
    uint16_t len;
    const uint8_t *data; /* borrowed from the payload */
} plt_field;

/* Iterates over a payload of fields; *at starts at 0. False at the end; *bad is set on a malformed payload. */
bool plt_field_next(const uint8_t *payload, size_t n, size_t *at, plt_field *out, bool *bad);
/* The field as a number; 0 when it is not 8 bytes long. */
uint64_t plt_field_u64(const plt_field *f);
/* Copies the field as a NUL-terminated UTF-8 string: cut to size, malformed bytes and NULs replaced by '?'. */
void plt_field_str(const plt_field *f, char *out, size_t size);

#endif
