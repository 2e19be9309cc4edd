"""Fetches models for KServe's predictors: what the init container storage-initializer runs.

KServe's controller gives it pairs of arguments, the address of a model and the folder to put it into, and what the
address needs as variables of the environment. The library of KServe's own does the work.
"""

import os
import sys

from kserve_storage import Storage


def main(arguments: list[str]) -> int:
    if not arguments or len(arguments) % 2 != 0:
        print("usage: initialize.py ADDRESS FOLDER [ADDRESS FOLDER]...", file=sys.stderr)
        return 2
    addresses, folders = arguments[::2], arguments[1::2]
    for folder in folders:
        os.makedirs(folder, exist_ok=True)
    try:
        Storage.download_files(addresses, folders)
    except Exception as error:  # Whatever the library of a store raises, the pod is to tell it in a line.
        print(f"cannot fetch {', '.join(addresses)}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
