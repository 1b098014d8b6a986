"""Settings of the test run."""

from __future__ import annotations

import os

from hypothesis import settings

# No test depends on the clock. Where many runs have to give the same answer the examples are the
# same ones each time; elsewhere each run looks at new ones.
settings.register_profile("new examples", deadline=None)
settings.register_profile("same examples", deadline=None, derandomize=True)
settings.load_profile("same examples" if os.environ.get("CI") else "new examples")
