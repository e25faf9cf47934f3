"""A real HTTP server on loopback that answers like an OpenAI-compatible endpoint, as each test tells it to."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Answer:
    """One HTTP answer: a status, a body (JSON or text as it is), headers, and a delay in seconds before it."""

    body: Any
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    delay_s: float = 0.0


@dataclass
class Asked:
    """One request as the server saw it."""

    at_s: float
    body: dict[str, Any]
    headers: dict[str, str]
    path: str


@dataclass
class Server:
    """What a test sees of the server: its address, the requests so far, the most that were open at once."""

    url: str
    asked: list[Asked] = field(default_factory=list)
    most_at_once: int = 0


def said(text: str | None, finish: str = "stop", **message: Any) -> dict[str, Any]:
    """The body of a chat completion."""
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "served-model-2",
        "choices": [
            {
                "index": 0,
                "finish_reason": finish,
                "message": {"role": "assistant", "content": text, **message},
            }
        ],
        "usage": {"prompt_tokens": 200, "completion_tokens": 3, "total_tokens": 203},
    }


def with_logprobs(body: dict[str, Any], *positions: tuple[str, dict[str, float]]) -> dict[str, Any]:
    """The body with log probabilities: for each position the token sampled and the likeliest tokens."""
    body["choices"][0]["logprobs"] = {
        "content": [
            {
                "token": token,
                "logprob": likeliest.get(token, -20.0),
                "bytes": None,
                "top_logprobs": [
                    {"token": other, "logprob": value, "bytes": None} for other, value in likeliest.items()
                ],
            }
            for token, likeliest in positions
        ]
    }
    return body


def failed(status: int, message: str, code: str | None = None, **headers: str) -> Answer:
    """An error in the form that OpenAI gives it."""
    error = {"message": message, "type": "error", "code": code, "param": None}
    return Answer(
        {"error": error}, status, {name.replace("_", "-"): value for name, value in headers.items()}
    )


@contextmanager
def serving(answer: Callable[[int, dict[str, Any]], Answer]) -> Iterator[Server]:
    """Serve until the block ends; ``answer`` gets the request's number (from 0) and its JSON body."""
    lock = threading.Lock()
    open_now = 0

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            nonlocal open_now
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            with lock:
                number = len(server.asked)
                server.asked.append(Asked(time.monotonic(), body, dict(self.headers), self.path))
                open_now += 1
                server.most_at_once = max(server.most_at_once, open_now)
            given = answer(number, body)
            time.sleep(given.delay_s)
            text = given.body if isinstance(given.body, str) else json.dumps(given.body)
            content = text.encode()
            with lock:
                open_now -= 1
            try:
                self.send_response(given.status)
                for name, value in {"content-type": "application/json", **given.headers}.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)
            except OSError:
                self.close_connection = True  # the client gave up, as a test of a timeout wants

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    server = Server(f"http://127.0.0.1:{http.server_address[1]}/v1")
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()
        thread.join()
