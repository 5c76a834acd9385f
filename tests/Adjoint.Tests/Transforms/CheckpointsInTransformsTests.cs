using Adjoint.NN;
using static Adjoint.Transform;

namespace Adjoint.Tests.Transforms;

/// <summary>
/// Checkpoints in the functions of transforms, with the gradient taken inside and outside, against the same functions without (JAX's remat).
/// </summary>
public class CheckpointsInTransformsTests
{
    private static readonly Tensor Samples = Tensor.FromArray([1.0, 2, 3]);
    private static readonly Tensor Point = Tensor.Scalar(0.5);

    private static Tensor Segment(Tensor x) => (x * x).Sin() * x.Exp();

    private static readonly Dictionary<string, Func<Func<Tensor, Tensor>, Tensor>> Compositions = new()
    {
        ["the tape around a batch"] = f =>
        {
            var w = Point.Clone().RequiresGrad_();
            Vmap((Tensor z) => f(z * w))(Samples).Sum().Backward();
            return w.Grad!;
        },
        ["Grad around a batch"] = f => Grad((Tensor q) => Vmap((Tensor z) => f(z * q))(Samples).Sum())(Point),
        ["Grad around chunks"] = f => Grad((Tensor q) => Vmap((Tensor z) => f(z * q), chunkSize: 2)(Samples).Sum())(Point),
        ["Grad of Grad around a batch"] = f => Grad(Grad((Tensor q) => Vmap((Tensor z) => f(z * q))(Samples).Sum()))(Point),
        ["Grad around batches in batches"] = f =>
            Grad((Tensor q) => Vmap((Tensor a) => Vmap((Tensor z) => f(z * q * a))(Samples))(Samples).Sum())(Point),
        ["a batch of gradients"] = f => Vmap(Grad(f))(Samples),
        ["a batch of gradients of gradients"] = f => Vmap(Grad(Grad(f)))(Samples),
        ["Grad around a batch of gradients"] = f =>
            Grad((Tensor q) => Vmap((Tensor z) => Grad((Tensor p) => f(z * p))(q))(Samples).Sum())(Point),
        ["Jvp of Grad"] = f => Jvp(Grad(f), Point, Tensor.Scalar(2.0)).Tangent,
        ["Grad of Jvp"] = f => Grad((Tensor q) => Jvp((Tensor z) => f(z * q), Samples, Samples).Tangent.Sum())(Point),
        ["Hessian"] = f => Hessian((Tensor q) => f(q * Samples).Sum())(Point),
        ["JacRev around a batch"] = f => JacRev((Tensor q) => Vmap((Tensor z) => f(z * q))(Samples))(Point),
        ["a trace of a gradient"] = f => Trace(Grad(f), Tensor.Scalar(1.0)).Call(Point),
    };

    public static TheoryData<string> Names => [.. Compositions.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void GradientsAreThoseWithoutACheckpoint(string name)
    {
        var expected = Compositions[name](Segment);
        Check.Close(expected, Compositions[name](x => Checkpoint.Run(Segment, x)), what: name);
        Check.Close(
            expected,
            Compositions[name](x => Checkpoint.Run(y => Checkpoint.Run(z => (z * z).Sin(), y) * y.Exp(), x)),
            what: name + ", nested");
    }

    [Fact]
    public void ABatchIsComputedAgainOnceAsAWhole()
    {
        var shapes = new List<string>();
        var y = Grad((Tensor q) => Vmap((Tensor z) => Checkpoint.Run(
            x =>
            {
                shapes.Add(x.Shape.ToString());
                return Segment(x);
            },
            z * q))(Samples).Sum())(Point);
        Check.Close(Grad((Tensor q) => Segment(q * Samples).Sum())(Point), y);
        Assert.Equal(["torch.Size([])", "torch.Size([])"], shapes);
    }

    [Fact]
    public void ACheckpointOfAModuleSeesTheParametersOfTheCall()
    {
        var layer = new Linear(2, 2, dtype: DType.Float64);
        var x = Tensor.FromArray(new[,] { { 1.0, 2 } });
        var others = layer.NamedParameters().ToDictionary(pair => pair.Name, pair => pair.Value.Detach() * 3);
        var own = layer.Weight.Detach().Clone();
        Tensor Plain(Dictionary<string, Tensor> parameters) => layer.FunctionalCall(parameters, () => layer.Call(x).Sin().Sum());
        Tensor Again(Dictionary<string, Tensor> parameters) =>
            layer.FunctionalCall(parameters, () => Checkpoint.Run(z => layer.Call(z).Sin().Sum(), x));
        var (expected, actual) = (Grad<Dictionary<string, Tensor>>(Plain)(others), Grad<Dictionary<string, Tensor>>(Again)(others));
        Assert.All(expected, pair => Check.Close(pair.Value, actual[pair.Key], what: pair.Key));
        Check.Close(own, layer.Weight.Detach());
    }
}
