"""What the documents name is there: docs.py PROGRAM, in the project's directory.
Links between files and to headings, commands with their options, page addresses, files of the project."""
import re
import subprocess
import sys
from functools import lru_cache
from pathlib import Path

program = sys.argv[1]
documents = [Path("README.md"), Path("CONTRIBUTING.md"), Path("examples/README.md"), *sorted(Path("docs").rglob("*.md"))]
patterns = re.findall(r'{ "[A-Z]+", "([^"]+)"', Path("src/pages/routes.c").read_text())
routes = [re.compile(re.sub(r":[a-z_]+", "[^/]+", p) + "$") for p in patterns]
said = broken = 0


def tell(name, faults):
    global said, broken
    said += 1
    broken += bool(faults)
    print(f"{'not ok' if faults else 'ok'} {said} - {name}")
    for fault in faults:
        print("#", fault)


def anchors(path):
    heads = re.findall(r"^#+ (.*)$", path.read_text(), re.M)
    return {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in heads}


def links(path, text):
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        file, _, anchor = target.partition("#")
        if "://" in target:
            continue
        to = path.parent / file if file else path
        if not to.exists():
            yield f"{path}: there is no {target}"
        elif anchor and anchor not in anchors(to):
            yield f"{path}: no heading for {target}"


def code_lines(text):
    """Lines of code blocks, fenced or indented, with what stands in backticks."""
    fenced = False
    for line in text.split("\n"):
        if line.startswith("```"):
            fenced = not fenced
        elif fenced or line.startswith("    "):
            yield line.strip()
        else:
            yield from re.findall(r"`([^`]+)`", line)


@lru_cache(None)
def help_of(words):
    out = subprocess.run([program, *words, "--help"], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    return out.stdout if out.returncode == 0 else None


def commands(path, text):
    for line in code_lines(text):
        for call in re.findall(r"(?:^|[;(=|] ?|sudo )(?:[\w./]*/)?jiedui ([a-z].*)", line.split(" #")[0]):
            call = re.split(r" [;|>] | && ", call)[0]
            words = []
            for word in call.split():
                if not re.fullmatch(r"[a-z][a-z-]*", word) or len(words) == 3:
                    break
                words.append(word)
            if words[:1] == ["help"]:
                words = words[1:]
                if not words:
                    continue
            if not words or not help_of((words[0],)):
                yield f"{path}: there is no command: jiedui {call}"
                continue
            known = "".join(help_of(tuple(words[:n])) or "" for n in range(1, len(words) + 1)) + help_of(())
            for option in re.findall(r"(?<![\w-])--[a-z][a-z-]*", call):
                if not re.search(re.escape(option) + r"(?![a-z-])", known):
                    yield f"{path}: {option} is no option: jiedui {call}"


def addresses(path, text):
    for line in code_lines(text):
        for address in re.findall(r"(?<![\w.])(/(?:en|zh|api)/[^\s,`;…\"']*)", line):
            plain = re.sub(r"^/(en|zh)(?=/)", "", address.split("?")[0].split("#")[0]).rstrip(".)/") or "/"
            if not any(r.match(plain) for r in routes) and not any(p.startswith(plain + "/") for p in patterns):
                yield f"{path}: there is no page {address}"


def files(path, text):
    for name in re.findall(r"`((?:bench|tests|src|tools|docs|data|examples|criteria|figures|assets)/[\w./-]+)", text):
        made = name.endswith(".db") or re.search(r"[A-Z]{4}", name)     # by a command; any of a kind
        if not made and not Path(name).exists():
            yield f"{path}: there is no {name}"


for document in documents:
    text = document.read_text()
    for what in links, commands, addresses, files:
        tell(f"{document}: {what.__name__}", list(what(document, text)))
print(f"1..{said}")
sys.exit(broken > 0)
