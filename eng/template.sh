#!/usr/bin/env bash
# Installs the template from the packages that were packed, makes a service of it in a folder of its own, builds it against the packages, and runs
# it twice: the second time it is done already. Nothing is left behind, and no package of an earlier build is taken.
set -euo pipefail
cd "$(dirname "$0")/.."
packages=$PWD/artifacts/packages
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
export NUGET_PACKAGES=$place/packages

dotnet new install "$packages"/Adjoint.Templates.*.nupkg --debug:custom-hive "$place/hive"
dotnet new adjoint-training --name Orchard --output "$place/Orchard" --debug:custom-hive "$place/hive" --no-update-check
cd "$place/Orchard"
cat > nuget.config << END
<configuration>
  <packageSources>
    <add key="packed" value="$packages" />
  </packageSources>
</configuration>
END
dotnet build -c Release
for run in first second; do
  echo "$run run"
  timeout 120 dotnet bin/Release/net10.0/Orchard.dll
done
[ -s model.safetensors ] && [ -s training.pt ]
