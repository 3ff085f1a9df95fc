"""Read what `corrin train` wrote: JSON of plain numbers, checked, never code."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from nlp.errors import KnowledgeError

FORMAT = 1


def read_artefact(name: str, keys: tuple[str, ...]) -> Mapping[str, Any]:
    """Return the content of an artefact beside this module.

    Args:
        name: of the file.
        keys: what it must hold besides `format`.

    Raises:
        KnowledgeError: the file is missing, is no JSON, or is of another form.
    """
    try:
        content = json.loads(files("models").joinpath(name).read_text(encoding="utf-8"))
    except (FileNotFoundError, ModuleNotFoundError) as error:
        raise KnowledgeError(
            f"models/{name}: the file is missing; reinstall Corrin or run corrin train"
        ) from error
    except (ValueError, RecursionError) as error:
        raise KnowledgeError(f"models/{name}: not JSON; run corrin train") from error
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise KnowledgeError(f"models/{name}: not of format {FORMAT}; run corrin train")
    missing = [key for key in keys if key not in content]
    if missing:
        raise KnowledgeError(f"models/{name}: lacks {', '.join(missing)}; run corrin train")
    return content
