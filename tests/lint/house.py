#!/usr/bin/env python3
"""The rules of the house that a tool can hold; one TAP case a rule. Run from anywhere: tests/lint/house.py"""
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# dependencies point one way; what stands on one level may meet (a stage excepted)
LEVEL = {"core": 0, "model": 1, "process": 2, "solver": 2, "factory": 2, "analysis": 3, "io": 4, "report": 4, "cli": 5}
HEADINGS = ["Model", "Valid for", "Neglects", "Source", "Verified by"]


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as f:
        return f.read()


def tree(folder, *endings):
    for where, folders, names in os.walk(os.path.join(ROOT, folder)):
        folders[:] = [f for f in folders if not f.startswith(".") and f not in ("node_modules", "dist", "run")]
        for name in sorted(names):
            if name.endswith(endings):
                yield os.path.relpath(os.path.join(where, name), ROOT)


SOURCES = list(tree("src", ".c", ".h"))
TESTS = list(tree("tests", ".c", ".h"))
TEXTS = [p for p in tree(".", ".c", ".h", ".def", ".py", ".sh", ".md", ".yaml", ".build", ".case", ".ts", ".json")
         if not p.startswith(("build", "tests/fuzz/corpus/"))]
STAGES = {name: folder for folder, name in re.findall(r"^STAGE\(\s*(\w+),\s*(\w+),", read("src/registry.def"), re.M)}


def without_comments(text):
    """The text with comments, strings and characters blanked; lines stay where they are."""
    pattern = r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\''
    return re.sub(pattern, lambda m: re.sub(r"[^\n]", " ", m.group()), text, flags=re.S)


def functions(text):
    """(name, number of arguments, first line, lines) of the functions of a formatted C file."""
    code = without_comments(text)
    pattern = re.compile(r"^(?!\s|#|(?:struct|enum) \w*\s*\{)[^;{}#=]*?\b(\w+)\(([^;{}]*)\)[^;{}()]*\n\{\n(.*?)^\}", re.M | re.S)
    for m in pattern.finditer(code):
        depth = parts = 0
        for c in m.group(2):
            depth += (c == "(") - (c == ")")
            parts += c == "," and depth == 0
        yield m.group(1), parts + 1, code.count("\n", 0, m.start()) + 1, m.group(3).count("\n")


def layers():
    """includes point from cli to core, never back"""
    for path in SOURCES:
        folder = path.split("/")[1]
        if folder not in LEVEL:
            continue
        for n, line in enumerate(read(path).split("\n"), 1):
            m = re.match(r'\s*#\s*include\s+"([\w./]+)"', line)
            if not m:
                continue
            target = m.group(1).split("/")[0]
            if target == ".." or "/" not in m.group(1) and not target.startswith("registry."):
                yield f"{path}:{n}: \"{m.group(1)}\" is not written from src/"
            if target.startswith("registry.") and LEVEL[folder] < LEVEL["io"]:
                yield f"{path}:{n}: {folder} includes the registry"
            elif target in LEVEL and LEVEL[target] > LEVEL[folder]:
                yield f"{path}:{n}: {folder} includes {target}, which stands above it"
            elif folder == "solver" and target in ("process", "factory"):
                yield f"{path}:{n}: a solver includes {target}"


def stages_apart():
    """a stage never includes another stage"""
    for path in SOURCES:
        stem = os.path.splitext(os.path.basename(path))[0]
        if stem not in STAGES:
            continue
        for n, line in enumerate(read(path).split("\n"), 1):
            m = re.match(r'\s*#\s*include\s+"(\w+)/(\w+)\.h"', line)
            if m and STAGES.get(m.group(2)) == m.group(1) and m.group(2) != stem:
                yield f"{path}:{n}: stage {stem} includes stage {m.group(2)}"


def petsc_in_solver():
    """PETSc stays in solver/"""
    for path in SOURCES:
        if not path.startswith("src/solver/") and re.search(r"#\s*include\s*[<\"]petsc", read(path)):
            yield f"{path}: includes PETSc outside solver/"


def unit_powers():
    """powers of ten for units stand in core/units only"""
    pattern = re.compile(r"(?:[*/]\s*1(?:\.0)?e[-+]?(?:3|6|9|12)|\b1(?:\.0)?e[-+]?(?:3|6|9|12)f?\s*[*/])(?![\w.])")
    for path in SOURCES:
        if path.startswith(("src/core/units", "src/core/quantity")):
            continue
        text = read(path)
        for n, (line, whole) in enumerate(zip(without_comments(text).split("\n"), text.split("\n")), 1):
            if re.search(r"1e-\d+ \* f(?:abs|max|min)\(|tv_nsec|/\*[^/]*(?:tolerance|no unit)", whole):  # a clock
                continue
            if pattern.search(line):
                yield f"{path}:{n}: {line.strip()}"


def sizes():
    """files to 500 lines, functions to 60, at most 6 arguments"""
    for path in SOURCES:
        text = read(path)
        lines = text.count("\n")
        if lines > 500:
            yield f"{path}: {lines} lines"
        for name, arguments, first, length in functions(text) if path.endswith(".c") else ():
            if length > 60:
                yield f"{path}:{first}: {name} has {length} lines"
            if arguments > 6:
                yield f"{path}:{first}: {name} takes {arguments} arguments"


def names():
    """folders and files are named after their subject"""
    for path in SOURCES + TESTS:
        for part in path.split("/"):
            if re.fullmatch(r"(utils?|common|misc|helpers?|types|stuff)(\.[ch])?", part):
                yield f"{path}: \"{part}\" says nothing"
    for path in SOURCES:
        if path.endswith(".h"):
            for symbol in re.findall(r"^(?:extern |const |unsigned |struct \w+ )*\w+[ *]+(\w+)\(", read(path), re.M):
                if not symbol.startswith(("tgv_", "TGV_")) and "static" not in symbol and not re.search(
                        rf"static[^;\n]*\b{symbol}\(", read(path)):
                    yield f"{path}: {symbol} lacks the prefix tgv_"


def pages():
    """the first screen of a stage is its physics page, and what it names as its check exists"""
    for stage, folder in STAGES.items():
        path = f"src/{folder}/{stage}.c"
        text = read(path)
        page = re.match(r"/\*\*\s(.*?)\*/", text, re.S)
        if not page:
            yield f"{path}: does not begin with a page /** ... */"
            continue
        for heading in HEADINGS:
            if not re.search(rf"(?:^|\W){heading}\W", page.group(1)):
                yield f"{path}: the page lacks \"{heading}\""
        for named in re.findall(r"\b(?:tests|bench|examples)/[\w./-]*\w", page.group(1)):
            if not os.path.exists(os.path.join(ROOT, named)):
                yield f"{path}: the page names {named}, which does not exist"


def registered():
    """every file that registry.def names exists, and has its object"""
    for kind, folder, name in re.findall(r"^(STAGE|FORMAT|SECTION|COMMAND)\(\s*(\w+),\s*(\w+),", read("src/registry.def"), re.M):
        path = f"src/{folder}/{name}.c"
        if not os.path.exists(os.path.join(ROOT, path)):
            yield f"{path} does not exist"
        elif kind in ("STAGE", "COMMAND") and f"tgv_{kind.lower()}_{name} =" not in read(path):
            yield f"{path} does not define tgv_{kind.lower()}_{name}"


def cases():
    """every stage that makes vias has a case file"""
    for stage, folder in STAGES.items():
        kind = re.search(r"\.kind\s*=\s*TGV_STAGE_(\w+)", read(f"src/{folder}/{stage}.c"))
        if kind and kind.group(1) == "VIAS" and not os.path.exists(os.path.join(ROOT, f"tests/cases/{stage}.case")):
            yield f"tests/cases/{stage}.case does not exist"


def bounded():
    """strings are written within bounds and numbers are read with their errors"""
    pattern = re.compile(r"\b(?:strcpy|strcat|v?sprintf|gets|ato[fil]|atoll|strtok)\s*\(")
    for path in SOURCES + TESTS:
        for n, line in enumerate(without_comments(read(path)).split("\n"), 1):
            if pattern.search(line):
                yield f"{path}:{n}: {line.strip()}"


def blanks():
    """no tabs, no blanks at the end of a line, a newline at the end of a file"""
    for path in TEXTS:
        text = read(path)
        if text and not text.endswith("\n"):
            yield f"{path}: no newline at the end"
        for n, line in enumerate(text.split("\n"), 1):
            if re.search(r"[ \t\r]$", line) or "\t" in line and not path.endswith((".ts", ".json")):
                yield f"{path}:{n}: a tab, or a blank at the end"


def guards():
    """the guard of a header is its path"""
    for path in SOURCES + TESTS:
        guard = "TGV_" + re.sub(r"\W", "_", path.removeprefix("src/")).upper()
        if " included by " in read(path).split("*/")[0]:  # a part of that file, once or more
            continue
        if path.endswith(".h") and f"#ifndef {guard}\n#define {guard}\n" not in read(path):
            yield f"{path}: the guard is not {guard}"


def tests_registered():
    """every unit test is in tests/meson.build"""
    listed = read("tests/meson.build")
    for path in TESTS:
        m = re.fullmatch(r"tests/unit/test_(\w+)\.c", path)
        if m and f"'{m.group(1)}'" not in listed and f"'unit/test_{m.group(1)}.c'" not in listed:
            yield f"{path} is not run"


def anywhere():
    """no path of one machine, no address of a package registry"""
    pattern = re.compile(r"(?<![\w.])/(?:home|root|Users|work)/|registry\.npmjs|pypi\.org|crates\.io|proxy\.golang")
    for path in TEXTS:
        for n, line in enumerate(read(path).split("\n"), 1):
            if pattern.search(line) and not path.startswith("tests/lint/"):
                yield f"{path}:{n}: {line.strip()[:100]}"


def finished():
    """nothing is marked as unfinished"""
    mark = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b|\b(?:[Ss]tub|[Pp]laceholder)(?:s|bed)?\b")
    # the stub of a via is a piece of line, the placeholder of an entry field a text
    meant = re.compile(r"(?:via|open|shorted|drill\w*|line|residual|resonan\w*)s?[ -]+stub|stubs?[ -]+(?:length|resonan|of a via)|"
                       r"placeholder[=:]", re.I)
    for path in SOURCES + TESTS + list(tree("docs", ".md")) + list(tree("web/src", ".ts")):
        for n, line in enumerate(read(path).split("\n"), 1):
            if mark.search(meant.sub("", line)):
                yield f"{path}:{n}: {line.strip()}"


RULES = [layers, stages_apart, petsc_in_solver, unit_powers, sizes, names, pages, registered, cases,
         bounded, blanks, guards, tests_registered, anywhere, finished]


def main():
    broken = 0
    print(f"1..{len(RULES)}")
    for i, rule in enumerate(RULES, 1):
        found = list(rule())
        print(f"{'not ' if found else ''}ok {i} - {rule.__doc__}")
        for line in found:
            print("# " + line)
        broken += bool(found)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
