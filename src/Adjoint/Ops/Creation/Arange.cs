using System.Globalization;
using System.Numerics;
using Adjoint.Families;
using Adjoint.Gate;

namespace Adjoint;

/// <content>Numbers in steps, and the identity matrix.</content>
public sealed partial class Tensor
{
    /// <summary>0, 1, ... up to but not including <paramref name="end"/>; whole numbers give int64, reals float32.</summary>
    public static Tensor Arange(Tensor end, DType? dtype = null) => Arange(0, end, 1, dtype);

    /// <summary>From <paramref name="start"/> up to but not including <paramref name="end"/> by <paramref name="step"/>.</summary>
    /// <exception cref="TensorException">The step is zero or leads away from the end, or an end is not finite.</exception>
    /// <exception cref="DTypeException">A real does not fit int64, where that is the dtype.</exception>
    /// <exception cref="ShapeException">There are more numbers than a dimension can have.</exception>
    public static Tensor Arange(Tensor start, Tensor end, Tensor? step = null, DType? dtype = null)
    {
        ArgumentNullException.ThrowIfNull(start);
        ArgumentNullException.ThrowIfNull(end);
        step ??= 1;
        var natural = Promotion.ResultType(start, end, step);
        var chosen = dtype ?? (natural.IsFloatingPoint ? DType.DefaultReal : DType.Int64);
        if (chosen == DType.Int64 && natural.IsFloatingPoint)
        {
            // PyTorch truncates before it counts.
            return Arange(EqualSteps.Whole(start), EqualSteps.Whole(end), EqualSteps.Whole(step), chosen);
        }

        if (!natural.IsFloatingPoint)
        {
            var (from, to, stride) = (start.Item<long>(), end.Item<long>(), step.Item<long>());
            EqualSteps.Check(stride, Math.Sign(to.CompareTo(from)));
            return EqualSteps.Fill(
                EqualSteps.Count((((Int128)to - from) / stride) + ((((Int128)to - from) % stride) == 0 ? 0 : 1)),
                chosen,
                i => from + (i * stride));
        }

        var (first, last, by) = (start.Item<double>(), end.Item<double>(), step.Item<double>());
        if (!double.IsFinite(first) || !double.IsFinite(last))
        {
            throw new TensorException(string.Create(CultureInfo.InvariantCulture, $"unsupported range: {first} -> {last}"));
        }

        EqualSteps.Check(by, Math.Sign(last.CompareTo(first)));
        return EqualSteps.Fill(EqualSteps.Count(Math.Ceiling((last - first) / by)), chosen, i => first + (i * by));
    }

    /// <summary><paramref name="steps"/> numbers from <paramref name="start"/> to <paramref name="end"/>, both included.</summary>
    /// <param name="start">The first.</param>
    /// <param name="end">The last.</param>
    /// <param name="steps">How many.</param>
    /// <param name="dtype">The element type; float32 if null.</param>
    /// <exception cref="TensorException">The number of steps is negative.</exception>
    public static Tensor Linspace(double start, double end, int steps, DType? dtype = null)
    {
        if (steps < 0)
        {
            throw new TensorException("number of steps must be non-negative");
        }

        // From both ends, as PyTorch does, so that the last number is exact.
        var step = steps > 1 ? (end - start) / (steps - 1) : 0;
        var chosen = dtype ?? DType.DefaultReal;
        return chosen.Compute == DType.Float32 // computed in its own precision, as PyTorch does
            ? EqualSteps.Fill(steps, chosen, i => EqualSteps.Single((float)start, (float)end, steps, i))
            : EqualSteps.Fill(steps, chosen, i => i < steps / 2 ? start + (step * i) : steps == 1 ? start : end - (step * (steps - 1 - i)));
    }

    /// <summary>Powers of a base whose <paramref name="steps"/> exponents go in equal steps from <paramref name="start"/> to
    /// <paramref name="end"/>, both included.</summary>
    /// <param name="start">The first exponent.</param>
    /// <param name="end">The last exponent.</param>
    /// <param name="steps">How many.</param>
    /// <param name="base">The base.</param>
    /// <param name="dtype">The element type; float32 if null.</param>
    /// <exception cref="TensorException">The number of steps is negative.</exception>
    public static Tensor Logspace(double start, double end, int steps, double @base = 10, DType? dtype = null)
    {
        if (steps < 0)
        {
            throw new TensorException("number of steps must be non-negative");
        }

        var step = steps > 1 ? (end - start) / (steps - 1) : 0;
        return EqualSteps.Fill(
            steps,
            dtype ?? DType.DefaultReal,
            i => Math.Pow(@base, i < steps / 2 ? start + (step * i) : steps == 1 ? start : end - (step * (steps - 1 - i))));
    }

    /// <summary>The identity matrix, or its first columns or rows.</summary>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns; as many as rows if not given.</param>
    /// <param name="dtype">The element type; float32 if null.</param>
    public static Tensor Eye(int rows, int? columns = null, DType? dtype = null)
    {
        var width = columns ?? rows;
        if (rows < 0 || width < 0)
        {
            throw new ShapeException(
                rows < 0 ? $"n must be greater or equal to 0, got {rows}" : $"m must be greater or equal to 0, got {width}");
        }

        var result = Op.Zeroed(Layout.Dense([rows, width]), dtype ?? DType.DefaultReal);
        Numbers.Fill(result.View(new Layout([Math.Min(rows, width)], [(nint)width + 1], 0)), 1);
        return result;
    }
}

/// <summary>Numbers in equal steps: how many there are, and each of them.</summary>
internal static class EqualSteps
{
    public static void Check(double step, int direction)
    {
        if (step == 0)
        {
            throw new TensorException("step must be nonzero");
        }

        if (direction * step < 0)
        {
            throw new TensorException("upper bound and lower bound inconsistent with step sign. " +
                "The arguments are start, end and step; numbers that fall need a negative step.");
        }
    }

    public static int Count<T>(T count)
        where T : INumber<T> => count <= T.CreateChecked(int.MaxValue)
        ? int.CreateTruncating(count)
        : throw new ShapeException(
            string.Create(CultureInfo.InvariantCulture, $"invalid size, possible overflow? {count} numbers are more than a dimension can have."));

    public static Tensor Whole(Tensor number) => number.DType.IsInteger || double.IsFinite(number.Item())
        ? number.Item<long>()
        : throw new TensorException(string.Create(CultureInfo.InvariantCulture, $"unsupported range: {number.Item()} is not finite"));

    public static float Single(float start, float end, int steps, long i)
    {
        var step = steps > 1 ? (end - start) / (steps - 1) : 0;
        return i < steps / 2 ? start + (step * i) : steps == 1 ? start : end - (step * (steps - 1 - i));
    }

    public static Tensor Fill<T>(int count, DType dtype, Func<long, T> element)
        where T : unmanaged
    {
        var data = new T[count];
        for (var i = 0; i < count; i++)
        {
            data[i] = element(i);
        }

        return Op.Convert(Tensor.FromArray(data), dtype);
    }
}
