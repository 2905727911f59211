# Sourced by the front-door scripts: `need package...` installs Debian packages that are missing.
# XGRAD_NO_INSTALL=1 skips it. As root directly, else through sudo.
as_root() { if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi; }
update_packages() { as_root apt-get update -qq; }
need() {
    [ "${XGRAD_NO_INSTALL:-0}" = 1 ] && return 0
    local missing=() package
    for package in "$@"; do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q "install ok installed" || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return 0
    echo "Installing ${missing[*]} ..."
    update_packages
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}
# Any Boost will do; Debian's versions exclude each other, so only a missing header asks for one.
need_boost() { [ -e /usr/include/boost/hana.hpp ] || need libboost1.74-dev; }
need_toolchain() {
    need g++ cmake ninja-build ccache libxtensor-dev libxsimd-dev zlib1g-dev
    need_boost
}
# Data from packages that are not worth installing: `need_files weka` unpacks the package below build/data/weka. Without it, what
# needs it is skipped.
need_files() {
    local folder=build/data/$1 work
    [ -d "$folder" ] || [ "${XGRAD_NO_INSTALL:-0}" = 1 ] && return 0
    echo "Fetching the files of $1 ..."
    work=$(mktemp -d)
    (cd "$work" && apt-get download -qq "$1" >/dev/null 2>&1) || { update_packages && (cd "$work" && apt-get download -qq "$1" >/dev/null 2>&1); } || true
    mkdir -p build/data
    if dpkg-deb -x "$work/$1"_*.deb "$work/files" 2>/dev/null; then mv "$work/files" "$folder"; else echo "Package $1 cannot be fetched."; fi
    rm -rf "$work"
}
