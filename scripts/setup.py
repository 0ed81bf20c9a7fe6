"""Makes the environment: .venv, front-end files, translations. Standard library only; run by the system's Python.

Usage: python3 scripts/setup.py base | dev | test. Each step is skipped when nothing it depends on has changed.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV, VAR = ROOT / ".venv", Path(os.environ.get("ANJIA_VAR", ROOT / "var"))
STAMPS = ROOT / "var" / "stamps"
PYTHON = VENV / "bin" / "python"
VENDORED = {
    "@tabler/core/dist/css/tabler.min.css": "tabler.min.css",
    "@tabler/core/dist/js/tabler.min.js": "tabler.min.js",
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
}


def stop(zh: str, en: str, code: int = 2) -> None:
    """Say in both languages what is missing, and stop."""
    print(f"\n✗ {zh}\n  {en}", file=sys.stderr)
    raise SystemExit(code)


def say(zh: str, en: str) -> None:
    print(f"· {zh} / {en}", flush=True)


def environment() -> dict[str, str]:
    """Caches go under var/, so that an empty or missing HOME is enough."""
    env = dict(os.environ)
    cache = ROOT / "var" / "cache"
    env.setdefault("PIP_CACHE_DIR", str(cache / "pip"))
    env.setdefault("npm_config_cache", str(cache / "npm"))
    env["PIP_DISABLE_PIP_VERSION_CHECK"] = env["PIP_ROOT_USER_ACTION"] = "1"
    env["PIP_ROOT_USER_ACTION"] = "ignore"
    return env


def run(command: list[str], *, cwd: Path = ROOT) -> None:
    """Run quietly; show the end of the output when it fails."""
    done = subprocess.run(command, cwd=cwd, env=environment(), capture_output=True, text=True, check=False)
    if done.returncode:
        print((done.stdout + done.stderr)[-4000:], file=sys.stderr)
        stop(f"这一步没有成功:{command[0]}", f"this step failed: {' '.join(command[:4])}", 1)


def fingerprint(paths: Iterable[Path], *extra: str) -> str:
    """What a step depends on, as one number."""
    digest = hashlib.sha256("|".join(extra).encode())
    for path in sorted(paths):
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def is_done(step: str, mark: str) -> bool:
    stamp = STAMPS / step
    return stamp.exists() and stamp.read_text() == mark


def done(step: str, mark: str) -> None:
    STAMPS.mkdir(parents=True, exist_ok=True)
    (STAMPS / step).write_text(mark)


def make_venv() -> None:
    """A virtual environment, or the one line that makes it possible."""
    if sys.version_info < (3, 11):  # noqa: UP036  this runs before any environment exists
        stop("需要 Python 3.11 以上。", "Python 3.11 or newer is needed.")
    if PYTHON.exists() and subprocess.run([str(PYTHON), "-c", "import pip"], check=False).returncode == 0:
        return
    shutil.rmtree(VENV, ignore_errors=True)
    shutil.rmtree(STAMPS, ignore_errors=True)
    try:
        import ensurepip  # noqa: F401
    except ImportError:
        install_venv_package()
    say("建立运行环境", "making the environment")
    run([sys.executable, "-m", "venv", str(VENV)])


def install_venv_package() -> None:
    """Debian ships venv apart. Root installs it; anybody else is told the line."""
    package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    if os.geteuid() != 0:
        stop(f"请先运行:sudo apt-get install -y {package}", f"run first: sudo apt-get install -y {package}")
    run(["apt-get", "update", "-qq"])
    run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", package])


def install(*names: str) -> None:
    """Python packages, each file checked against its hash; then the project itself, without fetching anything."""
    files = [ROOT / "requirements" / f"{name}.txt" for name in names]
    mark = fingerprint([*files, ROOT / "pyproject.toml"], sys.version, str(ROOT))
    if is_done("packages-" + "-".join(names), mark):
        return
    say("安装程序库", "installing libraries")
    wanted = [part for f in files for part in ("-r", str(f))]
    run([str(PYTHON), "-m", "pip", "install", "-q", "--require-hashes", *wanted])
    run([str(PYTHON), "-m", "pip", "install", "-q", "--no-build-isolation", "--no-deps", "-e", str(ROOT)])
    done("packages-" + "-".join(names), mark)


def npm() -> list[str]:
    """How npm is called: the machine's own, else the one a wheel brings into .venv."""
    found = shutil.which("npm")
    if found:
        return [found]
    say("取得 Node.js(仅用于下载前端文件)", "getting Node.js (only to fetch front-end files)")
    run(
        [
            str(PYTHON),
            "-m",
            "pip",
            "install",
            "-q",
            "--require-hashes",
            "-r",
            str(ROOT / "requirements" / "node.txt"),
        ]
    )
    return [str(VENV / "bin" / "npm")]


def vendor() -> None:
    """Front-end files by name and hash into var/vendor; source-map lines are taken out."""
    target = ROOT / "var" / "vendor"
    mark = fingerprint([ROOT / "package.json", ROOT / "package-lock.json"], *VENDORED.values())
    if is_done("vendor", mark) and all((target / name).exists() for name in VENDORED.values()):
        return
    say("下载前端文件", "fetching front-end files")
    work = ROOT / "var" / "npm"
    work.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(ROOT / name, work / name)
    run([*npm(), "ci", "--ignore-scripts", "--silent"], cwd=work)
    target.mkdir(parents=True, exist_ok=True)
    for source, name in VENDORED.items():
        text = (work / "node_modules" / source).read_text(encoding="utf-8")
        (target / name).write_text(
            re.sub(r"(?m)^\s*(/\*|//)[#@] sourceMappingURL=.*$", "", text), encoding="utf-8"
        )
    shutil.rmtree(work / "node_modules")
    done("vendor", mark)


def compile_messages() -> None:
    """Translations from .po to .mo, without the gettext tools."""
    sources = list((ROOT / "anjia").rglob("locale/*/LC_MESSAGES/*.po"))
    outputs = [p.with_suffix(".mo") for p in sources]
    mark = fingerprint(sources)
    if is_done("messages", mark) and all(p.exists() for p in outputs):
        return
    for source, output in zip(sources, outputs, strict=True):
        run(
            [
                str(VENV / "bin" / "pybabel"),
                "-q",
                "compile",
                "-i",
                str(source),
                "-o",
                str(output),
                "-l",
                source.parts[-3],
            ]
        )
    done("messages", mark)


def system_packages() -> None:
    """Debian packages for the whole test run. Never skipped silently: missing ones are named, and it stops."""
    wanted = (ROOT / "deploy" / "apt-test.txt").read_text().split()
    missing = [name for name in wanted if not is_installed(name)]
    if not missing:
        return
    line = "apt-get install -y --no-install-recommends " + " ".join(missing)
    if os.geteuid() != 0:
        stop(
            f"测试需要这些系统软件包,请先运行:sudo {line}",
            f"the tests need these system packages: sudo {line}",
        )
    say("安装测试用的系统软件包:" + " ".join(missing), "installing system packages for the tests")
    config = Path("/etc/postgresql-common/createcluster.conf")
    if not config.exists():  # no server of its own: the tests make and remove theirs
        config.parent.mkdir(parents=True, exist_ok=True)
        config.write_text("create_main_cluster = false\n")
    os.environ["DEBIAN_FRONTEND"] = "noninteractive"
    run(["apt-get", "update", "-qq"])
    run(line.split())


def is_installed(name: str) -> bool:
    """Whether the package (or the program it brings, when $CHROMIUM or PG_DSN stands in for it) is there."""
    if name == "chromium" and (os.environ.get("CHROMIUM") or Path("/usr/bin/chromium").exists()):
        return True
    if name.startswith("postgresql") and (
        os.environ.get("PG_DSN") or Path("/usr/lib/postgresql/15/bin/initdb").exists()
    ):
        return True
    asked = subprocess.run(
        ["dpkg-query", "-W", "-f=${Status}", name], capture_output=True, text=True, check=False
    )
    return "install ok installed" in asked.stdout


def main(kind: str) -> None:
    make_venv()
    install("base") if kind == "base" else install("base", "dev")
    vendor()
    compile_messages()
    if kind == "test":
        system_packages()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "base")
