/* Files that appear under their name when they are whole. */
#include "store/backup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"

#define CHUNK ((size_t)1 << 20)

static bool fail(struct err *e, const char *path)
{
    int no = errno;
    char why[256];
    enum err_code code = no == ENOENT || no == ENOTDIR ? ERR_NOT_FOUND
        : no == EACCES || no == EPERM || no == EROFS ? ERR_FORBIDDEN
        : no == ENOSPC || no == EFBIG || no == EDQUOT || no == EIO ? ERR_FULL : ERR_INTERNAL;
    strerror_r(no, why, sizeof why);
    return err_set(e, code, "%s: %s", path, why);
}

static char *joined(const char *a, const char *b)
{
    struct buf t;
    buf_init(&t, 1 << 16);
    buf_printf(&t, "%s%s", a, b);
    char *text = mem_strdup(t.p);
    buf_free(&t);
    return text;
}

/* The lock is on the file, which another process may have renamed while we waited for it. */
static bool hold(struct part_file *p, struct err *e)
{
    struct stat ours, there;
    if (flock(p->fd, LOCK_EX | LOCK_NB) == 0 && fstat(p->fd, &ours) == 0 &&
        stat(p->part, &there) == 0 && ours.st_ino == there.st_ino && ours.st_dev == there.st_dev)
        return true;
    return err_set(e, ERR_BUSY, "another process is writing %s", p->part);
}

static const char *const logs[] = { "-wal", "-shm", "-journal" };
#define LOGS (sizeof logs / sizeof *logs)

/* A log that lies beside a name would be replayed into whatever gets that name. */
static bool name_free(const char *name, struct err *e)
{
    if (access(name, F_OK) == 0)
        return err_set(e, ERR_CONFLICT, "%s is already there, and nothing is overwritten", name);
    for (size_t i = 0; i < LOGS; i++) {
        char *log = joined(name, logs[i]);
        bool there = access(log, F_OK) == 0;
        if (there) err_set(e, ERR_CONFLICT, "%s is left of another store: remove it first", log);
        free(log);
        if (there) return false;
    }
    return true;
}

static bool empty(struct part_file *p, struct err *e)
{
    for (size_t i = 0; i < LOGS; i++) {
        char *log = joined(p->part, logs[i]);
        (void)unlink(log);
        free(log);
    }
    return ftruncate(p->fd, 0) == 0 || fail(e, p->part);
}

bool part_file_open(struct part_file *p, const char *name, bool keep, struct err *e)
{
    *p = (struct part_file){ .name = mem_strdup(name), .part = joined(name, ".part"), .fd = -1 };
    if (!name_free(name, e)) return false;
    p->fd = open(p->part, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (p->fd < 0) return fail(e, p->part);
    if (!hold(p, e)) {
        close(p->fd);
        p->fd = -1;
        return false;
    }
    return keep || empty(p, e);
}

static bool write_all(int fd, const char *p, size_t n, const char *path, struct err *e)
{
    while (n > 0) {
        ssize_t got = write(fd, p, n);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return fail(e, path);
        p += got;
        n -= (size_t)got;
    }
    return true;
}

/* Reads a file to its end; what it reads goes to `to` when that is a file. */
static bool pour(const char *from, int to, const char *to_path, const struct progress *progress,
                 unsigned char digest[DIGEST_LEN], struct err *e)
{
    struct digest d;
    int64_t done = 0;
    int fd = open(from, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return fail(e, from);
    char *chunk = mem_alloc(CHUNK);
    bool ok = true;
    digest_init(&d);
    while (ok) {
        ssize_t n = read(fd, chunk, CHUNK);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) ok = fail(e, from);
        if (n <= 0) break;
        digest_add(&d, chunk, (size_t)n);
        ok = to < 0 || write_all(to, chunk, (size_t)n, to_path, e);
        done += n;
        if (progress) progress->fn(progress->arg, "MiB", done >> 20);
    }
    if (ok) digest_done(&d, digest);
    free(chunk);
    close(fd);
    return ok;
}

bool part_file_fill(struct part_file *p, const char *from, const struct progress *progress,
               unsigned char digest[DIGEST_LEN], struct err *e)
{
    return pour(from, p->fd, p->part, progress, digest, e);
}

bool file_digest(const char *path, unsigned char digest[DIGEST_LEN], struct err *e)
{
    return pour(path, -1, NULL, NULL, digest, e);
}

/* A rename is on disk when its folder is. */
static bool sync_folder(const char *name, struct err *e)
{
    const char *slash = strrchr(name, '/');
    char *folder = mem_strdup(slash ? name : ".");
    if (slash) folder[slash == name ? 1 : slash - name] = '\0';
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;
    if (!ok) fail(e, folder);
    if (fd >= 0) close(fd);
    free(folder);
    return ok;
}

bool part_file_place(struct part_file *p, struct err *e)
{
    if (fsync(p->fd) != 0) return fail(e, p->part);
    if (!name_free(p->name, e)) return false;
    if (rename(p->part, p->name) != 0) return fail(e, p->name);
    return sync_folder(p->name, e);
}

void part_file_close(struct part_file *p, bool remove)
{
    if (p->part && p->fd >= 0) {
        if (remove) (void)unlink(p->part);
        close(p->fd);
    }
    free(p->name);
    free(p->part);
    *p = (struct part_file){ .fd = -1 };
}

bool text_place(const char *name, const char *text, size_t n, struct err *e)
{
    char *part = joined(name, ".part");
    int fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool ok = fd >= 0 || fail(e, part);
    ok = ok && write_all(fd, text, n, part, e) && (fsync(fd) == 0 || fail(e, part));
    if (fd >= 0) close(fd);
    ok = ok && (rename(part, name) == 0 || fail(e, name)) && sync_folder(name, e);
    if (!ok && fd >= 0) (void)unlink(part);
    free(part);
    return ok;
}
