// What somebody writes in the first hour who knows PyTorch and C# but not this library, one file a program. Every one compares
// what it computes with numbers from elsewhere.
//
//   dotnet run -c Release --project samples/FirstHour                     all of them
//   dotnet run -c Release --project samples/FirstHour -- blitz greeks     some
using System.Globalization;
using FirstHour;
using Transforms;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

Dictionary<string, Action<Checks>> programs = new()
{
    ["tensors"] = BlitzTensors.Run,
    ["autograd"] = BlitzAutograd.Run,
    ["network"] = BlitzNetwork.Run,
    ["training"] = BlitzTraining.Run,
    ["polynomial"] = SinPolynomial.Run,
    ["data"] = DataManipulation.Run,
    ["algebra"] = LinearAlgebra.Run,
    ["calculus"] = Calculus.Run,
    ["regression"] = LinearRegression.Run,
    ["softmax"] = SoftmaxRegression.Run,
    ["greeks"] = Greeks.Run,
    ["curve-fit"] = CurveFit.Run,
};
if (args.FirstOrDefault(name => !programs.ContainsKey(name)) is { } unknown)
{
    Console.Error.WriteLine($"first hour: there is no program '{unknown}'; there are {string.Join(", ", programs.Keys)}");
    return 2;
}

var all = new Checks();
foreach (var (name, run) in programs)
{
    if (args.Length == 0 || args.Contains(name))
    {
        Console.WriteLine($"== {name}");
        run(all);
        Console.WriteLine();
    }
}

Console.WriteLine(all);
return all.Failed == 0 ? 0 : 1;
