/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/lab/farm_recording.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/room.h"
#include "core/util/text.h"
#include "os/error.h"
#include "os/file.h"

static const char *wrong(plt_status s)
{
    return s == PLT_BAD ? "there is no object in it" : s == PLT_FULL ? "it has more than a recording may have" : "out of memory";
}

static bool load(plt_recording *r, const char *path, char why[FARM_RECORDINGS_WHY])
{
    plt_buf text;
    plt_buf_init(&text, PLT_RECORDING_TEXT_MOST);
    plt_status s = os_file_load(path, &text);
    if (s != PLT_OK)
        snprintf(why, FARM_RECORDINGS_WHY, "%s", os_error_text());
    else if ((s = plt_recording_read(r, plt_buf_str(&text), text.len)) != PLT_OK)
        snprintf(why, FARM_RECORDINGS_WHY, "%s is no recording: %s", path, wrong(s));
    if (r->left_out)
        fprintf(stderr, "platen-lab farm: %s: %zu objects, %zu left out; the first one in line %zu: %s\n", path, r->count, r->left_out, r->bad_line,
                r->bad_because);
    if (r->repeated) fprintf(stderr, "platen-lab farm: %s: %zu objects stand there twice: the first one counts\n", path, r->repeated);
    plt_buf_free(&text);
    return s == PLT_OK;
}

bool farm_recordings_load(farm_recordings *r, const char *files, char why[FARM_RECORDINGS_WHY])
{
    size_t cap = 0;
    *r = (farm_recordings){.list = NULL};
    for (const char *p = files; p; p = strchr(p, ',') ? strchr(p, ',') + 1 : NULL) {
        char path[OS_PATH_MAX];
        size_t n = strcspn(p, ",");
        snprintf(why, FARM_RECORDINGS_WHY, "--recording: a name is empty or too long, or memory is out");
        plt_recording *grown = plt_room(r->list, r->count, &cap, sizeof *grown);
        if (grown) r->list = grown;
        if (!grown || n == 0 || n >= sizeof path) return false;
        memcpy(path, p, n);
        path[n] = 0;
        r->list[r->count] = (plt_recording){.count = 0};
        if (!load(&r->list[r->count++], path, why)) return false;
    }
    return true;
}

void farm_recordings_free(farm_recordings *r)
{
    for (size_t i = 0; i < r->count; i++) plt_recording_free(&r->list[i]);
    free(r->list);
    *r = (farm_recordings){.list = NULL};
}
