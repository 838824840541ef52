"""Signs in to a demo store and makes a token for programs: token.py BASE LOGIN [reads]"""
import http.cookiejar
import re
import sys
import urllib.parse
import urllib.request

base, login, reads = sys.argv[1], sys.argv[2], sys.argv[3:] == ["reads"]
opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
opener.addheaders = [("Origin", base)]


def send(path, **fields):
    """A form of the page above `path`, with that session's own token where it has one."""
    page = opener.open(f"{base}/en/{path.split('/')[0]}").read().decode()
    csrf = re.search(r'name="csrf" value="([^"]*)"', page)
    if csrf:
        fields["csrf"] = csrf.group(1)
    return opener.open(f"{base}/en/{path}", urllib.parse.urlencode(fields).encode()).read().decode()


send("sign-in", login=login, password="jiedui-demo")
page = send("me/tokens", name="fuzz", days="1", **({"reads": "1"} if reads else {}))
print(re.search(r'role="status">[^<]*<code>([^<]+)</code>', page).group(1))
