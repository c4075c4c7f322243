"""A server over a record in this process, and Debian's browser driven against it."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from homeward.record import Record
from homeward.record.worker import work
from homeward.report.stored import reports_of
from homeward.web import Settings, create_app
from validation.workbench.stage import PASSWORD

__all__ = ["chromium", "come_in", "served"]

_WAIT = 30.0


@contextmanager
def served(record: Record) -> Iterator[str]:
    """The address of a server over a record, with a worker that does its jobs."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    origin = f"http://localhost:{port}"
    app = create_app(record, Settings(origin))
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning", access_log=False))
    ended = threading.Event()
    asked = {"stop": ended.is_set, "write": reports_of, "idle": 0.2}
    threads = [threading.Thread(target=server.run), threading.Thread(target=work, args=(record,), kwargs=asked)]
    for thread in threads:
        thread.start()
    until = time.monotonic() + _WAIT
    while not server.started and time.monotonic() < until:
        time.sleep(0.05)
    try:
        yield origin
    finally:
        server.should_exit = True
        ended.set()
        for thread in threads:
            thread.join(_WAIT)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's browser. Raises FileNotFoundError where it is not installed."""
    path = shutil.which("chromium")
    if path is None:
        raise FileNotFoundError("package chromium is not installed (make system)")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


def come_in(
    browser: Browser, origin: str, account: str, *, width: int = 1200, dark: bool = False, scale: float = 1.0
) -> BrowserContext:
    """A browser of somebody's own, logged in; of nobody where no account is named. ``scale``: dots a pixel."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if dark else "light",
        base_url=origin,
        device_scale_factor=scale,
    )
    if account:
        page = context.new_page()
        page.goto("/log-in?lang=en")
        page.get_by_label("Account").first.fill(account)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").first.click()
        page.wait_for_url(f"{origin}/")
        page.close()
    return context
