"""A parameter server: keeps its slice of the parameters and adds to them what trainers push."""

from __future__ import annotations

import socket
import socketserver
import threading

import numpy as np

from exchange import Header, host_and_port, receive, send


class Shard:
    """A slice of the parameters, and what a server knows of the training."""

    def __init__(self, index: int, trainers: int) -> None:
        self._index = index
        #: How many trainers the cluster has; all are to leave before the server goes.
        self._trainers = trainers
        self._values: np.ndarray | None = None
        self._updates = 0
        self._joined: set[str] = set()
        self._left: set[str] = set()
        self._lock = threading.Lock()
        #: Set once the chief ended the training.
        self.ended = threading.Event()
        #: Set once it ended and every trainer left.
        self.deserted = threading.Event()

    def answer(self, header: Header, numbers: np.ndarray) -> tuple[Header, np.ndarray | None]:
        """Carries out one request."""
        with self._lock:
            match header["do"]:
                case "join":
                    self._joined.add(header["trainer"])
                case "pull":
                    return self._state(), self._values
                case "push":
                    # After a restart there is nothing that a step could be added to.
                    if self._values is not None and not self.ended.is_set():
                        self._values = self._values + numbers
                        self._updates += 1
                case "fill":
                    if self._values is None:
                        self._values = numbers
                case "end":
                    self.ended.set()
                case "leave":
                    self._left.add(header["trainer"])
                case unknown:
                    return {"error": f"unknown request {unknown}"}, None
            if self.ended.is_set() and len(self._left) >= self._trainers:
                self.deserted.set()
            return self._state(), None

    def __str__(self) -> str:
        size = 0 if self._values is None else self._values.size
        return f"ps {self._index} kept {size} parameters and took {self._updates} updates"

    def _state(self) -> Header:
        return {
            "ready": self._values is not None,
            "updates": self._updates,
            "trainers": len(self._joined),
            "ended": self.ended.is_set(),
        }


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, bind: str, port: int, shard: Shard) -> None:
        self.shard = shard
        self.address_family = socket.AF_INET6 if ":" in bind else socket.AF_INET
        super().__init__((bind, port), _Requests)


class _Requests(socketserver.BaseRequestHandler):
    server: _Server

    def handle(self) -> None:
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
        try:
            while True:
                send(self.request, *self.server.shard.answer(*receive(self.request)))
        except (OSError, ValueError, KeyError):
            # A trainer that went, or something that is none: the others go on.
            return


def serve(address: str, bind: str, index: int, trainers: int, linger: float) -> None:
    """Serves until the chief ended the training and every trainer left, or `linger` seconds after it ended."""
    shard = Shard(index, trainers)
    with _Server(bind, host_and_port(address)[1], shard) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()
        print(f"ps {index} serves on port {server.server_address[1]}", flush=True)
        shard.ended.wait()
        # A trainer that was lost never leaves.
        shard.deserted.wait(linger)
        server.shutdown()
    print(shard, flush=True)
