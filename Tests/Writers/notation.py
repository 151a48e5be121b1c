"""Python's values in Tidemark's text notation, printed from the objects."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "SessionFormatsTests", "Fixtures", "pickle"))
from write import notation  # noqa: E402

__all__ = ["notation"]
