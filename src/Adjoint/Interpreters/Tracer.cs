namespace Adjoint.Interpreters;

/// <summary>What a transform knows of a tensor that it follows.</summary>
/// <param name="owner">The transform.</param>
/// <param name="value">
/// The values: what it stands for in forward mode, all samples in a batch. May be followed by an outer transform itself. Null where they are computed
/// only when somebody asks for them.
/// </param>
/// <param name="tangent">The directional derivative in forward mode; null in a batch.</param>
/// <param name="id">The number of the value where the transform writes operators down.</param>
internal sealed class Tracer(Interpreter owner, Tensor? value, Tensor? tangent, int id = 0)
{
    public Interpreter Owner => owner;

    /// <summary>The values, computed if need be.</summary>
    public Tensor Value => value ?? Owner.ValueOf(this);

    /// <summary>The values; null where nothing has to be known of them but shape and dtype.</summary>
    public Tensor? Known => value;

    public Tensor? Tangent => tangent;

    public int Id => id;

    /// <summary>The part of <see cref="Value"/> that a batch goes on with alone, once it does.</summary>
    public Tensor? Sample { get; set; }

    /// <summary>The outermost transform or tape that what is held depends on; see <see cref="Node.Floor"/>.</summary>
    public short Floor => Math.Min(value is null ? short.MaxValue : FloorOf(value), tangent is null ? short.MaxValue : FloorOf(tangent));

    /// <summary>The outermost transform or tape that a tensor depends on, through all transforms that follow it.</summary>
    public static short FloorOf(Tensor x)
    {
        var floor = Edge.To(x).Node?.Floor ?? short.MaxValue;
        return x.Tracer is { } tracer ? Math.Min(floor, tracer.Floor) : floor;
    }
}
