/* The writer's row: which chain this connection extends, and from which id on. A writing connection
 * leases one number before its first transaction; the row is read, and on PostgreSQL locked, when a
 * transaction begins, so that a chain is never extended by two. A lease that ran out, because its
 * process died, is taken over by the next one. */
#include "store/driver.h"
#include "store/tables.h"

#define LEASE_US (INT64_C(600) * 1000000)
#define ID_LOW_BITS 22 /* writer and sequence: see base/id.h */
#define ID_SEQ_MASK 4095

struct found { struct head head; int64_t holder; bool any; };

static bool take_row(void *arg, const struct val *row, int n, struct err *e)
{
    struct found *f = arg;
    if (n != 6 || (row[2].type == VAL_BLOB && row[2].n != DIGEST_LEN))
        return err_set(e, ERR_CORRUPT, "the writer table holds a hash that is none");
    f->any = true;
    f->head = (struct head){ .number = row[0].i, .seq = row[1].i, .last_id = row[3].i,
                             .recorded = row[4].i };
    if (row[2].type == VAL_BLOB) memcpy(f->head.hash, row[2].p, DIGEST_LEN);
    f->holder = row[5].i;
    return true;
}

static void hold(struct db *d, const struct head *h)
{
    struct lease *l = &d->lease;
    l->held = true;
    id_init(&l->ids, d->store->opt.clock, (uint32_t)h->number);
    if (h->last_id > 0) {
        l->ids.last_ms = h->last_id >> ID_LOW_BITS;
        l->ids.seq = (uint32_t)(h->last_id & ID_SEQ_MASK);
    }
}

int64_t writer_seal(const struct store *s, const struct val *row)
{
    struct val v[6] = { val_text("writer") };
    memcpy(v + 1, row, 5 * sizeof *v);
    return row_digest(&s->row_key, SETTING_NUMBER, v, 6);
}

/* A free number, or a new one. */
static bool take_number(struct tx *tx, struct found *f, struct err *e)
{
    struct lease *l = &tx->db->lease;
    struct val now = val_int(tx->now);
    int64_t next, until = tx->now + LEASE_US;
    random_bytes(&l->holder, sizeof l->holder);
    l->holder &= INT64_MAX;
    if (!tx_query(tx, &store_sql[STORE_WRITER_FREE], &now, 1, take_row, f, e)) return false;
    if (f->any) {
        struct val v[] = { val_int(f->head.number), val_int(l->holder), val_int(until) };
        return tx_exec(tx, &store_sql[STORE_WRITER_TAKE], v, 3, NULL, e);
    }
    if (!db_int(tx->db, &store_sql[STORE_WRITER_NEXT], NULL, 0, &next, NULL, e)) return false;
    if (next > 1023)
        return err_set(e, ERR_BUSY, "all 1024 writer numbers are leased; try again in ten minutes");
    f->head = (struct head){ .number = next };
    struct val v[] = { val_int(next), val_int(0), val_null(), val_int(0), val_int(0),
                       val_int(l->holder), val_int(until), { 0 } };
    v[7] = val_int(writer_seal(tx->db->store, v));
    return tx_exec(tx, &store_sql[STORE_WRITER_NEW], v, 8, NULL, e);
}

/* In a short transaction of its own: two connections that take their first number at once would
 * otherwise wait for each other's work. */
bool lease_hold(struct db *d, struct err *e)
{
    for (int attempt = 0; !d->lease.held; attempt++) {
        struct tx tx;
        struct found f = { 0 };
        if (!tx_begin(&tx, d, true, e)) return false;
        bool ok = take_number(&tx, &f, e);
        if (!ok) tx_abandon(&tx);
        else ok = tx_finish(&tx, e);
        if (ok) hold(d, &f.head);
        else if (e->code != ERR_CONFLICT || attempt == STORE_TRIES) return false;
        else store_pause(attempt);
    }
    return true;
}

bool lease_enter(struct tx *tx, struct err *e)
{
    struct lease *l = &tx->db->lease;
    struct found f = { 0 };
    struct val number = val_int(l->ids.writer);
    if (!tx_query(tx, &store_sql[STORE_WRITER_HEAD], &number, 1, take_row, &f, e)) return false;
    if (!f.any || f.holder != l->holder) {
        l->held = false;
        tx->db->again = true;
        return err_set(e, ERR_BUSY, "the writer's lease ran out and another process has it now");
    }
    tx->head = f.head;
    tx->began = f.head.seq;
    if (tx->now < f.head.recorded) tx->now = f.head.recorded;
    tx->writes = 0;
    return true;
}

bool lease_save(struct tx *tx, struct err *e)
{
    struct lease *l = &tx->db->lease;
    struct head *h = &tx->head;
    int64_t changed;
    if (!tx->dirty) return true;
    h->recorded = tx->now;
    if (l->ids.last_ms >= 0)
        h->last_id = l->ids.last_ms << ID_LOW_BITS | (int64_t)l->ids.writer << 12 | l->ids.seq;
    struct val v[] = { val_int(h->number), val_int(h->seq),
                       h->seq > 0 ? val_blob(h->hash, DIGEST_LEN) : val_null(),
                       val_int(h->last_id), val_int(h->recorded), val_int(l->holder),
                       val_int(tx->now + LEASE_US), { 0 } };
    v[7] = val_int(writer_seal(tx->db->store, v));
    if (!tx_exec(tx, &store_sql[STORE_WRITER_SAVE], v, 8, &changed, e)) return false;
    return changed == 1 ||
           err_set(e, ERR_INTERNAL, "writer %lld is no longer held", (long long)h->number);
}

/* Best effort: a lease that is not given back runs out. */
void lease_release(struct db *d)
{
    struct lease *l = &d->lease;
    struct err e;
    struct tx tx;
    if (d->broken || d->state != DB_IDLE || !tx_begin(&tx, d, true, &e)) return;
    struct val v[] = { val_int(l->ids.writer), val_int(l->holder), val_int(0) };
    if (!tx_exec(&tx, &store_sql[STORE_WRITER_TAKE_BACK], v, 3, NULL, &e)) tx_abandon(&tx);
    else if (!tx_finish(&tx, &e)) return;
    l->held = false;
}
