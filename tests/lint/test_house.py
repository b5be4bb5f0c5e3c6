#!/usr/bin/env python3
"""Each rule of tests/lint/house.py can fail: a small tree obeys all rules, and one planted fault breaks one rule. TAP."""
import os
import shutil
import subprocess
import sys
import tempfile

HOUSE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "house.py")
PAGE = "/** # Wash\n\n    ## Model\n    ## Valid for\n    ## Neglects\n    ## Source\n    ## Verified by\n*/\n"
STAGE = PAGE + "const struct tgv_stage tgv_stage_wash = {\n    .kind = TGV_STAGE_VIAS,\n};\n"
TREE = {
    "src/registry.def": 'STAGE(process, wash, "wash")\n',
    "src/core/sum.h": "#ifndef TGV_CORE_SUM_H\n#define TGV_CORE_SUM_H\n\nint tgv_sum(int a, int b);\n\n#endif\n",
    "src/core/sum.c": '#include "core/sum.h"\n\nint tgv_sum(int a, int b)\n{\n  return a + b;\n}\n',
    "src/process/wash.c": STAGE,
    "tests/cases/wash.case": "case a\n",
    "tests/meson.build": "unit_tests = [\n  'sum',\n]\n",
    "tests/unit/test_sum.c": "int main(void)\n{\n  return 0;\n}\n",
}
# (words of the rule, file, text that is added to it or, beginning with "=", replaces it)
FAULTS = [
    ("includes point", "src/core/sum.c", '#include "model/package.h"\n'),
    ("includes point", "src/core/sum.c", '#include "sum.h"\n'),
    ("includes point", "src/core/sum.c", '#include "../core/sum.h"\n'),
    ("another stage", "src/process/wash.c", '#include "process/rinse.h"\n'),
    ("PETSc", "src/process/wash.c", "#include <petscksp.h>\n"),
    ("powers of ten", "src/core/sum.c", "double um(double x)\n{\n  return x * 1e-6;\n}\n"),
    ("files to 500", "src/core/sum.c", "\n" * 500),
    ("files to 500", "src/core/sum.c", "int f(void)\n{\n" + "  f();\n" * 61 + "}\n"),
    ("files to 500", "src/core/sum.c", "int f(int a, int b, int c, int d, int e,\n      int f, int g)\n{\n}\n"),
    ("named after", "src/core/utils.c", "\n"),
    ("physics page", "src/process/wash.c", "=" + STAGE.replace("    ## Source\n", "")),
    ("physics page", "src/process/wash.c", "=" + STAGE.replace("by\n", "by\n    tests/unit/test_wash.c\n")),
    ("registry.def names", "src/registry.def", 'COMMAND(cli, none, "none")\n'),
    ("case file", "tests/cases/wash.case", None),
    ("within bounds", "src/core/sum.c", "void f(char *s)\n{\n  strcpy(s, s);\n}\n"),
    ("within bounds", "tests/unit/test_sum.c", "int f(char *s)\n{\n  return atoi(s);\n}\n"),
    ("no tabs", "src/core/sum.c", "\tint a;\n"),
    ("no tabs", "src/core/sum.c", "int a; \n"),
    ("no tabs", "tests/cases/wash.case", "no end"),
    ("guard", "src/core/sum.h", "=#ifndef SUM_H\n#define SUM_H\n#endif\n"),
    ("unit test is in", "tests/unit/test_product.c", "\n"),
    ("one machine", "src/core/sum.c", "/* /" + "home/me/sum.c */\n"),
    ("unfinished", "src/core/sum.c", "/* TO" + "DO: carry */\n"),
    ("unfinished", "src/core/sum.c", "/* a st" + "ub */\n"),
]
ALLOWED = [  # what looks like a fault and is none
    ("src/core/sum.c", "double f(double x)\n{\n  return 1e-9 * fabs(x);\n}\n"),
    ("src/core/sum.c", "/* strcpy(a, b) is banned, x * 1e-6 too; the via st" + "ub resonates */\n"),
    ("src/core/sum.c", "int f(void)\n{\n" + "  f();\n" * 60 + "}\n"),
]


def broken_rules(changes):
    """The rules, in words, that house.py finds broken in the tree with these changes."""
    root = tempfile.mkdtemp()
    try:
        files = dict(TREE)
        for path, text in changes:
            if text is None:
                del files[path]
            else:
                files[path] = text[1:] if text.startswith("=") else files.get(path, "") + text
        for path, text in files.items():
            os.makedirs(os.path.dirname(os.path.join(root, path)), exist_ok=True)
            with open(os.path.join(root, path), "w", encoding="utf-8") as f:
                f.write(text)
        os.makedirs(os.path.join(root, "tests/lint"))
        shutil.copy(HOUSE, os.path.join(root, "tests/lint"))
        run = subprocess.run([sys.executable, os.path.join(root, "tests/lint/house.py")], capture_output=True, text=True, check=False)
        if "ok 1 " not in run.stdout:
            return ["house.py itself: " + run.stderr]
        return [line for line in run.stdout.split("\n") if line.startswith("not ok")]
    finally:
        shutil.rmtree(root)


def main():
    results = [("a clean tree obeys all rules", broken_rules([]) == [])]
    for words, path, text in FAULTS:
        rinse = [("src/registry.def", 'STAGE(process, rinse, "rinse")\n'), ("tests/cases/rinse.case", "case\n"),
                 ("src/process/rinse.c", STAGE.replace("wash", "rinse"))] if words == "another stage" else []
        broken = broken_rules(rinse + [(path, text)])
        results.append((f"{words}: {path}", len(broken) == 1 and words in broken[0]))
    for path, text in ALLOWED:
        results.append((f"allowed: {path}", broken_rules([(path, text)]) == []))
    print(f"1..{len(results)}")
    for i, (name, good) in enumerate(results, 1):
        print(f"{'' if good else 'not '}ok {i} - {name}")
    return 0 if all(good for _, good in results) else 1


if __name__ == "__main__":
    sys.exit(main())
