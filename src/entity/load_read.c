/* Cells to stored values: one row of a sheet is read field by field, checked, and put into the
 * batch, or refused, or held back because a row that it refers to may still come. */
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "entity/load_run.h"
#include "entity/plan.h"

#define BATCH_BYTES ((size_t)32 << 20)   /* of a batch's arena: raw rows and texts */
#define KEPT_BYTES ((size_t)24 << 20)
#define CELL_BYTES ((size_t)32 << 20)    /* of its cells */
#define FAULTS_TOLD 6
#define PLACES_SEEN 1024                 /* a power of two */
#define PLACE_TEXT 48
#define PROGRESS_ROWS 4096
#define HELD_BATCH 1024                  /* rows of a batch of held rows */

/* Villages repeat row after row, and names take a look-up each: a small direct-mapped memory. */
struct place_seen { int64_t code; uint32_t hash; uint8_t n; char text[PLACE_TEXT]; };

/* The members of a household follow each other and name it again and again. */
#define REF_TEXT 48
struct ref_seen { int64_t near, county, id; uint8_t n; char text[REF_TEXT]; };

/* What is wrong with one row, so far. */
struct refusals {
    int n;
    int field;                 /* of the first one, or -1 */
    struct buf reason;
};

/* ---- opening ---- */

static void plan_columns(struct reader *r)
{
    const struct table_map *m = r->m;
    int columns = r->sheet.columns, n = 0, width = 0;
    r->order = arena_array(&r->arena, (size_t)columns + 1, sizeof *r->order);
    r->column_of = arena_array(&r->arena, (size_t)m->fields, sizeof *r->column_of);
    for (int f = 0; f < m->fields; f++) r->column_of[f] = -1;
    for (int c = 0; c < columns; c++)
        if (r->sheet.field[c] >= 0) r->column_of[r->sheet.field[c]] = c;
    if (m->home >= 0 && r->column_of[m->home] >= 0) r->order[n++] = r->column_of[m->home];
    for (int c = 0; c < columns; c++)
        if (r->sheet.field[c] >= 0 && (n == 0 || c != r->order[0])) r->order[n++] = c;
    r->n_order = n;
    for (int i = 0; i < n; i++) {
        int f = r->sheet.field[r->order[i]];
        if (m->county_column[f] >= 0) r->stored[width++] = m->county_column[f];
        r->stored[width++] = m->column[f];
    }
    for (int i = 0; i <= m->columns; i++) r->slot_of[i] = -1;
    for (int i = 0; i < width; i++) r->slot_of[r->stored[i]] = i;
    r->batch.width = width;
}

/* Presets of the fields that the sheet has no column for. */
static bool plan_base(struct reader *r, struct err *e)
{
    const struct table_map *m = r->m;
    for (int i = 0; i <= m->columns; i++) r->base[i] = val_null();
    r->base[ROW_COUNTY] = r->base[ROW_LOAD] = r->base[ROW_DRAFT] = val_int(0);
    if (m->home >= 0 && !field_read(&r->load->model, m, m->home, "", 0, r->load->db, r->base,
                                    &r->arena, e))
        return false;
    for (int f = 0; f < m->fields; f++)
        if (f != m->home && !field_read(&r->load->model, m, f, "", 0, r->load->db, r->base,
                                        &r->arena, e))
            return err_context(e, "%s: the preset of %s", m->entity->name, m->field[f].name);
    memcpy(r->row, r->base, sizeof r->row);
    return true;
}

static void plan_waits(struct reader *r)
{
    const struct table_map *m = r->m;
    for (int f = 0; f < m->fields; f++) {
        if (m->field[f].type != F_REF) continue;
        const struct table_map *t = m->plan[f].target;
        r->waits[f] = loader_may_come(r->load, t);
    }
}

/* Made when the first row comes: many files may be open for the sake of a few held rows. */
static void batch_open(struct batch *b, size_t slice)
{
    if (b->cap) return;
    size_t row = (size_t)b->width * sizeof *b->cells + sizeof *b->rows;
    b->cap = CELL_BYTES / row;
    if (b->cap > slice) b->cap = slice;
    if (b->cap < 1) b->cap = 1;
    b->cells = mem_alloc(b->cap * (size_t)(b->width ? b->width : 1) * sizeof *b->cells);
    b->rows = mem_alloc(b->cap * sizeof *b->rows);
}

static bool read_header(struct reader *r, struct err *e)
{
    const struct csv_field *cells;
    int n;
    enum csv_result got = source_next(r->source, &cells, &n, e);
    if (got == CSV_ERROR) return false;
    if (got == CSV_END)
        return err_set(e, ERR_INVALID, "%s: it is empty, not even a header row", r->in->path);
    if (got == CSV_BAD) return err_context(e, "%s, line %lld", r->in->path,
                                           (long long)source_line(r->source));
    if (!sheet_match(&r->sheet, &r->load->model, r->m, r->load->db, r->load->opt.mapping, cells, n,
                     &r->arena, e))
        return err_context(e, "%s", r->in->path);
    return true;
}

bool reader_open(struct reader **out, struct loader *l, int index, struct err *e)
{
    struct reader *r = mem_alloc(sizeof *r);
    *out = r;
    r->load = l;
    r->index = index;
    r->in = &l->inputs[index];
    r->m = r->in->map;
    r->values = *r->m->entity;
    r->values.n_checks = 0;
    r->values_map = *r->m;
    r->values_map.entity = &r->values;
    r->report = &l->report->files[index];
    buf_init(&r->line, (size_t)32 << 20);
    if (!source_open(&r->source, r->in, e) || !read_header(r, e) || !plan_base(r, e)) return false;
    plan_columns(r);
    plan_waits(r);
    r->places = mem_alloc(PLACES_SEEN * sizeof *r->places);
    r->refs = mem_alloc((size_t)r->m->fields * sizeof *r->refs);
    r->separator = source_separator(r->source);
    refuse_open(&r->refuse, r->in->path, l->opt.refused_dir, &r->sheet);
    return true;
}

void reader_rest(struct reader *r)
{
    struct batch *b = &r->batch;
    source_close(r->source);
    r->source = NULL;
    free(b->cells);
    free(b->rows);
    free(b->refused);
    arena_free(&b->arena);
    *b = (struct batch){ .width = b->width };
}

void reader_close(struct reader *r)
{
    if (!r) return;
    reader_rest(r);
    refuse_close(r->refuse);
    free(r->places);
    free(r->refs);
    arena_free(&r->arena);
    arena_free(&r->scratch);
    buf_free(&r->line);
    free(r);
}

/* ---- refusals ---- */

static struct refused_row *add_refused(struct batch *b)
{
    b->refused = mem_more(b->refused, b->n_refused, &b->cap_refused, sizeof *b->refused);
    struct refused_row *x = &b->refused[b->n_refused++];
    *x = (struct refused_row){ .whole = true };
    return x;
}

static const char *title_of(const struct reader *r, int field)
{
    if (field < 0) return "";
    int c = r->column_of[field];
    return c >= 0 ? r->sheet.title[c] : r->m->field[field].name;
}

void reader_refuse(struct reader *r, size_t i, int field, const char *reason)
{
    struct batch_row *b = &r->batch.rows[i];
    struct refused_row *x = add_refused(&r->batch);
    b->state = ROW_REFUSED;
    x->line = x->why.line = b->line;
    x->raw = b->raw;
    x->raw_n = b->raw_n;
    x->why.column = title_of(r, field);
    x->why.reason = arena_strdup(&r->batch.arena, reason);
    x->why.value = "";
    if (field >= 0) {
        struct val row[ENTITY_MAX_COLUMNS + 1];
        reader_row(r, i, row);
        x->why.value = field_write(&r->load->model, r->m, field, row, r->load->db,
                                   &r->batch.arena);
        x->why.value_n = strlen(x->why.value);
    }
    if (b->held >= 0) hold_refused(r->load->hold, b->held);
}

void reader_refuse_raw(struct reader *r, int64_t line, const char *raw, size_t n, int field,
                       const char *reason)
{
    struct refused_row *x = add_refused(&r->batch);
    x->line = x->why.line = line;
    x->raw = raw;
    x->raw_n = n;
    x->why.column = title_of(r, field);
    x->why.value = "";
    x->why.reason = arena_strdup(&r->batch.arena, reason);
}

/* A row that cannot even be cut into cells: what can be shown of it goes into the first cell. */
static void refuse_bad(struct reader *r, const struct err *why)
{
    size_t n, m = 0;
    const char *raw = source_raw(r->source, &n);
    struct refused_row *x = add_refused(&r->batch);
    char *text = arena_alloc(&r->batch.arena, n + 1);
    for (size_t i = 0; raw && i < n; i++)
        if ((unsigned char)raw[i] >= ' ' && (unsigned char)raw[i] < 0x7f) text[m++] = raw[i];
    int c = source_column(r->source);
    x->line = x->why.line = source_line(r->source);
    x->raw = text;
    x->raw_n = m;
    x->whole = false;
    x->why.column = c > 0 && c <= r->sheet.columns ? r->sheet.title[c - 1] : "";
    x->why.value = "";
    x->why.reason = arena_strdup(&r->batch.arena, why->message);
}

/* Between the batches of a large file the memory is kept in one block: given back and taken anew it
 * would cost a fault a page. */
static void batch_reset(struct batch *b)
{
    if (b->kept) {
        arena_rewind(&b->arena, b->start);
        return;
    }
    bool full = b->arena.held >= KEPT_BYTES;
    arena_reset(&b->arena);
    if (!full) return;
    (void)arena_alloc(&b->arena, KEPT_BYTES);
    b->start = arena_mark(&b->arena);
    b->start.used = 0;
    b->kept = b->arena.held;
    arena_rewind(&b->arena, b->start);
}

static bool batch_full(const struct batch *b)
{
    return b->n >= b->cap || b->n_refused >= b->cap
        || (b->kept ? b->arena.held > b->kept : b->arena.held >= BATCH_BYTES);
}

static int by_line(const void *a, const void *b)
{
    const struct refused_row *x = a, *y = b;
    return (x->line > y->line) - (x->line < y->line);
}

static bool write_refused(struct reader *r, const struct refused_row *x, struct err *e)
{
    const struct csv_field *cells = NULL, one = { .p = x->raw, .n = x->raw_n };
    int n = 0;
    if (!x->whole) return refuse_row(r->refuse, &x->why, &one, 1, e);
    struct csv_memory mem = { x->raw, x->raw_n };
    struct csv_options opt = { .separator = r->separator, .chunk = x->raw_n + 64,
                               .max_field = (size_t)8 << 20 };
    struct csv *c = csv_open(csv_from_memory(&mem), &opt);
    bool ok = csv_next(c, &cells, &n, e) == CSV_ROW && refuse_row(r->refuse, &x->why, cells, n, e);
    csv_close(c);
    return ok;
}

bool reader_flush(struct reader *r, struct err *e)
{
    struct batch *b = &r->batch;
    if (b->n_refused) qsort(b->refused, b->n_refused, sizeof *b->refused, by_line);
    for (size_t i = 0; i < b->n_refused; i++)
        if (!write_refused(r, &b->refused[i], e)) return false;
    r->report->refused += (int64_t)b->n_refused;
    r->load->refused += (int64_t)b->n_refused;
    b->n = b->n_refused = b->checked = 0;
    batch_reset(b);
    return true;
}

/* ---- one row ---- */

static void fault(struct refusals *x, int field, const char *name, const char *message)
{
    if (x->n == 0) x->field = field;
    if (x->n++ >= FAULTS_TOLD) return;
    if (x->n > 1) buf_str(&x->reason, "; ");
    if (x->n > 1 && name) buf_printf(&x->reason, "%s: ", name);
    buf_str(&x->reason, message);
}

/* The mark that keeps a spreadsheet from taking text for a formula goes off again. */
static struct csv_field unguarded(struct csv_field c)
{
    if (c.n > 1 && c.p[0] == '\'' && csv_formula_like(c.p + 1, c.n - 1)) c.p++, c.n--;
    return c;
}

static bool read_place(struct reader *r, int f, struct csv_field c, struct err *e)
{
    const struct field_plan *p = &r->m->plan[f];
    uint32_t hash = (uint32_t)hash_bytes(c.p, c.n, 0);
    struct place_seen *s = &r->places[hash & (PLACES_SEEN - 1)];
    if (s->n == c.n && s->hash == hash && memcmp(s->text, c.p, c.n) == 0) {
        r->row[p->column] = val_int(s->code);
        if (p->flags & F_HOME && r->m->entity->reach == REACH_COUNTY)
            r->row[ROW_COUNTY] = val_int(place_county(s->code));
        return true;
    }
    if (!field_read(&r->load->model, r->m, f, c.p, c.n, r->load->db, r->row, &r->scratch, e))
        return false;
    if (c.n > PLACE_TEXT || r->row[p->column].type != VAL_INT) return true;
    *s = (struct place_seen){ .code = r->row[p->column].i, .hash = hash, .n = (uint8_t)c.n };
    memcpy(s->text, c.p, c.n);
    return true;
}

/* What field_read wrote for the text, to be written again when the same text comes next. */
static void see_ref(const struct reader *r, const struct field_plan *p, int64_t near,
                    struct csv_field c, struct ref_seen *s)
{
    s->n = 0;
    if (c.n > REF_TEXT || r->row[p->column].type != VAL_INT) return;
    *s = (struct ref_seen){ .near = near, .county = r->row[ROW_COUNTY].i,
                            .id = r->row[p->column].i, .n = (uint8_t)c.n };
    if (p->county_column >= 0) s->county = r->row[p->county_column].i;
    memcpy(s->text, c.p, c.n);
}

static void set_ref(struct reader *r, const struct field_plan *p, int64_t county, int64_t id)
{
    r->row[p->column] = val_int(id);
    if (p->county_column >= 0) r->row[p->county_column] = val_int(county);
    else if (p->flags & F_HOME) r->row[ROW_COUNTY] = val_int(county);
}

/* A row that waits too, but has its place already: rows that refer to each other. */
static bool place_held(struct reader *r, const struct field_plan *p, struct csv_field c)
{
    int64_t county, id;
    if (!hold_place(r->load->hold, p->target, c.p, c.n, &county, &id)) return false;
    if (p->county_column < 0 && !(p->flags & F_HOME) && r->row[ROW_COUNTY].i != county
        && p->target->entity->reach == REACH_COUNTY)
        return false;
    set_ref(r, p, county, id);
    return true;
}

/* *wait is set when the row that is referred to is not there, but may still come. */
static bool read_ref(struct reader *r, int f, struct csv_field c, bool *wait, struct err *e)
{
    const struct field_plan *p = &r->m->plan[f];
    struct ref_seen *s = &r->refs[f];
    int64_t near = p->flags & F_HOME ? -1 : r->row[ROW_COUNTY].i;
    if (s->n == c.n && s->near == near && memcmp(s->text, c.p, c.n) == 0) {
        set_ref(r, p, s->county, s->id);
        return true;
    }
    if (field_read(&r->load->model, r->m, f, c.p, c.n, r->load->db, r->row, &r->scratch, e)) {
        see_ref(r, p, near, c, s);
        return true;
    }
    if (e->code != ERR_NOT_FOUND) return false;
    if (place_held(r, p, c)) return true;
    if (r->again || !(r->waits[f] || hold_knows(r->load->hold, p->target, c.p, c.n))) return false;
    *wait = true;
    hold_want(r->load->hold, p->target, f, c.p, c.n);
    return true;
}

static bool read_cell(struct reader *r, int f, struct csv_field c, bool *wait, struct err *e)
{
    const struct field_plan *p = &r->m->plan[f];
    struct val *out = &r->row[p->column];
    if (c.n == 0)
        return field_read(&r->load->model, r->m, f, "", 0, r->load->db, r->row, &r->batch.arena, e);
    switch (p->type) {
    case F_PLACE: return read_place(r, f, c, e);
    case F_REF: return read_ref(r, f, c, wait, e);
    default: break;
    }
    /* Blanks at the ends are rare; field_read cuts them. */
    unsigned char first = (unsigned char)c.p[0], last = (unsigned char)c.p[c.n - 1];
    if (first <= ' ' || last <= ' ' || (first | last) & 0x80)
        return field_read(&r->load->model, r->m, f, c.p, c.n, r->load->db, r->row, &r->batch.arena,
                          e);
    return plain_read(p, c.p, c.n, r->load->zone, out, &r->batch.arena, e);
}

/* False only for what ends the load; faults of the row go to x. */
static bool read_cells(struct reader *r, const struct csv_field *cells, int n, bool *wait,
                       struct refusals *x, struct err *e)
{
    static const struct csv_field empty = { .p = "" };
    struct err why; /* written where a fault is; clearing it would cost more than reading a cell */
    why.code = ERR_NONE;
    for (int i = 0; i < r->n_order; i++) {
        int c = r->order[i], f = r->sheet.field[c];
        if (read_cell(r, f, c < n ? unguarded(cells[c]) : empty, wait, &why)) continue;
        if (why.code != ERR_INVALID && why.code != ERR_NOT_FOUND && why.code != ERR_CONFLICT) {
            *e = why;
            return false;
        }
        fault(x, f, r->sheet.title[c], why.message);
    }
    return true;
}

static bool check(struct reader *r, int64_t line, struct refusals *x, int *missing)
{
    struct row_fault faults[8];
    int refusing;
    int n = row_check(&r->load->model, &r->values_map, r->row, &r->scratch, faults, 8, &refusing,
                      missing);
    bool warned = false;
    for (int i = 0; i < n; i++) {
        const struct row_fault *f = &faults[i];
        if (f->severity == CHECK_REFUSE)
            fault(x, f->field, f->field >= 0 ? title_of(r, f->field) : f->check, f->message);
        else if (strcmp(f->check, "required") != 0)
            reader_warn(r, line, f->message), warned = true;
    }
    if (r->load->opt.scope && !scope_takes_row(r->load->opt.scope, &r->values_map, r->row))
        fault(x, -1, "", OUTSIDE);
    return warned;
}

static void refuse_read(struct reader *r, int64_t line, const char *raw, size_t raw_n,
                        int32_t held, const struct refusals *x, const struct csv_field *cells, int n)
{
    struct refused_row *y = add_refused(&r->batch);
    int c = x->field >= 0 ? r->column_of[x->field] : -1;
    if (held >= 0) hold_refused(r->load->hold, held);
    y->line = y->why.line = line;
    y->raw = raw;
    y->raw_n = raw_n;
    y->why.column = title_of(r, x->field);
    y->why.reason = arena_strndup(&r->batch.arena, x->reason.p, x->reason.n);
    y->why.value = "";
    if (c >= 0 && c < n) {
        y->why.value_n = utf8_cut(cells[c].p, cells[c].n, 1000);
        y->why.value = arena_strndup(&r->batch.arena, cells[c].p, y->why.value_n);
    }
}

static void store_row(struct reader *r, struct batch_row row)
{
    struct batch *b = &r->batch;
    struct val *to = b->cells + b->n * (size_t)b->width;
    for (int i = 0; i < b->width; i++) to[i] = r->row[r->stored[i]];
    row.county = r->row[ROW_COUNTY].i;
    b->rows[b->n++] = row;
}

static bool ragged(const struct reader *r, const struct csv_field *cells, int n, struct refusals *x)
{
    char text[120];
    int most = n;
    while (most > r->sheet.columns && cells[most - 1].n == 0) most--;
    if (most == r->sheet.columns || (most < r->sheet.columns && source_sheet(r->source)))
        return false;
    snprintf(text, sizeof text, "the row has %d cells where the header has %d", most,
             r->sheet.columns);
    fault(x, -1, NULL, text);
    return true;
}

static bool blank(const struct csv_field *cells, int n)
{
    for (int i = 0; i < n; i++)
        if (cells[i].n) return false;
    return true;
}

/* One row to the batch, to hold, or to the refused. raw lives as long as the batch. */
static bool take_row(struct reader *r, int64_t line, const char *raw, size_t raw_n, int32_t held,
                     const struct csv_field *cells, int n, struct err *e)
{
    struct refusals x = { .field = -1 };
    bool wait = false, ok = true, warned = false;
    int missing = 0, left = r->sheet.left;
    buf_init(&x.reason, 2000);
    hold_want_nothing(r->load->hold);
    memcpy(r->row, r->base, (size_t)ROW_FIRST * sizeof *r->row);
    if (!ragged(r, cells, n, &x)) ok = read_cells(r, cells, n, &wait, &x, e);
    if (ok && !wait && x.n == 0) warned = check(r, line, &x, &missing);
    if (ok && x.n) refuse_read(r, line, raw, raw_n, held, &x, cells, n);
    else if (ok && wait) ok = hold_add(r->load->hold, r, line, raw, raw_n, e);
    else if (ok) store_row(r, (struct batch_row){ .line = line, .raw = raw, .held = held,
                                                  .raw_n = (uint32_t)raw_n, .draft = missing > 0,
                                                  .warned = warned,
                                                  .left = left >= 0 && left < n && cells[left].n });
    buf_free(&x.reason);
    arena_reset(&r->scratch);
    return ok;
}

bool reader_again(struct reader *r, int64_t line, const char *raw, size_t raw_n, int32_t held,
                  bool *took, struct err *e)
{
    const struct csv_field *cells = NULL;
    int n = 0;
    size_t before = r->batch.n;
    struct csv_memory mem = { raw, raw_n };
    struct csv_options opt = { .separator = r->separator, .chunk = raw_n + 64,
                               .max_field = (size_t)8 << 20 };
    struct csv *c = csv_open(csv_from_memory(&mem), &opt);
    batch_open(&r->batch, HELD_BATCH);
    const char *kept = arena_strndup(&r->batch.arena, raw, raw_n);
    bool ok = csv_next(c, &cells, &n, e) == CSV_ROW
        && take_row(r, line, kept, raw_n, held, cells, n, e);
    csv_close(c);
    *took = r->batch.n > before;
    return ok;
}

/* The row's text for refusals: as it lies in a CSV file, or written as such from a spreadsheet. */
static const char *keep_raw(struct reader *r, const struct csv_field *cells, int n, size_t *raw_n)
{
    const char *raw = source_raw(r->source, raw_n);
    if (!raw) {
        buf_clear(&r->line);
        for (int i = 0; i < n; i++) csv_add(&r->line, cells[i].p, cells[i].n, i == 0, false);
        raw = r->line.p;
        *raw_n = r->line.n;
    }
    return arena_strndup(&r->batch.arena, raw, *raw_n);
}

static bool fill_row(struct reader *r, struct err *e)
{
    const struct csv_field *cells;
    struct err why;
    size_t raw_n;
    int n;
    switch (source_next(r->source, &cells, &n, &why)) {
    case CSV_END: r->ended = true; return true;
    case CSV_ERROR: *e = why; return false;
    case CSV_BAD:
        r->report->rows++;
        if (why.code == ERR_CORRUPT) {
            *e = why;
            return err_context(e, "%s, line %lld", r->in->path, (long long)source_line(r->source));
        }
        refuse_bad(r, &why);
        return true;
    default: break;
    }
    bool warned = false;
    if (source_sheet(r->source)) cells = sheet_cells(r, cells, n, &warned);
    if (blank(cells, n)) return true;
    r->report->rows++;
    r->report->warned += warned;
    const char *raw = keep_raw(r, cells, n, &raw_n);
    return take_row(r, source_line(r->source), raw, raw_n, -1, cells, n, e);
}

bool reader_fill(struct reader *r, struct err *e)
{
    struct batch *b = &r->batch;
    batch_open(b, r->load->slice);
    while (!r->ended && !batch_full(b)) {
        if (!fill_row(r, e)) return false;
        if (r->report->rows % PROGRESS_ROWS == 0) loader_progress(r->load, r, false);
    }
    reader_check(r);
    return true;
}

struct val reader_value(const struct reader *r, size_t i, int column)
{
    int slot = r->slot_of[column];
    if (column == ROW_COUNTY) return val_int(r->batch.rows[i].county);
    return slot < 0 ? r->base[column] : r->batch.cells[i * (size_t)r->batch.width + (size_t)slot];
}

void reader_row(const struct reader *r, size_t i, struct val *row)
{
    const struct batch *b = &r->batch;
    const struct val *from = b->cells + i * (size_t)b->width;
    memcpy(row, r->base, (size_t)(r->m->columns + 1) * sizeof *row);
    for (int k = 0; k < b->width; k++) row[r->stored[k]] = from[k];
    row[ROW_COUNTY] = val_int(b->rows[i].county);
    row[ROW_DRAFT] = val_int(b->rows[i].draft);
}
