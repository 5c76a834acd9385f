using Adjoint.Families;

namespace Adjoint;

/// <summary>The p-norms of the differences between each row of a matrix and each later one: the upper triangle of <see cref="Cdist"/>.</summary>
internal readonly record struct Pdist(double P) : IFused
{
    public int Differentiable => 1;

    public Reads Reads(Places wanted) => wanted[0] ? new Reads(Places.Of(0), Result: true) : default;

    public TensorType Infer(TensorType?[] inputs)
    {
        var rows = (long)inputs[0]!.Value.Layout.Sizes[0];
        return inputs[0]!.Value.With(Shape.Dimension(rows * Math.Max(0, rows - 1) / 2, "the pairs of Pdist"));
    }

    public Tensor Compose(Tensor?[] inputs)
    {
        var x = inputs[0]!;
        var rows = x.Layout.Sizes[0];
        return new Cdist(P).Compose([x, x]).Reshape(-1).Gather(0, Upper(rows));
    }

    public Tensor Apply(Tensor?[] inputs, out Tensor?[] made)
    {
        var x = inputs[0]!;
        var all = new Cdist(P).Apply([x, x], out made);
        return new TakeAlong(0, KeepDim: true).Apply(all.Reshape(-1), Upper(x.Layout.Sizes[0]));
    }

    public Tensor?[] Pull(Tensor g, in Remembered saved)
    {
        if (!saved.Wanted[0])
        {
            return [null];
        }

        var both = new Cdist(P).Pull(Square(g, saved), Doubled(saved, Square(saved.Result!, saved)));
        return [both[0]! + both[1]!];
    }

    public Tensor?[] PullFused(Tensor g, in Remembered saved)
    {
        if (!saved.Wanted[0])
        {
            return [null];
        }

        var both = new Cdist(P).PullFused(Square(g, saved), Doubled(saved, Square(Op.SavedIn(saved.Result, g).Detach(), saved)));
        return [both[0]! + both[1]!];
    }

    private static Remembered Doubled(in Remembered saved, Tensor result) => new(
        [saved.Layouts[0], saved.Layouts[0]], [saved.Inputs[0], saved.Inputs[0]], result, Places.Of(0, 1));

    /// <summary>What belongs to pairs in a square matrix, zeros elsewhere: equal rows give no gradient.</summary>
    private static Tensor Square(Tensor x, in Remembered saved)
    {
        var rows = saved.Layouts[0]!.Sizes[0];
        var all = Shape.Dimension((long)rows * rows, "the square of Pdist");
        return Op.Indexed(new PutAlong(0, [all], AlongCall.Gather), x, Upper(rows)).Reshape(rows, rows);
    }

    /// <summary>The places above the diagonal, row by row.</summary>
    private static Tensor Upper(int rows)
    {
        var places = new long[(long)rows * Math.Max(0, rows - 1) / 2];
        var next = 0;
        for (long i = 0; i < rows; i++)
        {
            for (var j = i + 1; j < rows; j++)
            {
                places[next++] = (i * rows) + j;
            }
        }

        return Tensor.FromArray(places, [places.Length]);
    }
}

/// <content>Distances of the rows of one matrix.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The p-norms of the differences between each row of a matrix and each later one, N (N - 1) / 2 of them (<c>torch.nn.functional.pdist</c>).
    /// </summary>
    /// <param name="p">The order of the norm; 0 counts the elements that differ.</param>
    /// <exception cref="ShapeException">This is no matrix.</exception>
    /// <exception cref="DTypeException">The numbers are not real.</exception>
    /// <exception cref="ArgumentOutOfRangeException">p is negative.</exception>
    public Tensor Pdist(double p = 2)
    {
        if (Rank != 2)
        {
            throw new ShapeException($"pdist only supports 2D tensors, got: {Rank}D. Its vectors are the rows of a matrix.");
        }

        CheckDistances(this, p, "pdist", "got: ");
        return Op.Fused(new Pdist(p), this);
    }
}
