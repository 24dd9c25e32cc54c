"""Tables for papers: LaTeX (booktabs), Markdown, and a plain Excel workbook."""

from oilshock.papers.build import PAPER_TABLES, build_table
from oilshock.papers.excel import workbook_bytes
from oilshock.papers.files import paper_files
from oilshock.papers.table import PaperTable

__all__ = ["PAPER_TABLES", "PaperTable", "build_table", "paper_files", "workbook_bytes"]
