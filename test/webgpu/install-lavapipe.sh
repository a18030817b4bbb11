#!/usr/bin/env bash
# Installs Mesa's software Vulkan driver (lavapipe), so that WebGPU runs where there is no GPU. For Debian and its kin,
# as root. Prints the environment that tests need, to be evaluated: eval "$(test/webgpu/install-lavapipe.sh)"
set -euo pipefail

# Dawn refuses Mesa 22.3, which Debian 12 has; its backports have 25.0. Newer releases are good as they are.
oldest=24
codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")

driver() { ls /usr/share/vulkan/icd.d/lvp_icd*.json 2>/dev/null | head -n 1; }
major() { dpkg-query -W -f '${Version}' mesa-vulkan-drivers 2>/dev/null | cut -d . -f 1; }

# The mirror is the one that this machine already uses: its own entry, with another suite.
add_backports() {
  local stanza=/etc/apt/sources.list.d/debian.sources list=/etc/apt/sources.list target=/etc/apt/sources.list.d
  if [ -f "$stanza" ]; then
    awk -v RS= 'NR == 1' "$stanza" | sed "s/^Suites:.*/Suites: $codename-backports/" >"$target/vogjs-backports.sources"
  else
    sed -n "s/^\(deb .*\) $codename main.*/\1 $codename-backports main/p" "$list" | head -n 1 >"$target/vogjs-backports.list"
  fi
}

if [ -z "$(driver)" ] || [ "$(major)" -lt "$oldest" ]; then
  release=()
  if [ "$codename" = bookworm ]; then
    add_backports
    release=(-t "$codename-backports")
  fi
  {
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${release[@]}" \
      mesa-vulkan-drivers libvulkan1
  } >&2 </dev/null
fi

# Compiling shaders takes most of a first run: the cache is worth keeping.
cache=${MESA_SHADER_CACHE_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/vogjs-shaders}
mkdir -p "$cache"
echo "export VK_ICD_FILENAMES='$(driver)' MESA_SHADER_CACHE_DIR='$cache' MESA_SHADER_CACHE_MAX_SIZE=1G"
