"""Pure parsers of single values: text in, an :class:`Understood` out; tables come as arguments."""
