"""The server: its addresses, each a few lines; what they answer is made by `web.tasks`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import lru_cache
from importlib.resources import files
from typing import Annotated, Any
from urllib.parse import parse_qs

from fastapi import FastAPI, Path, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser

from suggest.version import version
from web import schema
from web.guards import Guard
from web.refusals import RefusalError
from web.settings import COOKIE, Settings
from web.templating import render
from web.workers import Engine, Readers

Code = Annotated[str, Path(description="with or without its dot", examples=["D51.0"])]
_JSON = "application/json"
_FHIR = "application/fhir+json"


def create_app(settings: Settings | None = None, engine: Engine | None = None) -> Guard:
    """Return the ASGI app, guards in front.

    Args:
        settings: how it guards itself; default: this machine only, no token.
        engine: who reads the notes; default: readers in processes of their own.
    """
    settings = settings or Settings()
    runner = engine or Readers(settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await runner.start()  # warm before the first request is accepted
        try:
            yield
        finally:
            await runner.stop()

    app = FastAPI(
        title="Corrin",
        version=version(),
        description="Which ICD-10-CM codes a clinical note supports, with the words that support them.",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=lifespan,
    )
    app.mount("/static", StaticFiles(directory=str(files("web").joinpath("static"))), name="static")
    _add_errors(app)
    _add_api(app, settings, runner)
    _add_pages(app, settings, runner)
    return Guard(app, settings)


def _add_errors(app: FastAPI) -> None:
    async def refused(_: Request, error: Exception) -> Response:
        assert isinstance(error, RefusalError)
        return Response(error.body(), error.status, media_type=_JSON)

    async def by_status(_: Request, error: Exception) -> Response:
        status = getattr(error, "status_code", 500)
        kind, text = {
            404: ("not_found", "There is no such address."),
            405: ("wrong_method", "The address does not take this method."),
        }.get(status, ("bad_request", "The request cannot be read."))
        answer = RefusalError(kind, text)
        headers = getattr(error, "headers", None) if answer.status == 405 else None
        return Response(answer.body(), answer.status, media_type=_JSON, headers=headers)

    async def invalid(_: Request, __: Exception) -> Response:
        answer = RefusalError("not_a_note", "A value of the request cannot be used.")
        return Response(answer.body(), answer.status, media_type=_JSON)

    async def failed(_: Request, __: Exception) -> Response:
        answer = RefusalError("failed", "Corrin failed; please report it without the note.")
        return Response(answer.body(), answer.status, media_type=_JSON)

    app.add_exception_handler(Exception, failed)
    app.add_exception_handler(RefusalError, refused)
    app.add_exception_handler(HTTPException, by_status)
    app.add_exception_handler(RequestValidationError, invalid)


def _add_api(app: FastAPI, settings: Settings, engine: Engine) -> None:
    given = {"policy": settings.policy} if settings.policy else {}

    def takes_json(path: str, task: str, media_type: str, **about: Any) -> None:
        async def handler(request: Request) -> Response:
            _check_type(request, _JSON)
            return Response(await engine.run(task, await request.body(), given), media_type=media_type)

        app.add_api_route(path, handler, methods=["POST"], response_class=Response, name=task, **about)

    takes_json("/api/suggest", "suggest", _JSON, **schema.SUGGEST)
    takes_json("/api/fhir", "fhir", _FHIR, **schema.FHIR)
    takes_json("/page/answer", "answer", _JSON, include_in_schema=False)
    takes_json("/page/claim", "claim", _JSON, include_in_schema=False)

    @app.post("/api/read", response_class=Response, **schema.READ)
    async def read(request: Request) -> Response:
        _check_type(request, "multipart/form-data")
        name, data = await _upload(request, settings.max_body)
        return Response(await engine.run("read", data, {"name": name}), media_type=_JSON)

    @app.get("/api/codes/{code}", response_class=Response, **schema.CODES)
    async def codes(code: Code, request: Request) -> Response:
        asked = {"code": code}
        if "date" in request.query_params:
            asked["date"] = request.query_params["date"]
        return Response(await engine.run("code", b"", asked), media_type=_JSON)

    @app.get("/healthz", response_class=Response, **schema.HEALTH)
    async def healthz() -> Response:
        if not engine.is_warm:
            raise RefusalError("busy", "The pipeline is not warm yet.")
        return Response(b'{"status": "ready"}', media_type=_JSON)

    @app.get("/api/openapi.json", include_in_schema=False)
    async def openapi() -> Response:
        return Response(schema.document(app), media_type=_JSON)

    @app.get("/api/docs", include_in_schema=False)
    async def docs() -> Response:
        return HTMLResponse(schema.page(app))


def _add_pages(app: FastAPI, settings: Settings, engine: Engine) -> None:
    make_page: Callable[[], str] = lru_cache(maxsize=1)(lambda: render("page.html.j2", version=version()))

    @app.get("/", include_in_schema=False)
    async def page(request: Request) -> Response:
        if not settings.opens(None, request.cookies.get(COOKIE)):
            return RedirectResponse("/login", 303)
        return HTMLResponse(make_page())

    @app.get("/login", include_in_schema=False)
    async def login_page() -> Response:
        return HTMLResponse(render("login.html.j2", failed=False))

    @app.post("/login", include_in_schema=False)
    async def login(request: Request) -> Response:
        _check_type(request, "application/x-www-form-urlencoded")
        fields = parse_qs((await request.body()).decode("latin-1"), max_num_fields=4)
        if not settings.opens((fields.get("token") or [""])[0].strip(), None):
            return HTMLResponse(render("login.html.j2", failed=True), 401)
        answer = RedirectResponse("/", 303)
        if settings.token is not None:
            answer.set_cookie(COOKIE, settings.session, httponly=True, secure=True, samesite="strict")
        return answer

    _ = engine


def _check_type(request: Request, wanted: str) -> None:
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given != wanted:
        raise RefusalError("wrong_type", f"This address takes {wanted}.")


class _InMemory(MultiPartParser):
    """A parser that writes no upload to disk, whatever its size; the body is limited before it."""

    spool_max_size = 1 << 40


async def _upload(request: Request, limit: int) -> tuple[str, bytes]:
    """Return name and bytes of the one file of a form."""
    try:
        form = await _InMemory(
            request.headers, request.stream(), max_files=1, max_fields=4, max_part_size=limit
        ).parse()
    except (MultiPartException, ValueError, KeyError):
        raise RefusalError("bad_request", "The form cannot be read; send one file.") from None
    found = [value for value in form.values() if isinstance(value, UploadFile)]
    if not found:
        raise RefusalError("not_a_note", "The form holds no file; send one in a field named file.")
    try:
        return found[0].filename or "", await found[0].read()
    finally:
        await form.close()
