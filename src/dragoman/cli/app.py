"""The command `dragoman`: how it begins, and how it ends.

Results go to standard output, all else to standard error. How a command ends is decided here alone:

| ends with | code |
|---|---|
| all well, or nobody reads the output any more (`| head`) | 0 |
| DragomanError, an I/O error, a fault of the program | 1 |
| UsageError, a command put wrongly | 2 |
| some reports done, some failed; some added before an error ended `add` | 3 |
| interrupted | 130 |
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from dragoman.cli.common import say
from dragoman.cli.options import Offline
from dragoman.config import Settings
from dragoman.errors import DragomanError, UsageError, fault
from dragoman.offline import shut_if_asked

if TYPE_CHECKING:
    from dragoman.adding.attempts import Reads
    from dragoman.adding.batch import Outcome

FAILED, USAGE, PARTLY, INTERRUPTED = 1, 2, 3, 130

ADDED_SOME = "dragoman.added_some"
"""Set in a context's `meta`, which its commands share, when an error ends `add` after some reports are safe."""


class Commands(TyperGroup):
    """The commands, and the one place where an error becomes an exit code."""

    def invoke(self, ctx: Any) -> Any:
        """Runs a command; every error of ours ends it with a message and its code."""
        try:
            try:
                return super().invoke(ctx)
            finally:
                if sys.stdout is not None:  # None where it was closed before the start
                    sys.stdout.flush()
        except BrokenPipeError:
            _drop_output()
            return None
        except KeyboardInterrupt:
            say("interrupted")
            code = INTERRUPTED
        except (DragomanError, OSError) as error:
            _tell_error(error, debug=bool(ctx.params.get("debug")))
            code = USAGE if isinstance(error, UsageError) else PARTLY if ctx.meta.get(ADDED_SOME) else FAILED
        raise typer.Exit(code)


def _tell_error(error: Exception, *, debug: bool) -> None:
    if debug:
        import traceback

        traceback.print_exception(error)
    if isinstance(error, DragomanError):
        say(error.what, error.cure)
    elif isinstance(error, OSError):
        say(
            f"{error.strerror or error}: {error.filename or 'the output'}",
            "check the disk and the permissions",
        )
    else:
        cure = "run it again as `dragoman --debug ...` and report what that prints"
        say(fault(error), cure)


def _drop_output() -> None:
    """Points standard output at nothing, so that Python does not stumble over the closed pipe at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def main(make_reader: Callable[[Settings], Reads] | None = None) -> None:
    """The entry point of the command; another reader may be given in place of the pipeline's."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    # The matrices outside the encoder are small: threads that share one wait for it in a loop, on a core that another
    # process needs. A brief of 125 words took 60 to 90 ms of processor time with them, and 23 ms without.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        app(obj=make_reader)
    except Exception as error:
        _tell_error(error, debug="--debug" in sys.argv)
        sys.exit(FAILED)


app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"dragoman {version('dragoman')}")
        raise typer.Exit


@app.callback()
def dragoman(
    debug: Annotated[bool, typer.Option("--debug", help="Show where an error happened.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
    offline: Offline = False,
) -> None:
    """Reads news reports and keeps a ledger of what happened, according to whom."""
    shut_if_asked()


def end(outcome: Outcome) -> None:
    """Ends a command that went through many reports."""
    if outcome.failed:
        raise typer.Exit(PARTLY if outcome.done or outcome.already_there else FAILED)
