/* The filter of a list: what can be chosen, what is chosen, and what a typed name may mean. */
#include "pages/view.h"

#include <string.h>

enum { CODE_CHOICES = 60 };

/* Codes of the lists' own columns stand open; those that every fact has lie under "more". */
static bool choosable(struct request *q, const struct table_map *m, int f, bool own)
{
    const struct field *x = &m->field[f];
    if (x->type != F_CODE || !scope_field(q->scope, q->seat->model, m, f)) return false;
    bool shared = (m->common >= 0 && f >= m->common) ||
                  (m->fact >= 0 && f >= m->fact && f < m->fact + FACT_N);
    return own ? (x->flags & F_LIST) && !shared : shared;
}

static bool code_choice(struct request *q, struct buf *b, const struct field *x)
{
    int n = 0;
    const struct code *codes = codes_list(q->seat->model->codes, x->list, &n);
    const char *name = arena_printf(q->arena, "f.%s", x->name);
    const char *now = request_param(q, name);
    if (!codes || n > CODE_CHOICES) return false;
    if (b)
        html(b, "<label class=\"sel\"><span>%s</span><select name=\"%s\"><option value=\"\">%s</option>",
             field_label(q, x), name, tr(q, "any", "不限"));
    for (int i = 0; b && i < n; i++) {
        html(b, "<option value=\"%s\"", codes[i].code);
        if (now && strcmp(now, codes[i].code) == 0) html_raw(b, " selected");
        html(b, ">%s</option>", q->zh || !codes[i].en || !*codes[i].en ? codes[i].zh : codes[i].en);
    }
    if (b) html_raw(b, "</select></label>");
    return true;
}

/* Has the form a control of its own for this parameter? */
static bool in_form(struct request *q, const struct view *v, const char *name)
{
    static const char *const own[] = { "place", "where", "drafts" };
    for (int i = 0; i < COUNT(own); i++)
        if (strcmp(name, own[i]) == 0) return true;
    int f = strncmp(name, "f.", 2) == 0 ? map_field(v->m, name + 2) : -1;
    return f >= 0 && (choosable(q, v->m, f, true) || choosable(q, v->m, f, false)) &&
           code_choice(q, NULL, &v->m->field[f]);
}

static void hidden(struct buf *b, const struct web_param *p)
{
    if (*p->value && !query_is_page(p->name))
        html(b, "<input type=\"hidden\" name=\"%s\" value=\"%s\">", p->name, p->value);
}

static void more_conditions(struct request *q, struct buf *b, const struct view *v)
{
    const char *where = request_param(q, "where");
    html_raw(b, where ? "<details class=\"twin\" open>" : "<details class=\"twin\">");
    html(b, "<summary>%s</summary>", tr(q, "By how it is known, or by a rule", "按确切程度、依据或规则"));
    html_raw(b, "<div class=\"tools after\">");
    for (int i = 0; i < v->m->fields; i++)
        if (choosable(q, v->m, i, false)) code_choice(q, b, &v->m->field[i]);
    html_raw(b, "</div>");
    if (v->m->entity->flags & E_DRAFTS)
        html(b, "<label class=\"box\"><input type=\"checkbox\" name=\"drafts\" value=\"1\"%s><span>%s</span></label>",
             request_param(q, "drafts") ? " checked" : "", tr(q, "drafts too", "包括草稿"));
    html(b, "<label class=\"rule\" for=\"where\">%s</label><input type=\"text\" id=\"where\" "
         "name=\"where\" value=\"%s\" spellcheck=\"false\" autocomplete=\"off\">",
         tr(q, "Rows for which this is true", "满足此规则的记录"), where);
    html(b, "<p class=\"hint\">%s <code>amount &gt; 1000 and known(valid_from)</code></p></details>",
         tr(q, "For example", "例如"));
}

/* --- one condition more --- */

static const struct { const char *word, *en, *zh; } ways[] = {
    { "is", "is", "是" }, { "not", "is not", "不是" }, { "has", "holds", "含有" },
    { "begins", "begins with", "开头是" }, { "range", "from … to", "介于" },
    { "empty", "is empty", "为空" }, { "known", "is known", "已填" },
};

static void add_form(struct request *q, struct buf *b, const struct view *v, const struct err *wrong)
{
    const char *field = request_param(q, "add.field"), *how = request_param(q, "add.how");
    html_raw(b, field && wrong->code ? "<details class=\"twin\" open>" : "<details class=\"twin\">");
    html(b, "<summary>%s</summary><form method=\"get\" action=\"%s\" class=\"tools after\" aria-label=\"%s\">",
         tr(q, "Add a condition", "添加条件"), page_url(q, "/records/%s", v->m->entity->name),
         tr(q, "Add a condition", "添加条件"));
    for (int i = 0; i < q->n_param; i++) hidden(b, &q->param[i]);
    html(b, "<label class=\"sel\"><span>%s</span><select name=\"add.field\">", tr(q, "Field", "字段"));
    for (int i = 0; i < v->m->fields; i++) {
        const struct field *x = &v->m->field[i];
        if (!scope_field(q->scope, q->seat->model, v->m, i)) continue;
        html(b, "<option value=\"%s\"%s>%s</option>", x->name, field && !strcmp(field, x->name) ? " selected" : "",
             field_label(q, x));
    }
    html(b, "</select></label><label class=\"sel\"><span>%s</span><select name=\"add.how\">", tr(q, "which", "条件"));
    for (int i = 0; i < COUNT(ways); i++)
        html(b, "<option value=\"%s\"%s>%s</option>", ways[i].word,
             how && !strcmp(how, ways[i].word) ? " selected" : "", tr(q, ways[i].en, ways[i].zh));
    html(b, "</select></label><label class=\"sel\"><span>%s</span><input type=\"text\" name=\"add.value\" value=\"%s\">"
         "</label><label class=\"sel\"><span>%s</span><input type=\"text\" name=\"add.upto\" value=\"%s\"></label>"
         "<button class=\"btn sm\" type=\"submit\">%s</button></form><p class=\"hint\">%s</p></details>",
         tr(q, "Value", "值"), request_param(q, "add.value"), tr(q, "to (for a range)", "至（范围）"),
         request_param(q, "add.upto"), tr(q, "Add", "添加"),
         tr(q, "A name, a place or a part of a name will do; dates as 2020, 2020-05 or 2020-05-27.",
            "可写名称、地名或名称的一部分；日期如 2020、2020-05、2020-05-27。"));
}

const char *view_added(struct request *q, const struct view *v, struct err *e)
{
    const char *field = request_param(q, "add.field"), *how = request_param(q, "add.how");
    const char *value = request_param(q, "add.value"), *upto = request_param(q, "add.upto");
    if (!field) return NULL;
    const char *url = page_url(q, "/records/%s", v->m->entity->name);
    const char *now = page_query(q, NULL, NULL), *sep = *now ? "&" : "?";
    bool state = how && (!strcmp(how, "empty") || !strcmp(how, "known"));
    if (map_field(v->m, field) < 0 || (!state && !value && !upto)) {
        err_field(e, ERR_INVALID, "add.value", "%s", tr(q, "say which field, and which value of it",
                                                         "请选择字段并填写值"));
        return NULL;
    }
    if (state) return arena_printf(q->arena, "%s%s%sf.%s.is=%s", url, now, sep, field, how);
    if (how && !strcmp(how, "range")) {
        const char *from = value ? arena_printf(q->arena, "%sf.%s.from=%s", sep, field, url_part(q->arena, value)) : "";
        const char *to = upto ? arena_printf(q->arena, "%sf.%s.to=%s", value ? "&" : sep, field,
                                             url_part(q->arena, upto)) : "";
        return arena_printf(q->arena, "%s%s%s%s", url, now, from, to);
    }
    const char *dot = how && strcmp(how, "is") ? "." : "";
    return arena_printf(q->arena, "%s%s%sf.%s%s%s=%s", url, now, sep, field, dot, *dot ? how : "",
                        url_part(q->arena, value ? value : upto));
}

void view_filter_form(struct request *q, struct buf *b, const struct view *v, const struct err *wrong)
{
    const char *place = request_param(q, "place");
    html(b, "<form method=\"get\" action=\"%s\" aria-label=\"%s\">",
         page_url(q, "/records/%s", v->m->entity->name), tr(q, "Filter", "筛选"));
    for (int i = 0; i < q->n_param; i++)
        if (!in_form(q, v, q->param[i].name)) hidden(b, &q->param[i]);
    html(b, "<div class=\"tools\"><label class=\"sel\"><span>%s</span><input type=\"text\" name=\"place\" value=\"%s\" "
         "placeholder=\"%s\"></label>", tr(q, "Place", "地区"), place, tr(q, "All places", "全部地区"));
    for (int i = 0; i < v->m->fields; i++)
        if (choosable(q, v->m, i, true)) code_choice(q, b, &v->m->field[i]);
    html(b, "<button class=\"btn sm\" type=\"submit\">%s</button></div>", tr(q, "Show", "查看"));
    more_conditions(q, b, v);
    html_raw(b, "</form>");
    add_form(q, b, v, wrong);
    if (wrong->code && !v->choice.n) html(b, "<p class=\"emsg\" role=\"alert\">%s</p>", wrong->message);
}

/* --- what is chosen --- */

static void chip(struct request *q, struct buf *b, const char *address, const char *text)
{
    html(b, "<li><a class=\"chip\" href=\"%s%s\"><span class=\"vh\">%s </span>%s "
         "<span aria-hidden=\"true\">×</span></a></li>", page_url(q, "%s", q->path), address,
         tr(q, "Take away", "取消"), text);
}

/* "Amount from 1000", as a chip says it. */
static const char *condition_text(struct request *q, const struct view *v, const struct view_condition *x)
{
    static const char *const en[] = { "%s: %s", "%s: not %s", "%s from %s", "%s to %s", "%s holds “%s”",
                                      "%s begins with “%s”", "%s %s" };
    static const char *const zh[] = { "%s：%s", "%s：非%s", "%s自%s", "%s至%s", "%s含“%s”", "%s以“%s”开头", "%s%s" };
    const struct field *f = &v->m->field[x->field];
    const char *value = x->value;
    if (x->how == CONDITION_STATE)
        value = strcmp(value, "empty") == 0 ? tr(q, "is empty", "为空") : tr(q, "is known", "已填");
    else if (f->type == F_CODE) value = code_label(q, f->list, value, strlen(value));
    else if (f->type == F_PLACE && v->query.n_filters)
        for (int i = 0; i < v->query.n_filters; i++)
            if (v->query.filters[i].field == x->field && v->query.filters[i].text == x->value)
                value = place_full(q, v->query.filters[i].place);
    if (f->type == F_REF && x->ref) {
        const struct table_map *to = model_find(q->seat->model, f->ref);
        if (to->entity->reach == REACH_NATION || x->ref_county) value = ref_title(q, to, x->ref_county, x->ref);
    }
    return arena_printf(q->arena, tr(q, en[x->how], zh[x->how]), field_label(q, f), value);
}

void view_chips(struct request *q, struct buf *b, const struct view *v)
{
    html_raw(b, "<ul class=\"chips on\">");
    if (v->query.place) chip(q, b, page_query(q, "place", NULL), place_full(q, v->query.place));
    for (int i = 0; i < v->n_at; i++)
        chip(q, b, page_query_param(q, v->at[i].param, NULL, NULL), condition_text(q, v, &v->at[i]));
    if (request_param(q, "where")) chip(q, b, page_query(q, "where", NULL), request_param(q, "where"));
    if (v->query.drafts) chip(q, b, page_query(q, "drafts", NULL), tr(q, "drafts too", "包括草稿"));
    html_raw(b, "</ul>");
}

void view_choices(struct request *q, struct buf *b, const struct view *v)
{
    const struct view_choice *c = &v->choice;
    if (!c->n) return;
    const struct web_param *p = &q->param[c->param];
    html(b, "<h2 class=\"after\">%s</h2><ul class=\"hits\">", arena_printf(q->arena,
         tr(q, "Which %s is “%s”?", "“%2$s”是哪个%1$s？"), entity_label(q, c->to->entity), p->value));
    for (int i = 0; i < c->n; i++)
        html(b, "<li><a href=\"%s%s\">%s</a></li>", page_url(q, "%s", q->path),
             page_query_param(q, c->param, p->name, arena_printf(q->arena, "%lld", (long long)c->id[i])),
             ref_title(q, c->to, c->county[i], c->id[i]));
    html_raw(b, "</ul>");
    if (c->more)
        html(b, "<p class=\"muted\">%s</p>", tr(q, "There are more: type more of the name.", "还有更多，请写得更具体。"));
}
