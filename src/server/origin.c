/* Where a request comes from. libmicrohttpd is asked in mhd.c, through these few words. */
#include "server/inner.h"

#include <arpa/inet.h>
#include <strings.h>

bool origin_is(const char *origin, const char *host)
{
    const char *at = origin ? strstr(origin, "://") : NULL;
    if (!at || !host || !*host) return false;
    at += 3;
    size_t n = strcspn(at, "/?#");
    return n == strlen(host) && strncasecmp(at, host, n) == 0;
}

/* The last of a list is what the proxy itself has seen; all before it is what it was told. */
static void last_of(const char *list, char *out, size_t size)
{
    const char *comma = strrchr(list, ','), *at = comma ? comma + 1 : list;
    at += strspn(at, " ");
    snprintf(out, size, "%.*s", (int)strcspn(at, " ,;"), at);
}

void origin_of(const struct server_options *opt, const struct origin_words *w, struct job *j)
{
    char host[256];
    bool proxied = opt->proxy && strcmp(w->peer, opt->proxy) == 0;
    bool https = opt->tls_cert != NULL;
    snprintf(j->address, sizeof j->address, "%s", w->peer);
    snprintf(host, sizeof host, "%s", w->host ? w->host : "");
    if (proxied && w->forwarded_for) last_of(w->forwarded_for, j->address, sizeof j->address);
    if (proxied && w->forwarded_proto) https |= strcasecmp(w->forwarded_proto, "https") == 0;
    if (proxied && w->forwarded_host) last_of(w->forwarded_host, host, sizeof host);
    j->secure = https || (!opt->proxy && listen_loopback(w->peer));
    if (w->origin) j->same_site = origin_is(w->origin, host);
    else if (w->fetch_site) j->same_site = strcmp(w->fetch_site, "same-origin") == 0;
    else j->same_site = origin_is(w->referer, host);
}
