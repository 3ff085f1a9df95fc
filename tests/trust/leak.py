"""No leak: rare words in notes, names, columns and metadata turn up in results alone, whatever fails.

Every command and address runs well, on broken input, and with functions of ours made to fail one at a time:
with the words in the error's message, as a careless library would, or logged and warned of. Searched are what
is printed beyond the result, logs, warnings, tracebacks, temporary folders, every file that was opened for
writing, environment, process titles, HTTP headers and errors, and the report that may be mailed.

An error sentence names files, columns and ids, since nobody could act on it otherwise; it names nothing else.
"""

from __future__ import annotations

import gc
import json
import logging
import os
import pickle
import shutil
import sys
import tempfile
import traceback
import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

from tests.trust.apart import Breaker, Ran, Reached, forked, profiled
from tests.trust.calls import Ask, Call, asks, calls, request, reviewed, run_command, warm
from tests.trust.planted import NAMES, SECRETS, SPILL, plant
from tests.trust.processes import real_processes
from tests.trust.reprs import records
from tests.trust.tally import Tally

ASIDE = ("corpora/", "models/")  # what measures and learns; its functions are broken in the long form
PROTECTION = ("cli.py:main", "suggest/console.py:discreet")  # beyond these there is only the interpreter
_ALL = {**SECRETS, **NAMES, "message of an error": SPILL}
_TOLD = {**SECRETS, "message of an error": SPILL}  # what no sentence may hold


@dataclass(frozen=True, slots=True)
class Trial:
    """A command or a request, and the function that is made to fail in it."""

    what: Call | Ask
    broken: str = ""

    @property
    def part(self) -> str:
        kind = "a command" if isinstance(self.what, Call) else "a request"
        return f"{kind}, a function made to fail" if self.broken else kind

    @property
    def shown(self) -> str:
        return f"{self.what.name}, {self.broken} broken" if self.broken else self.what.name


def found(where: str, text: str, words: dict[str, str]) -> list[str]:
    """Which planted words stand in a text, by what they are."""
    small = text.lower()
    what = [what for what, word in words.items() if word.lower() in small]
    return [f"{', '.join(what[:3])}{' and others' if len(what) > 3 else ''} {where}"] if what else []


def leaks(trial: Trial, ran: Ran, out: Path) -> list[str]:
    """Where words turned up that must not; and where the command did not end as it must."""
    told = found("on standard error", ran.err, _TOLD)
    told += ["a traceback on standard error"] * ("Traceback" in ran.err)
    told += found("in a log", ran.logs, _ALL)
    for name, data in ran.left.items():
        told += [f"{name} was left behind", *found(f"in {name}", data.decode("latin-1"), _ALL)]
    told += found("in the environment or the title of the process", ran.about, _TOLD)
    # What is written in between lies in a folder of its own below TMPDIR and is gone at the end (see `left`).
    kept = (str(out), str(out.parent), "/proc")
    told += [f"{name} was opened for writing" for name in ran.written if not name.startswith(kept)]
    told += found("in the report", _report(out), _ALL)
    told += found("among the errors of the audit", _errors(out), _TOLD)
    if ran.code < 0 or ran.code == 99:
        told.append(f"ended with {ran.code}: {ran.err[-300:]}")
    printed = ran.out.decode("utf-8", "replace")
    told += ["the message of an error on standard output"] * (SPILL.lower() in printed.lower())
    told += _beyond(trial.what, ran, printed)
    return told


def _beyond(what: Call | Ask, ran: Ran, printed: str) -> list[str]:
    """Words on standard output that are no result: of a call that failed, or beside the JSON."""
    if isinstance(what, Ask):
        head, _, body = printed.partition("\n\n")
        told = found("in a header of the answer", head, _ALL)
        if head and not head.startswith("200"):
            told += found("in an error of the server", body, _ALL)
        return told
    if ran.code in (2, 3):
        return found("on standard output of a call that failed", printed, _ALL)
    if what.printed != "text" and printed:
        lines = printed.splitlines() if what.printed == "jsonl" else [printed]
        try:
            for line in lines:
                json.loads(line)
        except ValueError:
            return ["standard output is no whole JSON"]
    return []


def _report(out: Path) -> str:
    return "".join(path.read_text(errors="replace") for path in out.rglob("report.html"))


def _errors(out: Path) -> str:
    """What the audit says of notes that were set aside, and of itself."""
    return "".join(path.read_text(errors="replace") for path in out.rglob("errors.jsonl"))


def fail(broken: str) -> None:
    """Fail as careless code would, with the words in the message; the function's name chooses the kind."""
    words = " ".join(_TOLD.values())
    kind = crc32(broken.encode()) % 5
    if kind == 0:
        raise ValueError(words)
    if kind == 1:
        raise OSError(5, words, words)
    if kind == 2:
        raise KeyError(words)
    if kind == 3:
        raise UnicodeDecodeError("utf-8", words.encode(), 0, 1, words)
    logging.getLogger("careless").error("cannot read %s", words)
    warnings.warn(words, stacklevel=1)


class Trials:
    """Runs trials on planted files in children of this process."""

    def __init__(self, folder: Path, made: dict[str, Path]) -> None:
        self.folder, self.made, self.good, self.count = folder, made, folder / "good", 0

    def run(self, trial: Trial, hook: Callable[[Any, str, Any], None] | None = None) -> tuple[Ran, Path]:
        """Run a trial by itself: what former commands left is there as they left it."""
        self.count += 1
        place = self.folder / f"{os.getpid()}-{self.count}"
        out = place / "out"
        out.mkdir(parents=True)
        given = b""
        if isinstance(trial.what, Call):
            for name in trial.what.needs:
                shutil.copytree(self.good / name, out / name)
            call = next(c for c in calls(self.made, out) if c.name == trial.what.name)
            given = call.given

            def work() -> None:
                run_command(call)
        else:
            work = request(trial.what)
        chosen = hook or (Breaker(trial.broken, lambda: fail(trial.broken)) if trial.broken else None)
        # A careless log goes to whatever Python does by itself where nobody set up logging.
        ran = forked(
            (lambda: profiled(chosen, work)) if chosen else work,
            place / "run",
            given=given,
            logs=not trial.broken,
        )
        return ran, out

    def all_of(self, some: Sequence[Trial], name: str) -> Tally:
        """Run trials one after the other."""
        tally = Tally(name)
        for trial in some:
            ran, out = self.run(trial)
            told = leaks(trial, ran, out)
            tally.check(trial.part, not told, f"{trial.shown}: {'; '.join(told)}")
            shutil.rmtree(out.parent)
        return tally

    def first(self, trial: Trial) -> tuple[Ran, list[str], list[str]]:
        """Run what is not broken; keep what it leaves for others; return which functions it reached."""
        reached = self.folder / "reached"

        def keeping() -> None:
            seen = Reached()
            try:
                profiled(seen, lambda: run_command(call) if call else request(trial.what)())  # type: ignore[arg-type]
            finally:
                reached.write_text("\n".join(seen.found))

        call = None
        if isinstance(trial.what, Call):
            call = next(c for c in calls(self.made, self.good) if c.name == trial.what.name)
        self.count += 1
        ran = forked(keeping, self.folder / f"first-{self.count}", given=call.given if call else b"")
        told = leaks(trial, ran, self.good)
        return ran, reached.read_text().splitlines(), told


def prove(long: bool = False) -> Tally:
    """Try to find planted words where they must not be."""
    tally = Tally("leak")
    warm()
    gc.freeze()
    with tempfile.TemporaryDirectory(prefix="trust-") as name:
        _prove(Path(name), tally, long)
    return tally


def _prove(folder: Path, tally: Tally, long: bool) -> None:
    made = plant(folder / "in")
    trials = Trials(folder, made)
    trials.good.mkdir()
    broken: list[Trial] = []
    tried: set[str] = set()
    for what in (*calls(made, trials.good), *asks()):
        trial = Trial(what)
        if what.name == "review":
            reviewed(trials.good / "june")
        ran, reached, told = trials.first(trial)
        told += _wrong_end(what, ran)
        tally.check(trial.part, not told, f"{trial.shown}: {'; '.join(told)}")
        broken += [Trial(what, place) for place in chosen(reached, tried, long)]
    half = (lambda: trials.all_of(broken[::2], tally.name), lambda: trials.all_of(broken[1::2], tally.name))
    for done in at_once(folder, *half, lambda: _whole(folder, made, trials.good, long)):
        tally.add(done)


def _whole(folder: Path, made: dict[str, Path], good: Path, long: bool) -> Tally:
    """Records, and real processes."""
    tally = Tally("leak")
    records(tally, folder, made, good)
    real_processes(folder, made, tally, long)
    return tally


def _wrong_end(what: Call | Ask, ran: Ran) -> list[str]:
    if isinstance(what, Call):
        return (
            [] if ran.code == what.code else [f"ended with {ran.code} and not {what.code}: {ran.err[-300:]}"]
        )
    status = ran.out[:3].decode()
    return (
        [] if status == str(what.status) else [f"answered {status} and not {what.status}: {ran.out[-300:]!r}"]
    )


def chosen(reached: Sequence[str], tried: set[str], long: bool) -> Iterable[str]:
    """Which functions are broken: all; or in bounded form one a module, half of them for rules and audit."""
    for place in reached:
        module = place.partition(":")[0]
        if place in PROTECTION:
            continue
        half = module.startswith(("suggest/", "audit/")) and crc32(module.encode()) % 2 == 0
        if long or (module not in tried and not module.startswith(ASIDE) and not half):
            tried.add(module)
            yield place


def at_once(folder: Path, *works: Callable[[], Tally]) -> list[Tally]:
    """Run works in processes beside each other, for machines have two cores."""
    children = []
    for number, work in enumerate(works):
        child = os.fork()
        if child == 0:
            try:
                (folder / f"tally-{number}").write_bytes(pickle.dumps(work()))
            except BaseException:
                traceback.print_exc()
            os._exit(0)
        children.append(child)
    for child in children:
        os.waitpid(child, 0)
    return [pickle.loads((folder / f"tally-{number}").read_bytes()) for number in range(len(works))]


if __name__ == "__main__":
    from tests.trust.__main__ import main

    sys.exit(main(["leak", *sys.argv[1:]]))
