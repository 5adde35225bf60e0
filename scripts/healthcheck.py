"""Ask the web process in this container whether it is well; the exit code is the answer. Standard library only."""

import http.client
import os
import sys

HOST = "127.0.0.1"


def main() -> int:
    """Ask /healthz as the proxy would: with a host name that is allowed, and as https where the site is https."""
    host = os.environ["ALLOWED_HOSTS"].split(",")[0].lstrip(".")
    scheme = os.environ["SITE_URL"].split("://")[0]
    connection = http.client.HTTPConnection(HOST, int(os.environ.get("PORT") or 8000), timeout=5)
    try:
        connection.request("GET", "/healthz", headers={"Host": host, "X-Forwarded-Proto": scheme})
        answer = connection.getresponse()
    except OSError as error:
        sys.stderr.write(f"/healthz: {error}\n")
        return 1
    sys.stdout.write(f"/healthz: {answer.status} {answer.read(500).decode(errors='replace')}\n")
    return 0 if answer.status == http.HTTPStatus.OK else 1


if __name__ == "__main__":
    sys.exit(main())
