"""Where prices come from: bundled, a file, Yahoo or FRED, behind one protocol and one cache.

Network libraries load only when a source is asked for prices that the cache does not hold.
"""

from __future__ import annotations

from oilshock.sources.access import Access
from oilshock.sources.load import fetch_prices, read_cached, read_source
from oilshock.sources.protocol import Source

__all__ = ["Access", "Source", "fetch_prices", "read_cached", "read_source"]
