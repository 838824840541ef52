"""The rules of IATI 2.03 for activity files, written from the standard's text: what must be there, in which
order, with which codes and dates. Prints each fault; exit status 1 when there is one."""
import datetime
import re
import sys
import xml.etree.ElementTree as tree

ORDER = """iati-identifier reporting-org title description participating-org other-identifier activity-status
activity-date contact-info activity-scope recipient-country recipient-region location sector tag
country-budget-items humanitarian-scope policy-marker collaboration-type default-flow-type
default-finance-type default-aid-type default-tied-status budget planned-disbursement capital-spend transaction
document-link related-activity legacy-data conditions result crs-add fss""".split()
IN_TRANSACTION = """transaction-type transaction-date value description provider-org receiver-org
disbursement-channel sector recipient-country recipient-region flow-type finance-type aid-type
tied-status""".split()
NEEDED = ["iati-identifier", "reporting-org", "title", "description", "participating-org", "activity-status",
          "activity-date", "recipient-country", "sector"]
ORG_TYPES = "10 11 15 21 22 23 24 30 40 60 70 71 72 73 80 90".split()
IDENTIFIER = re.compile(r"[^/&|?]+$")
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
DAY = re.compile(r"\d{4}-\d\d-\d\d$")
faults = []
sums = {}


def fault(where, what):
    faults.append(f"{where}: {what}")


def day(where, text):
    if not text or not DAY.match(text):
        fault(where, f"no day: {text}")
        return datetime.date.min
    return datetime.date.fromisoformat(text)


def ordered(where, element, order):
    at = 0
    for child in element:
        if child.tag not in order:
            fault(where, f"no such element: {child.tag}")
        elif order.index(child.tag) < at:
            fault(where, f"{child.tag} is out of order")
        else:
            at = order.index(child.tag)


def narratives(where, element):
    texts = [n.text for n in element.findall("narrative")]
    if not texts or not all(t and t.strip() for t in texts):
        fault(where, f"{element.tag} says nothing")
    for n in element.findall("narrative"):
        if n.get(LANG) not in ("en", "zh"):
            fault(where, f"{element.tag}: no language")
        if n.get(LANG) == "en" and any("\u4e00" <= c <= "\u9fff" for c in n.text or ""):
            fault(where, f"{element.tag}: Chinese said to be English: {n.text}")


def money(where, element):
    value = element.find("value")
    if value is None or not re.match(r"-?\d+(\.\d+)?$", value.text or ""):
        fault(where, "no value")
        return 0
    if value.get("currency") != "CNY":
        fault(where, "no currency")
    day(where, value.get("value-date"))
    return round(float(value.text) * 100)


def dates(where, activity):
    at = {}
    for d in activity.findall("activity-date"):
        at[d.get("type")] = day(where, d.get("iso-date"))
    if "1" not in at and "2" not in at:
        fault(where, "no first day")
    for kind in ("2", "4"):
        if kind in at and at[kind] > TODAY:
            fault(where, f"an actual day to come: {at[kind]}")
    for first, last in (("1", "3"), ("2", "4"), ("2", "3")):
        if first in at and last in at and at[first] > at[last]:
            fault(where, "it ends before it begins")
    status = activity.find("activity-status")
    if status is None or status.get("code") not in "1 2 3 4 5 6".split():
        fault(where, "no status")


def shares(where, activity):
    for name in ("sector", "recipient-country"):
        total = sum(float(x.get("percentage", "100")) for x in activity.findall(name))
        if total != 100:
            fault(where, f"shares of {name} come to {total}")
    for s in activity.findall("sector"):
        if s.get("vocabulary") != "1" or not re.match(r"\d{5}$", s.get("code", "")):
            fault(where, f"no sector: {s.get('code')}")


def budget(where, element):
    first = day(where, element.find("period-start").get("iso-date"))
    last = day(where, element.find("period-end").get("iso-date"))
    if first > last or (last - first).days > 366:
        fault(where, "a budget is of a year at most")
    if element.get("type") not in "12" or element.get("status") not in "12":
        fault(where, "a budget without type or status")
    money(where, element)


def transaction(where, element):
    ordered(where, element, IN_TRANSACTION)
    kind = element.find("transaction-type")
    code = kind.get("code") if kind is not None else None
    if code not in ("1", "2", "3", "4"):
        fault(where, f"transaction of type {code}")
    at = element.find("transaction-date")
    if at is None or day(where, at.get("iso-date")) > TODAY:
        fault(where, "a transaction to come")
    sums[code] = sums.get(code, 0) + money(where, element)
    for name in ("description", "provider-org", "receiver-org"):
        if element.find(name) is not None:
            narratives(where, element.find(name))


def activity(element, prefix, seen):
    own = (element.findtext("iati-identifier") or "").strip()
    where = own or "an activity"
    ordered(where, element, ORDER)
    for name in NEEDED:
        if element.find(name) is None:
            fault(where, f"{name} is missing")
    if not IDENTIFIER.match(own) or not own.startswith(prefix + "-") or own in seen:
        fault(where, "the identifier does not fit, or comes twice")
    seen.add(own)
    if element.get("default-currency") != "CNY":
        fault(where, "no currency")
    reporting = element.find("reporting-org")
    if reporting.get("ref") != prefix or reporting.get("type") not in ORG_TYPES:
        fault(where, "no reporting organisation")
    for name in ("title", "description", "reporting-org", "participating-org"):
        for e in element.findall(name):
            narratives(where, e)
    for e in element.findall("participating-org"):
        if e.get("role") not in "1234" or e.get("type") not in ORG_TYPES:
            fault(where, "a participating organisation without role or type")
    dates(where, element)
    shares(where, element)
    for e in element.findall("budget"):
        budget(where, e)
    for e in element.findall("transaction"):
        transaction(where, e)


TODAY = datetime.date.today() + datetime.timedelta(days=1)  # the programme's zone may be ahead of ours
path, prefix = sys.argv[1:3]
root = tree.parse(path).getroot()
if root.tag != "iati-activities" or root.get("version") != "2.03":
    fault(path, "no activities of 2.03")
found = set()
for a in root:
    activity(a, prefix, found)
text = open(path, encoding="utf-8").read()
if re.search(r"(?<!\d)\d{17}[\dXx](?!\d)", text):
    fault(path, "a number of a person")
for f in faults:
    print(f)
print(len(root), "activities;", " ".join(f"{k}:{v / 100:.2f}" for k, v in sorted(sums.items())))
sys.exit(1 if faults else 0)
