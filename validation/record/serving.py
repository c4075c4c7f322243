"""`python -m validation.record.serving URL KEYS PORT`: a server in a process of its own, for tests and studies."""

from __future__ import annotations

import logging
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2

from homeward.record import open_record

__all__ = ["served"]


@contextmanager
def served(url: str, keys: Path, log: Path) -> Iterator[str]:
    """The address of a server over a record; what it says goes into a file."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "validation.record.serving", url, str(keys), str(port)]
    with log.open("wb") as said:
        server = subprocess.Popen(command, stdout=said, stderr=said)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(server, address)
        yield address
    finally:
        server.terminate()
        server.wait(30)


def _wait(server: subprocess.Popen[bytes], address: str) -> None:
    for _ in range(600):
        if server.poll() is not None:
            raise RuntimeError("the server ended before it answered")
        try:
            httpx2.get(f"{address}/api/health").raise_for_status()
            return
        except httpx2.HTTPError:
            time.sleep(0.1)
    raise RuntimeError("the server does not answer")


def main(arguments: list[str]) -> None:
    from homeward.web import serve

    url, keys, port = arguments
    logging.basicConfig(level=logging.INFO)
    serve(open_record(url, Path(keys)), port=int(port))


if __name__ == "__main__":
    main(sys.argv[1:])
