using System.Globalization;
using Adjoint.Algebra;
using Adjoint.Families;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>Which product an <see cref="AddProduct"/> adds, called like its method.</summary>
internal enum AddProductKind
{
    /// <summary>A matrix times a matrix.</summary>
    Addmm,

    /// <summary>A matrix times a vector.</summary>
    Addmv,

    /// <summary>A column times a row.</summary>
    Addr,

    /// <summary>The sum of matrices times matrices.</summary>
    Addbmm,

    /// <summary>Matrices times matrices, one by one.</summary>
    Baddbmm,
}

/// <summary>beta * c + alpha * (a times b). With a beta of 0 nothing is read of c, not even NaN.</summary>
internal readonly record struct AddProduct(AddProductKind Kind, double Beta, double Alpha) : IFused
{
    public string Called => Kind.ToString();

    public string GradName => Kind + "Backward0";

    public int Differentiable => 3;

    internal AddProductKind Kind { get; init; } = Kind;

    public Reads Reads(Places wanted) => new((wanted[1] ? Places.Of(2) : default) | (wanted[2] ? Places.Of(1) : default));

    public TensorType Infer(TensorType?[] inputs)
    {
        var (a, b) = (inputs[1]!.Value, inputs[2]!.Value);
        return a.With(Sizes(a.Layout.Sizes, b.Layout.Sizes));
    }

    public Tensor Compose(Tensor?[] inputs)
    {
        var product = Times(Multiplied(inputs[1]!, inputs[2]!), Alpha);
        return Beta == 0 ? product : product.Add(inputs[0]!, Beta);
    }

    public Tensor Apply(Tensor?[] inputs, out Tensor?[] made)
    {
        made = [];
        var (c, a, b) = (inputs[0]!.Detach(), inputs[1]!.Detach(), inputs[2]!.Detach());
        if (Alpha == 1 && Beta == 1)
        {
            switch (Kind)
            {
                case AddProductKind.Addmm:
                    return default(Mm).Apply(a, b, c);
                case AddProductKind.Addmv:
                    return default(Mv).Apply(a, b, c);
                case AddProductKind.Baddbmm:
                    return default(Bmm).Apply(a, b, c);
            }
        }

        var product = Multiplied(a, b);
        if (Beta == 0)
        {
            return Times(product, Alpha);
        }

        Op.Run(new Blend(Beta, Alpha), product, c, product, null, null);
        return product;
    }

    public Tensor?[] Pull(Tensor g, in Remembered saved)
    {
        var scaled = Times(g, Alpha);
        return
        [
            saved.Wanted[0] ? Times(g, Beta).SumToSize(saved.Layouts[0]!.Sizes) : null,
            saved.Wanted[1] ? OfLeft(scaled, saved.Inputs[2]!, saved.Layouts[1]!.Sizes) : null,
            saved.Wanted[2] ? OfRight(scaled, saved.Inputs[1]!) : null,
        ];
    }

    /// <summary>The sizes of the product.</summary>
    public int[] Sizes(ReadOnlySpan<int> a, ReadOnlySpan<int> b) => Kind switch
    {
        AddProductKind.Addmm => [a[0], b[1]],
        AddProductKind.Addmv => [a[0]],
        AddProductKind.Addr => [a[0], b[0]],
        AddProductKind.Addbmm => [a[1], b[2]],
        _ => [a[0], a[1], b[2]],
    };

    private Tensor Multiplied(Tensor a, Tensor b)
    {
        switch (Kind)
        {
            case AddProductKind.Addmm:
                return a.Mm(b);
            case AddProductKind.Addmv:
                return a.Mv(b);
            case AddProductKind.Addr:
                return a.Unsqueeze(1) * b.Unsqueeze(0);
            case AddProductKind.Baddbmm:
                return a.Bmm(b);
            default:
                // The sum of products is one product of longer rows and columns.
                var (left, right) = (a.Layout.Sizes, b.Layout.Sizes);
                var depth = Shape.Dimension((long)left[0] * left[2], "the batch of Addbmm");
                return a.Transpose(0, 1).Reshape(left[1], depth).Mm(b.Reshape(depth, right[2]));
        }
    }

    private Tensor OfLeft(Tensor g, Tensor b, int[] sizes) => Kind switch
    {
        AddProductKind.Addmm => g.Mm(b.Transpose()),
        AddProductKind.Addmv => g.Unsqueeze(1) * b.Unsqueeze(0),
        AddProductKind.Addr => g.Mv(b),
        AddProductKind.Addbmm => g.Expand([sizes[0], .. g.Layout.Sizes]).Bmm(b.Transpose(1, 2)),
        _ => g.Bmm(b.Transpose(1, 2)),
    };

    private Tensor OfRight(Tensor g, Tensor a) => Kind switch
    {
        AddProductKind.Addmm => a.Transpose().Mm(g),
        AddProductKind.Addmv => a.Transpose().Mv(g),
        AddProductKind.Addr => g.Transpose().Mv(a),
        AddProductKind.Addbmm => a.Transpose(1, 2).Bmm(g.Expand([a.Layout.Sizes[0], .. g.Layout.Sizes])),
        _ => a.Transpose(1, 2).Bmm(g),
    };

    private static Tensor Times(Tensor x, double factor) => factor == 1 ? x : x.DType.IsFloatingPoint ? x * factor : x * (long)factor;

    /// <summary>beta * x + alpha * y as a loop body.</summary>
    private readonly struct Blend(double beta, double alpha) : IBody
    {
        public static int Arity => 2;

        public static Elements Elements => Elements.Numbers;

        public V F<V>(V a, V b, V c, V d)
            where V : struct, IReal<V> => (a * V.Of(beta)) + (b * V.Of(alpha));

        public V I<V>(V a, V b, V c, V d)
            where V : struct, IRing<V> => (a * V.Of(beta)) + (b * V.Of(alpha));
    }
}

/// <content>Products that are added to a tensor.</content>
public sealed partial class Tensor
{
    /// <summary>beta * x + alpha * (mat1 times mat2), where x broadcasts to the product of matrices (<c>torch.addmm</c>).</summary>
    /// <param name="mat1">The left matrix.</param>
    /// <param name="mat2">The right matrix.</param>
    /// <param name="beta">The factor of this tensor; with 0 nothing of it is read.</param>
    /// <param name="alpha">The factor of the product.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The dtypes differ or are bool, or a factor is a fraction and numbers are whole.</exception>
    public Tensor Addmm(Tensor mat1, Tensor mat2, double beta = 1, double alpha = 1)
    {
        ArgumentNullException.ThrowIfNull(mat1);
        ArgumentNullException.ThrowIfNull(mat2);
        AddProductArguments.Ranks(AddProductKind.Addmm, mat1, mat2);
        ContractionArguments.CheckMm(mat1, mat2);
        return AddProductArguments.Run(new(AddProductKind.Addmm, beta, alpha), this, mat1, mat2);
    }

    /// <summary><see cref="Addmm"/>, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view.</exception>
    public Tensor Addmm_(Tensor mat1, Tensor mat2, double beta = 1, double alpha = 1) => Copy_(Addmm(mat1, mat2, beta, alpha));

    /// <summary>beta * x + alpha * (mat times vec), where x broadcasts to the vector (<c>torch.addmv</c>).</summary>
    /// <param name="mat">The matrix.</param>
    /// <param name="vec">The vector.</param>
    /// <param name="beta">The factor of this tensor; with 0 nothing of it is read.</param>
    /// <param name="alpha">The factor of the product.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The dtypes differ or are bool, or a factor is a fraction and numbers are whole.</exception>
    public Tensor Addmv(Tensor mat, Tensor vec, double beta = 1, double alpha = 1)
    {
        ArgumentNullException.ThrowIfNull(mat);
        ArgumentNullException.ThrowIfNull(vec);
        AddProductArguments.Ranks(AddProductKind.Addmv, mat, vec);
        ContractionArguments.CheckMv(mat, vec);
        return AddProductArguments.Run(new(AddProductKind.Addmv, beta, alpha), this, mat, vec);
    }

    /// <summary><see cref="Addmv"/>, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view.</exception>
    public Tensor Addmv_(Tensor mat, Tensor vec, double beta = 1, double alpha = 1) => Copy_(Addmv(mat, vec, beta, alpha));

    /// <summary>beta * x + alpha * (vec1 times vec2), where x broadcasts to the matrix of all products (<c>torch.addr</c>).</summary>
    /// <param name="vec1">A number for each row.</param>
    /// <param name="vec2">A number for each column.</param>
    /// <param name="beta">The factor of this tensor; with 0 nothing of it is read.</param>
    /// <param name="alpha">The factor of the product.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The dtypes differ or are bool, or a factor is a fraction and numbers are whole.</exception>
    public Tensor Addr(Tensor vec1, Tensor vec2, double beta = 1, double alpha = 1)
    {
        ArgumentNullException.ThrowIfNull(vec1);
        ArgumentNullException.ThrowIfNull(vec2);
        AddProductArguments.Ranks(AddProductKind.Addr, vec1, vec2);
        return AddProductArguments.Run(new(AddProductKind.Addr, beta, alpha), this, vec1, vec2);
    }

    /// <summary><see cref="Addr"/>, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view.</exception>
    public Tensor Addr_(Tensor vec1, Tensor vec2, double beta = 1, double alpha = 1) => Copy_(Addr(vec1, vec2, beta, alpha));

    /// <summary>
    /// beta * x + alpha * (the sum of batch1 times batch2 over the batch), where x broadcasts to the product of matrices (<c>torch.addbmm</c>).
    /// </summary>
    /// <param name="batch1">The left matrices.</param>
    /// <param name="batch2">The right matrices.</param>
    /// <param name="beta">The factor of this tensor; with 0 nothing of it is read.</param>
    /// <param name="alpha">The factor of the product.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The dtypes differ or are bool, or a factor is a fraction and numbers are whole.</exception>
    public Tensor Addbmm(Tensor batch1, Tensor batch2, double beta = 1, double alpha = 1)
    {
        ArgumentNullException.ThrowIfNull(batch1);
        ArgumentNullException.ThrowIfNull(batch2);
        ContractionArguments.CheckBmm(batch1, batch2);
        return AddProductArguments.Run(new(AddProductKind.Addbmm, beta, alpha), this, batch1, batch2);
    }

    /// <summary><see cref="Addbmm"/>, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view.</exception>
    public Tensor Addbmm_(Tensor batch1, Tensor batch2, double beta = 1, double alpha = 1) => Copy_(Addbmm(batch1, batch2, beta, alpha));

    /// <summary>beta * x + alpha * (batch1 times batch2), where x broadcasts to the products of matrices (<c>torch.baddbmm</c>).</summary>
    /// <param name="batch1">The left matrices.</param>
    /// <param name="batch2">The right matrices.</param>
    /// <param name="beta">The factor of this tensor; with 0 nothing of it is read.</param>
    /// <param name="alpha">The factor of the product.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The dtypes differ or are bool, or a factor is a fraction and numbers are whole.</exception>
    public Tensor Baddbmm(Tensor batch1, Tensor batch2, double beta = 1, double alpha = 1)
    {
        ArgumentNullException.ThrowIfNull(batch1);
        ArgumentNullException.ThrowIfNull(batch2);
        ContractionArguments.CheckBmm(batch1, batch2);
        return AddProductArguments.Run(new(AddProductKind.Baddbmm, beta, alpha), this, batch1, batch2);
    }

    /// <summary><see cref="Baddbmm"/>, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view.</exception>
    public Tensor Baddbmm_(Tensor batch1, Tensor batch2, double beta = 1, double alpha = 1) => Copy_(Baddbmm(batch1, batch2, beta, alpha));
}

/// <summary>What an <see cref="AddProduct"/> asks of its arguments.</summary>
internal static class AddProductArguments
{
    /// <summary>Refuses operands with another number of dimensions, in the words of the product.</summary>
    public static void Ranks(AddProductKind kind, Tensor left, Tensor right)
    {
        var sentence = kind switch
        {
            AddProductKind.Addmm when left.Rank != 2 => $"mat1 must be a matrix, got {left.Rank}-D tensor",
            AddProductKind.Addmm when right.Rank != 2 => $"mat2 must be a matrix, got {right.Rank}-D tensor",
            AddProductKind.Addmv when left.Rank != 2 || right.Rank != 1 => $"vector + matrix @ vector expected, got 1, {left.Rank}, {right.Rank}",
            AddProductKind.Addr when left.Rank != 1 => $"addr: Expected 1-D argument vec1, but got {left.Rank}-D",
            AddProductKind.Addr when right.Rank != 1 => $"addr: Expected 1-D argument vec2, but got {right.Rank}-D",
            _ => null,
        };
        if (sentence is not null)
        {
            throw new ShapeException($"{sentence}. Shapes: {Shape.Text(left.Layout.Sizes)} and {Shape.Text(right.Layout.Sizes)}.");
        }
    }

    public static Tensor Run(AddProduct op, Tensor addend, Tensor left, Tensor right)
    {
        if (left.DType != right.DType)
        {
            throw ContractionArguments.Mixed($"expected both operands to have the same dtype, but got {left.DType.ScalarName} and " +
                $"{right.DType.ScalarName}", left, right);
        }

        if (addend.DType != left.DType && !addend.IsNumber)
        {
            throw ContractionArguments.Mixed(
                $"self and mat2 must have the same dtype, but got {addend.DType.ScalarName} and {right.DType.ScalarName}", addend, right);
        }

        if (left.DType == DType.Bool)
        {
            throw new DTypeException($"\"{op.Called.ToLowerInvariant()}\" not implemented for 'Bool'. Convert the tensors first, for example " +
                $"with To(DType.Int64).");
        }

        foreach (var (factor, name) in new[] { (op.Beta, "beta"), (op.Alpha, "alpha") })
        {
            if (!left.DType.IsFloatingPoint && factor != Math.Truncate(factor))
            {
                throw new DTypeException(string.Create(
                    CultureInfo.InvariantCulture, $"For integral input tensors, argument {name} must not be a floating point number. Got: {factor}"));
            }
        }

        var sizes = op.Sizes(left.Layout.Sizes, right.Layout.Sizes);
        if (!addend.Layout.Sizes.AsSpan().SequenceEqual(sizes))
        {
            // Refuses what does not broadcast; the operator broadcasts by itself.
            _ = addend.Detach().Expand(sizes);
        }

        return Op.Fused(op, addend.To(left.DType), left, right);
    }
}
