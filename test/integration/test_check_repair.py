# SPDX-License-Identifier: BSD-2-Clause
"""What --repair does about findings that are made for real, what it refuses, and that it follows its plan."""

import json
from typing import Any

import pytest
from check_findings import DISK, FINDINGS, GV0
from driver import REAL_DIR, Driver
from failure_bed import Bed
from images import answer_of, disks_on_bricks, held_after, second_client
from testbed import Client, Cluster, Leftovers, await_condition
from testbed.faults import SyscallPoint, kill_fuse_client, stopped
from test_check_findings import CHECK, bed, check  # noqa: F401


def repair(client: Client, *options: str) -> dict[str, Any]:
    result = client.run([CHECK, "--format", "json", *options], check=False)
    answer: dict[str, Any] = json.loads(result.stdout)
    answer["report"] = answer["report"]["data"]
    return answer


def codes(report: dict[str, Any]) -> set[str]:
    return {finding["code"] for finding in report["findings"]}


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("MOUNT_DEAD", "replace_dead_mount"),
        ("MOUNT_MISSING", "mount"),
        ("MOUNT_FAILED", "mount"),
        ("MOUNT_STACKED", "unstack_mounts"),
        ("HOLD_STALE", "drop_stale_holds"),
        ("MOUNT_IDLE", "release_idle_mount"),
    ],
)
def test_what_is_safe_is_done_as_the_dry_run_planned_it(bed: Bed, code: str, name: str) -> None:
    FINDINGS[code](bed)
    mounts = bed.client.mounts()
    plan = repair(bed.client, "--repair", "--dry-run")
    assert plan["dry_run"] and code in codes(plan["report"])
    assert bed.client.mounts() == mounts and code in codes(check(bed.client))
    done = repair(bed.client, "--repair")
    (step,) = [step for step in done["steps"] if step["code"] == code]
    assert (step["repair"], step["done"], step["refusal"]) == (name, True, None), step
    assert code not in codes(done["report"])
    same = ("code", "repair", "what", "effects", "refusal")
    assert [[step[key] for key in same] for step in plan["steps"]] == [
        [step[key] for key in same] for step in done["steps"]
    ]


def test_instances_that_a_dead_mount_has_hurt_are_named(bed: Bed) -> None:
    FINDINGS["MOUNT_DEAD"](bed)
    said = bed.client.run([CHECK, "--repair"], check=False).stdout
    assert "gnt-instance reboot inst1.example.com" in said and "  done: node1:/gv0 is mounted" in said
    assert "GLUSTER OK" in said


def test_unfinished_images_go_when_they_are_a_day_old_and_nobody_creates_them(bed: Bed) -> None:
    FINDINGS["UNFINISHED_IMAGE"](bed)
    answer = repair(bed.client, "--repair")
    assert "is not a day old, it stays" in answer["steps"][0]["said"]
    assert disks_on_bricks(bed.volume) == [DISK]
    bed.client.run(["touch", "-d", "2 days ago", f"{REAL_DIR}/{DISK}"])
    answer = repair(bed.client, "--repair")
    assert answer["steps"][0]["said"] == f"{DISK} is removed" and answer["report"]["findings"] == []
    assert disks_on_bricks(bed.volume) == []


def test_an_image_that_was_just_made_is_not_unfinished_yet(bed: Bed) -> None:
    FINDINGS["UNFINISHED_IMAGE"](bed)
    bed.client.run(["touch", f"{REAL_DIR}/{DISK}"])
    assert codes(check(bed.client)) == set()


def test_an_unfinished_image_is_not_removed_while_another_node_creates_it(
    bed: Bed, cluster: Cluster
) -> None:
    far = second_client(cluster)
    with Driver(far) as creator:
        creator("mount", GV0)
        bed.mounted()
        with held_after(far, creator, SyscallPoint("fcntl", 1), f"create {DISK} 1"):
            bed.client.run(["touch", "-d", "5 minutes ago", f"{REAL_DIR}/{DISK}"])
            assert "UNFINISHED_IMAGE" not in codes(check(bed.client))
        assert answer_of(creator) == "ok"
        creator("remove", DISK)
    assert far.clean_up() == Leftovers()


def test_a_hung_mount_is_left_alone_unless_an_admin_asks_for_it(bed: Bed) -> None:
    driver = bed.mounted()
    driver("hold", DISK)
    bed.stack.callback(lambda: bed.drivers()("drop-hold", DISK))
    process = bed.client.fuse_client(REAL_DIR)
    with stopped(process):
        answer = repair(bed.client, "--repair", "-t", "2")
        (step,) = [step for step in answer["steps"] if step["code"] == "MOUNT_HUNG"]
        assert "--repair=hung" in step["refusal"] and not step["done"]
        assert process.running and bed.client.fuse_mounts()
        answer = repair(bed.client, "--repair=hung", "-t", "2")
        (step,) = [step for step in answer["steps"] if step["code"] == "MOUNT_HUNG"]
        assert step["done"], step
    assert not process.running
    assert codes(answer["report"]) == set() and answer["report"]["state"] == "well"
    assert bed.client.fuse_client(REAL_DIR) != process


def test_what_is_no_fault_of_this_node_is_refused_with_the_reason(bed: Bed) -> None:
    FINDINGS["WRONG_VOLUME"](bed)
    mounts = bed.client.mounts()
    (step,) = repair(bed.client, "--repair")["steps"]
    assert (step["done"], "not to be done without an admin" in step["refusal"]) == (False, True)
    assert bed.client.mounts() == mounts


def test_a_mount_that_somebody_uses_is_not_unstacked(bed: Bed) -> None:
    FINDINGS["MOUNT_STACKED"](bed)
    user = bed.client.popen(["sh", "-c", f"cd {REAL_DIR} && echo there && exec cat"], stdin=-1, stdout=-1)
    assert user.stdout is not None and user.stdout.readline() == "there\n"
    (step,) = repair(bed.client, "--repair")["steps"]
    assert not step["done"] and "uses the topmost mount" in step["said"]
    user.end()
    assert len([mount for mount in bed.client.fuse_mounts() if mount.target == REAL_DIR]) == 2


def test_one_repair_at_a_time(bed: Bed) -> None:
    FINDINGS["MOUNT_MISSING"](bed)
    folder = "/run/ganeti-gluster"
    lock = bed.client.popen(["flock", f"{folder}/repair", "sh", "-c", "echo locked; exec cat"], stdin=-1, stdout=-1)
    assert lock.stdout is not None and lock.stdout.readline() == "locked\n"
    (step,) = repair(bed.client, "--repair")["steps"]
    assert not step["done"] and "another repair is under way" in step["said"]
    lock.end()
    assert repair(bed.client, "--repair")["steps"][0]["done"]


def test_a_mount_that_died_meanwhile_is_no_reason_to_stop(bed: Bed) -> None:
    driver = bed.mounted()
    kill_fuse_client(bed.client, REAL_DIR)
    bed.stack.callback(driver, "mount", GV0)
    await_condition(lambda: "MOUNT_DEAD" in codes(check(bed.client)), "the death is seen")
    assert codes(repair(bed.client, "--repair")["report"]) == set()


def test_a_check_gives_back_what_it_or_another_look_kept_busy(bed: Bed) -> None:
    driver = bed.mounted()
    looker = bed.client.popen(["sh", "-c", f"cd {REAL_DIR}; exec sleep 100"])
    await_condition(lambda: looker.process.name == "sleep", "the mount is looked at")
    driver("release")
    check(bed.client)
    assert bed.client.fuse_client(REAL_DIR)
    looker.end()
    assert check(bed.client)["findings"] == []
    assert bed.client.fuse_mounts() == []
