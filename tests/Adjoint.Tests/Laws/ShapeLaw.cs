using static Adjoint.Transform;

namespace Adjoint.Tests.Laws;

/// <summary>
/// The shape rule of every operator, and of every operator that its gradient is made of, says what the operator gives. Running a graph compares each
/// result with what the rule said when nothing had run.
/// </summary>
public class ShapeLaw
{
    [Theory]
    [MemberData(nameof(Calls.Names), MemberType = typeof(Calls))]
    public void RulesSayWhatOperatorsGive(string name) => Draw.Check(
        draw =>
        {
            var trial = Calls.All[name].Draw(draw);
            var inputs = Array.ConvertAll(trial.Inputs, x => x.Detach());
            var expected = trial.Run(inputs);
            var shapes = Array.ConvertAll(inputs, x => Tensor.Meta(x.Shape.AsSpan(), x.DType));
            if (TransformLaw.WithoutLoop(() => EvalShape((Tensor[] x) => trial.Run(x), shapes)) is not { } known)
            {
                return;
            }

            Assert.Equal(TensorType.Of(expected), TensorType.Of(known));
            var traced = Trace((Tensor[] x) => Grad((Tensor[] y) => trial.Run(y).Sum())(x), inputs);
            traced.Graph.Verify();
            Assert.Equal(inputs.Select(TensorType.Of), traced.Call(inputs).Select(TensorType.Of));
        },
        times: 5);
}
