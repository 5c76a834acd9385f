namespace Adjoint.Tests.DTypes;

/// <summary>
/// float16 and bfloat16: stored in two bytes, computed in float32, rounded to the nearest even number when stored. Expected values follow from IEEE
/// 754: float16 has 11 bits of significand, bfloat16 8, and between 2^k and 2^(k+1) neighbours are 2^(k-10) and 2^(k-7) apart.
/// </summary>
public class HalfTests
{
    public static TheoryData<string> Names => [nameof(DType.Float16), nameof(DType.BFloat16)];

    private static float[] Numbers(Tensor x) => x.Detach().ToArray<float>();

    private static Tensor Stored(DType dtype, params float[] values) => Tensor.FromArray(values).To(dtype);

    [Fact]
    public void TheFacts()
    {
        Assert.Equal(
            (2, "torch.float16", true, false),
            (DType.Float16.ItemSize, DType.Float16.TorchName, DType.Float16.IsFloatingPoint, DType.Float16.IsInteger));
        Assert.Equal((2, "torch.bfloat16", true), (DType.BFloat16.ItemSize, DType.BFloat16.TorchName, DType.BFloat16.IsFloatingPoint));
        Assert.Same(DType.Float16, DType.Of<Half>());
        Assert.Same(DType.BFloat16, DType.Of<BFloat16>());
        Assert.Same(DType.Float16, DType.Parse("float16"));
        Assert.Same(DType.BFloat16, DType.Parse("torch.bfloat16"));
        Assert.Equal(2 * 3, Tensor.Ones([3], DType.Float16).Storage.ByteLength);
    }

    /// <summary>
    /// Ties go to the even neighbour: 2049 and 2051 lie between multiples of 2, which are float16's from 2048 on, and become 2048 and 2052; 257 and
    /// 259 between multiples of 2 in bfloat16 become 256 and 260. 65519 is the last that float16 rounds to 65504, 65520 the first that is infinite.
    /// </summary>
    [Fact]
    public void RoundingIsToTheNearestEven()
    {
        Assert.Equal([2048f, 2052, 65504, float.PositiveInfinity], Numbers(Stored(DType.Float16, 2049, 2051, 65519, 65520)));
        Assert.Equal([256f, 260, 0.100097656f], Numbers(Stored(DType.BFloat16, 257, 259, 0.1f)));
        Assert.Equal([0.099975586f, 5.9604645e-8f, 0], Numbers(Stored(DType.Float16, 0.1f, 5.9604645e-8f, 2.9e-8f)));
        Assert.True(float.IsNaN(Numbers(Stored(DType.BFloat16, float.NaN))[0]));
        Assert.True(float.IsNaN(Numbers(Stored(DType.Float16, float.NaN))[0]));
    }

    /// <summary>Every one of the 65,536 patterns goes to float32 and back unchanged, NaN but for its payload.</summary>
    [Fact]
    public void EveryPatternSurvivesWidening()
    {
        for (var bits = 0; bits <= ushort.MaxValue; bits++)
        {
            var half = BitConverter.UInt16BitsToHalf((ushort)bits);
            var brain = BFloat16.FromBits((ushort)bits);
            Assert.True(Half.IsNaN(half) || BitConverter.HalfToUInt16Bits((Half)(float)half) == bits);
            Assert.True(float.IsNaN(brain) || ((BFloat16)(float)brain).ToBits() == bits);
        }
    }

    /// <summary>
    /// One rounding an operator: in float16 2048 + 1 + 1 is 2048, as 2049 is a tie that goes down, and 300 * 300 overflows; in float32 neither
    /// happens, so the sum of 4096 ones, which is computed in float32, is exact, and so is the mean of numbers whose sum is beyond 65504.
    /// </summary>
    [Fact]
    public void EachOperatorRoundsOnce()
    {
        var x = Stored(DType.Float16, 2048);
        Assert.Equal([2048f], Numbers(x + 1 + 1));
        Assert.Equal([2050f], Numbers(x + Stored(DType.Float16, 2)));
        Assert.Equal([float.PositiveInfinity], Numbers(Stored(DType.Float16, 300).Square()));
        Assert.Equal(4096, Tensor.Ones([4096], DType.Float16).Sum().Item());
        Assert.Equal(4096, Tensor.Ones([4096], DType.BFloat16).Sum().Item());
        Assert.Equal(100, Tensor.Full([1000], 100, DType.Float16).Mean().Item());
        Assert.Equal(1000, Tensor.Full([100], 100, DType.Float16).Norm().Item());
        Assert.Equal(0, Tensor.Full([1000], 1000, DType.Float16).Var().Item());
    }

    /// <summary>
    /// A plain number keeps the precision that elements are computed in, as in PyTorch: 1 * 0.1 is the float16 nearest to 0.1, and 3 * 0.1 the one
    /// nearest to 0.3 (0.300048828125), not to 3 times that (0.2998046875).
    /// </summary>
    [Fact]
    public void APlainNumberIsNotRoundedFirst()
    {
        var y = Stored(DType.Float16, 3) * 0.1;
        Assert.Same(DType.Float16, y.DType);
        Assert.Equal([(float)(Half)0.3f], Numbers(y));
        Assert.NotEqual((float)(Half)(3 * (float)(Half)0.1f), (float)(Half)0.3f);
        Assert.Equal([(float)(Half)0.3f], Numbers(0.1 * Stored(DType.Float16, 3)));
    }

    /// <summary><c>torch.promote_types</c>: float16 with bfloat16 is float32, with whole numbers itself, with float32 and float64 those.</summary>
    [Fact]
    public void Promotion()
    {
        Tensor half = Tensor.Ones([2], DType.Float16), brain = Tensor.Ones([2], DType.BFloat16);
        Assert.Same(DType.Float32, (half + brain).DType);
        Assert.Same(DType.Float16, (half + Tensor.Ones([2], DType.Int64)).DType);
        Assert.Same(DType.BFloat16, (brain * Tensor.Ones([2], DType.Bool)).DType);
        Assert.Same(DType.Float32, (half + Tensor.Ones([2], DType.Float32)).DType);
        Assert.Same(DType.Float64, (brain + Tensor.Ones([2], DType.Float64)).DType);
        Assert.Same(DType.Float16, (half + Tensor.Ones([], DType.Float64)).DType);
        Assert.Same(DType.Float16, (half + 1.5).DType);
        foreach (var a in DType.All)
        {
            Assert.Same(a, DType.Promote(a, a));
            foreach (var b in DType.All)
            {
                if (a == b || !a.IsInteger || !b.IsInteger || !(IsWide(a) || IsWide(b)))
                {
                    Assert.Same(DType.Promote(a, b), DType.Promote(b, a));
                }
                else
                {
                    Assert.Throws<DTypeException>(() => DType.Promote(a, b));
                }
            }
        }
    }

    /// <summary>Whether an unsigned dtype promotes with no other whole numbers than its own, as in PyTorch.</summary>
    private static bool IsWide(DType dtype) => dtype == DType.UInt16 || dtype == DType.UInt32 || dtype == DType.UInt64;

    /// <summary>PyTorch prints them through float32, and names the dtype.</summary>
    [Fact]
    public void Printing()
    {
        Assert.Equal("tensor([1.0000, 0.1000], dtype=torch.float16)", Stored(DType.Float16, 1, 0.1f).ToString());
        Assert.Equal("tensor([1.0000, 0.1001], dtype=torch.bfloat16)", Stored(DType.BFloat16, 1, 0.1f).ToString());
        Assert.Equal("tensor([1., 2.], dtype=torch.float16)", Stored(DType.Float16, 1, 2).ToString());
        Assert.Equal("tensor(3.1406, dtype=torch.bfloat16)", Tensor.Full([], 3.14159, DType.BFloat16).ToString());
    }

    [Fact]
    public void CreationAndReading()
    {
        Half[] halves = [(Half)1, (Half)0.5f, Half.NaN];
        var x = Tensor.FromArray(halves);
        Assert.Same(DType.Float16, x.DType);
        Assert.Equal(halves, x.ToArray<Half>());
        Assert.Equal((Half)0.5f, x[1].Item<Half>());
        Assert.Equal(0.5, x[1].Item());
        BFloat16[] brains = [(BFloat16)1f, (BFloat16)(-3.5f)];
        Assert.Equal(brains, Tensor.FromArray(brains).ToArray<BFloat16>());
        Assert.Equal([1L, -3], Tensor.FromArray(brains).To(DType.Int64).ToArray<long>());
        Assert.Equal([true, true], Tensor.FromArray(brains).To(DType.Bool).ToArray<bool>());
        Assert.Equal([0f, 1, 2], Numbers(Tensor.Arange(3, DType.Float16)));
        Assert.Equal([1f, 0, 0, 1], Numbers(Tensor.Eye(2, dtype: DType.BFloat16)));
        var refused = Assert.Throws<DTypeException>(() => Tensor.Full([1], 70000, DType.Float16));
        Assert.StartsWith("value cannot be converted to type at::Half without overflow", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>The low 11 or 8 bits of a word as a fraction: below 1, and multiples of 2^-11 or 2^-8.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void RandomNumbersStayBelowOne(string name)
    {
        var dtype = DType.Parse(name);
        var x = Tensor.Rand([4096], dtype, new Generator(1));
        Assert.Same(dtype, x.DType);
        var steps = dtype == DType.Float16 ? 2048 : 256;
        Assert.All(Numbers(x), value => Assert.True(value is >= 0 and < 1 && value * steps == MathF.Floor(value * steps)));
        Assert.InRange(x.Mean().Item(), 0.48, 0.52);
        Assert.InRange(Tensor.Randn([4096], dtype, new Generator(1)).Std().Item(), 0.95, 1.05);
        Assert.InRange(Tensor.Randint(0, 10, [100], dtype, new Generator(1)).Amax().Item(), 8, 9);
    }

    /// <summary>x tanh(x) / 3 summed: gradients of halves are halves, within an ulp or two of float64's.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void GradientsAreOfTheDType(string name)
    {
        var dtype = DType.Parse(name);
        var x = Stored(dtype, 0.5f, -1.25f, 2).RequiresGrad_();
        var w = Stored(dtype, 0.25f, 1, -0.5f).RequiresGrad_();
        var y = (x.Tanh() * w / 3).Sum();
        y.Backward();
        var exact = Numbers(x).Select(v => (double)v).ToArray();
        var weights = Numbers(w).Select(v => (double)v).ToArray();
        Assert.Same(dtype, y.DType);
        Assert.Same(dtype, x.Grad!.DType);
        Assert.Same(dtype, w.Grad!.DType);
        var unit = dtype == DType.Float16 ? 2e-3 : 1.6e-2;
        for (var i = 0; i < 3; i++)
        {
            var t = Math.Tanh(exact[i]);
            Assert.Equal(weights[i] * (1 - (t * t)) / 3, Numbers(x.Grad)[i], unit);
            Assert.Equal(t / 3, Numbers(w.Grad)[i], unit);
        }

        var second = Autograd.Grad([Autograd.Grad([x.Square().Sum()], [x], createGraph: true)[0]!.Sum()], [x])[0]!;
        Assert.Same(dtype, second.DType);
        Assert.Equal([2f, 2, 2], Numbers(second));
    }

    /// <summary>A conversion hands the gradient back in the dtype that it came from.</summary>
    [Fact]
    public void GradientsOfAConversion()
    {
        var x = Tensor.FromArray([0.1, 0.2]).RequiresGrad_();
        var y = x.To(DType.Float16);
        y.Backward(Stored(DType.Float16, 1, 2));
        Assert.Same(DType.Float64, x.Grad!.DType);
        Assert.Equal([1.0, 2], x.Grad.ToArray<double>());
    }

    /// <summary>Products and sums in float32, rounded once: against float32 operators on the same numbers, rounded by a conversion.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void OperatorsAreThoseOfFloat32Rounded(string name)
    {
        var dtype = DType.Parse(name);
        var g = new Generator(3);
        Tensor x = Tensor.Randn([4, 6], dtype, g), y = Tensor.Randn([6, 5], dtype, g), v = Tensor.Randn([6], dtype, g);
        var image = Tensor.Randn([2, 3, 6, 6], dtype, g);
        var kernel = Tensor.Randn([4, 3, 3, 3], dtype, g);
        var rows = Tensor.FromArray([2L, 0, 2]);
        var ways = new (string Name, Func<Tensor, Tensor, Tensor, Tensor, Tensor, Tensor> Run)[]
        {
            ("matmul", (a, b, _, _, _) => a.MatMul(b)), ("matmul of a transpose", (a, b, _, _, _) => b.T.MatMul(a.T)),
            ("matrix and vector", (a, _, c, _, _) => a.MatMul(c)), ("dot", (_, _, c, _, _) => Tensor.Dot(c, c)),
            ("broadcast", (a, _, c, _, _) => a * c), ("a slice", (a, _, _, _, _) => a.T[1..4] + 1), ("exp", (a, _, _, _, _) => a.Exp()),
            ("sum", (a, _, _, _, _) => a.Sum(0)), ("mean", (a, _, _, _, _) => a.Mean(1)), ("amax", (a, _, _, _, _) => a.Amax([1])),
            ("argmax", (a, _, _, _, _) => a.Argmax(1)),
            ("softmax", (a, _, _, _, _) => a.Softmax(-1)), ("log softmax", (a, _, _, _, _) => a.LogSoftmax(0)),
            ("logsumexp", (a, _, _, _, _) => a.LogSumExp(1)), ("var", (a, _, _, _, _) => a.Var(1)), ("norm", (a, _, _, _, _) => a.Norm(2, [1])),
            ("layer norm", (a, _, c, _, _) => a.LayerNorm([6], c)), ("where", (a, _, _, _, _) => Tensor.Where(a > 0, a, -a)),
            ("less", (a, _, c, _, _) => a < c), ("cat", (a, _, _, _, _) => Tensor.Cat([a, a])), ("rows", (a, _, _, _, _) => a[rows]),
            ("gather", (a, _, _, _, _) => a.Gather(0, Tensor.Zeros([1, 6], DType.Int64))), ("clamp", (a, _, _, _, _) => a.Clamp(-0.5, 0.5)),
            ("convolution", (_, _, _, i, k) => i.Conv2d(k)), ("max pool", (_, _, _, i, _) => i.MaxPool2d(2)),
            ("mean pool", (_, _, _, i, _) => i.AvgPool2d(2)),
            ("attention", (_, _, _, i, _) => i.ScaledDotProductAttention(i, i)), ("all", (a, _, _, _, _) => a.All()),
        };
        foreach (var (way, run) in ways)
        {
            var actual = run(x, y, v, image, kernel);
            var wide = run(x.To(DType.Float32), y.To(DType.Float32), v.To(DType.Float32), image.To(DType.Float32), kernel.To(DType.Float32));
            var expected = wide.DType == DType.Float32 ? wide.To(dtype) : wide;
            Assert.True(expected.DType == actual.DType, $"{way}: {actual.DType}");
            Assert.True(expected.Equal(actual), $"{way}: {actual}, expected {expected}");
        }
    }

    /// <summary>Each in-place form stores what the other gives.</summary>
    [Fact]
    public void InPlace()
    {
        var x = Stored(DType.Float16, 1, 2, 3);
        x[1..].Add_(0.5);
        x.Mul_(Tensor.Full([], 2, DType.Float32));
        Assert.Equal([2f, 5, 7], Numbers(x));
        Assert.Same(DType.Float16, x.DType);
        x.Tanh_();
        Assert.Equal([(float)(Half)MathF.Tanh(2)], Numbers(x[..1]));
    }

    /// <summary>Training in halves: sgd on (w - 3)^2 from 0 by steps of a quarter goes to 1.5, 2.25, 2.625, exact in both.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void AnOptimizerSteps(string name)
    {
        var w = Tensor.Zeros([1], DType.Parse(name)).RequiresGrad_();
        var sgd = new Adjoint.NN.SGD([w], lr: 0.25);
        for (var i = 0; i < 3; i++)
        {
            sgd.ZeroGrad();
            (w - 3).Square().Sum().Backward();
            sgd.Step();
        }

        Assert.Equal([2.625f], Numbers(w));
    }

    /// <summary>A layer in halves gives halves, and gradients in halves.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void ALayerRuns(string name)
    {
        var dtype = DType.Parse(name);
        var layer = new Adjoint.NN.Linear(4, 2, dtype: dtype, generator: new Generator(1));
        var norm = new Adjoint.NN.LayerNorm(2, dtype: dtype);
        var y = norm.Forward(layer.Forward(Tensor.Randn([3, 4], dtype, new Generator(2))));
        y.Square().Sum().Backward();
        Assert.Same(dtype, y.DType);
        Assert.Same(dtype, layer.Weight.Grad!.DType);
        Assert.Same(dtype, norm.Weight!.Grad!.DType);
    }

    /// <summary>Transforms follow halves: values from outside equal those from inside.</summary>
    [Fact]
    public void Transforms()
    {
        var x = Stored(DType.Float16, 0.5f, 1, 2).Reshape(3, 1);
        var rows = Transform.Vmap((Tensor row) => row.Softmax(0) * row.Exp())(x);
        Assert.True((x.Softmax(1) * x.Exp()).Equal(rows));
        var (value, tangent) = Transform.Jvp((Tensor t) => t.Square(), x, Tensor.OnesLike(x));
        Assert.Same(DType.Float16, tangent.DType);
        Assert.Equal([1f, 2, 4], Numbers(tangent.Reshape(-1)));
        Assert.Equal([0.25f, 1, 4], Numbers(value.Reshape(-1)));
        var slope = Transform.Grad((Tensor t) => (t * t).Sum())(x);
        Assert.Same(DType.Float16, slope.DType);
    }
}
