"""`python -m cicero_cli` is `cicero`."""

from __future__ import annotations

import sys

from cicero_cli.cli import main

sys.exit(main())
