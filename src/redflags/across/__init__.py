"""Across orders: who is the same party, which parties are linked, what a window of orders holds."""
