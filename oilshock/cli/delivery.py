"""What a run hands on: the folder, the files, and what is printed in place of the table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from oilshock.cli.console import echo_brief, echo_json
from oilshock.storage import refuse_foreign

if TYPE_CHECKING:
    from oilshock.brief import Brief
    from oilshock.config import Config
    from oilshock.options import Format, TableFormat


@dataclass(frozen=True)
class Delivery:
    """What a run hands on, as the options say.

    Parameters
    ----------
    out : str
        Folder in which the study's folder is made.
    output_format : {"text", "json"}
        What is printed.
    reports : tuple of str, optional
        Formats of the report; default: as the config says.
    tables : tuple of str, optional
        Formats of tables for papers; default: as the config says.
    brief : {"text", "markdown"}, optional
        How the brief is printed; no brief by default.
    quiet : bool
        Whether progress and notes are hidden.
    """

    out: str
    output_format: str
    reports: tuple[Format, ...] | None
    tables: tuple[TableFormat, ...] | None
    brief: str | None
    quiet: bool

    def folder(self, config: Config) -> Path:
        """Return the folder of a study; one that holds something else is refused."""
        folder = Path(self.out) / config.study.name
        refuse_foreign(folder)
        return folder

    def report_formats(self, config: Config) -> tuple[Format, ...]:
        """Return the formats of the report."""
        return config.report.formats if self.reports is None else self.reports

    def table_formats(self, config: Config) -> tuple[TableFormat, ...]:
        """Return the formats of tables for papers."""
        return config.report.tables if self.tables is None else self.tables

    def printed(
        self,
        *,
        document: Callable[[], dict[str, Any]],
        brief: Brief | None,
        files: Sequence[Path],
    ) -> bool:
        """Print the JSON document or the brief; False, with nothing done, where neither is asked.

        Parameters
        ----------
        document : callable
            Builds the document.
        brief : Brief, optional
            The brief, where one is asked for.
        files : sequence of Path
            What was written.

        Returns
        -------
        bool
            Whether something was printed.
        """
        if self.output_format == "json":
            from oilshock.documents import brief_document

            told = {} if brief is None else {"brief": brief_document(brief)}
            echo_json({**document(), **told, "files": [str(path) for path in files]})
        elif brief is not None:
            echo_brief(brief, form=self.brief, files=files, quiet=self.quiet)
        return self.output_format == "json" or brief is not None
