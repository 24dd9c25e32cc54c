"""What a study says beyond its windows: persistence, rank in history, volatility, aftermath."""
