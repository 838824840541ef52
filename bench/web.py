"""Helps bench/web.
web.py prepare STORE SESSIONS  writes cookies (one a session, of accounts that look at everything) and places (rows of
                               households from all over the store, COUNTY-ID); the store is not served meanwhile
web.py upload BASE COOKIE MB   sends a sheet of so many megabytes as a form does
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


if sys.argv[1] == "prepare":
    store = sqlite3.connect(sys.argv[2])
    sessions(store, int(sys.argv[3]))
    places(store)
else:
    upload(sys.argv[2], sys.argv[3], int(sys.argv[4]))
