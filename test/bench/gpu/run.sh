#!/bin/sh
# Runs the packed benchmark. Needs x86-64 Linux with glibc 2.34 or newer, gzip and a Vulkan driver (NVIDIA's
# nvidia_icd.json); no network.
# usage: ./run.sh [--small] [--json FILE]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
# Unpacked elsewhere: this folder may be read-only.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for packed in "$here"/*.gz; do gzip -dc "$packed" >"$work/$(basename "$packed" .gz)"; done
cp "$here/golden.safetensors" "$work"
chmod +x "$work/node"
# The machine's own Vulkan loader, where it has one, else the packed one; NVIDIA's driver where containers put it.
if ! PATH="$PATH:/sbin:/usr/sbin" ldconfig -p 2>/dev/null | grep -q 'libvulkan\.so\.1'; then
  export LD_LIBRARY_PATH="$work${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
fi
container=/usr/local/nvidia/share/vulkan/icd.d/nvidia_icd.json
if [ -z "${VK_DRIVER_FILES:-}${VK_ICD_FILENAMES:-}" ] && [ -f "$container" ]; then export VK_DRIVER_FILES="$container"; fi
"$work/node" "$work/bench.mjs" --folder "$work" "$@"
