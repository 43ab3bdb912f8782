# SPDX-License-Identifier: BSD-2-Clause
"""Our Debian packages through all that dpkg does with them, on a node with Ganeti."""

from pathlib import Path

from ganeti_machine import IN_FORCE, ROOT
from packaged_node import PACKAGES, STATE, PackagedNode, built, changed

# An older version of ours: a lower number, and another module.
OLDER = (
    "sed -i -E 's/^(Version: |.*ganeti-gluster.* \\(= )[0-9.]+/&~older/' DEBIAN/control\n"
    "module=usr/share/ganeti-gluster/gluster.py\n"
    "[ ! -e $module ] || echo '# older' >>$module\n"
    "find usr -type f -exec md5sum {} + >DEBIAN/md5sums\n"
)
# Another version of Ganeti is another package, with a tree of its own and no scripts here.
NEXT_GANETI = (
    "sed -i 's/^Package: .*/Package: ganeti-3.1/; /^\\(Depends\\|Conf\\|Repl\\)/d' DEBIAN/control\n"
    "cd DEBIAN; ls | grep -vx control | xargs rm; cd ..\n"
    f"mv .{ROOT}/3.0 aside; rm -rf etc usr; mkdir -p .{ROOT}; mv aside .{ROOT}/3.1\n"
)


def tool(node: PackagedNode, *words: str) -> str:
    return node.machine.run(["ganeti-gluster", *words], timeout=300).stdout


def test_installed_packages_change_nothing_until_enable(node: PackagedNode) -> None:
    node.install()
    assert node.verify() == "" and node.diversions() == ""
    assert node.loaded() == "ganeti.storage.gluster"
    assert tool(node, "--version").startswith("ganeti-gluster ")
    for name in PACKAGES:
        assert node.run("dpkg", "--verify", name) == ""


def test_what_was_switched_on_is_off_after_the_removal(node: PackagedNode) -> None:
    node.install()
    tool(node, "enable")
    assert node.is_on() and node.loaded() == "ganeti_gluster.backend"
    said = node.dpkg("--remove", "ganeti-gluster")
    assert "switched back to its own module" in said
    assert (node.loaded(), node.verify(), node.diversions()) == ("ganeti.storage.gluster", "", "")
    assert not any(node.exists(path) and node.run("ls", "-A", path) for path in STATE)


def test_ganeti_installed_anew_stays_switched_on(node: PackagedNode, ganeti: Path) -> None:
    node.install()
    tool(node, "enable")
    said = node.dpkg("--install", ganeti)
    assert "has ganeti-gluster already" in said  # our trigger has looked
    assert node.is_on() and node.loaded() == "ganeti_gluster.backend"
    tool(node, "disable")
    assert "ganeti-gluster already" not in node.dpkg("--install", ganeti)
    assert not node.is_on()


def test_another_version_of_ganeti_is_switched_as_the_first_was(
    node: PackagedNode, ganeti: Path, tmp_path: Path
) -> None:
    following = changed(ganeti, NEXT_GANETI, tmp_path)
    node.install()
    node.dpkg("--install", following)
    assert not node.is_on("3.1")
    node.dpkg("--purge", "ganeti-3.1")
    tool(node, "enable")
    said = node.dpkg("--install", following)
    assert f"Ganeti 3.1 ({ROOT}/3.1): switched to ganeti-gluster" in said
    assert node.is_on("3.1") and node.is_on("3.0")
    node.dpkg("--purge", "ganeti-3.1")  # which leaves what our module is in; our trigger does not
    assert not node.exists(f"{ROOT}/3.1") and node.is_on("3.0")


def test_an_upgrade_of_ours_puts_the_new_module_in_place(
    node: PackagedNode, tmp_path: Path
) -> None:
    older = [changed(built(name), OLDER, tmp_path) for name in PACKAGES]
    node.dpkg("--install", *older)
    tool(node, "enable")
    assert node.read(IN_FORCE).endswith("# older\n")
    with node.daemon():
        said = node.install()
        assert "switched to ganeti-gluster" in said and "restart the node daemon" in said
        assert node.is_on() and node.loaded() == "ganeti_gluster.backend"
    tool(node, "disable")
    node.dpkg("--install", "--force-downgrade", *older)
    node.install()
    assert not node.is_on()


def test_the_removal_tells_of_a_node_daemon_that_still_runs_on_ours(node: PackagedNode) -> None:
    node.install()
    tool(node, "enable")
    with node.daemon():
        node.shell("mkdir -p /run/ganeti-gluster; echo >/run/ganeti-gluster/kept")
        said = node.dpkg("--remove", "ganeti-gluster")
        assert "restart the node daemon" in said
        assert node.exists("/run/ganeti-gluster/kept")
    node.dpkg("--purge", "ganeti-gluster")
    assert not node.exists("/run/ganeti-gluster")


def test_a_module_that_cannot_be_put_back_keeps_the_package(node: PackagedNode) -> None:
    node.install()
    tool(node, "enable")
    node.shell(f"echo '# by hand' >{IN_FORCE}")
    said = node.dpkg("--remove", "ganeti-gluster", status=1)
    assert "it was changed by hand" in said
    assert "install ok installed" in node.run("dpkg", "--status", "ganeti-gluster")
    node.run("cp", f"{IN_FORCE}.ganeti-stock", IN_FORCE)


def test_the_packages_can_be_removed_after_ganeti(node: PackagedNode, ganeti: Path) -> None:
    node.install()
    tool(node, "enable")
    node.shell("echo ganeti-3.0 ganeti-3.0/abort-removal boolean false | debconf-set-selections")
    node.dpkg("--remove", "--force-depends", "ganeti-3.0")
    node.dpkg("--remove", "ganeti-gluster")
    assert node.diversions() == ""
    assert node.run("find", ROOT, "-path", "*/3.0/*", "-name", "gluster.*") == ""
    node.dpkg("--install", ganeti)


def test_the_packages_own_tests_pass(node: PackagedNode) -> None:
    node.install()
    [source] = built("ganeti-gluster").parent.glob("*.dsc")
    # On the machine as it is: all that they need is installed, and there is no network.
    words = ["autopkgtest", "--no-built-binaries", str(source), "--", "null"]
    # Or autopkgtest's own modules are compiled where they lie.
    said = node.machine.run(words, timeout=600, env={"PYTHONDONTWRITEBYTECODE": "1"}).stderr
    assert "installed            PASS" in said and "library              PASS" in said
