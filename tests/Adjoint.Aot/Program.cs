// What a user of NativeAOT gets: the program is published to native code and run. Each line names a result; one that is
// not as expected is shown with what was expected, and the exit code is then 1.
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Adjoint;
using Adjoint.NN;

var width = Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128;
Console.WriteLine($"native code: {!RuntimeFeature.IsDynamicCodeSupported}, {width}-bit vectors");
var failed = 0;
var start = System.Diagnostics.Stopwatch.GetTimestamp();

// A value, its gradient, and how both print (PyTorch's autograd notebook).
Tensor x = [0f, 1, 2, 4];
x.RequiresGrad = true;
var y = 2 * Tensor.Dot(x, x);
Check("value", y, "tensor(42., grad_fn=<MulBackward0>)");
y.Backward();
Console.WriteLine($"first gradient: after {System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalMilliseconds:f1} ms");
Check("gradient", x.Grad, "tensor([ 0.,  4.,  8., 16.])");
Check("comparison", x.Grad == 4 * x, "tensor([True, True, True, True])");

// tanh' = 1 - tanh^2 and tanh'' = -2 tanh (1 - tanh^2), at 0.5.
var a = Tensor.Scalar(0.5).RequiresGrad_();
var first = Autograd.Grad(a.Tanh(), a, createGraph: true);
var second = Autograd.Grad(first, a);
var tanh = Math.Tanh(0.5);
CheckNear("first derivative", first.Item(), 1 - (tanh * tanh));
CheckNear("second derivative", second.Item(), -2 * tanh * (1 - (tanh * tanh)));

// Broadcasting, reductions, indices, matrices, integers, promotion.
Tensor m = [[1.0, 2], [3, 4]];
Check("broadcast", m + m[0], "tensor([[2., 4.],\n        [4., 6.]], dtype=torch.float64)");
Check("product", m.MatMul(m.T).Sum(0), "tensor([16., 36.], dtype=torch.float64)");
Check("index", m[m > 1.5], "tensor([2., 3., 4.], dtype=torch.float64)");
Check("whole numbers", Tensor.Arange(5) * 2, "tensor([0, 2, 4, 6, 8])");
Check("softmax", Tensor.Zeros(2).Softmax(0), "tensor([0.5000, 0.5000])");

// Transforms in every order: derivatives of tanh^2, and of x^3 for each of two samples.
Func<Tensor, Tensor> square = t => t.Tanh().Square();
var slope = 2 * tanh * (1 - (tanh * tanh));
CheckNear("reverse mode", Transform.Grad(square)(Tensor.Scalar(0.5)).Item(), slope);
CheckNear("forward mode", Transform.Jvp(square, Tensor.Scalar(0.5), Tensor.Scalar(1.0)).Tangent.Item(), slope);
Check(
    "batch of Hessians",
    Transform.Vmap(Transform.Hessian(t => (t * t * t).Sum()))(m),
    "tensor([[[ 6.,  0.],\n         [ 0., 12.]],\n\n        [[18.,  0.],\n         [ 0., 24.]]], dtype=torch.float64)");
Check("structures", Transform.Grad(((Tensor W, Tensor B) p) => (p.W * p.B).Sum())((m, 2 * m)).W, $"{2 * m}");

// An error is a typed exception with PyTorch's first sentence.
try
{
    (x * x).Backward();
    Check("error", null, "an exception");
}
catch (AutogradException error)
{
    var sentence = error.Message[..error.Message.IndexOf('.')];
    Check("error", sentence, "grad can be implicitly created only for scalar outputs");
}

// PyTorch's numbers from a seed: torch.manual_seed(0); torch.rand(4).
Tensor.ManualSeed(0);
Check("random numbers", Tensor.Rand(4), "tensor([0.4963, 0.7682, 0.0885, 0.1320])");

// One training step: from zero weights the loss is ln 2, and the gradient of the right score is softmax - 1 = -0.5.
Sequential model = [new Linear(2, 2)];
foreach (var parameter in model.Parameters())
{
    using (Autograd.NoGrad())
    {
        parameter.Zero_();
    }
}

Check("module", model, "Sequential(\n  (0): Linear(in_features=2, out_features=2, bias=True)\n)");
var loss = new CrossEntropyLoss().Forward(model.Forward([[1f, 2f]]), Tensor.FromArray([0L]));
CheckNear("loss", loss.Item(), Math.Log(2), 1e-6);
loss.Backward();
new SGD(model.Parameters(), lr: 0.1).Step();
Check("step", model.Parameters().First().Detach(), "tensor([[ 0.0500,  0.1000],\n        [-0.0500, -0.1000]])");

// Adam's first step is the learning rate, against the sign of the gradient.
var before = x.Detach().Clone();
new Adam([x], lr: 0.5).Step();
Check("adam", x.Detach() - before, "tensor([ 0.0000, -0.5000, -0.5000, -0.5000])");
Check("graph", ComputationGraph.ToSvg(y, ("x", x)).StartsWith("<svg ", StringComparison.Ordinal), "True");
#if MANY_OPERATORS
// Sixteen k * tanh(x) with k from 1 to 16 at 0: the derivatives add up to 136, and the tangents along 0 to 0.
CheckNear("many operators", Adjoint.Aot.ManyOperators.Sum(Tensor.Scalar(0.0)), 136);
#endif
Console.WriteLine(failed == 0 ? "all as expected" : $"{failed} not as expected");
return failed == 0 ? 0 : 1;

void Check(string name, object? value, string expected)
{
    var text = value?.ToString() ?? "null";
    Report(name, text, text == expected, expected);
}

void CheckNear(string name, double value, double expected, double tolerance = 1e-12) => Report(
    name,
    value.ToString(CultureInfo.InvariantCulture),
    Math.Abs(value - expected) <= tolerance,
    expected.ToString(CultureInfo.InvariantCulture));

void Report(string name, string text, bool isRight, string expected)
{
    Console.WriteLine($"{name}: {text.ReplaceLineEndings(" ")}{(isRight ? string.Empty : $"   EXPECTED {expected}")}");
    failed += isRight ? 0 : 1;
}
