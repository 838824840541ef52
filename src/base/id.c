#include "base/id.h"

#include "base/log.h"

#define EPOCH_MS INT64_C(1704067200000) /* 2024-01-01T00:00Z */
#define SEQ_BITS 12
#define WRITER_BITS 10
#define SEQ_MAX ((1u << SEQ_BITS) - 1)
#define WRITER_MAX ((1u << WRITER_BITS) - 1)
#define MS_MAX ((INT64_C(1) << 41) - 1)

void id_init(struct id_maker *m, struct clock clock, uint32_t writer)
{
    if (writer > WRITER_MAX) log_fatal("id_writer", "writer=%u", writer);
    *m = (struct id_maker){ .clock = clock, .writer = writer, .last_ms = -1 };
}

static int64_t pack(int64_t ms, uint32_t writer, uint32_t seq)
{
    if (ms > MS_MAX) log_fatal("id_exhausted", "ms=%lld", (long long)ms);
    return ms << (SEQ_BITS + WRITER_BITS) | (int64_t)writer << SEQ_BITS | (int64_t)seq;
}

/* A clock that stands still or steps back only makes the sequence run on; when it is used up,
 * the next millisecond is taken early. */
int64_t id_next(struct id_maker *m)
{
    int64_t ms = clock_now(&m->clock) / 1000 - EPOCH_MS;
    if (ms < 0) ms = 0;
    if (ms > m->last_ms) {
        m->last_ms = ms;
        m->seq = 0;
    } else if (m->seq < SEQ_MAX) {
        m->seq++;
    } else {
        m->last_ms++;
        m->seq = 0;
    }
    return pack(m->last_ms, m->writer, m->seq);
}

int64_t id_reserve(struct id_maker *m, uint64_t n)
{
    int64_t first = id_next(m);
    if (n < 2) return first;
    uint64_t last = m->seq + (n - 1);
    if (last >> SEQ_BITS > (uint64_t)(MS_MAX - m->last_ms)) log_fatal("id_exhausted", "run=long");
    m->last_ms += (int64_t)(last >> SEQ_BITS);
    m->seq = (uint32_t)(last & SEQ_MAX);
    return first;
}

int64_t id_step(int64_t id)
{
    uint32_t seq = (uint32_t)id & SEQ_MAX;
    int64_t ms = id >> (SEQ_BITS + WRITER_BITS);
    return seq < SEQ_MAX ? id + 1 : pack(ms + 1, id_writer(id), 0);
}

int64_t id_time(int64_t id)
{
    return ((id >> (SEQ_BITS + WRITER_BITS)) + EPOCH_MS) * 1000;
}

uint32_t id_writer(int64_t id)
{
    return (uint32_t)(id >> SEQ_BITS) & WRITER_MAX;
}

bool id_parse(const char *s, size_t n, int64_t *out)
{
    if (n == 0 || n >= ID_TEXT || s[0] == '0') return false;
    int64_t v = 0;
    for (size_t i = 0; i < n; i++) {
        if (s[i] < '0' || s[i] > '9') return false;
        if (__builtin_mul_overflow(v, 10, &v) || __builtin_add_overflow(v, s[i] - '0', &v))
            return false;
    }
    *out = v;
    return true;
}
