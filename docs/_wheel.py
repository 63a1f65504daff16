"""What building a wheel adds to it: the manual pages, made from the help (`docs/_man.py`), so that `man cicero` finds them."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ManualPages(BuildHookInterface[Any]):
    """Hatchling's hook around a build; the pages lie in a folder that is gone afterwards."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make the pages; an editable installation takes them from `make man`."""
        if version == "editable":
            return
        sys.path.insert(0, self.root)
        from docs._man import write_pages

        self._folder = TemporaryDirectory()
        for page in write_pages(Path(self._folder.name)):
            build_data["shared_data"][str(page)] = f"share/man/man1/{page.name}"

    def finalize(self, version: str, _build_data: dict[str, Any], _path: str) -> None:
        """Take the folder away."""
        if version != "editable":
            self._folder.cleanup()
