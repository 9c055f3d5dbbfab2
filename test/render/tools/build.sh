#!/usr/bin/env bash
# Builds helm and kustomize from the Go module proxy, in pinned versions, and prints the folder that holds them.
#
#   RENDER_TOOLS   a folder that already holds both programs: printed as it is, nothing is built
#   GO             go command (default: go)
#
# What was built is kept in ${XDG_CACHE_HOME:-~/.cache}/argocd-hooks/render-tools. Whoever comes second waits for the lock.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
complete() { [ -x "$1/helm" ] && [ -x "$1/kustomize" ]; }

if [ -n "${RENDER_TOOLS:-}" ] && complete "$RENDER_TOOLS"; then echo "$RENDER_TOOLS"; exit 0; fi

go=${GO:-go}
command -v "$go" >/dev/null || { echo "go was not found: install Go, or set RENDER_TOOLS to a folder with helm and kustomize" >&2; exit 2; }
key=$(cat "$here"/*/go.mod "$here"/*/go.sum "$0" | sha256sum | cut -c1-12)
out="${XDG_CACHE_HOME:-$HOME/.cache}/argocd-hooks/render-tools/$key-$(uname -m)"
if complete "$out"; then echo "$out"; exit 0; fi

mkdir -p "$out"
exec 9>"$out/.lock"
flock 9
declare -A package=([helm]=helm.sh/helm/v4/cmd/helm [kustomize]=sigs.k8s.io/kustomize/kustomize/v5)
export CGO_ENABLED=0 GOFLAGS="${GOFLAGS:-} -mod=readonly"
for tool in helm kustomize; do
  [ -x "$out/$tool" ] && continue
  start=$SECONDS
  (cd "$here/$tool" && nice "$go" build -trimpath -ldflags '-s -w' -o "$out/.$tool.$$" "${package[$tool]}")
  mv "$out/.$tool.$$" "$out/$tool"
  echo "built $tool in $((SECONDS - start)) s" >&2
done
echo "$out"
