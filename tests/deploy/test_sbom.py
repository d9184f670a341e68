"""The bill of materials names everything that is installed, and is a CycloneDX document."""

import json
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from deploy import sbom

REQUIREMENTS = sbom.ROOT / "requirements"


def test_everything_that_is_installed_is_in_it() -> None:
    """With the version that runs, and each hash that pip accepts; run as its guide says, outside of our
    environment.
    """
    file = REQUIREMENTS / "test.txt"
    command = [sys.executable, "-I", "-S", str(sbom.ROOT / "deploy" / "sbom.py"), str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    made = json.loads(done.stdout)
    parts = {part["name"]: part for part in made["components"]}
    assert [part["bom-ref"] for part in made["components"]] == sorted(part["purl"] for part in parts.values())
    hashes = [one for part in parts.values() for one in part["externalReferences"][0]["hashes"]]
    assert {one["content"] for one in hashes} == set(re.findall(r"sha256:([0-9a-f]{64})", file.read_text()))
    for name in ("python-telegram-bot", "sqlalchemy", "pytest"):
        assert parts[name]["version"] == metadata.version(name)
        assert parts[name]["purl"] == f"pkg:pypi/{name}@{metadata.version(name)}"


def test_it_has_what_the_format_asks_for() -> None:
    """The fields of CycloneDX that must be there; one program, whose version is ours; twice is the same."""
    text = (REQUIREMENTS / "demo.txt").read_text("utf-8")
    made = sbom.bill([text, text])
    assert (made["bomFormat"], made["specVersion"], made["version"]) == ("CycloneDX", sbom.SPEC_VERSION, 1)
    assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", made["serialNumber"])
    assert made["metadata"]["component"]["version"] == metadata.version("equiplib")
    assert len(made["components"]) == len(re.findall(r"^\S+==", text, re.MULTILINE))
    assert sbom.bill([text]) == made


@pytest.mark.parametrize("line", ["rich>=14", "rich==14.0.0", "-r other.txt"])
def test_what_is_not_pinned_is_refused(line: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With the line that is wrong: a bill that leaves something out says nothing."""
    file = tmp_path / "some.txt"
    file.write_text(f"{line}\n")
    assert sbom.main([str(file)]) == 2
    said = capsys.readouterr()
    assert line in said.err and said.out == ""
    assert sbom.main([]) == sbom.main([str(tmp_path / "none.txt")]) == 2
