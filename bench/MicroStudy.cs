using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace Adjoint.Bench;

/// <summary>Our side of rows under BenchmarkDotNet, in this process: error bars and allocation of one small piece of work.</summary>
[MemoryDiagnoser]
public class MicroStudy
{
    private static IReadOnlyList<string> s_names = [];
    private Row? _row;

    /// <summary>The rows to study.</summary>
    public static IEnumerable<string> Names => s_names;

    /// <summary>The row under study.</summary>
    [ParamsSource(nameof(Names))]
    public string Name { get; set; } = string.Empty;

    /// <summary>Studies rows and prints BenchmarkDotNet's table.</summary>
    public static void Run(IReadOnlyList<string> names)
    {
        s_names = names;
        BenchmarkRunner.Run<MicroStudy>(
            DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance)));
    }

    /// <summary>Makes the row.</summary>
    [GlobalSetup]
    public void Prepare() => _row = new RowTable(peer: null).Make(Name);

    /// <summary>One call.</summary>
    [Benchmark]
    public void Ours() => _row!.Ours();
}
