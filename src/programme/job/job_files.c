/* The folders of jobs, and clearing them away. */
#include "programme/job/job_sql.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/id.h"

enum { PATH_TEXT = 1024 };
#define ORPHAN_SECONDS 3600            /* an upload that has not grown for so long was cut off */

static enum err_code code_of(int error)
{
    return error == ENOSPC || error == EDQUOT ? ERR_FULL : ERR_INVALID;
}

bool job_dir_make(const char *dir, struct err *e)
{
    if (mkdir(dir, 0700) == 0 || errno == EEXIST) return true;
    return err_set(e, code_of(errno), "cannot make the folder %s: %s", dir, strerror(errno));
}

void job_dir_remove(const char *dir)
{
    char path[PATH_TEXT];
    DIR *d = opendir(dir);
    for (struct dirent *f; d && (f = readdir(d)) != NULL;)
        if (strcmp(f->d_name, ".") != 0 && strcmp(f->d_name, "..") != 0 &&
            snprintf(path, sizeof path, "%s/%s", dir, f->d_name) < (int)sizeof path)
            unlink(path);
    if (d) closedir(d);
    rmdir(dir);
}

static bool to_disk(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0) close(fd);
    return ok;
}

bool job_file_take(const char *file, const char *dir, const char *as, struct err *e)
{
    char path[PATH_TEXT];
    if (snprintf(path, sizeof path, "%s/%s", dir, as) >= (int)sizeof path)
        return err_set(e, ERR_INVALID, "the path %s/%s is too long", dir, as);
    if (to_disk(file) && rename(file, path) == 0 && to_disk(dir)) return true;
    return err_set(e, code_of(errno), "the file cannot be kept in %s: %s", dir, strerror(errno));
}

const char *jobs_dir_beside(const struct store *s, struct arena *a)
{
    const char *url = store_url(s);
    if (store_engine(s) != ENGINE_SQLITE) return NULL;
    if (strncmp(url, "sqlite:", 7) == 0) url += 7;
    return arena_printf(a, "%s.files", url);
}

/* --- clearing away --- */

struct sweep { struct store *store; struct db *db; const char *dir; int64_t before, removed; struct arena arena; };
struct ids { int64_t at[500]; int n; };

static bool take_id(void *arg, const struct job_row *row, struct err *e)
{
    struct ids *ids = arg;
    (void)e;
    ids->at[ids->n++] = row->v.id;
    return true;
}

static bool sweep_rows(struct sweep *s, struct err *e)
{
    for (struct ids ids = { .n = 1 }; ids.n > 0;) {
        const struct val v = val_int(s->before);
        ids.n = 0;
        arena_reset(&s->arena);
        if (!job_rows(s->db, JOB_OLD, &v, 1, &s->arena, take_id, &ids, e)) return false;
        for (int i = 0; i < ids.n; i++) {
            struct job_change d = { JOB_DROP, ids.at[i], 0 };
            if (!store_write(s->store, job_change, &d, e)) return false;
            s->removed += d.changed;
            if (s->dir) job_dir_remove(arena_printf(&s->arena, "%s/%lld", s->dir, (long long)ids.at[i]));
        }
    }
    return true;
}

static bool old_enough(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && time(NULL) - st.st_mtime > ORPHAN_SECONDS;
}

/* Folders without a row, and uploads that were cut off; no other name is touched. */
static bool sweep_dir(struct sweep *s, struct err *e)
{
    DIR *d = s->dir ? opendir(s->dir) : NULL;
    bool ok = true;
    for (struct dirent *f; ok && d && (f = readdir(d)) != NULL;) {
        int64_t id, n = 1;
        bool some;
        arena_reset(&s->arena);
        const char *path = arena_printf(&s->arena, "%s/%s", s->dir, f->d_name);
        if (strncmp(f->d_name, JOB_UPLOAD, sizeof JOB_UPLOAD - 1) == 0) {
            if (old_enough(path)) unlink(path);
        } else if (id_parse(f->d_name, strlen(f->d_name), &id) && old_enough(path)) {
            const struct val v = val_int(id);
            ok = db_int(s->db, job_sql(JOB_ANY), &v, 1, &n, &some, e);
            if (ok && n == 0) job_dir_remove(path);
        }
    }
    if (d) closedir(d);
    return ok;
}

bool jobs_sweep(struct store *store, struct db *db, const char *dir, int64_t before, int64_t *removed,
                struct err *e)
{
    struct sweep s = { .store = store, .db = db, .dir = dir, .before = before };
    bool ok = sweep_rows(&s, e) && sweep_dir(&s, e);
    *removed = s.removed;
    arena_free(&s.arena);
    return ok;
}
