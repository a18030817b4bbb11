#!/usr/bin/env bash
# Installs what tests need of the system and this machine lacks, on Debian and its kin as root: a C++ compiler, make and
# pip for native TensorFlow, TensorBoard and moto's S3, Redis and PostgreSQL for queues, and Chromium for the browser.
# Prints the environment that tests need, to be evaluated.
set -euo pipefail

browser() { command -v chromium || command -v chromium-browser || true; }

lacking=()
command -v g++ >/dev/null || lacking+=(g++)
command -v make >/dev/null || lacking+=(make)
command -v python3 >/dev/null || lacking+=(python3)
python3 -c 'import pip' 2>/dev/null || lacking+=(python3-pip)
command -v redis-server >/dev/null || lacking+=(redis-server)
[ -n "$(ls /usr/lib/postgresql/*/bin/initdb 2>/dev/null)" ] || lacking+=(postgresql)
[ -n "$(browser)" ] || lacking+=(chromium fonts-liberation)

if [ "${#lacking[@]}" -gt 0 ]; then
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "Missing here, and only root can install them, with apt-get: ${lacking[*]}" >&2
    exit 1
  fi
  {
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
      -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 "${lacking[@]}"
  } >&2 </dev/null
fi
echo "export VOGJS_CHROMIUM='$(browser)'"
