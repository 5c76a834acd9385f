using Adjoint.Ops.Families;

namespace Adjoint;

/// <summary>Numbers in steps, and the identity matrix.</summary>
public static class ArangeMethod
{
    extension(Tensor)
    {
        /// <summary>0, 1, ... up to but not including <paramref name="end"/>; whole numbers give int64, reals float32.</summary>
        public static Tensor Arange(Tensor end, DType? dtype = null) => Arange(0, end, 1, dtype);

        /// <summary>From <paramref name="start"/> up to but not including <paramref name="end"/> by <paramref name="step"/>.</summary>
        /// <exception cref="TensorException">The step is zero or leads away from the end.</exception>
        public static Tensor Arange(Tensor start, Tensor end, Tensor? step = null, DType? dtype = null)
        {
            ArgumentNullException.ThrowIfNull(start);
            ArgumentNullException.ThrowIfNull(end);
            step ??= 1;
            var natural = Promotion.ResultType(start, end, step);
            var chosen = dtype ?? (natural.IsFloatingPoint ? DTypeProperties.DefaultReal : DType.Int64);
            if (chosen == DType.Int64 && natural.IsFloatingPoint)
            {
                // PyTorch truncates before it counts.
                return Arange(Whole(start), Whole(end), Whole(step), chosen);
            }

            var (first, last, by) = (start.Item<double>(), end.Item<double>(), step.Item<double>());
            if (by == 0)
            {
                throw new TensorException("step must be nonzero");
            }

            if (!double.IsFinite(first) || !double.IsFinite(last))
            {
                throw new TensorException($"unsupported range: {first} -> {last}");
            }

            if ((by > 0 && first > last) || (by < 0 && first < last))
            {
                throw new TensorException("upper bound and larger bound inconsistent with step sign");
            }

            var count = checked((int)Math.Ceiling((last - first) / by));
            var (from, stride) = natural.IsFloatingPoint ? (0, 0) : (start.Item<long>(), step.Item<long>());
            return natural.IsFloatingPoint
                ? Fill(count, chosen, i => first + (i * by))
                : Fill(count, chosen, i => from + (i * stride));
        }

        /// <summary><paramref name="steps"/> numbers from <paramref name="start"/> to <paramref name="end"/>, both included.</summary>
        /// <exception cref="TensorException">The number of steps is negative.</exception>
        public static Tensor Linspace(double start, double end, int steps, DType dtype = DType.Float32)
        {
            if (steps < 0)
            {
                throw new TensorException("number of steps must be non-negative");
            }

            // From both ends, as PyTorch does, so that the last number is exact.
            var step = steps > 1 ? (end - start) / (steps - 1) : 0;
            return dtype == DType.Float32
                ? Fill(steps, dtype, i => Single((float)start, (float)end, steps, i))
                : Fill(steps, dtype, i => i < steps / 2 ? start + (step * i) : steps == 1 ? start : end - (step * (steps - 1 - i)));
        }

        /// <summary>The identity matrix, or its first columns or rows.</summary>
        /// <param name="rows">Rows.</param>
        /// <param name="columns">Columns; as many as rows if not given.</param>
        /// <param name="dtype">The element type.</param>
        public static Tensor Eye(int rows, int? columns = null, DType dtype = DType.Float32)
        {
            var width = columns ?? rows;
            var result = Op.Zeroed(Layout.Dense([rows, width]), dtype);
            Numbers.Fill(result.View(new Layout([Math.Min(rows, width)], [width + 1], 0)), 1);
            return result;
        }
    }

    private static Tensor Whole(Tensor number) => number.Item() is var value && double.IsFinite(value)
        ? (long)value
        : throw new TensorException($"unsupported range: {value} is not finite");

    private static float Single(float start, float end, int steps, long i)
    {
        var step = steps > 1 ? (end - start) / (steps - 1) : 0;
        return i < steps / 2 ? start + (step * i) : steps == 1 ? start : end - (step * (steps - 1 - i));
    }

    private static Tensor Fill<T>(int count, DType dtype, Func<long, T> element)
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
