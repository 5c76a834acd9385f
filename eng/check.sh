#!/usr/bin/env bash
# Everything that has to hold before a change is done; what the build server runs is this script. Needs the .NET SDK of
# global.json, and for the native program a C linker (clang or gcc) with zlib's headers.
#
#   eng/check.sh              all steps
#   eng/check.sh test tour    only these, after the build
#
# Each step writes its output to artifacts/check/STEP.log and shows it when it fails. A step of tests counts as many passes
# and failures as it has tests, every other step as one. The last line is "N passed, N failed".
set -uo pipefail
cd "$(dirname "$0")/.."

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en
logs=artifacts/check
mkdir -p "$logs"
wanted=" ${*:-all} "
passed=0 failed=0

is_wanted() { [[ $wanted == " all " || $wanted == *" $1 "* ]]; }

# report NAME PASSED FAILED SECONDS
report() {
  passed=$((passed + $2)) failed=$((failed + $3))
  if [ "$3" -eq 0 ]; then
    printf 'ok    %-12s %6d passed  %4d s\n' "$1" "$2" "$4"
  else
    printf 'FAIL  %-12s %6d passed, %d failed  %4d s\n' "$1" "$2" "$3" "$4"
    tail -n 100 "$logs/$1.log" | sed 's/^/      /'
  fi
}

# limited NAME COMMAND...: runs the command with its output in the log; a step that hangs is a failure.
limited() {
  local name=$1
  shift
  timeout --kill-after=10 600 "$@" > "$logs/$name.log" 2>&1 < /dev/null
}

# step NAME COMMAND...: one pass or one failure.
step() {
  is_wanted "$1" || return 0
  local started=$SECONDS
  if limited "$@"; then report "$1" 1 0 $((SECONDS - started)); else report "$1" 0 1 $((SECONDS - started)); fi
}

# tests NAME COMMAND...: the totals of the test runner's summary. A run that ends badly without a failed test (a crash, a
# hang, no summary) is one failure.
tests() {
  is_wanted "$1" || return 0
  local started=$SECONDS code=0 good bad
  limited "$@" || code=$?
  good=$(sed -n 's/^ *succeeded: *\([0-9][0-9]*\)$/\1/p' "$logs/$1.log" | tail -n 1)
  bad=$(sed -n 's/^ *failed: *\([0-9][0-9]*\)$/\1/p' "$logs/$1.log" | tail -n 1)
  good=${good:-0} bad=${bad:-0}
  if [ "$bad" -eq 0 ] && { [ "$code" -ne 0 ] || [ "$good" -eq 0 ]; }; then bad=1; fi
  report "$1" "$good" "$bad" $((SECONDS - started))
}

# native NAME OPTION...: publishes the ahead-of-time program and runs it.
native() {
  dotnet publish -c Release tests/Adjoint.Aot -o "artifacts/$1" "${@:2}" && "artifacts/$1/Adjoint.Aot"
}
# operator_size: publishes the program without and with sixteen more operators; what one of them costs is at most 20 KB.
operator_size() {
  native aot-size > /dev/null && native aot-many -p:ManyOperators=true || return
  local bytes=$((($(stat -c %s artifacts/aot-many/Adjoint.Aot) - $(stat -c %s artifacts/aot-size/Adjoint.Aot)) / 16))
  echo "$bytes bytes for an operator, at most 20480"
  [ "$bytes" -le 20480 ]
}
export -f native operator_size

finish() {
  echo "$passed passed, $failed failed"
  [ "$failed" -eq 0 ]
  exit
}

# Built once; the steps below take what is there.
started=$SECONDS
if limited build dotnet build -c Release -clp:NoSummary; then
  report build 1 0 $((SECONDS - started))
else
  report build 0 1 $((SECONDS - started))
  finish
fi

# Laws draw in full here, and a third of that on narrower vectors and by default.
tests test     env ADJOINT_LAWS=deep dotnet test -c Release --no-build
# The same tests on narrower vectors. EnableAVX2 takes AVX-512 with it.
tests test-256 env DOTNET_EnableAVX512=0 dotnet test -c Release --no-build
tests test-128 env DOTNET_EnableAVX2=0 dotnet test -c Release --no-build

step tour      dotnet run -c Release --no-build --project samples/Tour -- --out artifacts/tour
step transforms dotnet run -c Release --no-build --project samples/Transforms -- --out artifacts/transforms
step finance   dotnet run -c Release --no-build --project samples/Finance
# Trainings as a user would write them, one file each.
step digits-conv dotnet run -c Release --no-build --project samples/DigitsConvolution -- 12 artifacts/digits
step characters dotnet run -c Release --no-build --project samples/CharacterModel -- 12 artifacts/characters
step service   dotnet run -c Release --no-build --project samples/TabularService
step inference dotnet run -c Release --no-build --project samples/InferenceServer
step linear-algebra dotnet run -c Release --no-build --project samples/LinearAlgebra -- --out artifacts/linear-algebra
# What newcomers write first, in the three languages of .NET.
step first-hour dotnet run -c Release --no-build --project samples/FirstHour
step f-sharp   dotnet run -c Release --no-build --project samples/FirstHour/FSharp
step visual-basic dotnet run -c Release --no-build --project samples/FirstHour/VB
# Arrays that NumPy saved, and a curve through them.
step npz-fit   dotnet run -c Release --no-build --project samples/NpzFit
# PyTorch's file, fine-tuned, as safetensors and as an ONNX model, which ONNX Runtime runs.
step exchange  dotnet run -c Release --no-build --project samples/Exchange
# One operator in each family by public means, with the laws that users have.
step operators dotnet run -c Release --no-build --project samples/Operators
# The derivatives of ADBench's objectives against its reference, and what else has a closed form; nothing is timed.
step objectives dotnet run -c Release --no-build --project bench -- --check

# Every function of GradBench's twelve evaluations, asked over its protocol.
step gradbench dotnet run -c Release --no-build --project tools/gradbench -- --check

# Without a word about the processor, native code keeps to 128-bit vectors; with x86-64-v3 it has 256 bits and FMA.
step aot       bash -c 'native aot'
if grep -qw avx2 /proc/cpuinfo 2>/dev/null; then
  step aot-v3  bash -c 'native aot-v3 -p:IlcInstructionSet=x86-64-v3'
fi

step aot-size  bash -c 'operator_size'

# Random calls of everything public; more of them by hand, see CONTRIBUTING.md.
step fuzz      dotnet run -c Release --no-build --project tests/Adjoint.Fuzz -- --calls 30000 --seed 20261127

# Broken files for each reader, and processes that are killed while they save; more of both by hand.
step file-fuzz dotnet run -c Release --no-build --project tests/Adjoint.FileTrials -- fuzz --inputs 20000
step file-kill dotnet run -c Release --no-build --project tests/Adjoint.FileTrials -- kill --times 42

step pack      dotnet pack -c Release --no-build -o artifacts/packages
# A service as "dotnet new" makes it, from the packages.
step template  bash eng/template.sh
step format    dotnet format whitespace --verify-no-changes --no-restore
# Last, because it compiles src/ again with the comparison on (a changed switch alone would not make MSBuild do so). Only
# once there is a text to compare with: the first run of eng/public-api.sh turns it on.
if [ -f src/Adjoint/PublicAPI.Unshipped.txt ]; then
  # The other analyzers have had their say in the build above.
  step public-api bash -c 'for project in src/Adjoint src/Adjoint.NN src/Adjoint.Onnx src/Adjoint.Laws; do
    dotnet build --no-incremental --no-dependencies -c Release -clp:NoSummary $project -p:PublicApiCheck=true \
      -p:EnableNETAnalyzers=false -p:EnforceCodeStyleInBuild=false || exit
  done'
fi

finish
