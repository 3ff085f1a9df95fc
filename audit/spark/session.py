"""A Spark of our own on this machine: loopback alone, quiet, and nothing of it left on disk."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nlp.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

_ROOT = Path(__file__).resolve().parents[2]
_LOGGING = "rootLogger.level = off\n"


def check_installed() -> None:
    """Say what is missing, before anything is read or written.

    Raises:
        InputError: PySpark or Java is not there.
    """
    if importlib.util.find_spec("pyspark") is None:
        raise InputError("--engine spark needs PySpark 4.0: pip install 'corrin[spark]'")
    home = os.environ.get("JAVA_HOME")
    if shutil.which("java", path=str(Path(home) / "bin") if home else None) is None:
        raise InputError(
            "--engine spark needs Java 17 (openjdk-17-jre-headless): there is no java on the PATH"
        )


@contextmanager
def own_session(workers: int) -> Iterator[Any]:
    """Yield a session of so many workers; it and its folder are gone afterwards.

    Raises:
        InputError: Spark does not start.
    """
    check_installed()
    with tempfile.TemporaryDirectory(prefix="corrin-spark-", ignore_cleanup_errors=True) as folder:
        session = _start(Path(folder), workers)
        try:
            yield session
        finally:
            _end(session)


def _start(folder: Path, workers: int) -> Any:
    from pyspark.sql import SparkSession

    logging = folder / "log4j2.properties"
    logging.write_text(_LOGGING, encoding="utf-8")
    paths = [str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    options = {
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.local.dir": str(folder),
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.sql.catalogImplementation": "in-memory",
        "spark.driver.extraJavaOptions": f"-Djava.io.tmpdir={folder} -XX:-UsePerfData "
        f"-Dlog4j2.configurationFile={logging.as_uri()}",
        "spark.executorEnv.PYTHONPATH": os.pathsep.join(paths),
        "spark.log.level": "OFF",
    }
    builder = SparkSession.builder.master(f"local[{workers}]").appName("corrin audit")
    for name, value in options.items():
        builder = builder.config(name, value)
    with _surroundings(folder):
        try:
            return builder.getOrCreate()
        except Exception as error:  # noqa: BLE001 Spark raises of many kinds here
            raise InputError(
                f"Spark did not start ({type(error).__name__}); it needs Java 17: see java -version"
            ) from None


@contextmanager
def _surroundings(folder: Path) -> Iterator[None]:
    """Start Java with our Python and on loopback; what it prints goes nowhere: it may quote notes."""
    wanted = {
        "PYSPARK_PYTHON": sys.executable,
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_LOCAL_DIRS": str(folder),
    }
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    sys.stderr.flush()
    kept = os.dup(2)
    if not os.environ.get("CORRIN_DEBUG"):
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 2)
        os.close(null)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _end(session: Any) -> None:
    """Stop Spark and the Java that it runs in, so that its folder can be taken away."""
    from pyspark import SparkContext

    gateway = SparkContext._gateway  # noqa: SLF001 there is no public way to end the Java process
    with contextlib.suppress(Exception):
        session.stop()
    if gateway is None:
        return
    with contextlib.suppress(Exception):
        gateway.shutdown()
    process = gateway.proc
    with contextlib.suppress(Exception):
        process.stdin.close()
    with contextlib.suppress(Exception):
        process.wait(20)
    if process.poll() is None:
        process.kill()
        process.wait()
    SparkContext._gateway = SparkContext._jvm = None  # noqa: SLF001
