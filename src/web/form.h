/* form: the parts of a form: one column, the label above, the hint below it, what is wrong beside the
 * field and in a summary on top. What was typed stays, but for passwords. */
#ifndef JD_WEB_FORM_H
#define JD_WEB_FORM_H

#include "web/web.h"

struct form_field {
    const char *name, *label, *hint;   /* hint may be NULL */
    const char *type;                  /* "text", "password", "date", "area" (several lines); NULL = text */
    const char *value;                 /* never of a password */
    const char *wrong;                 /* what to enter instead, or NULL */
    const char *complete;              /* the autocomplete word, or NULL = "off" */
    bool required;
    const char *mark, *unit;           /* behind the label; or NULL */
    const char *note, *warns;          /* behind the hint; what looks unusual beside the field; or NULL */
    const char *mode, *list;           /* the keyboard, and the list of suggestions, of an input; or NULL */
};
void form_begin(struct request *q, struct buf *b, const char *action, const char *class);
void form_input(struct buf *b, const struct form_field *f);
/* The same in parts: all above the control, and the control; "</div>" is left to the caller. */
void form_head(struct buf *b, const struct form_field *f);
void form_control(struct buf *b, const struct form_field *f);
struct form_choice { const char *value, *label; };
void form_choose(struct buf *b, const struct form_field *f, const struct form_choice *c, int n);
void form_select(struct buf *b, const struct form_field *f, const struct form_choice *c, int n);
void form_check(struct buf *b, const char *name, const char *label, bool on);
/* "There are 2 problems", each with a link to its field; nothing when none is wrong. */
void form_summary_begin(struct buf *b, bool warns, const char *title);
void form_summary_line(struct request *q, struct buf *b, const char *name, const char *label, const char *message);
void form_summary_end(struct buf *b);
void form_summary(struct request *q, struct buf *b, const struct form_field *f, int n);
void form_button(struct buf *b, const char *text, const char *class);   /* "btn pri" */
/* A form that is one button. */
void form_act(struct request *q, struct buf *b, const char *action, const char *name,
              const char *value, const char *text, const char *class);
/* A message on top of a page: "ok", "warn", "err". */
void form_note(struct buf *b, const char *kind, const char *text);

#endif
