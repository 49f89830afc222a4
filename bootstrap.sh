# shellcheck shell=sh
# Sourced by ./explain and ./check with $root, the checkout: `setup EXTRA` makes $root/.venv ready ("" for no extra), whose
# programs are then in $bin. Runs on Linux, on macOS (12.3 or newer, for readlink -f), and in Git Bash on Windows.
# When it is ready already, this starts one bare Python and one cksum, and no network is used.
: "${root:?}"

# Settings meant for other Pythons must not reach this one. Where pip gets packages from stays as configured.
unset PYTHONHOME PYTHONPATH VIRTUAL_ENV PIP_TARGET PIP_PREFIX PIP_ROOT PIP_CONSTRAINT PIP_BUILD_CONSTRAINT
export PIP_USER=0 PIP_REQUIRE_VIRTUALENV=0 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1

venv=$root/.venv
bin=$venv/bin
if [ "${OS-}" = Windows_NT ]; then
    bin=$venv/Scripts
    export PYTHONUTF8=1  # as everywhere else
fi
log=$venv/setup.log
lock=$root/constraints.txt
general="a C compiler, Python's headers, pkg-config, cairo and pango with their headers \
(Fedora: gcc python3-devel pkgconf cairo-devel pango-devel; Arch: base-devel cairo pango; \
Homebrew: pkg-config cairo pango)"

say() { printf '%s\n' "$*" >&2; }
die() { say "$*"; exit 2; }

logged() {
    printf '+ %s\n' "$*" >>"$log"
    "$@" >>"$log" 2>&1 </dev/null
}

# give_up WHAT [NEEDS]: ends the run with the log's last lines, or with one line when the network is why.
give_up() {
    if tail -n 30 "$log" | grep -qi -e 'name resolution' -e 'name or service' -e resolving -e unreachable \
        -e ProxyError -e ConnectTimeout -e NewConnection -e 'connection \(refused\|timed\|broken\)'; then
        die "$1 failed: the network cannot be reached. All output: $log"
    fi
    tail -n 15 "$log" >&2
    die "$1 failed${2:+; it needs $2}. All output: $log"
}

# What .venv was made for: this folder (scripts in it hold the path) and the Python it runs now, if it still does.
made_for() {
    printf '%s, Python %s' "$root" \
        "$("$bin/python" -ISc 'import sys; print("%d.%d" % sys.version_info[:2], end="")' 2>/dev/null)"
}

wanted() { cat "$root/pyproject.toml" "$lock" "$root/bootstrap.sh" | cksum; }

# The file "ready" is there only while the last setup came to its end.
read_ready() {
    made='' has='' extra=''
    [ ! -r "$venv/ready" ] || { IFS= read -r made; IFS= read -r has; read -r extra; } <"$venv/ready"
}

is_ready() {
    read_ready
    [ -n "$made" ] && [ "$made" = "$(made_for)" ] && [ "$has" = "$(wanted)" ] && { [ -z "$1" ] || [ "$1" = "$extra" ]; }
}

setup() {
    is_ready "$@" && return
    mkdir -p "$venv" 2>/dev/null
    [ -w "$venv" ] || die "Cannot write to $venv, which is to be set up."
    # One setup at a time. A pip that outlives its killed script keeps the lock, as it inherits the descriptor.
    exec 9<"$lock"
    if command -v flock >/dev/null && ! flock -n 9; then
        say "Waiting for another setup of this folder..."
        flock 9
    fi
    trap 'exit 130' INT TERM
    is_ready "$@" || build "$@"
    trap - INT TERM
    exec 9<&-
}

build() {
    start=$(date +%s) size=
    if [ -z "$made" ] || [ "$made" != "$(made_for)" ]; then  # nothing, half a setup, moved, or another Python
        find_python
        rm -rf "$venv"
        mkdir "$venv" || die "Cannot write to $venv, which is to be set up."
        system_packages
        size=" (about 200 MB)"
        say "Making .venv with Python $version..."
        logged "$python" -m venv "$venv" || give_up "Making .venv"
        logged pip install -c "$lock" pip || give_up "Updating pip"
    fi
    rm -f "$venv/ready"
    extra=${1:-$extra}  # a .venv with the tools for ./check keeps them
    pytorch
    say "Installing the Python packages$size..."
    # cd: the path may hold what pip reads as part of a requirement
    (cd -- "$root" && logged pip install -c "$lock" --build-constraint "$lock" -e ".${extra:+[$extra]}") ||
        give_up "Installing the Python packages" "${missing:+$general}"
    printf '%s\n%s\n%s\n' "$(made_for)" "$(wanted)" "$extra" >"$venv/ready.new"
    mv "$venv/ready.new" "$venv/ready"
    say "Ready after $(($(date +%s) - start)) s."
}

pip() { "$bin/python" -m pip "$@"; }

find_python() {
    for python in python3 python3.13 python3.12 python3.11 python; do
        version=$("$python" -c 'import sys
if sys.version_info >= (3, 11): print("%d.%d" % sys.version_info[:2], end="")' 2>/dev/null)
        [ -z "$version" ] || return 0
    done
    die "Python 3.11 or newer is needed, as python3, python3.11 to python3.13 or python in PATH."
}

# Finds out by use what the system lacks for pycairo and manimpango, which come as source. $missing names it.
system_packages() {
    missing=
    "$python" -c 'import ensurepip, venv' 2>/dev/null || missing="python$version-venv"
    "$python" -c 'import sysconfig; open(sysconfig.get_path("include") + "/Python.h")' 2>/dev/null ||
        missing="$missing python$version-dev"
    command -v cc >/dev/null || missing="$missing gcc libc6-dev"
    # moderngl and glcontext come as source for other processors than this
    [ "$(uname -m)" = x86_64 ] || command -v c++ >/dev/null || missing="$missing g++"
    command -v pkg-config >/dev/null || missing="$missing pkg-config"
    pkg-config --exists cairo 2>/dev/null || missing="$missing libcairo2-dev"
    pkg-config --exists pangocairo 2>/dev/null || missing="$missing libpango1.0-dev"
    missing=${missing# }
    [ -n "$missing" ] && command -v apt-get >/dev/null || return 0

    if [ "$(id -u)" = 0 ]; then
        as_root=
    elif sudo -n true 2>/dev/null; then
        as_root="sudo -n"
    else
        die "As root, run this, then start again: apt-get update && apt-get install --no-install-recommends $missing"
    fi
    say "Installing system packages: $missing..."
    # A fresh machine may be at its own updates, hence the timeout; one broken source must not stop the others.
    as_root="$as_root env DEBIAN_FRONTEND=noninteractive apt-get -qy -o DPkg::Lock::Timeout=300"
    # shellcheck disable=SC2086 # both are lists of words
    {
        logged $as_root update || true
        logged $as_root install --no-install-recommends $missing
    } || give_up "Installing system packages"
    missing=
}

# The usual build of PyTorch for Linux brings gigabytes of CUDA. Without an NVIDIA GPU this takes the CPU build: from
# pip's configured sources when they offer it, else with uv, which knows where PyTorch keeps its CPU builds.
pytorch() {
    [ "$(uname -s)" = Linux ] && [ ! -e /proc/driver/nvidia ] && ! command -v nvidia-smi >/dev/null || return 0
    torch=$(grep '^torch==' "$lock")
    "$bin/python" -c "from importlib.metadata import version
version('torch').partition('+')[0] == '${torch#*==}' or exit(1)" 2>/dev/null && return
    say "Installing PyTorch for the CPU (about 200 MB)..."
    logged pip install -c "$lock" "$torch+cpu" && return
    logged pip install -c "$lock" uv && logged env UV_HTTP_TIMEOUT=15 UV_HTTP_RETRIES=1 "$bin/python" -m \
        uv pip install --python "$bin/python" --no-deps --torch-backend cpu "$torch" && return
    say "Found no CPU build of PyTorch, so its CUDA build is taken (2.7 GB). To stop that, press Ctrl-C and" \
        "start again with PIP_FIND_LINKS=folder-with-the-CPU-wheel."
}
