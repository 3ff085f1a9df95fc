"""Run the proofs of trust that are built: `python -m tests.trust NAME [--long]`, or `all`."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Callable

from tests.trust.tally import Tally

# Each is a module of this package with `prove(long) -> Tally`; a proof stands here once it is built.
PROOFS = {"metamorphic": "metamorphic"}


def proof(name: str) -> Callable[[bool], Tally]:
    """Return the function that tries one promise."""
    prove: Callable[[bool], Tally] = importlib.import_module(f"tests.trust.{PROOFS[name]}").prove
    return prove


def main(arguments: list[str] | None = None) -> int:
    """Print the counts of each proof that was asked for; 1 where something broke."""
    parser = argparse.ArgumentParser(prog="python -m tests.trust", description=__doc__)
    parser.add_argument("name", choices=[*PROOFS, "all"])
    parser.add_argument("--long", action="store_true", help="more of everything, without the bound of CI")
    asked = parser.parse_args(arguments)
    held = True
    for name in PROOFS if asked.name == "all" else (asked.name,):
        tally = proof(name)(asked.long)
        print("\n".join(tally.lines()), flush=True)
        held = held and tally.held
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
