"""Reads the rows of the .def tables in src/, for the scripts that write documentation from them."""
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parent.parent


def unescape(text):
    """What the C++ literal holds."""
    return re.sub(r"\\(.)", lambda m: {"n": "\n"}.get(m.group(1), m.group(1)), text)


def rows(path, macro):
    """The string arguments of each row MACRO(...) of a .def file, adjacent literals joined."""
    text = (ROOT / path).read_text()
    text = re.sub(r"^\s*//.*$", "", text, flags=re.M)
    for match in re.finditer(macro + r"\((.*?)\)\n(?=\s*(?:SONDE_\w+\(|#undef|\Z|\n))", text, flags=re.S):
        body = match.group(1)
        yield [unescape(s) for s in re.findall(r'"((?:[^"\\]|\\.)*)"', body)]
