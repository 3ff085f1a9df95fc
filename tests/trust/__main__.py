"""Run the proofs of trust: `python -m tests.trust NAME [--long]`, or `all` for one after the other."""

from __future__ import annotations

import argparse
import importlib
import subprocess
import sys
import time
from pathlib import Path

from tests.trust.tally import Tally

ROOT = Path(__file__).resolve().parents[2]
# Each is a module of this package with `prove(long) -> Tally`; a proof stands here once it is built.
PROOFS = {
    "kill": "an audit that is stopped goes on to the same bytes; no room and read only are told",
    "files": "a hostile file gets a clear sentence in bounded memory and time, the rest is done",
    "network": "all works with loopback alone, and nothing else is asked for",
    "leak": "planted words turn up in results alone, whatever fails",
    "metamorphic": "what must not change an answer does not, and what must, does",
    "invariants": "the guideline holds for every answer, whatever the facts",
    "text": "hostile text crashes nothing, hangs nothing, and every place is exact",
    "supply": "what is installed is named by its hash, and no data file runs code",
    "papers": "these promises name every proof, and each promise a test that is there",
}
MOST = 600  # seconds after which a bounded proof is taken to hang; on a quiet machine each takes under 120


def prove(name: str, long: bool) -> Tally:
    """Try one promise."""
    tally: Tally = importlib.import_module(f"tests.trust.{name}").prove(long)
    return tally


def apart(name: str, long: bool) -> bool:
    """Try one promise in a process of its own, so that none stands on what another left behind."""
    started = time.monotonic()
    print(f"== {name}: {PROOFS[name]}", flush=True)
    call = [sys.executable, "-m", "tests.trust", name, *(["--long"] if long else [])]
    try:
        code = subprocess.run(call, cwd=ROOT, check=False, timeout=None if long else MOST).returncode
    except subprocess.TimeoutExpired:
        print(f"{name}: did not end within {MOST} seconds", flush=True)
        return False
    print(f"   {time.monotonic() - started:.0f} s", flush=True)
    return code == 0


def main(arguments: list[str] | None = None) -> int:
    """Print the counts of each proof that was asked for; 1 where something broke."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.trust",
        description=__doc__,
        epilog="\n".join(f"{name:<14}{promise}" for name, promise in PROOFS.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("name", choices=[*PROOFS, "all"])
    parser.add_argument("--long", action="store_true", help="more of everything, without the bound of CI")
    asked = parser.parse_args(arguments)
    if asked.name == "all":
        broken = [name for name in PROOFS if not apart(name, asked.long)]
        print(f"trust: tried {len(PROOFS)} proofs, survived {len(PROOFS) - len(broken)}", *broken)
        return 1 if broken else 0
    tally = prove(asked.name, asked.long)
    print("\n".join(tally.lines()), flush=True)
    return 0 if tally.held else 1


if __name__ == "__main__":
    sys.exit(main())
