"""What bench_xlsx does, by openpyxl: xlsx_peer.py write FILE ROWS | read FILE"""
import datetime
import random
import resource
import sys
import time

import openpyxl


def write(path, rows):
    names = ["张伟", "王芳", "李娜", "刘洋", "欧阳修", "Ayša Memet"]
    day = datetime.date(2019, 4, 14)
    pick = random.Random(1)
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("data")
    for i in range(rows):
        sheet.append([f"{653223000000 + i:018d}", pick.choice(names), "皮山县",
                      f"第{pick.randrange(5000)}村", "on the register since the first survey",
                      pick.randrange(10), pick.randrange(100000) / 100,
                      day + datetime.timedelta(days=pick.randrange(1000)),
                      pick.randrange(10000000) / 100, pick.randrange(100000) / 100])
    book.save(path)
    return rows * 10


def read(path):
    book = openpyxl.load_workbook(path, read_only=True)
    return sum(value is not None for sheet in book for row in sheet.iter_rows(values_only=True)
               for value in row)


start = time.monotonic()
cells = write(sys.argv[2], int(sys.argv[3])) if sys.argv[1] == "write" else read(sys.argv[2])
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
print(sys.argv[1], cells, f"{time.monotonic() - start:.2f}", peak)
