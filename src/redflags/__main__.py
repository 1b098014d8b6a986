"""``python -m redflags`` is the command ``redflags``."""

from redflags.cli.main import run

if __name__ == "__main__":
    run()
