"""Run the command line: `python -m oilshock`."""

from oilshock.cli import main

main()
