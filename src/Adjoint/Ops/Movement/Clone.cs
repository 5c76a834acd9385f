using Adjoint.Ops.Families;

namespace Adjoint;

/// <summary>A copy with memory of its own; gradients flow through.</summary>
internal readonly struct Clone : ILinear
{
    public Tensor Apply(Tensor x) => Op.Copy(x);

    public Tensor Transpose(Tensor g, Layout input) => g;

    public Tensor? Batch(Tensor x) => x.Clone();
}

/// <summary>The values in another dtype. The gradient comes back in the dtype of the input.</summary>
internal readonly struct ToCopy(DType from, DType to) : ILinear
{
    public Tensor Apply(Tensor x) => Op.Convert(x, to);

    public Tensor Transpose(Tensor g, Layout input) => g.To(from);

    public Tensor? Batch(Tensor x) => x.To(to);
}

/// <summary>Copies, conversions and values without history.</summary>
public static class CloneMethod
{
    extension(Tensor x)
    {
        /// <summary>A copy with memory of its own; gradients flow through.</summary>
        public Tensor Clone() => Op.Linear(default(Clone), x);

        /// <summary>The values in another dtype; the tensor itself if it has that dtype. Gradients flow between reals.</summary>
        public Tensor To(DType dtype)
        {
            ArgumentNullException.ThrowIfNull(x);
            ArgumentNullException.ThrowIfNull(dtype);
            if (x.DType == dtype && !x.IsNumber)
            {
                return x;
            }

            if (dtype.IsFloatingPoint && x.DType.IsFloatingPoint && !x.IsNumber)
            {
                return Op.Linear(new ToCopy(x.DType, dtype), x);
            }

            // Nothing flows through whole numbers.
            if (x.Tracer is not null)
            {
                return Traced.Apply(new Conversion(dtype), x);
            }

            var y = Op.Copy(Op.Convert(x, dtype));
            if (Observation.IsOn)
            {
                Observation.Unrecorded(typeof(ToCopy), y, x);
            }

            return y;
        }

        /// <summary>The elements in row-major order without gaps; the tensor itself if they lie so already.</summary>
        public Tensor Contiguous()
        {
            ArgumentNullException.ThrowIfNull(x);
            return x.IsContiguous ? x : x.Clone();
        }

        /// <summary>The same values without history: operations on the result are not recorded for this tensor. Shares memory.</summary>
        public Tensor Detach()
        {
            ArgumentNullException.ThrowIfNull(x);
            if (x.Tracer is not null)
            {
                return Traced.Apply(new Detachment(), x);
            }

            var y = new Tensor(x.Storage, x.Layout, x.DType) { IsNumber = x.IsNumber };
            if (Observation.IsOn)
            {
                Observation.Unrecorded(nameof(CloneMethod.Detach), y, [x]);
            }

            return y;
        }
    }
}
