"""The secret key of a local installation: made once, kept in a file that only its owner reads."""

import contextlib
import os
import secrets
from pathlib import Path


def local_secret_key(folder: Path) -> str:
    """The key in `folder`/secret_key, made on first use. Production takes its key from the environment instead."""
    path = folder / "secret_key"
    if not path.exists():
        _write_once(path, secrets.token_urlsafe(64))
    return path.read_text(encoding="ascii")


def _write_once(path: Path, key: str) -> None:
    # Web and worker may start together: the link appears whole, and the first one wins.
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(key, encoding="ascii")
    with contextlib.suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()
