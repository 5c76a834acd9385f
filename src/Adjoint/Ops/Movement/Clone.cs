using Adjoint.Families;
using Adjoint.Interpreters;
using Adjoint.Watching;

namespace Adjoint;

/// <summary>A copy with memory of its own; gradients flow through.</summary>
internal readonly record struct Clone : ILinear
{
    public TensorType Infer(TensorType x) => x;

    public Tensor Apply(Tensor x) => Op.Copy(x);

    public Tensor Transpose(Tensor g, Shape input) => g;

    public Tensor? Batch(Tensor x) => x.Clone();
}

/// <summary>The values in another dtype. The gradient comes back in the dtype of the input.</summary>
internal readonly record struct ToCopy(DType From, DType To) : ILinear
{
    public TensorType Infer(TensorType x) => x.To(To);

    public Tensor Apply(Tensor x) => Op.Convert(x, To);

    public Tensor Transpose(Tensor g, Shape input) => g.To(From);

    public Tensor? Batch(Tensor x) => x.To(To);
}

/// <content>Copies, conversions and values without history.</content>
public sealed partial class Tensor
{
    /// <summary>A copy with memory of its own; gradients flow through.</summary>
    public Tensor Clone() => Op.Linear(default(Clone), this);

    /// <summary>The values in another dtype; the tensor itself if it has that dtype. Gradients flow between reals.</summary>
    public Tensor To(DType dtype)
    {
        ArgumentNullException.ThrowIfNull(dtype);
        if (DType == dtype && !IsNumber)
        {
            return this;
        }

        if (dtype.IsFloatingPoint && DType.IsFloatingPoint && !IsNumber)
        {
            return Op.Linear(new ToCopy(DType, dtype), this);
        }

        // Nothing flows through whole numbers.
        if (Tracer is not null)
        {
            return Traced.Apply(new Conversion(dtype), this);
        }

        var y = Op.Copy(Op.Convert(this, dtype));
        if (Observation.IsOn)
        {
            Observation.Unrecorded(typeof(ToCopy), y, this);
        }

        return y;
    }

    /// <summary>The elements in row-major order without gaps; the tensor itself if they lie so already.</summary>
    public Tensor Contiguous() => IsContiguous ? this : Clone();

    /// <summary>The same values without history: operations on the result are not recorded for this tensor. Shares memory.</summary>
    public Tensor Detach()
    {
        if (Tracer is not null)
        {
            return Traced.Apply(new Detachment(), this);
        }

        var y = new Tensor(Storage, Layout, DType) { IsNumber = IsNumber };
        if (Observation.IsOn)
        {
            Observation.Detached(y, this);
        }

        return y;
    }
}
