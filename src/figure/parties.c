/* What is below an organisation, remembered while many figures are read. */
#include "figure/figure.h"

struct remembered { const int64_t *ids; size_t n; };

static bool subtree(void *arg, struct db *d, int64_t org, struct arena *a, const int64_t **ids,
                    size_t *n, struct err *e)
{
    struct parties_memo *m = arg;
    struct remembered *r = map_get(&m->ids, &org);
    (void)a;
    if (!r) {
        struct remembered read = { 0 };
        if (!m->of->subtree(m->of->arg, d, org, &m->a, &read.ids, &read.n, e)) return false;
        r = map_put(&m->ids, &org, NULL);
        *r = read;
    }
    *ids = r->ids;
    *n = r->n;
    return true;
}

void parties_memo_init(struct parties_memo *m, const struct parties *of)
{
    *m = (struct parties_memo){ .of = of };
    if (of && of->subtree) m->parties = (struct parties){ .arg = m, .subtree = subtree };
    map_init(&m->ids, sizeof(int64_t), sizeof(struct remembered));
    arena_init(&m->a, 0);
}

void parties_memo_free(struct parties_memo *m)
{
    map_free(&m->ids);
    arena_free(&m->a);
}
