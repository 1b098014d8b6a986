"""The command line: thin commands over the screener, the rule book and the writers."""
