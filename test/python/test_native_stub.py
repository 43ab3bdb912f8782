# SPDX-License-Identifier: BSD-2-Clause
"""The stub `_native.pyi` says what the module has."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from ganeti_gluster import _native

STUB = Path(_native.__file__).with_name("_native.pyi")
MODULE = ast.parse(STUB.read_text())

# (names, names with a default, names that are keywords only)
Parameters = tuple[list[str], set[str], set[str]]


def functions() -> dict[str, ast.FunctionDef]:
    """All functions of the stub by their dotted names, without properties and operators."""
    found = {node.name: node for node in MODULE.body if isinstance(node, ast.FunctionDef)}
    for owner in MODULE.body:
        if not isinstance(owner, ast.ClassDef) or owner.name.startswith("_"):
            continue
        for node in owner.body:
            if not isinstance(node, ast.FunctionDef) or node.name in ("__eq__", "__exit__"):
                continue
            decorators = [ast.unparse(decorator) for decorator in node.decorator_list]
            if "property" not in decorators:
                found[f"{owner.name}.{node.name}"] = node
    return found


def parameters(arguments: ast.arguments) -> Parameters:
    names = [*arguments.posonlyargs, *arguments.args]
    defaults = names[len(names) - len(arguments.defaults) :]
    keyword_defaults = [
        name
        for name, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        if default is not None
    ]
    return (
        [name.arg for name in [*names, *arguments.kwonlyargs] if name.arg not in ("self", "arg0")],
        {name.arg for name in [*defaults, *keyword_defaults]},
        {name.arg for name in arguments.kwonlyargs},
    )


def signature(name: str) -> str:
    """The signature that pybind11 wrote into the docstring of a function."""
    found: object = _native
    for part in name.split("."):
        found = getattr(found, part)
    return str(found.__doc__).splitlines()[0]


@pytest.mark.parametrize(("name", "node"), functions().items(), ids=functions())
def test_a_function_has_the_parameters_of_the_stub(name: str, node: ast.FunctionDef) -> None:
    text = signature(name)
    # Default values that are objects have no syntax.
    text = re.sub(r"<(\w+)\.\w+: '[^']*'>", r"\1", text)
    defined = ast.parse(f"def {text}: ...").body[0]
    assert isinstance(defined, ast.FunctionDef)
    assert parameters(defined.args) == parameters(node.args)


def test_enumerations_have_the_texts_of_the_stub() -> None:
    compared = 0
    for owner in MODULE.body:
        if not isinstance(owner, ast.ClassDef) or "StrEnum" not in map(ast.unparse, owner.bases):
            continue
        members = {}
        for node in owner.body:
            assert isinstance(node, ast.Assign)
            members[ast.unparse(node.targets[0])] = ast.literal_eval(node.value)
        assert members == {each.name: each.value for each in getattr(_native, owner.name)}
        compared += 1
    assert compared == 11


def test_everything_has_a_docstring() -> None:
    assert _native.__doc__
    public = {name: found for name, found in vars(_native).items() if not name.startswith("_")}
    for name, found in public.items():
        if isinstance(found, str):
            continue
        assert found.__doc__, name
        if not isinstance(found, type) or issubclass(found, (str, Exception)):
            continue
        for member, attribute in vars(found).items():
            assert member.startswith("_") or attribute.__doc__, f"{name}.{member}"


def test_the_stub_has_the_names_and_kinds_of_the_module(tmp_path: Path) -> None:
    """mypy's own comparison; it knows no signatures of functions in C++."""
    package = STUB.parents[1]
    result = subprocess.run(
        [sys.executable, "-m", "mypy.stubtest", "ganeti_gluster._native"],
        cwd=tmp_path,  # where it leaves its cache
        env={**os.environ, "MYPYPATH": str(package), "PYTHONPATH": str(package)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
