"""From paste to answer on screen: the page in Chromium on a warm server, beside the bare medspaCy default.

    python bench/page.py [NOTES.jsonl]

Without a file it takes our own corpus (`corpora/notes`). Of the notes it makes three sets: notes without
an anchor as they are, and notes joined until they are 3 kB and 50 kB long; it copies no text anywhere
and prints medians, counts and a hash of the ids. The clock runs in the browser: from the paste event to
the first frame that shows the answer. medspaCy's default pipeline (`medspacy.load()`, of the environment
that runs this) reads the same texts, each in turn with the page's.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
REPEATS = {"no anchor": 60, "3 kB": 40, "50 kB": 8}
GOALS = {"no anchor": 60, "3 kB": 150, "50 kB": 1500}
ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"),
    *("--disable-sync", "--no-first-run"),
]
TIMED = """(text) => new Promise((resolve) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  const seen = new MutationObserver(() => {
    if (document.body.dataset.busy !== "no") return;
    seen.disconnect();
    requestAnimationFrame(() => { const channel = new MessageChannel();
      channel.port1.onmessage = () => resolve(performance.now() - start);
      channel.port2.postMessage(null); });  // behind the frame that paints the answer
  });
  seen.observe(document.body, { attributes: true, attributeFilter: ["data-busy"] });
  const start = performance.now();
  const about = { clipboardData: data, bubbles: true, cancelable: true };
  document.body.dispatchEvent(new ClipboardEvent("paste", about));
})"""


def rows(path: Path | None) -> list[tuple[str, str]]:
    """Ids and texts of the notes."""
    files = sorted((ROOT / "corpora/notes").rglob("*.jsonl")) if path is None else [path]
    found = []
    for file in files:
        for line in file.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            found += [(str(row.get("note_id") or row.get("id")), row["text"])] if "text" in row else []
    return found


def joined(texts: list[str], size: int, count: int) -> list[str]:
    """Notes one behind the other until they are about `size` characters long, `count` times."""
    from suggest.engine.patients import second_patient

    made, place = [], 0
    for _ in range(count):
        whole = ""
        while len(whole) < size:
            longer = whole + texts[place % len(texts)] + "\n\n"
            place += 1
            if second_patient([longer]) is None:  # the page would stop there and show no codes
                whole = longer
        made.append(whole[:size])
    return made


def main() -> None:
    from playwright.sync_api import sync_playwright

    from nlp.quiet import silence
    from nlp.triage import may_hold_anchor

    given = rows(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
    none = [text for _, text in given if not may_hold_anchor(text)]
    if not none:  # our corpus has few; a note of an ankle has none
        none = [(ROOT / "web/static/examples/ankle.txt").read_text(encoding="utf-8")]
    some = [text for _, text in given if may_hold_anchor(text)]
    sets = {
        "no anchor": [none[i % len(none)] for i in range(REPEATS["no anchor"])],
        "3 kB": joined(some, 3000, REPEATS["3 kB"]),
        "50 kB": joined(some, 50_000, REPEATS["50 kB"]),
    }
    digest = hashlib.sha256("\n".join(i for i, _ in given).encode()).hexdigest()[:12]
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    silence()
    import medspacy

    bare = medspacy.load()
    server, url = start()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.goto(url)
            page.wait_for_selector("html[data-ready]")
            for texts in sets.values():
                page.evaluate(TIMED, texts[0])  # the first of each is not counted
                bare(texts[0])
            figures = {name: measure(page, bare, texts) for name, texts in sets.items()}
            chromium = browser.version
            browser.close()
    finally:
        server.terminate()
        server.wait()
    print(
        f"corpus: {sys.argv[1] if len(sys.argv) > 1 else 'corpora/notes'}, {len(given)} notes, ids {digest}"
    )
    print(f"corrin {version('corrin')} at {commit.stdout.strip()}")
    print(f"medspacy {version('medspacy')}, chromium {chromium}")
    print(f"python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    print(f"{'set':<12}{'notes':>6}{'characters':>12}{'page ms':>10}{'p95':>8}{'goal':>7}{'medspaCy ms':>13}")
    for name, (ours, theirs) in figures.items():
        size = statistics.median(len(text) for text in sets[name])
        print(
            f"{name:<12}{len(ours):>6}{size:>12.0f}{statistics.median(ours):>10.1f}"
            f"{sorted(ours)[int(len(ours) * 0.95)]:>8.1f}{GOALS[name]:>7}{statistics.median(theirs):>13.1f}"
        )
    print("run again: python bench/page.py " + " ".join(sys.argv[1:]))


def measure(page, bare, texts: list[str]) -> tuple[list[float], list[float]]:
    """Milliseconds of the page and of medspaCy for each text, in turn."""
    ours, theirs = [], []
    for text in texts:
        ours.append(page.evaluate(TIMED, text))
        began = time.perf_counter()
        bare(text)
        theirs.append((time.perf_counter() - began) * 1000)
    return ours, theirs


def start() -> tuple[subprocess.Popen, str]:
    """Start `corrin serve` with one reader and return it with its address."""
    process = subprocess.Popen(
        [
            sys.executable,
            "-W",
            "ignore",
            "-c",
            "import cli; cli.main()",
            "serve",
            "--port",
            "0",
            "--workers",
            "1",
        ],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        text=True,
    )
    for line in process.stderr:
        found = re.search(r"http://\S+/", line)
        if found:
            return process, found[0]
    raise SystemExit("the server did not start")


if __name__ == "__main__":
    main()
