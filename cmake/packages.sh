# Sourced by the front-door scripts: `need package...` installs Debian packages that are missing.
# XGRAD_NO_INSTALL=1 skips it. As root directly, else through sudo.
need() {
    [ "${XGRAD_NO_INSTALL:-0}" = 1 ] && return 0
    local missing=() package
    for package in "$@"; do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q "install ok installed" || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return 0
    echo "Installing ${missing[*]} ..."
    local as_root=()
    [ "$(id -u)" -eq 0 ] || as_root=(sudo)
    "${as_root[@]}" apt-get update -qq
    DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}
# Any Boost will do; Debian's versions exclude each other, so only a missing header asks for one.
need_boost() { [ -e /usr/include/boost/hana.hpp ] || need libboost1.74-dev; }
need_toolchain() {
    need g++ cmake ninja-build ccache libxtensor-dev libxsimd-dev zlib1g-dev
    need_boost
}
