/* The package reader on any bytes. An input that begins with M is a manifest: it is wrapped into a
 * package that is signed with a key of ours, with files of the sizes it names as far as the input
 * goes. Any other is the file itself. Nothing is ever taken that is not proved. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/digest.h"
#include "doc/tar.h"
#include "programme/exchange/exchange.h"

#define CHECK(x) do { if (!(x)) abort(); } while (0)

static bool member(struct tar_writer *w, const char *name, const void *p, size_t n)
{
    struct err e;
    return tar_begin(w, name, &e) && tar_add(w, p, n, &e) && tar_end(w, &e);
}

/* The manifest as read, with our key, the digests of the bytes that follow it, and our signature. */
static void wrap(FILE *f, const char *p, size_t n)
{
    static const unsigned char seed[SIGN_PUBLIC_LEN] = { 1 };
    struct tar_writer w = { .f = f };
    struct manifest m;
    struct sign_key key;
    struct err e = { 0 };
    struct buf b;
    unsigned char raw[SIGN_LEN];
    char hex[2 * SIGN_LEN + 2];
    const char *end = memchr(p, '\0', n);
    size_t text = end ? (size_t)(end - p) : n, at = end ? text + 1 : n;
    sign_from_seed(&key, seed);
    if (!manifest_read(&m, p, text, &e)) return;
    memcpy(m.open, key.open, SIGN_PUBLIC_LEN);
    for (int i = 0; i < m.files; i++) {
        size_t left = n - at;
        if ((uint64_t)m.file[i].bytes > left) m.file[i].bytes = (int64_t)left;
        digest_of(p + at, (size_t)m.file[i].bytes, m.file[i].digest);
        CHECK(member(&w, m.file[i].name, p + at, (size_t)m.file[i].bytes));
        at += (size_t)m.file[i].bytes;
    }
    buf_init(&b, 1 << 20);
    CHECK(manifest_write(&m, &b, &e));
    sign_bytes(&key, b.p, b.n, raw);
    digest_hex(raw, SIGN_LEN, hex);
    hex[2 * SIGN_LEN] = '\n';
    CHECK(member(&w, "manifest.json", b.p, b.n) && member(&w, "manifest.sig", hex, 2 * SIGN_LEN + 1));
    CHECK(tar_finish(&w, &e));
    buf_free(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[] = "/tmp/jiedui-fuzz.XXXXXX";
    struct package p;
    struct err e = { 0 };
    CHECK(digest_start());
    int fd = mkstemp(path);
    CHECK(fd >= 0);
    FILE *f = fdopen(fd, "w+b");
    CHECK(f);
    if (size && data[0] == 'M') wrap(f, (const char *)data + 1, size - 1);
    else if (size) CHECK(fwrite(data, 1, size, f) == size);
    CHECK(fclose(f) == 0);
    if (package_open(&p, path, &e)) {
        CHECK(p.m.version == PACKAGE_VERSION && p.m.number > 0 && p.m.files <= PACKAGE_FILES);
        package_close(&p);
    } else CHECK(e.message[0]);
    unlink(path);
    return 0;
}
