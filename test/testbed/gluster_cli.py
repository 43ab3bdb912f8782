# SPDX-License-Identifier: BSD-2-Clause
"""The `gluster` command with XML output."""

import xml.etree.ElementTree as ElementTree

from .machine import Machine


class GlusterError(RuntimeError):
    """`gluster` refused; `code` is its opErrno."""

    def __init__(self, words: tuple[str, ...], code: int, text: str) -> None:
        super().__init__(f"gluster {' '.join(words)}: {text} ({code})")
        self.code = code


def gluster(machine: Machine, *words: str, timeout: float = 120.0) -> ElementTree.Element:
    """Runs `gluster WORDS` without questions and returns its answer (the cliOutput element).

    Raises GlusterError if the answer says so: the exit status is 0 even then.
    """
    argv = ["gluster", "--mode=script", "--xml", *words]
    result = machine.run(argv, check=False, timeout=timeout)
    try:
        answer = ElementTree.fromstring(result.stdout)
    except ElementTree.ParseError:
        text = (result.stdout + result.stderr).strip()
        raise GlusterError(words, result.returncode, text) from None
    if answer.findtext("opRet") != "0":
        code = int(answer.findtext("opErrno") or 0)
        raise GlusterError(words, code, answer.findtext("opErrstr") or "no reason given")
    return answer
