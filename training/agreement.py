"""How far two readers agree on the written reports: `python -m training.agreement`.

Every tenth of the first 150 was marked a second time, by a reader who had the text and the codebook alone
(`written/second/`). The second reader is scored against the first as a bundle is, by
../shared/score/sourced_events.py.
"""

from __future__ import annotations

from training import written
from training.evaluate import score_sourced

SECOND = written.FOLDER / "second"


def agreement() -> tuple[int, dict[str, float]]:
    """The number of reports that were marked twice, and the scores of the second marks."""
    second = written.rows(SECOND)
    first = [written.load(written.FOLDER / f"{row['id']}.yaml") for row in second]
    return len(second), score_sourced(first, second)


def main() -> None:
    """The command."""
    reports, figures = agreement()
    print(f"{reports} reports marked twice")
    for name, value in figures.items():
        print(f"{name:40}{value:7.1f}")


if __name__ == "__main__":
    main()
