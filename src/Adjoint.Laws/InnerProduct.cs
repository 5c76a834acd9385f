namespace Adjoint.Laws;

/// <summary>Sums of products, with the size of what was summed, against which errors are measured.</summary>
/// <param name="Value">The sum.</param>
/// <param name="Scale">The sum of magnitudes.</param>
internal readonly record struct InnerProduct(double Value, double Scale)
{
    public static InnerProduct Of(double[] a, double[] b)
    {
        if (a.Length != b.Length)
        {
            throw new LawException($"{a.Length} numbers meet {b.Length}.");
        }

        double value = 0;
        double scale = 0;
        for (var i = 0; i < a.Length; i++)
        {
            value += a[i] * b[i];
            scale += Math.Abs(a[i] * b[i]);
        }

        return new(value, scale);
    }

    public static InnerProduct Of(Tensor[] a, Tensor[] b) => Of(
        [.. a.SelectMany(tensor => tensor.Detach().ToArray<double>())], [.. b.SelectMany(tensor => tensor.Detach().ToArray<double>())]);

    public static void Equal(InnerProduct expected, InnerProduct actual, double tolerance, string what = "the adjoint")
    {
        if (!(Math.Abs(expected.Value - actual.Value) <= tolerance * (1 + expected.Scale + actual.Scale)))
        {
            throw new LawException(
                $"{what}: forward {expected.Value:R}, backward {actual.Value:R}, terms of size {expected.Scale:g3} and {actual.Scale:g3}");
        }
    }
}
