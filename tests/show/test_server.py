from __future__ import annotations

import socket

import pytest

from dragoman.config import Settings
from dragoman.errors import DragomanError
from dragoman.show.server import _listening


def test_answers_go_out_at_once() -> None:
    """Else what is written in two pieces waits for the other side to acknowledge the first: 40 ms for each page."""
    with _listening(Settings(port=0)) as listener, socket.create_connection(listener.getsockname()):
        accepted, _ = listener.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_taken_port_is_told() -> None:
    with _listening(Settings(port=0)) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(DragomanError, match=f"port {port} .*another program has it"):
            _listening(Settings(port=port))
