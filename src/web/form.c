#include "web/form.h"

#include <string.h>

void form_begin(struct request *q, struct buf *b, const char *action, const char *class)
{
    html(b, "<form method=\"post\" action=\"%s\" class=\"%s\">", action, class);
    if (*q->user->csrf)
        html(b, "<input type=\"hidden\" name=\"csrf\" value=\"%s\">", q->user->csrf);
}

static void head(struct buf *b, const struct form_field *f)
{
    html(b, "<div class=\"fld%s\"><label for=\"f-%s\">%s</label>", f->wrong ? " bad" : "", f->name, f->label);
    if (f->hint) html(b, "<p class=\"hint\" id=\"h-%s\">%s</p>", f->name, f->hint);
    if (f->wrong) html(b, "<p class=\"emsg\" id=\"e-%s\">%s</p>", f->name, f->wrong);
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

void form_input(struct buf *b, const struct form_field *f)
{
    const char *type = f->type ? f->type : "text";
    head(b, f);
    if (strcmp(type, "area") == 0) {
        html_raw(b, "<textarea rows=\"4\"");
        attributes(b, f);
        html(b, ">%s</textarea></div>", f->value);
        return;
    }
    html(b, "<input type=\"%s\" autocomplete=\"%s\"", type, f->complete ? f->complete : "off");
    if (f->value && strcmp(type, "password") != 0) html(b, " value=\"%s\"", f->value);
    if (strcmp(type, "password") == 0 || f->complete) html_raw(b, " spellcheck=\"false\" autocapitalize=\"none\"");
    attributes(b, f);
    html_raw(b, "></div>");
}

void form_select(struct buf *b, const struct form_field *f, const struct form_choice *c, int n)
{
    head(b, f);
    html_raw(b, "<select");
    attributes(b, f);
    html_raw(b, ">");
    for (int i = 0; i < n; i++) {
        bool on = f->value && strcmp(f->value, c[i].value) == 0;
        html(b, "<option value=\"%s\"%s>%s</option>", c[i].value, on ? " selected" : "", c[i].label);
    }
    html_raw(b, "</select></div>");
}

void form_check(struct buf *b, const char *name, const char *label, bool on)
{
    html(b, "<label class=\"box\"><input type=\"checkbox\" name=\"%s\" value=\"1\"%s><span>%s</span></label>",
         name, on ? " checked" : "", label);
}

void form_summary(struct request *q, struct buf *b, const struct form_field *f, int n)
{
    int wrong = 0;
    for (int i = 0; i < n; i++) wrong += f[i].wrong != NULL;
    if (!wrong) return;
    html(b, "<div class=\"errors\" role=\"alert\" tabindex=\"-1\"><h2>%s</h2><ul>", arena_printf(q->arena,
         wrong == 1 ? tr(q, "There is %d problem", "有 %d 处需要改正")
                    : tr(q, "There are %d problems", "有 %d 处需要改正"), wrong));
    for (int i = 0; i < n; i++)
        if (f[i].wrong)
            html(b, "<li><a href=\"#f-%s\">%s%s%s</a></li>", f[i].name, f[i].label, q->zh ? "：" : ": ",
                 f[i].wrong);
    html_raw(b, "</ul></div>");
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
