using System.Runtime.Intrinsics;

namespace Adjoint.Algebra;

/// <summary>Work that is written once for registers of every width.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal interface IWidthJob<T>
    where T : unmanaged
{
    /// <summary>Does the work with registers <typeparamref name="R"/>.</summary>
    void Run<R, G>()
        where R : struct
        where G : struct, IRegister<T, R>;
}

/// <summary>The one place where the width of registers is chosen. The compiler sees a constant, so other widths cost nothing.</summary>
internal static class Width
{
    /// <summary>Runs a job with the widest registers that the processor has. Where it has none, .NET computes 128 bits in software.</summary>
    public static void Run<J, T>(ref J job)
        where J : struct, IWidthJob<T>, allows ref struct
        where T : unmanaged
    {
        if (Vector512.IsHardwareAccelerated)
        {
            job.Run<Vector512<T>, Register512<T>>();
        }
        else
        {
            RunUpTo256<J, T>(ref job);
        }
    }

    /// <summary>The same with at most 256 bits, where wider ones are no quicker.</summary>
    public static void RunUpTo256<J, T>(ref J job)
        where J : struct, IWidthJob<T>, allows ref struct
        where T : unmanaged
    {
        if (Vector256.IsHardwareAccelerated)
        {
            job.Run<Vector256<T>, Register256<T>>();
        }
        else
        {
            job.Run<Vector128<T>, Register128<T>>();
        }
    }
}
