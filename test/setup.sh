# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# What test/run, .ci/run and tools/quickstart share: to be sourced by bash from the project's root.

# Debian's programs, whatever else a login shell puts before them.
export PATH=/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin
# Byte code would be written into the source tree.
export PYTHONDONTWRITEBYTECODE=1
# Decides for every child: Debian's python3 sees Debian's modules only.
unset PYTHONPATH PYTHONHOME

say() { printf '\n== %s\n' "$*"; }

# become_root SCRIPT [ARGUMENT...]: starts the script again as root, unless this is root already.
become_root() {
  [ "$(id -u)" -ne 0 ] || return 0
  if ! command -v sudo >/dev/null; then
    echo "$1: must be run as root, and there is no sudo" >&2
    exit 1
  fi
  exec sudo --preserve-env=CI,UPDATE_GOLDEN,GANETI_GLUSTER_BUILD,MESON_OPTIONS -- bash "$@"
}

# install_missing FILE...: installs the packages listed in the files that are not there yet.
install_missing() {
  local wanted missing=() package
  wanted=$(sed -e 's/#.*//' -e '/^[[:space:]]*$/d' -- "$@")
  for package in $wanted; do
    dpkg-query --show --showformat='${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed ||
      missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  say "installing ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  # One broken source among several is no reason to stop: the next command finds out.
  apt-get update -q || echo "warning: apt-get update failed" >&2
  apt-get install -y -q --no-install-recommends "${missing[@]}" </dev/null
}

# configure DIR [MESON-OPTION...]: sets the build directory up, or takes it as it is, with these options.
configure() {
  local dir=$1
  shift
  if [ ! -f "$dir/build.ninja" ]; then
    # What an interrupted setup left is no build directory. Many files are compiled as one, as most of the time would go
    # into headers of others, again and again. There a name of one file shadows those of others.
    rm -rf "$dir" && meson setup "$dir" -Dunity=on -Dunity_size=12 -Dcpp_args=-Wno-shadow "$@"
  elif [ $# -gt 0 ]; then
    meson configure "$dir" "$@"
  fi
}

# build DIR [MESON-OPTION...]: configures the build directory, and compiles.
build() { configure "$@" && meson compile -C "$1"; }
