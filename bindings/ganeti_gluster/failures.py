# SPDX-License-Identifier: BSD-2-Clause
"""The library's errors as the ones that Ganeti expects."""

import contextlib
import logging
from collections.abc import Iterator

from ganeti import errors

from ganeti_gluster import _native


@contextlib.contextmanager
def as_block_device_errors() -> Iterator[None]:
    """Turns what the library throws into BlockDeviceError: the node daemon catches nothing else.

    Logged like everything that Ganeti's own block devices raise (base.ThrowError).
    """
    try:
        yield
    except _native.Error as err:
        logging.error("%s", err)
        raise errors.BlockDeviceError(str(err)) from err


@contextlib.contextmanager
def as_file_errors() -> Iterator[None]:
    """The same for the file helper, whose callers expect FileStoragePathError for paths."""
    with as_block_device_errors():
        try:
            yield
        except _native.PathPolicyError as err:
            raise errors.FileStoragePathError(err.why) from err
