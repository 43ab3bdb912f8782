# SPDX-License-Identifier: BSD-2-Clause
"""Checks that the layers' arrows point down, and that each risky thing is done in one place."""

import re
import sys
from pathlib import Path

# Lowest first: a layer may include itself and what stands before it.
LAYERS = ("base", "volume", "settings", "mount", "disk", "gfapi", "storage", "dropin", "check")

_INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)
_COMMENT_OR_TEXT = re.compile(r'//[^\n]*|/\*.*?\*/|R"\(.*?\)"|"(?:\\.|[^"\\\n])*"', re.DOTALL)
_NEW_PROCESS = re.compile(r"(?<![.>\w])(v?fork|posix_spawnp?|clone3?|exec(?:[lv]p?e?|vpe|veat)|fexecve)\s*\(")
_SHELL = re.compile(r"(?<![.>\w])(system|popen)\s*\(")
_THREAD = re.compile(r"\b(std::j?thread\b|pthread_create\b)")

FORKS = Path("lib/base/child.cpp")
GFAPI = Path("lib/gfapi/worker")
NAMES = Path("lib/volume/resolve.cpp")  # in a child


def _files(*folders: str) -> list[Path]:
    return sorted(
        path
        for folder in folders
        for path in Path(folder).rglob("*")
        if path.suffix in (".cpp", ".hpp")
    )


def _layer(parts: tuple[str, ...]) -> str:
    """The layer of a path below lib/ or include/ganeti-gluster/."""
    return parts[0] if len(parts) > 1 else "base"


def _included_layer(bracket: str, target: str) -> str | None:
    """The layer of what is included; None if it is not ours."""
    parts = Path(target).parts
    if bracket == "<":
        return _layer(parts[1:]) if parts[0] == "ganeti-gluster" else None
    return _layer(parts)


def upward_includes() -> list[str]:
    """Includes of a layer above the file's own."""
    found = []
    for root in ("lib", "include/ganeti-gluster"):
        for path in _files(root):
            layer = _layer(path.relative_to(root).parts)
            for bracket, target in _INCLUDE.findall(path.read_text()):
                included = _included_layer(bracket, target)
                if included is None:
                    continue
                unknown = [name for name in (layer, included) if name not in LAYERS]
                if unknown:
                    found.append(f"{path}: {target}: no layer {unknown[0]}")
                elif LAYERS.index(included) > LAYERS.index(layer):
                    found.append(f"{path}: {layer} must not know {target}")
    return found


def private_includes() -> list[str]:
    """Headers that are never installed, included by a binding, a tool or an installed header."""
    found = []
    for path in _files("bindings", "tools", "include"):
        for bracket, target in _INCLUDE.findall(path.read_text()):
            if bracket == '"' and (Path("lib") / target).exists():
                found.append(f"{path}: {target} is private to the library")
    return found


def scattered_calls() -> list[str]:
    """Uses of libmount and of libgfapi in a second place, new processes, threads, and shells."""
    found = []
    for path in _files("lib", "include", "bindings", "tools"):
        if "<glusterfs/api/" in path.read_text() and GFAPI not in path.parents:
            found.append(f"{path}: libgfapi is for {GFAPI} alone")
    users = [path for path in _files("lib", "include", "bindings", "tools") if "libmount.h" in path.read_text()]
    if len(users) != 1:
        found.append(f"libmount.h belongs into one file, not into {', '.join(map(str, users))}")
    for path in _files("lib", "include", "bindings", "tools"):
        code = _COMMENT_OR_TEXT.sub("", path.read_text())
        calls = [*_SHELL.findall(code), *([] if path == FORKS else _NEW_PROCESS.findall(code))]
        found += [f"{path}: {call}() is for {FORKS} alone" for call in calls]
        if path != NAMES and GFAPI not in path.parents:
            found += [f"{path}: {thread}: the library starts none" for thread in _THREAD.findall(code)]
    return found


def main() -> int:
    """Prints what is wrong; 1 if anything is."""
    found = upward_includes() + private_includes() + scattered_calls()
    print("\n".join(found) if found else "arrows point down")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
