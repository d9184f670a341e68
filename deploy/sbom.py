"""A software bill of materials as CycloneDX JSON, from a file of pinned and hashed requirements.

Run in a checkout, with any Python 3.11 and nothing installed: python3 deploy/sbom.py requirements/demo.txt
"""

import json
import re
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

ROOT = Path(__file__).parents[1]
SPEC_VERSION = "1.5"
USAGE = "usage: python3 deploy/sbom.py REQUIREMENTS..."

_PINNED = re.compile(
    r"(?P<name>[A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?==(?P<version>[^\s;]+)(?:\s*;\s*(?P<only>.+))?"
)
_HASH = re.compile(r"--hash=(?P<kind>[a-z0-9]+):(?P<digest>[0-9a-f]+)")
_KINDS = {"sha256": "SHA-256", "sha384": "SHA-384", "sha512": "SHA-512"}


class NotPinned(Exception):
    """A requirement that does not say which files it may be."""


def components(text: str) -> list[dict[str, Any]]:
    """Return the packages of one file of requirements. Raises NotPinned."""
    lines = (line.partition(" #")[0].strip() for line in text.replace("\\\n", " ").splitlines())
    return [_component(line) for line in lines if line and not line.startswith("#")]


def _component(line: str) -> dict[str, Any]:
    requirement = line.partition("--hash")[0].strip()
    pinned = _PINNED.fullmatch(requirement)
    hashes = [{"alg": _KINDS[one["kind"]], "content": one["digest"]} for one in _HASH.finditer(line)]
    if pinned is None or not hashes:
        raise NotPinned(requirement)
    name = re.sub(r"[-_.]+", "-", pinned["name"]).lower()
    purl = f"pkg:pypi/{name}@{pinned['version']}"
    found: dict[str, Any] = {
        "type": "library",
        "bom-ref": purl,
        "name": name,
        "version": pinned["version"],
        # A package is many files, of which a machine gets one: their digests stand with where they are from.
        "externalReferences": [
            {"type": "distribution", "url": f"https://pypi.org/simple/{name}/", "hashes": hashes}
        ],
        "purl": purl,
    }
    if pinned["only"]:
        found["properties"] = [{"name": "equiplib:only-where", "value": pinned["only"].strip()}]
    return found


def bill(texts: Sequence[str]) -> dict[str, Any]:
    """Return the whole document. The same requirements make the same one, so that two can be compared."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found = {one["bom-ref"]: one for text in texts for one in components(text)}
    parts = [found[ref] for ref in sorted(found)]
    about = {
        "type": "application",
        "bom-ref": f"equiplib@{project['version']}",
        "name": project["name"],
        "version": project["version"],
        "licenses": [{"license": {"id": project["license"]}}],
    }
    return {
        "bomFormat": "CycloneDX",
        "specVersion": SPEC_VERSION,
        "serialNumber": f"urn:uuid:{uuid5(NAMESPACE_URL, json.dumps([about, parts]))}",
        "version": 1,
        "metadata": {"component": about},
        "components": parts,
    }


def main(arguments: Sequence[str]) -> int:
    """Print the document; return the exit code."""
    if not arguments or arguments[0].startswith("-"):
        return _failed(USAGE)
    try:
        made = bill([Path(name).read_text(encoding="utf-8") for name in arguments])
    except OSError as error:
        return _failed(f"{error.filename}: {error.strerror}")
    except NotPinned as error:
        return _failed(f"No one version with its hashes: {error}")
    sys.stdout.write(json.dumps(made, indent=2) + "\n")
    return 0


def _failed(why: str) -> int:
    sys.stderr.write(f"{why}\n")
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
