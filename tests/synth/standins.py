"""Stand-ins of awscc and helm over an AWS without resources: all that planning a create asks for."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from hp_tf.standin.server import serve


class NothingThere(BaseHTTPRequestHandler):
    """A Cloud Control without resources."""

    def do_POST(self) -> None:  # the base class looks for this name
        body = b'{"__type": "com.amazonaws.cloudcontrol#ResourceNotFoundException", "Message": "none"}'
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(400)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Tests have no use for a log."""


@contextmanager
def standins(folder: Path) -> Iterator[Mapping[str, str]]:
    """The environment in which Terraform finds them. ``folder`` holds their sockets."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), NothingThere)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    endpoint = f"http://127.0.0.1:{server.server_address[1]}"
    served = serve(folder, endpoint, "us-west-2", access_key="test")
    try:
        yield {"TF_REATTACH_PROVIDERS": json.dumps(served.reattach)}
    finally:
        served.close()
        server.shutdown()
        server.server_close()
        thread.join()
