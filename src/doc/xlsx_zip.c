#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unzip.h>

#include "doc/xlsx_edit.h"

#define NAME_MAX_BYTES 512
#define RATIO_FREE (UINT64_C(16) << 20) /* small parts may compress as well as they like */
#define FLAG_ENCRYPTED 1u

struct zip_entry {
    const char *name; /* arena */
    unz64_file_pos pos;
    uint64_t zipped;
    bool encrypted;
};

struct zip {
    unzFile file;
    const struct xlsx_limits *lim;
    struct arena names;
    struct zip_entry *entry;
    int count;
    int open;          /* index, or -1 */
    uint64_t begin;    /* where the open entry's data begin */
    uint64_t given;    /* unzipped bytes of the open entry */
    uint64_t given_all;
};

/* Says what a file is that is no workbook, from how it begins. */
static bool tell_other(const char *path, struct err *e)
{
    static const unsigned char ole[] = { 0xD0, 0xCF, 0x11, 0xE0 };
    unsigned char head[4] = { 0 };
    FILE *f = fopen(path, "rb");
    if (!f)
        return err_set(e, errno == ENOENT ? ERR_NOT_FOUND : ERR_INVALID, "%s", strerror(errno));
    size_t n = fread(head, 1, sizeof head, f);
    fclose(f);
    if (n == 0) return err_set(e, ERR_INVALID, "the file is empty");
    if (n == sizeof head && memcmp(head, ole, sizeof ole) == 0)
        return err_set(e, ERR_INVALID, "the file is protected by a password or an old .xls: save "
                       "it as .xlsx without a password");
    if (n == sizeof head && memcmp(head, "PK\3\4", 4) == 0)
        return err_set(e, ERR_INVALID, "the file is cut off or damaged (its table of parts, which "
                       "stands at the end, is missing)");
    return err_set(e, ERR_INVALID, "the file is not an .xlsx workbook");
}

static bool take_entry(struct zip *z, struct err *e)
{
    char name[NAME_MAX_BYTES + 1] = "";
    unz_file_info64 info;
    struct zip_entry *en = &z->entry[z->count];
    int code = unzGetCurrentFileInfo64(z->file, &info, name, sizeof name - 1, NULL, 0, NULL, 0);
    if (code != UNZ_OK || unzGetFilePos64(z->file, &en->pos) != UNZ_OK)
        return err_set(e, ERR_INVALID, "the file's table of parts is damaged at part %d",
                       z->count + 1);
    if (info.size_filename >= sizeof name)
        return err_set(e, ERR_INVALID, "the name of part %d is longer than %d bytes", z->count + 1,
                       NAME_MAX_BYTES);
    for (char *c = name; *c; c++)
        if (*c == '\\') *c = '/'; /* some writers of Windows */
    en->name = arena_strdup(&z->names, name);
    en->zipped = info.compressed_size;
    en->encrypted = info.flag & FLAG_ENCRYPTED;
    z->count++;
    return true;
}

static bool list_entries(struct zip *z, struct err *e)
{
    unz_global_info64 info;
    if (unzGetGlobalInfo64(z->file, &info) != UNZ_OK || info.number_entry == 0)
        return err_set(e, ERR_INVALID, "the file holds no parts");
    if (info.number_entry > (ZPOS64_T)z->lim->max_entries)
        return err_set(e, ERR_INVALID, "the file holds %llu parts, more than %d",
                       (unsigned long long)info.number_entry, z->lim->max_entries);
    z->entry = mem_alloc((size_t)info.number_entry * sizeof *z->entry);
    int code = unzGoToFirstFile(z->file);
    while (code == UNZ_OK && (ZPOS64_T)z->count < info.number_entry) {
        if (!take_entry(z, e)) return false;
        code = unzGoToNextFile(z->file);
    }
    if ((ZPOS64_T)z->count == info.number_entry) return true;
    return err_set(e, ERR_INVALID, "the file's table of parts is damaged");
}

bool zip_open(struct zip **out, const char *path, const struct xlsx_limits *lim, struct err *e)
{
    unzFile file = unzOpen64(path);
    if (!file) return tell_other(path, e);
    struct zip *z = mem_alloc(sizeof *z);
    z->file = file;
    z->lim = lim;
    z->open = -1;
    if (!list_entries(z, e)) {
        zip_close(z);
        return false;
    }
    *out = z;
    return true;
}

void zip_close(struct zip *z)
{
    if (!z) return;
    if (z->open >= 0) unzCloseCurrentFile(z->file);
    unzClose(z->file);
    arena_free(&z->names);
    free(z->entry);
    free(z);
}

int zip_find(const struct zip *z, const char *name)
{
    for (int i = 0; i < z->count; i++)
        if (strcasecmp(z->entry[i].name, name) == 0) return i;
    return -1;
}

const char *zip_name(const struct zip *z, int entry)
{
    return z->entry[entry].name;
}

bool zip_begin(struct zip *z, int entry, struct err *e)
{
    struct zip_entry *en = &z->entry[entry];
    if (z->open >= 0) unzCloseCurrentFile(z->file);
    z->open = -1;
    z->given = 0;
    if (en->encrypted)
        return err_set(e, ERR_INVALID, "the part is protected by a password");
    if (unzGoToFilePos64(z->file, &en->pos) != UNZ_OK || unzOpenCurrentFile(z->file) != UNZ_OK)
        return err_set(e, ERR_INVALID, "the part is damaged or compressed in a way that is not "
                       "known");
    z->open = entry;
    z->begin = unzGetCurrentFileZStreamPos64(z->file);
    return true;
}

/* At the end of an entry: was it all there, and was it what was written? */
static long finish(struct zip *z, struct err *e)
{
    bool whole = unzeof(z->file) == 1;
    int code = unzCloseCurrentFile(z->file);
    z->open = -1;
    if (whole && code == UNZ_OK) return 0;
    err_set(e, ERR_INVALID, whole ? "the part is damaged: its check sum is wrong"
                                  : "the part is cut off");
    return -1;
}

long zip_read(struct zip *z, char *p, size_t n, struct err *e)
{
    if (z->open < 0) return 0;
    int got = unzReadCurrentFile(z->file, p, (unsigned)n);
    if (got < 0) {
        err_set(e, ERR_INVALID, "the part is damaged: it does not unpack");
        return -1;
    }
    if (got == 0) return finish(z, e);
    z->given += (uint64_t)got;
    z->given_all += (uint64_t)got;
    uint64_t zipped = unzGetCurrentFileZStreamPos64(z->file) - z->begin;
    if (z->given_all > z->lim->max_unzipped) {
        err_set(e, ERR_INVALID, "the file unpacks to more than %llu bytes",
                (unsigned long long)z->lim->max_unzipped);
        return -1;
    }
    if (z->given > RATIO_FREE && z->given / z->lim->max_ratio > zipped) {
        err_set(e, ERR_INVALID, "the part unpacks to more than %u times its size",
                z->lim->max_ratio);
        return -1;
    }
    return got;
}

uint64_t zip_bytes(const struct zip *z, uint64_t *total)
{
    *total = 0;
    if (z->open < 0) return 0;
    *total = z->entry[z->open].zipped;
    uint64_t at = unzGetCurrentFileZStreamPos64(z->file) - z->begin;
    return at < *total ? at : *total;
}

/* --- entries as they lie there --- */

int zip_count(const struct zip *z)
{
    return z->count;
}

bool zip_begin_raw(struct zip *z, int entry, struct zip_raw *out, struct err *e)
{
    struct zip_entry *en = &z->entry[entry];
    unz_file_info64 info;
    if (z->open >= 0) unzCloseCurrentFile(z->file);
    z->open = -1;
    if (en->encrypted) return err_set(e, ERR_INVALID, "the part is protected by a password");
    if (unzGoToFilePos64(z->file, &en->pos) != UNZ_OK ||
        unzGetCurrentFileInfo64(z->file, &info, NULL, 0, NULL, 0, NULL, 0) != UNZ_OK ||
        unzOpenCurrentFile2(z->file, &out->method, &out->level, 1) != UNZ_OK)
        return err_set(e, ERR_INVALID, "the part is damaged");
    out->zipped = info.compressed_size;
    out->unzipped = info.uncompressed_size;
    out->crc = info.crc;
    out->dos_date = info.dosDate;
    out->internal = info.internal_fa;
    out->external = info.external_fa;
    z->open = entry;
    return true;
}

long zip_read_raw(struct zip *z, char *p, size_t n, struct err *e)
{
    int got = unzReadCurrentFile(z->file, p, (unsigned)n);
    if (got > 0) return got;
    unzCloseCurrentFile(z->file);
    z->open = -1;
    if (got < 0) err_set(e, ERR_INVALID, "the part is cut off");
    return got;
}
