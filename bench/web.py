"""Helps bench/web.
web.py prepare STORE SESSIONS  writes cookies (one a session, of accounts that look at everything) and places (rows of
                               households from all over the store, COUNTY-ID); the store is not served meanwhile
web.py upload BASE COOKIE MB   sends a sheet of so many megabytes as a form does
web.py cookies STORE           prints a session for each who opens pages; the store is not served meanwhile
web.py pages BASE COOKIES      prints what each page takes to be made anew, in milliseconds, by who opens it
"""
import hashlib
import http.client
import random
import re
import secrets
import sqlite3
import sys
import time
import urllib.request

PLACES, A_COUNTY = 20000, 20
# Who opens pages, by login; and the addresses of docs/web.md. {kind} is the first link to a record of that kind in
# the list that the same account sees.
WHO = {"county": "county", "village": "ayaksayi", "nation": "officer", "admin": "admin", "public": None}
SLOW, TURNS = 100, 3
KINDS = {"household": "/households", "helper": "/helpers", "project": "/projects", "batch": "/batches", "plan": "/plans",
         "release": "/releases", "payment": "/money/payments", "journal": "/journal", "account": "/admin/accounts",
         "record": "/records/household", "person": "/records/person", "organisation": "/records/organisation",
         "document": "/records/document", "scorecard": "/scorecards"}
PAGES = """/ /claims /figures /figures?place=653224 /figures/poor_villages /figures/registered_households
/figures/poor_villages/table.csv /figures/poor_villages/trace /figures/registered_households/trace
/figures/poor_villages/years.svg /figures/poor_villages/places.svg /flow /flow/transfers
/work /work?kind=visit /work?place=653224 /households /households?place=653224 {household} {household}/trail
{household}/visits/new /helpers {helper} /projects {project} /batches {batch} /reports
/reports/quarter?period=2020Q2 /reports/year?period=2020 /reports/notice?period=2020&place=653224 /reports/press
/scorecards {scorecard} /rooms/labour /rooms/market /rooms/talent /rooms/matching /map /map/pairings /releases {release}
/money/payments {payment} /money/ageing /money/rules /watch /plans /plans?behind=1 {plan} /places /places/653224
/places/653224103222 /search?q=Chaoyang /search?q=Beijing /records /records/household /records/household?place=653224
/records/household?place=653224&sort=identified_on /records/household?place=653224&counts=1 /records/household?last=1
/records/household?sort=identified_on /records/household?f.danger_level=c /records/household?where=members+%3E+5
/records/household?f.code.begins=9 /records/household?f.moved_to.is=known
/records/person /records/person?place=653224&counts=1 {record} {record}/edit {person} {organisation} {document}
/records/agreement /records/agreement?counts=1 /records/visit/new /records/household/bulk?place=653224
/interface /interface/household /tour /tasks /imports /offline /offline/villages/653224103222 /journal {journal}
/me /admin/accounts {account} /admin/tokens /api/v1/records/household?limit=50 /api/v1/records/household?place=653224
/api/v1/figures/registered_households /api/v1/figures/registered_households?by=province /api/v1/tasks""".split()


def sessions(db, count):
    """A session is kept as the digest of what is in its cookie."""
    accounts = [row[0] for row in db.execute("select id from account where login in ('officer', 'admin', 'auditor')")]
    now, rows, out = int(time.time() * 1e6), [], []
    for i in range(count):
        token = secrets.token_urlsafe(32)
        mark = hashlib.blake2b(token.encode(), digest_size=32).hexdigest()
        rows.append((mark, accounts[i % len(accounts)], now, now, "127.0.0.1"))
        out.append(f"jiedui={token}\n")
    db.executemany("insert into session (mark, account, made, seen, address) values (?, ?, ?, ?, ?)", rows)
    db.commit()
    open("cookies", "w").writelines(out)


def places(db):
    counties, at = [], 0
    while row := db.execute("select county from household where county > ? limit 1", (at,)).fetchone():
        at = row[0]
        counties.append(at)
    chance, rows = random.Random(1), []
    for county in chance.sample(counties, min(len(counties), PLACES // A_COUNTY)):
        ids = [row[0] for row in db.execute("select id from household where county = ? limit 2000", (county,))]
        rows += [f"{county}-{row}\n" for row in chance.sample(ids, min(len(ids), A_COUNTY))]
    chance.shuffle(rows)
    open("places", "w").writelines(rows)


def upload(base, cookie, megabytes):
    name, _, value = cookie.partition(": ")
    page = urllib.request.urlopen(urllib.request.Request(f"{base}/en/imports", headers={name: value})).read().decode()
    csrf = re.search(r'name="csrf" value="([^"]*)"', page).group(1)
    edge = "----" + secrets.token_hex(16)
    head = (f'--{edge}\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n{csrf}\r\n'
            f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="organisation.csv"\r\n'
            'Content-Type: text/csv\r\n\r\ncode,name_zh,kind\n').encode()
    tail = f"\r\n--{edge}--\r\n".encode()
    part = b"".join(b"99-UP-%07d,\xe7\xa4\xba\xe8\x8c\x83\xe5\x90\x88\xe4\xbd\x9c\xe7\xa4\xbe,cooperative\n" % i
                    for i in range(1 << 14))
    parts = (megabytes << 20) // len(part)
    c = http.client.HTTPConnection(base.split("//")[1], timeout=600)
    c.putrequest("POST", "/en/imports")
    for key, text in ((name, value), ("Origin", base), ("Content-Type", f"multipart/form-data; boundary={edge}"),
                      ("Content-Length", str(len(head) + parts * len(part) + len(tail)))):
        c.putheader(key, text)
    c.endheaders()
    c.send(head)
    for _ in range(parts):
        c.send(part)
    c.send(tail)
    answer = c.getresponse()
    answer.read()
    if answer.status >= 400:
        sys.exit(f"the sheet was answered with {answer.status}")


def cookies(db):
    now = int(time.time() * 1e6)
    for who, login in WHO.items():
        if not login:
            continue
        account = db.execute("select id from account where login = ?", (login,)).fetchone()
        token = secrets.token_urlsafe(32)
        mark = hashlib.blake2b(token.encode(), digest_size=32).hexdigest()
        db.execute("insert into session (mark, account, made, seen, address) values (?, ?, ?, ?, ?)",
                   (mark, account[0], now, now, "127.0.0.1"))
        print(f"{who} jiedui={token}")
    db.commit()


class Visitor:
    """One connection of one account."""

    def __init__(self, base, cookie):
        self.at = http.client.HTTPConnection(base.split("//")[1], timeout=600)
        self.headers = {"Cookie": cookie} if cookie else {}
        self.links, self.n = {}, 0

    def ask(self, path):
        began = time.perf_counter()
        self.at.request("GET", path, headers=self.headers)
        answer = self.at.getresponse()
        body = answer.read()
        return answer.status, body, (time.perf_counter() - began) * 1000

    def link(self, kind):
        if kind not in self.links:
            page = KINDS[kind]
            body = self.ask("/en" + page)[1].decode()
            found = re.search(r'<t[hd][^>]*><a href="/en(/[^"?]*/[^"?/]*)"', body)
            self.links[kind] = found.group(1) if found else None
        return self.links[kind]

    def path(self, page):
        kind = re.match(r"{(\w+)}", page)
        if not kind:
            return page
        at = self.link(kind.group(1))
        return at + page[kind.end():] if at else None

    def anew(self, page):
        """The least of some turns, each an address that nobody has asked for."""
        path, best = self.path(page), None
        for _ in range(TURNS):
            if not path:
                return "-", 0
            self.n += 1
            language = "" if path.startswith("/api/") else "/en"
            status, _, took = self.ask(f"{language}{path}{'&' if '?' in path else '?'}x={self.n}.{random.random()}")
            if language == "" and status == 400:
                status, _, took = self.ask(path)
            best = took if best is None else min(best, took)
        return (f"{best:.1f}" if status == 200 else f"{best:.1f} ({status})"), best


def pages(base, file):
    known = dict(line.split() for line in open(file))
    visitors = {who: Visitor(base, known.get(who)) for who in WHO}
    slow = []
    print(f"{'page':<58}" + "".join(f"{who:>15}" for who in WHO))
    for page in PAGES:
        told = {who: visitor.anew(page) for who, visitor in visitors.items()}
        print(f"{page:<58}" + "".join(f"{told[who][0]:>15}" for who in WHO), flush=True)
        slow += [(took, page, who) for who, (_, took) in told.items() if took > SLOW]
    print(f"\n{len(slow)} over {SLOW} ms")
    for took, page, who in sorted(slow, reverse=True):
        print(f"{took:10.1f}  {page}  {who}")


if sys.argv[1] == "cookies":
    cookies(sqlite3.connect(sys.argv[2]))
elif sys.argv[1] == "pages":
    pages(sys.argv[2], sys.argv[3])
elif sys.argv[1] == "prepare":
    store = sqlite3.connect(sys.argv[2])
    sessions(store, int(sys.argv[3]))
    places(store)
else:
    upload(sys.argv[2], sys.argv[3], int(sys.argv[4]))
