"""How fast Corrin is beside its peers, how its cost grows, how it starts, and what a second worker gives.

    python bench/speed.py all [--data DIR] [--peers PYTHON]     the rest but memory, in under eight minutes
    python bench/speed.py notes [--data DIR] [--sample N] [--rounds N] [--peers PYTHON]
    python bench/speed.py growth | start | workers | memory [--data DIR]

`notes` runs each program over the same notes in a process of its own, in turns (A B C A B C), and prints
medians, ratios and peak memory; then on a sample of those whose result holds something. The server has a
bench of its own, bench/page.py. No text is printed.
"""

from __future__ import annotations

import argparse
import importlib
import json
import platform
import statistics
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from hashlib import sha256
from importlib import metadata
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from growth import growth, memory

HERE = Path(__file__).resolve()
PEERS = (
    "corrin", "medspacy", "medspacy-sentencizer", "tokenizer", "scan",
    "negspacy", "edsnlp", "edsnlp-normalizer",
)  # fmt: skip
APART = ("negspacy", "edsnlp", "edsnlp-normalizer")  # run by the Python of --peers
TERMS = ("anemia", "b12", "iron deficiency", "folate", "ferritin", "fatigue", "neuropathy", "ckd")


def read_notes(data: Path | None) -> list[str]:
    """Return the texts: of the folder where it is there, else of the corpus."""
    texts: list[str] = []
    if data is not None and data.is_dir():
        import pyarrow.parquet as pq

        texts = pq.read_table(data / "notes-unlabelled.parquet", columns=["text"])["text"].to_pylist()
        with (data / "real-dev.jsonl").open(encoding="utf-8") as lines:
            texts += [json.loads(line)["text"] for line in lines]
    else:
        from corpora.load import load_corpus

        texts = [note.text for encounter in load_corpus() for note in encounter.notes]
    return texts


def pick(texts: list[str], sample: int) -> list[str]:
    """Return about `sample` of the texts, evenly spread; all for 0."""
    return texts[:: max(1, len(texts) // sample)] if sample else texts


def program(name: str) -> Any:
    """Return the work of one program on one note, warm."""
    if name == "corrin":
        from suggest import suggest_codes, warm

        warm()
        return suggest_codes
    if name == "scan":
        return lambda text: [term in text.lower() for term in TERMS]
    if name.startswith("medspacy"):
        medspacy: Any = importlib.import_module("medspacy")
        rule: Any = importlib.import_module("medspacy.ner").TargetRule

        if name == "medspacy":
            nlp: Any = medspacy.load()
        else:
            nlp = medspacy.load(medspacy_disable=["medspacy_pyrush"])
            nlp.add_pipe("sentencizer", first=True)
        nlp.get_pipe("medspacy_target_matcher").add([rule(term, "PROBLEM") for term in TERMS])
        return nlp
    import spacy

    if name.startswith("edsnlp"):
        edsnlp: Any = importlib.import_module("edsnlp")
        eds: Any = importlib.import_module("edsnlp.pipes")

        nlp = edsnlp.blank("eds")
        # the qualifiers read what the normalizer makes of each word; without it, its small letters
        attr = "NORM" if name == "edsnlp-normalizer" else "LOWER"
        if attr == "NORM":
            nlp.add_pipe(eds.normalizer())
        nlp.add_pipe(eds.sentences())
        nlp.add_pipe(eds.matcher(terms={"problem": list(TERMS)}, attr=attr))
        for pipe in (eds.negation(), eds.history(), eds.family(), eds.hypothesis()):
            nlp.add_pipe(pipe)
        return nlp
    nlp = spacy.blank("en")
    if name == "negspacy":
        importlib.import_module("negspacy.negation")  # registers "negex"

        nlp.add_pipe("sentencizer")
        ruler: Any = nlp.add_pipe("entity_ruler")
        ruler.add_patterns([{"label": "PROBLEM", "pattern": term} for term in TERMS])
        nlp.add_pipe("negex")
    return nlp


def run_one(name: str) -> None:
    """Read notes from standard input, work on each, print seconds and peak memory."""
    texts: list[str] = json.load(sys.stdin)
    work = program(name)
    for text in texts[:: max(1, len(texts) // 20)]:
        work(text)  # warm
    begin = time.perf_counter()
    for text in texts:
        work(text)
    seconds = time.perf_counter() - begin
    status = Path("/proc/self/status").read_text(encoding="ascii")
    peak = int(status.split("VmHWM:")[1].split()[0]) // 1024
    print(json.dumps({"seconds": seconds, "peak": peak}))


def measure(name: str, texts: list[str], python: str) -> tuple[float, int] | None:
    """Run one program in a process of its own; None where it is not installed."""
    done = subprocess.run(
        [python, str(HERE), "one", name],
        input=json.dumps(texts), capture_output=True, text=True, check=False, cwd=HERE.parents[1],
    )  # fmt: skip
    if done.returncode:
        return None
    found = json.loads(done.stdout.splitlines()[-1])
    return found["seconds"], found["peak"]


def compare(texts: list[str], rounds: int, peers: str | None) -> None:
    """Print the programs in turns over the same notes."""
    taken: dict[str, list[tuple[float, int]]] = {}
    for _ in range(rounds):
        for name in PEERS:
            python = peers if name in APART else sys.executable
            if python and (found := measure(name, texts, python)) is not None:
                taken.setdefault(name, []).append(found)
    each = {n: statistics.median(s for s, _ in runs) / len(texts) for n, runs in taken.items()}
    for name, seconds in sorted(each.items(), key=lambda pair: pair[1]):
        ratio = each["medspacy"] / seconds if "medspacy" in each else 0.0
        peak = max(peak for _, peak in taken[name])
        print(f"  {name:22}{seconds * 1000:10.3f} ms a note {ratio:9.1f} x medspaCy default {peak:6} MB")


def notes(texts: list[str], sample: int, rounds: int, peers: str | None) -> None:
    """Compare on notes as they come, and on those whose result holds something."""
    from nlp.triage import may_hold_anchor
    from suggest import suggest_codes, warm

    warm()
    results = [suggest_codes(text) for text in texts]
    held = [t for t, r in zip(texts, results, strict=True) if r.suggestions or r.queries or r.withheld]
    by_triage = sum(not may_hold_anchor(text) for text in texts)
    print(f"{len(texts)} notes, triage answered {by_triage} ({by_triage / len(texts):.0%})")
    chosen, few = pick(texts, sample), pick(held, sample // 3)
    print(f"{len(chosen)} of them, as they come, {sum(map(len, chosen)) // len(chosen)} code points each")
    compare(chosen, rounds, peers)
    print(
        f"{len(few)} of the {len(held)} whose result holds something, {sum(map(len, few)) // len(few)} each"
    )
    compare(few, rounds, peers)
    stages(few)
    near = [t for t in held if 2_000 <= len(t) <= 4_500]
    print(f"{len(near)} of those of about 3 kB: {warm_call(near):.2f} ms at the median, processor time, warm")


def warm_call(texts: list[str]) -> float:
    """Return the median over notes of the least processor time of three calls, in milliseconds."""
    from suggest import suggest_codes

    taken = []
    for text in texts:
        runs = []
        for _ in range(3):
            begin = time.process_time()
            suggest_codes(text)
            runs.append(time.process_time() - begin)
        taken.append(min(runs))
    return statistics.median(taken) * 1000


def stages(texts: list[str]) -> None:
    """Print the time by stage, processor time a note."""
    from nlp.layout import read_layout
    from nlp.pipeline import read_note
    from nlp.reading import look
    from nlp.triage import may_hold_anchor
    from suggest import suggest_codes

    for name, work in (
        ("triage", may_hold_anchor),
        ("layout", read_layout),
        ("findings (with layout)", look),
        ("facts (all of nlp)", read_note),
        ("answer (all)", suggest_codes),
    ):
        begin = time.process_time()
        for text in texts:
            work(text)
        print(f"  {name:24}{(time.process_time() - begin) / len(texts) * 1000:8.2f} ms a note")


def start(rounds: int) -> None:
    """Print what starting costs, in turns."""
    folder = HERE.parents[1]
    none = "import sys; from suggest import suggest_codes; suggest_codes('The knee is swollen.'); "
    calls = {
        "bare interpreter": ["-c", "pass"],
        "import spacy, medspacy": ["-c", "import spacy, medspacy"],
        "corrin --help": ["cli.py", "--help"],
        "corrin suggest, one note": ["cli.py", "suggest", "corpora/demo/clinic-note.txt"],
        "triage answers, no spaCy": ["-c", none + "sys.exit('spacy' in sys.modules)"],
    }
    taken: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(rounds):
        for name, call in calls.items():
            begin = time.perf_counter()
            subprocess.run([sys.executable, *call], cwd=folder, capture_output=True, check=True)
            taken[name].append(time.perf_counter() - begin)
    bare = statistics.median(taken["bare interpreter"])
    both = statistics.median(taken["import spacy, medspacy"])
    for name, runs in taken.items():
        middle = statistics.median(runs)
        ratios = f"{middle / bare:7.1f} x bare {middle / both:6.2f} x spacy, medspacy"
        print(f"  {name:26}{middle:7.3f} s {ratios}")


def _count(texts: list[str]) -> int:
    from suggest import suggest_codes

    return sum(len(suggest_codes(text).suggestions) for text in texts)


def _warm() -> None:
    from suggest import warm

    warm()


def workers(texts: list[str], rounds: int) -> None:
    """Print how much faster two workers are than one, their start left out."""
    parts = [texts[at : at + 20] for at in range(0, len(texts), 20)]
    taken: dict[int, list[float]] = {1: [], 2: []}
    for _ in range(rounds):
        for count, runs in taken.items():
            with ProcessPoolExecutor(count, mp_context=get_context("spawn"), initializer=_warm) as pool:
                list(pool.map(_count, parts[:4]))
                begin = time.perf_counter()
                list(pool.map(_count, parts))
                runs.append(time.perf_counter() - begin)
    one, two = (statistics.median(taken[count]) for count in (1, 2))
    print(f"  one worker {one:.2f} s, two {two:.2f} s: {one / two:.2f} times")


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=("all", "notes", "growth", "start", "workers", "memory", "one"))
    parser.add_argument("name", nargs="?", default="corrin")
    parser.add_argument("--data", type=Path, default=HERE.parents[2] / "shared/data")
    parser.add_argument("--sample", type=int, default=120, help="about so many notes; 0 for all")
    parser.add_argument("--rounds", type=int, help="default 3; 5 for start and workers")
    parser.add_argument("--notes", type=int, default=200_000, help="of memory: how many notes")
    parser.add_argument("--peers", help="a Python in which bench/peers.txt is installed")
    chosen = parser.parse_args()
    sys.path.insert(0, str(HERE.parents[1]))
    if chosen.what == "one":
        run_one(chosen.name)
        return
    print(f"Python {platform.python_version()}, {platform.machine()}, {' '.join(sys.argv)}")
    print(", ".join(f"{name} {metadata.version(name)}" for name in ("corrin", "spacy", "medspacy")))
    texts = [] if chosen.what in ("growth", "start") else read_notes(chosen.data)
    if texts:
        digest = sha256("".join(sha256(text.encode()).hexdigest() for text in texts).encode()).hexdigest()
        print(f"{len(texts)} notes, {digest[:12]}")
    if chosen.what in ("all", "start"):
        start(chosen.rounds or 5)
    if chosen.what in ("all", "notes"):
        notes(texts, chosen.sample, chosen.rounds or 3, chosen.peers)
    if chosen.what in ("all", "workers"):
        workers(pick(texts, 500), chosen.rounds or 5)
    if chosen.what in ("all", "growth"):
        growth(1_000_000 if chosen.what == "all" else 10_000_000)
    if chosen.what == "memory":
        memory(texts, chosen.notes)


if __name__ == "__main__":
    main()
