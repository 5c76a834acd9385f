namespace Adjoint.Tests.Reduction;

/// <summary>Gradients in loops of their own against the same gradients in recorded operators, at lengths around the width of registers.</summary>
public class SoftmaxPullTests
{
    public static TheoryData<int, int> Sizes
    {
        get
        {
            var sizes = new TheoryData<int, int>();
            foreach (var length in new[] { 1, 5, 16, 17, 31, 33, 63, 64, 65, 100, 1000 })
            {
                sizes.Add(3, length);
            }

            sizes.Add(100, 1000);
            sizes.Add(2, 8200);
            return sizes;
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void LoopsAgreeWithOperators(int rows, int length)
    {
        foreach (var (dtype, tolerance) in new[] { (DType.Float32, 2e-6), (DType.Float64, 1e-14) })
        {
            var x = Tensor.Arange(rows * length, dtype: DType.Float64).Sin().Mul(3).Reshape(rows, length).To(dtype);
            foreach (var view in new[] { x, x.T })
            {
                foreach (var dim in new[] { 0, 1 })
                {
                    Agree(view, y => y.Softmax(dim), tolerance);
                    Agree(view, y => y.LogSoftmax(dim), tolerance * length);
                    Agree(view, y => y.LogSumExp(dim), tolerance);
                    Agree(view, y => y.LogSumExp([0, 1]), tolerance);
                }
            }
        }
    }

    private static void Agree(Tensor point, Func<Tensor, Tensor> f, double tolerance)
    {
        var x = point.Detach().RequiresGrad_();
        var y = f(x);
        var g = Tensor.Arange(y.Layout.Count, dtype: DType.Float64).Cos().Reshape(y.Shape.ToArray()).To(x.DType);
        var loops = Autograd.Grad([y], [x], [g], retainGraph: true)[0]!.To(DType.Float64).ToArray<double>();
        var recorded = Autograd.Grad([y], [x], [g], createGraph: true)[0]!.Detach().To(DType.Float64).ToArray<double>();
        for (var i = 0; i < loops.Length; i++)
        {
            Assert.Equal(recorded[i], loops[i], tolerance);
        }
    }
}
