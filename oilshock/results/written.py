"""A study to hand on: the brief, tables for papers, and the workbook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from oilshock.brief import Brief, brief_of
from oilshock.errors import OutputError, Problem, check_known
from oilshock.options import TABLE_FORMATS, TableFormat
from oilshock.results.lasting import LastingResult
from oilshock.storage import write_file

if TYPE_CHECKING:
    from oilshock.papers import PaperTable


@dataclass(frozen=True, eq=False, repr=False)
class WrittenResult(LastingResult):
    """A finished study that writes its brief and its tables for papers."""

    def brief(self) -> Brief:
        """Write the study as half a page of text, to paste into a message.

        Returns
        -------
        Brief
            Prints as plain text, shows as Markdown in a notebook; `to_markdown()` gives the
            Markdown, `trace` the table cell that each number comes from.
        """
        return brief_of(self.estimates, self.facts)

    def paper_table(self, name: str, *, stars: Sequence[float] = ()) -> PaperTable:
        """Return a table for a paper: rounded, with a caption and notes.

        Parameters
        ----------
        name : str
            `car` (each event: AR, CARs, standard errors in brackets), `p_values` (each event and
            window), `average`, `tests`, `whatif`, `levels`, or `events` (those left out, moved or
            cut off).
        stars : sequence of float, default ()
            Levels at which an estimate gets a star more, such as (0.1, 0.05, 0.01); none by
            default. Stars go by the calibrated p value where there is one.

        Returns
        -------
        PaperTable
            With `to_latex()`, `to_markdown()` and `frame`; without rows where the study has
            nothing for it.

        Raises
        ------
        ConfigError
            When there is no table of that name, or a level is not between 0 and 1.

        Examples
        --------
        >>> import oilshock as osk
        >>> events = osk.load_events().filter(ids=["iran-attacks-israel-apr2024"])
        >>> result = osk.EventStudy(osk.load_prices(), events).fit()
        >>> result.paper_table("car").frame["AR"].to_list()
        ['−2.45', '(1.99)']
        """
        from oilshock.papers import build_table

        return build_table(self.estimates, self.facts, name=name, stars=stars)

    def to_excel(self, path: str | Path) -> Path:
        """Write all tables into one Excel workbook, a sheet each, at full precision.

        Parameters
        ----------
        path : str or Path
            Ends in .xlsx.

        Returns
        -------
        Path
            The file written.

        Raises
        ------
        OutputError
            When the ending is another one, the disk refuses, or a table is too long for a sheet.
        """
        from oilshock.papers import workbook_bytes

        target = Path(path)
        if target.suffix != ".xlsx":
            raise OutputError(Problem(str(path), "does not end in .xlsx.", fix="Rename it."))
        write_file(target, workbook_bytes(self.estimates))
        return target

    def export_tables(
        self,
        folder: str | Path,
        *,
        formats: Sequence[TableFormat] = TABLE_FORMATS,
        stars: Sequence[float] = (),
    ) -> tuple[Path, ...]:
        """Write the tables for papers into a folder.

        Parameters
        ----------
        folder : str or Path
            Made if it is not there. Files of the same name are replaced, others stay.
        formats : sequence of {"latex", "markdown", "excel"}, default all three
            What is written: `car.tex`, `car.md` and so on, and `tables.xlsx`.
        stars : sequence of float, default ()
            Levels at which an estimate gets a star more; none by default.

        Returns
        -------
        tuple of Path
            The files written; a table without rows has none.

        Raises
        ------
        ConfigError
            When a format or a level is wrong.
        OutputError
            When the disk refuses, or a table is too long for a sheet.
        """
        from oilshock.papers import paper_files

        for kind in formats:
            check_known(
                kind, TABLE_FORMATS, where="formats", otherwise="is not a format", label="Use"
            )
        files = paper_files(self.estimates, self.facts, formats=formats, stars=stars)
        targets = []
        for name, content in files.items():
            targets.append(Path(folder) / name)
            write_file(targets[-1], content)
        return tuple(targets)
