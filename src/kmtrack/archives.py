"""Archives: the errors that reading a broken zip archive can raise."""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib
from typing import Final

# The library checks little of what it reads: a name that is no UTF-8 is a ValueError, a part that is
# missing a KeyError, one that needs a password a RuntimeError.
BROKEN_ARCHIVE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    LookupError,
    ValueError,
    RuntimeError,
)
