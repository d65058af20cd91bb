"""Put before everything else on a process's path: refuses and notes every way out of the machine.

``GREENROOM_OFFLINE_LOG`` names the file in which attempts are noted.
"""

import os
import pathlib
import socket
import sys
import traceback

_LOOPBACK = {"localhost", "127.0.0.1", "::1", "0.0.0.0", "::", "", None}
_connect, _connect_ex = socket.socket.connect, socket.socket.connect_ex
_getaddrinfo, _sendto = socket.getaddrinfo, socket.socket.sendto


def _refuse(host):
    with pathlib.Path(os.environ["GREENROOM_OFFLINE_LOG"]).open("a", encoding="utf-8") as log:
        stack = "".join(traceback.format_stack(sys._getframe(2), limit=12))
        log.write(f"{host!r} from:\n{stack}\n")
    raise OSError(f"offline: no way to {host!r}")


def _host(address):
    return address[0] if isinstance(address, tuple) else None


def _is_here(host):
    if isinstance(host, bytes):
        host = host.decode()
    return host in _LOOPBACK or str(host).startswith("127.")


def connect(self, address):
    return _connect(self, address) if _is_here(_host(address)) else _refuse(address)


def connect_ex(self, address):
    return _connect_ex(self, address) if _is_here(_host(address)) else _refuse(address)


def getaddrinfo(host, *rest, **named):
    return _getaddrinfo(host, *rest, **named) if _is_here(host) else _refuse(host)


def sendto(self, data, *rest):
    return _sendto(self, data, *rest) if _is_here(_host(rest[-1])) else _refuse(rest[-1])


socket.socket.connect, socket.socket.connect_ex = connect, connect_ex
socket.getaddrinfo, socket.socket.sendto = getaddrinfo, sendto
