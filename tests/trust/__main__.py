"""Run the proofs that SECURITY.md names: `python -m tests.trust NAME [--long]`, or `all`."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Callable

from tests.trust.tally import Tally

# The nine of SECURITY.md, in its order; each is a module of this package with `prove(long) -> Tally`.
PROOFS = {
    "no-leak": "no_leak",
    "no-network": "no_network",
    "hostile-text": "hostile_text",
    "metamorphic": "metamorphic",
    "invariants": "invariants",
    "hostile-files": "hostile_files",
    "kills": "kills",
    "supply-chain": "supply_chain",
    "promises": "promises",
}


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
