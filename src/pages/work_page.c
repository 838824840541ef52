/* Work: what waits for who looks. Words that the other side has not said, words that stand against a
 * record, contacts that are overdue, money that lies too long; and the form by which one side says its
 * word on a record. */
#include "pages/form.h"

#include <string.h>

#include "base/date.h"
#include "programme/sides/sides.h"
#include "programme/watch/find.h"
#include "web/form.h"

enum { SHOWN = 50, LAGGARDS = 8 };

/* --- words of the other side --- */

struct listing { struct request *q; struct buf *b; int shown, more; bool disputed; };

static const char *worth(struct request *q, const struct table_map *m, const struct val *row)
{
    int f = map_field(m, "amount");
    if (f < 0 || row[m->column[f]].type == VAL_NULL) f = map_field(m, "quantity");
    if (f < 0 || row[m->column[f]].type != VAL_INT) return "";
    return m->field[f].type == F_MONEY ? money_text(q, row[m->column[f]].i, false)
                                       : number_text(q, row[m->column[f]].i, 0);
}

static bool item_line(void *arg, const struct side_item *i, struct err *e)
{
    struct listing *l = arg;
    struct request *q = l->q;
    (void)e;
    if (!scope_kind(q->scope, i->m) || !scope_takes_row(q->scope, i->m, i->row)) return true;
    if (l->shown == SHOWN) {
        l->more++;
        return true;
    }
    if (!l->shown++) html_raw(l->b, "<ul class=\"todo\">");
    int64_t days = q->today - instant_date(i->row[ROW_RECORDED].i, q->seat->site->zone);
    html(l->b, "<li><a href=\"%s\">%s %s</a>", record_url(q, i->m, i->row[ROW_COUNTY].i, i->row[ROW_ID].i),
         entity_label(q, i->m->entity), row_title(q, i->m, i->row));
    if (l->disputed && i->word)
        html(l->b, "<span class=\"tag %s\">%s</span>", i->word->says == SAYS_DISPUTED ? "err" : "warn",
             i->word->says == SAYS_DISPUTED ? tr(q, "disputed", "有异议") : tr(q, "corrected", "对方更正"));
    html(l->b, "<span class=\"m\">%s%s%s</span></li>", worth(q, i->m, i->row), *worth(q, i->m, i->row) ? ", " : "",
         l->disputed && i->word && i->word->reason ? i->word->reason
         : arena_printf(q->arena, tr(q, "%lld days", "已 %lld 天"), (long long)(days > 0 ? days : 0)));
    return true;
}

static bool sides_panel(struct request *q, struct buf *b, bool disputed, struct err *e)
{
    struct side_query query = { .mo = q->seat->model, .d = q->seat->rows };
    struct listing l = { .q = q, .b = b, .disputed = disputed };
    html(b, "<section class=\"panel\"><h2>%s</h2>", disputed ? tr(q, "Disputed or corrected", "有异议或被更正")
                                                            : tr(q, "Waiting for the other side's word", "待对方确认"));
    bool ok = disputed ? sides_disputed(&query, item_line, &l, e) : sides_waiting(&query, item_line, &l, e);
    if (l.shown) html_raw(b, "</ul>");
    else empty_note(b, disputed ? tr(q, "Nothing is disputed.", "没有异议。")
                                : tr(q, "Nothing waits.", "没有待确认的记录。"));
    if (l.more)
        html(b, "<p class=\"note\">%s</p>", arena_printf(q->arena,
             tr(q, "and %d more: `jiedui confirm waiting` lists all", "另有 %d 项：jiedui confirm waiting 可列出全部"), l.more));
    html_raw(b, "</section>");
    return ok;
}

/* --- contacts --- */

struct contacts { struct request *q; struct buf *b; int32_t on; int shown; };

static bool contact_line(void *arg, const struct watch_contact *c, struct err *e)
{
    struct contacts *x = arg;
    struct request *q = x->q;
    struct place_range own = place_own_range(c->place);
    (void)e;
    if (c->period.to >= x->on || c->period.held >= c->times || x->shown >= SHOWN) return true;
    if (!scope_owns(q->scope, c->org) && !(c->place && scope_holds(q->scope, &own, 1))) return true;
    if (!x->shown++) html_raw(x->b, "<ul class=\"todo\">");
    html(x->b, "<li><span>%s</span><span class=\"tag err\">%s</span><span class=\"m\">%s%s%s</span></li>",
         *c->title ? c->title : c->code, arena_printf(q->arena, tr(q, "%lld days late", "逾期 %lld 天"),
         (long long)x->on - c->period.to), c->org ? org_title(q, c->org) : "", c->place ? ", " : "",
         c->place ? place_name(q, c->place) : "");
    return true;
}

static bool contacts_panel(struct request *q, struct buf *b, struct err *e)
{
    struct watch w = { .d = q->seat->rows, .model = q->seat->model, .parties = q->seat->context.parties,
                       .a = q->arena, .on = q->today };
    struct contacts x = { q, b, q->today, 0 };
    html(b, "<section class=\"panel\"><h2>%s</h2>", tr(q, "Contacts overdue", "逾期的联系"));
    bool ok = watch_begin(&w, e) && watch_contacts(&w, contact_line, &x, e);
    if (x.shown) html_raw(b, "</ul>");
    else empty_note(b, tr(q, "No contact is overdue.", "没有逾期的联系。"));
    html_raw(b, "</section>");
    return ok;
}

void work_page(struct request *q, struct response *r)
{
    struct err e = { .code = ERR_NONE };
    struct buf *b = &r->body;
    page_begin(q, r, NAV_WORK, tr(q, "Work", "待办"));
    head_begin(b, tr(q, "What waits for you", "待您处理"), tr(q,
               "Words to say, disputes to settle, contacts to make, money to move.",
               "待确认、待协商、待联系的事项和待拨付的资金。"));
    if (who_open(WHO_AWAY, q->user))
        html(b, "<a class=\"btn\" href=\"%s\">%s</a>", page_url(q, "/offline"), tr(q, "Away from the network", "离线工作"));
    head_end(b);
    html_raw(b, "<div class=\"grid\"><div class=\"c6 side\">");
    bool ok = sides_panel(q, b, false, &e);
    html_raw(b, "</div><div class=\"c6 side\">");
    ok = ok && sides_panel(q, b, true, &e) && contacts_panel(q, b, &e) && idle_panel(q, b, &e);
    html_raw(b, "</div></div>");
    ok = ok && laggards_panel(q, b, LAGGARDS, &e);
    if (ok) page_end(q, r);
    else page_fail(q, r, &e);
}

/* --- saying it --- */

void word_panel(struct request *q, struct buf *b, const struct table_map *m, const struct val *row)
{
    if (!two_sided(m) || !who_open(WHO_WRITES, q->user) || !scope_writes(q->scope, m)) return;
    const char *own = q->scope->orgs ? org_title(q, q->scope->org[0]) : "";
    static const struct { const char *code, *en, *zh; } says[] = { { "confirmed", "it is so", "属实" },
        { "corrected", "it is otherwise", "更正" }, { "disputed", "it is not so", "有异议" } };
    html(b, "<section class=\"panel\"><details class=\"twin\"><summary>%s</summary>",
         tr(q, "Confirm, correct or dispute it", "确认、更正或提出异议"));
    form_begin(q, b, page_url(q, "/records/%s/%lld-%lld/word", m->entity->name, (long long)row[ROW_COUNTY].i,
                              (long long)row[ROW_ID].i), "form after");
    html(b, "<div class=\"fld\"><label for=\"f-as\">%s</label>"
         "<input type=\"text\" id=\"f-as\" name=\"as\" value=\"%s\"></div>"
         "<div class=\"fld\"><label for=\"f-says\">%s</label><select id=\"f-says\" name=\"says\">",
         tr(q, "Who says it: an organisation", "由哪个单位表态"), own, tr(q, "What it says", "意见"));
    for (int i = 0; i < COUNT(says); i++)
        html(b, "<option value=\"%s\">%s</option>", says[i].code, tr(q, says[i].en, says[i].zh));
    html(b, "</select></div><div class=\"fld\"><label for=\"f-correction\">%s</label>"
         "<p class=\"hint\" id=\"h-cor\">%s</p>"
         "<input type=\"text\" id=\"f-correction\" name=\"correction\" aria-describedby=\"h-cor\"></div>",
         tr(q, "What is right instead", "更正为"), tr(q, "As in amount=900; quantity=3.", "如 amount=900; quantity=3。"));
    html(b, "<div class=\"fld\"><label for=\"f-reason\">%s</label>"
         "<input type=\"text\" id=\"f-reason\" name=\"reason\"></div><p class=\"acts\">"
         "<button class=\"btn pri\" type=\"submit\">%s</button></p></form></details></section>",
         tr(q, "Why", "理由"), tr(q, "Say it", "提交"));
}

struct saying { struct request *q; struct confirm_request word; struct confirm_done done; };

static bool say(struct tx *tx, void *arg, struct err *e)
{
    struct saying *s = arg;
    return confirm(tx, s->q->seat->model, &s->word, s->q->arena, &s->done, e);
}

/* The organisation that is named; it must be the account's own, or below it. */
static bool speaker(struct request *q, int64_t *org, struct err *e)
{
    const char *name = request_form(q, "as");
    if (!name) return err_set(e, ERR_INVALID, "%s", tr(q, "Say which organisation speaks.", "请填写表态单位。"));
    if (!organisation_named(q, name, org, e)) return false;
    return scope_owns(q->scope, *org) ||
           err_set(e, ERR_FORBIDDEN, "%s", tr(q, "Your account does not speak for this organisation.",
                                              "您的账户不能代表该单位表态。"));
}

void word_save(struct request *q, struct response *r)
{
    struct saying s = { .q = q };
    struct err e = { .code = ERR_NONE };
    struct val row[ENTITY_MAX_COLUMNS + 1];
    const struct table_map *m = form_wanted(q, r);
    const char *says = request_form(q, "says");
    if (!m) return;
    s.word = (struct confirm_request){ .entity = m->entity->name, .correction = request_form(q, "correction"),
        .reason = request_form(q, "reason"), .on = q->today };
    bool ok = record_read(q, m, q->capture[1], row, &e) && speaker(q, &s.word.organisation, &e) &&
              ((says && says_read(says, &s.word.says)) || err_set(&e, ERR_INVALID, "%s", tr(q, "Say what it says.",
                                                                                         "请选择意见。")));
    if (ok) {
        s.word.record = ref_text(q->seat->model, m, row[ROW_COUNTY].i, row[ROW_ID].i, q->seat->db, q->arena);
        ok = request_write(q, say, &s, &e);
    }
    if (ok) page_redirect(r, q->arena, record_url(q, m, row[ROW_COUNTY].i, row[ROW_ID].i));
    else page_fail(q, r, &e);
}
