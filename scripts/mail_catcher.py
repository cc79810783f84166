"""Takes every mail that the demo sends, keeps each as a file, and delivers none.

    mail_catcher.py PORT FOLDER

Listens on the loopback alone and ends with the process that started it.
"""

import os
import re
import sys
import time
from datetime import datetime
from email import message_from_bytes
from pathlib import Path

from aiosmtpd.controller import Controller


class Keeper:
    """Writes each mail into the folder, named by its moment, recipient and subject."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)

    async def handle_DATA(self, server, session, envelope):
        message = message_from_bytes(envelope.content)
        words = f"{envelope.rcpt_tos[0]} {message.get('Subject', '')}"
        name = re.sub(r"[^\w@.-]+", "_", words)[:80]
        moment = f"{datetime.now():%Y%m%d-%H%M%S-%f}"
        (self.folder / f"{moment}-{name}.eml").write_bytes(envelope.content)
        return "250 kept"


def main():
    port, folder = int(sys.argv[1]), sys.argv[2]
    parent = os.getppid()
    controller = Controller(Keeper(folder), hostname="127.0.0.1", port=port)
    controller.start()
    try:
        while os.getppid() == parent:
            time.sleep(1)
    finally:
        controller.stop()


if __name__ == "__main__":
    main()
