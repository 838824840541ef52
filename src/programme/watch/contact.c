/* Periods of a contact plan. */
#include "programme/watch/contact.h"

#include "base/date.h"

bool contact_period(const struct contact_rule *r, int i, struct contact_period *out)
{
    int32_t from = date_add_months(r->from, i * r->every);
    int32_t next = date_add_months(r->from, (i + 1) * r->every);
    if (from > r->to || from == DATE_MAX) return false;
    *out = (struct contact_period){ .from = from, .to = next - 1 < r->to ? next - 1 : r->to };
    return true;
}

int contact_index(const struct contact_rule *r, int32_t day)
{
    if (day < r->from || day > r->to) return -1;
    struct civil a = date_civil(r->from), b = date_civil(day);
    int i = ((b.year - a.year) * 12 + b.month - a.month) / r->every;
    /* A period that begins on the 31st begins earlier in short months: look around the guess. */
    struct contact_period p;
    while (i > 0 && date_add_months(r->from, i * r->every) > day) i--;
    while (contact_period(r, i, &p) && p.to < day) i++;
    return i;
}

void contact_count(const struct contact_rule *r, const struct contact_at *c, int n_contacts,
                   struct contact_period *p, int n, int64_t *loose)
{
    *loose = 0;
    for (int i = 0; i < n; i++) p[i].held = 0;
    for (int k = 0; k < n_contacts; k++) {
        if (c[k].to < r->from || c[k].from > r->to) continue;
        int a = c[k].from == DATE_MIN ? -1 : contact_index(r, c[k].from);
        int b = c[k].to == DATE_MAX ? -1 : contact_index(r, c[k].to);
        if (a < 0 || a != b) *loose += c[k].count;
        else if (a < n) p[a].held += c[k].count;
    }
}
