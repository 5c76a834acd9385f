using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Adjoint.Bench;

/// <summary>
/// Programs in C++, written from the formulas: what a processor can do when somebody differentiates by hand and compiles ahead of time. They are
/// built when they are asked for, into a library that this process loads, so that both sides take turns in one process.
/// </summary>
public sealed unsafe class NativePeer : IDisposable
{
    private readonly nint _library;

    /// <summary>Builds and loads them.</summary>
    /// <exception cref="UsageException">There is no g++, it refuses them, or the sources are not above this program.</exception>
    public NativePeer()
    {
        var sources = Directory.GetFiles(Find(), "*.cpp");
        Array.Sort(sources, StringComparer.Ordinal);
        var library = Path.Combine(Directory.CreateTempSubdirectory("adjoint-native-").FullName, "native.so");

        // The options let the compiler call vector forms of exp and its like, which is most of what these programs do.
        string[] options = ["-O3", "-march=native", "-ffast-math", "-fopenmp-simd", "-fPIC", "-shared", "-o", library];
        var start = new ProcessStartInfo("g++", [.. options, .. sources, "-lmvec", "-lm"]) { RedirectStandardError = true };
        try
        {
            using var compiler = Process.Start(start)!;
            var words = compiler.StandardError.ReadToEnd();
            compiler.WaitForExit();
            if (compiler.ExitCode != 0)
            {
                throw new UsageException($"g++ does not build the native peers: {words.Trim()}");
            }
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw new UsageException("--peer native needs g++, and there is none on the path");
        }

        _library = NativeLibrary.Load(library);
        Chain32 = (delegate* unmanaged<nuint, float*, float*, double>)NativeLibrary.GetExport(_library, "chain_f32");
        Chain64 = (delegate* unmanaged<nuint, double*, double*, double>)NativeLibrary.GetExport(_library, "chain_f64");
        BlackScholes = (delegate* unmanaged<nuint, double**, double**, void>)NativeLibrary.GetExport(_library, "black_scholes");
        Lstm = (delegate* unmanaged<int, int, int, double*, double*, double*, double*, double*, double>)NativeLibrary.GetExport(_library, "lstm");
        Libor = (delegate* unmanaged<nuint, double, double*, double*, double*, double*, void>)NativeLibrary.GetExport(_library, "libor");
    }

    /// <summary>Elements, where the gradient goes; returns the value.</summary>
    public delegate* unmanaged<nuint, float*, float*, double> Chain32 { get; }

    /// <summary>The same in float64.</summary>
    public delegate* unmanaged<nuint, double*, double*, double> Chain64 { get; }

    /// <summary>Spots, times, volatilities, rates and strikes; prices and derivatives by the first four.</summary>
    public delegate* unmanaged<nuint, double**, double**, void> BlackScholes { get; }

    /// <summary>Paths, period, forward rates, volatilities, normal numbers by paths; price and its derivatives.</summary>
    public delegate* unmanaged<nuint, double, double*, double*, double*, double*, void> Libor { get; }

    /// <summary>Layers, characters, bits; parameters of layers, the others, state, sequence; the gradient. Returns the loss.</summary>
    public delegate* unmanaged<int, int, int, double*, double*, double*, double*, double*, double> Lstm { get; }

    public void Dispose() => NativeLibrary.Free(_library);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var sources = Path.Combine(folder.FullName, "Native");
            if (Directory.Exists(sources) && Directory.GetFiles(sources, "*.cpp").Length > 0)
            {
                return sources;
            }
        }

        throw new UsageException(
            $"the sources of the native peers are not above {AppContext.BaseDirectory}: run from the repository, with dotnet run");
    }
}

/// <summary>A row's work in C++.</summary>
/// <param name="run">The work, once.</param>
/// <param name="results">What <see cref="Row.Results"/> should give.</param>
public sealed class NativeRow(Action run, Func<double[][]> results) : PeerRow
{
    public override void Run() => run();

    public override double[][] Results() => results();
}
