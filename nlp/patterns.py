"""Turn the readable patterns of the data files into regular expressions."""

from __future__ import annotations


def flexible_white(pattern: str) -> str:
    """Let a blank outside of brackets stand for any white space, `~` for white space or hyphen.

    A blank that carries its own quantifier (`[ ]?` needs none of this, ` ?` does) keeps it.
    """
    out: list[str] = []
    bracket = False
    index = 0
    while index < len(pattern):
        char = pattern[index]
        if char == "\\":
            out.append(pattern[index : index + 2])
            index += 2
            continue
        if char == "[":
            bracket = True
        elif char == "]":
            bracket = False
        if not bracket and char == " ":
            out.append(r"\s" if pattern[index + 1 : index + 2] in ("?", "{", "*", "+") else r"\s{1,6}")
        elif not bracket and char == "~":
            out.append(r"(?:[\s-]{1,4})")
        else:
            out.append(char)
        index += 1
    return "".join(out)
