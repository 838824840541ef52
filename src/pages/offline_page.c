/* Away from the network: the villages whose pages a team takes along on its phone, what waits there to be
 * sent, and what the phone asks before it sends. assets/outbox.js does the work in the browser. */
#include "pages/parts.h"

#include <string.h>

#include "base/json.h"
#include "pages/face.h"
#include "web/form.h"

/* A phone takes so many villages, and of each so many households, the first of them with a form of their own
 * (the others share one); the lists say when there are more. */
enum { VILLAGES = 20, SEEN = 5000, HOUSEHOLDS = 1000, FORMS = 300 };
#define STILL_HERE "not known(left_on)"

struct village { int64_t place; int households; };
struct villages { struct village at[VILLAGES]; int n; int64_t seen; bool more; };

static void add_household(struct villages *v, int64_t place)
{
    int i = 0;
    while (i < v->n && v->at[i].place != place) i++;
    if (i == VILLAGES) {
        v->more = true;
        return;
    }
    if (i == v->n) v->at[v->n++] = (struct village){ place, 0 };
    v->at[i].households++;
}

static bool keep_village(void *arg, const struct table_map *m, const struct val *row, struct err *e)
{
    struct villages *v = arg;
    struct val place = row[m->column[m->place]];
    (void)e;
    v->more |= ++v->seen > SEEN;
    if (place.type == VAL_INT && v->seen <= SEEN) add_household(v, place.i);
    return true;
}

/* The villages of who looks, by their households; one's own village also while it has none. */
static bool find_villages(struct request *q, struct villages *v, struct err *e)
{
    const struct table_map *m = model_find(q->seat->model, "household");
    struct list_query all = { .where = STILL_HERE, .limit = SEEN + 1, .drafts = true };
    if (!m || !scope_kind(q->scope, m)) return true;
    if (!list_rows(q->seat->model, q->seat->rows, q->scope, m, &all, keep_village, v, e)) return false;
    if (!v->n && place_level(q->scope->place) == 5) v->at[v->n++].place = q->scope->place;
    return true;
}

/* --- what is taken along --- */

static void village_boxes(struct request *q, struct buf *b, const struct villages *v)
{
    html(b, "<fieldset class=\"bare\"><legend>%s</legend><div class=\"boxes\">", tr(q, "Villages", "村"));
    for (int i = 0; i < v->n; i++) {
        const char *many = v->at[i].households == 1 ? tr(q, "1 household", "1 户")
            : arena_printf(q->arena, tr(q, "%d households", "%d 户"), v->at[i].households);
        const char *url = page_url(q, "/offline/villages/%012lld", (long long)v->at[i].place);
        html(b, "<div class=\"pick\"><label class=\"box\"><input type=\"checkbox\" checked value=\"%s\"><span>%s / %s"
             "</span></label><a href=\"%s\">%s</a></div>", url, place_name(q, v->at[i].place / 1000 * 1000),
             place_name(q, v->at[i].place), url, many);
    }
    html_raw(b, "</div></fieldset>");
    if (v->more)
        html(b, "<p class=\"hint\">%s</p>", arena_printf(q->arena, tr(q, "At most %d villages and %d households are "
             "taken along: these are the first.", "最多带走 %d 个村、%d 户，此处为前列各村。"), VILLAGES, SEEN));
}

static void form_links(struct request *q, struct buf *b)
{
    const struct model *mo = q->seat->model;
    html(b, "<h3>%s</h3><ul class=\"kinds\">", tr(q, "Forms", "表单"));
    for (int i = 0; i < mo->n; i++) {
        const struct table_map *m = &mo->maps[i];
        if (!(m->entity->flags & E_AWAY) || !scope_writes(q->scope, m)) continue;
        html(b, "<li><a data-form href=\"%s\">%s</a></li>", page_url(q, "/records/%s/new", m->entity->name),
             entity_label(q, m->entity));
    }
    html_raw(b, "</ul>");
}

static bool take_panel(struct request *q, struct buf *b, struct err *e)
{
    struct villages v = { .n = 0 };
    if (!find_villages(q, &v, e)) return false;
    html(b, "<section class=\"panel\" data-take><h2>%s</h2><p>%s</p>",
         tr(q, "Take these villages offline", "离线带走这些村"),
         tr(q, "Their lists of households and the forms are put on this phone and tried out, names masked.",
            "将各村农户名单（姓名已遮蔽）和表单存入本机，并当场检验。"));
    if (v.n) village_boxes(q, b, &v);
    else empty_note(b, tr(q, "No household is registered in your villages yet: the forms alone are taken along.",
                          "您的村尚无在册农户，只带走表单。"));
    form_links(q, b);
    html(b, "<p class=\"note-line err\" data-cannot hidden></p><p class=\"note-line\" data-taken role=\"status\">%s</p>"
         "<p class=\"acts after\"><button class=\"btn pri\" type=\"button\" data-act=\"take\" disabled>%s</button></p>"
         "</section>", tr(q, "Nothing has been taken along yet.", "尚未带走任何内容。"),
         tr(q, "Take them offline", "带走"));
    return true;
}

static void outbox_panel(struct request *q, struct buf *b)
{
    html(b, "<section class=\"panel\"><h2>%s</h2><noscript><p class=\"note-line err\">%s</p></noscript>"
         "<p class=\"empty\" data-none>%s</p><ol class=\"outbox\" data-list></ol><p class=\"acts after\">"
         "<button class=\"btn\" type=\"button\" data-act=\"send\" hidden>%s</button>"
         "<button class=\"btn\" type=\"button\" data-act=\"save\" hidden>%s</button></p></section>",
         tr(q, "On this phone", "本机待发"),
         tr(q, "Keeping records on the phone needs JavaScript, which is off in this browser.",
            "在本机保存记录需要 JavaScript，此浏览器已关闭。"),
         tr(q, "Nothing waits to be sent.", "没有待发送的记录。"),
         tr(q, "Send now", "立即发送"), tr(q, "Save to a file", "存为文件"));
}

static void facts_panel(struct request *q, struct buf *b)
{
    html(b, "<section class=\"panel\"><h2>%s</h2><ul class=\"hits\"><li>%s</li><li>%s</li><li>%s</li><li>%s</li>"
         "<li>%s</li></ul></section>", tr(q, "Good to know", "须知"),
         tr(q, "iPhone and iPad delete what a site has saved after 7 days without use. Share, then \"Add to Home "
               "Screen\", and open Jiedui from there: then it stays.",
            "iPhone、iPad 会在 7 天未使用后删除网站保存的内容。请点“分享”、“添加到主屏幕”，并从主屏幕打开，方可保留。"),
         tr(q, "It does not work in WeChat's browser, in a private window, or where the address begins with http:// "
               "(this machine itself excepted). Clearing the browser's data deletes what is not sent.",
            "微信内置浏览器、无痕窗口及 http:// 地址（本机除外）不能离线使用。清除浏览器数据会删除未发送的记录。"),
         tr(q, "Records are sent when the phone is back in the network and this site is open. Signing in ends after "
               "12 hours: what was written stays, and is sent when you sign in again.",
            "恢复联网并打开本站后自动发送。登录 12 小时后失效，已填内容仍保留，重新登录后发送。"),
         tr(q, "Signing out removes the lists and forms from this phone; before it removes what is not sent, it asks.",
            "退出登录会清除本机名单和表单；清除未发送的记录前会先询问。"),
         tr(q, "If sending never works, save to a file: the county can import it, and nothing is counted twice.",
            "若始终无法发送，请存为文件，由县里导入，不会重复计数。"));
}

void offline_page(struct request *q, struct response *r)
{
    struct err e = { .code = ERR_NONE };
    struct buf *b = &r->body;
    page_begin(q, r, NAV_WORK, tr(q, "Away from the network", "离线工作"));
    head_begin(b, tr(q, "Away from the network", "离线工作"), tr(q,
        "Write visits down where there is no network; they are sent once you are back.",
        "无网络时照常填写走访，联网后自动发送。"));
    head_end(b);
    html_raw(b, "<p class=\"note-line err\" data-elsewhere hidden></p><div class=\"grid\"><div class=\"c8 side\">");
    outbox_panel(q, b);
    bool ok = take_panel(q, b, &e);
    html_raw(b, "</div><div class=\"c4 side\">");
    facts_panel(q, b);
    html_raw(b, "</div></div>");
    if (ok) page_end(q, r);
    else page_fail(q, r, &e);
}

/* --- a village's households --- */

static const char *const shown[] = { "members", "attribute", "exit_attr", "main_cause" };
struct households { struct request *q; struct buf *b; int n; };

static bool household_line(void *arg, const struct table_map *m, const struct val *row, struct err *e)
{
    struct households *h = arg;
    struct request *q = h->q;
    (void)e;
    if (h->n++ >= HOUSEHOLDS) return true;
    const char *code = ref_text(q->seat->model, m, row[ROW_COUNTY].i, row[ROW_ID].i, q->seat->db, q->arena);
    const char *form = h->n <= FORMS ? arena_printf(q->arena, "%s/visits/new", row_url(q, m, row[ROW_COUNTY].i,
                                                                                      row[ROW_ID].i))
        : page_url(q, "/records/visit/new?place=%012lld&household=%s", (long long)row[m->column[m->place]].i,
                   url_part(q->arena, code));
    html(h->b, "<tr role=\"row\"><th scope=\"row\" role=\"rowheader\"><a href=\"%s\">%s</a></th>", form, code);
    for (int i = 0; i < COUNT(shown); i++) {
        int f = map_field(m, shown[i]);
        html(h->b, "<td role=\"cell\" class=\"%s\" data-l=\"%s\">", cell_right(&m->field[f]) ? "num" : "",
             q->zh ? m->field[f].zh : m->field[f].en);
        cell_write(q, h->b, m, f, row);
        html_raw(h->b, "</td>");
    }
    html_raw(h->b, "</tr>");
    return true;
}

static bool households_table(struct request *q, struct buf *b, const struct table_map *m, int64_t place,
                             struct err *e)
{
    struct households h = { q, b, 0 };
    struct list_query in = { .place = place, .where = STILL_HERE, .limit = HOUSEHOLDS + 1, .drafts = true };
    table_open(b, tr(q, "Households", "农户"), "stack");
    table_head(b, tr(q, "Write down a visit to", "填写走访"), false);
    for (int i = 0; i < COUNT(shown); i++) {
        const struct field *f = &m->field[map_field(m, shown[i])];
        table_head(b, q->zh ? f->zh : f->en, cell_right(f));
    }
    table_body(b);
    if (!list_rows(q->seat->model, q->seat->rows, q->scope, m, &in, household_line, &h, e)) return false;
    table_close(b);
    if (!h.n) empty_note(b, tr(q, "No household is registered here yet.", "此地尚无在册农户。"));
    if (h.n > HOUSEHOLDS)
        html(b, "<p class=\"note\">%s</p>", arena_printf(q->arena, tr(q, "These are the first %d; others are written "
             "with their code.", "此处列前 %d 户，其余请填户编号。"), HOUSEHOLDS));
    return true;
}

static bool village_asked(struct request *q, int64_t *place, struct err *e)
{
    const struct places *p = q->seat->model->places;
    struct err ignored = { .code = ERR_NONE };
    if (p->resolve(p->arg, q->seat->db, q->capture[0], strlen(q->capture[0]), place, &ignored)) {
        struct place_range own = place_own_range(*place);
        if (scope_holds(q->scope, &own, 1)) return true;
    }
    return err_set(e, ERR_NOT_FOUND, "%s", tr(q, "There is no such village in your area.", "您的范围内没有此村。"));
}

void offline_village(struct request *q, struct response *r)
{
    const struct table_map *m = model_find(q->seat->model, "household");
    struct err e = { .code = ERR_NONE };
    struct buf *b = &r->body;
    int64_t place = 0;
    if (!m || !village_asked(q, &place, &e)) {
        page_fail(q, r, &e);
        return;
    }
    page_begin(q, r, NAV_WORK, place_name(q, place));
    crumb_begin(q, b);
    crumb(b, page_url(q, "/offline"), tr(q, "Away from the network", "离线工作"));
    crumb(b, NULL, place_name(q, place));
    crumb_end(b);
    head_begin(b, place_name(q, place), tr(q, "Choose a household to write down a visit to it; names are masked.",
                                           "点选农户填写走访；姓名已遮蔽。"));
    html(b, "<a class=\"btn\" href=\"%s?place=%012lld\">%s</a>", page_url(q, "/records/visit/new"), (long long)place,
         tr(q, "A visit to the village", "走访本村"));
    head_end(b);
    html_raw(b, "<section class=\"panel\">");
    if (!households_table(q, b, m, place, &e)) {
        page_fail(q, r, &e);
        return;
    }
    html_raw(b, "</section>");
    page_end(q, r);
}

/* --- before sending --- */

/* Who is signed in, the token that a form of theirs carries, and the server's clock. */
void offline_ready(struct request *q, struct response *r)
{
    struct json_out j;
    bool ready = q->user->account && who_open(WHO_AWAY, q->user);
    r->type = "application/json";
    r->no_store = true;
    json_start(&j, &r->body);
    json_object(&j);
    json_member_str(&j, "account", ready ? arena_printf(q->arena, "%lld", (long long)q->user->account) : "");
    json_member_str(&j, "csrf", ready ? q->user->csrf : "");
    json_member_int(&j, "now", q->now / 1000);
    json_end_object(&j);
}
