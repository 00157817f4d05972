"""Puts the sources beside this folder on the path, so that the tests need nothing but Python."""
import sys
from pathlib import Path

RUNTIMES = Path(__file__).resolve().parent.parent
for part in ("awsglue", "spark/python"):
    if str(RUNTIMES / part) not in sys.path:
        sys.path.insert(0, str(RUNTIMES / part))
