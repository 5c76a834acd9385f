namespace Adjoint.Tests.Laws;

/// <summary>Given values in memory that is not row-major, in one of the forms of <see cref="Adjoint.Laws.Strided"/>.</summary>
internal static class Strided
{
    /// <summary>The values, or some of them repeated, under other strides; chosen at random.</summary>
    public static Tensor Of(Tensor x, Draw draw)
    {
        if (x.Rank == 0)
        {
            return Adjoint.Laws.Strided.Stepped(x.Reshape(1), 0).Select(0, 0).Detach();
        }

        return draw.Number(0, 4) switch
        {
            0 => Permuted(x, draw.Order(x.Rank)),
            1 => Adjoint.Laws.Strided.Stepped(x, draw.Number(0, x.Rank - 1)),
            2 => Adjoint.Laws.Strided.Repeated(x, draw.Number(0, x.Rank - 1)),
            3 => Adjoint.Laws.Strided.Stepped(Permuted(x, draw.Order(x.Rank)), draw.Number(0, x.Rank - 1)),
            _ => Permuted(Adjoint.Laws.Strided.Stepped(x, draw.Number(0, x.Rank - 1)), draw.Order(x.Rank)),
        };
    }

    /// <summary>The same values, in memory in another order of dimensions.</summary>
    public static Tensor Permuted(Tensor x, int[] order) => Adjoint.Laws.Strided.Permuted(x, order);
}
