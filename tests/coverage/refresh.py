"""Rewrites pending.yaml: `.venv/bin/python -m tests.coverage.refresh` after adding tests."""

from __future__ import annotations

from tests.coverage.census import PENDING, uncovered

HEAD = """\
# Ids that no test covers yet: work to do, not an excuse. It may only get shorter, and goes when it is empty.
# Rewritten by `.venv/bin/python -m tests.coverage.refresh`.
"""

if __name__ == "__main__":
    names = uncovered()
    if names:
        PENDING.write_text(HEAD + "".join(f"- {name}\n" for name in names), encoding="utf-8")
    else:
        PENDING.unlink(missing_ok=True)
    print(f"{len(names)} ids wait for a test")
