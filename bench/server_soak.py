"""A hundred requests at a time for two minutes: no error, flat memory, no answer mixed up with another.

    python bench/server_soak.py [SECONDS] [CONCURRENT]

Each request carries a note of its own, made here, with a number in it; its answer must quote that number
and be, byte for byte, what the same note got alone before. Memory is that of the server and its readers
together, read from /proc once a second.
"""

from __future__ import annotations

import asyncio
import os
import platform
import subprocess
import sys
import time
from collections import Counter
from importlib.metadata import version
from pathlib import Path

import httpx
from processes import sizes

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(ROOT / "bench"))
TEMPLATES = (
    """Date of service: 06/02/2026
HPI: case {n}. Tired.
Labs: Vitamin B12 {v} pg/mL (200-900)
A/P: Vitamin B12 deficiency, start cyanocobalamin.
J. Roe, MD""",
    """Date of service: 06/02/2026
HPI: case {n}. Ferritin {v} ng/mL (15-150)
A/P: Iron deficiency anemia due to menorrhagia.""",
    "HPI: case {n}. Ankle sprain {v}. Rest, ice.",
    """PMH: case {n}, history of B12 deficiency, resolved.
A/P: hypertension {v}.""",
)


def note(n: int) -> dict[str, str]:
    return {"note_id": f"case-{n}", "text": TEMPLATES[n % len(TEMPLATES)].format(n=n, v=100 + n % 97)}


async def soak(url: str, server: int, seconds: float, concurrent: int) -> None:
    limits = httpx.Limits(max_connections=concurrent + 4)
    async with httpx.AsyncClient(base_url=url, timeout=120, limits=limits) as client:
        alone = {}
        for n in range(200):
            answer = await client.post("api/suggest", json=note(n))
            alone[n] = answer.content
        counts: Counter[str] = Counter()
        waits: list[float] = []
        held: list[tuple[float, float]] = []
        began = time.perf_counter()

        async def ask(first: int) -> None:
            n = first
            while time.perf_counter() - began < seconds:
                sent = time.perf_counter()
                try:
                    answer = await client.post("api/suggest", json=note(n % 200))
                except httpx.HTTPError as error:
                    counts[f"error {type(error).__name__}"] += 1
                    continue
                waits.append(time.perf_counter() - sent)
                right = answer.content == alone[n % 200] and f'"case-{n % 200}"' in answer.text
                counts["answered" if right else f"mixed up or refused ({answer.status_code})"] += 1
                n += concurrent + 1

        async def watch() -> None:
            while time.perf_counter() - began < seconds:
                held.append((time.perf_counter() - began, sum(sizes(server))))
                await asyncio.sleep(1)

        await asyncio.gather(watch(), *(ask(first) for first in range(concurrent)))
        took = time.perf_counter() - began
        counts["healthy at the end"] = int((await client.get("healthz")).status_code == 200)
    waits.sort()
    quarter = max(len(held) // 4, 1)
    early, late = (
        sum(m for _, m in part) / len(part) for part in (held[quarter : 2 * quarter], held[-quarter:])
    )
    print(f"corrin {version('corrin')}, python {platform.python_version()}, {os.cpu_count()} cores")
    print(
        f"{concurrent} at a time for {took:.0f} s, {counts['answered'] / took:.1f} a second: {dict(counts)}"
    )
    print(f"wait: median {waits[len(waits) // 2]:.2f} s, worst {waits[-1]:.2f} s")
    print(f"memory of all: second quarter {early:.0f} MiB, last quarter {late:.0f} MiB")


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 120
    concurrent = int(sys.argv[2]) if len(sys.argv) > 2 else 100
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", "import cli; cli.main()", "serve", "--port", "0"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        url = next(line.split(" at ")[1].split()[0] for line in process.stderr if " at http" in line)
        asyncio.run(soak(url, process.pid, seconds, concurrent))
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    main()
