using static Adjoint.Transform;

namespace Adjoint.Tests.Transforms;

/// <summary>What functions may take and give under transforms: structures of tensors of every kind.</summary>
public class TreeTests
{
    private static readonly Tensor Two = Tensor.Scalar(2.0);
    private static readonly Tensor Three = Tensor.Scalar(3.0);
    private static readonly Tensor Five = Tensor.Scalar(5.0);

    [Fact]
    public void ATupleOfSeven()
    {
        var (a, b, c, d, e, f, g) = Grad(((Tensor A, Tensor B, Tensor C, Tensor D, Tensor E, Tensor F, Tensor G) p) =>
            p.A * p.B * p.C * p.D * p.E * p.F * p.G)((Two, Two, Two, Two, Two, Two, Three));
        Assert.All(new[] { a, b, c, d, e, f }, gradient => Assert.Equal(32 * 3, gradient.Item()));
        Assert.Equal(64, g.Item());
    }

    [Fact]
    public void PairsOfStructures()
    {
        var (w, (x, y)) = Grad(((Tensor W, (Tensor X, Tensor Y) P) p) => p.W * p.P.X * p.P.Y)((Two, (Three, Five)));
        Assert.Equal([15, 10, 6], new[] { w.Item(), x.Item(), y.Item() });

        var named = (IReadOnlyDictionary<string, Tensor>)new Dictionary<string, Tensor> { ["b"] = Five, ["a"] = Three };
        var (parameters, rest) = Grad(((IReadOnlyDictionary<string, Tensor> P, Tensor[] R) p) => p.P["a"] * p.P["b"] * p.R[0])((named, [Two]));
        Assert.Equal([10, 6, 15], new[] { parameters["a"].Item(), parameters["b"].Item(), rest[0].Item() });
    }

    [Fact]
    public void ArraysOfArraysAndOfRecords()
    {
        var layers = Grad((Tensor[][] p) => p[0][0] * p[1][0] * p[1][1])([[Two], [Three, Five]]);
        Assert.Equal([15, 10, 6], layers.SelectMany(layer => layer).Select(gradient => gradient.Item()));
        var lines = Grad((Line[] p) => p[0].Slope * p[1].Offsets[0])([new(Two, [Three]), new(Three, [Five])]);
        Assert.Equal(5, lines[0].Slope.Item());
        Assert.Equal(2, lines[1].Offsets[0].Item());
        Assert.Equal(0, lines[0].Offsets[0].Item());
    }

    [Fact]
    public void RecordsNestInEveryTransform()
    {
        var net = new Net(new Line(Two, [Three, Five]), (Three, Two), "name");
        Func<Net, Tensor> f = n => n.First.Slope * n.First.Offsets[1] * n.Scales.A * n.Scales.B;
        var gradient = Grad(f)(net);
        Assert.Equal(30, gradient.First.Slope.Item());
        Assert.Equal(12, gradient.First.Offsets[1].Item());
        Assert.Equal(20, gradient.Scales.A.Item());
        Assert.Equal("name", gradient.Name);
        Assert.Equal(30 + 12 + 20 + 30, Jvp(f, net, net with { First = new(One(), [One(), One()]), Scales = (One(), One()) }).Tangent.Item());

        var batch = new Net(new Line(Rows(Two), [Rows(Three), Rows(Five)]), (Rows(Three), Rows(Two)), "name");
        var each = Vmap((Net n) => Grad(f)(n))(batch);
        Assert.Equal([30, 30, 30], each.First.Slope.ToArray<double>().AsEnumerable());
        Assert.Equal([12, 12, 12], each.First.Offsets[1].ToArray<double>().AsEnumerable());

        // d/dx of the gradient's elements: the Hessian by blocks is symmetric.
        var mixed = JacFwd((Net n) => Grad(f)(n).Scales.A)(net);
        var other = JacRev((Net n) => Grad(f)(n).First.Slope)(net);
        Assert.Equal(mixed.First.Slope.Item(), other.Scales.A.Item());
        Assert.Equal(10, other.Scales.A.Item());

        static Tensor One() => Tensor.Scalar(1.0);
        static Tensor Rows(Tensor x) => x.Expand(3);
    }

    /// <summary>F#'s tuples are objects.</summary>
    [Fact]
    public void TuplesThatAreObjects()
    {
        var gradient = Grad((Tuple<Tensor, Tensor> p) => p.Item1 * p.Item2.Square())(Tuple.Create(Two, Three));
        Assert.Equal(9, gradient.Item1.Item());
        Assert.Equal(12, gradient.Item2.Item());
    }

    [Fact]
    public void ConstantsInResultsStay()
    {
        var (sums, count) = Vmap((Tensor row) => new Counted(row.Sum(), 7))(Tensor.Ones([3, 4], DType.Float64));
        Assert.Equal([4, 4, 4], sums.ToArray<double>().AsEnumerable());
        Assert.Equal(7, count);
    }

    [Fact]
    public void AnUnknownFormIsNamed()
    {
        var message = Assert.Throws<TensorException>(() => Grad(((Tensor, Tensor[], Tensor) p) => p.Item1)((Two, [Two], Two))).Message;
        Assert.Contains("record that implements ITree", message, StringComparison.Ordinal);
        Assert.Throws<TensorException>(() => Grad((SortedDictionary<string, Tensor> p) => p["a"])(new() { ["a"] = Two }));
    }

    private sealed record Line(Tensor Slope, Tensor[] Offsets) : ITree
    {
        IReadOnlyList<object> ITree.Children => [Slope, Offsets];

        ITree ITree.WithChildren(IReadOnlyList<object> children) => new Line((Tensor)children[0], (Tensor[])children[1]);
    }

    private sealed record Net(Line First, (Tensor A, Tensor B) Scales, string Name) : ITree
    {
        IReadOnlyList<object> ITree.Children => [First, Scales];

        ITree ITree.WithChildren(IReadOnlyList<object> children) => this with { First = (Line)children[0], Scales = ((Tensor, Tensor))children[1] };
    }

    private sealed record Counted(Tensor Sums, int Count) : ITree
    {
        IReadOnlyList<object> ITree.Children => [Sums];

        ITree ITree.WithChildren(IReadOnlyList<object> children) => this with { Sums = (Tensor)children[0] };
    }
}
