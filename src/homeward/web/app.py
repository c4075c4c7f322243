"""The application, and the server that runs it."""

from __future__ import annotations

from fastapi import FastAPI, Request, Response
from starlette.middleware.base import RequestResponseEndpoint

import homeward
from homeward.record import Record
from homeward.web import api
from homeward.web.answers import add_answers
from homeward.web.settings import Settings

__all__ = ["create_app", "serve"]

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def create_app(record: Record, settings: Settings | None = None) -> FastAPI:
    """An application over one record."""
    app = FastAPI(
        title="Homeward",
        version=homeward.__version__,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.record = record
    app.state.settings = settings or Settings()
    add_answers(app)
    for router in (api.sessions, api.changes, api.things, api.jobs, api.audit):
        app.include_router(router)

    @app.get("/api/health", operation_id="health", tags=["health"])
    def health() -> dict[str, str]:
        """Whether the server and its record answer."""
        return {"version": homeward.__version__, "revision": str(record.revision)}

    @app.middleware("http")
    async def _headers(request: Request, call_next: RequestResponseEndpoint) -> Response:
        response = await call_next(request)
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    return app


def serve(record: Record, host: str = "127.0.0.1", port: int = 8742, settings: Settings | None = None) -> None:
    """Serve a record until interrupted. The log tells methods, paths without queries, and statuses."""
    import uvicorn

    chosen = settings or Settings(origin=f"http://{host}:{port}")
    uvicorn.run(create_app(record, chosen), host=host, port=port, log_level="warning", access_log=False)
