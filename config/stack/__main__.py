"""`python -m config.stack serve` runs all of Steward; `… run COMMAND` one command with its servers."""

import argparse
import ipaddress
import os
import platform
import sys

from config.stack import parent
from config.stack.errors import Refusal


def main() -> int:
    options = _parser().parse_args()
    try:
        _refuse_other_machines()
        if options.what == "run":
            return parent.run(options.command)
        _refuse_open_host(options)
        if options.behind_proxy:
            os.environ["STEWARD_BEHIND_PROXY"] = "1"
        tls = (options.tls_cert, options.tls_key) if options.tls_cert else ()
        return parent.serve(parent.Web(options.host, options.port, tls), demo=options.demo)
    except Refusal as refusal:
        print(refusal, file=sys.stderr)  # noqa: T201
        return 1
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="config.stack", description=__doc__)
    commands = parser.add_subparsers(dest="what", required=True)
    serve = commands.add_parser("serve", help="run all of Steward")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8000)
    serve.add_argument("--tls-cert", metavar="FILE")
    serve.add_argument("--tls-key", metavar="FILE", help="PKCS#8")
    serve.add_argument("--behind-proxy", action="store_true", help="a proxy in front of it speaks TLS")
    serve.add_argument("--demo", action="store_true", help="fill it with examples")
    run = commands.add_parser("run", help="run one command with the embedded servers")
    run.add_argument("command", nargs=argparse.REMAINDER, metavar="COMMAND")
    return parser


def _refuse_other_machines() -> None:
    fits = (
        sys.platform == "linux"
        and platform.machine() == "x86_64"
        and sys.version_info[:2] in {(3, 11), (3, 12)}
    )
    if not fits and not os.environ.get("REDIS_URL"):
        raise Refusal(
            "The embedded servers need Linux on x86-64 with Python 3.11 or 3.12: "
            "set REDIS_URL and DATABASE_URL to servers of your own."
        )


def _refuse_open_host(options: argparse.Namespace) -> None:
    if trouble := _trouble(options):
        print(trouble, file=sys.stderr)  # noqa: T201
        raise SystemExit(2)


def _trouble(options: argparse.Namespace) -> str | None:
    if bool(options.tls_cert) != bool(options.tls_key):
        return "--tls-cert and --tls-key belong together."
    for name in filter(None, (options.tls_cert, options.tls_key)):
        if not os.path.isfile(name):
            return f"{name} is not a file."
    if _is_loopback(options.host) or options.tls_cert or options.behind_proxy:
        return None
    return (
        f"--host {options.host} opens Steward to other machines, and passwords would pass in plain: "
        "give --tls-cert and --tls-key, or --behind-proxy when a proxy speaks TLS."
    )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


if __name__ == "__main__":
    sys.exit(main())
