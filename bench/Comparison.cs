namespace Adjoint.Bench;

/// <summary>How far two sets of results are apart.</summary>
public static class Comparison
{
    /// <summary>
    /// The largest difference relative to the largest magnitude in the same array: a small element of a gradient has the rounding error of the
    /// large ones beside it. Infinite if the shapes differ; NaN if there is a NaN on either side.
    /// </summary>
    public static double Error(double[][] actual, double[][] expected)
    {
        if (actual.Length != expected.Length)
        {
            return double.PositiveInfinity;
        }

        var worst = 0.0;
        for (var i = 0; i < actual.Length; i++)
        {
            if (actual[i].Length != expected[i].Length)
            {
                return double.PositiveInfinity;
            }

            var scale = expected[i].Select(Math.Abs).DefaultIfEmpty().Max();
            foreach (var (a, b) in actual[i].Zip(expected[i]))
            {
                // Math.Max keeps a NaN, so that it is seen.
                worst = Math.Max(worst, a.Equals(b) && !double.IsNaN(a) ? 0 : Math.Abs(a - b) / scale);
            }
        }

        return worst;
    }
}
