"""Keep the libraries under us from writing on the user's terminal.

PyRuSH writes every token of every note to loguru's default sink, standard error: that is text of a
note in a log. pysbd's patterns raise SyntaxWarnings on the first import under Python 3.12 and
later. Call `silence` before medspacy or PyRuSH is imported.
"""

from __future__ import annotations

import warnings
from importlib.util import find_spec

_LOGURU_NAMES = ("PyRuSH", "medspacy", "medspacy_quickumls", "quickumls", "quicksectionx", "PyFastNER")


def silence() -> None:
    """Turn off what PyRuSH, medspaCy and pysbd write; a host's own logging is left as it is.

    It can be called any number of times, and where none of them is installed.
    """
    # A SyntaxWarning is raised while a file is compiled; its "module" is then the file's path.
    warnings.filterwarnings("ignore", category=SyntaxWarning, module=r".*[/\\]pysbd[/\\]")
    if find_spec("loguru") is None:
        return
    from loguru import logger

    for name in _LOGURU_NAMES:
        logger.disable(name)
