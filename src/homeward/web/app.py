"""The application, and the server that runs it."""

from __future__ import annotations

import logging
from importlib.resources import files

from fastapi import FastAPI, HTTPException, Response

import homeward
from homeward.record import Record
from homeward.report.page import css
from homeward.web import api, pages
from homeward.web.answers import add_answers
from homeward.web.guard import Guard
from homeward.web.pace import Pace
from homeward.web.settings import Settings

__all__ = ["create_app", "serve"]

_STATIC = {
    "workbench.css": "text/css",
    **dict.fromkeys(("passkey.js", "matrix.js", "prior.js", "grid.js", "drawing.js"), "text/javascript"),
}


def create_app(record: Record, settings: Settings | None = None) -> FastAPI:
    """An application over one record."""
    app = FastAPI(
        title="Homeward",
        version=homeward.__version__,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
    )
    for name in ("httpx2", "sqlalchemy"):  # addresses with their queries, rows as they were read
        logging.getLogger(name).setLevel(logging.WARNING)
    app.state.record = record
    app.state.settings = settings or Settings()
    app.state.pace = Pace()
    add_answers(app)
    for router in (
        api.sessions,
        api.keys,
        api.oidc,
        api.changes,
        api.summary,
        api.things,
        api.names,
        api.jobs,
        api.audit,
    ):
        app.include_router(router)

    for pages_router in (
        pages.entrance,
        pages.board,
        pages.remains,
        pages.families,
        pages.drawing,
        pages.candidates,
        pages.individuals,
        pages.matrix,
        pages.findings,
        pages.analyses,
        pages.jobs,
        pages.data,
        pages.imports,
        pages.reports,
        pages.people,
        pages.settings,
        pages.audit,
    ):
        app.include_router(pages_router)

    @app.get("/favicon.ico", include_in_schema=False)
    def favicon() -> Response:
        """Nothing: browsers ask for it beside a report, which names none."""
        return Response(status_code=204)

    @app.get("/static/{name}", include_in_schema=False)
    def static(name: str) -> Response:
        """The two style sheets, the report's and the workbench's, and the scripts."""
        if name == "report.css":
            return Response(css(), media_type="text/css", headers={"Cache-Control": "max-age=3600"})
        if name not in _STATIC:
            raise HTTPException(404)
        content = files("homeward.web").joinpath("static", name).read_text(encoding="utf-8")
        return Response(content, media_type=_STATIC[name], headers={"Cache-Control": "max-age=3600"})

    @app.get("/api/health", operation_id="health", tags=["health"])
    def health() -> dict[str, str]:
        """Whether the server and its record answer."""
        return {"version": homeward.__version__, "revision": str(record.revision)}

    app.add_middleware(Guard)
    return app


def serve(record: Record, host: str = "127.0.0.1", port: int = 8742, settings: Settings | None = None) -> None:
    """Serve a record until interrupted. `guard` says what the log tells."""
    import uvicorn

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    chosen = settings or Settings(origin=f"http://{host}:{port}")
    uvicorn.run(create_app(record, chosen), host=host, port=port, log_level="warning", access_log=False)
