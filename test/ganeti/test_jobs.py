# SPDX-License-Identifier: BSD-2-Clause
"""Jobs that run in parallel; two hundred instances come and go in test/soak/many-instances."""

import crowd
from cleanliness import assert_clean
from testbed import GanetiCluster


def test_forty_instances_come_and_go_and_leave_nothing(ganeti: GanetiCluster) -> None:
    crowd.come_and_go(ganeti, 40)
    assert_clean(ganeti)
