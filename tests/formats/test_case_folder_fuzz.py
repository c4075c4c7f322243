"""A folder of any bytes ends in a case or in a refusal that can be shown, never in a traceback."""

from __future__ import annotations

import json
import os
import random
import shutil
from pathlib import Path

import pytest
from validation.formats.accidents import damaged

from homeward.case import Case
from homeward.faults import Refusal
from homeward.formats import read_case, read_profiles

VALID = Path(__file__).parents[2] / "docs" / "case-folder" / "valid"
Files = dict[str, bytes]
FOLDERS = 500


def files_of(folder: Path) -> Files:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def write(files: Files, folder: Path) -> None:
    folder.mkdir()
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def disarrange(folder: Path, files: Files, random_: random.Random) -> None:
    """One accident to the folder itself."""
    path = folder / random_.choice(sorted(files))
    match random_.randrange(8):
        case 0:
            path.unlink()
        case 1:
            path.unlink()
            path.mkdir()
        case 2:
            path.unlink()
            path.symlink_to(path)
        case 3:
            (folder / "loop").symlink_to(folder)
        case 4:
            os.mkfifo(folder / "pipe.csv")
        case 5:
            Path(os.fsdecode(bytes(folder) + b"/\xff\n.csv")).write_bytes(b"")
        case 6:
            shutil.copy(path, folder / random_.choice(sorted(files)).replace(".", "2."))
        case _:
            shutil.rmtree(folder / "profiles", ignore_errors=True)
            (folder / "profiles").write_bytes(b"")


def ends_well(path: Path) -> bool:
    """Read; true for a case, false for a refusal. Either can be shown."""
    try:
        case = read_case(path)
    except Refusal as refusal:
        for fault in refusal.faults:
            json.dumps(fault.as_json(), ensure_ascii=False).encode("utf-8")
            assert fault.code
            assert fault.row is None or fault.row >= 1
            assert "\n" not in fault.message
        return False
    assert isinstance(case, Case)
    assert len(case.digest) == 64
    return True


def test_mutated_folders_end_in_a_case_or_a_refusal(tmp_path: Path) -> None:
    random_ = random.Random(20260203)
    originals = [files_of(folder) for folder in sorted(VALID.iterdir())]
    read = 0
    for i in range(FOLDERS):
        files = dict(random_.choice(originals))
        for _ in range(random_.randrange(1, 4)):
            name = random_.choice(sorted(files))
            files[name] = damaged(files[name], random_)
        folder = tmp_path / str(i)
        write(files, folder)
        if random_.random() < 0.2:
            disarrange(folder, files, random_)
        read += ends_well(folder)
    assert 0 < read < FOLDERS, "the accidents are neither all harmless nor all fatal"


@pytest.mark.parametrize("seed", range(4))
def test_folders_of_random_bytes_are_refused(tmp_path: Path, seed: int) -> None:
    random_ = random.Random(seed)
    names = (
        "case.toml",
        "pedigrees.csv",
        "remains.csv",
        "samples.csv",
        "profiles.csv",
        "frequencies.csv",
        "mutation.csv",
        "mtdna.csv",
        "y_haplotypes.csv",
        "mt_haplotypes.csv",
    )
    write({name: random_.randbytes(random_.randrange(5000)) for name in names}, tmp_path / "case")
    assert not ends_well(tmp_path / "case")


def test_profiles_of_any_bytes(tmp_path: Path) -> None:
    random_ = random.Random(7)
    path = tmp_path / "profiles.csv"
    long = (VALID / "example" / "profiles.csv").read_bytes()
    wide = b'Sample Name,TH01,TH01,vWA_1,vWA_2,DYS385\nR1,6,9.3,16,17,"11,14"\nR2,7,7,,,\n'
    for original in (long, wide):
        for _ in range(100):
            path.write_bytes(damaged(original, random_))
            try:
                assert isinstance(read_profiles(path), tuple)
            except Refusal as refusal:
                assert refusal.faults
