"""Supply chain: what we install is named by its hash, what we ship can be built again, and data runs no code.

Locks, licences, the code that reads data files, the wheel built twice, and the bill of materials. What needs
the network (known weaknesses of the packages) is `make audit-packages` and no part of this.
"""

from __future__ import annotations

import ast
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from tests.trust.licences import NOTES, PERMISSIVE, declared, listed, locked
from tests.trust.tally import Tally

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ("nlp", "suggest", "models", "corpora", "readers", "audit", "web")
MINOR = f"py{sys.version_info.major}{sys.version_info.minor}"
_PIN = re.compile(r"([a-z0-9-]+)==([^\s\\;]+)(?: ; [^\\]+)? \\")
_HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?")
# Modules whose files run code when they are loaded, and calls that run text.
_UNSAFE_MODULES = frozenset(
    {"pickle", "cPickle", "marshal", "shelve", "dill", "cloudpickle", "joblib", "jsonpickle", "imp"}
)
_UNSAFE_CALLS = frozenset({"eval", "exec", "compile", "__import__"})
_UNSAFE_METHODS = frozenset({"read_pickle", "to_pickle", "unsafe_load", "full_load", "system", "popen"})
_SAFE_LOADERS = frozenset({"SafeLoader", "CSafeLoader"})
# XML is parsed by defusedxml, or by expat where a document type is refused; the library gives types alone.
_XML_TYPES = frozenset({"Element", "ParseError"})
_TEXTS = frozenset(
    {".json", ".jsonl", ".ndjson", ".yaml", ".csv", ".md", ".j2", ".html", ".css", ".js", ".svg", ".txt"}
)
_BINARIES = frozenset({".png", ".parquet"})  # hold no code


def locks(tally: Tally) -> None:
    """Every line of a lock is a pin or the hash of one, and what is installed is what is locked."""
    for path in sorted((ROOT / "locks").glob("*.txt")):
        lines = path.read_text(encoding="utf-8").splitlines()
        for number, line in enumerate(lines, 1):
            pin = _PIN.fullmatch(line)
            held = pin is not None or _HASH.fullmatch(line) is not None
            if pin is None and held:
                continue  # counted with its pin
            follows = lines[number] if number < len(lines) else ""
            held = held and _HASH.fullmatch(follows) is not None
            tally.check("locks: each package by version and hash", held, f"{path.name}:{number}")
    names = set()
    for line in (ROOT / "locks" / f"{MINOR}-dev.txt").read_text(encoding="utf-8").splitlines():
        if pin := _PIN.fullmatch(line):
            names.add(pin[1])
            held = _version(pin[1]) in (None, pin[2])
            tally.check("locks: what is installed is what is locked", held, pin[1])
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for requirement in project["dependencies"]:
        name = re.split(r"[<>=\[; ]", requirement)[0].lower().replace("_", "-")
        tally.check("locks: each direct dependency is locked", name in names, name)


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def licences(tally: Tally) -> None:
    """docs/licences.md names every package with what it declares, and explains what is not permissive."""
    page, names = listed(), locked()
    for name in sorted(names | page.keys()):
        licence, note = page.get(name, ("", ""))
        told = declared(name)
        held = name in names and bool(licence) and told in (None, licence)
        held = held and (PERMISSIVE.fullmatch(licence) is not None or note == NOTES.get(name, "-"))
        tally.check("licences: each package in docs/licences.md", held, f"{name}: {licence or 'not listed'}")


def code(tally: Tally) -> None:
    """No code of ours runs what a data file says: YAML by the safe loader, no pickles, no text as code."""
    for path in _sources():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found = sorted({*_unsafe(tree), *_unsafe_xml(tree)})
        where = path.relative_to(ROOT)
        tally.check("code: runs nothing from data files", not found, f"{where}: {'; '.join(found)}")
    for top in SHIPPED:
        for path in sorted((ROOT / top).rglob("*")):
            if path.is_dir() or path.suffix in (".py", ".pyc", ".typed") or path.name == "py.typed":
                continue
            held = path.suffix in _BINARIES
            if path.suffix in _TEXTS:
                held = "!!python" not in path.read_text(encoding="utf-8")
            tally.check("data: text of a kind that holds no code", held, str(path.relative_to(ROOT)))


def _sources() -> Iterator[Path]:
    yield ROOT / "cli.py"
    for top in (*SHIPPED, "bench"):
        yield from sorted((ROOT / top).rglob("*.py"))


def _unsafe(tree: ast.AST) -> Iterator[str]:
    loaders = {*_SAFE_LOADERS, *_own_loaders(tree)}
    loaders |= set(_stricter_loaders(tree, loaders))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            yield from (f"imports {n}" for n in names if n.split(".")[0] in _UNSAFE_MODULES)
        elif isinstance(node, ast.Call):
            yield from _unsafe_call(node, loaders)


def _own_loaders(tree: ast.AST) -> Iterator[str]:
    """Names of a module that stand for a safe loader, or for one made stricter."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and ", ".join(map(ast.unparse, node.bases)) == "yaml.SafeLoader":
            yield node.name
        if isinstance(node, ast.AnnAssign) and node.value is not None:
            said = ast.unparse(node.value)
            if said == "getattr(yaml, 'CSafeLoader', yaml.SafeLoader)":
                yield ast.unparse(node.target)


def _unsafe_xml(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (f"imports {a.name}" for a in node.names if a.name.split(".")[0] == "xml")
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "xml":
            names = {a.name for a in node.names}
            if node.module == "xml.parsers" and names == {"expat"}:
                if "StartDoctypeDeclHandler" not in ast.unparse(tree):
                    yield "parses XML and refuses no document type"
            elif not names <= _XML_TYPES:
                yield f"imports {node.module}"


def _stricter_loaders(tree: ast.AST, loaders: set[str]) -> Iterator[str]:
    """Classes made of safe loaders alone that only look at mappings again, and construct nothing else."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and node.bases and {ast.unparse(b) for b in node.bases} <= loaders:
            made = {item.name for item in node.body if isinstance(item, ast.FunctionDef)}
            if made <= {"construct_mapping"} and "add_constructor" not in ast.unparse(tree):
                yield node.name


def _unsafe_call(node: ast.Call, loaders: set[str]) -> Iterator[str]:
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    method = node.func.attr if isinstance(node.func, ast.Attribute) else ""
    owner = node.func.value.id if method and isinstance(node.func.value, ast.Name) else ""  # type: ignore[attr-defined]
    keywords = {k.arg: k.value for k in node.keywords}
    if name in _UNSAFE_CALLS or (owner == "os" and method in _UNSAFE_METHODS):
        yield f"calls {name or method} in line {node.lineno}"
    if owner != "os" and method in _UNSAFE_METHODS - {"system", "popen"}:
        yield f"calls {method} in line {node.lineno}"
    if owner == "yaml" and method in ("load", "load_all"):
        chosen = keywords.get("Loader", node.args[1] if len(node.args) > 1 else None)
        safe = (
            isinstance(chosen, ast.Name | ast.Attribute)
            and (chosen.id if isinstance(chosen, ast.Name) else chosen.attr) in loaders
        )
        if not safe:
            yield f"loads YAML unsafely in line {node.lineno}"
    for option in ("shell", "allow_pickle"):
        value = keywords.get(option)
        if value is not None and not (isinstance(value, ast.Constant) and value.value is False):
            yield f"{option} in line {node.lineno}"


def wheel(tally: Tally) -> None:
    """Two builds, from two copies with other times, rights, zone and order, are the same bytes."""
    with tempfile.TemporaryDirectory() as home:
        built = [_build(Path(home), number) for number in (1, 2)]
        if None in built:
            tally.check("wheel: built twice, the same bytes", held=False, fault="the build failed")
            return
        first, second = (path for path in built if path is not None)
        same = _digest(first) == _digest(second)
        tally.check("wheel: built twice, the same bytes", same, f"{_digest(first)} and {_digest(second)}")
        for name in zipfile.ZipFile(first).namelist():
            held = name.split("/")[0] in (*SHIPPED, "cli.py") or ".dist-info/" in name
            tally.check("wheel: holds the program and nothing else", held, name)
        tally.remark(f"wheel sha256 {_digest(first)}")


def _build(home: Path, number: int) -> Path | None:
    copy = home / f"copy{number}"
    ignore = shutil.ignore_patterns("__pycache__", "*.pyc")
    for name in (*SHIPPED, "cli.py", "pyproject.toml", "README.md", "LICENSE"):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=ignore, copy_function=shutil.copyfile)
        else:
            copy.mkdir(exist_ok=True)
            shutil.copyfile(source, copy / name)
    for place, path in enumerate(sorted(copy.rglob("*"))):
        if path.is_file():
            os.utime(path, (1_600_000_000 + number * 86_400 + place,) * 2)
            path.chmod(0o600 if number == 1 else 0o644)
    call = [
        sys.executable,
        "-m",
        "build",
        "--wheel",
        "--no-isolation",
        "--outdir",
        str(home / f"out{number}"),
        str(copy),
    ]
    zone = {"TZ": ("UTC", "Asia/Kathmandu")[number - 1], "PYTHONHASHSEED": str(number)}
    environment = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "SOURCE_DATE_EPOCH")}
    done = subprocess.run(call, env={**environment, **zone}, capture_output=True, check=False, timeout=100)
    return next((home / f"out{number}").glob("*.whl"), None) if done.returncode == 0 else None


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def materials(tally: Tally) -> None:
    """The bill of materials names every locked package with its version."""
    lock = ROOT / "locks" / f"{MINOR}.txt"
    call = [
        sys.executable,
        "-m",
        "cyclonedx_py",
        "requirements",
        "--output-reproducible",
        "--of",
        "JSON",
        str(lock),
    ]
    done = subprocess.run(call, capture_output=True, text=True, check=False, timeout=100)
    try:
        bill = json.loads(done.stdout)
    except ValueError:
        tally.check("bill of materials: names every package", held=False, fault="it cannot be made")
        return
    named = {(c["name"].lower().replace("_", "-"), c.get("version")) for c in bill.get("components", ())}
    for line in lock.read_text(encoding="utf-8").splitlines():
        if pin := _PIN.fullmatch(line):
            tally.check("bill of materials: names every package", (pin[1], pin[2]) in named, pin[1])


def targets(tally: Tally) -> None:
    """What is run by hand is there: known weaknesses of each lock, and the bill of materials."""
    made = (ROOT / "Makefile").read_text(encoding="utf-8")
    for name in ("audit-packages", "sbom"):
        tally.check("targets: there", re.search(rf"^{name}:", made, re.MULTILINE) is not None, name)


def prove(long: bool = False) -> Tally:
    """Try all of it; there is no longer form."""
    tally = Tally("supply")
    for part in (locks, licences, code, wheel, materials, targets):
        part(tally)
    return tally
