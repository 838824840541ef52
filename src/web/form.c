#include "web/form.h"

#include <string.h>

void form_begin(struct request *q, struct buf *b, const char *action, const char *class)
{
    html(b, "<form method=\"post\" action=\"%s\" class=\"%s\">", action, class);
    if (*q->user->csrf)
        html(b, "<input type=\"hidden\" name=\"csrf\" value=\"%s\">", q->user->csrf);
}

void form_head(struct buf *b, const struct form_field *f)
{
    html(b, "<div class=\"fld%s\"><label for=\"f-%s\">%s", f->wrong ? " bad" : "", f->name, f->label);
    if (f->mark) html(b, " <b class=\"req\">%s</b>", f->mark);
    if (f->unit) html(b, " <span class=\"muted\">%s</span>", f->unit);
    html_raw(b, "</label>");
    if (f->hint) html(b, "<p class=\"hint\" id=\"h-%s\">%s", f->name, f->hint);
    if (f->hint && f->note) html(b, " <b>%s</b>", f->note);
    if (f->hint) html_raw(b, "</p>");
    if (f->wrong) html(b, "<p class=\"emsg\" id=\"e-%s\">%s</p>", f->name, f->wrong);
    if (f->warns) html(b, "<p class=\"wmsg\">%s</p>", f->warns);
}

static void attributes(struct buf *b, const struct form_field *f)
{
    html(b, " id=\"f-%s\" name=\"%s\"", f->name, f->name);
    if (f->required) html_raw(b, " required");
    if (f->wrong) html_raw(b, " aria-invalid=\"true\"");
    if (f->hint || f->wrong)
        html(b, " aria-describedby=\"%s%s%s%s%s\"", f->hint ? "h-" : "", f->hint ? f->name : "",
             f->hint && f->wrong ? " " : "", f->wrong ? "e-" : "", f->wrong ? f->name : "");
}

void form_control(struct buf *b, const struct form_field *f)
{
    const char *type = f->type ? f->type : "text";
    if (strcmp(type, "area") == 0) {
        html_raw(b, "<textarea rows=\"4\"");
        attributes(b, f);
        html(b, ">%s</textarea>", f->value);
        return;
    }
    html(b, "<input type=\"%s\"", type);
    attributes(b, f);
    html(b, " autocomplete=\"%s\"", f->complete ? f->complete : "off");
    if (f->value && strcmp(type, "password") != 0) html(b, " value=\"%s\"", f->value);
    if (strcmp(type, "password") == 0 || f->complete) html_raw(b, " spellcheck=\"false\" autocapitalize=\"none\"");
    if (f->mode) html(b, " inputmode=\"%s\"", f->mode);
    if (f->list) html(b, " list=\"%s\"", f->list);
    html_raw(b, ">");
}

void form_input(struct buf *b, const struct form_field *f)
{
    form_head(b, f);
    form_control(b, f);
    html_raw(b, "</div>");
}

void form_choose(struct buf *b, const struct form_field *f, const struct form_choice *c, int n)
{
    html_raw(b, "<select");
    attributes(b, f);
    html_raw(b, ">");
    for (int i = 0; i < n; i++) {
        bool on = f->value && strcmp(f->value, c[i].value) == 0;
        html(b, "<option value=\"%s\"%s>%s</option>", c[i].value, on ? " selected" : "", c[i].label);
    }
    html_raw(b, "</select>");
}

void form_select(struct buf *b, const struct form_field *f, const struct form_choice *c, int n)
{
    form_head(b, f);
    form_choose(b, f, c, n);
    html_raw(b, "</div>");
}

void form_check(struct buf *b, const char *name, const char *label, bool on)
{
    html(b, "<label class=\"box\"><input type=\"checkbox\" name=\"%s\" value=\"1\"%s><span>%s</span></label>",
         name, on ? " checked" : "", label);
}

void form_summary_begin(struct buf *b, bool warns, const char *title)
{
    html(b, "<div class=\"esum%s\" role=\"alert\" tabindex=\"-1\"><h2>%s</h2><ul>", warns ? " warn" : "", title);
}

void form_summary_line(struct request *q, struct buf *b, const char *name, const char *label, const char *message)
{
    if (name) html(b, "<li><a href=\"#f-%s\">%s%s%s</a></li>", name, label, q->zh ? "：" : ": ", message);
    else html(b, "<li>%s</li>", message);
}

void form_summary_end(struct buf *b)
{
    html_raw(b, "</ul></div>");
}

void form_summary(struct request *q, struct buf *b, const struct form_field *f, int n)
{
    int wrong = 0;
    for (int i = 0; i < n; i++) wrong += f[i].wrong != NULL;
    if (!wrong) return;
    form_summary_begin(b, false, arena_printf(q->arena, wrong == 1 ? tr(q, "There is %d problem", "有 %d 处需要改正")
                                              : tr(q, "There are %d problems", "有 %d 处需要改正"), wrong));
    for (int i = 0; i < n; i++)
        if (f[i].wrong) form_summary_line(q, b, f[i].name, f[i].label, f[i].wrong);
    form_summary_end(b);
}

void form_button(struct buf *b, const char *text, const char *class)
{
    html(b, "<p class=\"acts after\"><button class=\"%s\" type=\"submit\">%s</button></p></form>", class, text);
}

void form_act(struct request *q, struct buf *b, const char *action, const char *name,
              const char *value, const char *text, const char *class)
{
    form_begin(q, b, action, "act");
    if (name) html(b, "<input type=\"hidden\" name=\"%s\" value=\"%s\">", name, value);
    html(b, "<button class=\"%s\" type=\"submit\">%s</button></form>", class, text);
}

void form_note(struct buf *b, const char *kind, const char *text)
{
    html(b, "<p class=\"note-line %s\" role=\"status\">%s</p>", kind, text);
}
