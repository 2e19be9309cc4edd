"""How trainers and parameter servers talk: frames of a JSON header and numbers over TCP.

A frame is the length of its header (4 bytes), the length of its numbers in bytes (4 bytes), the header, the numbers.
"""

from __future__ import annotations

import json
import socket
import struct
import time
from typing import Any

import numpy as np

Header = dict[str, Any]

#: Longest header and longest run of numbers that are read, in bytes: whoever sends more is not of this job.
LONGEST_HEADER = 1 << 16
LONGEST_NUMBERS = 1 << 28

#: Seconds between two tries to reach a server; those of a job start in any order.
PAUSE = 0.2

_LENGTHS = struct.Struct("!II")
_NUMBERS = np.dtype("<f8")


def host_and_port(address: str) -> tuple[str, int]:
    """Splits an address of the cluster; brackets of IPv6 go."""
    host, _, port = address.rpartition(":")
    return host.strip("[]"), int(port)


def send(connection: socket.socket, header: Header, numbers: np.ndarray | None = None) -> None:
    """Sends one frame."""
    text = json.dumps(header).encode()
    body = b"" if numbers is None else np.ascontiguousarray(numbers, _NUMBERS).tobytes()
    connection.sendall(_LENGTHS.pack(len(text), len(body)) + text + body)


def receive(connection: socket.socket) -> tuple[Header, np.ndarray]:
    """Reads one frame. Raises ConnectionError where the other side is gone or sends something else."""
    header_length, body_length = _LENGTHS.unpack(_exactly(connection, _LENGTHS.size))
    if header_length > LONGEST_HEADER or body_length > LONGEST_NUMBERS or body_length % _NUMBERS.itemsize != 0:
        raise ConnectionError("received something that is no frame")
    header = json.loads(_exactly(connection, header_length))
    return header, np.frombuffer(_exactly(connection, body_length), _NUMBERS)


def _exactly(connection: socket.socket, count: int) -> bytes:
    received = bytearray()
    while len(received) < count:
        piece = connection.recv(min(count - len(received), 1 << 20))
        if not piece:
            raise ConnectionError("the other side closed the connection")
        received += piece
    return bytes(received)


class ParameterClient:
    """Connection to one parameter server, which comes back when the server does."""

    def __init__(self, address: str, patience: float) -> None:
        self._address = address
        #: Seconds to wait for a server that is not there.
        self._patience = patience
        self._connection: socket.socket | None = None

    def ask(self, header: Header, numbers: np.ndarray | None = None) -> tuple[Header, np.ndarray]:
        """Sends a request until it is answered. Raises TimeoutError when the server stays away."""
        deadline = time.monotonic() + self._patience
        while True:
            try:
                if self._connection is None:
                    self._connection = socket.create_connection(host_and_port(self._address), timeout=self._patience)
                    self._connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
                send(self._connection, header, numbers)
                return receive(self._connection)
            except OSError as error:
                self.close()
                if time.monotonic() > deadline:
                    raise TimeoutError(f"parameter server {self._address} does not answer: {error}") from error
                time.sleep(PAUSE)

    def close(self) -> None:
        """Ends the connection; the next request makes a new one."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class Parameters:
    """All parameters of the model, cut into one slice for each parameter server."""

    def __init__(self, addresses: list[str], count: int, patience: float) -> None:
        self._clients = [ParameterClient(address, patience) for address in addresses]
        #: Where the slice of each server but the first begins.
        self._cuts = [count * index // len(addresses) for index in range(1, len(addresses))]

    def pull(self) -> tuple[Header, np.ndarray | None]:
        """State of the training and the parameters; None while a server has none, as after a restart."""
        answers = [client.ask({"do": "pull"}) for client in self._clients]
        state = {
            "updates": max(header["updates"] for header, _ in answers),
            "trainers": answers[0][0]["trainers"],
            "ended": any(header["ended"] for header, _ in answers),
        }
        is_whole = all(header["ready"] for header, _ in answers)
        return state, np.concatenate([numbers for _, numbers in answers]) if is_whole else None

    def push(self, step: np.ndarray) -> None:
        """Moves the parameters by a step."""
        for client, piece in zip(self._clients, np.split(step, self._cuts), strict=True):
            client.ask({"do": "push"}, piece)

    def fill(self, values: np.ndarray) -> None:
        """Gives values to each server that has none."""
        for client, piece in zip(self._clients, np.split(values, self._cuts), strict=True):
            client.ask({"do": "fill"}, piece)

    def tell_all(self, do: str, **details: object) -> None:
        """The same request, without numbers, to every server."""
        for client in self._clients:
            client.ask({"do": do, **details})
