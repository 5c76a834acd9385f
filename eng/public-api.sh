#!/usr/bin/env bash
# Writes the public interface of the shipping projects into their PublicAPI.Unshipped.txt, anew. Run it after a change of
# the interface, and read the difference before you commit it.
set -euo pipefail
cd "$(dirname "$0")/.."
export PublicApiCheck=true

for project in src/Adjoint src/Adjoint.NN src/Adjoint.Onnx src/Adjoint.Laws; do
  [ -f "$project/PublicAPI.Shipped.txt" ] || echo '#nullable enable' > "$project/PublicAPI.Shipped.txt"
  echo '#nullable enable' > "$project/PublicAPI.Unshipped.txt"
  # The analyzer's own correction: it adds a line for each member that neither text names.
  dotnet format analyzers "$project" --diagnostics RS0016 --severity warn
  echo "$project: $(($(wc -l < "$project/PublicAPI.Unshipped.txt") - 1)) lines"
done
