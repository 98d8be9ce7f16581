"""`python -m smlint`."""

import sys

from smlint.cli import main

sys.exit(main())
