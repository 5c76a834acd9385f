// GradBench's protocol over standard input and output: one JSON object a line, one answer a line.
//
//   dotnet run -c Release --project tools/gradbench             answers messages until the input ends
//   dotnet run -c Release --project tools/gradbench -- --check  asks itself and compares; exit code 1 if one is wrong
using System.Globalization;
using System.Text;
using Adjoint.GradBench;
using Adjoint.GradBench.Checks;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
switch (args)
{
    case []:
        using (var input = new StreamReader(Console.OpenStandardInput(), new UTF8Encoding(false)))
        using (var output = Console.OpenStandardOutput())
        {
            Session.Run(input, output);
            return 0;
        }

    case ["--check"]:
        return Check.Run();
    default:
        Console.Error.WriteLine("usage: gradbench [--check]");
        return 2;
}
