"""A daemon whose answers are a list."""
import json
import os
import socket
import threading

from support import DEADLINE_S, write_endpoint


class FakeDaemon(threading.Thread):
    """Answers each request with the next of `replies`: (status, object), or None to hang up. An
    event as a third part is waited for first.
    """

    def __init__(self, state, replies):
        super().__init__(daemon=True)
        write_endpoint(state)
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(os.path.join(state, "hpo.sock"))
        self.listener.listen()
        self.replies = list(replies)
        self.requests = []
        self.start()

    def run(self):
        while self.replies:
            connection, _ = self.listener.accept()
            with connection, connection.makefile("rb") as reader:
                while self.replies and self.answer(connection, reader):
                    pass
        self.listener.close()

    def answer(self, connection, reader):
        head = []
        while (line := reader.readline().strip()):
            head.append(line.decode())
        if not head:
            return False
        headers = dict(line.split(": ", 1) for line in head[1:])
        body = reader.read(int(headers.get("Content-Length", 0)))
        self.requests.append((head[0], headers, body))
        reply = self.replies.pop(0)
        if reply is None:
            return False
        status, content, *event = reply
        for each in event:
            each.wait(DEADLINE_S)
        text = json.dumps(content).encode()
        connection.sendall(b"HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n%s"
                           % (status, len(text), text))
        return True
