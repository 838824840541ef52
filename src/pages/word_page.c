#include "pages/word.h"

#include <string.h>

#include "pages/face.h"
#include "pages/form.h"
#include "programme/sides/sides.h"
#include "web/form.h"

enum { AS, SAYS, CORRECTION, REASON, FIELDS };

/* --- saying it --- */

struct writing { struct saying *s; struct confirm_request word; struct confirm_done done; };

static bool say(struct tx *tx, void *arg, struct err *e)
{
    struct writing *w = arg;
    return confirm(tx, w->s->q->seat->model, &w->word, w->s->q->arena, &w->done, e);
}

/* The organisation by code or name; it must be the account's own, or below it. */
static bool speaker(struct saying *s, int64_t *org, struct err *e)
{
    struct request *q = s->q;
    struct err why = { .code = ERR_NONE };
    if (!s->as || !*s->as)
        return err_field(e, ERR_INVALID, "as", "%s", tr(q, "Say which organisation speaks.", "请填写表态单位。"));
    if (!organisation_named(q, s->as, org, &why)) return err_field(e, ERR_INVALID, "as", "%s", why.message);
    return scope_owns(q->scope, *org) ||
           err_field(e, ERR_INVALID, "as", "%s", tr(q, "Your account does not speak for this organisation.",
                                                    "您的账户不能代表该单位表态。"));
}

bool word_say(struct saying *s, struct err *e)
{
    struct request *q = s->q;
    struct writing w = { .s = s, .word = { .entity = s->m->entity->name, .correction = s->correction, .reason =
                                           s->reason,
                                           .on = q->today } };
    if (!speaker(s, &w.word.organisation, e)) return false;
    if (!s->says || !says_read(s->says, &w.word.says))
        return err_field(e, ERR_INVALID, "says", "%s", tr(q, "Say what it says.", "请选择意见。"));
    w.word.record = ref_text(q->seat->model, s->m, s->row[ROW_COUNTY].i, s->row[ROW_ID].i, q->seat->db, q->arena);
    return request_write(q, say, &w, e);
}

void bulk_note(struct request *q, struct buf *b, const struct bulk_told *t)
{
    if (!t->n) {
        form_note(b, "err", tr(q, "Nothing was ticked, so nothing was confirmed.", "未选择任何记录，未作确认。"));
        return;
    }
    if (t->done)
        form_note(b, "ok", arena_printf(q->arena, t->done == 1 ? tr(q, "%d confirmed.", "已确认 %d 项。")
                                        : tr(q, "%d confirmed.", "已确认 %d 项。"), t->done));
    if (!t->refused) return;
    html(b, "<div class=\"errors after\" role=\"alert\"><h2>%s</h2><ul>", arena_printf(q->arena, t->refused == 1
         ? tr(q, "%d could not be confirmed", "%d 项未能确认") : tr(q, "%d could not be confirmed", "%d 项未能确认"),
             t->refused));
    for (int i = 0; i < t->refused && i < BULK_REASONS; i++) html(b, "<li>%s</li>", t->reason[i]);
    html_raw(b, "</ul></div>");
}

/* --- the form --- */

static void fields_of(struct saying *s, const struct err *e, struct form_field out[FIELDS])
{
    struct request *q = s->q;
    const struct form_field fields[FIELDS] = {
        [AS] = { .name = "as", .label = tr(q, "Who says it: an organisation", "由哪个单位表态"), .value = s->as, .required =
                 true },
        [SAYS] = { .name = "says", .label = tr(q, "What it says", "意见"), .value = s->says },
        [CORRECTION] = { .name = "correction", .label = tr(q, "What is right instead", "更正为"), .value = s->correction,
                         .hint = tr(q, "As in amount=900; quantity=3.", "如 amount=900; quantity=3。") },
        [REASON] = { .name = "reason", .label = tr(q, "Why", "理由"), .value = s->reason },
    };
    memcpy(out, fields, sizeof fields);
    int at = -1;
    for (int i = 0; e && i < FIELDS; i++)
        if (*e->field && !strcmp(e->field, out[i].name)) at = i;
    if (e && e->code != ERR_NONE) out[at < 0 ? CORRECTION : at].wrong = arena_strdup(q->arena, e->message);
}

static void form_write_out(struct saying *s, struct buf *b, const struct form_field f[FIELDS])
{
    struct request *q = s->q;
    const struct form_choice says[] = { { "confirmed", tr(q, "it is so", "属实") }, { "corrected", tr(q,
            "it is otherwise", "更正") },
                                        { "disputed", tr(q, "it is not so", "有异议") } };
    form_begin(q, b, arena_printf(q->arena, "%s/word", record_url(q, s->m, s->row[ROW_COUNTY].i, s->row[ROW_ID].i)),
               "form after");
    form_input(b, &f[AS]);
    form_select(b, &f[SAYS], says, COUNT(says));
    form_input(b, &f[CORRECTION]);
    form_input(b, &f[REASON]);
    form_button(b, tr(q, "Say it", "提交"), "btn pri");
}

static bool may_speak(struct request *q, const struct table_map *m)
{
    return two_sided(m) && who_open(WHO_WRITES, q->user) && scope_writes(q->scope, m);
}

void word_panel(struct request *q, struct buf *b, const struct table_map *m, const struct val *row)
{
    struct saying s = { .q = q, .m = m, .row = row, .as = q->scope->orgs ? org_title(q, q->scope->org[0]) : "" };
    struct form_field f[FIELDS];
    if (!may_speak(q, m)) return;
    fields_of(&s, NULL, f);
    html(b, "<section class=\"panel\"><details class=\"twin\"><summary>%s</summary>",
         tr(q, "Confirm, correct or dispute it", "确认、更正或提出异议"));
    form_write_out(&s, b, f);
    html_raw(b, "</details></section>");
}

/* --- the page --- */

/* What the row says to the other side. */
static void facts_panel(struct saying *s, struct buf *b)
{
    struct request *q = s->q;
    html(b, "<section class=\"panel c6\"><h2>%s</h2><dl class=\"record\">", tr(q, "As it stands", "现有内容"));
    for (int i = 0; i < s->m->fields; i++)
        if (told_field(s->m, i) && scope_field(q->scope, q->seat->model, s->m, i)) fact(q, b, s->m,
                s->m->field[i].name, s->row);
    html_raw(b, "</dl></section>");
}

static void words_panel(struct saying *s, struct buf *b, const struct words *w)
{
    struct request *q = s->q;
    if (!w->n) return;
    html(b, "<h3 class=\"after\">%s</h3><ul class=\"todo\">", tr(q, "What was said", "已有意见"));
    for (int i = 0; i < w->n; i++) {
        const struct word *x = &w->at[i];
        const char *says = says_word(x->says);
        html(b, "<li><span>%s</span><span class=\"tag %s\">%s</span><span class=\"m\">%s%s%s</span></li>",
             org_title(q, x->organisation), x->says == SAYS_DISPUTED ? "err" : x->says == SAYS_CORRECTED ? "warn" : "",
             code_label(q, "says", says, strlen(says)), date_text(q, x->said_on, true),
                 x->reason ? (q->zh ? "，" : ", ") : "",
             x->reason);
    }
    html_raw(b, "</ul>");
}

static void show(struct saying *s, struct response *r, const struct err *wrong)
{
    struct request *q = s->q;
    struct buf *b = &r->body;
    struct form_field f[FIELDS];
    struct words w = { .n = 0 };
    struct err e = { .code = ERR_NONE };
    const char *title = row_title(q, s->m, s->row), *head = tr(q, "Confirm, correct or dispute it", "确认、更正或提出异议");
    bool ok = words_read(q->seat->db, s->m, s->row, q->arena, &w, &e);
    fields_of(s, wrong, f);
    if (wrong) r->status = 422;
    page_begin(q, r, NAV_WORK, wrong ? arena_printf(q->arena, tr(q, "Error: %s", "有误：%s"), head) : head);
    crumb_begin(q, b);
    crumb(b, page_url(q, "/work"), tr(q, "Work", "待办"));
    crumb(b, row_url(q, s->m, s->row[ROW_COUNTY].i, s->row[ROW_ID].i), title);
    crumb(b, NULL, head);
    crumb_end(b);
    head_begin(b, arena_printf(q->arena, q->zh ? "%s：%s" : "%s: %s", entity_label(q, s->m->entity), title), NULL);
    head_end(b);
    html_raw(b, "<div class=\"grid\">");
    facts_panel(s, b);
    html(b, "<section class=\"panel c6\"><h2>%s</h2>", head);
    form_summary(q, b, f, FIELDS);
    form_write_out(s, b, f);
    words_panel(s, b, &w);
    html_raw(b, "</section></div>");
    if (ok) page_end(q, r);
    else page_fail(q, r, &e);
}

/* Also of kinds that no form writes: a transfer is posted, and then confirmed by who received it. */
static bool open_word(struct request *q, struct response *r, struct saying *s, struct val *row)
{
    struct err e = { .code = ERR_NONE };
    *s = (struct saying){ .q = q, .m = kind_wanted(q, r), .row = row };
    if (!s->m) return false;
    if (!scope_writes(q->scope, s->m)) {
        page_error(q, r, 403, tr(q, "Your role may not write records of this kind here.",
                                 "您的角色不能在此填报这种记录。"));
        return false;
    }
    if (!record_read(q, s->m, q->capture[1], row, &e)) {
        page_fail(q, r, &e);
        return false;
    }
    if (two_sided(s->m)) return true;
    page_error(q, r, 404, tr(q, "A record of this kind has no other side.", "此类记录没有对方。"));
    return false;
}

void word_page(struct request *q, struct response *r)
{
    struct saying s;
    struct val row[ENTITY_MAX_COLUMNS + 1];
    if (!open_word(q, r, &s, row)) return;
    s.as = q->scope->orgs ? org_title(q, q->scope->org[0]) : "";
    show(&s, r, NULL);
}

void word_save(struct request *q, struct response *r)
{
    struct saying s;
    struct val row[ENTITY_MAX_COLUMNS + 1];
    struct err e = { .code = ERR_NONE };
    if (!open_word(q, r, &s, row)) return;
    s.as = request_form(q, "as");
    s.says = request_form(q, "says");
    s.correction = request_form(q, "correction");
    s.reason = request_form(q, "reason");
    if (word_say(&s, &e)) page_redirect(r, q->arena, row_url(q, s.m, row[ROW_COUNTY].i, row[ROW_ID].i));
    else if (e.code == ERR_INVALID || e.code == ERR_CONFLICT || e.code == ERR_FORBIDDEN || e.code == ERR_NOT_FOUND)
        show(&s, r, &e);
    else page_fail(q, r, &e);
}
