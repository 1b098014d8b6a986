"""``redflags schema``: JSON Schema of rule files, for editors."""

from __future__ import annotations

from typing import Annotated

import typer

from redflags.cli import options
from redflags.errors import ConfigurationError

SUBJECTS = ("rules", "list", "pack", "profiles", "overlay")
"""What there is a schema of."""


def schema(
    of: Annotated[
        str, typer.Argument(metavar="OF", help="rules, list, pack, profiles or overlay.")
    ] = "rules",
    rules: options.Rules = None,
    only_rules: options.OnlyRules = None,
    config: options.Config = None,
) -> None:
    """Print the JSON Schema (2020-12) of a rule file, a list, pack.yaml, profiles.yaml or an
    overlay.

    The names of rules and lists in force, those of --rules among them, are offered by the editor.
    """
    import json

    from redflags.rulebook import json_schema
    from redflags.rulebook.overlay_schema import overlay_schema
    from redflags.rulebook.packs import shipped_folders

    if of not in SUBJECTS:
        raise ConfigurationError(
            f"there is no schema of {of[:40]!r}; there are {', '.join(SUBJECTS)}"
        )
    if of == "pack":
        found = json_schema.pack_schema()
    elif of == "profiles":
        found = json_schema.profiles_schema(folder.name for folder in shipped_folders())
    else:
        settings = options.settings(config, rules=rules, only_rules=only_rules)
        make = {
            "rules": json_schema.rule_file_schema,
            "list": json_schema.list_schema,
            "overlay": overlay_schema,
        }[of]
        found = make(options.rule_book(settings))
    with options.standard_output(is_data=True) as stream:
        stream.write(json.dumps(found, ensure_ascii=False, indent=1) + "\n")
