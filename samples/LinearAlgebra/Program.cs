// Three samples of differentiable linear algebra, one file each; every one compares what it computes with numbers from elsewhere.
//
//   dotnet run -c Release --project samples/LinearAlgebra                          all of them
//   dotnet run -c Release --project samples/LinearAlgebra -- kalman basket         some
//   dotnet run -c Release --project samples/LinearAlgebra -- gaussian --out DIR    with the folder for the plot
using System.Globalization;
using LinearAlgebra;
using Transforms;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var folder = ".";
var wanted = new List<string>();
for (var i = 0; i < args.Length; i++)
{
    if (args[i] == "--out" && i + 1 < args.Length)
    {
        folder = args[++i];
    }
    else
    {
        wanted.Add(args[i]);
    }
}

Dictionary<string, Action<Checks>> samples = new()
{
    ["gaussian"] = checks => GaussianProcess.Run(checks, folder),
    ["kalman"] = KalmanFilter.Run,
    ["basket"] = BasketOption.Run,
};
if (wanted.Find(name => !samples.ContainsKey(name)) is { } unknown)
{
    Console.Error.WriteLine($"linear algebra: there is no sample '{unknown}'; there are {string.Join(", ", samples.Keys)}");
    return 2;
}

var all = new Checks();
foreach (var (name, run) in samples)
{
    if (wanted.Count == 0 || wanted.Contains(name))
    {
        Console.WriteLine($"== {name}");
        run(all);
        Console.WriteLine();
    }
}

Console.WriteLine(all);
return all.Failed == 0 ? 0 : 1;
