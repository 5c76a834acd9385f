// Five valuations and their sensitivities, one file each: plain C# over tensors, differentiated as it stands. Every one compares what it computes
// with numbers from elsewhere.
//
//   dotnet run -c Release --project samples/Finance            all of them
//   dotnet run -c Release --project samples/Finance -- libor   some
using System.Globalization;
using Finance;
using Transforms;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
Dictionary<string, Action<Checks>> samples = new()
{
    ["black-scholes"] = BlackScholes.Run,
    ["libor"] = Libor.Run,
    ["heston"] = Heston.Run,
    ["sabr"] = Sabr.Run,
    ["cva"] = Cva.Run,
};
if (Array.Find(args, name => !samples.ContainsKey(name)) is { } unknown)
{
    Console.Error.WriteLine($"finance: there is no sample '{unknown}'; there are {string.Join(", ", samples.Keys)}");
    return 2;
}

var all = new Checks();
foreach (var (name, run) in samples)
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
