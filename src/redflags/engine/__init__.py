"""Engines: from a rule book and the values of an order line to verdicts. One meaning, any speed."""
