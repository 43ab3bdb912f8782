# SPDX-License-Identifier: BSD-2-Clause
"""Program: mute_program.py PORT ADDRESS...: accepts connections, keeps them and says nothing.

Writes one line for each connection that it accepts.
"""

import select
import socket
import sys


def main() -> None:
    port = int(sys.argv[1])
    listeners = []
    for address in sys.argv[2:]:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        listeners.append(socket.create_server((address, port), family=family))
    connections = []
    while True:
        for listener in select.select(listeners, [], [])[0]:
            connections.append(listener.accept()[0])
            print(connections[-1].getpeername()[0], flush=True)


if __name__ == "__main__":
    main()
