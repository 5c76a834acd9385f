using System.Numerics;
using Adjoint.Algebra;

namespace Adjoint.Kernels;

/// <summary>Work that is written once for every register tile.</summary>
internal interface ITileJob<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Does the work with a tile.</summary>
    void Run<TTile>()
        where TTile : struct, ITile<T>;
}

/// <summary>The register tile of the processor: fourteen rows where there are thirty-two registers, six where there are sixteen.</summary>
internal static class GemmTiles
{
    /// <summary>Runs a job with that tile.</summary>
    public static void Run<J, T>(ref J job)
        where J : struct, ITileJob<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var choice = new Choice<J, T> { Job = job };
        Width.Run<Choice<J, T>, T>(ref choice);
    }

    private struct Choice<J, T> : IWidthJob<T>
        where J : struct, ITileJob<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public J Job;

        public void Run<R, G>()
            where R : struct
            where G : struct, IRegister<T, R>
        {
            if (G.AreMany)
            {
                Job.Run<Tile14<T, R, G>>();
            }
            else
            {
                Job.Run<Tile6<T, R, G>>();
            }
        }
    }
}
