/* Sockets and addresses. */
#include "server/inner.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

bool listen_parse(const char *text, char address[64], int *port, struct err *e)
{
    const char *colon = strrchr(text, ':'), *from = text, *digits = colon ? colon + 1 : text;
    size_t n = colon ? (size_t)(colon - text) : 0;
    if (n >= 2 && *from == '[' && from[n - 1] == ']') {
        from++;
        n -= 2;
    }
    char *end;
    long value = strtol(digits, &end, 10);
    if (!*digits || *end || value < 0 || value > 65535 || n >= 64)
        return err_set(e, ERR_USAGE, "\"%s\" is no address; write 127.0.0.1:8080", text);
    if (n == 0) snprintf(address, 64, "127.0.0.1");
    else snprintf(address, 64, "%.*s", (int)n, from);
    *port = (int)value;
    return true;
}

bool listen_loopback(const char *address)
{
    struct in_addr v4;
    struct in6_addr v6;
    if (inet_pton(AF_INET, address, &v4) == 1) return (ntohl(v4.s_addr) >> 24) == 127;
    if (inet_pton(AF_INET6, address, &v6) == 1) return IN6_IS_ADDR_LOOPBACK(&v6);
    return strcmp(address, "localhost") == 0;
}

bool host_is_local(const char *host)
{
    static const char *const names[] = { "localhost", "127.0.0.1", "[::1]" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t n = strlen(names[i]);
        if (strncmp(host, names[i], n) == 0 && (!host[n] || host[n] == ':')) return true;
    }
    return false;
}

static int bound(const struct addrinfo *a, int *error)
{
    int fd = socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC, a->ai_protocol), one = 1;
    if (fd < 0) {
        *error = errno;
        return -1;
    }
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(fd, a->ai_addr, a->ai_addrlen) == 0 && listen(fd, 1024) == 0) return fd;
    *error = errno;
    close(fd);
    return -1;
}

static int try_port(const char *address, int port, int *error)
{
    char service[16];
    struct addrinfo hints = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM,
                              .ai_flags = AI_PASSIVE | AI_NUMERICSERV }, *list;
    snprintf(service, sizeof service, "%d", port);
    if (getaddrinfo(address, service, &hints, &list) != 0) {
        *error = EADDRNOTAVAIL;
        return -1;
    }
    int fd = bound(list, error);
    freeaddrinfo(list);
    return fd;
}

bool listen_open(const char *address, int port, bool next, int *out, int *got, struct err *e)
{
    int error = 0, fd = try_port(address, port, &error);
    for (int i = 1; fd < 0 && next && error == EADDRINUSE && i < 50 && port + i < 65536; i++)
        fd = try_port(address, port + i, &error);
    if (fd < 0)
        return err_set(e, ERR_CONFLICT, "cannot listen on %s:%d: %s", address, port, strerror(error));
    struct sockaddr_storage at;
    socklen_t n = sizeof at;
    char service[16] = "0";
    if (getsockname(fd, (struct sockaddr *)&at, &n) != 0 ||
        getnameinfo((struct sockaddr *)&at, n, NULL, 0, service, sizeof service, NI_NUMERICSERV) != 0) {
        close(fd);
        return err_set(e, ERR_INTERNAL, "the port that was got cannot be read");
    }
    *out = fd;
    *got = (int)strtol(service, NULL, 10);
    return true;
}
