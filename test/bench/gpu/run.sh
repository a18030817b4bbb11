#!/bin/sh
# Runs the packed benchmark. Needs x86-64 Linux with glibc 2.34 or newer, gzip and a Vulkan driver; no network.
# usage: ./run.sh [--small] [--json FILE]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
# Unpacked elsewhere: this folder may be read-only.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for file in node dawn.node bench.mjs; do gzip -dc "$here/$file.gz" >"$work/$file"; done
cp "$here/golden.safetensors" "$work"
chmod +x "$work/node"
"$work/node" "$work/bench.mjs" --folder "$work" "$@"
