from __future__ import annotations

import subprocess
import sys

# msgspec 0.22 crashes the process when several threads are the first to decode one type.
_PROGRAM = """
import sys, threading
from cicero_cli.gateways.upstream import instagram, tiktok

decoders = [
    value
    for module in (instagram, tiktok)
    for name, value in vars(module).items()
    if name.endswith("_decoder")
]
sys.setswitchinterval(1e-6)
start = threading.Barrier(10)

def decode():
    start.wait()
    for decoder in decoders:
        try:
            decoder.decode(b'{"data": {"items": []}, "status_code": 0}')
        except ValueError:
            pass

threads = [threading.Thread(target=decode) for _ in range(10)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
sys.stdout.write(f"{len(decoders)} decoders")
"""


def test_many_threads_may_be_the_first_to_read_an_answer() -> None:
    result = subprocess.run(
        [sys.executable, "-c", _PROGRAM], capture_output=True, text=True, check=False
    )

    assert (result.returncode, result.stdout, result.stderr) == (0, "4 decoders", "")
