# SPDX-License-Identifier: BSD-2-Clause
"""Disks of Ganeti on GlusterFS volumes.

`_native` is the library libganeti-gluster; the other modules are what Ganeti's node daemon loads.
The package itself imports none of them: who needs only one shall not pay for all.
"""


def __getattr__(name: str) -> str:
    """`__version__`, from the library when it is asked for."""
    if name != "__version__":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from ganeti_gluster import _native

    return _native.__version__
