#!/usr/bin/env bash
# Makes a tfjs-node that runs the TensorFlow of PyPI, in a folder of its own, as its users do: the package without its
# download, the wheel by pip, and `vogjs link-libtensorflow`. It shares this workspace's one copy of TensorFlow.js.
# Prints the environment that tests need, to be evaluated: eval "$(test/native/install-tensorflow.sh FOLDER)"
# With tfjs-node-gpu as a second argument it is that package, on the same wheel: the add-on of the GPU, on the CPU device.
# Tests see the package where NODE_PATH is VOGJS_NATIVE_MODULES.
set -euo pipefail

folder=${1:?usage: install-tensorflow.sh FOLDER [tfjs-node-gpu]}
package=${2:-tfjs-node}
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
wheels=${XDG_CACHE_HOME:-$HOME/.cache}/vogjs-wheels
modules=$folder/node_modules/@tensorflow

{
  # 270 MB. Its libraries are the same for every Python: this machine's need not be one that TensorFlow supports.
  python3 -m pip download --disable-pip-version-check --no-deps --only-binary=:all: --python-version 3.11 \
    --dest "$wheels" 'tensorflow-cpu==2.21.*'
  wheel=$(ls -t "$wheels"/tensorflow_cpu-2.21.*.whl | head -n 1)

  mkdir -p "$folder"
  folder=$(cd "$folder" && pwd)
  echo '{ "private": true }' >"$folder/package.json"
  version=$(node -p "require('$root/node_modules/@tensorflow/tfjs/package.json').version")
  (cd "$folder" && npm install --ignore-scripts --no-audit --no-fund "@tensorflow/$package@$version")

  # pnpm lays a package beside all that it depends on.
  for own in "$(dirname "$(realpath "$root/node_modules/@tensorflow/tfjs")")"/*; do
    rm -rf "$modules/$(basename "$own")"
    ln -s "$(realpath "$own")" "$modules/$(basename "$own")"
  done

  (cd "$folder" && node "$root/scripts/ts.mjs" "$root/packages/vogjs/src/main.ts" link-libtensorflow "$wheel")
} >&2 </dev/null

if [ "$package" = tfjs-node ]; then
  echo "export VOGJS_NATIVE_MODULES='$folder/node_modules' VOGJS_TEST_NATIVE='$wheel'"
else
  echo "export VOGJS_NATIVE_GPU_MODULES='$folder/node_modules'"
fi
