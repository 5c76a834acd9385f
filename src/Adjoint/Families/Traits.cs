using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Adjoint.Algebra;

namespace Adjoint.Families;

/// <summary>Which of x, y and z one derivative formula reads: the tape keeps nothing else.</summary>
internal sealed class Reading(Expr d)
{
    /// <summary>The inputs of formulas, in order.</summary>
    public static readonly Expr[] Inputs = [Expr.Input("x"), Expr.Input("y"), Expr.Input("z"), Expr.Input("w")];

    public readonly bool X = d.Reads(Inputs[0]);
    public readonly bool Y = d.Reads(Inputs[1]);
    public readonly bool Z = d.Reads(Inputs[2]);

    /// <summary>The derivative is 1: the gradient is passed on as it is.</summary>
    public readonly bool IsIdentity = d.Is(1);

    /// <summary>The derivative is 0: nothing is passed on.</summary>
    public readonly bool IsZero = d.Is(0);
}

/// <summary>What the derivatives of one operator value read, by input.</summary>
internal sealed class Readings(params Reading[] byInput)
{
    public readonly Reading First = byInput[0];
    public readonly Reading Second = byInput[^1];

    public Reading this[int input] => byInput[input];
}

/// <summary>What the derivatives of an operator of one input read.</summary>
internal readonly struct MapTraits<O> : ITraits<O>
    where O : struct, IMap
{
    public static Reading Of(O op) => Traits<O, MapTraits<O>>.Of(op).First;

    public static Readings Read(O op) => new(new Reading(op.D(Reading.Inputs[0], Reading.Inputs[1])));
}

/// <summary>What the derivatives of an operator of two inputs read.</summary>
internal readonly struct Map2Traits<O> : ITraits<O>
    where O : struct, IMap2
{
    public static Readings Of(O op) => Traits<O, Map2Traits<O>>.Of(op);

    public static Readings Read(O op)
    {
        var (x, y, z) = (Reading.Inputs[0], Reading.Inputs[1], Reading.Inputs[2]);
        return new(new Reading(op.DX(x, y, z)), new Reading(op.DY(x, y, z)));
    }
}

/// <summary>What the derivatives of an operator of three inputs read.</summary>
internal readonly struct Map3Traits<O> : ITraits<O>
    where O : struct, IMap3
{
    public static Readings Of(O op) => Traits<O, Map3Traits<O>>.Of(op);

    public static Readings Read(O op)
    {
        var (x, y, z) = (Reading.Inputs[0], Reading.Inputs[1], Reading.Inputs[2]);
        return new(new Reading(op.DX(x, y, z)), new Reading(op.DY(x, y, z)), new Reading(op.DZ(x, y, z)));
    }
}

/// <summary>What the derivative of a reduction reads: x is its input, y its result.</summary>
internal readonly struct ReduceTraits<O> : ITraits<O>
    where O : struct, IReduce
{
    public static Reading Of(O op) => Traits<O, ReduceTraits<O>>.Of(op).First;

    public static Readings Read(O op) => new(new Reading(op.D(Reading.Inputs[0], Reading.Inputs[1])));
}

/// <summary>How the derivative formulas of an operator are read without numbers.</summary>
internal interface ITraits<O>
    where O : struct
{
    static abstract Readings Read(O op);
}

/// <summary>
/// Remembers what formulas of an operator's values read. Parameters may decide what a formula reads, so each value is asked for itself; values that
/// were asked lately are told apart by their bits, which costs a comparison.
/// </summary>
internal static class Traits<O, K>
    where O : struct
    where K : struct, ITraits<O>
{
    private const int Most = 16;

    /// <summary>By the only byte of an operator; one without parameters has a byte too, whose value nobody defines.</summary>
    private static readonly Readings?[] s_ofBytes = new Readings[Unsafe.SizeOf<O>() == 1 ? 256 : 0];

    private static Entry[] s_recent = [];

    public static Readings Of(O op)
    {
        if (Unsafe.SizeOf<O>() == 1)
        {
            ref var known = ref s_ofBytes[Unsafe.As<O, byte>(ref op)];
            return known ??= K.Read(op);
        }

        foreach (var entry in s_recent)
        {
            if (AreSame(ref entry.Operator, ref op))
            {
                return entry.Readings;
            }
        }

        return Remember(op);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Readings Remember(O op)
    {
        // Threads that come at once may forget each other's entry, which is then made again.
        var entry = new Entry(op, K.Read(op));
        var recent = s_recent;
        s_recent = [entry, .. recent.AsSpan(0, Math.Min(recent.Length, Most - 1))];
        return entry.Readings;
    }

    /// <summary>References cannot be compared as bytes: the collector moves what they point to.</summary>
    private static bool AreSame(ref O x, ref O y) => RuntimeHelpers.IsReferenceOrContainsReferences<O>()
        ? EqualityComparer<O>.Default.Equals(x, y)
        : Bytes(ref x).SequenceEqual(Bytes(ref y));

    private static ReadOnlySpan<byte> Bytes(ref O op) => MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<O, byte>(ref op), Unsafe.SizeOf<O>());

    private sealed class Entry(O op, Readings readings)
    {
        public O Operator = op;

        public Readings Readings { get; } = readings;
    }
}
