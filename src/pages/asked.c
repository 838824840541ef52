/* Where, whose and when; and figures inside it. */
#include "pages/parts.h"

#include <string.h>

#include "base/date.h"
#include "base/period.h"
#include "base/id.h"

static bool read_day(struct request *q, const char *name, enum date_end end, int32_t *out,
                     struct err *e)
{
    const char *s = request_param(q, name);
    if (!s || date_parse(s, strlen(s), end, out)) return true;
    return err_field(e, ERR_INVALID, name,
                     tr(q, "\"%s\" is no date; write 2020-05-27, 2020-05 or 2020",
                        "“%s”不是日期，请写 2020-05-27、2020-05 或 2020"), s);
}

/* One answer for who is not there and who is not to be seen. */
static bool org_find(struct request *q, const char *text, int64_t *id, struct err *e)
{
    const struct table_map *m = model_find(q->seat->model, "organisation");
    struct val row[ENTITY_MAX_COLUMNS + 1];
    struct err own = { .code = ERR_NONE };
    int64_t county = 0;
    bool found = m && ref_find(q->seat->model, m, text, strlen(text), -1, q->seat->db, q->arena,
                               &county, id, &own);
    if (found && !row_seen(q->seat->model, q->seat->db, q->scope, m, county, *id, q->arena, row,
                           &found, e))
        return false;
    return found || err_field(e, ERR_NOT_FOUND, "org", tr(q, "there is no organisation \"%s\"",
                                                          "没有单位“%s”"), text);
}

bool asked_read(struct request *q, struct asked *s, struct err *e)
{
    *s = (struct asked){ .from = DATE_MIN, .to = DATE_MAX };
    const char *place = request_param(q, "place"), *org = request_param(q, "org"), *period = request_param(q, "period");
    const struct places *p = q->seat->model->places;
    if (period && !period_parse(period, &s->from, &s->to))
        return err_field(e, ERR_INVALID, "period", tr(q, "\"%s\" is no period: write 2020, 2020Q2 or 2020-06",
                         "“%s”不是时期，请写 2020、2020Q2 或 2020-06"), period);
    if (!read_day(q, "from", DATE_FIRST, &s->from, e) || !read_day(q, "to", DATE_LAST, &s->to, e))
        return false;
    if (place && !p->resolve(p->arg, q->seat->db, place, strlen(place), &s->place, e)) return false;
    if (!org) return true;
    s->org_text = org;
    return org_find(q, org, &s->org, e);
}

struct figure_query asked_figure(const struct asked *s, const char *name)
{
    return (struct figure_query){ .name = name, .place = s->place, .org = s->org, .from = s->from,
                                  .to = s->to };
}

static void add(struct buf *b, const char *name, const char *value)
{
    buf_printf(b, "%c%s=", b->n ? '&' : '?', name);
    url_add(b, value);
}

const char *asked_query(const struct request *q, const struct asked *s)
{
    struct buf b;
    char day[DATE_TEXT];
    buf_init(&b, 1 << 12);
    if (s->place) add(&b, "place", arena_printf(q->arena, "%012lld", (long long)s->place));
    if (s->org)
        add(&b, "org", s->org_text ? s->org_text : arena_printf(q->arena, "%lld", (long long)s->org));
    if (s->from != DATE_MIN) date_format(s->from, day), add(&b, "from", day);
    if (s->to != DATE_MAX) date_format(s->to, day), add(&b, "to", day);
    return arena_take(q->arena, &b);
}

const char *org_title(struct request *q, int64_t org)
{
    const struct table_map *m = model_find(q->seat->model, "organisation");
    return m ? ref_title(q, m, 0, org) : "";
}

static const char *asked_period(struct request *q, const struct asked *s)
{
    /* The public is told to the end of the last year. */
    int32_t end = scope_is_public(q->scope) && s->to == DATE_MAX ? q->scope->until : s->to;
    bool from = s->from != DATE_MIN, to = end != DATE_MAX;
    struct civil a = date_civil(s->from), b = date_civil(end);
    if (!from && !to) return tr(q, "all years", "历年累计");
    if (from && to && a.month == 1 && a.day == 1 && b.month == 12 && b.day == 31)
        return a.year == b.year ? arena_printf(q->arena, q->zh ? "%d年" : "%d", a.year)
             : arena_printf(q->arena, q->zh ? "%d–%d年" : "%d to %d", a.year, b.year);
    const char *first = from ? date_text(q, s->from, false) : "";
    const char *last = to ? date_text(q, end, false) : "";
    if (!from) return arena_printf(q->arena, q->zh ? "截至%s" : "until %s", last);
    if (!to) return arena_printf(q->arena, q->zh ? "自%s起" : "from %s", first);
    return arena_printf(q->arena, q->zh ? "%s至%s" : "%s to %s", first, last);
}

const char *asked_text(struct request *q, const struct asked *s)
{
    const char *where = s->place ? place_full(q, s->place) : tr(q, "All places", "全部地区");
    const char *comma = q->zh ? "，" : ", ";
    if (!s->org) return arena_printf(q->arena, "%s%s%s", where, comma, asked_period(q, s));
    return arena_printf(q->arena, "%s%s%s%s%s", where, comma, org_title(q, s->org), comma,
                        asked_period(q, s));
}

static void input(struct buf *b, const char *name, const char *label, const char *value,
                  const char *hint, const char *class)
{
    html(b, "<label class=\"%s\"><span>%s</span><input type=\"text\" name=\"%s\" value=\"%s\" "
         "placeholder=\"%s\"></label>", class, label, name, value, hint);
}

void asked_form(struct request *q, struct buf *b, const struct asked *s, const char *action,
                const char *wrong)
{
    static const char *const kept[] = { "room", "q" };   /* a chapter, words: other choices of the page */
    char from[DATE_TEXT] = "", to[DATE_TEXT] = "";
    const char *typed = request_param(q, "place");
    if (s->from != DATE_MIN) date_format(s->from, from);
    if (s->to != DATE_MAX) date_format(s->to, to);
    html(b, "<form class=\"scope-form\" method=\"get\" action=\"%s\" aria-label=\"%s\">", action,
         tr(q, "Where and when", "地区与时间"));
    input(b, "place", tr(q, "Place", "地区"), s->place ? place_full(q, s->place) : typed,
          tr(q, "All places", "全部地区"), "grow");
    input(b, "from", tr(q, "From", "自"), from, tr(q, "2016", "2016"), "day");
    input(b, "to", tr(q, "To", "至"), to, tr(q, "2020-06", "2020-06"), "day");
    if (s->org)
        html(b, "<input type=\"hidden\" name=\"org\" value=\"%s\">",
             s->org_text ? s->org_text : arena_printf(q->arena, "%lld", (long long)s->org));
    for (int i = 0; i < COUNT(kept); i++)
        if (request_param(q, kept[i]))
            html(b, "<input type=\"hidden\" name=\"%s\" value=\"%s\">", kept[i], request_param(q, kept[i]));
    html(b, "<button class=\"btn sm\" type=\"submit\">%s</button>", tr(q, "Show", "查看"));
    if (wrong) html(b, "<p class=\"emsg\" role=\"alert\">%s</p>", wrong);
    html_raw(b, "</form>");
}

bool figure_get(struct request *q, const struct figure *f, const struct asked *s,
                struct figure_value *out, struct err *e)
{
    struct figure_query query = asked_figure(s, f->name);
    struct err why = { .code = ERR_NONE };
    if (figure_read(&q->seat->context, q->seat->db, q->scope, &query, out, &why)) return true;
    if (why.code != ERR_USAGE && why.code != ERR_NOT_FOUND) {
        if (e) *e = why;
        return false;
    }
    *out = (struct figure_value){ .place = s->place, .why = arena_strdup(q->arena, why.message) };
    return true;
}

const char *figure_url(const struct request *q, const struct figure *f, const struct asked *s,
                       const char *below)
{
    return page_url(q, "/figures/%s%s%s", f->name, below, asked_query(q, s));
}

bool asked_opens(struct request *q, const struct asked *s)
{
    const struct table_map *m = model_find(q->seat->model, "organisation");
    struct val row[ENTITY_MAX_COLUMNS + 1];
    struct err e = { .code = ERR_NONE };
    bool found = true;
    if (!s->org || (q->scope->everywhere && !scope_is_public(q->scope))) return true;
    return m && row_seen(q->seat->model, q->seat->db, q->scope, m, 0, s->org, q->arena, row, &found, &e) && found;
}

void figure_link(struct request *q, struct buf *b, const struct figure *f, const struct asked *s,
                 const struct figure_value *v, bool brief)
{
    if (!v->known) {
        html(b, "<span class=\"unknown\" title=\"%s\">%s</span>", rests_text(q, v->why ? v->why : ""),
             value_text(q, f, v, brief));
        return;
    }
    if (!asked_opens(q, s)) {
        html(b, "%s", value_text(q, f, v, brief));
        return;
    }
    html(b, "<a class=\"fig\" href=\"%s\">%s</a>", figure_url(q, f, s, ""),
         value_text(q, f, v, brief));
}

void rests_tag(struct request *q, struct buf *b, const char *rests_on)
{
    if (!rests_on || !*rests_on) return;
    const char *class = strcmp(rests_on, "recorded") == 0 ? "tag ok" : "tag";
    html(b, "<span class=\"%s\">%s</span>", class, rests_text(q, rests_on));
}
