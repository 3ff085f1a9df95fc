"""Notes in bulk, compared with what was billed. What a note supports is decided by `suggest` alone."""

from __future__ import annotations

from typing import Any

__all__ = ["AuditResult", "run"]


def __getattr__(name: str) -> Any:
    # found when first asked for, so that `corrin --help` loads no tables
    if name in __all__:
        from audit import frames

        return getattr(frames, name)
    raise AttributeError(f"module 'audit' has no attribute {name!r}")
