"""The policy: which actions an order in each band calls for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from redflags.errors import ConfigurationError

ACTIONS = ("note", "ask", "hold", "escalate")
"""The actions, from the lightest: note it; ask before release; hold the goods; escalate."""

DEFAULT: Mapping[str, tuple[str, ...]] = {
    "stop": ("escalate",),
    "critical": ("hold", "escalate"),
    "high": ("hold",),
    "medium": ("ask",),
    "low": ("note",),
}
"""The actions where no policy is set."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Actions by band, and for stops. A band that ``actions`` leaves out keeps its default.

    Raises :class:`ConfigurationError` for a band or an action that does not exist.
    """

    actions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not isinstance(self.actions, Mapping):
            given = type(self.actions).__name__
            raise TypeError(f"a policy is a mapping of bands to lists of actions, not {given}")
        for band, actions in self.actions.items():
            if band not in DEFAULT:
                raise ConfigurationError(
                    f"the policy has no band {band!r}; it has {', '.join(DEFAULT)}"
                )
            if isinstance(actions, str):
                raise ConfigurationError(
                    f"the actions of {band!r} are a list: [{actions!r}], not {actions!r}"
                )
            for action in actions:
                if action not in ACTIONS:
                    raise ConfigurationError(
                        f"the policy knows no action {action!r}; it knows {', '.join(ACTIONS)}"
                    )
        object.__setattr__(self, "actions", {**DEFAULT, **self.actions})

    def action(self, band: str, *, stop: bool) -> tuple[str, ...]:
        """What to do with an order in this band; nothing in band ``none``."""
        if stop:
            return self.actions["stop"]
        return self.actions.get(band, ())
