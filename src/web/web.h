/* web: a request, an answer, and the table of routes between them. Handlers are plain functions: they
 * see no socket, so that tests call them directly. This room knows no programme room.
 *
 * A seat is what one worker thread works with: its own connections and its own view of the model. A
 * site is what all share and nobody changes. Request and response live as long as the request's arena;
 * the response's body is owned by the server. */
#ifndef JD_WEB_WEB_H
#define JD_WEB_WEB_H

#include "entity/scope.h"
#include "figure/figure.h"
#include "text/text.h"
#include "web/html.h"

/* Who asks. Made by the server from the cookie or the token; a handler never makes one. */
struct user {
    int64_t account;               /* 0 = nobody has signed in */
    const char *login, *name;
    const struct scope *scope;     /* what may be seen; never NULL */
    const char *csrf;              /* what every form carries while somebody is signed in; else "" */
    bool token;                    /* came with an API token, not with a cookie */
    bool reads_only;               /* a token that may not write */
    int language;                  /* as chosen on the account's page: 0 none, 1 English, 2 Chinese */
    bool large;
};

/* Who a route is for: bits of roles. 0 is nobody but the administrator, who may go everywhere. */
enum {
    WHO_LOOKS = 1 << ROLE_PUBLIC | 1 << ROLE_HELPER | 1 << ROLE_VILLAGE | 1 << ROLE_LABOUR |
                1 << ROLE_OFFICER | 1 << ROLE_AUDITOR,
    WHO_ANYBODY = WHO_LOOKS | 1 << ROLE_NONE,          /* who may not look yet, too: sign-in */
    WHO_SIGNED_IN = WHO_LOOKS & ~(1 << ROLE_PUBLIC),
    WHO_WRITES = WHO_SIGNED_IN & ~(1 << ROLE_AUDITOR),
    WHO_AUDITS = 1 << ROLE_AUDITOR,
    WHO_AWAY = 1 << ROLE_VILLAGE,  /* who works where there is no network */
    WHO_MANAGES = 0
};

struct site {
    const char *version;           /* of the program */
    const char *assets;            /* address of the assets, with their digest in it */
    const char *figures_version;   /* digest of all definitions, short */
    bool demo;                     /* the store holds example programmes: said on every page */
    int zone;
};

struct seat {
    const struct site *site;
    struct db *db;                 /* look-ups */
    struct db *rows;               /* rows that stream while names are looked up over db */
    struct writer *writer;         /* shared; NULL = a write makes a transaction of its own */
    struct jobs *jobs;             /* longer work, shared (programme/job); NULL = none can be asked for */
    struct gate *gate;             /* sign-in, shared (programme/access); NULL in tests of pages */
    const struct model *model;     /* with places of this thread's own */
    struct figure_context context; /* figures over that model */
};

struct web_param { const char *name, *value; };
enum { WEB_CAPTURES = 4, WEB_PARAMS = 64 };

struct name_slot;                  /* pages/name.c */

struct request {
    const char *method;
    const char *path;              /* decoded, without the language: "/claims" */
    const char *query;             /* as it came, without the ?; "" when there is none */
    bool zh;
    struct web_param param[WEB_PARAMS]; int n_param;
    const char *capture[WEB_CAPTURES]; /* what ":name" of the route stood for */
    const char *accept_language;   /* "" when absent */
    const struct user *user;
    const struct scope *scope;     /* the user's */
    struct web_param *form; int n_form; /* of a form that was sent */
    const char *body; size_t body_n;    /* as it came; "" when there is none */
    const char *upload, *upload_name;   /* a file that came in a form: where it lies, what it is called; or NULL */
    bool *upload_taken;                 /* set by who keeps the file; else it is removed after the answer */
    const char *type;              /* of the body, Content-Type; or "" */
    const char *csrf;              /* X-CSRF-Token, or "" */
    const char *if_match, *idempotency; /* If-Match without its quotes, Idempotency-Key; or "" */
    const char *cookie;            /* the session's, or "" */
    const char *address;           /* of who asks: "203.0.113.7" */
    bool same_site;                /* Origin says that it comes from a page of ours */
    bool revealed;                 /* this record's personal fields are asked for, and noted */
    bool background;               /* a page asks on its own: no sign that somebody is there */
    bool secure;                   /* over TLS, or from this machine: passwords may be sent */
    int64_t now;                   /* the instant it came */
    int64_t number;                /* in the log */
    int32_t today;
    const struct seat *seat;
    struct arena *arena;
    struct name_slot *names;       /* what was called so in this answer before; NULL at first */
};

struct response {
    int status;
    const char *type;
    struct buf body;
    const char *location;          /* of a redirection */
    const char *cookie;            /* Set-Cookie, whole */
    const char *allow;             /* the methods of the address, when they are told */
    const char *file;              /* a file that is sent instead of the body, and then removed */
    bool file_stays;               /* it is not removed */
    bool stream;                   /* a stream of events about the user's tasks instead of a body */
    const char *filename;          /* what a download is called */
    int refresh;                   /* set before page_begin: seconds until a page without script asks again */
    const char *link;              /* the Link header: pages beside this one */
    bool forever;                  /* never changes under this address */
    bool no_store;
};

struct route {
    const char *method;
    const char *pattern;           /* "/records/:entity/:id" */
    uint32_t who;                  /* WHO_...; a row that forgets it is the administrator's alone */
    void (*run)(struct request *q, struct response *r);
};

void response_init(struct response *r);
void response_free(struct response *r);
/* Splits "a=1&b=2" into q->param; false when it is malformed, no UTF-8, or too much. */
bool request_query(struct request *q, const char *query);
const char *request_param(const struct request *q, const char *name);   /* NULL when absent or empty */
const char *request_form(const struct request *q, const char *name);    /* NULL when absent or empty */
/* A form's fields, as a body of application/x-www-form-urlencoded has them. */
bool request_read_form(struct request *q, const char *body, size_t n);
/* Runs fn in a transaction, written as this user; with the group-committing writer where there is
 * one. fn may be run again, and on another thread while this one waits. Whether the user may write
 * what fn writes is for the caller to ask (scope_writes, row_seen of what was there). */
bool request_write(struct request *q, tx_fn *fn, void *arg, struct err *e) WARN_UNUSED;
bool who_open(uint32_t who, const struct user *u);
/* Finds the route, checks who asks, and runs it. HEAD is GET, OPTIONS tells the methods. A POST must come
 * from a page of ours and carry the session's token. Writes 404, 405, 401 or 403 itself; who has not
 * signed in and may not see a page is sent to sign in. */
void route_run(const struct route *routes, int n, struct request *q, struct response *r);
/* Does a path fit a pattern? Captures are put into the arena. */
bool route_match(const char *pattern, const char *path, const char *capture[WEB_CAPTURES],
                 struct arena *a);

/* Both languages stand side by side, so that one cannot be forgotten. */
static inline const char *tr(const struct request *q, const char *en, const char *zh)
{
    return q->zh ? zh : en;
}

/* ---- page.c: the frame of every page ---- */
enum page_nav { NAV_NONE, NAV_OVERVIEW, NAV_WORK, NAV_HOUSEHOLDS, NAV_CLAIMS, NAV_FIGURES, NAV_RELEASES, NAV_FLOW,
                NAV_MAP, NAV_PLACES, NAV_RECORDS, NAV_IMPORT, NAV_ADMIN };
void page_begin(struct request *q, struct response *r, enum page_nav nav, const char *title);
void page_end(struct request *q, struct response *r);
void page_error(struct request *q, struct response *r, int status, const char *message);
void page_fail(struct request *q, struct response *r, const struct err *e); /* status from the code */
int page_status(enum err_code code);
void page_redirect(struct response *r, struct arena *a, const char *location);
/* "/en/figures" + rest; arena. */
const char *page_url(const struct request *q, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* The query string of this request with `name` set to value (NULL = left out), "?a=1&b=2" or "".
 * What says which page of a list is shown is left out unless named. Arena. */
const char *page_query(const struct request *q, const char *name, const char *value);
/* The same without parameter number `number` (-1 = none), and name=value besides. */
const char *page_query_param(const struct request *q, int number, const char *name, const char *value);
/* Does the parameter say which page of a list is shown, or what is being added to its conditions? */
bool query_is_page(const char *name);

/* ---- number.c: numbers and dates as each language writes them; arena ---- */
const char *unit_name(const struct request *q, const char *unit, int64_t count);
const char *number_text(const struct request *q, int64_t v, int scale);     /* 1,234.5 */
const char *money_text(const struct request *q, int64_t fen, bool brief);   /* ¥3.7M, 370 万元 */
const char *date_text(const struct request *q, int32_t date, bool table);
const char *instant_text(const struct request *q, int64_t at);
/* A figure's value: the sign of its qualifier, the number, and its unit unless brief. */
const char *value_text(const struct request *q, const struct figure *f,
                       const struct figure_value *v, bool brief);
const char *figure_label(const struct request *q, const struct figure *f);
const char *rests_text(const struct request *q, const char *rests_on);

/* ---- chart.c: charts the server writes; each is one tab stop with links in its marks ---- */
struct chart_mark { const char *label, *text, *url; int64_t value; };
/* Horizontal bars, largest first as given; width in px. Negative values are drawn as 0. */
void chart_bars(struct buf *b, const char *name, const struct chart_mark *marks, int n, int width);
/* Upright columns over equal steps of time. */
void chart_columns(struct buf *b, const char *name, const struct chart_mark *marks, int n, int width);
/* One bar split into parts: classes name the colours. */
struct chart_part { const char *class; int64_t value; };
void chart_split(struct buf *b, const struct chart_part *parts, int n, int width, int height);
void chart_mini(struct buf *b, int64_t value, int64_t max);
/* ---- chart_time.c ---- */
/* One line; points that are not known are gaps. Arrays are as long as there are points. */
struct chart_series {
    const char *label;
    const int64_t *value;
    const bool *known;
    const char *const *text, *const *url;
};
void chart_lines(struct buf *b, const char *name, const struct chart_series *s, int n, const char *const *label,
                 int points, int width);
/* Columns made of parts, the first at the bottom; classes name the colours. */
enum { CHART_PARTS = 4 };
struct chart_stack_mark { struct chart_mark mark; int64_t part[CHART_PARTS]; };
void chart_stack(struct buf *b, const char *name, const struct chart_stack_mark *m, int n, const char *const *class,
                 int parts, int width);
/* Makes the chart that was written at b->p + from a picture of its own, with its colours. */
void chart_alone(struct buf *b, size_t from);

#endif
