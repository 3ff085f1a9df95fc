"""How the cost of a note grows with its length and its mentions, and the memory with the number of notes.

Run by bench/speed.py.
"""

from __future__ import annotations

import time
from pathlib import Path

HERE = Path(__file__).resolve()


def growth(most: int) -> None:
    """Print the cost by length up to `most` and by number of mentions, processor time, the least of three."""
    from suggest import suggest_codes, warm

    warm()

    def cost(text: str) -> float:
        taken = []
        for _ in range(3 if len(text) < 50_000 else 1):
            begin = time.process_time()
            suggest_codes(text)
            taken.append(time.process_time() - begin)
        return min(taken)

    lead = (HERE.parents[1] / "corpora/demo/clinic-note.txt").read_text(encoding="utf-8")
    first = 0.0
    for size in (1_000, 4_000, 64_000, 1_000_000, 10_000_000):
        if size <= most:
            text = (lead * (size // len(lead) + 1))[:size]
            each = cost(text) / size
            first = each if size == 4_000 else first
            ratio = f"{each / first:6.2f} x 4 kB" if first else ""
            print(f"  {size:>10} code points {each * 1e6:8.2f} us a code point {ratio}")
    for shape in (
        "Vitamin B12 deficiency. ",
        "Anemia due to iron deficiency. ",
        "anemia due to iron deficiency, ",
        "1. Iron deficiency anemia.\n",
    ):
        few = 0.0
        for count in (10, 100, 1_000, 10_000):
            each = cost("Assessment: " + shape * count) / count
            few = few or each
            print(f"  {count:>6} x {shape!r:36}{each * 1e6:8.0f} us each {each / few:6.2f} x at 10")


def memory(texts: list[str], count: int) -> None:
    """Print the memory of one process over `count` notes, each made different from all before it."""
    from suggest import suggest_codes, warm

    warm()
    step = max(1, count // 10)
    for number in range(count):
        if number % step == 0:
            status = Path("/proc/self/status").read_text(encoding="ascii")
            resident = int(status.split("VmRSS:")[1].split()[0]) // 1024
            print(f"  {number:>8} notes {resident:6} MB", flush=True)
        suggest_codes(f"{texts[number % len(texts)]}\nRef{number:x} {number}")
    status = Path("/proc/self/status").read_text(encoding="ascii")
    print(f"  {count:>8} notes {int(status.split('VmRSS:')[1].split()[0]) // 1024:6} MB")
