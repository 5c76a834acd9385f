namespace Adjoint.Tests.Transforms;

/// <summary>Whether two tensors have one shape, one dtype and nearly the same elements.</summary>
internal static class Check
{
    public static void Close(Tensor expected, Tensor actual, double tolerance = 1e-10, string what = "")
    {
        Assert.True(
            expected.Shape == actual.Shape && expected.DType == actual.DType,
            $"{what}: expected {expected.DType} {expected.Shape}, got {actual.DType} {actual.Shape}.");
        var (a, b) = (expected.Detach().ToArray<double>(), actual.Detach().ToArray<double>());
        for (var i = 0; i < a.Length; i++)
        {
            var scale = Math.Max(1, Math.Max(Math.Abs(a[i]), Math.Abs(b[i])));
            Assert.True(
                a[i].Equals(b[i]) || Math.Abs(a[i] - b[i]) <= tolerance * scale, $"{what}: element {i} is {b[i]:R}, expected {a[i]:R}.");
        }
    }
}
