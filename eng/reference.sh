#!/usr/bin/env bash
# Prints the pages of docs/ that are made from the source: the reference of operators, and PyTorch's names with Adjoint's.
set -euo pipefail
cd "$(dirname "$0")/.."
dotnet build -c Release tests/Adjoint.Tests --nologo -v quiet
ADJOINT_REFERENCE=write tests/Adjoint.Tests/bin/Release/net10.0/Adjoint.Tests -noColor -class 'Adjoint.Tests.Docs.ReferencePagesTests'
