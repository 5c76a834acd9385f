using Adjoint.Algebra;
using Adjoint.Families;
using Adjoint.Gate;
using Adjoint.Interpreters;
using Adjoint.Kernels;
using Adjoint.Tape;

namespace Adjoint;

/// <content>Tensors of random numbers: PyTorch's, bit for bit, from the same seed.</content>
public sealed partial class Tensor
{
    /// <summary>Starts the default generator anew, so that what follows repeats (<c>torch.manual_seed</c>).</summary>
    public static Generator ManualSeed(ulong seed) => Generator.Default.ManualSeed(seed);

    /// <summary>Numbers uniform in [0, 1), in float32.</summary>
    /// <param name="shape">The sizes; none gives a scalar.</param>
    public static Tensor Rand(params ReadOnlySpan<int> shape) => Rand(shape, DType.Float32);

    /// <summary>Numbers uniform in [0, 1).</summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="dtype">A real one; float32 if null.</param>
    /// <param name="generator">Where they come from; the default generator if null.</param>
    /// <exception cref="DTypeException">The dtype is not real.</exception>
    public static Tensor Rand(ReadOnlySpan<int> shape, DType? dtype, Generator? generator = null) =>
        Nesting.Random(shape, sizes => RandomFill.Uniform(Tensor.Empty(sizes, dtype), 0, 1, generator));

    /// <summary>Numbers from the standard normal distribution, in float32.</summary>
    /// <param name="shape">The sizes; none gives a scalar.</param>
    public static Tensor Randn(params ReadOnlySpan<int> shape) => Randn(shape, DType.Float32);

    /// <summary>Numbers from the standard normal distribution.</summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="dtype">A real one; float32 if null.</param>
    /// <param name="generator">Where they come from; the default generator if null.</param>
    /// <exception cref="DTypeException">The dtype is not real.</exception>
    public static Tensor Randn(ReadOnlySpan<int> shape, DType? dtype, Generator? generator = null) =>
        Nesting.Random(shape, sizes => RandomFill.Normal(Tensor.Empty(sizes, dtype), 0, 1, generator));

    /// <summary>Whole numbers uniform in [low, high).</summary>
    /// <param name="low">The smallest.</param>
    /// <param name="high">Above the largest.</param>
    /// <param name="shape">The sizes.</param>
    /// <param name="dtype">The element type; int64 if null.</param>
    /// <param name="generator">Where they come from; the default generator if null.</param>
    /// <exception cref="TensorException">The range is empty or does not fit the dtype.</exception>
    public static Tensor Randint(
        long low, long high, ReadOnlySpan<int> shape, DType? dtype = null, Generator? generator = null) =>
        Nesting.Random(shape, sizes => RandomFill.Integers(Tensor.Empty(sizes, dtype ?? DType.Int64), low, high, generator ?? Generator.Default));

    /// <summary>Whole numbers uniform in [0, high).</summary>
    /// <exception cref="TensorException">The range is empty.</exception>
    public static Tensor Randint(long high, ReadOnlySpan<int> shape) => Randint(0, high, shape);

    /// <summary>The numbers from 0 to <paramref name="n"/> - 1 in random order.</summary>
    /// <param name="n">How many.</param>
    /// <param name="generator">Where the order comes from; the default generator if null.</param>
    /// <exception cref="ShapeException"><paramref name="n"/> is negative.</exception>
    public static Tensor Randperm(int n, Generator? generator = null)
    {
        if (n < 0)
        {
            throw new ShapeException($"Trying to create tensor with negative dimension {n}: [{n}]. n must be non-negative, got {n}.");
        }

        return Nesting.Random([n], sizes =>
        {
            var result = Tensor.Empty(sizes, DType.Int64);
            var rest = RandomFill.Span<long>(result);
            for (; n > 0 && rest.Length > 0; rest = rest[n..])
            {
                Draws.Permutation(generator ?? Generator.Default, rest[..n]);
            }

            return result;
        });
    }

    /// <summary>Numbers uniform in [0, 1) in the shape and, by default, the dtype of another tensor.</summary>
    public static Tensor RandLike(Tensor like, DType? dtype = null)
    {
        ArgumentNullException.ThrowIfNull(like);
        return Tensor.Rand(like.Layout.Sizes, dtype ?? like.DType);
    }

    /// <summary>Standard normal numbers in the shape and, by default, the dtype of another tensor.</summary>
    public static Tensor RandnLike(Tensor like, DType? dtype = null)
    {
        ArgumentNullException.ThrowIfNull(like);
        return Tensor.Randn(like.Layout.Sizes, dtype ?? like.DType);
    }

    /// <summary>Whole numbers uniform in [low, high) in the shape and, by default, the dtype of another tensor (<c>torch.randint_like</c>).</summary>
    /// <param name="like">The tensor.</param>
    /// <param name="low">The smallest.</param>
    /// <param name="high">Above the largest.</param>
    /// <param name="dtype">The element type; the tensor's if null.</param>
    /// <exception cref="TensorException">The range is empty or does not fit the dtype.</exception>
    public static Tensor RandintLike(Tensor like, long low, long high, DType? dtype = null)
    {
        ArgumentNullException.ThrowIfNull(like);
        return Randint(low, high, like.Layout.Sizes, dtype ?? like.DType);
    }

    /// <summary>Whole numbers uniform in [0, high) in the shape and the dtype of another tensor (<c>torch.randint_like</c>).</summary>
    /// <exception cref="TensorException">The range is empty or does not fit the dtype.</exception>
    public static Tensor RandintLike(Tensor like, long high) => RandintLike(like, 0, high);

    /// <summary>1 with the probability that each element of <paramref name="p"/> gives, 0 otherwise, in its dtype.</summary>
    /// <exception cref="TensorException">A probability is not from 0 to 1.</exception>
    /// <exception cref="DTypeException">The dtype is not real.</exception>
    public static Tensor Bernoulli(Tensor p, Generator? generator = null)
    {
        ArgumentNullException.ThrowIfNull(p);
        if (p.Tracer is not null || Nesting.IsDrawnForEach)
        {
            return (Tensor.Rand(p.Layout.Sizes, p.DType, generator) < p).To(p.DType);
        }

        if (p.DType.IsNarrow)
        {
            return Bernoulli(p.Detach().To(p.DType.Compute), generator).To(p.DType);
        }

        var odds = p.Detach().Contiguous();
        var result = Empty(p.Layout.Sizes, p.DType);
        RandomFill.Bernoulli(result, odds, generator ?? Generator.Default);
        return result;
    }

    /// <summary>Overwrites all elements with numbers uniform in [from, to).</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view.</exception>
    public Tensor Uniform_(double from = 0, double to = 1, Generator? generator = null)
    {
        return RandomFill.IsFollowed(this, "uniform_") ? Followed(this, from, to, generator) : RandomFill.Uniform(this, from, to, generator);

        static Tensor Followed(Tensor x, double from, double to, Generator? generator) =>
            RandomFill.Beside(x, fresh => RandomFill.Uniform(fresh, from, to, generator));
    }

    /// <summary>Overwrites all elements with numbers from a normal distribution.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view.</exception>
    public Tensor Normal_(double mean = 0, double std = 1, Generator? generator = null)
    {
        return RandomFill.IsFollowed(this, "normal_") ? Followed(this, mean, std, generator) : RandomFill.Normal(this, mean, std, generator);

        static Tensor Followed(Tensor x, double mean, double std, Generator? generator) =>
            RandomFill.Beside(x, fresh => RandomFill.Normal(fresh, mean, std, generator));
    }

    /// <summary>Overwrites all elements with 1, with probability <paramref name="p"/>, or 0.</summary>
    /// <exception cref="TensorException">The probability is not from 0 to 1.</exception>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view.</exception>
    public Tensor Bernoulli_(double p = 0.5, Generator? generator = null)
    {
        return RandomFill.IsFollowed(this, "bernoulli_") ? Followed(this, p, generator) : RandomFill.Ones(this, p, generator);

        static Tensor Followed(Tensor x, double p, Generator? generator) =>
            RandomFill.Beside(x, fresh => RandomFill.Ones(fresh, p, generator));
    }

    /// <summary>Overwrites all elements with exponentially distributed numbers, whose mean is 1 / <paramref name="rate"/>.</summary>
    /// <exception cref="TensorException">The rate is not positive.</exception>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view.</exception>
    public Tensor Exponential_(double rate = 1, Generator? generator = null)
    {
        return RandomFill.IsFollowed(this, "exponential_") ? Followed(this, rate, generator) : RandomFill.Exponential(this, rate, generator);

        static Tensor Followed(Tensor x, double rate, Generator? generator) =>
            RandomFill.Beside(x, fresh => RandomFill.Exponential(fresh, rate, generator));
    }
}

/// <summary>Fills tensors with random numbers, whatever the layout of their elements.</summary>
internal static class RandomFill
{
    /// <summary>
    /// A new tensor whose elements are 1 / p with probability p, the same for all, or 0, so that their mean is 1;
    /// in <c>Vmap</c> as its randomness says.
    /// </summary>
    public static Tensor Chosen(ReadOnlySpan<int> shape, DType dtype, double p, Generator? generator) =>

        // Divided before a batch makes a stand-in of it, so that this needs no other memory.
        Nesting.Random(shape, sizes => Ones(Tensor.Empty(sizes, dtype), p, generator).Div_(p));

    /// <summary>Whether random numbers that are written over a tensor of the user's have to be drawn beside it, for transforms around.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="name">PyTorch's name of the method.</param>
    public static bool IsFollowed(Tensor x, string name)
    {
        Nesting.ThrowIfRandomRefused(name, x);
        return Rewrite.IsNeeded(x) || Nesting.IsDrawnForEach;
    }

    /// <summary>Overwrites a tensor with random numbers that are drawn beside it.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="fill">Overwrites plain memory.</param>
    public static Tensor Beside(Tensor x, Func<Tensor, Tensor> fill) =>
        x.Copy_(Nesting.Random(x.Layout.Sizes, sizes => fill(Tensor.Empty(sizes, x.DType))));

    public static Tensor Ones(Tensor x, double p, Generator? generator) => Draw(
        x,
        "bernoulli_",
        OverwriteCall.Bernoulli,
        tensor => Draws.Bernoulli(generator ?? Generator.Default, Span<float>(tensor), p),
        tensor => Draws.Bernoulli(generator ?? Generator.Default, Span<double>(tensor), p));

    public static Tensor Uniform(Tensor x, double from, double to, Generator? generator) => Draw(
        x,
        "check_uniform_bounds",
        OverwriteCall.Uniform,
        tensor => Draws.Uniform(generator ?? Generator.Default, Span<float>(tensor), from, to, x.DType.Epsilon),
        tensor => Draws.Uniform(generator ?? Generator.Default, Span<double>(tensor), from, to));

    public static Tensor Exponential(Tensor x, double rate, Generator? generator) => Draw(
        x,
        "exponential_",
        OverwriteCall.Exponential,
        tensor => Draws.Exponential(generator ?? Generator.Default, Span<float>(tensor), rate),
        tensor => Draws.Exponential(generator ?? Generator.Default, Span<double>(tensor), rate));

    public static Tensor Normal(Tensor x, double mean, double std, Generator? generator)
    {
        var source = generator ?? Generator.Default;

        // PyTorch draws one by one where elements do not lie in one piece.
        return x.IsContiguous
            ? Draw(
                x,
                "normal_kernel_cpu",
                OverwriteCall.Normal,
                tensor => Draws.Normal(source, Span<float>(tensor), mean, std),
                tensor => Draws.Normal(source, Span<double>(tensor), mean, std))
            : Draw(
                x,
                "normal_kernel_cpu",
                OverwriteCall.Normal,
                tensor => Draws.NormalOneByOne(source, Span<float>(tensor), mean, std),
                tensor => Draws.NormalOneByOne(source, Span<double>(tensor), mean, std));
    }

    /// <summary>Draws by one probability for each element.</summary>
    public static void Bernoulli(Tensor result, Tensor odds, Generator source) => result.DType.VisitReal(
        new Bernoullis { Result = result, Odds = odds, Source = source }, "bernoulli_tensor_cpu_p_");

    public static Tensor Integers(Tensor result, long low, long high, Generator source)
    {
        if (!result.DType.HasLoops)
        {
            Op.CopyInto(Integers(Op.Fresh(result.Layout, DType.Int64), low, high, source), result);
            return result;
        }

        var job = new WholeNumbers { Result = result, Low = low, High = high, Source = source };
        result.DType.Visit(ref job);
        return result;
    }

    public static Tensor Draw(Tensor x, string kernel, OverwriteCall call, Action<Tensor> single, Action<Tensor> full)
    {
        ArgumentNullException.ThrowIfNull(x);
        Real(x.DType, kernel);
        var recorded = InPlace.Begin(x, x.RequiresGrad, x.DType, x.Layout);
        var isInPlace = x.Layout.IsDense && !x.DType.IsNarrow;
        var target = isInPlace ? x.Detach() : Op.Fresh(x.Layout, x.DType.Compute);
        var choice = new Precisions { Single = single, Full = full };
        target.DType.VisitReal(ref choice, kernel);
        choice.Chosen(target);
        if (!isInPlace)
        {
            Op.CopyInto(target, x);
        }

        if (!recorded)
        {
            InPlace.Changed(x, Replaced.Method(call));
            return x;
        }

        Edge[] edges = [InPlace.Old(x)];
        var result = InPlace.Result(x, Replaced.Method(call));
        _ = new JoinNode<Replaced>(new Replaced(call), edges, [x.Layout], result);
        InPlace.End(x, result);
        return x;
    }

    private static void Real(DType dtype, string name)
    {
        if (!dtype.IsFloatingPoint)
        {
            throw NotReal(dtype, name);
        }
    }

    public static DTypeException NotReal(DType dtype, string name) => new(
        $"\"{name}\" not implemented for '{dtype.ScalarName}'. Random reals need a real dtype, such as float32.");

    public static Span<T> Span<T>(Tensor dense)
        where T : unmanaged => dense.Storage.AsSpan<T>(
            dense.Layout.Offset, Shape.Dimension(dense.Layout.Count, "what one call draws, as one row,"));

    /// <summary>Draws by one probability for each element.</summary>
    private struct Bernoullis : IRealJob
    {
        public Tensor Result;
        public Tensor Odds;
        public Generator Source;

        readonly void IRealJob.Run<T>()
        {
            if (Precision.IsSingle<T>())
            {
                Draws.Bernoulli(Source, Span<float>(Result), (ReadOnlySpan<float>)Odds.ToArray<float>());
            }
            else
            {
                Draws.Bernoulli(Source, Span<double>(Result), (ReadOnlySpan<double>)Odds.ToArray<double>());
            }
        }
    }

    /// <summary>Draws whole numbers in any dtype.</summary>
    private struct WholeNumbers : IDTypeJob
    {
        public Tensor Result;
        public long Low;
        public long High;
        public Generator Source;

        readonly void IDTypeJob.Truth() => Draws.Integers(Source, Span<bool>(Result), Low, High);

        readonly void IDTypeJob.Whole<T>() => Draws.Integers(Source, Span<T>(Result), Low, High);

        readonly void IDTypeJob.Real<S, T, C>()
        {
            var wide = Result.DType.IsNarrow ? Op.Fresh(Result.Layout, Result.DType.Compute) : Result;
            Draws.Integers(Source, Span<T>(wide), Low, High);
            if (!ReferenceEquals(wide, Result))
            {
                Op.CopyInto(wide, Result);
            }
        }
    }

    /// <summary>The draw of a precision: they take other bits of the generator.</summary>
    private struct Precisions : IRealJob
    {
        public Action<Tensor> Single;
        public Action<Tensor> Full;
        public Action<Tensor> Chosen;

        void IRealJob.Run<T>() => Chosen = Precision.IsSingle<T>() ? Single : Full;
    }
}
