using System.Globalization;
using System.Runtime;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Adjoint.Kernels;
using Adjoint.Memory;

namespace Adjoint;

/// <summary>What computes: vectors, threads and memory.</summary>
public static class Backend
{
    /// <summary>
    /// The most threads that one operator uses; the number of processors unless set, and never more than 64: a larger number becomes 64. Results do
    /// not depend on it.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to less than 1.</exception>
    public static int MaxThreads
    {
        get => Gemm.MaxThreads;
        set
        {
            Limits.ThrowIfLessThan(value, 1);
            Gemm.MaxThreads = value;
        }
    }

    /// <summary>The width in bits of the vectors that loops use: 512, 256 or 128; 64 where the processor has none.</summary>
    public static int VectorBits =>
        Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 64;

    /// <summary>The pool's numbers now.</summary>
    public static MemoryStatistics Memory => BlockPool.Statistics;

    /// <summary>Gives the memory that is kept for reuse back to the system, after a collection.</summary>
    public static void Trim()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        BlockPool.Trim();
    }

    /// <summary>Versions, vector width, threads and memory as text, a line for each:
    /// what to put into a report of an error or of a measurement.</summary>
    /// <example><code>Console.WriteLine(Backend.Describe());</code></example>
    public static string Describe()
    {
        var version = typeof(Backend).Assembly.GetName().Version?.ToString(3);
        var code = HasCompiler ? "compiled at run time" : "native code";
        var memory = Memory;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            Adjoint {version}, {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier}, {code}
            vectors: {VectorBits} bits ({Instructions()})
            threads: at most {MaxThreads} on {Environment.ProcessorCount} processors
            memory: {Megabytes(memory.LiveBytes)} MB held, {Megabytes(memory.FreeBytes)} MB kept for reuse, at most {Megabytes(memory.PeakBytes)} MB held at once, {memory.Collections} collections asked for
            """);
    }

    /// <summary>Whether there is a JIT. It has compiled this by now; RuntimeFeature only repeats a switch, which file-based programs set.</summary>
    private static bool HasCompiler => JitInfo.GetCompiledMethodCount() > 0;

    private static string Instructions() => RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.X86
        ? (System.Runtime.Intrinsics.X86.Avx512F.IsSupported, System.Runtime.Intrinsics.X86.Avx2.IsSupported) switch
        {
            (true, _) => "AVX-512",
            (_, true) => "AVX2",
            _ => "SSE",
        }
        : RuntimeInformation.ProcessArchitecture.ToString();

    private static string Megabytes(long bytes) => (bytes / 1e6).ToString("F1", CultureInfo.InvariantCulture);
}
