# The commands of this repository, for those who have `just`. Each line works by hand as well.

# What the build server checks.
check *steps:
    bash eng/check.sh {{steps}}

# All tests.
test:
    dotnet test -c Release

# The tour of the library.
tour *options:
    dotnet run -c Release --project samples/Tour -- {{options}}

# Measurements; `just bench --list` names them.
bench *options:
    dotnet run -c Release --project bench -- {{options}}

# Bring the sources into shape.
format:
    dotnet format whitespace

# Write the text of the public interface anew.
public-api:
    bash eng/public-api.sh
