"""Serving the pages from this machine, and the demo: the sample reports in a ledger of their own."""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

from dragoman.config import Settings
from dragoman.errors import DragomanError
from dragoman.show.comparing import Comparing
from dragoman.show.output import tell
from dragoman.show.safety import is_shared

KEPT_OPEN = 75
"""Seconds that a connection stays open for the next question: whoever reads a page for a while finds it open."""
SAMPLES = "data/sample"
"""Where the sample reports lie in the package."""


def samples() -> Path:
    """The folder of the sample reports."""
    folder = Path(str(files("dragoman"))) / SAMPLES
    if not folder.is_dir():
        raise DragomanError(f"{folder}: the sample reports are missing", "reinstall dragoman")
    return folder


@contextmanager
def demo_folder(folder: Path | None, *, keep: bool) -> Iterator[Path]:
    """The folder of the demo's ledger: the one given, or a new one, removed unless it is to be kept."""
    if folder is not None:
        yield folder
    elif keep:
        yield Path(mkdtemp(prefix="dragoman-demo-"))
    else:
        with TemporaryDirectory(prefix="dragoman-demo-") as made:
            yield Path(made)


def serve(ledger: str | Path, settings: Settings, *, open_page: bool = False) -> None:
    """Serves a ledger until it is interrupted. Port 0 takes any that is free.

    The port is taken before anything is announced, so the address told is one that answers.
    """
    import uvicorn

    from dragoman.show.app import create_app

    app = create_app(ledger, settings)
    with _listening(settings) as listener, Comparing(str(ledger)) as app.state.comparing:
        host, port = listener.getsockname()[:2]
        address = f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
        tell(f"{app.state.ledger.database.name} is served at {address}", "Ctrl-C ends it")
        if is_shared(settings) and not settings.proxy:
            tell(
                f"whoever reaches {settings.name} must sign in, but their passwords go over the network as they are",
                "let a reverse proxy with TLS stand before it, and name that with --proxy: the manual tells how",
            )
        if open_page:
            import webbrowser

            webbrowser.open(address)
        # whose X-Forwarded headers are believed is decided in `app`
        server = uvicorn.Server(
            uvicorn.Config(app, log_level="warning", proxy_headers=False, timeout_keep_alive=KEPT_OPEN)
        )
        server.run(sockets=[listener])
        if server.should_exit:  # it raises Ctrl-C again as it ends, which Python sometimes drops (`interruptions.Kept`)
            raise KeyboardInterrupt


def _listening(settings: Settings) -> socket.socket:
    """A socket that accepts connections already; they wait until the server runs."""
    host = settings.host.strip("[]")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, settings.port), family=family, backlog=128)
        # or each answer waits 40 ms for the browser to acknowledge its headers
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return listener
    except OSError as error:
        taken = error.errno == errno.EADDRINUSE
        reason = "another program has it" if taken else error.strerror or str(error)
        raise DragomanError(
            f"port {settings.port} of {host} cannot be taken ({reason})",
            "give another with --port, or 0 for any that is free",
        ) from error
