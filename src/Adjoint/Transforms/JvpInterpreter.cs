using Adjoint.Engine;
using Adjoint.Ops.Families;

namespace Adjoint.Transforms;

/// <summary>
/// Forward mode: every stand-in holds a value and its directional derivative, and each family has one rule that pushes both. Only tensors with a
/// tangent are stand-ins; everything else stays as it is, so that a constant costs nothing.
/// </summary>
internal sealed class JvpInterpreter : Interpreter
{
    public override string Name => "Jvp";

    /// <summary>A value with its tangent; the value itself if it has none.</summary>
    public Tensor Wrap(Tensor value, Tensor? tangent)
    {
        if (tangent is null)
        {
            return value;
        }

        value.IsTemporary = false;
        tangent.IsTemporary = false;
        return new Tensor(new Tracer(this, value, tangent), value.Layout, value.DType);
    }

    /// <summary>The value and the tangent of what this transform follows; no tangent for anything else.</summary>
    public (Tensor Value, Tensor? Tangent) Split(Tensor x) =>
        x.Tracer is { } tracer && ReferenceEquals(tracer.Owner, this) ? (tracer.Value, tracer.Tangent) : (x, null);

    public override Tensor Map<O>(O op, Tensor x)
    {
        var (value, tangent) = Split(x);
        var y = Op.Map(op, value);
        if (MapTraits<O>.Of(op).IsIdentity)
        {
            return Wrap(y, tangent);
        }

        return Wrap(y, Unrecorded([tangent!, value, y], () => Traced.PullMap(op, tangent!, value, y)) ?? Formulas.Map(op, tangent!, value, y));
    }

    public override Tensor Map2<O>(O op, Tensor x, Tensor y)
    {
        var ((a, ta), (b, tb)) = (Split(x), Split(y));
        var z = Op.Map2(op, a, b);
        var left = ta is null ? null : Push(op, 0, Map2Traits<O>.Of(op).First, ta, a, b, z);
        var right = tb is null ? null : Push(op, 1, Map2Traits<O>.Of(op).Second, tb, a, b, z);
        return Wrap(z, Sum(left, right));
    }

    public override Tensor Map3<O>(O op, Tensor x, Tensor y, Tensor z)
    {
        var ((a, ta), (b, tb), (c, tc)) = (Split(x), Split(y), Split(z));
        var result = Op.Map3(op, a, b, c);
        var first = ta is null || Map3Traits<O>.Of(op)[0].IsZero ? null : Push(op, 0, ta, a, b, c, result);
        var second = tb is null || Map3Traits<O>.Of(op)[1].IsZero ? null : Push(op, 1, tb, a, b, c, result);
        var third = tc is null || Map3Traits<O>.Of(op)[2].IsZero ? null : Push(op, 2, tc, a, b, c, result);
        return Wrap(result, Sum(Sum(first, second), third));
    }

    // Strides of a tangent may differ from those of its value, which the operator may have read.
    public override Tensor Linear<O>(O op, Tensor x)
    {
        var (value, tangent) = Split(x);
        return Wrap(Op.Linear(op, value), op.Replay(op, tangent!));
    }

    public override Tensor Indexed<O>(O op, Tensor x, Tensor positions)
    {
        var (value, tangent) = Split(x);
        return Wrap(Op.Indexed(op, value, positions), tangent is null ? null : Op.Indexed(op, tangent, positions));
    }

    public override Tensor Join<O>(O op, Tensor[] inputs)
    {
        var parts = Array.ConvertAll(inputs, Split);
        var tangents = Array.ConvertAll(parts, part => part.Tangent ?? Tensor.ZerosLike(part.Value));
        return Wrap(Op.Join(op, Array.ConvertAll(parts, part => part.Value)), Op.Join(op, tangents));
    }

    public override Tensor Bilinear<O>(O op, Tensor x, Tensor y, Tensor? addend)
    {
        var ((a, ta), (b, tb)) = (Split(x), Split(y));
        var (c, tc) = addend is null ? (null, null) : Split(addend);
        var z = Op.Bilinear(op, a, b, c);
        var tangent = ta is null ? null : Op.Bilinear(op, ta, b, tc);
        tangent = tb is null ? tangent
            : tangent is null || !O.TakesBias ? Op.Bilinear(op, a, tb, tangent ?? tc)
            : tangent + Op.Bilinear(op, a, tb);
        return Wrap(z, tangent ?? Spread(op.SpreadAddend(tc!), z));
    }

    public override Tensor Reduce<O>(O op, Tensor x, bool[] reduced, bool keepDim)
    {
        var (value, tangent) = Split(x);
        var y = Op.Reduce(op, value, reduced, keepDim);
        return O.HasNoGradient ? y : Wrap(y, Formulas.Push(op, tangent!, value, y, reduced, keepDim));
    }

    public override Tensor Primitive<O>(O op, Tensor x)
    {
        var (value, tangent) = Split(x);
        var y = Op.Primitive(op, value);
        return O.HasNoGradient ? y : Wrap(y, op.Push(tangent!, value, y) ?? Tape.PullThePull(
            g => op.Pull(g, O.ReadsX ? value : null, O.ReadsY ? y : null), y, tangent!));
    }

    public override Tensor Compare<O>(O op, Tensor x, Tensor y) => Op.Compare(op, Split(x).Value, Split(y).Value);

    public override Tensor Convert(Tensor x, DType dtype) => Split(x).Value.To(dtype);

    public override Tensor Detach(Tensor x) => Split(x).Value.Detach();

    public override Tensor Read(Tensor x, DType dtype) => Split(x).Value;

    public override string Describe(Tensor x)
    {
        var (value, tangent) = Split(x);
        return $"DualTensor(primal={value}, tangent={tangent})";
    }

    public override Exception NoMemory(Tensor x) => new AutogradException(
        "Trying to use forward AD with an operator that does not support it because it has not been implemented yet. The operator reads memory " +
        "directly; compute this part from x.Detach() if its derivative is not wanted.");

    /// <summary>A tangent from a fused loop, where no tape follows what it is made of; null elsewhere.</summary>
    private static Tensor? Unrecorded(ReadOnlySpan<Tensor> tensors, Func<Tensor?> fused)
    {
        foreach (var tensor in tensors)
        {
            if (Recording.IsOn && Tracer.FloorOf(tensor) != short.MaxValue)
            {
                return null;
            }
        }

        var before = Recording.SetHere(false);
        try
        {
            return fused();
        }
        finally
        {
            Recording.SetHere(before);
        }
    }

    private static Tensor Push<O>(O op, int input, Reading reading, Tensor tangent, Tensor a, Tensor b, Tensor z)
        where O : struct, IMap2
    {
        var t = Spread(tangent, z);
        if (reading.IsIdentity)
        {
            return t;
        }

        return Unrecorded([t, a, b, z], () => Traced.PullMap2(op, input, t, a, b, z)) ?? Formulas.Map2(op, input, t, a, b, z);
    }

    private static Tensor Push<O>(O op, int input, Tensor tangent, Tensor a, Tensor b, Tensor c, Tensor result)
        where O : struct, IMap3
    {
        var t = Spread(tangent, result);
        return Unrecorded([t, a, b, c], () => Traced.PullMap3(op, input, t, a, b, c)) ?? Formulas.Map3(op, input, t, a, b, c);
    }

    /// <summary>A tangent in the shape and dtype of the result.</summary>
    private static Tensor Spread(Tensor tangent, Tensor result)
    {
        var converted = tangent.To(result.DType);
        return converted.Layout.SameSizes(result.Layout) ? converted : converted.Expand(result.Layout.Sizes);
    }

    private static Tensor? Sum(Tensor? x, Tensor? y) => x is null ? y : y is null ? x : x + y;
}
